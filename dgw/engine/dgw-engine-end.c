/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error-private.h"
#include "dgw-protocol-enums.h"
#include "engine/dgw-engine-internal-private.h"

/* Theory of operation.
 *
 * Whatever ends a connection or an attempt comes to dgw_engine_end(), which
 * tells the application, always in this order:
 *
 *   INVALIDATED (opcode 9)  SESSION (if it was dropped)  ERROR  DISCONNECTED
 *   STATUS  RECONNECTING
 *
 * and for good: the same up to STATUS, then COMMAND_DONE for what waited, then
 * FAILED. What the engine closes by itself it closes with a code that keeps the
 * session, and it does not wait for the peer to agree.
 *
 * Resumes are bounded. One that reached the server and ended before RESUMED,
 * without an event more than before, counts; after five of them, or 90 s of
 * them, the session is given up. A host that cannot be reached does not count:
 * that says nothing about the session. */

#define MAX_FAILED_RESUMES    5
#define MAX_RESUMING_US       (90 * G_USEC_PER_SEC)
#define FAILED_RESUMES_AT_URL 3
#define LEAST_FAILED_IN_TIME  2

void
dgw_engine_push_close (DgwEngine  *self,
                       guint       code,
                       const char *reason)
{
  DgwAction *action = dgw_engine_push (self, DGW_ACTION_CLOSE);

  action->close.code = code;
  action->close.reason = g_strdup (reason);
}

void
dgw_engine_push_disconnected (DgwEngine  *self,
                              guint       code,
                              const char *reason,
                              gboolean    will_reconnect)
{
  DgwAction *action = dgw_engine_push (self, DGW_ACTION_DISCONNECTED);

  action->end.code = code;
  action->end.reason = g_strdup (reason ? reason : "");
  action->end.will_reconnect = will_reconnect;
}

void
dgw_engine_push_error (DgwEngine    *self,
                       const GError *error)
{
  if (error == NULL && !self->has_error)
    return;

  self->has_error = error != NULL;
  dgw_engine_push (self, DGW_ACTION_ERROR)->error = error ? g_error_copy (error) : NULL;
}

void
dgw_engine_push_failed (DgwEngine *self,
                        GError    *error)
{
  dgw_engine_fail_commands (self);
  dgw_engine_push (self, DGW_ACTION_FAILED)->error = error;
}

/* The same attempt, at another time. */
void
dgw_engine_push_rescheduled (DgwEngine *self,
                             gint64     due_us)
{
  DgwAction *action = dgw_engine_push (self, DGW_ACTION_RESCHEDULED);

  action->retry.attempt = self->n_attempts;
  action->retry.due_us = due_us;
}

void
dgw_engine_push_reconnecting (DgwEngine *self,
                              gint64     delay_us)
{
  DgwAction *action = dgw_engine_push (self, DGW_ACTION_RECONNECTING);

  action->retry.attempt = ++self->n_attempts;
  action->retry.delay_ms = (guint)(delay_us / G_TIME_SPAN_MILLISECOND);
  action->retry.due_us = self->now_us + delay_us;
}

static gboolean
is_resume_hopeless (DgwEngine *self)
{
  if (self->resume.n_failed >= MAX_FAILED_RESUMES)
    return TRUE;

  return self->resume.n_failed >= LEAST_FAILED_IN_TIME && self->now_us - self->resume.first_failed_us >= MAX_RESUMING_US;
}

static void
count_failed_resume (DgwEngine *self)
{
  if (self->phase == DGW_PHASE_AWAIT_RESUMED && self->session.sequence > self->connection.resumed_from)
    self->resume.n_failed = 0;

  if (self->resume.n_failed++ == 0)
    self->resume.first_failed_us = self->now_us;
  if (self->resume.n_failed >= FAILED_RESUMES_AT_URL)
    self->resume.avoid_url = self->connection.at_resume_url;

  if (is_resume_hopeless (self))
    {
      dgw_warning (DGW_ENGINE_LOG (self),
                   "The session could not be resumed in %u attempts. A new one is started; events in between are lost.",
                   self->resume.n_failed);
      dgw_engine_drop_session (self, "resuming failed too often");
    }
}

