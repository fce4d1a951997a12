/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-set-private.h"
#include "gateway/dgw-local-identify-limiter.h"
#include "gateway/dgw-shard-manager-private.h"

/* Options that a gateway has as well: they go to all shards there are, and to
 * those that are made later. */

/* To all gateways. A handler may change which there are. */
static void
pass_on (DgwShardManager *self,
         const char      *name,
         gconstpointer    value)
{
  g_autoptr (GPtrArray) gateways = dgw_shard_manager_list_gateways (self);

  for (guint i = 0; i < gateways->len; i++)
    g_object_set (g_ptr_array_index (gateways, i), name, value, NULL);
}

static void
pass_on_number (DgwShardManager *self,
                const char      *name,
                guint            value)
{
  g_autoptr (GPtrArray) gateways = dgw_shard_manager_list_gateways (self);

  for (guint i = 0; i < gateways->len; i++)
    g_object_set (g_ptr_array_index (gateways, i), name, value, NULL);
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
  dgw_shard_manager_set_number (self, DGW_SHARD_MANAGER_PROP_INTENTS, &self->intents, intents);
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
    dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_URL);
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
    dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_API_URL);
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
  dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_COMPRESSION);
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
 * DgwShardManager:presence: (getter get_presence) (setter set_presence)
 *
 * The bot's presence, for all shards; `NULL`, the default: Discord decides.
 *
 * Setting it does what [method@ShardManager.update_presence_async] does. Shards
 * that are made later have it from their first identify on.
 *
 * Since: 0.1
 */

/**
 * dgw_shard_manager_get_presence: (get-property presence)
 * @self: a manager
 *
 * Gets the bot's presence.
 *
 * Returns: (transfer none) (nullable): the presence that was set last for all
 *   shards, or `NULL`
 *
 * Since: 0.1
 */
DgwPresence *
dgw_shard_manager_get_presence (DgwShardManager *self)
{
  g_return_val_if_fail (dgw_shard_manager_in_own_thread (self), NULL);

  return self->presence;
}

/**
 * dgw_shard_manager_set_presence: (set-property presence)
 * @self: a manager
 * @presence: (nullable): a presence, or `NULL` to leave it to Discord
 *
 * Sets the bot's presence, as [method@ShardManager.update_presence_async] does.
 *
 * The same presence may be set again after it was changed.
 *
 * Since: 0.1
 */
void
dgw_shard_manager_set_presence (DgwShardManager *self,
                                DgwPresence     *presence)
{
  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (presence == NULL || DGW_IS_PRESENCE (presence));

  dgw_shard_manager_take_presence (self, presence);
  pass_on (self, "presence", presence);
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
  dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_IDENTIFY_LIMITER);
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
  dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_SESSION_STORE);
}
