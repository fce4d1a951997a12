/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-identify-limiter.h"

#include "gateway/dgw-gateway-info.h"

/**
 * DgwIdentifyLimiter:
 *
 * Decides when a shard may identify, that is, start a new session.
 *
 * Discord lets a bot start about 1000 sessions a day, and so many at once per
 * 5 seconds as it says; whoever goes beyond that loses the token. So all the
 * gateways of a bot should share one limiter, see
 * [property@Gateway:identify-limiter]: a [class@LocalIdentifyLimiter] within a
 * process, a [class@FileIdentifyLimiter] for several processes of one user. For
 * processes on several machines an application can implement its own.
 *
 * A gateway asks when it is about to identify: the connection is open and
 * Discord has said hello. Heartbeats go on while it waits. A resume needs no
 * slot.
 *
 * Those two limiters may be used from any thread. One of an application's own
 * is asked in the context of each gateway that has it. Implementations get a
 * [class@Gio.Task] to return, so that they can be written in any language:
 *
 * ```python
 * class Limiter(GObject.Object, Dgw.IdentifyLimiter):
 *     def do_acquire(self, shard_id, task):
 *         ask_my_server(shard_id, lambda: task.return_boolean(True))
 * ```
 *
 * Discord's documentation: [Rate Limiting](https://discord.com/developers/docs/events/gateway#rate-limiting),
 * [Max Concurrency](https://discord.com/developers/docs/events/gateway#sharding-max-concurrency).
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (DgwIdentifyLimiter, dgw_identify_limiter, G_TYPE_OBJECT)

static void
dgw_identify_limiter_default_init (DgwIdentifyLimiterInterface *iface)
{
}

/**
 * dgw_identify_limiter_acquire_async:
 * @self: a limiter
 * @shard_id: the shard that wants to identify
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async) (nullable): called when the shard may identify, or
 *   never may
 * @user_data: for @callback
 *
 * Waits for a slot to identify in.
 *
 * The slot has to be used at once, or given back with
 * [method@IdentifyLimiter.release]. Gateways do this by themselves.
 *
 * Errors: `G_IO_ERROR_CANCELLED`; and those of the implementation.
 *
 * Since: 0.1
 */
void
dgw_identify_limiter_acquire_async (DgwIdentifyLimiter *self,
                                    guint               shard_id,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  DgwIdentifyLimiterInterface *iface;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (DGW_IS_IDENTIFY_LIMITER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  iface = DGW_IDENTIFY_LIMITER_GET_IFACE (self);
  g_return_if_fail (iface->acquire != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_identify_limiter_acquire_async);
  /* A slot that was granted must not be lost because nobody waits any more. */
  g_task_set_check_cancellable (task, FALSE);
  iface->acquire (self, shard_id, task);
}

/**
 * dgw_identify_limiter_acquire_finish:
 * @self: a limiter
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@IdentifyLimiter.acquire_async] went.
 *
 * Returns: `TRUE` if the shard may identify now, also when the wait was
 *   cancelled in the same moment
 *
 * Since: 0.1
 */
gboolean
dgw_identify_limiter_acquire_finish (DgwIdentifyLimiter *self,
                                     GAsyncResult       *result,
                                     GError            **error)
{
  g_return_val_if_fail (DGW_IS_IDENTIFY_LIMITER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_identify_limiter_acquire_async, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * dgw_identify_limiter_release:
 * @self: a limiter
 * @shard_id: the shard that had the slot
 *
 * Gives a slot back that was not used.
 *
 * One that was used is not given back: it counts until its window is over.
 *
 * Since: 0.1
 */
void
dgw_identify_limiter_release (DgwIdentifyLimiter *self,
                              guint               shard_id)
{
  DgwIdentifyLimiterInterface *iface;

  g_return_if_fail (DGW_IS_IDENTIFY_LIMITER (self));

  iface = DGW_IDENTIFY_LIMITER_GET_IFACE (self);
  if (iface->release)
    iface->release (self, shard_id);
}

/**
 * dgw_identify_limiter_update:
 * @self: a limiter
 * @info: what Discord allows
 *
 * Tells the limiter what Discord allows, as
 * [method@Gateway.fetch_info_async] gets it.
 *
 * A gateway that asks for its address does this by itself. It is of use when
 * all gateways have their address set ([property@Gateway:url]).
 *
 * Since: 0.1
 */
void
dgw_identify_limiter_update (DgwIdentifyLimiter *self,
                             DgwGatewayInfo     *info)
{
  DgwIdentifyLimiterInterface *iface;

  g_return_if_fail (DGW_IS_IDENTIFY_LIMITER (self));
  g_return_if_fail (DGW_IS_GATEWAY_INFO (info));

  iface = DGW_IDENTIFY_LIMITER_GET_IFACE (self);
  if (iface->update)
    iface->update (self, info);
}
