/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-set-private.h"
#include "gateway/dgw-local-identify-limiter.h"
#include "gateway/dgw-shard-manager-private.h"

/* What is set. An option that a gateway has as well goes to all shards there
 * are, and to those that are made later. */

static void
notify (DgwShardManager    *self,
        DgwShardManagerProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), dgw_shard_manager_properties[prop]);
}

static void
set_number (DgwShardManager    *self,
            DgwShardManagerProp prop,
            guint              *field,
            guint               value)
{
  if (*field == value)
    return;

  *field = value;
  notify (self, prop);
}

/* To all gateways. */
static void
pass_on (DgwShardManager *self,
         const char      *name,
         gconstpointer    value)
{
  for (guint i = 0; i < self->shards->len; i++)
    g_object_set (((DgwShard *)g_ptr_array_index (self->shards, i))->gateway, name, value, NULL);
}

static void
pass_on_number (DgwShardManager *self,
                const char      *name,
                guint            value)
{
  for (guint i = 0; i < self->shards->len; i++)
    g_object_set (((DgwShard *)g_ptr_array_index (self->shards, i))->gateway, name, value, NULL);
}

/**
 * DgwShardManager:intents: (getter get_intents) (setter set_intents)
 *
 * Which events to get, bits of [flags@Intents]. A change counts from the next
 * identify of each shard on.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_intents: (get-property intents)
 * @self: a manager
 *
 * Gets which events to get.
 *
 * Returns: bits of [flags@Intents]
 *
 * Since: 0.1
 */
guint
dgw_shard_manager_get_intents (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), 0);

  return self->intents;
}

/**
 * dgw_shard_manager_set_intents: (set-property intents)
 * @self: a manager
 * @intents: bits of [flags@Intents]
 *
 * Sets which events to get. A change counts from the next identify of each shard
 * on, and its session is dropped then.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_intents (DgwShardManager *self,
                               guint            intents)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));

  pass_on_number (self, "intents", intents);
  set_number (self, DGW_SHARD_MANAGER_PROP_INTENTS, &self->intents, intents);
}

/**
 * DgwShardManager:shard-count: (getter get_shard_count) (setter set_shard_count)
 *
 * How many shards the bot has, over all processes. 0, the default: as many as
 * Discord recommends, which is asked each time that the manager opens; this does
 * not go together with [property@ShardManager:url].
 *
 * A change counts from the next open on. To change the count of a bot that is
 * running there is [method@ShardManager.reshard_async].
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_shard_count: (get-property shard-count)
 * @self: a manager
 *
 * Gets how many shards the bot has, over all processes.
 *
 * Returns: the number, or 0 for automatic
 *
 * Since: 0.1
 */
guint
dgw_shard_manager_get_shard_count (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), 0);

  return self->shard_count;
}

/**
 * dgw_shard_manager_set_shard_count: (set-property shard-count)
 * @self: a manager
 * @shard_count: the number, or 0 for automatic
 *
 * Sets how many shards the bot has, over all processes, from the next open on.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_shard_count (DgwShardManager *self,
                                   guint            shard_count)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));

  set_number (self, DGW_SHARD_MANAGER_PROP_SHARD_COUNT, &self->shard_count, shard_count);
}

/**
 * DgwShardManager:shard-ids: (getter get_shard_ids) (setter set_shard_ids)
 *
 * The shards to run in this process, as an array of numbers (`au`); `NULL`, the
 * default: all. A change counts from the next open on.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_shard_ids: (get-property shard-ids)
 * @self: a manager
 *
 * Gets the shards to run in this process.
 *
 * Returns: (transfer none) (nullable): an array of numbers (`au`), or `NULL` for all
 *
 * Since: 0.1
 */
GVariant *
dgw_shard_manager_get_shard_ids (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), NULL);

  return self->shard_ids;
}

/**
 * dgw_shard_manager_set_shard_ids: (set-property shard-ids)
 * @self: a manager
 * @shard_ids: (nullable): an array of numbers (`au`), or `NULL` for all
 *
 * Sets the shards to run in this process, from the next open on.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_shard_ids (DgwShardManager *self,
                                 GVariant        *shard_ids)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (shard_ids == NULL || g_variant_is_of_type (shard_ids, G_VARIANT_TYPE ("au")));

  if (shard_ids == self->shard_ids || (shard_ids && self->shard_ids && g_variant_equal (shard_ids, self->shard_ids)))
    return;

  g_clear_pointer (&self->shard_ids, g_variant_unref);
  self->shard_ids = shard_ids ? g_variant_ref_sink (shard_ids) : NULL;
  notify (self, DGW_SHARD_MANAGER_PROP_SHARD_IDS);
}

/**
 * DgwShardManager:auto-scale: (getter get_auto_scale) (setter set_auto_scale)
 *
 * Whether a shard that has too many guilds (close code 4011) is split into
 * [property@ShardManager:split-count] new ones by itself.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_auto_scale: (get-property auto-scale)
 * @self: a manager
 *
 * Gets whether a shard that has too many guilds is split.
 *
 * Returns: `TRUE` if it is
 *
 * Since: 0.1
 */
