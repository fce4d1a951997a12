/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the service sends in answer to commands:
 * https://discord.com/developers/docs/events/gateway-events#send-events
 */

#include "config.h"

#include "testing/dgw-testing-answers-private.h"

#include <string.h>

#include "testing/dgw-testing-json-private.h"
#include "testing/dgw-testing-protocol-private.h"

#define FIRST_MEMBER   G_GUINT64_CONSTANT (900000000000100000)
#define BOT_ID         "900000000000000018" /* of the captured READY */
#define MAX_FOUND      100
#define SOUNDS_A_GUILD 2
#define VOICE_ENDPOINT "voice.invalid:443"

static void
dispatch (DgwTestingPeer *peer, const char *name, GString *data)
{
  g_autoptr (DgwTestingEvent) event = dgw_testing_event_new (name, data->str);

  if (peer->session == NULL)
    return;

  dgw_testing_session_append (peer->session, event);
  dgw_testing_peer_pump (peer);
}

static void
append_member (GString *out, const char *id)
{
  g_string_append_printf (out,
                          "{\"user\":{\"username\":\"user_%s\",\"public_flags\":0,\"id\":\"%s\",\"global_name\":null,"
                          "\"discriminator\":\"0\",\"bot\":false,\"avatar\":null},\"roles\":[],\"premium_since\":null,"
                          "\"pending\":false,\"nick\":null,\"mute\":false,\"joined_at\":\"2024-02-27T19:50:51.701000+00:00\","
                          "\"flags\":0,\"deaf\":false,\"communication_disabled_until\":null,\"banner\":null,\"avatar\":null}",
                          id,
                          id);
}

static void
append_presence (GString *out, const char *id)
{
  g_string_append_printf (out,
                          "{\"user\":{\"id\":\"%s\"},\"status\":\"online\",\"client_status\":{\"desktop\":\"online\"},"
                          "\"activities\":[]}",
                          id);
}

/* The ids that the request finds; the rest goes to @not_found as JSON. */
static GPtrArray *
find_members (DgwTestingOptions *options, JsonObject *data, GString *not_found)
{
  GPtrArray  *found = g_ptr_array_new_with_free_func (g_free);
  JsonArray  *ids = dgw_testing_json_get_array (data, "user_ids");
  const char *query = dgw_testing_json_get_string (data, "query");
  gint64      limit = dgw_testing_json_get_int (data, "limit", 0);

  for (guint i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    {
      JsonNode        *node = json_array_get_element (ids, i);
      g_autofree char *text = dgw_testing_json_write (node);
      const char      *id = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      guint64          number = id != NULL ? g_ascii_strtoull (id, NULL, 10) : 0;

      if (number >= FIRST_MEMBER && number - FIRST_MEMBER < options->member_count)
        g_ptr_array_add (found, g_strdup (id));
      else
        g_string_append_printf (not_found, "%s%s", not_found->len > 0 ? "," : "", text);
    }
  for (guint i = 0; ids == NULL && i < options->member_count; i++)
    {
      g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, FIRST_MEMBER + i);
      g_autofree char *name = g_strconcat ("user_", id, NULL);

      if (g_str_has_prefix (name, query) && (limit == 0 || found->len < limit) &&
          (*query == '\0' || found->len < MAX_FOUND))
        g_ptr_array_add (found, g_steal_pointer (&id));
    }

  return found;
}

static void
append_nonce (GString *out, JsonObject *data)
{
  const char *nonce = dgw_testing_json_get_string (data, "nonce");

  if (nonce == NULL || strlen (nonce) > DGW_TESTING_MAX_NONCE)
    return;

  g_string_append (out, ",\"nonce\":");
  dgw_testing_json_append_string (out, nonce);
}

typedef void (*AppendFunc) (GString *out, const char *id);

static void
append_list (GString *out, GPtrArray *ids, guint from, guint to, AppendFunc append)
{
  g_string_append_c (out, '[');
  for (guint i = from; i < to; i++)
    {
      if (i > from)
        g_string_append_c (out, ',');
      append (out, g_ptr_array_index (ids, i));
    }
  g_string_append_c (out, ']');
}

