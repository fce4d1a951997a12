/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-log-private.h"
#include "gateway/dgw-shard-manager-private.h"
#include "values/dgw-metrics-private.h"

/* The shards, and what they tell. Sums and the least ready status are kept up
 * to date as a shard changes: there may be thousands. */

/* From the least ready on. */
static const DgwStatus by_readiness[] = {
  DGW_STATUS_UNCONNECTED,
  DGW_STATUS_DISCONNECTED,
  DGW_STATUS_CONNECTING,
  DGW_STATUS_WAITING_FOR_HELLO,
  DGW_STATUS_IDENTIFYING,
  DGW_STATUS_WAITING_FOR_READY,
  DGW_STATUS_RESUMING,
  DGW_STATUS_READY,
};

static G_DEFINE_QUARK (dgw - shard, shard)

  /* NULL: it belongs to no manager any more. */
  DgwShard *dgw_shard_get (DgwGateway *gateway)
{
  return g_object_get_qdata (G_OBJECT (gateway), shard_quark ());
}

gboolean
dgw_shard_is_idle (DgwShard *shard)
{
  return shard->stage != DGW_SHARD_WAITING && !shard->is_opening && shard->gateway->phase == DGW_GATEWAY_IDLE;
}

static DgwStatus
find_least_ready (DgwShardManager *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (by_readiness); i++)
    if (self->n_by_status[by_readiness[i]] > 0)
      return by_readiness[i];

  return DGW_STATUS_UNCONNECTED;
}

void
dgw_shard_manager_take_status (DgwShardManager *self)
{
  DgwStatus status = find_least_ready (self);
  gint64    latency_us = self->n_latencies > 0 ? self->latency_sum_us / self->n_latencies : -1;

  g_object_freeze_notify (G_OBJECT (self));
  if (self->status != status)
    {
      self->status = status;
      dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_STATUS);
    }
  if (self->latency_us != latency_us)
    {
      self->latency_us = latency_us;
      dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_LATENCY);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
count_latency (DgwShard *shard,
               gint64    latency_us)
{
  DgwShardManager *self = shard->manager;

  if (shard->latency_us >= 0)
    {
      self->n_latencies--;
      self->latency_sum_us -= shard->latency_us;
    }
  shard->latency_us = latency_us;
  if (latency_us >= 0)
    {
      self->n_latencies++;
      self->latency_sum_us += latency_us;
    }
}

static void
status_cb (DgwGateway *gateway,
           GParamSpec *pspec,
           gpointer    user_data)
{
  DgwShard *shard = dgw_shard_get (gateway);
  g_autoptr (DgwShardManager) self = g_object_ref (shard->manager);

  if (!shard->is_fresh)
    self->n_by_status[shard->status]--;
  shard->status = dgw_gateway_get_status (gateway);
  if (!shard->is_fresh)
    self->n_by_status[shard->status]++;
  if (self->reshard)
    dgw_reshard_take_status (self->reshard, shard);
  dgw_shard_manager_progress (self, shard);
  dgw_shard_manager_take_status (self);
}

static void
latency_cb (DgwGateway *gateway,
            GParamSpec *pspec,
            gpointer    user_data)
{
  DgwShard *shard = dgw_shard_get (gateway);
  g_autoptr (DgwShardManager) self = g_object_ref (shard->manager);

  if (shard->is_fresh)
    return;

  count_latency (shard, dgw_gateway_get_latency (gateway));
  dgw_shard_manager_take_status (self);
}

static void
failed_cb (DgwGateway *gateway,
           GError     *error,
           gpointer    user_data)
{
  DgwShard *shard = dgw_shard_get (gateway);
  g_autoptr (DgwShardManager) self = g_object_ref (shard->manager);

  dgw_shard_manager_failed (self, shard, error);
}

/* count 0: any. */
DgwShard *
dgw_shard_manager_find (DgwShardManager *self,
                        guint            id,
                        guint            count)
{
  for (guint i = 0; i < self->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->shards, i);

      if (shard->id == id && (count == 0 || shard->count == count))
        return shard;
    }

  return NULL;
}

GPtrArray *
dgw_shard_manager_list_gateways (DgwShardManager *self)
{
  GPtrArray *gateways = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *fresh = dgw_reshard_get_fresh (self->reshard);

  for (guint i = 0; i < self->shards->len; i++)
    g_ptr_array_add (gateways, g_object_ref (((DgwShard *)g_ptr_array_index (self->shards, i))->gateway));
  for (guint i = 0; fresh != NULL && i < fresh->len; i++)
    g_ptr_array_add (gateways, g_object_ref (((DgwShard *)g_ptr_array_index (fresh, i))->gateway));

  return gateways;
}

static DgwGateway *
make_gateway (DgwShardManager *self,
              guint            id,
              guint            count)
{
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (self->context);
  DgwGateway *gateway;

  gateway = g_object_new (DGW_TYPE_GATEWAY,
                          "intents", self->intents,
                          "shard-id", id,
                          "shard-count", MAX (count, 1),
                          "compression", self->compression,
                          "url", self->url,
                          "api-url", self->api_url,
                          "identify-limiter", dgw_shard_manager_ensure_limiter (self),
                          "session-store", self->session_store,
                          "presence", self->presence,
                          NULL);
  /* Not as a property, which would leave a copy in freed memory. */
  dgw_gateway_set_token (gateway, self->token);

  return gateway;
}

