/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-pump-private.h"

#include <string.h>

#include "base/dgw-gateway-error.h"
#include "base/dgw-log-private.h"
#include "codec/dgw-inflater-private.h"
#include "engine/dgw-address-private.h"
#include "dgw-event-table-private.h"
#include "transport/dgw-soup-transport-private.h"
#include "worker/dgw-lookup-private.h"
#include "worker/dgw-timer-private.h"

/* Parsing this much costs the application's loop a tenth of a millisecond, when
 * it has to do it. */
#define PARSE_AHEAD_BYTES (64 * 1024)

/* The application's actions gather in a batch, since a hand-over costs as much
 * as handling a small event. It goes over when the worker is about to sleep,
 * and while that does not happen, when it is full or has waited long enough. */
#define BATCH_ACTIONS 128
#define BATCH_BYTES   (1024 * 1024)
#define FIRST_ACTIONS 16
#define BATCH_US      2000

struct _DgwPump
{
  DgwWorker        *worker;
  DgwMailbox       *mailbox;
  DgwWorkerResident resident;
  DgwLinkOptions    options;
  DgwEngine        *engine;
  DgwTimer         *timer;     /* for the engine's deadline */
  DgwSoupTransport *transport; /* NULL: none is wanted */
  DgwInflater      *inflater;  /* of transport */
  DgwHttp          *lookup;    /* NULL: none is under way */
  DgwPermit        *permit;    /* NULL: none is wanted, or the application asks for it */
  guint64           permit_serial;

  GArray        *batch; /* of DgwAction; NULL: empty */
  DgwMailboxLoad batch_load;
  gint64         batch_us; /* of its first action */
  DgwMailboxLoad handed;   /* waited in the mailbox at the last hand-over; less by now */
  gboolean       is_held;  /* the engine was told that the backlog is full */
  DgwPumpNote    note;
  gboolean       parses_ahead[DGW_N_EVENTS + 1]; /* by event type */
};

static void
hand_over (DgwPump *self)
{
  if (self->batch == NULL)
    return;

  dgw_engine_get_stats (self->engine, &self->note.engine);
  self->handed = dgw_mailbox_push (self->mailbox, g_steal_pointer (&self->batch), self->batch_load, &self->note);
  self->batch_load = (DgwMailboxLoad){0, 0};
}

static void
append (DgwPump         *self,
        const DgwAction *action,
        gint64           now_us)
{
  if (self->batch == NULL)
    {
      self->batch = g_array_sized_new (FALSE, FALSE, sizeof (DgwAction), FIRST_ACTIONS);
      g_array_set_clear_func (self->batch, (GDestroyNotify)dgw_action_clear);
      self->batch_us = now_us;
      dgw_worker_await_sleep (self->worker, &self->resident);
    }
  g_array_append_vals (self->batch, action, 1);
  if (action->kind == DGW_ACTION_DISPATCH)
    {
      self->note.events++;
      self->batch_load.events++;
      self->batch_load.bytes += dgw_json_get_size (action->dispatch.json);
    }
  if (self->batch->len >= BATCH_ACTIONS || self->batch_load.bytes >= BATCH_BYTES)
    hand_over (self);
}

static void
look_up (DgwPump *self,
         gint64   now_us);

static void
open_transport (DgwPump    *self,
                const char *url,
                gint64      now_us);

static void
want_permit (DgwPump *self,
             gint64   now_us);

static void
drop (DgwPump *self)
{
  g_clear_pointer (&self->transport, dgw_soup_transport_free);
  g_clear_pointer (&self->inflater, dgw_inflater_free);
  g_clear_pointer (&self->lookup, dgw_http_free);
}

static void
send_text (DgwPump    *self,
           const char *text)
{
  if (self->transport != NULL && dgw_soup_transport_send (self->transport, text))
    self->note.bytes_out += strlen (text);
}

static gboolean
asks_limiter_here (DgwPump *self)
{
  return self->options.permit_funcs->lives_on_worker (self->options.identify_limiter);
}

/* The next serial: an answer that is under way from the application is void. */
static void
end_permit (DgwPump *self,
            gboolean is_used,
            gint64   now_us)
{
  DgwAction action = {.kind = DGW_ACTION_END_PERMIT};

  if (self->permit != NULL)
    {
      dgw_permit_end (g_steal_pointer (&self->permit), is_used);
      return;
    }

  action.permit.serial = self->permit_serial++;
  action.permit.is_used = is_used;
  append (self, &action, now_us);
}