/* What this end means for the next attempt to resume. */
static void
note_resume (DgwEngine *self,
             DgwCause   cause)
{
  gboolean was_asked_to = cause == DGW_CAUSE_REQUESTED || cause == DGW_CAUSE_INVALID_SESSION;

  if (!dgw_engine_can_resume (self))
    return;

  if (self->phase <= DGW_PHASE_AWAIT_HELLO && !was_asked_to)
    self->resume.avoid_url = self->connection.at_resume_url;
  if (self->phase == DGW_PHASE_AWAIT_HELLO || self->phase == DGW_PHASE_AWAIT_RESUMED)
    count_failed_resume (self);
}

void
dgw_engine_note_backoff (DgwEngine *self,
                         DgwCause   cause)
{
  gint64 live_us = self->backoff.live_us;

  if (live_us > 0 && self->now_us - live_us >= DGW_BACKOFF_STABLE_US)
    self->n_attempts = 0;

  dgw_backoff_ended (&self->backoff,
                     cause == DGW_CAUSE_REQUESTED || cause == DGW_CAUSE_BACKLOG ? DGW_BACKOFF_REQUESTED : DGW_BACKOFF_FAILED,
                     self->now_us);
}

static void
try_again (DgwEngine *self)
{
  gboolean is_asked_for = self->backoff.minimum_us > 0 || self->backoff.invalidated;
  gint64   delay_us = dgw_engine_stretch (self, dgw_backoff_next (&self->backoff, g_rand_double (self->rand)));

  self->not_before_us = is_asked_for ? self->now_us + delay_us : self->now_us;
  dgw_engine_set_phase (self, DGW_PHASE_BACKOFF, self->now_us + delay_us);
  dgw_engine_push_reconnecting (self, delay_us);
}

void
dgw_engine_end (DgwEngine    *self,
                const DgwEnd *end)
{
  g_autoptr (GError) error = end->error;
  gboolean will_reconnect = end->verdict != DGW_CLOSE_FATAL && self->options.auto_reconnect;

  if (end->verdict == DGW_CLOSE_RESUME)
    note_resume (self, end->cause);
  else
    dgw_engine_drop_session (self, error->message);
  dgw_engine_note_backoff (self, end->cause);

  dgw_engine_push_error (self, error);
  dgw_engine_push_disconnected (self, end->code, end->reason ? end->reason : error->message, will_reconnect);
  if (will_reconnect)
    {
      self->stats.reconnects[end->cause]++;
      try_again (self);
    }
  else
    {
      dgw_engine_set_phase (self, DGW_PHASE_IDLE, G_MAXINT64);
      dgw_engine_push_failed (self, g_steal_pointer (&error));
    }
}

/* An attempt that did not get as far as a WebSocket connection. */
void
dgw_engine_fail_attempt (DgwEngine *self,
                         DgwCause   cause,
                         guint      http_status,
                         GError    *error)
{
  DgwEnd end = {
    .cause = cause,
    .verdict = DGW_CLOSE_RESUME,
    .error = error,
  };

  if (http_status == DGW_ENGINE_HTTP_UNAUTHORIZED)
    {
      g_error_free (error);
      end.error = dgw_engine_error_unauthorized ();
      end.verdict = DGW_CLOSE_FATAL;
    }

  if (self->phase == DGW_PHASE_CONNECTING && !self->connection.at_resume_url)
    self->address.is_stale = TRUE;
  end.error = dgw_engine_explain_network (self, end.error);

  dgw_engine_end (self, &end);
}

void
dgw_engine_close_and_end (DgwEngine *self,
                          DgwCause   cause,
                          GError    *error)
{
  const DgwOwnClose *own = dgw_engine_get_own_close (cause);

  DgwEnd end = {
    .cause = cause,
    .verdict = dgw_close_policy_judge (own->code, DGW_CLOSED_BY_US, dgw_engine_can_resume (self), FALSE),
    .code = own->code,
    .reason = own->reason,
    .error = error,
  };

  dgw_engine_push_close (self, own->code, own->reason);
  dgw_engine_push (self, DGW_ACTION_DROP);
  dgw_engine_end (self, &end);
}

static gboolean
is_no_code (guint code)
{
  return code == 0 || code == DGW_CLOSE_CODE_NO_STATUS || code == DGW_CLOSE_CODE_ABNORMAL;
}

/* Codes that are a mistake of this side: its maker should hear of them. */
static void
warn_of_code (DgwEngine *self,
              guint      code,
              GError    *error)
{
  if (code == DGW_CLOSE_CODE_RATE_LIMITED || code == DGW_CLOSE_CODE_DECODE_ERROR || code == DGW_CLOSE_CODE_UNKNOWN_OPCODE)
    dgw_warning (DGW_ENGINE_LOG (self), "%s", error->message);
}

