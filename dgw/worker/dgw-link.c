/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-link-private.h"

#include "worker/dgw-mailbox-private.h"
#include "worker/dgw-pump-private.h"
#include "worker/dgw-worker-fetch-private.h"
#include "worker/dgw-worker-private.h"

/* The application's end. It shares nothing with the worker's end, the pump,
 * but the mailbox: orders are posted, actions come back. */
struct _DgwLink
{
  DgwWorker      *worker;
  DgwMailbox     *mailbox;
  DgwPump        *pump; /* the worker's: never looked into here */
  DgwLinkOptions  options;
  DgwLinkHandlers handlers;
  gpointer        user_data;
};

/* What the application wants of the pump; runs on the worker. */
typedef struct
{
  DgwPump *pump;
  enum
  {
    ORDER_MOVE_IN,
    ORDER_SET_OPTIONS,
    ORDER_SET_SESSION,
    ORDER_OPEN,
    ORDER_STOP,
    ORDER_SEND,
    ORDER_REQUEST,
    ORDER_CANCEL_SEND,
    ORDER_SET_PRESENCE,
    ORDER_PROBE,
    ORDER_ANSWER_PERMIT,
    ORDER_PARSE_AHEAD,
    ORDER_RELEASE,
    ORDER_FREE,
  } kind;
  DgwStopKind    stop;
  guint          number; /* close code, opcode or event type */
  guint64        id;
  char          *text; /* reason or data */
  GError        *error;
  DgwLinkOptions options;
  DgwResumeState session;
  gboolean       has_session;
} Order;

static void
order_free (gpointer data)
{
  Order *self = data;

  g_free (self->text);
  g_clear_error (&self->error);
  dgw_link_options_clear (&self->options);
  dgw_resume_state_clear (&self->session);
  g_free (self);
}