static void
send_chunk (DgwTestingPeer *peer, JsonObject *data, GPtrArray *found, const char *not_found, guint index, guint n_chunks)
{
  guint size = MAX (peer->realm->options.member_chunk_size, 1);
  guint from = index * size;
  guint to = MIN (from + size, found->len);
  g_autoptr (GString) out = g_string_new ("{\"members\":");

  append_list (out, found, from, to, append_member);
  if (dgw_testing_json_get_boolean (data, "presences"))
    {
      g_string_append (out, ",\"presences\":");
      append_list (out, found, from, to, append_presence);
    }
  if (*not_found != '\0' && index == 0)
    g_string_append_printf (out, ",\"not_found\":[%s]", not_found);
  append_nonce (out, data);
  g_string_append (out, ",\"guild_id\":");
  dgw_testing_json_append_string (out, dgw_testing_json_get_string (data, "guild_id"));
  g_string_append_printf (out, ",\"chunk_index\":%u,\"chunk_count\":%u}", index, n_chunks);
  dispatch (peer, "GUILD_MEMBERS_CHUNK", out);
}

/* Requests for all members of a guild are limited; the answer is a dispatch of its own. */
static gboolean
is_asked_too_often (DgwTestingPeer *peer, JsonObject *data)
{
  DgwTestingRealm *realm = peer->realm;
  const char      *guild_id = dgw_testing_json_get_string (data, "guild_id");
  const char      *query = dgw_testing_json_get_string (data, "query");
  gint64           window = realm->options.member_request_window * G_TIME_SPAN_MILLISECOND;
  gint64           now = g_get_monotonic_time ();
  gint64          *last = g_hash_table_lookup (realm->members_asked_us, guild_id);
  char             seconds[G_ASCII_DTOSTR_BUF_SIZE];
  g_autoptr (GString) out = NULL;

  if (query == NULL || *query != '\0' || dgw_testing_json_get_int (data, "limit", -1) != 0)
    return FALSE;
  if (last == NULL || now - *last >= window)
    {
      g_hash_table_insert (realm->members_asked_us, g_strdup (guild_id), g_memdup2 (&now, sizeof now));
      return FALSE;
    }

  g_ascii_formatd (seconds, sizeof seconds, "%.3f", (double)(*last + window - now) / G_USEC_PER_SEC);
  out = g_string_new (NULL);
  g_string_append_printf (
    out, "{\"opcode\":%d,\"retry_after\":%s,\"meta\":{\"guild_id\":", DGW_TESTING_OP_REQUEST_MEMBERS, seconds);
  dgw_testing_json_append_string (out, guild_id);
  append_nonce (out, data);
  g_string_append (out, "}}");
  dispatch (peer, "RATE_LIMITED", out);
  return TRUE;
}

static gboolean
answer_members (DgwTestingPeer *peer, JsonObject *data)
{
  gboolean has_query = dgw_testing_json_get_string (data, "query") != NULL;
  gboolean has_ids = dgw_testing_json_get_array (data, "user_ids") != NULL;
  guint    size = MAX (peer->realm->options.member_chunk_size, 1);
  guint    n_chunks;
  g_autoptr (GString) not_found = g_string_new (NULL);
  g_autoptr (GPtrArray) found = NULL;

  if (dgw_testing_json_get_string (data, "guild_id") == NULL || has_query == has_ids ||
      (has_query && dgw_testing_json_get_int (data, "limit", -1) < 0))
    return FALSE;
  if (is_asked_too_often (peer, data))
    return TRUE;

  found = find_members (&peer->realm->options, data, not_found);
  n_chunks = MAX ((found->len + size - 1) / size, 1);
  for (guint i = 0; i < n_chunks; i++)
    send_chunk (peer, data, found, not_found->str, i, n_chunks);

  return TRUE;
}

static void
send_sounds (DgwTestingPeer *peer, const char *guild_id)
{
  g_autoptr (GString) out = g_string_new ("{\"soundboard_sounds\":[");

  for (guint i = 0; i < SOUNDS_A_GUILD; i++)
    g_string_append_printf (out,
                            "%s{\"name\":\"sound_%u\",\"sound_id\":\"%" G_GUINT64_FORMAT "\",\"volume\":1.0,\"emoji_id\":null,"
                            "\"emoji_name\":\"\xf0\x9f\x94\x94\",\"available\":true,\"guild_id\":\"%s\"}",
                            i > 0 ? "," : "",
                            i,
                            G_GUINT64_CONSTANT (920000000000000000) + i,
                            guild_id);
  g_string_append_printf (out, "],\"guild_id\":\"%s\"}", guild_id);
  dispatch (peer, "SOUNDBOARD_SOUNDS", out);
}

static gboolean
is_id (const char *text)
{
  return text != NULL && *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

static gboolean
answer_sounds (DgwTestingPeer *peer, JsonObject *data)
{
  JsonArray *ids = dgw_testing_json_get_array (data, "guild_ids");

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < json_array_get_length (ids); i++)
    {
      JsonNode *node = json_array_get_element (ids, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || !is_id (json_node_get_string (node)))
        return FALSE;
      send_sounds (peer, json_node_get_string (node));
    }

  return TRUE;
}

