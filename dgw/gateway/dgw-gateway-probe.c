/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "gateway/dgw-gateway-private.h"

/* Asking the gateway whether it is there. An answer counts when its heartbeat
 * was sent after the question: one that was under way says nothing of now. */

typedef struct
{
  GTask *task;
  gint64 asked_us;
} Probe;

static void
probe_free (Probe *self)
{
  g_object_unref (self->task);
  g_free (self);
}

void
dgw_gateway_take_beat (DgwGateway *self,
                       gint64      sent_us,
                       gint64      latency_us)
{
  Probe *probe;

  self->heard_us = MAX (self->heard_us, sent_us);
  while ((probe = g_queue_peek_head (&self->probes)) != NULL && probe->asked_us <= sent_us)
    {
      g_queue_pop_head (&self->probes);
      dgw_gateway_task_unwatch (probe->task);
      g_task_return_int (probe->task, (gssize)latency_us);
      probe_free (probe);
    }
}

/* The connection has ended. */
void
dgw_gateway_end_probes (DgwGateway *self)
{
  int    code = self->phase == DGW_GATEWAY_OPEN ? DGW_GATEWAY_ERROR_HEARTBEAT_LOST : DGW_GATEWAY_ERROR_CLOSED;
  Probe *probe;

  while ((probe = g_queue_pop_head (&self->probes)) != NULL)
    {
      dgw_gateway_task_fail (probe->task, g_error_new_literal (DGW_GATEWAY_ERROR, code,
                                                               _ ("The connection ended before the gateway answered")));
      probe_free (probe);
    }
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask      *task = user_data;
  DgwGateway *self = g_task_get_source_object (task);

  for (GList *l = self->probes.head; l != NULL; l = l->next)
    {
      Probe *probe = l->data;

      if (probe->task != task)
        continue;

      g_queue_delete_link (&self->probes, l);
      g_task_return_error_if_cancelled (task);
      probe_free (probe);
      break;
    }

  return G_SOURCE_REMOVE;
}

/**
 * dgw_gateway_probe_async:
 * @self: a gateway
 * @cancellable: (nullable): stops the wait
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Finds out whether the connection is alive, and how fast: sends a heartbeat now
 * and waits for the answer.
 *
 * [property@Gateway:latency] follows. When nothing at all comes back for 5 s,
 * the connection is dead: it is ended, and with
 * [property@Gateway:auto-reconnect] resumed. There is seldom need for this, as
 * heartbeats go out by themselves, also when the host wakes up or changes its
 * network.
 *
 * Errors: `DGW_GATEWAY_ERROR_NOT_READY` when the status is not READY;
 * `DGW_GATEWAY_ERROR_HEARTBEAT_LOST` when the connection ends first, and
 * `DGW_GATEWAY_ERROR_CLOSED` when the application ends it;
 * `G_IO_ERROR_CANCELLED`.
 *
 * Discord's documentation: [Sending Heartbeats](https://discord.com/developers/docs/events/gateway#sending-heartbeats).
 *
 * Since: 0.1
 */
void
dgw_gateway_probe_async (DgwGateway         *self,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  Probe *probe;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_probe_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->snapshot.status != DGW_STATUS_READY || self->phase != DGW_GATEWAY_OPEN)
    {
      g_task_return_new_error (task, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY, "%s",
                               _ ("There is no session to probe: wait until the gateway is ready"));
      return;
    }

  probe = g_new (Probe, 1);
  probe->asked_us = g_get_monotonic_time ();
  dgw_gateway_task_watch (task, cancelled_cb);
  probe->task = g_steal_pointer (&task);
  g_queue_push_tail (&self->probes, probe);
  dgw_link_probe (self->link);
}

/**
 * dgw_gateway_probe_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets what [method@Gateway.probe_async] found out.
 *
 * Returns: how long the answer took, in microseconds, or -1 with an error
 *
 * Since: 0.1
 */
gint64
dgw_gateway_probe_finish (DgwGateway   *self,
                          GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_probe_async, -1);

  return g_task_propagate_int (G_TASK (result), error);
}
