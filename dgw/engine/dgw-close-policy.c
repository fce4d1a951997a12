/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-close-policy-private.h"

#include "base/dgw-close-code.h"
#include "dgw-protocol-enums.h"

/* Which codes keep a session and which end everything is the table of base;
 * here is what follows from it for one connection that ended. Codes that nobody
 * knows never stop the client: whatever happened, a resume is worth a try. */

#define RATE_LIMITED_PAUSE_US (5 * G_USEC_PER_SEC)

gboolean
dgw_close_policy_ends_session (guint code)
{
  return code == DGW_CLOSE_CODE_NORMAL || code == DGW_CLOSE_CODE_GOING_AWAY;
}

static gboolean
keeps_session (guint     code,
               DgwCloser closer,
               gboolean  was_resuming)
{
  if (closer == DGW_CLOSED_BY_US)
    return !dgw_close_policy_ends_session (code);

  /* A server that says goodbye in answer to a resume will do it again. */
  if (code == DGW_CLOSE_CODE_NORMAL && was_resuming)
    return FALSE;

  return dgw_close_code_can_resume (code);
}

DgwCloseVerdict
dgw_close_policy_judge (guint     code,
                        DgwCloser closer,
                        gboolean  has_session,
                        gboolean  was_resuming)
{
  if (closer == DGW_CLOSED_BY_PEER && !dgw_close_code_can_reconnect (code))
    return DGW_CLOSE_FATAL;
  if (has_session && keeps_session (code, closer, was_resuming))
    return DGW_CLOSE_RESUME;

  return DGW_CLOSE_IDENTIFY;
}

gint64
dgw_close_policy_get_pause_us (guint     code,
                               DgwCloser closer)
{
  if (closer == DGW_CLOSED_BY_PEER && code == DGW_CLOSE_CODE_RATE_LIMITED)
    return RATE_LIMITED_PAUSE_US;

  return 0;
}
