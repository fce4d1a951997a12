/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-gateway-private.h"

/* From the link's actions to properties and signals, in the drain.
 *
 * Properties change first, then their signal is emitted. A handler may do
 * anything: close, open, drop the last reference. So each action is worked on
 * with a reference held, and what is looked at after an emission is looked at
 * anew. */

/* An open is done with the event that made the session live, not with its
 * status: by then the handlers of that event have returned. */
void
dgw_gateway_dispatch (DgwGateway *self,
                      DgwAction  *action)
{
  DgwGatewayVerdict verdict;

  if (self->phase == DGW_GATEWAY_CLOSING)
    return;

  verdict = dgw_gateway_judge (self, action);
  if (verdict == DGW_GATEWAY_HOLD)
    return;

  dgw_gateway_take_event (self, action);
  dgw_gateway_enter_in_store (self);
  if (verdict == DGW_GATEWAY_EMIT)
    dgw_gateway_emit_event (self, action);
  dgw_gateway_take_sequence (self, action->dispatch.sequence);
  dgw_gateway_advance_in_store (self);
  if (self->snapshot.status == DGW_STATUS_READY && self->phase == DGW_GATEWAY_OPEN)
    dgw_gateway_opened (self);
}

/* The link tells the status after this, and leaves IDENTIFYING out when its slot
 * is free; a handler wants to read what HELLO led to. */
static void
hello (DgwGateway      *self,
       const DgwAction *action)
{
  dgw_gateway_look_at_handlers (self);
  dgw_gateway_take_status (self, self->snapshot.session.session_id ? DGW_STATUS_RESUMING : DGW_STATUS_IDENTIFYING);
  g_signal_emit (self, dgw_gateway_signals[DGW_GATEWAY_HELLO], 0, action->interval_ms);
}

static void
acked (DgwGateway      *self,
       const DgwAction *action)
{
  dgw_gateway_look_at_handlers (self);
  dgw_gateway_take_latency (self, action->latency.last_us, action->latency.average_us);
  dgw_gateway_refresh_in_store (self);
  g_signal_emit (self, dgw_gateway_signals[DGW_GATEWAY_HEARTBEAT_ACKED], 0, action->latency.last_us);
  dgw_gateway_take_beat (self, action->latency.sent_us, action->latency.last_us);
}

static void
reconnecting (DgwGateway      *self,
              const DgwAction *action)
{
  dgw_gateway_take_retry (self, action->retry.attempt, action->retry.due_us);
  g_signal_emit (self, dgw_gateway_signals[DGW_GATEWAY_RECONNECTING], 0, action->retry.attempt, action->retry.delay_ms);
}

/* The application may have asked for the end after the link had decided. The
 * link tells the status after this; a handler wants to read it now. */
static void
disconnected (DgwGateway      *self,
              const DgwAction *action)
{
  gboolean will_reconnect = action->end.will_reconnect && self->phase == DGW_GATEWAY_OPEN;

  dgw_gateway_take_status (self, will_reconnect ? DGW_STATUS_DISCONNECTED : DGW_STATUS_UNCONNECTED);
  dgw_gateway_end_probes (self);
  g_signal_emit (self, dgw_gateway_signals[DGW_GATEWAY_DISCONNECTED], 0, action->end.code,
                 action->end.reason ? action->end.reason : "", will_reconnect);
}

static void
failed (DgwGateway      *self,
        const DgwAction *action)
{
  g_autoptr (GTask) open_task = NULL;

  /* It crossed with a stop, whose end is still to come. */
  if (self->phase != DGW_GATEWAY_OPEN)
    return;

  open_task = dgw_gateway_take_failed_open (self);
  dgw_gateway_take_status (self, DGW_STATUS_UNCONNECTED);
  dgw_gateway_take_error (self, action->error);
  dgw_gateway_end_commands (self);
  g_signal_emit (self, dgw_gateway_signals[DGW_GATEWAY_FAILED], 0, action->error);
  dgw_gateway_end_waits (self, action->error);
  if (open_task)
    dgw_gateway_task_fail (open_task, g_error_copy (action->error));
}

