/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-member-query.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/dgw-set-private.h"
#include "base/dgw-snowflake.h"
#include "codec/dgw-json-writer-private.h"
#include "dgw-protocol-enums.h"
#include "dgw-protocol-table-private.h"
#include "values/dgw-member-query-private.h"

/**
 * DgwMemberQuery:
 *
 * Which members of a guild to ask for.
 *
 * Either [property@MemberQuery:query] or [property@MemberQuery:user-ids] says
 * which; the constructors `new_for_` make the usual ones. Pass it to
 * [method@Gateway.request_guild_members_async], which reads it at that moment
 * and checks it.
 *
 * ```c
 * g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_prefix (guild_id, "ada", 10);
 *
 * dgw_gateway_request_guild_members_async (gateway, query, NULL, members_cb, NULL);
 * ```
 *
 * Discord's documentation: [Request Guild Members](https://discord.com/developers/docs/events/gateway-events#request-guild-members).
 *
 * Since: 0.1
 */
struct _DgwMemberQuery
{
  GObject parent_instance;

  char    *guild_id; /* nullable */
  char    *query;    /* nullable */
  char   **user_ids; /* nullable */
  char    *nonce;    /* nullable */
  guint    limit;
  gboolean presences;
};

G_DEFINE_FINAL_TYPE (DgwMemberQuery, dgw_member_query, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_GUILD_ID,
  PROP_QUERY,
  PROP_USER_IDS,
  PROP_LIMIT,
  PROP_PRESENCES,
  PROP_NONCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
dgw_member_query_finalize (GObject *object)
{
  DgwMemberQuery *self = DGW_MEMBER_QUERY (object);

  g_clear_pointer (&self->guild_id, g_free);
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->user_ids, g_strfreev);
  g_clear_pointer (&self->nonce, g_free);

  G_OBJECT_CLASS (dgw_member_query_parent_class)->finalize (object);
}

