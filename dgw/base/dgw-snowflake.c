/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-snowflake.h"

/* 2015-01-01T00:00:00Z: snowflakes count their milliseconds from there. */
#define DISCORD_EPOCH_MS G_GUINT64_CONSTANT (1420070400000)

#define TIME_SHIFT 22

static gboolean
parse_snowflake (const char *snowflake, guint64 *value)
{
  return snowflake != NULL && g_ascii_string_to_unsigned (snowflake, 10, 0, G_MAXUINT64, value, NULL);
}

/**
 * dgw_snowflake_to_uint64:
 * @snowflake: (nullable): an id as Discord writes it
 *
 * Reads the number of an id.
 *
 * Discord's documentation: [Snowflakes](https://discord.com/developers/docs/reference#snowflakes).
 *
 * Returns: the number; 0 if @snowflake is `NULL` or is no unsigned decimal
 *   number of 64 bits
 *
 * Since: 0.1
 */
guint64
dgw_snowflake_to_uint64 (const char *snowflake)
{
  guint64 value = 0;

  return parse_snowflake (snowflake, &value) ? value : 0;
}

/**
 * dgw_snowflake_get_time:
 * @snowflake: (nullable): an id as Discord writes it
 *
 * When the thing that has an id was made: every id carries the time, to the
 * millisecond.
 *
 * Discord's documentation: [Snowflakes](https://discord.com/developers/docs/reference#snowflakes).
 *
 * Returns: (transfer full) (nullable): the time, in UTC; `NULL` if @snowflake is
 *   `NULL` or is no unsigned decimal number of 64 bits
 *
 * Since: 0.1
 */
GDateTime *
dgw_snowflake_get_time (const char *snowflake)
{
  guint64 value;
  guint64 unix_ms;
  g_autoptr (GDateTime) seconds = NULL;

  if (!parse_snowflake (snowflake, &value))
    return NULL;

  unix_ms = (value >> TIME_SHIFT) + DISCORD_EPOCH_MS;
  seconds = g_date_time_new_from_unix_utc ((gint64)(unix_ms / 1000));

  return g_date_time_add (seconds, (GTimeSpan)(unix_ms % 1000) * G_TIME_SPAN_MILLISECOND);
}

/**
 * dgw_shard_id_for_guild:
 * @guild_id: (nullable): the id of a guild; `NULL` for what belongs to none, such
 *   as direct messages, which is sent to shard 0
 * @shard_count: how many shards there are, at least 1
 *
 * Which shard gets the events of a guild.
 *
 * Discord's documentation: [Sharding](https://discord.com/developers/docs/events/gateway#sharding).
 *
 * Returns: the id of the shard, below @shard_count; 0 if @guild_id is no unsigned
 *   decimal number of 64 bits
 *
 * Since: 0.1
 */
guint
dgw_shard_id_for_guild (const char *guild_id, guint shard_count)
{
  g_return_val_if_fail (shard_count > 0, 0);

  return (guint)((dgw_snowflake_to_uint64 (guild_id) >> TIME_SHIFT) % shard_count);
}
