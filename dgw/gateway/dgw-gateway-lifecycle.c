/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/dgw-close-code-private.h"
#include "base/dgw-gateway-error.h"
#include "base/dgw-log-private.h"
#include "base/dgw-random-private.h"
#include "engine/dgw-close-policy-private.h"
#include "gateway/dgw-gateway-private.h"

/* Opening, closing, suspending.
 *
 * The phase says what the application asked for last; the link may be behind.
 * Each open that the link is told ends in exactly one of STOPPED and FAILED,
 * and a stop is told only between an open and its end. (When FAILED was on its
 * way already, the STOPPED comes after it: an idle link answers a stop, too.)
 * So there is one place where the gateway gets idle for each of them, and an
 * open that comes while it is closing just waits for that place. */

/* The only writer of the phase. */
static void
set_phase (DgwGateway     *self,
           DgwGatewayPhase phase)
{
  static const char *const names[] = {"idle", "open", "suspending", "closing"};

  dgw_debug (&((DgwLogContext){self->options.engine.shard_id, self->snapshot.session.session_id}),
             "gateway: %s -> %s", names[self->phase], names[phase]);
  self->phase = phase;
}

void
dgw_gateway_ensure_link (DgwGateway *self)
{
  if (self->link)
    return;

  self->link = dgw_link_new (&self->options, dgw_random_number (), self->context, dgw_gateway_get_link_handlers (),
                             dgw_gateway_handle_ref (self->handle));
  if (self->presence)
    dgw_gateway_push_presence (self, 0);
}

/* With the session that is to be resumed, if any. */
void
dgw_gateway_begin (DgwGateway *self)
{
  dgw_gateway_ensure_link (self);
  dgw_gateway_push_session (self);
  set_phase (self, DGW_GATEWAY_OPEN);
  dgw_link_open (self->link);
  dgw_gateway_send_kept_commands (self);
}

static void
start (DgwGateway *self)
{
  g_autoptr (GError) error = NULL;

  if (!dgw_gateway_check_options (self, &error))
    {
      g_autoptr (GTask) task = g_steal_pointer (&self->open_task);

      dgw_gateway_task_fail (task, g_steal_pointer (&error));
      dgw_gateway_end_kept_commands (self);
      return;
    }

  dgw_gateway_open_store (self);
}

static GError *
new_closed_error (void)
{
  return g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED, _ ("The gateway was closed"));
}

static void
stop (DgwGateway *self,
      DgwStopKind kind,
      guint       code,
      const char *reason)
{
  set_phase (self, kind == DGW_STOP_SUSPEND ? DGW_GATEWAY_SUSPENDING : DGW_GATEWAY_CLOSING);
  dgw_link_stop (self->link, kind, code, reason);
}

/* Opening. */

void
dgw_gateway_opened (DgwGateway *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->open_task);

  if (task)
    dgw_gateway_task_succeed (task);
}

GTask *
dgw_gateway_take_failed_open (DgwGateway *self)
{
  set_phase (self, DGW_GATEWAY_IDLE);
  return g_steal_pointer (&self->open_task);
}

static void
give_up_loading (DgwGateway *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->open_task);

  dgw_gateway_leave_store (self);
  dgw_gateway_task_unwatch (task);
  g_task_return_error_if_cancelled (task);
  dgw_gateway_end_kept_commands (self);
}

static gboolean
open_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  GTask      *task = user_data;
  DgwGateway *self = g_task_get_source_object (task);

  if (self->open_task != task)
    return G_SOURCE_REMOVE;

  if (self->phase == DGW_GATEWAY_IDLE)
    {
      give_up_loading (self);
      return G_SOURCE_REMOVE;
    }

  g_ptr_array_add (self->stop_tasks, g_steal_pointer (&self->open_task));
  dgw_gateway_end_kept_commands (self);
  if (self->phase == DGW_GATEWAY_OPEN)
    stop (self, DGW_STOP_CANCEL, DGW_CLOSE_CODE_NORMAL, NULL);

  return G_SOURCE_REMOVE;
}

/**
 * dgw_gateway_open_async:
 * @self: a gateway
 * @cancellable: (nullable): gives up: attempts stop and the gateway is
 *   `DGW_STATUS_UNCONNECTED` again
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Connects and starts a session, or resumes [property@Gateway:session] or what
 * [property@Gateway:session-store] has.
 *
 * This finishes when Discord has confirmed the session: after the handlers of
 * the event READY or RESUMED. With [property@Gateway:auto-reconnect] it goes on
 * trying through all faults that may pass, and finishes with an error only when
 * trying again is of no use: a wrong token, shard or set of intents.
 *
 * While the gateway is closing this waits for the close, then opens. After a
 * close, a suspend or a failure it opens anew.
 *
 * Errors: `DGW_GATEWAY_ERROR_ALREADY_OPEN`; `G_IO_ERROR_INVALID_ARGUMENT` for
 * settings that contradict each other; `DGW_GATEWAY_ERROR_FAILED` for an
 * address that the token must not be sent to; `DGW_GATEWAY_ERROR_CLOSED` when
 * it is closed meanwhile; `G_IO_ERROR_CANCELLED`; and those of
 * [signal@Gateway::failed].
 *
 * Since: 0.1
 */