static void
dgw_member_query_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  DgwMemberQuery *self = DGW_MEMBER_QUERY (object);

  switch (prop_id)
    {
    case PROP_GUILD_ID:
      g_value_set_string (value, dgw_member_query_get_guild_id (self));
      break;
    case PROP_QUERY:
      g_value_set_string (value, dgw_member_query_get_query (self));
      break;
    case PROP_USER_IDS:
      g_value_set_boxed (value, dgw_member_query_get_user_ids (self));
      break;
    case PROP_LIMIT:
      g_value_set_uint (value, dgw_member_query_get_limit (self));
      break;
    case PROP_PRESENCES:
      g_value_set_boolean (value, dgw_member_query_get_presences (self));
      break;
    case PROP_NONCE:
      g_value_set_string (value, dgw_member_query_get_nonce (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_member_query_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  DgwMemberQuery *self = DGW_MEMBER_QUERY (object);

  switch (prop_id)
    {
    case PROP_GUILD_ID:
      dgw_member_query_set_guild_id (self, g_value_get_string (value));
      break;
    case PROP_QUERY:
      dgw_member_query_set_query (self, g_value_get_string (value));
      break;
    case PROP_USER_IDS:
      dgw_member_query_set_user_ids (self, g_value_get_boxed (value));
      break;
    case PROP_LIMIT:
      dgw_member_query_set_limit (self, g_value_get_uint (value));
      break;
    case PROP_PRESENCES:
      dgw_member_query_set_presences (self, g_value_get_boolean (value));
      break;
    case PROP_NONCE:
      dgw_member_query_set_nonce (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_member_query_class_init (DgwMemberQueryClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dgw_member_query_finalize;
  object_class->get_property = dgw_member_query_get_property;
  object_class->set_property = dgw_member_query_set_property;

  /**
   * DgwMemberQuery:guild-id: (getter get_guild_id) (setter set_guild_id)
   *
   * The id of the guild. It is needed.
   *
   * Since: 0.1
   */
  properties[PROP_GUILD_ID] = g_param_spec_string ("guild-id", NULL, NULL, NULL, flags);

  /**
   * DgwMemberQuery:query: (getter get_query) (setter set_query)
   *
   * What the names of the members start with; the empty string, with a limit of
   * 0, asks for all members. `NULL` asks by [property@MemberQuery:user-ids].
   *
   * Since: 0.1
   */
  properties[PROP_QUERY] = g_param_spec_string ("query", NULL, NULL, NULL, flags);

  /**
   * DgwMemberQuery:user-ids: (getter get_user_ids) (setter set_user_ids)
   *
   * The ids of the users that are asked for, 100 at most; `NULL` asks by
   * [property@MemberQuery:query].
   *
   * Since: 0.1
   */
  properties[PROP_USER_IDS] = g_param_spec_boxed ("user-ids", NULL, NULL, G_TYPE_STRV, flags);

  /**
   * DgwMemberQuery:limit: (getter get_limit) (setter set_limit)
   *
   * How many members [property@MemberQuery:query] brings at most; Discord gives
   * 100 at most, but for an empty query with a limit of 0.
   *
   * Since: 0.1
   */
  properties[PROP_LIMIT] = g_param_spec_uint ("limit", NULL, NULL, 0, G_MAXINT, 0, flags);

  /**
   * DgwMemberQuery:presences: (getter get_presences) (setter set_presences)
   *
   * Whether the presences of the members come too. It takes the intent
   * `GUILD_PRESENCES`.
   *
   * Since: 0.1
   */
  properties[PROP_PRESENCES] = g_param_spec_boolean ("presences", NULL, NULL, FALSE, flags);

  /**
   * DgwMemberQuery:nonce: (getter get_nonce) (setter set_nonce)
   *
   * What the chunks of the answer carry too, to tell them from others: 32 bytes
   * of UTF-8 at most. `NULL` leaves it to the library.
   *
   * Since: 0.1
   */
  properties[PROP_NONCE] = g_param_spec_string ("nonce", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dgw_member_query_init (DgwMemberQuery *self)
{
}

/**
 * dgw_member_query_new:
 * @guild_id: the id of the guild
 *
 * Makes a query that says nothing yet but the guild:
 * [property@MemberQuery:query] or [property@MemberQuery:user-ids] has to be set.
 *
 * Returns: (transfer full): a query
 *
 * Since: 0.1
 */
DgwMemberQuery *
dgw_member_query_new (const char *guild_id)
{
  g_return_val_if_fail (guild_id != NULL, NULL);

  return g_object_new (DGW_TYPE_MEMBER_QUERY, "guild-id", guild_id, NULL);
}

/**
 * dgw_member_query_new_for_all:
 * @guild_id: the id of the guild
 *
 * Makes a query for all members of a guild. It takes the intent
 * `GUILD_MEMBERS`.
 *
 * Returns: (transfer full): a query
 *
 * Since: 0.1
 */
DgwMemberQuery *
dgw_member_query_new_for_all (const char *guild_id)
{
  return dgw_member_query_new_for_prefix (guild_id, "", 0);
}

/**
 * dgw_member_query_new_for_prefix:
 * @guild_id: the id of the guild
 * @prefix: what the names start with
 * @limit: how many members at most, up to 100
 *
 * Makes a query for members by the start of their names.
 *
 * Returns: (transfer full): a query
 *
 * Since: 0.1
 */
DgwMemberQuery *
dgw_member_query_new_for_prefix (const char *guild_id,
                                 const char *prefix,
                                 guint       limit)
{
  g_return_val_if_fail (guild_id != NULL, NULL);
  g_return_val_if_fail (prefix != NULL, NULL);

  return g_object_new (DGW_TYPE_MEMBER_QUERY, "guild-id", guild_id, "query", prefix, "limit", limit, NULL);
}

/**
 * dgw_member_query_new_for_users:
 * @guild_id: the id of the guild
 * @user_ids: (array zero-terminated=1): ids of users, 100 at most
 *
 * Makes a query for certain members.
 *
 * Returns: (transfer full): a query
 *
 * Since: 0.1
 */
DgwMemberQuery *
dgw_member_query_new_for_users (const char        *guild_id,
                                const char *const *user_ids)
{
  g_return_val_if_fail (guild_id != NULL, NULL);
  g_return_val_if_fail (user_ids != NULL, NULL);

  return g_object_new (DGW_TYPE_MEMBER_QUERY, "guild-id", guild_id, "user-ids", user_ids, NULL);
}

/**
 * dgw_member_query_get_guild_id: (get-property guild-id)
 * @self: a query
 *
 * Gets the id of the guild.
 *
 * Returns: (nullable): the id, owned by the query
 *
 * Since: 0.1
 */
const char *
dgw_member_query_get_guild_id (DgwMemberQuery *self)
{
  g_return_val_if_fail (DGW_IS_MEMBER_QUERY (self), NULL);

  return self->guild_id;
}

/**
 * dgw_member_query_set_guild_id: (set-property guild-id)
 * @self: a query
 * @guild_id: (nullable): the id of the guild
 *
 * Sets the id of the guild.
 *
 * Since: 0.1
 */
void
dgw_member_query_set_guild_id (DgwMemberQuery *self,
                               const char     *guild_id)
{
  g_return_if_fail (DGW_IS_MEMBER_QUERY (self));
  g_return_if_fail (guild_id == NULL || g_utf8_validate (guild_id, -1, NULL));

  if (dgw_set_str (&self->guild_id, guild_id))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GUILD_ID]);
}

/**
 * dgw_member_query_get_query: (get-property query)
 * @self: a query
 *
 * Gets what the names of the members start with.
 *
 * Returns: (nullable): the start of the names, owned by the query
 *
 * Since: 0.1
 */
const char *
dgw_member_query_get_query (DgwMemberQuery *self)
{
  g_return_val_if_fail (DGW_IS_MEMBER_QUERY (self), NULL);

  return self->query;
}

/**
 * dgw_member_query_set_query: (set-property query)
 * @self: a query
 * @query: (nullable): the start of the names, empty for all, or `NULL` to ask by ids
 *
 * Sets what the names of the members start with.
 *
 * Since: 0.1
 */
void
dgw_member_query_set_query (DgwMemberQuery *self,
                            const char     *query)
{
  g_return_if_fail (DGW_IS_MEMBER_QUERY (self));
  g_return_if_fail (query == NULL || g_utf8_validate (query, -1, NULL));

  if (dgw_set_str (&self->query, query))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUERY]);
}

/**
 * dgw_member_query_get_user_ids: (get-property user-ids)
 * @self: a query
 *
 * Gets the ids of the users that are asked for.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the ids, owned
 *   by the query
 *
 * Since: 0.1
 */
const char *const *
dgw_member_query_get_user_ids (DgwMemberQuery *self)
{
  g_return_val_if_fail (DGW_IS_MEMBER_QUERY (self), NULL);

  return (const char *const *)self->user_ids;
}

static gboolean
is_same_strv (const char *const *a,
              const char *const *b)
{
  return a == b || (a != NULL && b != NULL && g_strv_equal (a, b));
}

/**
 * dgw_member_query_set_user_ids: (set-property user-ids)
 * @self: a query
 * @user_ids: (nullable) (array zero-terminated=1): ids of users, 100 at most, or
 *   `NULL` to ask by name
 *
 * Sets the ids of the users that are asked for.
 *
 * Since: 0.1
 */
void
dgw_member_query_set_user_ids (DgwMemberQuery    *self,
                               const char *const *user_ids)
{
  char **copy;

  g_return_if_fail (DGW_IS_MEMBER_QUERY (self));

  if (is_same_strv ((const char *const *)self->user_ids, user_ids))
    return;

  copy = g_strdupv ((char **)user_ids);
  g_strfreev (self->user_ids);
  self->user_ids = copy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USER_IDS]);
}

/**
 * dgw_member_query_get_limit: (get-property limit)
 * @self: a query
 *
 * Gets how many members a search by name brings at most.
 *
 * Returns: a number of members
 *
 * Since: 0.1
 */
guint
dgw_member_query_get_limit (DgwMemberQuery *self)
{
  g_return_val_if_fail (DGW_IS_MEMBER_QUERY (self), 0);

  return self->limit;
}

/**
 * dgw_member_query_set_limit: (set-property limit)
 * @self: a query
 * @limit: a number of members, 0 to 2147483647
 *
 * Sets how many members a search by name brings at most.
 *
 * Since: 0.1
 */
void
dgw_member_query_set_limit (DgwMemberQuery *self,
                            guint           limit)
{
  g_return_if_fail (DGW_IS_MEMBER_QUERY (self));
  g_return_if_fail (limit <= G_MAXINT);

  if (self->limit == limit)
    return;

  self->limit = limit;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMIT]);
}

