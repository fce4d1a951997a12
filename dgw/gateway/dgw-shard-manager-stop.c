/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-shard-manager-private.h"

/* Closing and suspending all shards. Each gateway knows how to join a stop that
 * is under way already, so the manager only counts those it waits for. */

#define RESULT_IS(result, self, function) \
  (g_task_is_valid (result, self) && g_task_get_source_tag (G_TASK (result)) == (function))

static GPtrArray *
collect_sessions (DgwShardManager *self)
{
  GPtrArray *sessions = g_ptr_array_new_with_free_func ((GDestroyNotify)dgw_session_unref);

  for (guint i = 0; i < self->shards->len; i++)
    {
      DgwSession *session = dgw_gateway_dup_session (((DgwShard *)g_ptr_array_index (self->shards, i))->gateway);

      if (session)
        g_ptr_array_add (sessions, session);
    }

  return sessions;
}

static void
return_stop (DgwShardManager *self,
             GTask           *task)
{
  dgw_gateway_task_unwatch (task);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (g_task_get_source_tag (task) == dgw_shard_manager_suspend_async)
    g_task_return_pointer (task, collect_sessions (self), (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_boolean (task, TRUE);
}

static void
check_stopped (DgwShardManager *self)
{
  g_autoptr (GPtrArray) tasks = NULL;

  if (self->n_stopping > 0)
    return;

  tasks = g_steal_pointer (&self->stop_tasks);
  self->stop_tasks = g_ptr_array_new_with_free_func (g_object_unref);
  self->phase = DGW_SHARD_MANAGER_IDLE;
  for (guint i = 0; i < tasks->len; i++)
    return_stop (self, g_ptr_array_index (tasks, i));

  if (self->open_task && self->phase == DGW_SHARD_MANAGER_IDLE)
    dgw_shard_manager_begin (self);
}

static void
stopped (DgwShardManager *self)
{
  self->n_stopping--;
  if (self->phase == DGW_SHARD_MANAGER_STOPPING)
    check_stopped (self);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (DgwShardManager) self = user_data;

  dgw_gateway_close_finish (DGW_GATEWAY (source), result, NULL);
  stopped (self);
}

static void
suspended_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (DgwShardManager) self = user_data;
  DgwSession *session = dgw_gateway_suspend_finish (DGW_GATEWAY (source), result, NULL);

  g_clear_pointer (&session, dgw_session_unref);
  stopped (self);
}

static void
stop_all (DgwShardManager *self,
          DgwStopKind      kind)
{
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (self->context);
  g_autoptr (GError) closed = dgw_shard_manager_new_closed_error ();

  dgw_shard_manager_abort_reshard (self, closed);
  dgw_shard_manager_stop_asking (self);
  dgw_shard_manager_clear_queue (self);
  self->phase = DGW_SHARD_MANAGER_STOPPING;
  for (guint i = 0; i < self->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->shards, i);

      self->n_stopping++;
      if (kind == DGW_STOP_CLOSE)
        dgw_gateway_close_async (shard->gateway, NULL, closed_cb, g_object_ref (self));
      else
        dgw_gateway_suspend_async (shard->gateway, NULL, suspended_cb, g_object_ref (self));
    }
  check_stopped (self);
}

/* The stop goes on, only nobody waits for it any more. */
static gboolean
stop_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  GTask           *task = g_object_ref (user_data);
  DgwShardManager *self = g_task_get_source_object (task);

  if (g_ptr_array_remove (self->stop_tasks, task))
    g_task_return_error_if_cancelled (task);

  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

/* Takes the task. */
static void
stop_for (DgwShardManager *self,
          GTask           *task,
          DgwStopKind      kind)
{
  g_autoptr (GError) error = dgw_shard_manager_new_closed_error ();

  dgw_gateway_task_watch (task, stop_cancelled_cb);
  g_ptr_array_add (self->stop_tasks, task);
  dgw_shard_manager_fail_open (self, error);
  stop_all (self, kind);
}

/* The sessions are kept: an open that is cancelled may be meant to be made again. */
void
dgw_shard_manager_cancel_open (DgwShardManager *self)
{
  g_ptr_array_add (self->stop_tasks, g_steal_pointer (&self->open_task));
  stop_all (self, DGW_STOP_SUSPEND);
}

void
dgw_shard_manager_suspend_all (DgwShardManager *self)
{
  stop_all (self, DGW_STOP_SUSPEND);
}

/**
 * dgw_shard_manager_close_async:
 * @self: a manager
 * @cancellable: (nullable): stops the wait; the shards close all the same
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Closes all shards as [method@Gateway.close_async] does: their sessions end.
 *
 * The gateways stay in the list, and [method@ShardManager.open_async] opens them
 * anew.
 *
 * Errors: `G_IO_ERROR_CANCELLED` only.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_close_async (DgwShardManager    *self,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  GTask *task;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_shard_manager_close_async);
  stop_for (self, task, DGW_STOP_CLOSE);
}

/**
 * dgw_shard_manager_close_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@ShardManager.close_async] went.
 *
 * Returns: `TRUE` if all shards are closed
 *
 * Since: 0.1
 */
gboolean
dgw_shard_manager_close_finish (DgwShardManager *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_close_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * dgw_shard_manager_suspend_async:
 * @self: a manager
 * @cancellable: (nullable): stops the wait; the shards are suspended all the same
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Closes all connections but keeps the sessions, as
 * [method@Gateway.suspend_async] does.
 *
 * [method@ShardManager.open_async] of this manager resumes them all; another
 * manager, in another process too, resumes each with
 * [method@ShardManager.resume_shard_async].
 *
 * Errors: `G_IO_ERROR_CANCELLED` only.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_suspend_async (DgwShardManager    *self,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  GTask *task;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_shard_manager_suspend_async);
  stop_for (self, task, DGW_STOP_SUSPEND);
}

/**
 * dgw_shard_manager_suspend_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets the sessions that [method@ShardManager.suspend_async] kept, by shard id.
 *
 * Returns: (transfer container) (element-type DgwSession) (nullable): the
 *   sessions, fewer than shards when some had none; `NULL` with an error
 *
 * Since: 0.1
 */
GPtrArray *
dgw_shard_manager_suspend_finish (DgwShardManager *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_suspend_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
