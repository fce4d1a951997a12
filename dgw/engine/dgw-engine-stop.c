/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-close-code-private.h"
#include "dgw-protocol-enums.h"
#include "engine/dgw-engine-internal-private.h"

/* Theory of operation.
 *
 * A stop is complete with STOPPED, the last action; before it come SESSION (if
 * it was dropped), DISCONNECTED (if there was a connection or an attempt),
 * STATUS, and COMMAND_DONE for all that waited. Only an open connection takes
 * time: the peer has two seconds to answer the close frame.
 *
 * A hold is no stop: the session stays, and the engine connects again when the
 * application has caught up. */

#define RELEASE_SPREAD_US (100 * G_TIME_SPAN_MILLISECOND)

static gboolean
ends_session (DgwStopKind kind,
              guint       code)
{
  return kind == DGW_STOP_CLOSE && dgw_close_policy_ends_session (code);
}

static void
finish_stop (DgwEngine *self)
{
  dgw_engine_set_phase (self, DGW_PHASE_IDLE, G_MAXINT64);
  dgw_engine_fail_commands (self);
  dgw_engine_push (self, DGW_ACTION_STOPPED);
}

static void
drop_session_if (DgwEngine *self,
                 gboolean   ends)
{
  if (ends)
    dgw_engine_drop_session (self, "closed by the application");
}

/* There is no connection. */
void
dgw_engine_on_stop_waiting (DgwEngine         *self,
                            const DgwStimulus *stimulus)
{
  drop_session_if (self, ends_session (stimulus->kind, stimulus->code));
  finish_stop (self);
}

/* There may be one soon: it is given up without a close frame. */
void
dgw_engine_on_stop_attempt (DgwEngine         *self,
                            const DgwStimulus *stimulus)
{
  dgw_engine_push (self, DGW_ACTION_DROP);
  drop_session_if (self, ends_session (stimulus->kind, stimulus->code));
  dgw_engine_push_disconnected (self, 0, NULL, FALSE);
  finish_stop (self);
}

/* A suspend never says a code that ends the session. */
static guint
get_close_code (const DgwStimulus *stimulus)
{
  if (stimulus->kind == DGW_STOP_SUSPEND && stimulus->code < DGW_CLOSE_CODE_FIRST_PRIVATE)
    return DGW_OWN_CLOSE_SUSPEND;

  return stimulus->code > 0 ? stimulus->code : DGW_CLOSE_CODE_NORMAL;
}

void
dgw_engine_on_stop_connected (DgwEngine         *self,
                              const DgwStimulus *stimulus)
{
  if (stimulus->kind == DGW_STOP_CANCEL)
    {
      dgw_engine_on_stop_attempt (self, stimulus);
      return;
    }

  self->closing.code = get_close_code (stimulus);
  self->closing.ends_session = ends_session (stimulus->kind, self->closing.code);
  g_free (self->closing.reason);
  self->closing.reason = g_strdup (stimulus->text);

  dgw_engine_push_close (self, self->closing.code, self->closing.reason);
  dgw_engine_set_phase (self, DGW_PHASE_CLOSING, self->now_us + DGW_ENGINE_CLOSE_TIMEOUT_US);
}

/* One STOPPED answers them all; the one that ends the session wins. */
void
dgw_engine_on_stop_closing (DgwEngine         *self,
                            const DgwStimulus *stimulus)
{
  if (ends_session (stimulus->kind, stimulus->code))
    self->closing.ends_session = TRUE;
}

/* The peer answered, or its time is up. Its code is an echo: what counts is
 * who closed first. */
void
dgw_engine_on_close_done (DgwEngine         *self,
                          const DgwStimulus *stimulus)
{
  dgw_engine_push (self, DGW_ACTION_DROP);
  drop_session_if (self, self->closing.ends_session);
  dgw_engine_push_disconnected (self, self->closing.code, self->closing.reason, FALSE);
  finish_stop (self);
}

static GError *
new_backlog_error (void)
{
  return g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED,
                              _ ("The application is too far behind with its events. The session is resumed when it has caught up."));
}

/* Shares its order with dgw_engine_end(). */
static void
hold (DgwEngine  *self,
      guint       code,
      const char *reason)
{
  g_autoptr (GError) error = new_backlog_error ();

  dgw_engine_note_backoff (self, DGW_CAUSE_BACKLOG);
  dgw_engine_push_error (self, error);
  dgw_engine_push_disconnected (self, code, reason, self->options.auto_reconnect);
  if (self->options.auto_reconnect)
    {
      self->stats.reconnects[DGW_CAUSE_BACKLOG]++;
      self->held_until_us = self->now_us;
      dgw_engine_set_phase (self, DGW_PHASE_HELD, G_MAXINT64);
    }
  else
    {
      dgw_engine_set_phase (self, DGW_PHASE_IDLE, G_MAXINT64);
      dgw_engine_push_failed (self, g_steal_pointer (&error));
    }
}

void
dgw_engine_on_hold_connected (DgwEngine         *self,
                              const DgwStimulus *stimulus)
{
  const DgwOwnClose *own = dgw_engine_get_own_close (DGW_CAUSE_BACKLOG);

  dgw_engine_push_close (self, own->code, own->reason);
  dgw_engine_push (self, DGW_ACTION_DROP);
  hold (self, own->code, own->reason);
}

void
dgw_engine_on_hold_attempt (DgwEngine         *self,
                            const DgwStimulus *stimulus)
{
  dgw_engine_push (self, DGW_ACTION_DROP);
  hold (self, 0, dgw_engine_get_own_close (DGW_CAUSE_BACKLOG)->reason);
}

/* What the delay was for (Retry-After, say) still holds after the release. */
void
dgw_engine_on_hold_backoff (DgwEngine         *self,
                            const DgwStimulus *stimulus)
{
  self->held_until_us = self->phase_due_us;
  dgw_engine_set_phase (self, DGW_PHASE_HELD, G_MAXINT64);
}

void
dgw_engine_on_release (DgwEngine         *self,
                       const DgwStimulus *stimulus)
{
  gint64 delay_us = (gint64)(g_rand_double (self->rand) * RELEASE_SPREAD_US);

  delay_us = MAX (delay_us, self->held_until_us - self->now_us);
  dgw_engine_set_phase (self, DGW_PHASE_BACKOFF, self->now_us + delay_us);
  dgw_engine_push_reconnecting (self, delay_us);
}
