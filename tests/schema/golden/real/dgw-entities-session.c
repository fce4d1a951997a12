/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/objects/session.toml by dgw/schema/generate.py: edit those instead. */
#include "config.h"

#include "dgw-entities-session.h"

#include "dgw-entities-application.h"
#include "dgw-entities-guild.h"
#include "dgw-entities-user.h"
#include "values/dgw-entity-private.h"

/**
 * DgwReadyEvent:
 *
 * The first event of a session.
 *
 * It comes with [signal@Gateway::ready].
 *
 * Discord's documentation:
 * [Ready](https://discord.com/developers/docs/events/gateway-events#ready).
 *
 * Since: 0.1
 */
struct _DgwReadyEvent
{
  DgwEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (DgwReadyEvent, dgw_ready_event, DGW_TYPE_ENTITY)

enum
{
  READY_EVENT_FIELD_V,
  READY_EVENT_FIELD_USER,
  READY_EVENT_FIELD_GUILDS,
  READY_EVENT_FIELD_SESSION_ID,
  READY_EVENT_FIELD_RESUME_GATEWAY_URL,
  READY_EVENT_FIELD_SHARD,
  READY_EVENT_FIELD_APPLICATION,
};

static const DgwField ready_event_fields[] = {
  {"v",                  "v",                  DGW_FIELD_INT,    0, 0, NULL                          },
  {"user",               "user",               DGW_FIELD_OBJECT, 0, 0, dgw_user_get_type             },
  {"guilds",             "guilds",             DGW_FIELD_LIST,   0, 1, dgw_unavailable_guild_get_type},
  {"session_id",         "session-id",         DGW_FIELD_STRING, 0, 0, NULL                          },
  {"resume_gateway_url", "resume-gateway-url", DGW_FIELD_STRING, 0, 0, NULL                          },
  {"shard",              "shard",              DGW_FIELD_INTS,   0, 2, NULL                          },
  {"application",        "application",        DGW_FIELD_OBJECT, 0, 3, dgw_application_get_type      },
};

static void
dgw_ready_event_class_init (DgwReadyEventClass *klass)
{
  dgw_entity_class_set_fields (DGW_ENTITY_CLASS (klass),
                               ready_event_fields,
                               G_N_ELEMENTS (ready_event_fields),
                               4);
}

static void
dgw_ready_event_init (DgwReadyEvent *self)
{
}

/**
 * DgwReadyEvent:v: (getter get_v)
 *
 * Version of the gateway protocol that the session speaks.
 *
 * Since: 0.1
 */

/**
 * dgw_ready_event_get_v: (get-property v)
 * @self: a ready event
 *
 * Version of the gateway protocol that the session speaks.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
int
dgw_ready_event_get_v (DgwReadyEvent *self)
{
  g_return_val_if_fail (DGW_IS_READY_EVENT (self), 0);

  return dgw_entity_read_int (self, &ready_event_fields[READY_EVENT_FIELD_V]);
}

/**
 * DgwReadyEvent:user: (getter get_user)
 *
 * The bot's own user.
 *
 * Since: 0.1
 */

/**
 * dgw_ready_event_get_user: (get-property user)
 * @self: a ready event
 *
 * The bot's own user.
 *
 * Returns: (transfer none) (nullable): the user
 *
 * Since: 0.1
 */
DgwUser *
dgw_ready_event_get_user (DgwReadyEvent *self)
{
  g_return_val_if_fail (DGW_IS_READY_EVENT (self), NULL);

  return dgw_entity_read_kept (self, &ready_event_fields[READY_EVENT_FIELD_USER]);
}

/**
 * DgwReadyEvent:guilds: (getter get_guilds)
 *
 * Guilds of this shard that the bot is in: ids only, each followed by a `GUILD_CREATE`.
 *
 * The items are [class@UnavailableGuild].
 *
 * Since: 0.1
 */

/**
 * dgw_ready_event_get_guilds: (get-property guilds)
 * @self: a ready event
 *
 * Guilds of this shard that the bot is in: ids only, each followed by a `GUILD_CREATE`.
 *
 * The items are [class@UnavailableGuild].
 *
 * Returns: (transfer none) (nullable): the items
 *
 * Since: 0.1
 */
GListModel *
dgw_ready_event_get_guilds (DgwReadyEvent *self)
{
  g_return_val_if_fail (DGW_IS_READY_EVENT (self), NULL);

  return dgw_entity_read_kept (self, &ready_event_fields[READY_EVENT_FIELD_GUILDS]);
}

/**
 * DgwReadyEvent:session-id: (getter get_session_id)
 *
 * Identifier with which the session can be resumed.
 *
 * Since: 0.1
 */

/**
 * dgw_ready_event_get_session_id: (get-property session-id)
 * @self: a ready event
 *
 * Identifier with which the session can be resumed.
 *
 * Returns: (transfer none) (nullable): the string
 *
 * Since: 0.1
 */
const char *
dgw_ready_event_get_session_id (DgwReadyEvent *self)
{
  g_return_val_if_fail (DGW_IS_READY_EVENT (self), NULL);

  return dgw_entity_read_string (self, &ready_event_fields[READY_EVENT_FIELD_SESSION_ID]);
}

/**
 * DgwReadyEvent:resume-gateway-url: (getter get_resume_gateway_url)
 *
 * Address to connect to for resuming this session.
 *
 * Since: 0.1
 */

/**
 * dgw_ready_event_get_resume_gateway_url: (get-property resume-gateway-url)
 * @self: a ready event
 *
 * Address to connect to for resuming this session.
 *
 * Returns: (transfer none) (nullable): the string
 *
 * Since: 0.1
 */
const char *
dgw_ready_event_get_resume_gateway_url (DgwReadyEvent *self)
{
  g_return_val_if_fail (DGW_IS_READY_EVENT (self), NULL);

  return dgw_entity_read_string (self, &ready_event_fields[READY_EVENT_FIELD_RESUME_GATEWAY_URL]);
}

/**
 * DgwReadyEvent:shard: (getter get_shard)
 *
 * Shard id and number of shards of the session, in this order; absent when it was opened
 * without sharding.
 *
 * An array of 32-bit integers, `ai`. Discord documents 2 items, exactly or at most. Reads
 * as `NULL` if absent.
 *
 * Since: 0.1
 */

/**
 * dgw_ready_event_get_shard: (get-property shard)
 * @self: a ready event
 *
 * Shard id and number of shards of the session, in this order; absent when it was opened
 * without sharding.
 *
 * An array of 32-bit integers, `ai`. Discord documents 2 items, exactly or at most.
 *
 * Returns: (transfer none) (nullable): the numbers, or `NULL` if absent
 *
 * Since: 0.1
 */
GVariant *
dgw_ready_event_get_shard (DgwReadyEvent *self)
{
  g_return_val_if_fail (DGW_IS_READY_EVENT (self), NULL);

  return dgw_entity_read_kept (self, &ready_event_fields[READY_EVENT_FIELD_SHARD]);
}

/**
 * DgwReadyEvent:application: (getter get_application)
 *
 * The bot's application: its id and flags only.
 *
 * It has only some of its fields here.
 *
 * Since: 0.1
 */

/**
 * dgw_ready_event_get_application: (get-property application)
 * @self: a ready event
 *
 * The bot's application: its id and flags only.
 *
 * It has only some of its fields here.
 *
 * Returns: (transfer none) (nullable): the application
 *
 * Since: 0.1
 */
DgwApplication *
dgw_ready_event_get_application (DgwReadyEvent *self)
{
  g_return_val_if_fail (DGW_IS_READY_EVENT (self), NULL);

  return dgw_entity_read_kept (self, &ready_event_fields[READY_EVENT_FIELD_APPLICATION]);
}

/**
 * DgwRateLimitedEvent:
 *
 * A request over the gateway was refused for coming too often.
 *
 * It comes with [signal@Gateway::rate-limited].
 *
 * Discord's documentation:
 * [Rate Limited](https://discord.com/developers/docs/events/gateway-events#rate-limited).
 *
 * Since: 0.1
 */
struct _DgwRateLimitedEvent
{
  DgwEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (DgwRateLimitedEvent, dgw_rate_limited_event, DGW_TYPE_ENTITY)

enum
{
  RATE_LIMITED_EVENT_FIELD_OPCODE,
  RATE_LIMITED_EVENT_FIELD_RETRY_AFTER,
  RATE_LIMITED_EVENT_FIELD_META,
};

static const DgwField rate_limited_event_fields[] = {
  {"opcode",      "opcode",      DGW_FIELD_INT,    0, 0, NULL                            },
  {"retry_after", "retry-after", DGW_FIELD_DOUBLE, 0, 0, NULL                            },
  {"meta",        "meta",        DGW_FIELD_OBJECT, 0, 0, dgw_rate_limit_metadata_get_type},
};

static void
dgw_rate_limited_event_class_init (DgwRateLimitedEventClass *klass)
{
  dgw_entity_class_set_fields (DGW_ENTITY_CLASS (klass),
                               rate_limited_event_fields,
                               G_N_ELEMENTS (rate_limited_event_fields),
                               1);
}

static void
dgw_rate_limited_event_init (DgwRateLimitedEvent *self)
{
}

/**
 * DgwRateLimitedEvent:opcode: (getter get_opcode)
 *
 * Opcode of the request that was refused.
 *
 * A constant of [enum@Opcode]; others may come.
 *
 * Since: 0.1
 */

/**
 * dgw_rate_limited_event_get_opcode: (get-property opcode)
 * @self: a rate limited event
 *
 * Opcode of the request that was refused.
 *
 * A constant of [enum@Opcode]; others may come.
 *
 * Returns: the value
 *
 * Since: 0.1
 */
int
dgw_rate_limited_event_get_opcode (DgwRateLimitedEvent *self)
{
  g_return_val_if_fail (DGW_IS_RATE_LIMITED_EVENT (self), 0);

  return dgw_entity_read_int (self, &rate_limited_event_fields[RATE_LIMITED_EVENT_FIELD_OPCODE]);
}

/**
 * DgwRateLimitedEvent:retry-after: (getter get_retry_after)
 *
 * Seconds to wait before the request may be made again.
 *
 * Since: 0.1
 */

/**
 * dgw_rate_limited_event_get_retry_after: (get-property retry-after)
 * @self: a rate limited event
 *
 * Seconds to wait before the request may be made again.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
double
dgw_rate_limited_event_get_retry_after (DgwRateLimitedEvent *self)
{
  g_return_val_if_fail (DGW_IS_RATE_LIMITED_EVENT (self), 0);

  return dgw_entity_read_double (self, &rate_limited_event_fields[RATE_LIMITED_EVENT_FIELD_RETRY_AFTER]);
}

/**
 * DgwRateLimitedEvent:meta: (getter get_meta)
 *
 * What was asked for; its shape depends on the opcode, and here is the one of opcode 8.
 *
 * Since: 0.1
 */

/**
 * dgw_rate_limited_event_get_meta: (get-property meta)
 * @self: a rate limited event
 *
 * What was asked for; its shape depends on the opcode, and here is the one of opcode 8.
 *
 * Returns: (transfer none) (nullable): the rate limit metadata
 *
 * Since: 0.1
 */
DgwRateLimitMetadata *
dgw_rate_limited_event_get_meta (DgwRateLimitedEvent *self)
{
  g_return_val_if_fail (DGW_IS_RATE_LIMITED_EVENT (self), NULL);

  return dgw_entity_read_kept (self, &rate_limited_event_fields[RATE_LIMITED_EVENT_FIELD_META]);
}

/**
 * DgwRateLimitMetadata:
 *
 * The member request that was refused.
 *
 * It is part of [class@RateLimitedEvent].
 *
 * Discord's documentation:
 * [Rate Limited Request Guild Member Rate Limit Metadata Structure](https://discord.com/developers/docs/events/gateway-events#rate-limited-request-guild-member-rate-limit-metadata-structure).
 *
 * Since: 0.1
 */
struct _DgwRateLimitMetadata
{
  DgwEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (DgwRateLimitMetadata, dgw_rate_limit_metadata, DGW_TYPE_ENTITY)

enum
{
  RATE_LIMIT_METADATA_FIELD_GUILD_ID,
  RATE_LIMIT_METADATA_FIELD_NONCE,
};

static const DgwField rate_limit_metadata_fields[] = {
  {"guild_id", "guild-id", DGW_FIELD_STRING, 0, 0, NULL},
  {"nonce",    "nonce",    DGW_FIELD_STRING, 0, 0, NULL},
};

static void
dgw_rate_limit_metadata_class_init (DgwRateLimitMetadataClass *klass)
{
  dgw_entity_class_set_fields (DGW_ENTITY_CLASS (klass),
                               rate_limit_metadata_fields,
                               G_N_ELEMENTS (rate_limit_metadata_fields),
                               0);
}

static void
dgw_rate_limit_metadata_init (DgwRateLimitMetadata *self)
{
}

/**
 * DgwRateLimitMetadata:guild-id: (getter get_guild_id)
 *
 * Guild whose members were asked for.
 *
 * A snowflake, see [func@snowflake_get_time].
 *
 * Since: 0.1
 */

/**
 * dgw_rate_limit_metadata_get_guild_id: (get-property guild-id)
 * @self: a rate limit metadata
 *
 * Guild whose members were asked for.
 *
 * A snowflake, see [func@snowflake_get_time].
 *
 * Returns: (transfer none) (nullable): the snowflake
 *
 * Since: 0.1
 */
const char *
dgw_rate_limit_metadata_get_guild_id (DgwRateLimitMetadata *self)
{
  g_return_val_if_fail (DGW_IS_RATE_LIMIT_METADATA (self), NULL);

  return dgw_entity_read_string (self, &rate_limit_metadata_fields[RATE_LIMIT_METADATA_FIELD_GUILD_ID]);
}

/**
 * DgwRateLimitMetadata:nonce: (getter get_nonce)
 *
 * Nonce of the request; absent when it had none.
 *
 * Reads as `NULL` if absent.
 *
 * Since: 0.1
 */

/**
 * dgw_rate_limit_metadata_get_nonce: (get-property nonce)
 * @self: a rate limit metadata
 *
 * Nonce of the request; absent when it had none.
 *
 * Returns: (transfer none) (nullable): the string, or `NULL` if absent
 *
 * Since: 0.1
 */
const char *
dgw_rate_limit_metadata_get_nonce (DgwRateLimitMetadata *self)
{
  g_return_val_if_fail (DGW_IS_RATE_LIMIT_METADATA (self), NULL);

  return dgw_entity_read_string (self, &rate_limit_metadata_fields[RATE_LIMIT_METADATA_FIELD_NONCE]);
}
