/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/dgw-gateway-error.h"
#include "base/dgw-random-private.h"
#include "codec/dgw-frame-private.h"
#include "codec/dgw-json-writer-private.h"
#include "dgw-entities-channel.h"
#include "dgw-entities-expression.h"
#include "dgw-protocol-table-private.h"
#include "gateway/dgw-gateway-private.h"
#include "values/dgw-entity-private.h"
#include "values/dgw-member-query-private.h"
#include "values/dgw-member-result-private.h"

/* Commands that are answered with events. The link collects the documents of an
 * answer; here they become what the application gets. One request may be several
 * payloads, each of which the link answers under an id of its own. */

typedef struct
{
  guint64    first_id; /* of the first payload, the others follow */
  GPtrArray *answers;  /* for each payload an array of DgwJson; NULL: not yet */
  guint      n_left;
  char      *nonce; /* nullable */
} Request;

static void
clear_answer (gpointer data)
{
  if (data)
    g_ptr_array_unref (data);
}

static void
request_free (gpointer data)
{
  Request *self = data;

  g_ptr_array_unref (self->answers);
  g_free (self->nonce);
  g_free (self);
}

static GQuark
request_quark (void)
{
  return g_quark_from_static_string ("dgw-request");
}

static Request *
get_request (GTask *task)
{
  return g_object_get_qdata (G_OBJECT (task), request_quark ());
}

/* Takes the nonce. payloads: texts of the data. */
static void
send_request (GTask     *task,
              guint      opcode,
              GPtrArray *payloads,
              char      *nonce)
{
  DgwGateway *self = g_task_get_source_object (task);
  Request    *request = g_new0 (Request, 1);

  request->answers = g_ptr_array_new_with_free_func (clear_answer);
  g_ptr_array_set_size (request->answers, (int)payloads->len);
  request->n_left = payloads->len;
  request->nonce = nonce;
  request->first_id = self->last_command_id + 1;
  g_object_set_qdata_full (G_OBJECT (task), request_quark (), request, request_free);

  dgw_gateway_task_watch (task, dgw_gateway_command_cancelled);
  for (guint i = 0; i < payloads->len; i++)
    dgw_gateway_send_request (task, opcode, g_ptr_array_index (payloads, i));
}

/* Of one payload; takes both texts. */
static void
send_one (GTask *task,
          guint  opcode,
          char  *payload,
          char  *nonce)
{
  g_autoptr (GPtrArray) payloads = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (payloads, payload);
  send_request (task, opcode, payloads, nonce);
}

static gpointer
make_sounds (GPtrArray *documents)
{
  GListStore *store = g_list_store_new (DGW_TYPE_SOUNDBOARD_SOUNDS_EVENT);

  for (guint i = 0; i < documents->len; i++)
    {
      DgwJsonView view = dgw_json_get_data (g_ptr_array_index (documents, i));
      g_autoptr (DgwEntity) sounds = dgw_entity_new (DGW_TYPE_SOUNDBOARD_SOUNDS_EVENT, view);

      g_list_store_append (store, sounds);
    }

  return store;
}

static gpointer
make_result (GTask     *task,
             GPtrArray *documents)
{
  gpointer tag = g_task_get_source_tag (task);

  if (tag == dgw_gateway_request_guild_members_async)
    return dgw_member_result_new (documents);
  if (tag == dgw_gateway_request_soundboard_sounds_async)
    return make_sounds (documents);

  return dgw_entity_new (DGW_TYPE_CHANNEL_INFO_EVENT, dgw_json_get_data (g_ptr_array_index (documents, 0)));
}

static gpointer
copy_document (gconstpointer document,
               gpointer      user_data)
{
  return dgw_json_ref ((DgwJson *)document);
}

static GPtrArray *
join_answers (Request *request)
{
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify)dgw_json_unref);

  for (guint i = 0; i < request->answers->len; i++)
    g_ptr_array_extend (documents, g_ptr_array_index (request->answers, i), copy_document, NULL);

  return documents;
}

/* The link is done with one of its payloads. */
void
dgw_gateway_take_answers (GTask     *task,
                          guint64    id,
                          GPtrArray *answers)
{
  Request *request = get_request (task);
  g_autoptr (GPtrArray) documents = NULL;

  g_ptr_array_index (request->answers, id - request->first_id) = g_ptr_array_ref (answers);
  if (--request->n_left > 0)
    return;

  documents = join_answers (request);
  dgw_gateway_task_unwatch (task);
  g_task_return_pointer (task, make_result (task, documents), g_object_unref);
}

/* Members. */