/* One of the actions that are meant for the link. */
static void
carry_out (DgwPump         *self,
           const DgwAction *action,
           gint64           now_us)
{
  if (action->kind == DGW_ACTION_LOOKUP)
    look_up (self, now_us);
  else if (action->kind == DGW_ACTION_CONNECT)
    open_transport (self, action->url, now_us);
  else if (action->kind == DGW_ACTION_SEND)
    send_text (self, action->text);
  else if (action->kind == DGW_ACTION_CLOSE && self->transport != NULL)
    dgw_soup_transport_close (self->transport, action->close.code, action->close.reason);
  else if (action->kind == DGW_ACTION_DROP)
    drop (self);
  else if (action->kind == DGW_ACTION_WANT_PERMIT)
    want_permit (self, now_us);
  else if (action->kind == DGW_ACTION_END_PERMIT)
    end_permit (self, action->permit.is_used, now_us);
}

static void
take_actions (DgwPump *self,
              gint64   now_us)
{
  DgwAction action;

  while (dgw_engine_pop_action (self->engine, &action))
    {
      if (!DGW_ACTION_IS_FOR_LINK (action.kind))
        {
          append (self, &action, now_us);
          continue;
        }
      carry_out (self, &action, now_us);
      dgw_action_clear (&action);
    }
}

static gboolean
is_backlog_full (DgwPump *self)
{
  return self->handed.events + self->batch_load.events > self->options.max_backlog_events || self->handed.bytes + self->batch_load.bytes > self->options.max_backlog_bytes;
}

static void
hold (DgwPump *self,
      gint64   now_us)
{
  DgwMailboxLoad half = {self->options.max_backlog_bytes / 2, self->options.max_backlog_events / 2};

  /* What is known of the mailbox may be old. */
  hand_over (self);
  self->handed = dgw_mailbox_get_load (self->mailbox);
  if (!is_backlog_full (self))
    return;

  self->is_held = TRUE;
  dgw_engine_hold (self->engine, now_us);
  take_actions (self, now_us);
  dgw_mailbox_watch (self->mailbox, half);
}

/* After every input. The deadline is looked at here and not only by the timer:
 * what is read in one turn may inflate to very much. */
static void
settle (DgwPump *self,
        gint64   now_us)
{
  take_actions (self, now_us);
  if (!self->is_held && is_backlog_full (self))
    hold (self, now_us);
  if (now_us >= dgw_engine_get_deadline (self->engine))
    {
      dgw_engine_tick (self->engine, now_us);
      take_actions (self, now_us);
    }
  if (self->batch != NULL && now_us - self->batch_us > BATCH_US)
    hand_over (self);
  dgw_timer_set (self->timer, dgw_engine_get_deadline (self->engine));
}

static void
answer_permit (DgwPump      *self,
               const GError *error)
{
  gint64 now_us = g_get_monotonic_time ();

  if (error != NULL)
    dgw_engine_permit_denied (self->engine, error, now_us);
  else
    dgw_engine_permit_granted (self->engine, now_us);
  settle (self, now_us);
}

static void
permit_cb (const GError *error,
           gpointer      user_data)
{
  answer_permit (user_data, error);
}

static void
want_permit (DgwPump *self,
             gint64   now_us)
{
  DgwAction action = {.kind = DGW_ACTION_WANT_PERMIT};

  if (asks_limiter_here (self))
    {
      self->permit = dgw_permit_new (self->options.permit_funcs, self->options.identify_limiter,
                                     self->options.engine.shard_id, permit_cb, self);
      return;
    }

  action.permit.serial = self->permit_serial;
  append (self, &action, now_us);
}

static void
tell_limiter (DgwPump                *self,
              const DgwGatewayAnswer *answer,
              gint64                  now_us)
{
  DgwAction action = {.kind = DGW_ACTION_ANSWER};

  if (self->options.identify_limiter == NULL)
    return;

  if (asks_limiter_here (self))
    {
      self->options.permit_funcs->update (self->options.identify_limiter, answer);
      return;
    }

  action.answer = g_new0 (DgwGatewayAnswer, 1);
  dgw_gateway_answer_copy (answer, action.answer);
  append (self, &action, now_us);
}

static void
looked_up_cb (guint         status,
              gint64        retry_after_us,
              GBytes       *body,
              const GError *error,
              gpointer      user_data)
{
  DgwPump *self = user_data;
  gint64   now_us = g_get_monotonic_time ();
  g_auto (DgwGatewayAnswer) answer = {NULL};
  g_autoptr (GError) local = NULL;

  if (body != NULL && dgw_gateway_answer_parse (&answer, body, &local))
    {
      tell_limiter (self, &answer, now_us);
      dgw_engine_looked_up (self->engine, &answer, status, retry_after_us, NULL, now_us);
    }
  else
    dgw_engine_looked_up (self->engine, NULL, status, retry_after_us, body != NULL ? local : error, now_us);
  g_clear_pointer (&self->lookup, dgw_http_free);
  settle (self, now_us);
}

