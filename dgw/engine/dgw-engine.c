/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-clean-private.h"
#include "base/dgw-gateway-error.h"
#include "base/dgw-redact-private.h"
#include "dgw-protocol-table-private.h"
#include "engine/dgw-engine-internal-private.h"

/* Theory of operation.
 *
 * A function call is an input; the table (dgw-engine-table.c) says what it does
 * in the present phase, and what is to be done about it goes into the queue of
 * actions. Time is an input like any other: the engine keeps the newest that it
 * was given, and all times it computes come from that one. Deadlines are not
 * timers but fields, of which dgw_engine_get_deadline() is the least, and
 * dgw_engine_tick() feeds what is due; any message does so as well, since a
 * busy socket may keep its owner from its timers.
 *
 * Nothing here knows threads, sockets or the clock, and nothing that a peer
 * sends reaches an assertion. */

/* One tick may bring several things due, each of which moves its deadline. */
#define MAX_DUE_AT_ONCE 64

DgwEngine *
dgw_engine_new (const DgwEngineOptions *options,
                guint32                 seed)
{
  DgwEngine *self = g_new0 (DgwEngine, 1);

  dgw_engine_options_copy (options, &self->options);
  self->rand = g_rand_new_with_seed (seed);
  self->phase = DGW_PHASE_IDLE;
  self->phase_due_us = G_MAXINT64;
  self->status = DGW_STATUS_UNCONNECTED;
  self->connection.resumed_from = -1;
  self->session.sequence = -1;
  self->bad_sequence = -2;
  g_queue_init (&self->commands);
  g_queue_init (&self->requests);
  self->answer_due_us = G_MAXINT64;
  dgw_holds_init (&self->holds);
  self->presence.ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  dgw_rate_limit_init (&self->sends, options->commands_per_minute, options->reserved_commands, DGW_RATE_LIMIT_WINDOW_US);
  dgw_rate_limit_init (&self->presences, DGW_RATE_LIMIT_PRESENCES, 0, DGW_RATE_LIMIT_PRESENCE_WINDOW_US);

  return self;
}

void
dgw_engine_free (DgwEngine *self)
{
  dgw_engine_fail_commands (self);
  dgw_action_queue_clear (&self->actions);
  dgw_engine_options_clear (&self->options);
  dgw_resume_state_clear (&self->session);
  dgw_rate_limit_clear (&self->sends);
  dgw_rate_limit_clear (&self->presences);
  dgw_holds_clear (&self->holds);
  g_rand_free (self->rand);
  g_array_unref (self->presence.ids);
  g_free (self->presence.data);
  g_free (self->presence.text);
  g_free (self->address.url);
  g_free (self->closing.reason);
  g_free (self);
}

void
dgw_engine_set_options (DgwEngine              *self,
                        const DgwEngineOptions *options)
{
  if (dgw_engine_options_is_other_session (&self->options, options))
    self->session_is_outdated = TRUE;

  /* It may have come from another place, which is not among these options. */
  if (self->phase == DGW_PHASE_IDLE)
    g_clear_pointer (&self->address.url, g_free);

  dgw_engine_options_clear (&self->options);
  dgw_engine_options_copy (options, &self->options);
  dgw_engine_reserve_beats (self);
}

void
dgw_engine_set_session (DgwEngine            *self,
                        const DgwResumeState *state)
{
  if (self->phase != DGW_PHASE_IDLE)
    {
      dgw_debug (DGW_ENGINE_LOG (self), "%s: set-session ignored", dgw_phase_to_string (self->phase));
      return;
    }

  if (state)
    dgw_resume_state_set (&self->session, state->session_id, state->resume_url, state->sequence);
  else
    dgw_resume_state_clear (&self->session);

  self->session_is_outdated = FALSE;
  self->bad_sequence = -2;
}

static void
set_now (DgwEngine *self,
         gint64     now_us)
{
  self->now_us = MAX (self->now_us, now_us);
}

void
dgw_engine_start (DgwEngine *self,
                  gint64     now_us)
{
  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_START, &(DgwStimulus){0});
}

void
dgw_engine_stop (DgwEngine  *self,
                 DgwStopKind kind,
                 guint       code,
                 const char *reason,
                 gint64      now_us)
{
  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_STOP, &(DgwStimulus){.kind = kind, .code = code, .text = reason});
}