static gboolean
is_nonce_in_use (DgwGateway *self,
                 const char *nonce)
{
  GHashTableIter iter;
  gpointer       task;

  g_hash_table_iter_init (&iter, self->commands);
  while (g_hash_table_iter_next (&iter, NULL, &task))
    {
      Request *request = get_request (task);

      if (request && g_strcmp0 (request->nonce, nonce) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Random, as the answers to a session's earlier requests may still come to a
 * process that resumed it. */
static char *
make_nonce (DgwGateway *self)
{
  return g_strdup_printf ("dgw-%08x-%" G_GUINT64_FORMAT, dgw_random_number (), self->last_command_id + 1);
}

static gboolean
check_query (DgwGateway     *self,
             DgwMemberQuery *query,
             GError        **error)
{
  const char *nonce = dgw_member_query_get_nonce (query);

  if (!dgw_member_query_check (query, self->options.engine.intents, error))
    return FALSE;
  if (nonce == NULL || !is_nonce_in_use (self, nonce))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("A request with this nonce waits for its answer already. Use another one, or none."));

  return FALSE;
}

/**
 * dgw_gateway_request_guild_members_async:
 * @self: a gateway
 * @query: which members
 * @cancellable: (nullable): stops the wait; the request may have been sent
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Asks for members of a guild and waits until all of them have come.
 *
 * They come in chunks of up to 1000: each is an event `GUILD_MEMBERS_CHUNK`, as
 * progress, and all of them are the result. A chunk carries
 * [property@MemberQuery:nonce] of the query that it belongs to.
 *
 * The request is queued as [method@Gateway.send_async] does. All members of one
 * guild may be asked for once in 30 seconds; a second request waits for its
 * turn, and so does one that Discord refuses with `RATE_LIMITED`. A connection
 * that is lost does no harm: the answer goes on after a resume, and with a new
 * session the request is made again from its start.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for a query that Discord would not take,
 * or that asks for what the [property@Gateway:intents] do not allow (all members
 * without `GUILD_MEMBERS`, presences without `GUILD_PRESENCES`);
 * `DGW_GATEWAY_ERROR_TIMED_OUT` when no chunk comes for 30 seconds;
 * `DGW_GATEWAY_ERROR_RATE_LIMITED` when Discord refuses it again and again; and
 * those of [method@Gateway.send_async].
 *
 * Discord's documentation: [Request Guild Members](https://discord.com/developers/docs/events/gateway-events#request-guild-members).
 *
 * Since: 0.1
 */
void
dgw_gateway_request_guild_members_async (DgwGateway         *self,
                                         DgwMemberQuery     *query,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *nonce = NULL;
  char            *payload;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (DGW_IS_MEMBER_QUERY (query));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_request_guild_members_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (!check_query (self, query, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (dgw_gateway_refuse_command (self, task))
    return;

  nonce = g_strdup (dgw_member_query_get_nonce (query));
  if (nonce == NULL)
    nonce = make_nonce (self);
  payload = dgw_member_query_to_json (query, nonce);
  send_one (task, DGW_OPCODE_REQUEST_GUILD_MEMBERS, payload, g_steal_pointer (&nonce));
}

/**
 * dgw_gateway_request_guild_members_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets the answer to [method@Gateway.request_guild_members_async].
 *
 * Returns: (transfer full): the members, or `NULL` with an error
 *
 * Since: 0.1
 */
DgwMemberResult *
dgw_gateway_request_guild_members_finish (DgwGateway   *self,
                                          GAsyncResult *result,
                                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_request_guild_members_async, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Soundboard sounds. */

#define SOUNDS_HEAD "{\"guild_ids\":["
#define SOUNDS_TAIL "]}"

static gsize
get_sounds_room (void)
{
  g_autofree char *frame = dgw_frame_write_command (DGW_OPCODE_REQUEST_SOUNDBOARD_SOUNDS, SOUNDS_HEAD SOUNDS_TAIL);

  return DGW_LIMIT_PAYLOAD_BYTES - strlen (frame);
}

static void
end_payload (GPtrArray *payloads,
             GString   *ids)
{
  if (ids->len > 0)
    g_ptr_array_add (payloads, g_strconcat (SOUNDS_HEAD, ids->str, SOUNDS_TAIL, NULL));
  g_string_truncate (ids, 0);
}

/* As many as it takes: one payload has room for some 180 ids. */
static GPtrArray *
write_sounds_requests (const char *const *guild_ids)
{
  GPtrArray  *payloads = g_ptr_array_new_with_free_func (g_free);
  const gsize room = get_sounds_room ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GString *ids = g_string_new (NULL);

  for (guint i = 0; guild_ids[i]; i++)
    {
      /* Discord answers one that is named twice once. */
      if (!g_hash_table_add (seen, (gpointer)guild_ids[i]))
        continue;

      if (ids->len + strlen (guild_ids[i]) + strlen (",\"\"") > room)
        end_payload (payloads, ids);
      if (ids->len > 0)
        g_string_append_c (ids, ',');
      dgw_json_append_string (ids, guild_ids[i]);
    }
  end_payload (payloads, ids);
  g_string_free (ids, TRUE);

  return payloads;
}

static gboolean
check_ids (GTask             *task,
           const char *const *ids)
{
  if (ids[0] == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s",
                               _ ("There is no guild to ask for: name one at least"));
      return FALSE;
    }

  for (guint i = 0; ids[i]; i++)
    if (!dgw_gateway_check_id (task, ids[i]))
      return FALSE;

  return TRUE;
}

/**
 * dgw_gateway_request_soundboard_sounds_async:
 * @self: a gateway
 * @guild_ids: (array zero-terminated=1): ids of guilds, one at least
 * @cancellable: (nullable): stops the wait; the request may have been sent
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Asks for the soundboard sounds of guilds and waits until all of them have
 * answered.
 *
 * Each answer is an event `SOUNDBOARD_SOUNDS`, too. A list that does not fit in
 * one payload is sent as several; with a new session it is asked for again.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for an id that is none;
 * `DGW_GATEWAY_ERROR_TIMED_OUT` when a guild does not answer for 30 seconds, as
 * one does that the bot is not in; and those of [method@Gateway.send_async].
 *
 * Discord's documentation: [Request Soundboard Sounds](https://discord.com/developers/docs/events/gateway-events#request-soundboard-sounds).
 *
 * Since: 0.1
 */
void
dgw_gateway_request_soundboard_sounds_async (DgwGateway         *self,
                                             const char *const  *guild_ids,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GPtrArray) payloads = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (guild_ids != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_request_soundboard_sounds_async);
  if (g_task_return_error_if_cancelled (task) || !check_ids (task, guild_ids) || dgw_gateway_refuse_command (self, task))
    return;

  payloads = write_sounds_requests (guild_ids);
  send_request (task, DGW_OPCODE_REQUEST_SOUNDBOARD_SOUNDS, payloads, NULL);
}

/**
 * dgw_gateway_request_soundboard_sounds_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets the answer to [method@Gateway.request_soundboard_sounds_async].
 *
 * Returns: (transfer full): a list of [class@SoundboardSoundsEvent], one for
 *   each guild in the order of the request, or `NULL` with an error
 *
 * Since: 0.1
 */
GListModel *
dgw_gateway_request_soundboard_sounds_finish (DgwGateway   *self,
                                              GAsyncResult *result,
                                              GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_request_soundboard_sounds_async, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Channel info. */

static char *
write_channel_info_request (const char        *guild_id,
                            const char *const *fields)
{
  GString *text = g_string_new ("{\"guild_id\":");

  dgw_json_append_string (text, guild_id);
  g_string_append (text, ",\"fields\":");
  dgw_json_append_strings (text, fields);
  g_string_append_c (text, '}');

  return g_string_free (text, FALSE);
}

static gboolean
check_fields (GTask             *task,
              const char *const *fields)
{
  for (guint i = 0; fields[i]; i++)
    if (!g_utf8_validate (fields[i], -1, NULL))
      {
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s",
                                 _ ("The name of a field is not UTF-8"));
        return FALSE;
      }

  return TRUE;
}

/**
 * dgw_gateway_request_channel_info_async:
 * @self: a gateway
 * @guild_id: the id of a guild
 * @fields: (array zero-terminated=1): what to ask for: `status`,
 *   `voice_start_time`, or what Discord added later
 * @cancellable: (nullable): stops the wait; the request may have been sent
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Asks for short-lived facts about the voice channels of a guild, and waits for
 * the answer.
 *
 * The answer is an event `CHANNEL_INFO`, too. Later changes come as
 * `VOICE_CHANNEL_STATUS_UPDATE` and `VOICE_CHANNEL_START_TIME_UPDATE`.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for an id that is none;
 * `DGW_GATEWAY_ERROR_TIMED_OUT` when no answer comes for 30 seconds; and those
 * of [method@Gateway.send_async].
 *
 * Discord's documentation: [Request Channel Info](https://discord.com/developers/docs/events/gateway-events#request-channel-info).
 *
 * Since: 0.1
 */
void
dgw_gateway_request_channel_info_async (DgwGateway         *self,
                                        const char         *guild_id,
                                        const char *const  *fields,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (guild_id != NULL);
  g_return_if_fail (fields != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_request_channel_info_async);
  if (g_task_return_error_if_cancelled (task) || !dgw_gateway_check_id (task, guild_id) || !check_fields (task, fields) ||
      dgw_gateway_refuse_command (self, task))
    return;

  send_one (task, DGW_OPCODE_REQUEST_CHANNEL_INFO, write_channel_info_request (guild_id, fields), NULL);
}

/**
 * dgw_gateway_request_channel_info_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets the answer to [method@Gateway.request_channel_info_async].
 *
 * Returns: (transfer full): the facts, or `NULL` with an error
 *
 * Since: 0.1
 */
DgwChannelInfoEvent *
dgw_gateway_request_channel_info_finish (DgwGateway   *self,
                                         GAsyncResult *result,
                                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_request_channel_info_async, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
