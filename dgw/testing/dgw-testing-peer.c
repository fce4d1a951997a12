/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One connection: what is sent to the client, its heartbeat and its end. What
 * the client's payloads mean is in dgw-testing-protocol.c.
 */

#include "config.h"

#include "testing/dgw-testing-peer-private.h"

#include <string.h>

#include "testing/dgw-testing-json-private.h"
#include "testing/dgw-testing-protocol-private.h"
#include "testing/dgw-testing-scenario-private.h"

/* What may wait to be written before the session's events wait instead. */
#define HIGH_WATER      (192 * 1024)
#define HEARTBEAT_GRACE 250
#define PAYLOAD_MINIMUM 512 /* shorter ones are not compressed alone */
#define ZSTD_LEVEL      3
#define ZLIB_LEVEL      6
#define MAX_HALF_OPEN   64

static void
peer_clear (gpointer data)
{
  DgwTestingPeer *peer = data;

  g_clear_pointer (&peer->wire, dgw_testing_wire_free);
  g_clear_pointer (&peer->compressor, dgw_testing_compressor_free);
  g_clear_pointer (&peer->heartbeat_timer, dgw_testing_timer_free);
  g_clear_pointer (&peer->cut_timer, dgw_testing_timer_free);
  g_clear_pointer (&peer->realm, dgw_testing_realm_unref);
  g_queue_clear_full (&peer->received_us, g_free);
  g_string_free (peer->scratch, TRUE);
}

DgwTestingPeer *
dgw_testing_peer_ref (DgwTestingPeer *peer)
{
  return g_rc_box_acquire (peer);
}

void
dgw_testing_peer_unref (DgwTestingPeer *peer)
{
  g_rc_box_release_full (peer, peer_clear);
}

static void
message_cb (DgwTestingFrame kind, const char *data, gsize size, gpointer user_data)
{
  g_autoptr (DgwTestingPeer) peer = dgw_testing_peer_ref (user_data);

  if (peer->state == DGW_TESTING_PEER_LEAVING)
    return;

  if (kind != DGW_TESTING_FRAME_TEXT)
    dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_DECODE_ERROR, "Only text is understood");
  else
    dgw_testing_peer_handle (peer, data, size);
}

/* 1000 and 1001 of a client end its session: see "Disconnecting" in Discord's documentation. */
static void
closed_cb (guint code, const char *reason, gpointer user_data)
{
  g_autoptr (DgwTestingPeer) peer = dgw_testing_peer_ref (user_data);
  DgwTestingRealm   *realm = peer->realm;
  DgwTestingSession *session = peer->session;

  peer->state = DGW_TESTING_PEER_LEAVING;
  dgw_testing_timer_stop (peer->heartbeat_timer);
  dgw_testing_timer_stop (peer->cut_timer);
  dgw_testing_realm_log (realm, "client %u: gone, code %u%s%s", peer->number, code, reason != NULL ? " " : "", reason != NULL ? reason : "");
  dgw_testing_peer_detach (peer);
  if (session != NULL && (code == DGW_TESTING_CLOSE_NORMAL || code == DGW_TESTING_CLOSE_GOING_AWAY))
    dgw_testing_realm_end_session (realm, session);
  dgw_testing_realm_remove_peer (realm, peer);
  if (realm->scenario != NULL)
    dgw_testing_scenario_peer_closed (realm->scenario, peer);
  if (realm->hooks != NULL)
    realm->hooks->disconnected (code, reason, realm->user_data);
}

static void
drained_cb (gpointer user_data)
{
  g_autoptr (DgwTestingPeer) peer = dgw_testing_peer_ref (user_data);

  dgw_testing_peer_pump (peer);
}

static const DgwTestingWireFuncs wire_funcs = {
  .message = message_cb,
  .closed = closed_cb,
  .drained = drained_cb,
};

static gint64
heartbeat_limit_us (DgwTestingRealm *realm)
{
  guint interval = realm->options.heartbeat_interval;
  guint limit = realm->options.heartbeat_timeout;

  return (limit > 0 ? limit : interval + interval / 2 + HEARTBEAT_GRACE) * G_TIME_SPAN_MILLISECOND;
}