static gboolean
has_field (JsonArray *fields, const char *name)
{
  for (guint i = 0; i < json_array_get_length (fields); i++)
    {
      JsonNode *node = json_array_get_element (fields, i);

      if (JSON_NODE_HOLDS_VALUE (node) && g_strcmp0 (json_node_get_string (node), name) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
answer_channel_info (DgwTestingPeer *peer, JsonObject *data)
{
  const char *guild_id = dgw_testing_json_get_string (data, "guild_id");
  JsonArray  *fields = dgw_testing_json_get_array (data, "fields");
  g_autoptr (GString) out = NULL;

  if (!is_id (guild_id) || fields == NULL)
    return FALSE;

  out = g_string_new (NULL);
  g_string_append_printf (out, "{\"guild_id\":\"%s\",\"channels\":[{\"id\":\"900000000000000022\"", guild_id);
  if (has_field (fields, "status"))
    g_string_append (out, ",\"status\":\"raid at nine\"");
  if (has_field (fields, "voice_start_time"))
    g_string_append (out, ",\"voice_start_time\":1772236618");
  g_string_append (out, "}]}");
  dispatch (peer, "CHANNEL_INFO", out);
  return TRUE;
}

static void
send_voice_server (DgwTestingPeer *peer, const char *guild_id)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_append_printf (out,
                          "{\"token\":\"%08x%08x\",\"guild_id\":\"%s\",\"endpoint\":\"" VOICE_ENDPOINT "\"}",
                          g_random_int (),
                          g_random_int (),
                          guild_id);
  dispatch (peer, "VOICE_SERVER_UPDATE", out);
}

static void
send_voice_state (DgwTestingPeer *peer, JsonObject *data)
{
  const char *guild_id = dgw_testing_json_get_string (data, "guild_id");
  const char *channel_id = dgw_testing_json_get_string (data, "channel_id");
  g_autoptr (GString) out = g_string_new ("{\"member\":");

  append_member (out, BOT_ID);
  g_string_append_printf (out,
                          ",\"user_id\":\"" BOT_ID "\",\"suppress\":false,\"session_id\":\"%s\",\"self_video\":false,"
                          "\"self_mute\":%s,\"self_deaf\":%s,\"request_to_speak_timestamp\":null,\"mute\":false,"
                          "\"guild_id\":\"%s\",\"deaf\":false,\"channel_id\":",
                          dgw_testing_session_get_id (peer->session),
                          dgw_testing_json_get_boolean (data, "self_mute") ? "true" : "false",
                          dgw_testing_json_get_boolean (data, "self_deaf") ? "true" : "false",
                          guild_id);
  if (channel_id != NULL)
    g_string_append_printf (out, "\"%s\"}", channel_id);
  else
    g_string_append (out, "null}");
  dispatch (peer, "VOICE_STATE_UPDATE", out);
}

/* The two answers come in any order: each time in the other one. */
static gboolean
answer_voice_state (DgwTestingPeer *peer, JsonObject *data)
{
  const char *guild_id = dgw_testing_json_get_string (data, "guild_id");
  const char *channel_id = dgw_testing_json_get_string (data, "channel_id");
  gboolean    is_server_first = FALSE;

  if (!is_id (guild_id) || (channel_id != NULL && !is_id (channel_id)) || !json_object_has_member (data, "channel_id") ||
      !json_object_has_member (data, "self_mute") || !json_object_has_member (data, "self_deaf"))
    return FALSE;

  if (channel_id != NULL)
    is_server_first = peer->realm->n_voice_joins++ % 2 == 1;
  if (is_server_first)
    send_voice_server (peer, guild_id);
  send_voice_state (peer, data);
  if (channel_id != NULL && !is_server_first)
    send_voice_server (peer, guild_id);

  return TRUE;
}

/* FALSE when @data does not fit the opcode. */
gboolean
dgw_testing_answer_command (DgwTestingPeer *peer, guint opcode, JsonObject *data)
{
  switch (opcode)
    {
    case DGW_TESTING_OP_VOICE_STATE:
      return answer_voice_state (peer, data);
    case DGW_TESTING_OP_REQUEST_MEMBERS:
      return answer_members (peer, data);
    case DGW_TESTING_OP_REQUEST_SOUNDS:
      return answer_sounds (peer, data);
    case DGW_TESTING_OP_REQUEST_CHANNEL_INFO:
      return answer_channel_info (peer, data);
    default:
      /* Opcode 3 is not answered. */
      return dgw_testing_json_get_array (data, "activities") != NULL && json_object_has_member (data, "since") &&
             json_object_has_member (data, "afk") && dgw_testing_json_get_string (data, "status") != NULL;
    }
}