static void
look_up (DgwPump *self,
         gint64   now_us)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->lookup, dgw_http_free);
  self->lookup = dgw_lookup_start (&self->options, self->worker, looked_up_cb, self, &error);
  if (self->lookup == NULL)
    dgw_engine_looked_up (self->engine, NULL, 0, -1, error, now_us);
}

static void
opened_cb (gpointer user_data)
{
  DgwPump *self = user_data;
  gint64   now_us = g_get_monotonic_time ();

  dgw_engine_opened (self->engine, now_us);
  settle (self, now_us);
}

static void
failed_cb (guint         http_status,
           gint64        retry_after_us,
           const GError *error,
           gpointer      user_data)
{
  DgwPump *self = user_data;
  gint64   now_us = g_get_monotonic_time ();

  dgw_engine_connect_failed (self->engine, http_status, retry_after_us, error, now_us);
  settle (self, now_us);
}

static void
parse_ahead (DgwPump        *self,
             const DgwFrame *frame)
{
  if (self->parses_ahead[frame->type] && dgw_json_get_size (frame->json) >= PARSE_AHEAD_BYTES)
    dgw_json_parse (frame->json, NULL);
}

static void
take_payload (DgwPump *self,
              DgwJson *payload,
              gint64   now_us)
{
  g_autoptr (GError) error = NULL;
  DgwFrame frame;

  self->note.payloads++;
  self->note.bytes_inflated += dgw_json_get_size (payload);
  if (dgw_frame_parse (&frame, payload, &error))
    {
      parse_ahead (self, &frame);
      dgw_engine_frame (self->engine, &frame, now_us);
    }
  else
    dgw_engine_bad_payload (self->engine, error, now_us);
}

static void
message_cb (GBytes  *message,
            gboolean is_text,
            gpointer user_data)
{
  DgwPump *self = user_data;
  gint64   now_us = g_get_monotonic_time ();
  g_autoptr (DgwJson) payload = NULL;
  g_autoptr (GError) error = NULL;

  self->note.bytes_in += g_bytes_get_size (message);
  dgw_engine_alive (self->engine, now_us);
  if (!dgw_inflater_push (self->inflater, message, is_text, &payload, &error))
    dgw_engine_bad_payload (self->engine, error, now_us);
  else if (payload != NULL)
    take_payload (self, payload, now_us);
  settle (self, now_us);
}

static void
closed_cb (guint         code,
           const char   *reason,
           const GError *error,
           gpointer      user_data)
{
  DgwPump *self = user_data;
  gint64   now_us = g_get_monotonic_time ();

  /* A payload like any other that cannot be read, just found out earlier. */
  if (error != NULL && error->domain == DGW_GATEWAY_ERROR)
    dgw_engine_bad_payload (self->engine, error, now_us);
  else
    dgw_engine_closed (self->engine, code, reason, error, now_us);
  settle (self, now_us);
}

static void
open_transport (DgwPump    *self,
                const char *url,
                gint64      now_us)
{
  static const DgwSoupTransportHandlers handlers = {opened_cb, failed_cb, message_cb, closed_cb};
  DgwNetOptions                         net = dgw_link_options_get_net (&self->options, url, self->worker);
  g_autoptr (GError) error = NULL;

  drop (self);
  dgw_debug (&((DgwLogContext){self->options.engine.shard_id, NULL, self->options.engine.token}), "connecting to %s", url);
  self->inflater = dgw_inflater_new (self->options.engine.compression, self->options.max_payload_size);
  self->transport = dgw_soup_transport_new (&net, url, self->options.max_payload_size, &handlers, self, &error);
  if (self->transport == NULL)
    dgw_engine_connect_failed (self->engine, 0, -1, error, now_us);
}

static void
due_cb (gpointer user_data)
{
  settle (user_data, g_get_monotonic_time ());
}

static void
before_sleep (gpointer user_data)
{
  hand_over (user_data);
}

static void
network_cb (DgwNetwork network,
            gpointer   user_data)
{
  DgwPump *self = user_data;
  gint64   now_us = g_get_monotonic_time ();

  dgw_engine_set_network (self->engine, network, dgw_address_is_loopback (self->options.api_url), now_us);
  settle (self, now_us);
}

static void
release_lock (gpointer lock)
{
  dgw_sleep_lock_release (lock);
}

/* Behind all that was received, so the application has it when it comes to this. */
static void
sleeping_cb (DgwSleepLock *lock,
             gpointer      user_data)
{
  DgwPump  *self = user_data;
  DgwAction action = {.kind = DGW_ACTION_SLEEPING};

  action.hold.lock = dgw_sleep_lock_hold (lock);
  action.hold.release = release_lock;
  append (self, &action, g_get_monotonic_time ());
  hand_over (self);
}

