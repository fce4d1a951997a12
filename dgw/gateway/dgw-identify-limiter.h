/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

#define DGW_TYPE_IDENTIFY_LIMITER (dgw_identify_limiter_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (DgwIdentifyLimiter, dgw_identify_limiter, DGW, IDENTIFY_LIMITER, GObject)

/**
 * DgwIdentifyLimiterInterface:
 * @parent_iface: the parent interface
 * @acquire: waits for a slot; see [vfunc@IdentifyLimiter.acquire]
 * @release: takes a slot back; see [vfunc@IdentifyLimiter.release]. Optional.
 * @update: learns what Discord allows; see [vfunc@IdentifyLimiter.update].
 *   Optional.
 *
 * What an identify limiter has to implement.
 *
 * Since: 0.1
 */
struct _DgwIdentifyLimiterInterface
{
  GTypeInterface parent_iface;

  /**
   * DgwIdentifyLimiterInterface::acquire:
   * @self: a limiter
   * @shard_id: the shard that wants to identify
   * @task: to be returned `TRUE` when it may, or an error when it never may
   *
   * Waits for a slot to identify in.
   *
   * The task is returned with [method@Gio.Task.return_boolean], now or later.
   * When its cancellable is cancelled, nobody waits any more: it should be
   * returned with `G_IO_ERROR_CANCELLED` then. If `TRUE` is returned all the
   * same, the slot is given back with `release`.
   *
   * Since: 0.1
   */
  void (*acquire) (DgwIdentifyLimiter *self,
                   guint               shard_id,
                   GTask              *task);

  /**
   * DgwIdentifyLimiterInterface::release:
   * @self: a limiter
   * @shard_id: the shard that had the slot
   *
   * Takes a slot back that was not used, as the connection ended before. For
   * one that was used this is not called.
   *
   * Since: 0.1
   */
  void (*release) (DgwIdentifyLimiter *self,
                   guint               shard_id);

  /**
   * DgwIdentifyLimiterInterface::update:
   * @self: a limiter
   * @info: what Discord allows
   *
   * Learns what Discord allows, each time that a gateway asked for its address.
   *
   * Since: 0.1
   */
  void (*update) (DgwIdentifyLimiter *self,
                  DgwGatewayInfo     *info);

  /*< private >*/
  gpointer padding[8];
};

DGW_AVAILABLE_IN_0_1
void dgw_identify_limiter_acquire_async (DgwIdentifyLimiter *self,
                                         guint               shard_id,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_identify_limiter_acquire_finish (DgwIdentifyLimiter *self,
                                              GAsyncResult       *result,
                                              GError            **error);

DGW_AVAILABLE_IN_0_1
void dgw_identify_limiter_release (DgwIdentifyLimiter *self,
                                   guint               shard_id);

DGW_AVAILABLE_IN_0_1
void dgw_identify_limiter_update (DgwIdentifyLimiter *self,
                                  DgwGatewayInfo     *info);

G_END_DECLS