void
dgw_gateway_open_async (DgwGateway         *self,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_open_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->open_task || self->phase == DGW_GATEWAY_OPEN)
    g_task_return_new_error (task, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_ALREADY_OPEN, "%s",
                             _ ("The gateway is open or opening already. Close it before opening it again."));
  else if (!dgw_gateway_check_options (self, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    {
      dgw_gateway_task_watch (task, open_cancelled_cb);
      self->open_task = g_steal_pointer (&task);
      if (self->phase == DGW_GATEWAY_IDLE)
        start (self);
    }
}

/**
 * dgw_gateway_open_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@Gateway.open_async] went.
 *
 * Returns: `TRUE` if the session is live
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_open_finish (DgwGateway   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_open_async, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Closing and suspending. */

/* What the callers of a stop get: close TRUE, suspend the session, an open that
 * was cancelled its error. */
static void
return_stop (DgwGateway *self,
             GTask      *task)
{
  dgw_gateway_task_unwatch (task);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (g_task_get_source_tag (task) == dgw_gateway_suspend_async)
    g_task_return_pointer (task, dgw_gateway_dup_session (self), (GDestroyNotify)dgw_session_unref);
  else
    g_task_return_boolean (task, TRUE);
}

/* The stop goes on, only nobody waits for it any more. */
static gboolean
stop_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  GTask      *task = g_object_ref (user_data);
  DgwGateway *self = g_task_get_source_object (task);

  if (g_ptr_array_remove (self->stop_tasks, task))
    g_task_return_error_if_cancelled (task);

  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

/* The actions of the run are over. Callbacks may open or close again. */
void
dgw_gateway_stopped (DgwGateway *self)
{
  g_autoptr (GPtrArray) tasks = NULL;
  gboolean ends_session = self->stop_ends_session;

  if (dgw_gateway_flush_store (self))
    return;

  tasks = g_steal_pointer (&self->stop_tasks);
  self->stop_tasks = g_ptr_array_new_with_free_func (g_object_unref);
  self->stop_ends_session = FALSE;
  set_phase (self, DGW_GATEWAY_IDLE);
  dgw_gateway_end_commands (self);
  dgw_gateway_end_waits (self, NULL);

  for (guint i = 0; i < tasks->len; i++)
    return_stop (self, g_ptr_array_index (tasks, i));

  if (ends_session && self->phase == DGW_GATEWAY_IDLE)
    dgw_gateway_take_session (self, NULL, NULL);
  if (self->open_task && self->phase == DGW_GATEWAY_IDLE)
    start (self);
}

/* A close that comes while another stop is under way. */
static void
join_close (DgwGateway *self,
            guint       code)
{
  if (dgw_close_policy_ends_session (code))
    {
      self->stop_ends_session = TRUE;
      dgw_gateway_forget_in_store (self);
    }
  if (self->phase == DGW_GATEWAY_SUSPENDING)
    set_phase (self, DGW_GATEWAY_CLOSING);
}

static void
stop_for (DgwGateway *self,
          GTask      *task,
          DgwStopKind kind,
          guint       code,
          const char *reason)
{
  g_autoptr (GTask) open_task = g_steal_pointer (&self->open_task);

  dgw_gateway_leave_store (self);
  if (open_task)
    dgw_gateway_task_fail (open_task, new_closed_error ());
  dgw_gateway_end_kept_commands (self);

  if (self->phase == DGW_GATEWAY_IDLE)
    {
      return_stop (self, task);
      return;
    }

  dgw_gateway_task_watch (task, stop_cancelled_cb);
  g_ptr_array_add (self->stop_tasks, g_object_ref (task));
  if (self->phase == DGW_GATEWAY_OPEN)
    stop (self, kind, code, reason);
  else if (kind == DGW_STOP_CLOSE)
    join_close (self, code);
}

/**
 * dgw_gateway_close_async:
 * @self: a gateway
 * @cancellable: (nullable): stops the wait; the gateway closes all the same
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Closes the connection with code 1000 and ends the session: the bot goes
 * offline.
 *
 * No event is emitted after this call. It waits at most 2 seconds for Discord,
 * and for the [property@Gateway:session-store] if there is one, and succeeds also when there is no connection or when it is closing already;
 * an [method@Gateway.open_async] that is pending finishes with
 * `DGW_GATEWAY_ERROR_CLOSED`, and so do the commands that still wait.
 *
 * Errors: `G_IO_ERROR_CANCELLED` only.
 *
 * Discord's documentation: [Disconnecting](https://discord.com/developers/docs/events/gateway#disconnecting).
 *
 * Since: 0.1
 */
void
dgw_gateway_close_async (DgwGateway         *self,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_close_async);
  stop_for (self, task, DGW_STOP_CLOSE, DGW_CLOSE_CODE_NORMAL, NULL);
}