void
dgw_engine_looked_up (DgwEngine              *self,
                      const DgwGatewayAnswer *answer,
                      guint                   http_status,
                      gint64                  retry_after_us,
                      const GError           *error,
                      gint64                  now_us)
{
  g_autoptr (GError) clean = dgw_clean_error (error, self->options.token);
  DgwStimulus stimulus = {.answer = answer, .error = clean, .code = http_status, .retry_after_us = retry_after_us};
  gboolean    is_answer = answer && answer->url && error == NULL && !dgw_has_secret (answer->url, self->options.token);

  set_now (self, now_us);
  dgw_engine_feed (self, is_answer ? DGW_INPUT_LOOKED_UP : DGW_INPUT_LOOKUP_FAILED, &stimulus);
}

void
dgw_engine_opened (DgwEngine *self,
                   gint64     now_us)
{
  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_OPENED, &(DgwStimulus){0});
}

void
dgw_engine_connect_failed (DgwEngine    *self,
                           guint         http_status,
                           gint64        retry_after_us,
                           const GError *error,
                           gint64        now_us)
{
  g_autoptr (GError) clean = dgw_clean_error (error, self->options.token);
  DgwStimulus stimulus = {.error = clean, .code = http_status, .retry_after_us = retry_after_us};

  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_CONNECT_FAILED, &stimulus);
}

static gboolean
has_slept (DgwEngine *self)
{
  if (!dgw_heartbeat_has_jumped (&self->connection.heartbeat, self->now_us))
    return FALSE;

  dgw_engine_feed (self, DGW_INPUT_SLEPT, &(DgwStimulus){0});

  return TRUE;
}

static gint64
get_deaf_due (DgwEngine *self)
{
  guint timeout_ms = self->options.deaf_timeout_ms;

  return timeout_ms > 0 ? self->connection.dispatch_us + (gint64)timeout_ms * G_TIME_SPAN_MILLISECOND : G_MAXINT64;
}

static gboolean
feed_due (DgwEngine *self)
{
  DgwInput input;

  if (self->phase_due_us <= self->now_us)
    input = DGW_INPUT_PHASE_DUE;
  else if (dgw_heartbeat_is_due (&self->connection.heartbeat, self->now_us))
    input = DGW_INPUT_BEAT_DUE;
  else if (dgw_engine_get_probe_due (self) <= self->now_us)
    input = DGW_INPUT_PROBE_DUE;
  else if (self->phase == DGW_PHASE_READY && dgw_engine_get_send_due (self) <= self->now_us)
    input = DGW_INPUT_SEND_DUE;
  else if (self->phase == DGW_PHASE_READY && self->answer_due_us <= self->now_us)
    input = DGW_INPUT_ANSWER_DUE;
  else if (self->phase == DGW_PHASE_READY && get_deaf_due (self) <= self->now_us)
    input = DGW_INPUT_DEAF;
  else
    return FALSE;

  dgw_engine_feed (self, input, &(DgwStimulus){0});

  return TRUE;
}

static void
feed_all_due (DgwEngine *self)
{
  guint n_left = MAX_DUE_AT_ONCE;

  dgw_engine_expire_commands (self);
  while (n_left-- > 0 && feed_due (self))
    continue;
}

void
dgw_engine_tick (DgwEngine *self,
                 gint64     now_us)
{
  set_now (self, now_us);
  if (!has_slept (self))
    feed_all_due (self);
}

void
dgw_engine_alive (DgwEngine *self,
                  gint64     now_us)
{
  set_now (self, now_us);
  if (has_slept (self))
    return;

  dgw_heartbeat_alive (&self->connection.heartbeat, self->now_us);
  if (dgw_heartbeat_is_due (&self->connection.heartbeat, self->now_us))
    feed_all_due (self);
}

static DgwInput
classify_dispatch (const DgwFrame *frame)
{
  switch ((guint)frame->type)
    {
    case DGW_EVENT_TYPE_READY:
      return DGW_INPUT_READY;
    case DGW_EVENT_TYPE_RESUMED:
      return DGW_INPUT_RESUMED;
    default:
      return DGW_INPUT_DISPATCH;
    }
}

static DgwInput
classify (const DgwFrame *frame)
{
  switch (frame->op)
    {
    case DGW_OPCODE_DISPATCH:
      return classify_dispatch (frame);
    case DGW_OPCODE_HEARTBEAT:
      return DGW_INPUT_BEAT_REQUEST;
    case DGW_OPCODE_RECONNECT:
      return DGW_INPUT_RECONNECT;
    case DGW_OPCODE_INVALID_SESSION:
      return DGW_INPUT_INVALID_SESSION;
    case DGW_OPCODE_HELLO:
      return DGW_INPUT_HELLO;
    case DGW_OPCODE_HEARTBEAT_ACK:
      return DGW_INPUT_ACK;
    default:
      return DGW_INPUT_UNKNOWN_OP;
    }
}

