/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-shard-manager.h"

#include "base/dgw-secret-private.h"
#include "base/dgw-snowflake.h"
#include "gateway/dgw-shard-manager-private.h"
#include "values/dgw-metrics-private.h"

/**
 * DgwShardManager:
 *
 * All shards of a bot, or those of one process, as a list of gateways.
 *
 * A bot in 2,500 guilds or more has to split its guilds over several sessions,
 * its shards. The manager makes a [class@Gateway] for each, opens them in the
 * order and at the pace that Discord wants, and keeps them sorted by shard id.
 *
 * ```c
 * g_autoptr (DgwShardManager) manager = dgw_shard_manager_new (token, DGW_INTENTS_NON_PRIVILEGED);
 *
 * g_signal_connect (manager, "event::MESSAGE_CREATE", G_CALLBACK (message_cb), NULL);
 * dgw_shard_manager_open_async (manager, NULL, NULL, NULL);
 * ```
 *
 * How many shards to use is asked from Discord, or set with
 * [property@ShardManager:shard-count]. A process that runs only some of them
 * sets [property@ShardManager:shard-ids], too.
 *
 * [signal@ShardManager::event] brings the events of all shards. To set up a
 * gateway (its TLS database, its limits) or to connect to its other signals,
 * use [signal@ShardManager::shard-added]. Each shard reconnects by itself, with
 * a session, limits and compression of its own; the shards are spread over as
 * many threads as there are processors.
 *
 * What makes one shard fail for good is told by [signal@ShardManager::failed].
 * Where it cannot be otherwise with the rest (a wrong token, intents that are
 * not allowed), the manager suspends the others.
 *
 * The rules of [class@Gateway] for threads and contexts hold here, too.
 *
 * Discord's documentation: [Sharding](https://discord.com/developers/docs/events/gateway#sharding).
 *
 * Since: 0.1
 */

static void dgw_shard_manager_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DgwShardManager,
                               dgw_shard_manager,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, dgw_shard_manager_list_init))

GParamSpec *dgw_shard_manager_properties[DGW_SHARD_MANAGER_N_PROPS];

enum
{
  SHARD_ADDED,
  EVENT,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

gboolean
dgw_shard_manager_in_own_thread (DgwShardManager *self)
{
  return DGW_IS_SHARD_MANAGER (self) && self->owner == g_thread_self ();
}

/* The list. */

static GType
get_item_type (GListModel *model)
{
  return DGW_TYPE_GATEWAY;
}

static guint
get_n_items (GListModel *model)
{
  return DGW_SHARD_MANAGER (model)->shards->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  DgwShardManager *self = DGW_SHARD_MANAGER (model);

  if (position >= self->shards->len)
    return NULL;

  return g_object_ref (((DgwShard *)g_ptr_array_index (self->shards, position))->gateway);
}

static void
dgw_shard_manager_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Signals. */

/* As a gateway asks for itself: an event is built only if somebody wants it. */
static gboolean
wants (GQuark   detail,
       gpointer user_data)
{
  if (g_signal_handler_find (user_data, G_SIGNAL_MATCH_ID, signals[EVENT], 0, NULL, NULL, NULL) == 0)
    return FALSE;

  return g_signal_has_handler_pending (user_data, signals[EVENT], 0, FALSE) ||
         (detail != 0 && g_signal_has_handler_pending (user_data, signals[EVENT], detail, FALSE));
}

static void
emit_event (DgwGateway *gateway,
            GQuark      detail,
            DgwEvent   *event,
            gpointer    user_data)
{
  g_autoptr (DgwShardManager) self = g_object_ref (user_data);

  g_signal_emit (self, signals[EVENT], detail, gateway, event);
}

const DgwGatewayObserver dgw_shard_manager_observer = {wants, emit_event};

void
dgw_shard_manager_emit_added (DgwShardManager *self,
                              DgwShard        *shard)
{
  g_autoptr (DgwGateway) gateway = g_object_ref (shard->gateway);

  g_signal_emit (self, signals[SHARD_ADDED], 0, gateway);
}

/* Only a shard that this process asked for: of a reshard, its end tells. */
void
dgw_shard_manager_emit_failed (DgwShardManager *self,
                               DgwGateway      *gateway,
                               const GError    *error)
{
  g_signal_emit (self, signals[FAILED], 0, gateway, error);
}

/* The object. */

static void
dgw_shard_manager_dispose (GObject *object)
{
  DgwShardManager *self = DGW_SHARD_MANAGER (object);

  dgw_shard_manager_stop_asking (self);
  g_clear_pointer (&self->reshard, dgw_reshard_free);
  dgw_shard_manager_remove_all (self);

  G_OBJECT_CLASS (dgw_shard_manager_parent_class)->dispose (object);
}

/* Pending operations hold a reference: there are none left. */
static void
dgw_shard_manager_finalize (GObject *object)
{
  DgwShardManager *self = DGW_SHARD_MANAGER (object);

  g_clear_pointer (&self->shards, g_ptr_array_unref);
  g_clear_pointer (&self->stop_tasks, g_ptr_array_unref);
  g_clear_pointer (&self->token, dgw_secret_free);
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->api_url, g_free);
  g_clear_pointer (&self->found_url, g_free);
  g_clear_pointer (&self->shard_ids, g_variant_unref);
  g_clear_object (&self->presence);
  g_clear_object (&self->identify_limiter);
  g_clear_object (&self->own_limiter);
  g_clear_object (&self->session_store);
  g_clear_pointer (&self->past, dgw_metrics_unref);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (dgw_shard_manager_parent_class)->finalize (object);
}

