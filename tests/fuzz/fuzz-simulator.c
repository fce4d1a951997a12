/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "socket-pair.h"
#include "fuzz.h"
#include "testing/dgw-testing-peer-private.h"
#include "testing/dgw-testing-protocol-private.h"
#include "testing/dgw-testing-scenario-private.h"
#include "transport/dgw-websocket-frame-private.h"

/* What a client sends to the simulator after the handshake. The first byte is of
 * Flags, the second says how it is cut into pieces. The rest is what goes through
 * the socket, or a payload in each line, in which a byte of 127 stands for the id of
 * a session that there is; a line that starts with "!" is an act of the test: d, a
 * dispatch; c, r and h, cuts; o, opcode 7. Whatever comes, the simulator's own
 * frames and payloads have to be good, and none may follow its close frame. */

typedef enum
{
  FLAG_RAW = 1 << 0,      /* no lines but bytes */
  FLAG_TOKEN = 1 << 1,    /* another token is refused */
  FLAG_COMPRESS = 1 << 2, /* zlib-stream */
  FLAG_ROUTE = 1 << 3,    /* guilds go to their shards */
  FLAG_SCENARIO = 1 << 4, /* the lines up to an empty one are a scenario */
  FLAG_SPLIT = 1 << 5,    /* messages go out in frames */
  FLAG_AGAIN = 1 << 6,    /* the same once more, on a second connection */
} Flags;

#define MASK      0x5aa5c33c
#define MAX_LINES 256 /* the scenario's */

static GMainContext *context;

void
fuzz_target_init (void)
{
  fuzz_write_no_log ();
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
}

static void
connected_cb (const char *query,
              gpointer    user_data)
{
}

static void
disconnected_cb (guint       code,
                 const char *reason,
                 gpointer    user_data)
{
  g_assert_true (reason == NULL || g_utf8_validate (reason, -1, NULL));
}

static void
received_cb (guint     opcode,
             JsonNode *data,
             gpointer  user_data)
{
  g_assert_nonnull (data);
}

static void
happened_cb (gpointer user_data)
{
}

static void
scenario_ended_cb (const char *failure,
                   gpointer    user_data)
{
}

static void
log_cb (const char *line,
        gpointer    user_data)
{
  g_assert_true (g_utf8_validate (line, -1, NULL));
}

static const DgwTestingHooks hooks = {
  .connected = connected_cb,
  .disconnected = disconnected_cb,
  .received = received_cb,
  .identified = happened_cb,
  .resumed = happened_cb,
  .command = received_cb,
  .scenario_ended = scenario_ended_cb,
  .log = log_cb,
};

static DgwTestingRealm *
make_realm (guint8 flags)
{
  DgwTestingRealm *realm = dgw_testing_realm_new (&hooks, NULL);

  realm->options = (DgwTestingOptions){
    .heartbeat_interval = 41250,
    .acknowledge_heartbeats = TRUE,
    .session_timeout = 60000,
    .replay_limit = 20,
    .token = flags & FLAG_TOKEN ? g_strdup ("good") : NULL,
    .allowed_intents = DGW_TESTING_KNOWN_INTENTS & ~2u,
    .shards = 1,
    .minimum_shards = flags & FLAG_ROUTE ? 2 : 1,
    .session_start_total = 1000,
    .session_start_remaining = 1000,
    .max_concurrency = 1,
    .identify_window = flags & FLAG_ROUTE ? 5000 : 0,
    .command_limit = 20,
    .command_window = 60000,
    .guild_count = 3,
    .route_guilds = (flags & FLAG_ROUTE) != 0,
    .member_count = 10,
    .member_chunk_size = 4,
    .member_request_window = 30000,
    .frame_size = flags & FLAG_SPLIT ? 100 : 0,
  };
  realm->url = g_strdup ("ws://127.0.0.1:1");
  realm->resume_url = g_strdup ("ws://127.0.0.1:2");

  return realm;
}

/* As much of it as is played at once. */
static void
set_scenario (DgwTestingRealm *realm,
              FuzzInput       *input)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MAX_LINES; i++)
    {
      g_autofree char *line = fuzz_take_text (input, '\n');

      if (*line == '\0')
        break;
      if (strchr (line, '%') == NULL && strchr (line, '$') == NULL && *line != '@')
        g_string_append_printf (text, "%s\n", line);
    }
  realm->scenario = dgw_testing_scenario_new (realm, text->str, NULL);
}

static void
check_payload (const char *text,
               gsize       size)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, text, (gssize)size, &error);
  if (error != NULL)
    g_test_message ("%.*s", (int)size, text);
  g_assert_no_error (error);
}