DgwShard *
dgw_shard_new (DgwShardManager *self,
               guint            id,
               guint            count)
{
  DgwShard *shard = g_new0 (DgwShard, 1);

  shard->manager = self;
  shard->id = id;
  shard->count = count;
  shard->latency_us = -1;
  shard->gateway = make_gateway (self, id, count);
  g_object_set_qdata (G_OBJECT (shard->gateway), shard_quark (), shard);
  g_signal_connect (shard->gateway, "notify::status", G_CALLBACK (status_cb), NULL);
  g_signal_connect (shard->gateway, "notify::latency", G_CALLBACK (latency_cb), NULL);
  g_signal_connect (shard->gateway, "failed", G_CALLBACK (failed_cb), NULL);
  dgw_gateway_set_observer (shard->gateway, &dgw_shard_manager_observer, self);

  return shard;
}

void
dgw_shard_free (DgwShard *shard)
{
  g_object_set_qdata (G_OBJECT (shard->gateway), shard_quark (), NULL);
  g_signal_handlers_disconnect_by_func (shard->gateway, status_cb, NULL);
  g_signal_handlers_disconnect_by_func (shard->gateway, latency_cb, NULL);
  g_signal_handlers_disconnect_by_func (shard->gateway, failed_cb, NULL);
  dgw_gateway_set_observer (shard->gateway, NULL, NULL);
  dgw_gateway_set_judge (shard->gateway, NULL, NULL);
  g_clear_pointer (&shard->missing, g_tree_unref);
  g_object_unref (shard->gateway);
  g_free (shard);
}

static guint
find_place (DgwShardManager *self,
            guint            id)
{
  guint position = self->shards->len;

  /* Most come in order. */
  while (position > 0 && ((DgwShard *)g_ptr_array_index (self->shards, position - 1))->id > id)
    position--;

  return position;
}

/* Counted and listed from now on. */
static guint
take_in (DgwShardManager *self,
         DgwShard        *shard)
{
  guint position = find_place (self, shard->id);

  shard->is_fresh = FALSE;
  g_ptr_array_insert (self->shards, (int)position, shard);
  self->n_by_status[shard->status]++;
  count_latency (shard, dgw_gateway_get_latency (shard->gateway));

  return position;
}

static void
insert (DgwShardManager *self,
        DgwShard        *shard)
{
  guint position = take_in (self, shard);

  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
  dgw_shard_manager_take_status (self);
}

/* The handlers of shard-added may do anything; the shard may be gone then. */
DgwShard *
dgw_shard_manager_add (DgwShardManager *self,
                       guint            id,
                       guint            count)
{
  DgwShard *shard = dgw_shard_new (self, id, count);
  g_autoptr (DgwGateway) gateway = g_object_ref (shard->gateway);

  dgw_debug (&(DgwLogContext){id}, "manager: shard %u of %u added", id, count);
  insert (self, shard);
  if (dgw_shard_get (gateway) == NULL)
    return NULL;

  dgw_shard_manager_emit_added (self, shard);

  return dgw_shard_get (gateway);
}

/* Returns the task that waits for its open; nullable. */
static GTask *
take_out (DgwShardManager *self,
          guint            position)
{
  DgwShard *shard = g_ptr_array_steal_index (self->shards, position);
  g_autoptr (DgwMetrics) metrics = dgw_gateway_dup_metrics (shard->gateway);
  GTask *task = g_steal_pointer (&shard->task);

  dgw_metrics_add (self->past, metrics);
  self->past->backlog = 0;
  self->past->backlog_bytes = 0;
  self->n_by_status[shard->status]--;
  count_latency (shard, -1);
  dgw_shard_free (shard);

  return task;
}

/* As the open of a gateway that is closed. */
static void
end_task (GTask *task)
{
  if (task == NULL)
    return;

  dgw_gateway_task_fail (task, dgw_shard_manager_new_closed_error ());
  g_object_unref (task);
}

void
dgw_shard_manager_remove (DgwShardManager *self,
                          DgwShard        *shard)
{
  guint  position;
  GTask *task;

  if (!g_ptr_array_find (self->shards, shard, &position))
    return;

  task = take_out (self, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  dgw_shard_manager_take_status (self);
  end_task (task);
}

/* All at once: nobody sees a list that has both, or neither. */
void
dgw_shard_manager_replace (DgwShardManager *self,
                           GPtrArray       *old,
                           GPtrArray       *fresh)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new ();
  guint n_before = self->shards->len;

  for (guint i = self->shards->len; i-- > 0;)
    if (g_ptr_array_find (old, g_ptr_array_index (self->shards, i), NULL))
      g_ptr_array_add (tasks, take_out (self, i));
  for (guint i = 0; i < fresh->len; i++)
    take_in (self, g_ptr_array_index (fresh, i));

  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->shards->len);
  dgw_shard_manager_take_status (self);
  for (guint i = 0; i < tasks->len; i++)
    end_task (g_ptr_array_index (tasks, i));
}

/* From dispose, in whatever thread that is: nothing is asked of the gateways. */
void
dgw_shard_manager_remove_all (DgwShardManager *self)
{
  while (self->shards->len > 0)
    dgw_shard_free (g_ptr_array_steal_index (self->shards, self->shards->len - 1));
}

void
dgw_shard_manager_set_count_of (DgwShardManager *self,
                                DgwShard        *shard,
                                guint            count)
{
  shard->count = count;
  dgw_gateway_set_shard_count (shard->gateway, count);
}