/**
 * dgw_member_query_get_presences: (get-property presences)
 * @self: a query
 *
 * Gets whether the presences of the members come too.
 *
 * Returns: `TRUE` if they come
 *
 * Since: 0.1
 */
gboolean
dgw_member_query_get_presences (DgwMemberQuery *self)
{
  g_return_val_if_fail (DGW_IS_MEMBER_QUERY (self), FALSE);

  return self->presences;
}

/**
 * dgw_member_query_set_presences: (set-property presences)
 * @self: a query
 * @presences: `TRUE` if they shall come
 *
 * Sets whether the presences of the members come too.
 *
 * Since: 0.1
 */
void
dgw_member_query_set_presences (DgwMemberQuery *self,
                                gboolean        presences)
{
  g_return_if_fail (DGW_IS_MEMBER_QUERY (self));

  presences = !!presences;
  if (self->presences == presences)
    return;

  self->presences = presences;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENCES]);
}

/**
 * dgw_member_query_get_nonce: (get-property nonce)
 * @self: a query
 *
 * Gets what the chunks of the answer carry too.
 *
 * Returns: (nullable): the nonce that was set, owned by the query
 *
 * Since: 0.1
 */
const char *
dgw_member_query_get_nonce (DgwMemberQuery *self)
{
  g_return_val_if_fail (DGW_IS_MEMBER_QUERY (self), NULL);

  return self->nonce;
}