/* What came before a close was drained is of no interest after it. */
static gboolean
is_stale (DgwGateway   *self,
          DgwActionKind kind)
{
  if (self->phase == DGW_GATEWAY_OPEN)
    return FALSE;

  return kind == DGW_ACTION_RECONNECTING || kind == DGW_ACTION_RESCHEDULED ||
         (self->phase == DGW_GATEWAY_CLOSING &&
          (kind == DGW_ACTION_HELLO || kind == DGW_ACTION_ACKED || kind == DGW_ACTION_INVALIDATED));
}

static void
take_action (DgwGateway *self,
             DgwAction  *action)
{
  if (is_stale (self, action->kind))
    return;

  switch ((int)action->kind)
    {
    case DGW_ACTION_STATUS:
      dgw_gateway_take_status (self, action->status);
      break;
    case DGW_ACTION_DISPATCH:
      dgw_gateway_dispatch (self, action);
      break;
    case DGW_ACTION_SESSION:
      dgw_gateway_take_session (self, action->session.id, action->session.url);
      break;
    case DGW_ACTION_HELLO:
      hello (self, action);
      break;
    case DGW_ACTION_ACKED:
      acked (self, action);
      break;
    case DGW_ACTION_INVALIDATED:
      g_signal_emit (self, dgw_gateway_signals[DGW_GATEWAY_SESSION_INVALIDATED], 0, action->resumable);
      break;
    case DGW_ACTION_DISCONNECTED:
      disconnected (self, action);
      break;
    case DGW_ACTION_RECONNECTING:
      reconnecting (self, action);
      break;
    case DGW_ACTION_RESCHEDULED:
      dgw_gateway_take_retry (self, action->retry.attempt, action->retry.due_us);
      break;
    case DGW_ACTION_ERROR:
      dgw_gateway_take_error (self, action->error);
      break;
    case DGW_ACTION_FAILED:
      failed (self, action);
      break;
    case DGW_ACTION_COMMAND_DONE:
      dgw_gateway_command_done (self, action->command.id, action->command.error, action->command.answers);
      break;
    case DGW_ACTION_WANT_PERMIT:
      dgw_gateway_want_permit (self, action->permit.serial);
      break;
    case DGW_ACTION_END_PERMIT:
      dgw_gateway_end_permit (self, action->permit.is_used);
      break;
    case DGW_ACTION_ANSWER:
      dgw_gateway_take_answer (self, action->answer);
      break;
    case DGW_ACTION_SLEEPING:
      dgw_gateway_sleep_in_store (self, action);
      break;
    case DGW_ACTION_STOPPED:
      dgw_gateway_take_status (self, DGW_STATUS_UNCONNECTED);
      dgw_gateway_stopped (self);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
action_cb (DgwAction *action,
           gpointer   user_data)
{
  DgwGatewayHandle *handle = user_data;
  g_autoptr (DgwGateway) self = g_weak_ref_get (&handle->gateway);

  if (self && self->link)
    take_action (self, action);
}

static void
stalled_cb (gint64   duration_us,
            gpointer user_data)
{
  DgwGatewayHandle *handle = user_data;
  g_autoptr (DgwGateway) self = g_weak_ref_get (&handle->gateway);

  if (!self || !self->link)
    return;

  self->longest_stall_us = MAX (self->longest_stall_us, duration_us);
  g_signal_emit (self, dgw_gateway_signals[DGW_GATEWAY_APPLICATION_STALLED], 0, duration_us);
}

const DgwLinkHandlers *
dgw_gateway_get_link_handlers (void)
{
  static const DgwLinkHandlers handlers = {action_cb, stalled_cb};

  return &handlers;
}
