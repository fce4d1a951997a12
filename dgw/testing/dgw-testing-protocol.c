/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The server's rules: what a client may send, when, and what it gets for it. */

#include "config.h"

#include "testing/dgw-testing-protocol-private.h"

#include <string.h>

#include "testing/dgw-testing-answers-private.h"
#include "testing/dgw-testing-json-private.h"
#include "testing/dgw-testing-peer-private.h"
#include "testing/dgw-testing-scenario-private.h"

/* The sliding window of payloads; heartbeats count. */
static gboolean
is_too_fast (DgwTestingPeer *peer)
{
  DgwTestingOptions *options = &peer->realm->options;
  gint64             now = g_get_monotonic_time ();
  gint64             since = now - options->command_window * G_TIME_SPAN_MILLISECOND;
  gint64            *oldest;

  g_queue_push_tail (&peer->received_us, g_memdup2 (&now, sizeof now));
  while ((oldest = g_queue_peek_head (&peer->received_us)) != NULL && *oldest < since)
    g_free (g_queue_pop_head (&peer->received_us));

  return options->command_limit > 0 && g_queue_get_length (&peer->received_us) > options->command_limit;
}

static void
heartbeat (DgwTestingPeer *peer)
{
  if (peer->is_hello_sent)
    dgw_testing_peer_restart_heartbeat (peer);
  if (peer->realm->options.acknowledge_heartbeats)
    dgw_testing_peer_send_op (peer, DGW_TESTING_OP_HEARTBEAT_ACK, "null");
}

static gboolean
is_token_good (DgwTestingPeer *peer, JsonObject *data)
{
  const char *expected = peer->realm->options.token;
  const char *token = dgw_testing_json_get_string (data, "token");

  return token != NULL && *token != '\0' && (expected == NULL || strcmp (token, expected) == 0);
}

static gboolean
read_shard (JsonObject *data, guint *shard_id, guint *shard_count)
{
  JsonArray *shard = dgw_testing_json_get_array (data, "shard");
  gint64     id, count;

  if (!json_object_has_member (data, "shard"))
    return TRUE;
  if (shard == NULL || json_array_get_length (shard) != 2)
    return FALSE;

  id = dgw_testing_json_node_get_int (json_array_get_element (shard, 0), -1);
  count = dgw_testing_json_node_get_int (json_array_get_element (shard, 1), -1);
  *shard_id = id;
  *shard_count = count;
  return id >= 0 && count > 0 && id < count && count <= G_MAXINT32;
}

/* The close code that this identify earns, 0 when it is good. */
static guint
check_identify (DgwTestingPeer *peer, JsonObject *data, guint *shard_id, guint *shard_count)
{
  DgwTestingOptions *options = &peer->realm->options;
  gint64             intents = dgw_testing_json_get_int (data, "intents", -1);

  if (dgw_testing_json_get_object (data, "properties") == NULL)
    return DGW_TESTING_CLOSE_DECODE_ERROR;
  if (!is_token_good (peer, data))
    return DGW_TESTING_CLOSE_AUTHENTICATION_FAILED;
  if (!read_shard (data, shard_id, shard_count))
    return DGW_TESTING_CLOSE_INVALID_SHARD;
  if (MAX (*shard_count, 1) < options->minimum_shards)
    return DGW_TESTING_CLOSE_SHARDING_REQUIRED;
  if (intents < 0 || (intents & ~(gint64)DGW_TESTING_KNOWN_INTENTS) != 0)
    return DGW_TESTING_CLOSE_INVALID_INTENTS;
  if ((intents & ~(gint64)options->allowed_intents) != 0)
    return DGW_TESTING_CLOSE_DISALLOWED_INTENTS;

  return 0;
}

static void
remember (JsonNode **place, JsonObject *data)
{
  g_clear_pointer (place, json_node_unref);
  *place = json_node_init_object (json_node_alloc (), data);
}

