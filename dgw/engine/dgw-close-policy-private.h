/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What follows the end of a connection. */
typedef enum
{
  DGW_CLOSE_RESUME,   /* connect again, resume */
  DGW_CLOSE_IDENTIFY, /* connect again, drop the session if there is one */
  DGW_CLOSE_FATAL,    /* drop the session, stop for good */
} DgwCloseVerdict;

typedef enum
{
  DGW_CLOSED_BY_PEER,
  DGW_CLOSED_BY_US, /* we sent the first close frame, whatever came back */
} DgwCloser;

/* Whether Discord ends the session when the client closes with this code. */
gboolean dgw_close_policy_ends_session (guint code);

/* code: of the side that closed first; 0: no close frame. has_session: all that
 * a resume needs is known. was_resuming: opcode 6 had been sent and neither
 * RESUMED nor opcode 9 had come. */
DgwCloseVerdict dgw_close_policy_judge (guint     code,
                                        DgwCloser closer,
                                        gboolean  has_session,
                                        gboolean  was_resuming);

/* The least time to wait before the next connection, in microseconds; 0 for
 * most codes. */
gint64 dgw_close_policy_get_pause_us (guint     code,
                                      DgwCloser closer);

G_END_DECLS