static void
order_run (gpointer data)
{
  Order *self = data;

  switch (self->kind)
    {
    case ORDER_MOVE_IN:
      dgw_pump_move_in (self->pump);
      break;
    case ORDER_SET_OPTIONS:
      dgw_pump_set_options (self->pump, &self->options);
      break;
    case ORDER_SET_SESSION:
      dgw_pump_set_session (self->pump, self->has_session ? &self->session : NULL);
      break;
    case ORDER_OPEN:
      dgw_pump_open (self->pump);
      break;
    case ORDER_STOP:
      dgw_pump_stop (self->pump, self->stop, self->number, self->text);
      break;
    case ORDER_SEND:
      dgw_pump_send (self->pump, self->id, self->number, self->text);
      break;
    case ORDER_REQUEST:
      dgw_pump_request (self->pump, self->id, self->number, self->text);
      break;
    case ORDER_CANCEL_SEND:
      dgw_pump_cancel_send (self->pump, self->id);
      break;
    case ORDER_SET_PRESENCE:
      dgw_pump_set_presence (self->pump, self->id, self->text);
      break;
    case ORDER_PROBE:
      dgw_pump_probe (self->pump);
      break;
    case ORDER_ANSWER_PERMIT:
      dgw_pump_answer_permit (self->pump, self->id, self->error);
      break;
    case ORDER_PARSE_AHEAD:
      dgw_pump_parse_ahead (self->pump, self->number);
      break;
    case ORDER_RELEASE:
      dgw_pump_release (self->pump);
      break;
    case ORDER_FREE:
      dgw_pump_free (self->pump);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Takes what the order owns. */
static void
give (DgwLink *self,
      Order    order)
{
  Order *copy = g_memdup2 (&order, sizeof order);

  copy->pump = self->pump;
  dgw_worker_post (self->worker, order_run, copy, order_free);
}

/* The mailbox calls these in the application's context. */

static void
deliver_action (gpointer element,
                gpointer user_data)
{
  DgwLink   *self = user_data;
  DgwAction *action = element;

  /* The link may be gone when this returns, the action is not. */
  self->handlers.action (action, self->user_data);
  dgw_action_clear (action);
}

static void
tell_stall (gint64   waited_us,
            gpointer user_data)
{
  DgwLink *self = user_data;

  self->handlers.stalled (waited_us, self->user_data);
}

static void
release (gpointer user_data)
{
  give (user_data, (Order){.kind = ORDER_RELEASE});
}

DgwLink *
dgw_link_new (const DgwLinkOptions  *options,
              guint32                seed,
              GMainContext          *context,
              const DgwLinkHandlers *handlers,
              gpointer               user_data)
{
  static const DgwMailboxFuncs funcs = {deliver_action, tell_stall, release};
  DgwLink                     *self = g_new0 (DgwLink, 1);

  dgw_link_options_copy (options, &self->options);
  self->handlers = *handlers;
  self->user_data = user_data;
  self->worker = dgw_worker_acquire ();
  self->mailbox = dgw_mailbox_new (context, sizeof (DgwPumpNote), &funcs, self);
  self->pump = dgw_pump_new (options, seed, self->worker, dgw_mailbox_ref (self->mailbox));
  give (self, (Order){.kind = ORDER_MOVE_IN});

  return self;
}

void
dgw_link_free (DgwLink *self)
{
  dgw_mailbox_close (self->mailbox);
  dgw_mailbox_unref (self->mailbox);
  give (self, (Order){.kind = ORDER_FREE});
  dgw_worker_unref (self->worker);
  dgw_link_options_clear (&self->options);
  g_free (self);
}

void
dgw_link_set_options (DgwLink              *self,
                      const DgwLinkOptions *options)
{
  Order order = {.kind = ORDER_SET_OPTIONS};

  dgw_link_options_copy (options, &order.options);
  dgw_link_options_clear (&self->options);
  dgw_link_options_copy (options, &self->options);
  give (self, order);
}

void
dgw_link_set_session (DgwLink              *self,
                      const DgwResumeState *state)
{
  Order order = {.kind = ORDER_SET_SESSION, .has_session = state != NULL};

  if (state != NULL)
    dgw_resume_state_set (&order.session, state->session_id, state->resume_url, state->sequence);
  give (self, order);
}

void
dgw_link_open (DgwLink *self)
{
  give (self, (Order){.kind = ORDER_OPEN});
}

void
dgw_link_stop (DgwLink    *self,
               DgwStopKind kind,
               guint       code,
               const char *reason)
{
  give (self, (Order){.kind = ORDER_STOP, .stop = kind, .number = code, .text = g_strdup (reason)});
}

void
dgw_link_send (DgwLink    *self,
               guint64     id,
               guint       opcode,
               const char *data)
{
  give (self, (Order){.kind = ORDER_SEND, .id = id, .number = opcode, .text = g_strdup (data)});
}

void
dgw_link_request (DgwLink    *self,
                  guint64     id,
                  guint       opcode,
                  const char *data)
{
  give (self, (Order){.kind = ORDER_REQUEST, .id = id, .number = opcode, .text = g_strdup (data)});
}

void
dgw_link_cancel_send (DgwLink *self,
                      guint64  id)
{
  give (self, (Order){.kind = ORDER_CANCEL_SEND, .id = id});
}

void
dgw_link_set_presence (DgwLink    *self,
                       guint64     id,
                       const char *data)
{
  give (self, (Order){.kind = ORDER_SET_PRESENCE, .id = id, .text = g_strdup (data)});
}

void
dgw_link_probe (DgwLink *self)
{
  give (self, (Order){.kind = ORDER_PROBE});
}

void
dgw_link_answer_permit (DgwLink      *self,
                        guint64       serial,
                        const GError *error)
{
  give (self, (Order){.kind = ORDER_ANSWER_PERMIT, .id = serial, .error = error != NULL ? g_error_copy (error) : NULL});
}

void
dgw_link_parse_ahead (DgwLink *self,
                      guint    event_type)
{
  give (self, (Order){.kind = ORDER_PARSE_AHEAD, .number = event_type});
}

void
dgw_link_get_metrics (DgwLink        *self,
                      DgwLinkMetrics *metrics)
{
  DgwMailboxLoad load = dgw_mailbox_get_load (self->mailbox);

  dgw_mailbox_get_note (self->mailbox, metrics);
  metrics->backlog_bytes = load.bytes;
  metrics->backlog_events = load.events;
}

void
dgw_link_fetch_answer_async (DgwLink            *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  dgw_worker_fetch_async (self->worker, &self->options, cancellable, callback, user_data);
}

gboolean
dgw_link_fetch_answer_finish (GAsyncResult     *result,
                              DgwGatewayAnswer *answer,
                              GError          **error)
{
  return dgw_worker_fetch_finish (result, answer, error);
}