gboolean
dgw_shard_manager_get_auto_scale (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), FALSE);

  return self->auto_scale;
}

/**
 * dgw_shard_manager_set_auto_scale: (set-property auto-scale)
 * @self: a manager
 * @auto_scale: `TRUE` to split it
 *
 * Sets whether a shard that has too many guilds is split.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_auto_scale (DgwShardManager *self,
                                  gboolean         auto_scale)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));

  if (self->auto_scale == !!auto_scale)
    return;

  self->auto_scale = !!auto_scale;
  notify (self, DGW_SHARD_MANAGER_PROP_AUTO_SCALE);
}

/**
 * DgwShardManager:split-count: (getter get_split_count) (setter set_split_count)
 *
 * Into how many a shard is split, see [property@ShardManager:auto-scale]; 2 or
 * more.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_split_count: (get-property split-count)
 * @self: a manager
 *
 * Gets into how many a shard is split.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_shard_manager_get_split_count (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), 2);

  return self->split_count;
}

/**
 * dgw_shard_manager_set_split_count: (set-property split-count)
 * @self: a manager
 * @split_count: the number, at least 2
 *
 * Sets into how many a shard is split.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_split_count (DgwShardManager *self,
                                   guint            split_count)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (split_count >= 2);

  set_number (self, DGW_SHARD_MANAGER_PROP_SPLIT_COUNT, &self->split_count, split_count);
}

/**
 * DgwShardManager:url: (getter get_url) (setter set_url)
 *
 * The gateway's address; `NULL`, the default: it is asked from
 * [property@ShardManager:api-url], once for all shards.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_url: (get-property url)
 * @self: a manager
 *
 * Gets the gateway's address.
 *
 * Returns: (transfer none) (nullable): the address, owned by the manager, or `NULL` when it is
 *   asked for
 *
 * Since: 0.1
 */
const char *
dgw_shard_manager_get_url (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), NULL);

  return self->url;
}

/**
 * dgw_shard_manager_set_url: (set-property url)
 * @self: a manager
 * @url: (nullable): the address, or `NULL` to ask for it
 *
 * Sets the gateway's address.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_url (DgwShardManager *self,
                           const char      *url)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (url == NULL || g_utf8_validate (url, -1, NULL));

  pass_on (self, "url", url);
  if (dgw_set_str (&self->url, url))
    notify (self, DGW_SHARD_MANAGER_PROP_URL);
}

/**
 * DgwShardManager:api-url: (getter get_api_url) (setter set_api_url)
 *
 * The root of Discord's REST interface, where the address and the number of
 * shards are asked from.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_api_url: (get-property api-url)
 * @self: a manager
 *
 * Gets the root of Discord's REST interface.
 *
 * Returns: (transfer none): the address, owned by the manager
 *
 * Since: 0.1
 */
const char *
dgw_shard_manager_get_api_url (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), NULL);

  return self->api_url;
}

/**
 * dgw_shard_manager_set_api_url: (set-property api-url)
 * @self: a manager
 * @api_url: (nullable): the address, or `NULL` for the default
 *
 * Sets the root of Discord's REST interface.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_api_url (DgwShardManager *self,
                               const char      *api_url)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (api_url == NULL || g_utf8_validate (api_url, -1, NULL));

  if (!api_url)
    api_url = DGW_DEFAULT_API_URL;
  pass_on (self, "api-url", api_url);
  if (dgw_set_str (&self->api_url, api_url))
    notify (self, DGW_SHARD_MANAGER_PROP_API_URL);
}

/**
 * DgwShardManager:compression: (getter get_compression) (setter set_compression)
 *
 * How the shards ask Discord to compress. A change counts from the next
 * connection of each on.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_compression: (get-property compression)
 * @self: a manager
 *
 * Gets how the shards ask Discord to compress.
 *
 * Returns: the compression
 *
 * Since: 0.1
 */
DgwCompression
dgw_shard_manager_get_compression (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), DGW_COMPRESSION_NONE);

  return self->compression;
}