static void
heartbeat_cb (gpointer user_data)
{
  g_autoptr (DgwTestingPeer) peer = dgw_testing_peer_ref (user_data);

  /* The beat may have come while this process was stopped. */
  dgw_testing_wire_receive (peer->wire);
  if (peer->state == DGW_TESTING_PEER_LEAVING || dgw_testing_timer_is_running (peer->heartbeat_timer))
    return;

  dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_UNKNOWN_ERROR, "No heartbeat");
}

static void
cut_cb (gpointer user_data)
{
  static const DgwTestingCut mix[] = {DGW_TESTING_CUT_CLOSE, DGW_TESTING_CUT_RESET, DGW_TESTING_CUT_HALF_OPEN};
  g_autoptr (DgwTestingPeer) peer = dgw_testing_peer_ref (user_data);
  DgwTestingCut cut = peer->realm->cut;

  if (cut == DGW_TESTING_CUT_MIX)
    cut = mix[peer->realm->n_cuts++ % G_N_ELEMENTS (mix)];
  dgw_testing_peer_cut (peer, cut);
}

static int
get_level (DgwTestingRealm *realm, DgwTestingCompressorKind kind)
{
  if (realm->options.compression_level > 0)
    return realm->options.compression_level;

  return kind == DGW_TESTING_COMPRESSOR_ZSTD_STREAM ? ZSTD_LEVEL : ZLIB_LEVEL;
}

static gboolean
choose_compression (DgwTestingPeer *peer, const char *name)
{
  DgwTestingCompressorKind kind;

  if (name == NULL)
    return TRUE;
  if (strcmp (name, "zlib-stream") == 0)
    kind = DGW_TESTING_COMPRESSOR_ZLIB_STREAM;
  else if (strcmp (name, "zstd-stream") == 0)
    kind = DGW_TESTING_COMPRESSOR_ZSTD_STREAM;
  else
    return FALSE;

  peer->compressor = dgw_testing_compressor_new (kind, get_level (peer->realm, kind));
  return TRUE;
}

DgwTestingPeer *
dgw_testing_peer_new (DgwTestingRealm *realm, GIOStream *stream, GSocket *socket, GHashTable *query)
{
  DgwTestingPeer *peer = g_rc_box_new0 (DgwTestingPeer);

  peer->realm = dgw_testing_realm_ref (realm);
  peer->number = ++realm->n_connections;
  peer->scratch = g_string_new (NULL);
  g_queue_init (&peer->received_us);
  peer->wire = dgw_testing_wire_new (stream, socket, &wire_funcs, peer);
  peer->heartbeat_timer = dgw_testing_timer_new (realm->context, "[dgw-testing] heartbeat", heartbeat_cb, peer);
  peer->cut_timer = dgw_testing_timer_new (realm->context, "[dgw-testing] cut", cut_cb, peer);
  peer->is_version_good =
    g_strcmp0 (g_hash_table_lookup (query, "v"), DGW_TESTING_API_VERSION) == 0 &&
    g_strcmp0 (g_hash_table_lookup (query, "encoding"), "json") == 0 &&
    choose_compression (peer, g_hash_table_lookup (query, "compress"));
  dgw_testing_wire_set_pace (peer->wire, realm->options.write_size, realm->options.write_delay);
  dgw_testing_wire_set_frame_size (peer->wire, realm->options.frame_size);
  return peer;
}

/* "compress" of an identify: single payloads as whole zlib streams. */
void
dgw_testing_peer_choose_payload_compression (DgwTestingPeer *peer, JsonObject *payload)
{
  JsonObject              *data = dgw_testing_json_get_object (payload, "d");
  DgwTestingCompressorKind kind = DGW_TESTING_COMPRESSOR_ZLIB_PAYLOAD;

  if (peer->compressor == NULL && data != NULL && json_object_has_member (data, "compress") &&
      dgw_testing_json_get_boolean (data, "compress"))
    peer->compressor = dgw_testing_compressor_new (kind, get_level (peer->realm, kind));
}

