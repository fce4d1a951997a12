/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-resume-state-private.h"

void
dgw_resume_state_set (DgwResumeState *self,
                      const char     *session_id,
                      const char     *resume_url,
                      gint64          sequence)
{
  /* Copied first: the strings may be the old ones. */
  char *new_session_id = g_strdup (session_id);
  char *new_resume_url = g_strdup (resume_url);

  dgw_resume_state_clear (self);
  self->session_id = new_session_id;
  self->resume_url = new_resume_url;
  self->sequence = sequence;
}

void
dgw_resume_state_clear (DgwResumeState *self)
{
  g_clear_pointer (&self->session_id, g_free);
  g_clear_pointer (&self->resume_url, g_free);
  self->sequence = -1;
}

/* The URL is not needed: where it is missing or not to be trusted, the main
 * address takes resumes as well. */
gboolean
dgw_resume_state_is_resumable (const DgwResumeState *self)
{
  return self->session_id != NULL && *self->session_id != '\0' && self->sequence >= 0;
}
