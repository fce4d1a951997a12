/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-shard-manager-private.h"

/* How many shards there are, which of them are here, and when they are split. */

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

  dgw_shard_manager_set_number (self, DGW_SHARD_MANAGER_PROP_SHARD_COUNT, &self->shard_count, shard_count);
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
  dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_SHARD_IDS);
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
  dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_AUTO_SCALE);
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

  dgw_shard_manager_set_number (self, DGW_SHARD_MANAGER_PROP_SPLIT_COUNT, &self->split_count, split_count);
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