/* The first thing a client sees: HELLO, or the close that its query deserves. */
void
dgw_testing_peer_start (DgwTestingPeer *peer)
{
  if (peer->realm->scenario != NULL && dgw_testing_scenario_peer_opened (peer->realm->scenario, peer))
    return;

  if (!peer->is_version_good)
    dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_INVALID_API_VERSION, "Invalid API version");
  else if (!peer->realm->options.hold_hello)
    dgw_testing_peer_send_hello (peer);
}

static void
send_compressed (DgwTestingPeer *peer, const char *text, gsize length)
{
  const GByteArray *bytes = dgw_testing_compressor_run (peer->compressor, text, length);
  gboolean          is_zlib = dgw_testing_compressor_get_kind (peer->compressor) == DGW_TESTING_COMPRESSOR_ZLIB_STREAM;
  gsize             step = peer->realm->options.fragment_size;

  /* Only of zlib-stream a payload may span messages. */
  if (step == 0 || !is_zlib)
    step = bytes->len;
  for (gsize at = 0; at < bytes->len; at += step)
    dgw_testing_wire_send (peer->wire, DGW_TESTING_FRAME_BINARY, bytes->data + at, MIN (step, bytes->len - at));
}

/* Sends one payload in the way that this client asked for. */
void
dgw_testing_peer_send (DgwTestingPeer *peer, const char *text, gssize length)
{
  gsize size = length < 0 ? strlen (text) : (gsize)length;

  if (peer->compressor == NULL ||
      (dgw_testing_compressor_get_kind (peer->compressor) == DGW_TESTING_COMPRESSOR_ZLIB_PAYLOAD && size < PAYLOAD_MINIMUM))
    dgw_testing_wire_send (peer->wire, DGW_TESTING_FRAME_TEXT, text, size);
  else
    send_compressed (peer, text, size);
}

/* Sends a payload that is no dispatch. */
void
dgw_testing_peer_send_op (DgwTestingPeer *peer, guint opcode, const char *data)
{
  g_autofree char *text = g_strdup_printf ("{\"t\":null,\"s\":null,\"op\":%u,\"d\":%s}", opcode, data);

  dgw_testing_peer_send (peer, text, -1);
}

/* The client has until then to send the next one. */
void
dgw_testing_peer_restart_heartbeat (DgwTestingPeer *peer)
{
  dgw_testing_timer_start (peer->heartbeat_timer, heartbeat_limit_us (peer->realm));
}

void
dgw_testing_peer_send_hello (DgwTestingPeer *peer)
{
  g_autofree char *data = g_strdup_printf (
    "{\"heartbeat_interval\":%u,\"_trace\":[\"[\\\"dgw-testing\\\",{\\\"micros\\\":0.0}]\"]}",
    peer->realm->options.heartbeat_interval);

  dgw_testing_peer_send_op (peer, DGW_TESTING_OP_HELLO, data);
  peer->is_hello_sent = TRUE;
  dgw_testing_peer_restart_heartbeat (peer);
}

/* Sends what the session has, as long as the client takes it. */
void
dgw_testing_peer_pump (DgwTestingPeer *peer)
{
  while (peer->session != NULL && peer->state == DGW_TESTING_PEER_IDENTIFIED &&
         dgw_testing_wire_get_pending (peer->wire) < HIGH_WATER)
    {
      g_string_truncate (peer->scratch, 0);
      if (dgw_testing_session_render_next (peer->session, peer->scratch))
        {
          dgw_testing_peer_send (peer, peer->scratch->str, peer->scratch->len);
          continue;
        }
      if (!dgw_testing_session_generate (peer->session))
        break;
      dgw_testing_session_trim (peer->session, peer->realm->options.replay_limit);
    }
}

/* Makes @session this client's; events flow from the next pump on. */
void
dgw_testing_peer_attach (DgwTestingPeer *peer, DgwTestingSession *session)
{
  peer->session = session;
  peer->state = DGW_TESTING_PEER_IDENTIFIED;
  dgw_testing_session_set_peer (session, peer);
  if (peer->realm->cut != DGW_TESTING_CUT_NONE)
    dgw_testing_timer_start (peer->cut_timer, peer->realm->cut_interval * G_TIME_SPAN_MILLISECOND);
}

