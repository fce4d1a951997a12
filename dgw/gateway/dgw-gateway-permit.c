/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-file-identify-limiter.h"
#include "gateway/dgw-gateway-info-private.h"
#include "gateway/dgw-gateway-private.h"
#include "gateway/dgw-local-identify-limiter.h"

/* The identify limiter. The library's own are asked by the link, on the worker;
 * an application's is asked here, in the application's context, when the link
 * says so: each want is ended by exactly one end. */

static gboolean
lives_on_worker (gpointer limiter)
{
  return DGW_IS_LOCAL_IDENTIFY_LIMITER (limiter) || DGW_IS_FILE_IDENTIFY_LIMITER (limiter);
}

static void
acquire_async (gpointer            limiter,
               guint               shard_id,
               GCancellable       *cancellable,
               GAsyncReadyCallback callback,
               gpointer            user_data)
{
  dgw_identify_limiter_acquire_async (limiter, shard_id, cancellable, callback, user_data);
}

static gboolean
acquire_finish (gpointer      limiter,
                GAsyncResult *result,
                GError      **error)
{
  return dgw_identify_limiter_acquire_finish (limiter, result, error);
}

static void
release (gpointer limiter,
         guint    shard_id)
{
  dgw_identify_limiter_release (limiter, shard_id);
}

static void
update (gpointer                limiter,
        const DgwGatewayAnswer *answer)
{
  g_autoptr (DgwGatewayInfo) info = dgw_gateway_info_new (answer);

  dgw_identify_limiter_update (limiter, info);
}

const DgwPermitFuncs *
dgw_gateway_get_permit_funcs (void)
{
  static const DgwPermitFuncs funcs = {lives_on_worker, acquire_async, acquire_finish, release, update};

  return &funcs;
}

static void
permit_cb (const GError *error,
           gpointer      user_data)
{
  DgwGateway *self = user_data;

  dgw_link_answer_permit (self->link, self->permit_serial, error);
}

/* The application may have changed its limiter while this came from the worker. */
void
dgw_gateway_want_permit (DgwGateway *self,
                         guint64     serial)
{
  dgw_gateway_end_permit (self, FALSE);
  self->permit_serial = serial;
  if (self->options.identify_limiter)
    self->permit = dgw_permit_new (self->options.permit_funcs, self->options.identify_limiter,
                                   self->options.engine.shard_id, permit_cb, self);
  else
    dgw_link_answer_permit (self->link, serial, NULL);
}

void
dgw_gateway_end_permit (DgwGateway *self,
                        gboolean    is_used)
{
  DgwPermit *permit = g_steal_pointer (&self->permit);

  if (permit)
    dgw_permit_end (permit, is_used);
}

void
dgw_gateway_take_answer (DgwGateway             *self,
                         const DgwGatewayAnswer *answer)
{
  g_autoptr (GObject) limiter = self->options.identify_limiter ? g_object_ref (self->options.identify_limiter) : NULL;

  if (limiter)
    update (limiter, answer);
}

/**
 * DgwGateway:identify-limiter: (getter get_identify_limiter) (setter set_identify_limiter)
 *
 * What says when a new session may be started; `NULL` for one per 5 seconds, as
 * is right for a bot with a single gateway.
 *
 * Gateways of one bot are to share one limiter. Applies at the next connection.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_identify_limiter: (get-property identify-limiter)
 * @self: a gateway
 *
 * Gets what says when a new session may be started.
 *
 * Returns: (transfer none) (nullable): the limiter, owned by the gateway, or
 *   `NULL` for one per 5 seconds
 *
 * Since: 0.1
 */
DgwIdentifyLimiter *
dgw_gateway_get_identify_limiter (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return (DgwIdentifyLimiter *)self->options.identify_limiter;
}

/**
 * dgw_gateway_set_identify_limiter: (set-property identify-limiter)
 * @self: a gateway
 * @identify_limiter: (nullable): the limiter, or `NULL` for one per 5 seconds
 *
 * Sets what says when a new session may be started.
 *
 * Gateways of one bot are to share one limiter. Applies at the next connection.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_identify_limiter (DgwGateway         *self,
                                  DgwIdentifyLimiter *identify_limiter)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (identify_limiter == NULL || DGW_IS_IDENTIFY_LIMITER (identify_limiter));

  dgw_gateway_set_object (self, DGW_GATEWAY_PROP_IDENTIFY_LIMITER, identify_limiter);
}