static void
dgw_shard_manager_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  DgwShardManager *self = DGW_SHARD_MANAGER (object);

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));

  switch (prop_id)
    {
    case DGW_SHARD_MANAGER_PROP_STATUS:
      g_value_set_enum (value, dgw_shard_manager_get_status (self));
      break;
    case DGW_SHARD_MANAGER_PROP_LATENCY:
      g_value_set_int64 (value, dgw_shard_manager_get_latency (self));
      break;
    default:
      dgw_shard_manager_get_option (self, prop_id, value);
    }
}

static void
dgw_shard_manager_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  DgwShardManager *self = DGW_SHARD_MANAGER (object);

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));

  dgw_shard_manager_set_option (self, prop_id, value);
}

static void
install_state (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * DgwShardManager:status: (getter get_status)
   *
   * The status of the shard that is least ready: `DGW_STATUS_READY` when all
   * are. `DGW_STATUS_UNCONNECTED` without a shard.
   *
   * Since: 0.1
   */
  dgw_shard_manager_properties[DGW_SHARD_MANAGER_PROP_STATUS] =
    g_param_spec_enum ("status", NULL, NULL, DGW_TYPE_STATUS, DGW_STATUS_UNCONNECTED, flags);
  g_object_class_install_property (object_class, DGW_SHARD_MANAGER_PROP_STATUS,
                                   dgw_shard_manager_properties[DGW_SHARD_MANAGER_PROP_STATUS]);

  /**
   * DgwShardManager:latency: (getter get_latency)
   *
   * How long Discord takes to answer heartbeats, the mean of the shards' last
   * ones, in microseconds; -1 before the first answer.
   *
   * Since: 0.1
   */
  dgw_shard_manager_properties[DGW_SHARD_MANAGER_PROP_LATENCY] =
    g_param_spec_int64 ("latency", NULL, NULL, -1, G_MAXINT64, -1, flags);
  g_object_class_install_property (object_class, DGW_SHARD_MANAGER_PROP_LATENCY,
                                   dgw_shard_manager_properties[DGW_SHARD_MANAGER_PROP_LATENCY]);
}

static void
dgw_shard_manager_class_init (DgwShardManagerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dgw_shard_manager_dispose;
  object_class->finalize = dgw_shard_manager_finalize;
  object_class->get_property = dgw_shard_manager_get_property;
  object_class->set_property = dgw_shard_manager_set_property;

  dgw_shard_manager_install_options (object_class);
  install_state (object_class);

  /**
   * DgwShardManager::shard-added:
   * @self: the manager
   * @gateway: the shard
   *
   * Emitted for each shard before it opens, to set it up and to connect to its
   * signals.
   *
   * With an automatic [property@ShardManager:shard-count] the first shard comes
   * before Discord is asked, since it does the asking: its shard count is set
   * afterwards.
   *
   * Since: 0.1
   */
  signals[SHARD_ADDED] = g_signal_new ("shard-added", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, DGW_TYPE_GATEWAY);

  /**
   * DgwShardManager::event:
   * @self: the manager
   * @gateway: the shard
   * @event: the event
   *
   * Emitted for every event of every shard, after the handlers of the shard
   * itself. The detail is the name on the wire, as in `event::MESSAGE_CREATE`.
   *
   * Nothing is built for events that nobody listens to.
   *
   * Since: 0.1
   */
  signals[EVENT] = g_signal_new ("event", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 2, DGW_TYPE_GATEWAY, DGW_TYPE_EVENT);

  /**
   * DgwShardManager::failed:
   * @self: the manager
   * @gateway: the shard
   * @error: why
   *
   * Emitted when a shard is down for good, after its own
   * [signal@Gateway::failed] and before a pending open finishes with the error.
   *
   * It is not emitted for a shard that is split instead, see
   * [property@ShardManager:auto-scale], nor for a new one of
   * [method@ShardManager.reshard_async], which fails then. What is wrong with
   * all shards is told once for each that found out; the others are suspended.
   *
   * Since: 0.1
   */
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, DGW_TYPE_GATEWAY, G_TYPE_ERROR);
}