/**
 * dgw_shard_manager_set_compression: (set-property compression)
 * @self: a manager
 * @compression: the compression
 *
 * Sets how the shards ask Discord to compress.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_compression (DgwShardManager *self,
                                   DgwCompression   compression)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));

  pass_on_number (self, "compression", compression);
  if (self->compression == compression)
    return;

  self->compression = compression;
  notify (self, DGW_SHARD_MANAGER_PROP_COMPRESSION);
}

/* The shards are others now. */
void
dgw_shard_manager_take_layout (DgwShardManager *self,
                               guint            count)
{
  GVariantBuilder ids;

  dgw_shard_manager_set_shard_count (self, count);
  if (self->shard_ids == NULL)
    return;

  g_variant_builder_init (&ids, G_VARIANT_TYPE ("au"));
  for (guint i = 0; i < self->shards->len; i++)
    g_variant_builder_add (&ids, "u", ((DgwShard *)g_ptr_array_index (self->shards, i))->id);
  dgw_shard_manager_set_shard_ids (self, g_variant_builder_end (&ids));
}

DgwIdentifyLimiter *
dgw_shard_manager_ensure_limiter (DgwShardManager *self)
{
  if (self->identify_limiter)
    return self->identify_limiter;

  if (self->own_limiter == NULL)
    self->own_limiter = DGW_IDENTIFY_LIMITER (dgw_local_identify_limiter_new (0));

  return self->own_limiter;
}

/**
 * DgwShardManager:identify-limiter: (getter get_identify_limiter) (setter set_identify_limiter)
 *
 * What says when a shard may identify, for all shards; `NULL`, the default: one
 * of the manager's own, which keeps to what Discord allows. To share it with
 * other processes set a limiter that does.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_identify_limiter: (get-property identify-limiter)
 * @self: a manager
 *
 * Gets what says when a shard may identify.
 *
 * Returns: (transfer none) (nullable): the limiter that was set, or `NULL`
 *
 * Since: 0.1
 */
DgwIdentifyLimiter *
dgw_shard_manager_get_identify_limiter (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), NULL);

  return self->identify_limiter;
}

/**
 * dgw_shard_manager_set_identify_limiter: (set-property identify-limiter)
 * @self: a manager
 * @identify_limiter: (nullable): the limiter, or `NULL` for one of the manager's own
 *
 * Sets what says when a shard may identify.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_identify_limiter (DgwShardManager    *self,
                                        DgwIdentifyLimiter *identify_limiter)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (identify_limiter == NULL || DGW_IS_IDENTIFY_LIMITER (identify_limiter));

  if (!g_set_object (&self->identify_limiter, identify_limiter))
    return;

  if (self->shards->len > 0)
    pass_on (self, "identify-limiter", dgw_shard_manager_ensure_limiter (self));
  notify (self, DGW_SHARD_MANAGER_PROP_IDENTIFY_LIMITER);
}

/**
 * DgwShardManager:session-store: (getter get_session_store) (setter set_session_store)
 *
 * Where the shards keep their sessions, to resume them at the next start; `NULL`,
 * the default: nowhere.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_session_store: (get-property session-store)
 * @self: a manager
 *
 * Gets where the shards keep their sessions.
 *
 * Returns: (transfer none) (nullable): the store, or `NULL`
 *
 * Since: 0.1
 */
DgwSessionStore *
dgw_shard_manager_get_session_store (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), NULL);

  return self->session_store;
}