/**
 * dgw_gateway_close_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@Gateway.close_async] went.
 *
 * Returns: `TRUE` if the gateway is closed
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_close_finish (DgwGateway   *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_close_async, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
check_close (guint       code,
             const char *reason,
             GError    **error)
{
  if (!dgw_close_policy_ends_session (code) && (code < DGW_CLOSE_CODE_FIRST_PRIVATE || code > DGW_CLOSE_CODE_LAST_PRIVATE))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("A client cannot close with code %u: use 1000, 1001 or one from 3000 to 4999"), code);
      return FALSE;
    }

  if (reason && strlen (reason) > DGW_CLOSE_REASON_MAX_BYTES)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("The reason of a close may have %u bytes, this one has %" G_GSIZE_FORMAT ". Shorten it."),
                   DGW_CLOSE_REASON_MAX_BYTES, strlen (reason));
      return FALSE;
    }

  return TRUE;
}

/**
 * dgw_gateway_close_with_code_async:
 * @self: a gateway
 * @code: 1000 or 1001 to end the session, 3000 to 4999 to keep it
 * @reason: (nullable): a text for the peer's logs, at most 123 bytes
 * @cancellable: (nullable): stops the wait; the gateway closes all the same
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Closes the connection with a code of one's own choice.
 *
 * Apart from the code this does what [method@Gateway.close_async] does: no
 * event is emitted any more. Events that were received but not emitted come
 * again when a session that was kept is resumed.
 *
 * When the gateway is closing already this joins in, and the code is not sent.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for another code or a longer reason,
 * whereupon nothing is closed; `G_IO_ERROR_CANCELLED`.
 *
 * Since: 0.1
 */
void
dgw_gateway_close_with_code_async (DgwGateway         *self,
                                   guint               code,
                                   const char         *reason,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (reason == NULL || g_utf8_validate (reason, -1, NULL));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_close_with_code_async);
  if (check_close (code, reason, &error))
    stop_for (self, task, DGW_STOP_CLOSE, code, reason);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * dgw_gateway_close_with_code_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@Gateway.close_with_code_async] went.
 *
 * Returns: `TRUE` if the gateway is closed
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_close_with_code_finish (DgwGateway   *self,
                                    GAsyncResult *result,
                                    GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_close_with_code_async, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * dgw_gateway_suspend_async:
 * @self: a gateway
 * @cancellable: (nullable): stops the wait; the gateway is suspended all the same
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Closes the connection but keeps the session, to resume it later: in this
 * gateway, in another, or in another process.
 *
 * Nothing more is read; events that were received already are still emitted
 * before this finishes, and with a [property@Gateway:session-store] the session
 * is saved. An [method@Gateway.open_async] that is pending finishes
 * with `DGW_GATEWAY_ERROR_CLOSED`, and so do the commands that still wait.
 *
 * Errors: `G_IO_ERROR_CANCELLED` only.
 *
 * Discord's documentation: [Disconnecting](https://discord.com/developers/docs/events/gateway#disconnecting).
 *
 * Since: 0.1
 */
void
dgw_gateway_suspend_async (DgwGateway         *self,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_suspend_async);
  stop_for (self, task, DGW_STOP_SUSPEND, 0, NULL);
}

/**
 * dgw_gateway_suspend_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets the session that [method@Gateway.suspend_async] kept.
 *
 * Returns: (transfer full) (nullable): the session, or `NULL` when there is
 *   none; with an error, too
 *
 * Since: 0.1
 */
DgwSession *
dgw_gateway_suspend_finish (DgwGateway   *self,
                            GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_suspend_async, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Pending tasks hold a reference, so there are some only when the object is run
 * down by force. */
void
dgw_gateway_abandon (DgwGateway *self)
{
  g_autoptr (GPtrArray) tasks = g_steal_pointer (&self->stop_tasks);
  g_autoptr (GTask) open_task = g_steal_pointer (&self->open_task);

  set_phase (self, DGW_GATEWAY_IDLE);
  self->stop_tasks = g_ptr_array_new_with_free_func (g_object_unref);
  if (open_task)
    dgw_gateway_task_fail (open_task, new_closed_error ());
  for (guint i = 0; i < tasks->len; i++)
    dgw_gateway_task_fail (g_ptr_array_index (tasks, i), new_closed_error ());
  dgw_gateway_end_kept_commands (self);
  dgw_gateway_end_commands (self);
}
