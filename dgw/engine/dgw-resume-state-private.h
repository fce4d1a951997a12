/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a resume needs; a value. The sequence is -1 before the first dispatch. */
typedef struct
{
  char  *session_id; /* NULL: no session */
  char  *resume_url; /* nullable */
  gint64 sequence;
} DgwResumeState;

#define DGW_RESUME_STATE_INIT \
  {                           \
    NULL, NULL, -1            \
  }

void     dgw_resume_state_set (DgwResumeState *self,
                               const char     *session_id,
                               const char     *resume_url,
                               gint64          sequence);
void     dgw_resume_state_clear (DgwResumeState *self);
gboolean dgw_resume_state_is_resumable (const DgwResumeState *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DgwResumeState, dgw_resume_state_clear)

G_END_DECLS