/* The reason is for people only: decisions are made by the code. */
void
dgw_engine_on_closed (DgwEngine         *self,
                      const DgwStimulus *stimulus)
{
  guint code = is_no_code (stimulus->code) ? 0 : stimulus->code;

  DgwEnd end = {
    .cause = DGW_CAUSE_CLOSED,
    .verdict = dgw_close_policy_judge (code, DGW_CLOSED_BY_PEER, dgw_engine_can_resume (self), self->phase == DGW_PHASE_AWAIT_RESUMED),
    .code = code,
    .reason = stimulus->text,
  };

  if (stimulus->error)
    end.error = dgw_engine_error_with_prefix (stimulus->error, _ ("The connection was lost:"));
  else
    end.error = dgw_gateway_error_for_close (code, stimulus->text);
  dgw_gateway_error_name_intents (end.error, code, self->options.intents);

  if (self->phase == DGW_PHASE_CONNECTING && !self->connection.at_resume_url)
    self->address.is_stale = TRUE;

  warn_of_code (self, code, end.error);
  dgw_backoff_require (&self->backoff, dgw_close_policy_get_pause_us (code, DGW_CLOSED_BY_PEER));
  dgw_engine_end (self, &end);
}

void
dgw_engine_on_timeout (DgwEngine         *self,
                       const DgwStimulus *stimulus)
{
  GError *error = dgw_engine_error_timed_out (self->phase);

  if (self->phase == DGW_PHASE_CONNECTING)
    {
      dgw_engine_push (self, DGW_ACTION_DROP);
      dgw_engine_fail_attempt (self, DGW_CAUSE_TIMED_OUT, 0, error);
    }
  else
    {
      dgw_engine_close_and_end (self, DGW_CAUSE_TIMED_OUT, error);
    }
}

void
dgw_engine_on_reconnect (DgwEngine         *self,
                         const DgwStimulus *stimulus)
{
  dgw_engine_close_and_end (self, DGW_CAUSE_REQUESTED,
                            g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_RECONNECT_REQUESTED,
                                                 _ ("Discord asked for a new connection (opcode 7), as it does now and then")));
}

/* A resume brings the same payload again. The second time it is left out, so
 * that one event which cannot be read never stops all that come after it. */
static void
note_bad_payload (DgwEngine *self)
{
  gboolean is_event = self->phase == DGW_PHASE_READY || self->phase == DGW_PHASE_AWAIT_RESUMED;

  if (!is_event || !dgw_engine_can_resume (self) || self->session.sequence == G_MAXINT64)
    return;

  if (self->bad_sequence != self->session.sequence)
    {
      self->bad_sequence = self->session.sequence;
      return;
    }

  self->session.sequence++;
  self->stats.skipped_events++;
  dgw_warning (DGW_ENGINE_LOG (self),
               "Event %" G_GINT64_FORMAT " could not be read a second time. It is skipped.",
               self->session.sequence);
}

void
dgw_engine_on_bad_payload (DgwEngine         *self,
                           const DgwStimulus *stimulus)
{
  note_bad_payload (self);
  dgw_engine_close_and_end (self, DGW_CAUSE_BAD_PAYLOAD, dgw_engine_error_with_prefix (stimulus->error, _ ("What the gateway sent could not be read:")));
}

void
dgw_engine_on_protocol_error (DgwEngine         *self,
                              const DgwStimulus *stimulus)
{
  dgw_engine_close_and_end (self, DGW_CAUSE_BAD_PAYLOAD,
                            g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL,
                                         _ ("The gateway sent opcode %d when or how it should not have. The connection is made anew."),
                                         stimulus->frame->op));
}

/* ACKs come but no event. Nothing documented makes the gateway send an event
 * without knowing a guild, except a resume: that is the probe and the cure. */
void
dgw_engine_on_deaf (DgwEngine         *self,
                    const DgwStimulus *stimulus)
{
  dgw_engine_close_and_end (self, DGW_CAUSE_DEAF,
                            g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT,
                                                 _ ("No event came for long, although heartbeats were acknowledged. The session is resumed.")));
}

void
dgw_engine_on_slept (DgwEngine         *self,
                     const DgwStimulus *stimulus)
{
  dgw_engine_close_and_end (self, DGW_CAUSE_HEARTBEAT_LOST,
                            g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_HEARTBEAT_LOST,
                                                 _ ("The host was asleep for longer than a heartbeat interval. The connection is made anew.")));
}
