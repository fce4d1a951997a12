/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "gateway/dgw-shard-manager-private.h"

/* Single shards: opened, resumed, closed. */

#define RESULT_IS(result, self, function) \
  (g_task_is_valid (result, self) && g_task_get_source_tag (G_TASK (result)) == (function))

/* Once it has been started, the gateway's open is what is cancelled. */
static gboolean
shard_cancelled_cb (GCancellable *cancellable,
                    gpointer      user_data)
{
  GTask           *task = user_data;
  DgwShardManager *self = g_task_get_source_object (task);

  for (guint i = 0; i < self->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->shards, i);

      if (shard->task != task || shard->stage != DGW_SHARD_WAITING)
        continue;

      shard->stage = DGW_SHARD_IDLE;
      shard->is_opening = FALSE;
      dgw_shard_finish_task (shard, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Operation was cancelled")));
      dgw_shard_manager_check_open (self);
      break;
    }

  return G_SOURCE_REMOVE;
}

/* Takes the task. */
static void
open_one (DgwShardManager *self,
          GTask           *task,
          guint            id,
          guint            count,
          DgwSession      *session)
{
  DgwShard *shard = dgw_shard_manager_find (self, id, 0);
  g_autoptr (GTask) owned = task;

  if (shard && !dgw_shard_is_idle (shard))
    {
      g_task_return_new_error (task, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_ALREADY_OPEN,
                               _ ("Shard %u is open or opening already. Close it before opening it again."), id);
      return;
    }

  if (shard == NULL)
    shard = dgw_shard_manager_add (self, id, count);
  else if (shard->count != count)
    dgw_shard_manager_set_count_of (self, shard, count);
  if (shard == NULL || !dgw_shard_is_idle (shard))
    {
      g_task_return_error (task, dgw_shard_manager_new_closed_error ());
      return;
    }

  if (session)
    dgw_gateway_set_session (shard->gateway, session);
  dgw_gateway_task_watch (task, shard_cancelled_cb);
  shard->task = g_steal_pointer (&owned);
  dgw_shard_manager_enqueue (self, shard);
  dgw_shard_manager_advance (self);
}

/**
 * dgw_shard_manager_open_shard_async:
 * @self: a manager
 * @shard_id: the shard
 * @cancellable: (nullable): gives up
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Opens one shard, which is added if it is not in the list. This takes its turn
 * among the others that are opening.
 *
 * How many shards there are has to be known: from
 * [property@ShardManager:shard-count], or because the manager was opened before.
 *
 * Errors: `DGW_GATEWAY_ERROR_ALREADY_OPEN`; `G_IO_ERROR_INVALID_ARGUMENT` for a
 * shard that does not exist; and those of [method@Gateway.open_async].
 *
 * Since: 0.1
 */
void
dgw_shard_manager_open_shard_async (DgwShardManager    *self,
                                    guint               shard_id,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  guint count;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  count = self->shard_count > 0 ? self->shard_count : self->found_count;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_shard_manager_open_shard_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (count == 0)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s",
                             _ ("How many shards there are is not known: set their number, or open them all first"));
  else if (shard_id >= count)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                             _ ("Shard %u does not exist: there are %u, counted from 0. Set an id below the count."), shard_id, count);
  else
    open_one (self, g_steal_pointer (&task), shard_id, count, NULL);
}

/**
 * dgw_shard_manager_open_shard_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@ShardManager.open_shard_async] went.
 *
 * Returns: `TRUE` if the session is live
 *
 * Since: 0.1
 */
gboolean
dgw_shard_manager_open_shard_finish (DgwShardManager *self,
                                     GAsyncResult    *result,
                                     GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_open_shard_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * dgw_shard_manager_resume_shard_async:
 * @self: a manager
 * @session: a session that was kept, of whatever count
 * @cancellable: (nullable): gives up
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Opens the shard that a session belongs to and resumes the session. The shard
 * is added if it is not in the list.
 *
 * Errors: `DGW_GATEWAY_ERROR_ALREADY_OPEN`, and those of
 * [method@Gateway.open_async]. When Discord has the session no more, a new one
 * is started.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_resume_shard_async (DgwShardManager    *self,
                                      DgwSession         *session,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (session != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_shard_manager_resume_shard_async);
  if (!g_task_return_error_if_cancelled (task))
    open_one (self, g_steal_pointer (&task), dgw_session_get_shard_id (session), dgw_session_get_shard_count (session), session);
}

/**
 * dgw_shard_manager_resume_shard_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@ShardManager.resume_shard_async] went.
 *
 * Returns: `TRUE` if the session, or a new one, is live
 *
 * Since: 0.1
 */
gboolean
dgw_shard_manager_resume_shard_finish (DgwShardManager *self,
                                       GAsyncResult    *result,
                                       GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_resume_shard_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
shard_closed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  DgwShardManager *self = g_task_get_source_object (task);
  DgwShard        *shard = dgw_shard_get (DGW_GATEWAY (source));
  GError          *error = NULL;

  if (shard && dgw_shard_is_idle (shard))
    dgw_shard_manager_remove (self, shard);

  if (dgw_gateway_close_finish (DGW_GATEWAY (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  dgw_shard_manager_check_open (self);
}

/**
 * dgw_shard_manager_close_shard_async:
 * @self: a manager
 * @shard_id: the shard
 * @cancellable: (nullable): stops the wait; the shard closes all the same
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Closes one shard as [method@Gateway.close_async] does, and takes it out of the
 * list. Succeeds also when there is no such shard.
 *
 * Errors: `G_IO_ERROR_CANCELLED` only.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_close_shard_async (DgwShardManager    *self,
                                     guint               shard_id,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  DgwShard *shard;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_shard_manager_close_shard_async);
  shard = dgw_shard_manager_find (self, shard_id, 0);
  if (shard == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (shard->stage == DGW_SHARD_WAITING)
    {
      shard->stage = DGW_SHARD_IDLE;
      shard->is_opening = FALSE;
    }
  dgw_gateway_close_async (shard->gateway, cancellable, shard_closed_cb, g_steal_pointer (&task));
}

/**
 * dgw_shard_manager_close_shard_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@ShardManager.close_shard_async] went.
 *
 * Returns: `TRUE` if the shard is closed
 *
 * Since: 0.1
 */
gboolean
dgw_shard_manager_close_shard_finish (DgwShardManager *self,
                                      GAsyncResult    *result,
                                      GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_close_shard_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