static void
accept_identify (DgwTestingPeer *peer, JsonObject *data, guint shard_id, guint shard_count)
{
  DgwTestingRealm   *realm = peer->realm;
  DgwTestingSession *session;

  session = dgw_testing_realm_create_session (realm, shard_id, shard_count);
  dgw_testing_realm_log (
    realm, "client %u: identified, session %s", peer->number, dgw_testing_session_get_id (session));
  dgw_testing_peer_attach (peer, session);
  dgw_testing_peer_pump (peer);
  if (realm->hooks != NULL)
    realm->hooks->identified (realm->user_data);
}

static void
identify (DgwTestingPeer *peer, JsonObject *data)
{
  DgwTestingRealm *realm = peer->realm;
  guint            shard_id = 0, shard_count = 0;
  guint            code;

  if (peer->state == DGW_TESTING_PEER_IDENTIFIED)
    {
      dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_ALREADY_AUTHENTICATED, "Already authenticated");
      return;
    }

  realm->n_identifies++;
  remember (&realm->last_identify, data);
  code = check_identify (peer, data, &shard_id, &shard_count);
  if (code != 0)
    {
      dgw_testing_peer_close (peer, code, "Identify refused");
    }
  else if (realm->options.hold_ready)
    {
      dgw_testing_realm_log (realm, "client %u: identify held", peer->number);
    }
  else if (realm->options.session_start_remaining == 0 || !dgw_testing_realm_take_identify (realm, shard_id))
    {
      dgw_testing_realm_log (realm, "client %u: identified too soon", peer->number);
      dgw_testing_peer_send_op (peer, DGW_TESTING_OP_INVALID_SESSION, "false");
    }
  else
    {
      realm->options.session_start_remaining--;
      accept_identify (peer, data, shard_id, shard_count);
    }
}

static void
accept_resume (DgwTestingPeer *peer, DgwTestingSession *session, gint64 sequence)
{
  DgwTestingRealm *realm = peer->realm;
  DgwTestingPeer  *old = dgw_testing_session_get_peer (session);
  g_autoptr (DgwTestingEvent) resumed = dgw_testing_event_new_resumed ();

  if (old != NULL)
    dgw_testing_peer_close (old, DGW_TESTING_CLOSE_UNKNOWN_ERROR, "Resumed elsewhere");
  dgw_testing_session_rewind (session, sequence);
  dgw_testing_session_append (session, resumed);
  dgw_testing_realm_log (realm, "client %u: resumed session %s from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                         peer->number, dgw_testing_session_get_id (session), sequence, dgw_testing_session_get_sequence (session));
  dgw_testing_peer_attach (peer, session);
  dgw_testing_peer_pump (peer);
  if (realm->hooks != NULL)
    realm->hooks->resumed (realm->user_data);
}

static void
resume (DgwTestingPeer *peer, JsonObject *data)
{
  DgwTestingRealm   *realm = peer->realm;
  DgwTestingSession *session;
  gint64             sequence = dgw_testing_json_get_int (data, "seq", -1);

  if (peer->state == DGW_TESTING_PEER_IDENTIFIED)
    {
      dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_ALREADY_AUTHENTICATED, "Already authenticated");
      return;
    }

  realm->n_resumes++;
  remember (&realm->last_resume, data);
  session = dgw_testing_realm_find_session (realm, dgw_testing_json_get_string (data, "session_id"));
  if (!is_token_good (peer, data))
    dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_AUTHENTICATION_FAILED, "Authentication failed");
  else if (session == NULL)
    {
      dgw_testing_realm_log (realm, "client %u: unknown session", peer->number);
      dgw_testing_peer_send_op (peer, DGW_TESTING_OP_INVALID_SESSION, "false");
    }
  else if (sequence < 0 || sequence > dgw_testing_session_get_sequence (session))
    {
      dgw_testing_realm_end_session (realm, session);
      dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_INVALID_SEQUENCE, "Invalid seq");
    }
  else if (!dgw_testing_session_can_replay (session, sequence))
    {
      dgw_testing_realm_log (realm, "client %u: too much to replay", peer->number);
      dgw_testing_realm_end_session (realm, session);
      dgw_testing_peer_send_op (peer, DGW_TESTING_OP_INVALID_SESSION, "false");
    }
  else if (!realm->options.hold_resumed)
    accept_resume (peer, session, sequence);
}