/**
 * dgw_member_query_set_nonce: (set-property nonce)
 * @self: a query
 * @nonce: (nullable): a string of 32 bytes at most, or `NULL` to leave it to the library
 *
 * Sets what the chunks of the answer carry too.
 *
 * Since: 0.1
 */
void
dgw_member_query_set_nonce (DgwMemberQuery *self,
                            const char     *nonce)
{
  g_return_if_fail (DGW_IS_MEMBER_QUERY (self));
  g_return_if_fail (nonce == NULL || g_utf8_validate (nonce, -1, NULL));

  if (dgw_set_str (&self->nonce, nonce))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NONCE]);
}

static gboolean
fail (GError    **error,
      const char *message)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, message);

  return FALSE;
}

static gboolean
check_users (DgwMemberQuery *self,
             GError        **error)
{
  guint n_ids = g_strv_length (self->user_ids);

  if (n_ids == 0 || n_ids > DGW_LIMIT_MEMBER_QUERY_USER_IDS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("The query has %u user ids, 1 to %d are allowed. Split it."), n_ids, DGW_LIMIT_MEMBER_QUERY_USER_IDS);
      return FALSE;
    }

  for (guint i = 0; i < n_ids; i++)
    if (dgw_snowflake_to_uint64 (self->user_ids[i]) == 0)
      {
        g_autofree char *shown = g_utf8_make_valid (self->user_ids[i], -1);

        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is no id of a user"), shown);
        return FALSE;
      }

  return TRUE;
}

static gboolean
is_for_all (DgwMemberQuery *self)
{
  return self->query != NULL && *self->query == '\0' && self->limit == 0;
}

gboolean
dgw_member_query_check (DgwMemberQuery *self,
                        guint           intents,
                        GError        **error)
{
  if (dgw_snowflake_to_uint64 (self->guild_id) == 0)
    return fail (error, _ ("The query has no id of a guild"));
  if ((self->query != NULL) == (self->user_ids != NULL))
    return fail (error, _ ("The query needs either a query (the start of names, or empty for all) or user ids, not both"));
  if (self->user_ids != NULL && !check_users (self, error))
    return FALSE;
  if (self->nonce != NULL && strlen (self->nonce) > DGW_LIMIT_NONCE_BYTES)
    return fail (error, _ ("The nonce has more than 32 bytes. Use a shorter one, or none."));
  if (is_for_all (self) && !(intents & DGW_INTENTS_GUILD_MEMBERS))
    return fail (error, _ ("All members of a guild come only with the intent GUILD_MEMBERS. Add it to the gateway's intents, and switch it on in the developer portal."));
  if (self->presences && !(intents & DGW_INTENTS_GUILD_PRESENCES))
    return fail (error, _ ("Presences come only with the intent GUILD_PRESENCES. Add it to the gateway's intents, and switch it on in the developer portal."));

  return TRUE;
}

static void
append_which (DgwMemberQuery *self,
              GString        *text)
{
  if (self->query != NULL)
    {
      g_string_append (text, ",\"query\":");
      dgw_json_append_string (text, self->query);
      g_string_append_printf (text, ",\"limit\":%u", self->limit);
      return;
    }

  g_string_append (text, ",\"user_ids\":");
  dgw_json_append_strings (text, (const char *const *)self->user_ids);
}

char *
dgw_member_query_to_json (DgwMemberQuery *self,
                          const char     *nonce)
{
  GString *text = g_string_new ("{\"guild_id\":");

  dgw_json_append_string (text, self->guild_id);
  append_which (self, text);
  if (self->presences)
    g_string_append (text, ",\"presences\":true");
  g_string_append (text, ",\"nonce\":");
  dgw_json_append_string (text, nonce);
  g_string_append_c (text, '}');

  return g_string_free (text, FALSE);
}