static void
dgw_shard_manager_init (DgwShardManager *self)
{
  self->owner = g_thread_self ();
  self->context = g_main_context_ref_thread_default ();
  self->shards = g_ptr_array_new ();
  self->stop_tasks = g_ptr_array_new_with_free_func (g_object_unref);
  self->past = dgw_metrics_new ();
  self->latency_us = -1;
  self->max_concurrency = 1;
  self->split_count = 2;
  self->compression = DGW_COMPRESSION_ZSTD_STREAM;
  self->api_url = g_strdup (DGW_DEFAULT_API_URL);
}

/**
 * dgw_shard_manager_new:
 * @token: a bot's token, with or without `Bot ` in front
 * @intents: which events to get, bits of [flags@Intents]
 *
 * Makes a manager without shards. Its signals will come in the thread-default
 * main context of this call.
 *
 * Returns: (transfer full): a manager
 *
 * Since: 0.1
 */
DgwShardManager *
dgw_shard_manager_new (const char *token,
                       guint       intents)
{
  DgwShardManager *self;

  g_return_val_if_fail (token != NULL, NULL);

  self = g_object_new (DGW_TYPE_SHARD_MANAGER, "intents", intents, NULL);
  /* Not as a property, which would leave a copy in freed memory. */
  self->token = g_strdup (token);

  return self;
}

/**
 * dgw_shard_manager_get_shard:
 * @self: a manager
 * @shard_id: the number of a shard
 *
 * Gets the gateway of a shard.
 *
 * Returns: (transfer none) (nullable): the gateway, or `NULL` when the manager
 *   has no such shard
 *
 * Since: 0.1
 */
DgwGateway *
dgw_shard_manager_get_shard (DgwShardManager *self,
                             guint            shard_id)
{
  DgwShard *shard;

  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), NULL);

  shard = dgw_shard_manager_find (self, shard_id, 0);

  return shard ? shard->gateway : NULL;
}

/**
 * dgw_shard_manager_get_shard_for_guild:
 * @self: a manager
 * @guild_id: the id of a guild
 *
 * Gets the gateway of the shard that a guild is on, for commands that concern
 * this guild.
 *
 * This works also while the shards are being split or replaced and do not all
 * have the same count.
 *
 * Returns: (transfer none) (nullable): the gateway, or `NULL` when the manager
 *   has no such shard
 *
 * Since: 0.1
 */
DgwGateway *
dgw_shard_manager_get_shard_for_guild (DgwShardManager *self,
                                       const char      *guild_id)
{
  guint count = 0, id = 0;

  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), NULL);
  g_return_val_if_fail (guild_id != NULL, NULL);

  for (guint i = 0; i < self->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->shards, i);

      if (shard->count != count)
        {
          count = shard->count;
          id = dgw_shard_id_for_guild (guild_id, count);
        }
      if (shard->id == id)
        return shard->gateway;
    }

  return NULL;
}

/**
 * dgw_shard_manager_dup_metrics:
 * @self: a manager
 *
 * Counts what all shards have done, also those that are gone: sums, and of stalls
 * the longest.
 *
 * Returns: (transfer full): the metrics as they stand now
 *
 * Since: 0.1
 */
DgwMetrics *
dgw_shard_manager_dup_metrics (DgwShardManager *self)
{
  DgwMetrics *sum;

  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), NULL);

  sum = dgw_metrics_new ();
  dgw_metrics_add (sum, self->past);
  for (guint i = 0; i < self->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->shards, i);
      g_autoptr (DgwMetrics) metrics = dgw_gateway_dup_metrics (shard->gateway);

      dgw_metrics_add (sum, metrics);
    }

  return sum;
}

/**
 * dgw_shard_manager_get_status: (get-property status)
 * @self: a manager
 *
 * Gets the status of the shard that is least ready.
 *
 * Returns: the status
 *
 * Since: 0.1
 */
DgwStatus
dgw_shard_manager_get_status (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), DGW_STATUS_UNCONNECTED);

  return self->status;
}

/**
 * dgw_shard_manager_get_latency: (get-property latency)
 * @self: a manager
 *
 * Gets how long Discord takes to answer heartbeats, the mean of the shards' last
 * ones, in microseconds; -1 before the first answer.
 *
 * Returns: microseconds, or -1
 *
 * Since: 0.1
 */
gint64
dgw_shard_manager_get_latency (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), -1);

  return self->latency_us;
}