/* Scripted payloads may be what they like. */
static void
check_output (const GByteArray *output,
              gboolean          is_scripted)
{
  const guint8 *data = output->data;
  gsize         size = output->len;
  gboolean      is_closed = FALSE;
  gboolean      is_text = FALSE;
  g_autoptr (GString) message = g_string_new (NULL);
  DgwWebsocketHeader header;

  while (size > 0)
    {
      if (dgw_websocket_header_parse (&header, data, size) != DGW_WEBSOCKET_HEADER_COMPLETE || header.length > size - header.size)
        break;
      g_assert_false (is_closed);
      is_closed = header.opcode == DGW_WEBSOCKET_CLOSE;
      if (header.opcode == DGW_WEBSOCKET_TEXT || header.opcode == DGW_WEBSOCKET_BINARY)
        {
          is_text = header.opcode == DGW_WEBSOCKET_TEXT;
          g_string_truncate (message, 0);
        }
      if (!DGW_WEBSOCKET_IS_CONTROL (header.opcode))
        g_string_append_len (message, (const char *)data + header.size, (gssize)header.length);
      if (header.is_final && !DGW_WEBSOCKET_IS_CONTROL (header.opcode) && is_text && !is_scripted)
        check_payload (message->str, message->len);
      data += header.size + header.length;
      size -= header.size + header.length;
    }
  g_assert_cmpuint (size, ==, 0);
}

static void
act (DgwTestingPeer *peer,
     char            what)
{
  g_autoptr (DgwTestingEvent) event = NULL;

  switch (what)
    {
    case 'd':
      event = dgw_testing_event_new ("MESSAGE_CREATE", "{\"guild_id\":\"900000000000000001\"}");
      dgw_testing_realm_dispatch (peer->realm, event);
      break;
    case 'c':
      dgw_testing_peer_cut (peer, DGW_TESTING_CUT_CLOSE);
      break;
    case 'r':
      dgw_testing_peer_cut (peer, DGW_TESTING_CUT_RESET);
      break;
    case 'h':
      dgw_testing_peer_cut (peer, DGW_TESTING_CUT_HALF_OPEN);
      break;
    case 'o':
      dgw_testing_peer_send_op (peer, DGW_TESTING_OP_RECONNECT, "null");
      break;
    default:
      break;
    }
}

static const char *
get_session_id (DgwTestingRealm *realm)
{
  GHashTableIter iter;
  gpointer       id = NULL;

  g_hash_table_iter_init (&iter, realm->sessions);

  return g_hash_table_iter_next (&iter, &id, NULL) ? id : "none";
}

static void
write_bytes (FuzzSocket   *socket,
             const guint8 *data,
             gsize         size,
             gsize         piece)
{
  for (gsize at = 0; at < size; at += piece)
    fuzz_socket_write (socket, data + at, MIN (piece, size - at));
}

static void
write_lines (FuzzSocket     *socket,
             DgwTestingPeer *peer,
             FuzzInput       input,
             gsize           piece)
{
  while (input.size > 0)
    {
      g_autofree char *line = fuzz_take_text (&input, '\n');
      g_autoptr (GString) text = g_string_new (line);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      if (*line == '!')
        {
          act (peer, line[1]);
          continue;
        }
      g_string_replace (text, "\x7f", get_session_id (peer->realm), 0);
      dgw_websocket_append_frame (bytes, DGW_WEBSOCKET_TEXT, text->str, text->len, MASK);
      write_bytes (socket, bytes->data, bytes->len, piece);
    }
}

static void
play (DgwTestingRealm *realm,
      guint8           flags,
      gsize            piece,
      const FuzzInput *input)
{
  g_auto (FuzzSocket) socket = {0};
  g_autoptr (GHashTable) query = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GByteArray) output = g_byte_array_new ();
  g_autoptr (DgwTestingPeer) peer = NULL;
  gboolean is_scripted = realm->scenario != NULL;

  g_hash_table_insert (query, (gpointer) "v", (gpointer) "10");
  g_hash_table_insert (query, (gpointer) "encoding", (gpointer) "json");
  if (flags & FLAG_COMPRESS)
    g_hash_table_insert (query, (gpointer) "compress", (gpointer) "zlib-stream");

  fuzz_socket_init (&socket);
  peer = dgw_testing_peer_new (realm, socket.stream, socket.socket, query);
  dgw_testing_realm_add_peer (realm, peer);
  dgw_testing_peer_start (peer);
  if (flags & FLAG_RAW)
    write_bytes (&socket, input->data, input->size, piece);
  else
    write_lines (&socket, peer, *input, piece);
  fuzz_socket_shut (&socket);
  fuzz_socket_read (&socket, output);
  check_output (output, is_scripted);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput    input = {data, size};
  const guint8 flags = fuzz_take_byte (&input);
  const guint8 piece = fuzz_take_byte (&input);
  g_autoptr (DgwTestingRealm) realm = make_realm (flags);

  if (input.size == 0)
    return 0;

  if (flags & FLAG_SCENARIO)
    set_scenario (realm, &input);
  dgw_testing_realm_start (realm, context);
  play (realm, flags, piece > 0 ? piece : G_MAXUINT16, &input);
  if (flags & FLAG_AGAIN)
    play (realm, flags, piece > 0 ? piece : G_MAXUINT16, &input);
  dgw_testing_realm_stop (realm);

  return 0;
}