static void
woke_cb (gint64   slept_us,
         gpointer user_data)
{
  DgwPump *self = user_data;
  gint64   now_us = g_get_monotonic_time ();

  dgw_engine_woke (self->engine, slept_us, now_us);
  settle (self, now_us);
}

DgwPump *
dgw_pump_new (const DgwLinkOptions *options,
              guint32               seed,
              DgwWorker            *worker,
              DgwMailbox           *mailbox)
{
  DgwPump *self = g_new0 (DgwPump, 1);

  self->worker = dgw_worker_ref (worker);
  self->mailbox = mailbox;
  self->resident = (DgwWorkerResident){
    .before_sleep = before_sleep,
    .network = network_cb,
    .sleeping = sleeping_cb,
    .woke = woke_cb,
    .user_data = self,
  };
  dgw_link_options_copy (options, &self->options);
  self->engine = dgw_engine_new (&self->options.engine, seed);

  return self;
}

void
dgw_pump_move_in (DgwPump *self)
{
  self->timer = dgw_timer_new (dgw_worker_get_context (self->worker), due_cb, self);
  dgw_worker_add (self->worker, &self->resident);
}

void
dgw_pump_free (DgwPump *self)
{
  drop (self);
  if (self->permit != NULL)
    dgw_permit_end (self->permit, FALSE);
  dgw_worker_remove (self->worker, &self->resident);
  dgw_timer_free (self->timer);
  dgw_engine_free (self->engine);
  g_clear_pointer (&self->batch, g_array_unref);
  dgw_mailbox_unref (self->mailbox);
  dgw_link_options_clear (&self->options);
  dgw_worker_unref (self->worker);
  g_free (self);
}

void
dgw_pump_set_options (DgwPump              *self,
                      const DgwLinkOptions *options)
{
  dgw_link_options_clear (&self->options);
  dgw_link_options_copy (options, &self->options);
  dgw_engine_set_options (self->engine, &self->options.engine);
  settle (self, g_get_monotonic_time ());
}

void
dgw_pump_set_session (DgwPump              *self,
                      const DgwResumeState *state)
{
  dgw_engine_set_session (self->engine, state);
  settle (self, g_get_monotonic_time ());
}

void
dgw_pump_open (DgwPump *self)
{
  gint64 now_us = g_get_monotonic_time ();

  /* A backlog from before is looked at anew with the first event. */
  self->is_held = FALSE;
  dgw_engine_start (self->engine, now_us);
  settle (self, now_us);
}

void
dgw_pump_stop (DgwPump    *self,
               DgwStopKind kind,
               guint       code,
               const char *reason)
{
  gint64 now_us = g_get_monotonic_time ();

  dgw_engine_stop (self->engine, kind, code, reason, now_us);
  settle (self, now_us);
}

void
dgw_pump_send (DgwPump    *self,
               guint64     id,
               guint       opcode,
               const char *data)
{
  gint64 now_us = g_get_monotonic_time ();

  dgw_engine_command (self->engine, id, opcode, data, now_us);
  settle (self, now_us);
}

void
dgw_pump_request (DgwPump    *self,
                  guint64     id,
                  guint       opcode,
                  const char *data)
{
  gint64 now_us = g_get_monotonic_time ();

  dgw_engine_request (self->engine, id, opcode, data, now_us);
  settle (self, now_us);
}

void
dgw_pump_cancel_send (DgwPump *self,
                      guint64  id)
{
  gint64 now_us = g_get_monotonic_time ();

  dgw_engine_cancel_command (self->engine, id, now_us);
  settle (self, now_us);
}

void
dgw_pump_set_presence (DgwPump    *self,
                       guint64     id,
                       const char *data)
{
  gint64 now_us = g_get_monotonic_time ();

  dgw_engine_set_presence (self->engine, id, data, now_us);
  settle (self, now_us);
}

void
dgw_pump_probe (DgwPump *self)
{
  gint64 now_us = g_get_monotonic_time ();

  dgw_engine_probe (self->engine, now_us);
  settle (self, now_us);
}

void
dgw_pump_answer_permit (DgwPump      *self,
                        guint64       serial,
                        const GError *error)
{
  if (serial == self->permit_serial)
    answer_permit (self, error);
}

void
dgw_pump_parse_ahead (DgwPump *self,
                      guint    event_type)
{
  self->parses_ahead[event_type] = TRUE;
}

void
dgw_pump_release (DgwPump *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!self->is_held)
    return;

  self->is_held = FALSE;
  dgw_engine_release (self->engine, now_us);
  settle (self, now_us);
}
