/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "gateway/dgw-reshard-private.h"

/* Asking for another number of shards, and giving it up. */

#define RESULT_IS(result, self, function) \
  (g_task_is_valid (result, self) && g_task_get_source_tag (G_TASK (result)) == (function))

/* Those that were handed over stay; the others' old shards never stopped. */
void
dgw_shard_manager_abort_reshard (DgwShardManager *self,
                                 const GError    *error)
{
  DgwReshard *reshard = g_steal_pointer (&self->reshard);
  g_autoptr (GTask) task = NULL;

  if (reshard == NULL)
    return;

  dgw_reshard_complete_drains (reshard);
  task = g_steal_pointer (&reshard->task);
  for (guint i = 0; i < reshard->fresh->len; i++)
    {
      DgwGateway *gateway = ((DgwShard *)g_ptr_array_index (reshard->fresh, i))->gateway;

      dgw_gateway_set_judge (gateway, NULL, NULL);
      dgw_gateway_close_async (gateway, NULL, NULL, NULL);
      dgw_gateway_drop_events (gateway);
    }
  for (guint i = 0; i < self->shards->len; i++)
    ((DgwShard *)g_ptr_array_index (self->shards, i))->is_new = FALSE;
  dgw_reshard_free (reshard);
  if (task)
    dgw_gateway_task_fail (task, g_error_copy (error));
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  DgwShardManager *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (self->reshard && self->reshard->task == task)
    {
      g_cancellable_set_error_if_cancelled (cancellable, &error);
      dgw_shard_manager_abort_reshard (self, error);
    }

  return G_SOURCE_REMOVE;
}

/* Takes the task. */
static void
reshard_to (DgwShardManager *self,
            GTask           *task,
            guint            count)
{
  g_autoptr (GTask) owned = task;
  GError     *error = NULL;
  DgwReshard *reshard;

  if (self->reshard && self->reshard->task)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "%s", _ ("The shards are being replaced already"));
      return;
    }

  /* The echoes of the last time. */
  g_clear_pointer (&self->reshard, dgw_reshard_free);
  reshard = dgw_reshard_new (self, count, &error);
  if (reshard == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->reshard = reshard;
  reshard->task = g_steal_pointer (&owned);
  dgw_gateway_task_watch (task, cancelled_cb);
  dgw_reshard_start (reshard);
}

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  DgwShardManager *self = g_task_get_source_object (task);
  GError          *error = NULL;
  g_autoptr (DgwGatewayInfo) info = dgw_gateway_fetch_info_finish (DGW_GATEWAY (source), result, &error);

  if (info == NULL)
    g_task_return_error (task, error);
  else if (self->phase != DGW_SHARD_MANAGER_OPEN)
    g_task_return_error (task, dgw_shard_manager_new_closed_error ());
  else
    reshard_to (self, g_steal_pointer (&task), MAX (dgw_gateway_info_get_shards (info), 1));
}

/**
 * dgw_shard_manager_reshard_async:
 * @self: a manager that is open
 * @shard_count: how many shards there shall be, or 0 to ask Discord
 * @cancellable: (nullable): gives up: shards that were not replaced yet stay
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Replaces the shards by another number of them, without a gap.
 *
 * The new shards connect and get their guilds while the old ones go on. Then
 * those that serve the same guilds change over, all at once or, where the two
 * numbers have a common divisor, group by group: the old ones leave the list,
 * and the new ones enter it. Each event is emitted once, by an old shard or
 * by a new one; the events of a guild stay in order. READY and the GUILD_CREATE
 * that follow it come anew, with the sessions of the new shards.
 *
 * [signal@ShardManager::shard-added] is emitted for the new shards before they
 * open, when they are not in the list yet. Requests that wait for their answer
 * on an old shard fail with `DGW_GATEWAY_ERROR_CLOSED`. Each new shard takes one
 * of the day's session starts.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` when the guilds would go to shards of
 * other processes; `G_IO_ERROR_PENDING` when this goes on already;
 * `DGW_GATEWAY_ERROR_NOT_READY` when the manager is not open;
 * `DGW_GATEWAY_ERROR_FAILED` when a new shard would hold back more than its
 * [property@Gateway:max-backlog-bytes] or [property@Gateway:max-backlog-events];
 * and what makes a new shard fail for good. After an error the old shards go on, and those that
 * were replaced already stay replaced.
 *
 * Discord's documentation: [Sharding](https://discord.com/developers/docs/events/gateway#sharding).
 *
 * Since: 0.1
 */
void
dgw_shard_manager_reshard_async (DgwShardManager    *self,
                                 guint               shard_count,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_shard_manager_reshard_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->phase != DGW_SHARD_MANAGER_OPEN || self->shards->len == 0)
    g_task_return_new_error (task, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY, "%s",
                             _ ("There are no shards to replace: open the manager first"));
  else if (shard_count > 0)
    reshard_to (self, g_steal_pointer (&task), shard_count);
  else
    dgw_gateway_fetch_info_async (((DgwShard *)g_ptr_array_index (self->shards, 0))->gateway, cancellable,
                                  asked_cb, g_steal_pointer (&task));
}

/**
 * dgw_shard_manager_reshard_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@ShardManager.reshard_async] went.
 *
 * Returns: `TRUE` if all shards are replaced
 *
 * Since: 0.1
 */
gboolean
dgw_shard_manager_reshard_finish (DgwShardManager *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_reshard_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