/**
 * dgw_shard_manager_set_session_store: (set-property session-store)
 * @self: a manager
 * @session_store: (nullable): the store, or `NULL` for none
 *
 * Sets where the shards keep their sessions.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_session_store (DgwShardManager *self,
                                     DgwSessionStore *session_store)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (session_store == NULL || DGW_IS_SESSION_STORE (session_store));

  if (!g_set_object (&self->session_store, session_store))
    return;

  pass_on (self, "session-store", session_store);
  notify (self, DGW_SHARD_MANAGER_PROP_SESSION_STORE);
}

void
dgw_shard_manager_get_option (DgwShardManager    *self,
                              DgwShardManagerProp prop,
                              GValue             *value)
{
  switch ((int)prop)
    {
    case DGW_SHARD_MANAGER_PROP_INTENTS:
      g_value_set_uint (value, self->intents);
      break;
    case DGW_SHARD_MANAGER_PROP_SHARD_COUNT:
      g_value_set_uint (value, self->shard_count);
      break;
    case DGW_SHARD_MANAGER_PROP_SHARD_IDS:
      g_value_set_variant (value, self->shard_ids);
      break;
    case DGW_SHARD_MANAGER_PROP_AUTO_SCALE:
      g_value_set_boolean (value, self->auto_scale);
      break;
    case DGW_SHARD_MANAGER_PROP_SPLIT_COUNT:
      g_value_set_uint (value, self->split_count);
      break;
    case DGW_SHARD_MANAGER_PROP_URL:
      g_value_set_string (value, self->url);
      break;
    case DGW_SHARD_MANAGER_PROP_API_URL:
      g_value_set_string (value, self->api_url);
      break;
    case DGW_SHARD_MANAGER_PROP_COMPRESSION:
      g_value_set_enum (value, self->compression);
      break;
    case DGW_SHARD_MANAGER_PROP_IDENTIFY_LIMITER:
      g_value_set_object (value, self->identify_limiter);
      break;
    case DGW_SHARD_MANAGER_PROP_SESSION_STORE:
      g_value_set_object (value, self->session_store);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
dgw_shard_manager_set_option (DgwShardManager    *self,
                              DgwShardManagerProp prop,
                              const GValue       *value)
{
  switch ((int)prop)
    {
    case DGW_SHARD_MANAGER_PROP_TOKEN:
      self->token = g_value_dup_string (value);
      break;
    case DGW_SHARD_MANAGER_PROP_INTENTS:
      dgw_shard_manager_set_intents (self, g_value_get_uint (value));
      break;
    case DGW_SHARD_MANAGER_PROP_SHARD_COUNT:
      dgw_shard_manager_set_shard_count (self, g_value_get_uint (value));
      break;
    case DGW_SHARD_MANAGER_PROP_SHARD_IDS:
      dgw_shard_manager_set_shard_ids (self, g_value_get_variant (value));
      break;
    case DGW_SHARD_MANAGER_PROP_AUTO_SCALE:
      dgw_shard_manager_set_auto_scale (self, g_value_get_boolean (value));
      break;
    case DGW_SHARD_MANAGER_PROP_SPLIT_COUNT:
      dgw_shard_manager_set_split_count (self, g_value_get_uint (value));
      break;
    case DGW_SHARD_MANAGER_PROP_URL:
      dgw_shard_manager_set_url (self, g_value_get_string (value));
      break;
    case DGW_SHARD_MANAGER_PROP_API_URL:
      dgw_shard_manager_set_api_url (self, g_value_get_string (value));
      break;
    case DGW_SHARD_MANAGER_PROP_COMPRESSION:
      dgw_shard_manager_set_compression (self, g_value_get_enum (value));
      break;
    case DGW_SHARD_MANAGER_PROP_IDENTIFY_LIMITER:
      dgw_shard_manager_set_identify_limiter (self, g_value_get_object (value));
      break;
    case DGW_SHARD_MANAGER_PROP_SESSION_STORE:
      dgw_shard_manager_set_session_store (self, g_value_get_object (value));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
install (GObjectClass       *object_class,
         DgwShardManagerProp prop,
         GParamSpec         *pspec)
{
  dgw_shard_manager_properties[prop] = pspec;
  g_object_class_install_property (object_class, prop, pspec);
}

/**
 * DgwShardManager:token:
 *
 * The bot's token, with or without `Bot ` in front. It cannot be read again and
 * is in no log and no error.
 *
 * Since: 0.1
 */

void
dgw_shard_manager_install_options (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  install (object_class, DGW_SHARD_MANAGER_PROP_TOKEN,
           g_param_spec_string ("token", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
  install (object_class, DGW_SHARD_MANAGER_PROP_INTENTS,
           g_param_spec_uint ("intents", NULL, NULL, 0, G_MAXUINT, 0, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_SHARD_COUNT,
           g_param_spec_uint ("shard-count", NULL, NULL, 0, G_MAXUINT, 0, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_SHARD_IDS,
           g_param_spec_variant ("shard-ids", NULL, NULL, G_VARIANT_TYPE ("au"), NULL, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_AUTO_SCALE,
           g_param_spec_boolean ("auto-scale", NULL, NULL, FALSE, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_SPLIT_COUNT,
           g_param_spec_uint ("split-count", NULL, NULL, 2, G_MAXUINT, 2, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_URL,
           g_param_spec_string ("url", NULL, NULL, NULL, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_API_URL,
           g_param_spec_string ("api-url", NULL, NULL, DGW_DEFAULT_API_URL, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_COMPRESSION,
           g_param_spec_enum ("compression", NULL, NULL, DGW_TYPE_COMPRESSION, DGW_COMPRESSION_ZSTD_STREAM, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_IDENTIFY_LIMITER,
           g_param_spec_object ("identify-limiter", NULL, NULL, DGW_TYPE_IDENTIFY_LIMITER, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_SESSION_STORE,
           g_param_spec_object ("session-store", NULL, NULL, DGW_TYPE_SESSION_STORE, flags));
}
