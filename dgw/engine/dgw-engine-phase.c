/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-address-private.h"
#include "engine/dgw-engine-internal-private.h"

DgwAction *
dgw_engine_push (DgwEngine    *self,
                 DgwActionKind kind)
{
  return dgw_action_queue_push (&self->actions, kind);
}

gint64
dgw_engine_after_ms (DgwEngine *self,
                     guint      ms)
{
  return ms > 0 ? self->now_us + (gint64)ms * G_TIME_SPAN_MILLISECOND : G_MAXINT64;
}

void
dgw_engine_feed (DgwEngine         *self,
                 DgwInput           input,
                 const DgwStimulus *stimulus)
{
  const DgwEngineReaction *reaction = dgw_engine_table_lookup (self->phase, input);

  if (reaction->handler == NULL)
    {
      dgw_debug (DGW_ENGINE_LOG (self), "%s: %s ignored", dgw_phase_to_string (self->phase), dgw_input_to_string (input));
      return;
    }

  self->input = input;
  self->may_lead_to = reaction->leads_to;
  reaction->handler (self, stimulus);
}

static void
update_status (DgwEngine *self)
{
  DgwStatus status = self->status;

  dgw_phase_get_status (self->phase, &status);
  if (status == self->status)
    return;

  self->status = status;
  dgw_engine_push (self, DGW_ACTION_STATUS)->status = status;
}

static void
leave_phase (DgwEngine *self,
             DgwPhase   next)
{
  if (self->phase == DGW_PHASE_AWAIT_PERMIT && self->connection.wants_permit)
    dgw_engine_push (self, DGW_ACTION_END_PERMIT)->permit.is_used = next == DGW_PHASE_AWAIT_READY;
}

static void
enter_phase (DgwEngine *self)
{
  /* Heartbeats and all else of a connection die with it. */
  if (!DGW_PHASE_IS_OPEN (self->phase))
    self->connection = (DgwConnection){.resumed_from = -1};
}

/* The only writer of the phase. */
void
dgw_engine_set_phase (DgwEngine *self,
                      DgwPhase   phase,
                      gint64     due_us)
{
  if (!(self->may_lead_to & (1u << phase)))
    g_critical ("%s: the table does not let “%s” lead to %s",
                dgw_phase_to_string (self->phase), dgw_input_to_string (self->input), dgw_phase_to_string (phase));

  dgw_debug (DGW_ENGINE_LOG (self), "%s -> %s (%s)",
             dgw_phase_to_string (self->phase), dgw_phase_to_string (phase), dgw_input_to_string (self->input));

  leave_phase (self, phase);
  self->phase = phase;
  self->phase_due_us = due_us;
  enter_phase (self);
  update_status (self);
}

gboolean
dgw_engine_can_resume (DgwEngine *self)
{
  return dgw_resume_state_is_resumable (&self->session);
}

void
dgw_engine_push_session (DgwEngine *self)
{
  DgwAction *action = dgw_engine_push (self, DGW_ACTION_SESSION);

  action->session.id = g_strdup (self->session.session_id);
  action->session.url = g_strdup (self->session.resume_url);
  action->session.sequence = self->session.sequence;
}

/* Id, URL and sequence go together: a stale one of them is worse than none. */
void
dgw_engine_drop_session (DgwEngine  *self,
                         const char *why)
{
  gboolean had_session = self->session.session_id != NULL;

  if (had_session)
    dgw_debug (DGW_ENGINE_LOG (self), "session dropped: %s", why);

  dgw_resume_state_clear (&self->session);
  self->session_is_outdated = FALSE;
  self->bad_sequence = -2;

  if (had_session)
    dgw_engine_push_session (self);
}

/* A URL that would send the token in the clear is not used, and not kept: FALSE
 * when it had to go. */
gboolean
dgw_engine_check_resume_url (DgwEngine *self)
{
  g_autoptr (GError) error = NULL;

  if (self->session.resume_url == NULL || dgw_address_check (self->session.resume_url, self->options.allow_insecure, &error))
    return TRUE;

  dgw_warning (DGW_ENGINE_LOG (self), "Resuming at the main address, the one for resuming is not used: %s", error->message);
  g_clear_pointer (&self->session.resume_url, g_free);

  return FALSE;
}