void
dgw_testing_peer_detach (DgwTestingPeer *peer)
{
  DgwTestingSession *session = g_steal_pointer (&peer->session);

  if (session != NULL && dgw_testing_session_get_peer (session) == peer)
    dgw_testing_session_set_peer (session, NULL);
}

static gboolean
code_ends_session (guint code)
{
  switch (code)
    {
    case DGW_TESTING_CLOSE_UNKNOWN_OPCODE:
    case DGW_TESTING_CLOSE_NOT_AUTHENTICATED:
    case DGW_TESTING_CLOSE_AUTHENTICATION_FAILED:
    case DGW_TESTING_CLOSE_INVALID_SEQUENCE:
    case DGW_TESTING_CLOSE_SESSION_TIMED_OUT:
    case DGW_TESTING_CLOSE_INVALID_SHARD:
    case DGW_TESTING_CLOSE_SHARDING_REQUIRED:
    case DGW_TESTING_CLOSE_INVALID_API_VERSION:
    case DGW_TESTING_CLOSE_INVALID_INTENTS:
    case DGW_TESTING_CLOSE_DISALLOWED_INTENTS:
      return TRUE;
    default:
      return FALSE;
    }
}

/* The server's own close. */
void
dgw_testing_peer_close (DgwTestingPeer *peer, guint code, const char *reason)
{
  DgwTestingSession *session = peer->session;

  if (peer->state == DGW_TESTING_PEER_LEAVING)
    return;

  peer->state = DGW_TESTING_PEER_LEAVING;
  dgw_testing_timer_stop (peer->heartbeat_timer);
  dgw_testing_timer_stop (peer->cut_timer);
  dgw_testing_peer_detach (peer);
  if (session != NULL && code_ends_session (code))
    dgw_testing_realm_end_session (peer->realm, session);
  dgw_testing_realm_log (peer->realm, "client %u: closing, code %u %s", peer->number, code, reason != NULL ? reason : "");
  dgw_testing_wire_close (peer->wire, code, reason);
}

/* Half-open connections pile up as long as clients do not end; the oldest go. */
static void
limit_half_open (DgwTestingRealm *realm)
{
  if (realm->peers->len > MAX_HALF_OPEN)
    {
      DgwTestingPeer *oldest = g_ptr_array_index (realm->peers, 0);

      if (oldest->state == DGW_TESTING_PEER_LEAVING)
        dgw_testing_wire_reset (oldest->wire);
    }
}

void
dgw_testing_peer_cut (DgwTestingPeer *peer, DgwTestingCut cut)
{
  if (peer->state == DGW_TESTING_PEER_LEAVING)
    return;

  switch (cut)
    {
    case DGW_TESTING_CUT_RESET:
      dgw_testing_realm_log (peer->realm, "client %u: reset", peer->number);
      dgw_testing_wire_reset (peer->wire);
      break;
    case DGW_TESTING_CUT_HALF_OPEN:
      dgw_testing_realm_log (peer->realm, "client %u: half-open", peer->number);
      peer->state = DGW_TESTING_PEER_LEAVING;
      dgw_testing_timer_stop (peer->heartbeat_timer);
      dgw_testing_timer_stop (peer->cut_timer);
      dgw_testing_peer_detach (peer);
      dgw_testing_wire_freeze (peer->wire);
      limit_half_open (peer->realm);
      break;
    case DGW_TESTING_CUT_CLOSE:
    case DGW_TESTING_CUT_MIX:
      dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_UNKNOWN_ERROR, "Unknown error");
      break;
    case DGW_TESTING_CUT_NONE:
    default:
      break;
    }
}

/* TCP ends without a word. */
void
dgw_testing_peer_drop (DgwTestingPeer *peer)
{
  dgw_testing_realm_log (peer->realm, "client %u: dropped", peer->number);
  dgw_testing_wire_drop (peer->wire);
}