void
dgw_engine_frame (DgwEngine      *self,
                  const DgwFrame *frame,
                  gint64          now_us)
{
  set_now (self, now_us);
  if (has_slept (self))
    return;

  dgw_heartbeat_alive (&self->connection.heartbeat, self->now_us);
  dgw_engine_feed (self, classify (frame), &(DgwStimulus){.frame = frame});
}

void
dgw_engine_bad_payload (DgwEngine    *self,
                        const GError *error,
                        gint64        now_us)
{
  g_autoptr (GError) clean = dgw_clean_error (error, self->options.token);

  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_BAD_PAYLOAD, &(DgwStimulus){.error = clean});
}

void
dgw_engine_closed (DgwEngine    *self,
                   guint         code,
                   const char   *reason,
                   const GError *error,
                   gint64        now_us)
{
  g_autoptr (GError) clean = dgw_clean_error (error, self->options.token);
  /* The application gets the server's words as they are, but for one. */
  g_autofree char *text = reason != NULL ? dgw_redact (reason, self->options.token ? self->options.token : "") : NULL;

  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_CLOSED, &(DgwStimulus){.code = code, .text = text, .error = clean});
}

void
dgw_engine_permit_granted (DgwEngine *self,
                           gint64     now_us)
{
  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_PERMIT, &(DgwStimulus){0});
}

void
dgw_engine_permit_denied (DgwEngine    *self,
                          const GError *error,
                          gint64        now_us)
{
  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_PERMIT_DENIED, &(DgwStimulus){.error = error});
}

void
dgw_engine_command (DgwEngine  *self,
                    guint64     id,
                    guint       opcode,
                    const char *data,
                    gint64      now_us)
{
  DgwStimulus stimulus = {.id = id, .code = opcode, .text = data};
  gboolean    is_presence = opcode == DGW_OPCODE_PRESENCE_UPDATE && self->phase != DGW_PHASE_IDLE;

  set_now (self, now_us);
  dgw_engine_feed (self, is_presence ? DGW_INPUT_PRESENCE : DGW_INPUT_COMMAND, &stimulus);
}

void
dgw_engine_request (DgwEngine  *self,
                    guint64     id,
                    guint       opcode,
                    const char *data,
                    gint64      now_us)
{
  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_COMMAND, &(DgwStimulus){.id = id, .code = opcode, .text = data, .wants_answer = TRUE});
}

void
dgw_engine_cancel_command (DgwEngine *self,
                           guint64    id,
                           gint64     now_us)
{
  set_now (self, now_us);
  dgw_engine_cancel (self, id);
}

void
dgw_engine_set_presence (DgwEngine  *self,
                         guint64     id,
                         const char *data,
                         gint64      now_us)
{
  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_PRESENCE, &(DgwStimulus){.id = id, .text = data});
}

void
dgw_engine_hold (DgwEngine *self,
                 gint64     now_us)
{
  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_HOLD, &(DgwStimulus){0});
}

void
dgw_engine_release (DgwEngine *self,
                    gint64     now_us)
{
  set_now (self, now_us);
  dgw_engine_feed (self, DGW_INPUT_RELEASE, &(DgwStimulus){0});
}

gboolean
dgw_engine_pop_action (DgwEngine *self,
                       DgwAction *action)
{
  return dgw_action_queue_pop (&self->actions, action);
}

gint64
dgw_engine_get_deadline (DgwEngine *self)
{
  gint64 due_us = MIN (self->phase_due_us, dgw_heartbeat_get_deadline (&self->connection.heartbeat));

  due_us = MIN (MIN (due_us, dgw_engine_get_probe_due (self)), dgw_engine_get_expiry_due (self));
  if (self->phase == DGW_PHASE_READY)
    due_us = MIN (MIN (due_us, self->answer_due_us), MIN (dgw_engine_get_send_due (self), get_deaf_due (self)));

  return due_us;
}

DgwStatus
dgw_engine_get_status (DgwEngine *self)
{
  return self->status;
}

void
dgw_engine_get_stats (DgwEngine      *self,
                      DgwEngineStats *stats)
{
  *stats = self->stats;
}