static void
command (DgwTestingPeer *peer, guint opcode, JsonNode *node)
{
  DgwTestingRealm *realm = peer->realm;
  JsonObject      *data = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

  if (peer->state != DGW_TESTING_PEER_IDENTIFIED)
    {
      dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_NOT_AUTHENTICATED, "Not authenticated");
      return;
    }

  dgw_testing_realm_log (realm, "client %u: command, opcode %u", peer->number, opcode);
  if (data == NULL || !dgw_testing_answer_command (peer, opcode, data))
    {
      dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_UNKNOWN_OPCODE, "Invalid payload for the opcode");
      return;
    }
  if (realm->hooks != NULL)
    realm->hooks->command (opcode, node, realm->user_data);
}

static void
handle_opcode (DgwTestingPeer *peer, gint64 opcode, JsonNode *data)
{
  gboolean is_object = JSON_NODE_HOLDS_OBJECT (data);

  switch (opcode)
    {
    case DGW_TESTING_OP_HEARTBEAT:
      heartbeat (peer);
      break;
    case DGW_TESTING_OP_IDENTIFY:
    case DGW_TESTING_OP_RESUME:
      if (!is_object)
        dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_DECODE_ERROR, "No object in d");
      else if (opcode == DGW_TESTING_OP_IDENTIFY)
        identify (peer, json_node_get_object (data));
      else
        resume (peer, json_node_get_object (data));
      break;
    case DGW_TESTING_OP_PRESENCE:
    case DGW_TESTING_OP_VOICE_STATE:
    case DGW_TESTING_OP_REQUEST_MEMBERS:
    case DGW_TESTING_OP_REQUEST_SOUNDS:
    case DGW_TESTING_OP_REQUEST_CHANNEL_INFO:
      command (peer, opcode, data);
      break;
    default:
      dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_UNKNOWN_OPCODE, "Unknown opcode");
      break;
    }
}

static void
handle_payload (DgwTestingPeer *peer, JsonNode *root)
{
  DgwTestingRealm *realm = peer->realm;
  JsonObject      *payload = json_node_get_object (root);
  gint64           opcode = dgw_testing_json_get_int (payload, "op", -1);
  g_autoptr (JsonNode) none = json_node_new (JSON_NODE_NULL);
  JsonNode *data = json_object_has_member (payload, "d") ? json_object_get_member (payload, "d") : none;

  if (realm->hooks != NULL && opcode >= 0 && opcode <= G_MAXINT32)
    realm->hooks->received (opcode, data, realm->user_data);
  if (peer->state == DGW_TESTING_PEER_LEAVING)
    return;
  if (realm->scenario != NULL && dgw_testing_scenario_received (realm->scenario, peer, opcode, root))
    return;

  /* Its scenario is over, and no session stands behind it. */
  if (peer->is_scripted)
    {
      if (opcode == DGW_TESTING_OP_HEARTBEAT)
        dgw_testing_peer_send_op (peer, DGW_TESTING_OP_HEARTBEAT_ACK, "null");
      return;
    }

  if (opcode == DGW_TESTING_OP_IDENTIFY)
    dgw_testing_peer_choose_payload_compression (peer, payload);
  handle_opcode (peer, opcode, data);
}

void
dgw_testing_peer_handle (DgwTestingPeer *peer, const char *text, gsize size)
{
  g_autoptr (JsonNode) root = NULL;

  if (is_too_fast (peer))
    dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_RATE_LIMITED, "Rate limited");
  else if (size > DGW_TESTING_MAX_COMMAND)
    dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_DECODE_ERROR, "Payload too large");
  else if (!g_utf8_validate_len (text, size, NULL) ||
           (root = dgw_testing_json_parse (text, size, NULL)) == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_DECODE_ERROR, "Error while decoding payload");
  else
    handle_payload (peer, root);
}
