/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The server's rules, seen by a client that knows nothing of this project. */

#include "testing/test-client-private.h"

#include <string.h>

#define PROPERTIES "\"properties\":{\"os\":\"linux\"}"

typedef struct
{
  const char *name;
  const char *option;
  guint       value;
  const char *query;
  const char *first; /* before identifying, or instead */
  gboolean    identify;
  const char *second; /* after READY */
  guint       code;
} Refusal;

static const Refusal refusals[] = {
  {"version",       NULL,              0, "?v=9&encoding=json",             NULL,                                                                                       FALSE, NULL,                                                                   4012},
  {"no-version",    NULL,              0, "",                               NULL,                                                                                       FALSE, NULL,                                                                   4012},
  {"encoding",      NULL,              0, "?v=10&encoding=etf",             NULL,                                                                                       FALSE, NULL,                                                                   4012},
  {"compress",      NULL,              0, "?v=10&encoding=json&compress=x", NULL,                                                                                       FALSE, NULL,                                                                   4012},
  {"opcode",        NULL,              0, NULL,                             "{\"op\":99,\"d\":null}",                                                                   FALSE, NULL,                                                                   4001},
  {"no-opcode",     NULL,              0, NULL,                             "{}",                                                                                       FALSE, NULL,                                                                   4001},
  {"wrong-opcode",  NULL,              0, NULL,                             "{\"op\":\"2\"}",                                                                           FALSE, NULL,                                                                   4001},
  {"no-json",       NULL,              0, NULL,                             "{",                                                                                        FALSE, NULL,                                                                   4002},
  {"no-object",     NULL,              0, NULL,                             "[]",                                                                                       FALSE, NULL,                                                                   4002},
  {"no-data",       NULL,              0, NULL,                             "{\"op\":2}",                                                                               FALSE, NULL,                                                                   4002},
  {"no-properties", NULL,              0, NULL,                             "{\"op\":2,\"d\":{\"token\":\"secret\",\"intents\":0}}",                                    FALSE, NULL,                                                                   4002},
  {"command-first", NULL,              0, NULL,                             "{\"op\":3,\"d\":{}}",                                                                      FALSE, NULL,                                                                   4003},
  {"token",         NULL,              0, NULL,                             "{\"op\":2,\"d\":{\"token\":\"other\",\"intents\":0," PROPERTIES "}}",                      FALSE, NULL,                                                                   4004},
  {"resume-token",  NULL,              0, NULL,                             "{\"op\":6,\"d\":{\"token\":\"other\",\"session_id\":\"x\",\"seq\":0}}",                    FALSE, NULL,                                                                   4004},
  {"twice",         NULL,              0, NULL,                             NULL,                                                                                       TRUE,  "{\"op\":2,\"d\":{\"token\":\"secret\",\"intents\":0," PROPERTIES "}}", 4005},
  {"shard",         NULL,              0, NULL,                             "{\"op\":2,\"d\":{\"token\":\"secret\",\"intents\":0,\"shard\":[1,1]," PROPERTIES "}}",     FALSE, NULL,                                                                   4010},
  {"shard-type",    NULL,              0, NULL,                             "{\"op\":2,\"d\":{\"token\":\"secret\",\"intents\":0,\"shard\":[{},\"\"]," PROPERTIES "}}", FALSE, NULL,                                                                   4010},
  {"sharding",      "minimum-shards",  2, NULL,                             NULL,                                                                                       TRUE,  NULL,                                                                   4011},
  {"no-intents",    NULL,              0, NULL,                             "{\"op\":2,\"d\":{\"token\":\"secret\"," PROPERTIES "}}",                                   FALSE, NULL,                                                                   4013},
  {"intents",       NULL,              0, NULL,                             "{\"op\":2,\"d\":{\"token\":\"secret\",\"intents\":67108864," PROPERTIES "}}",              FALSE, NULL,                                                                   4013},
  {"disallowed",    "allowed-intents", 1, NULL,                             NULL,                                                                                       TRUE,  NULL,                                                                   4014},
  {"command",       NULL,              0, NULL,                             NULL,                                                                                       TRUE,  "{\"op\":8,\"d\":{}}",                                                  4001},
  {"too-fast",      "command-limit",   1, NULL,                             NULL,                                                                                       TRUE,  "{\"op\":1,\"d\":null}",                                                4008},
};

/* ID-11, ID-12, INT-03, INT-04, SND-01, SND-02, SND-08: what the client must not do earns its code */
static void
test_refused (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("token", "secret", NULL);
  g_autoptr (TestClient) client = NULL;

  if (refusal->option != NULL)
    g_object_set (simulator, refusal->option, refusal->value, NULL);
  client = test_client_connect (
    dgw_testing_simulator_get_url (simulator), refusal->query != NULL ? refusal->query : "?v=10&encoding=json", NULL);
  g_assert_nonnull (client);
  if (refusal->first != NULL)
    test_client_send (client, refusal->first);
  if (refusal->identify)
    test_client_identify (client, 0, 0);
  if (refusal->second != NULL)
    test_client_send (client, refusal->second);
  g_assert_cmpuint (test_client_wait_closed (client), ==, refusal->code);
}

static void
test_too_large (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *padding = g_strnfill (4096 - strlen ("{\"op\":1,\"d\":null}"), ' ');
  g_autofree char *fits = g_strconcat ("{\"op\":1,\"d\":null}", padding, NULL);
  g_autofree char *exceeds = g_strconcat (fits, " ", NULL);
  g_autoptr (JsonObject) hello = NULL;
  g_autoptr (JsonObject) ack = NULL;

  g_test_summary ("SND-01: 4096 bytes pass, 4097 earn 4002");

  hello = test_client_receive_object (client, 10);
  test_client_send (client, fits);
  ack = test_client_receive_object (client, 11);
  test_client_send (client, exceeds);
  g_assert_cmpuint (test_client_wait_closed (client), ==, 4002);
}

static void
test_rest (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("token", "secret", "shards", 3, NULL);
  const char      *api_url = dgw_testing_simulator_get_api_url (simulator);
  g_autofree char *gateway = g_strconcat (api_url, "/gateway", NULL);
  g_autofree char *bot = g_strconcat (api_url, "/gateway/bot", NULL);
  g_autofree char *retry_after = NULL;
  g_autofree char *body = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *limit;
  guint       status;

  g_free (test_get (gateway, NULL, &status, NULL));
  g_assert_cmpuint (status, ==, 200);
  g_free (test_get (bot, NULL, &status, NULL));
  g_assert_cmpuint (status, ==, 401);
  g_free (test_get (bot, "Bot other", &status, NULL));
  g_assert_cmpuint (status, ==, 401);
  body = test_get (bot, "Bot secret", &status, NULL);
  g_assert_cmpuint (status, ==, 200);
  node = json_from_string (body, NULL);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "shards"), ==, 3);
  limit = json_object_get_object_member (json_node_get_object (node), "session_start_limit");
  g_assert_cmpint (json_object_get_int_member (limit, "remaining"), ==, 1000);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "url"), ==, dgw_testing_simulator_get_url (simulator));

  dgw_testing_simulator_fail_requests (simulator, 429, 1, "0.3");
  g_free (test_get (bot, "Bot secret", &status, &retry_after));
  g_assert_cmpuint (status, ==, 429);
  g_assert_cmpstr (retry_after, ==, "0.3");
  g_free (test_get (bot, "Bot secret", &status, NULL));
  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (simulator), ==, 6);
  g_assert_cmpstr (dgw_testing_simulator_get_request_header (simulator, "authorization"), ==, "Bot secret");
}

static void
test_upgrade_fails (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = NULL;
  g_autoptr (GError) error = NULL;

  dgw_testing_simulator_fail_upgrades (simulator, 503, 1, NULL);
  client = test_client_connect (dgw_testing_simulator_get_url (simulator), "?v=10&encoding=json", &error);
  g_assert_null (client);
  g_assert_error (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_ERROR_NOT_WEBSOCKET);
  client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  json_object_unref (test_client_receive_object (client, 10));
  g_assert_cmpstr (dgw_testing_simulator_get_upgrade_header (simulator, "upgrade"), ==, "websocket");
}

static void
test_ready (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("guild-count", 5, "heartbeat-interval", 1234, NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autoptr (JsonObject) hello = test_client_receive_object (client, 10);
  g_autoptr (JsonObject) ready = NULL;
  g_autoptr (JsonNode) identify = NULL;
  JsonObject *data;
  JsonArray  *stubs;

  g_test_summary ("RDY-01, RDY-02, RDY-03: READY, its session and guilds, and a GUILD_CREATE for each");

  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (hello, "d"), "heartbeat_interval"), ==, 1234);
  test_client_identify (client, 1, 2);
  ready = test_client_receive_object (client, 0);
  g_assert_cmpint (json_object_get_int_member (ready, "s"), ==, 1);
  data = json_object_get_object_member (ready, "d");
  g_assert_cmpstr (json_object_get_string_member (data, "resume_gateway_url"), ==, dgw_testing_simulator_get_url (simulator));
  g_assert_cmpint (json_array_get_int_element (json_object_get_array_member (data, "shard"), 0), ==, 1);
  stubs = json_object_get_array_member (data, "guilds");
  g_assert_cmpuint (json_array_get_length (stubs), >, 0);
  g_assert_cmpuint (json_array_get_length (stubs), <, 5);
  for (guint i = 0; i < json_array_get_length (stubs); i++)
    {
      g_autoptr (JsonObject) guild = test_client_receive_object (client, 0);
      const char *id = json_object_get_string_member (json_array_get_object_element (stubs, i), "id");

      g_assert_cmpstr (json_object_get_string_member (guild, "t"), ==, "GUILD_CREATE");
      g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (guild, "d"), "id"), ==, id);
      g_assert_cmpuint (g_ascii_strtoull (id, NULL, 10) / 4194304 % 2, ==, 1);
    }
  identify = dgw_testing_simulator_dup_last_identify (simulator);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (identify), "intents"), ==, 513);
}

static void
check_payloads (DgwTestingSimulator *simulator, TestClient *client, const char *path)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *payloads;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  payloads = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (payloads); i++)
    {
      JsonNode        *payload = json_array_get_element (payloads, i);
      g_autofree char *pretty = NULL;
      g_autofree char *received = NULL;
      g_autofree char *expected = NULL;
      g_autoptr (JsonNode) node = NULL;

      if (json_object_get_int_member_with_default (json_node_get_object (payload), "op", -1) != 0)
        continue;
      pretty = json_to_string (payload, TRUE);
      g_assert_true (dgw_testing_simulator_dispatch_payload (simulator, pretty, NULL));
      received = test_client_receive (client);
      node = json_from_string (received, NULL);
      json_object_set_int_member (
        json_node_get_object (payload), "s", json_object_get_int_member (json_node_get_object (node), "s"));
      expected = json_to_string (payload, FALSE);
      g_assert_cmpstr (received, ==, expected);
    }
}

static void
test_payloads (gconstpointer data)
{
  TestCompression compression = GPOINTER_TO_INT (data);
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, compression);
  g_autofree char *session = test_client_receive_ready (client);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "payloads", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  g_test_summary ("CMP-01, CMP-06, CMP-08, CMP-09: captured payloads arrive byte for byte, compact");

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_str_has_suffix (name, ".json") && !g_str_equal (name, "gateway_ready.json"))
        check_payloads (simulator, client, file);
    }
}

static void
test_split (gconstpointer data)
{
  TestCompression compression = GPOINTER_TO_INT (data);
  g_autoptr (DgwTestingSimulator) simulator =
    test_simulator_new ("fragment-size", 3, "frame-size", 2, "write-size", 7, "write-delay", 0, NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, compression);
  g_autofree char *session = test_client_receive_ready (client);
  g_autofree char *text = NULL;

  g_test_summary ("CMP-03, RDY-06: one payload over many messages, frames and writes");

  dgw_testing_simulator_dispatch_text (simulator, "X", "[1, 2]");
  text = test_client_receive (client);
  g_assert_cmpstr (text, ==, "{\"t\":\"X\",\"s\":2,\"op\":0,\"d\":[1, 2]}");
  if (compression == TEST_COMPRESSION_ZLIB)
    g_assert_cmpuint (test_client_get_n_messages (client), >, 20);
  else
    g_assert_cmpuint (test_client_get_n_messages (client), ==, 3);
}

static void
test_heartbeat (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("heartbeat-timeout", 300, NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autoptr (TestClient) silent = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (client);

  g_test_summary ("HB-07, HB-10: heartbeats are acknowledged, their lack closes and keeps the session");

  test_client_send (client, "{\"op\":1,\"d\":1}");
  json_object_unref (test_client_receive_object (client, 11));
  dgw_testing_simulator_request_heartbeat (simulator);
  json_object_unref (test_client_receive_object (client, 1));
  g_object_set (simulator, "acknowledge-heartbeats", FALSE, NULL);
  test_client_send (client, "{\"op\":1,\"d\":1}");
  g_assert_cmpuint (test_client_wait_closed (silent), ==, 4000);
  g_assert_cmpuint (test_client_wait_closed (client), ==, 4000);
  g_assert_cmpuint (test_client_get_n_received (client), ==, 0);
  g_assert_cmpuint (dgw_testing_simulator_get_n_sessions (simulator), ==, 1);
}

static void
test_identify_window (void)
{
  g_autoptr (DgwTestingSimulator) simulator =
    test_simulator_new ("identify-window", 60000, "max-concurrency", 2, NULL);
  g_autoptr (TestClient) first = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autoptr (TestClient) other_bucket = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autoptr (TestClient) same_bucket = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autoptr (JsonObject) invalid = NULL;

  g_test_summary ("ID-09, ID-10: a second identify of a bucket within the window gets opcode 9");

  json_object_unref (test_client_receive_object (first, 10));
  json_object_unref (test_client_receive_object (other_bucket, 10));
  json_object_unref (test_client_receive_object (same_bucket, 10));
  test_client_identify (first, 0, 4);
  test_client_receive_event (first, "READY");
  test_client_identify (other_bucket, 1, 4);
  test_client_receive_event (other_bucket, "READY");
  test_client_identify (same_bucket, 2, 4);
  invalid = test_client_receive_object (same_bucket, 9);
  g_assert_false (json_object_get_boolean_member (invalid, "d"));
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 3);
}

static void
count_command_cb (DgwTestingSimulator *simulator, guint opcode, JsonNode *data, gpointer user_data)
{
  guint *sum = user_data;

  *sum += opcode;
}

static void
test_commands (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("member-count", 5, "member-chunk-size", 2, NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (client);
  guint            sum = 0;

  g_test_summary ("GM-07, SB-01, CI-01, VS-02: commands are answered");

  g_signal_connect (simulator, "command", G_CALLBACK (count_command_cb), &sum);
  test_client_send (client, "{\"op\":3,\"d\":{\"since\":null,\"activities\":[],\"status\":\"idle\",\"afk\":false}}");
  test_client_send (client, "{\"op\":8,\"d\":{\"guild_id\":\"1\",\"query\":\"\",\"limit\":0,\"nonce\":\"n\"}}");
  for (gint64 i = 0; i < 3; i++)
    {
      g_autoptr (JsonObject) chunk = test_client_receive_object (client, 0);
      JsonObject *data = json_object_get_object_member (chunk, "d");

      g_assert_cmpint (json_object_get_int_member (data, "chunk_index"), ==, i);
      g_assert_cmpint (json_object_get_int_member (data, "chunk_count"), ==, 3);
      g_assert_cmpstr (json_object_get_string_member (data, "nonce"), ==, "n");
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (data, "members")), ==, i < 2 ? 2 : 1);
    }
  test_client_send (client, "{\"op\":31,\"d\":{\"guild_ids\":[\"1\",\"2\"]}}");
  test_client_receive_event (client, "SOUNDBOARD_SOUNDS");
  test_client_receive_event (client, "SOUNDBOARD_SOUNDS");
  test_client_send (client, "{\"op\":43,\"d\":{\"guild_id\":\"1\",\"fields\":[\"status\"]}}");
  test_client_receive_event (client, "CHANNEL_INFO");
  test_client_send (
    client, "{\"op\":4,\"d\":{\"guild_id\":\"1\",\"channel_id\":\"2\",\"self_mute\":false,\"self_deaf\":true}}");
  test_client_receive_event (client, "VOICE_STATE_UPDATE");
  test_client_receive_event (client, "VOICE_SERVER_UPDATE");
  g_assert_cmpuint (sum, ==, 3 + 8 + 31 + 43 + 4);
}

static void
test_members_not_found (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("member-request-window", 60000, NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (client);
  g_autoptr (JsonObject) chunk = NULL;
  JsonArray *not_found;

  g_test_summary ("GM-08, GM-10: unknown ids come back, a second request for all is limited");

  test_client_send (client, "{\"op\":8,\"d\":{\"guild_id\":\"1\",\"user_ids\":[\"900000000000100004\",\"1\",5],\"presences\":true}}");
  chunk = test_client_receive_object (client, 0);
  not_found = json_object_get_array_member (json_object_get_object_member (chunk, "d"), "not_found");
  g_assert_cmpuint (json_array_get_length (not_found), ==, 2);
  g_assert_cmpint (json_array_get_int_element (not_found, 1), ==, 5);
  test_client_send (client, "{\"op\":8,\"d\":{\"guild_id\":\"1\",\"query\":\"\",\"limit\":0}}");
  test_client_receive_event (client, "GUILD_MEMBERS_CHUNK");
  test_client_send (client, "{\"op\":8,\"d\":{\"guild_id\":\"1\",\"query\":\"\",\"limit\":0}}");
  test_client_receive_event (client, "RATE_LIMITED");
}

static void
test_tls (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "certificates", "localhost.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);
  g_autoptr (DgwTestingSimulator) simulator = NULL;
  g_autoptr (TestClient) client = NULL;
  g_autofree char *session = NULL;
  g_autofree char *gateway = NULL;
  guint            status;

  g_assert_no_error (error);
  simulator = test_simulator_new ("tls-certificate", certificate, NULL);
  g_assert_true (g_str_has_prefix (dgw_testing_simulator_get_url (simulator), "wss://localhost:"));
  g_assert_true (g_str_has_prefix (dgw_testing_simulator_get_api_url (simulator), "https://127.0.0.1:"));
  client = test_client_new (simulator, TEST_COMPRESSION_ZSTD);
  session = test_client_receive_ready (client);
  dgw_testing_simulator_dispatch_text (simulator, "X", "null");
  test_client_receive_event (client, "X");
  gateway = g_strconcat (dgw_testing_simulator_get_api_url (simulator), "/gateway", NULL);
  g_free (test_get (gateway, NULL, &status, NULL));
  g_assert_cmpuint (status, ==, 200);
  dgw_testing_simulator_cut_clients (simulator, DGW_TESTING_CUT_RESET);
  g_assert_cmpuint (test_client_wait_closed (client), ==, 0);
}

int
main (int argc, char **argv)
{
  static const char *const compressions[N_TEST_COMPRESSIONS] = {"none", "zlib-payload", "zlib-stream", "zstd-stream"};

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/dgw/testing/protocol/refused/", refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], test_refused);
    }
  for (int i = 0; i < N_TEST_COMPRESSIONS; i++)
    {
      g_autofree char *payloads = g_strconcat ("/dgw/testing/protocol/payloads/", compressions[i], NULL);
      g_autofree char *split = g_strconcat ("/dgw/testing/protocol/split/", compressions[i], NULL);

      g_test_add_data_func (payloads, GINT_TO_POINTER (i), test_payloads);
      g_test_add_data_func (split, GINT_TO_POINTER (i), test_split);
    }
  g_test_add_func ("/dgw/testing/protocol/too-large", test_too_large);
  g_test_add_func ("/dgw/testing/protocol/rest", test_rest);
  g_test_add_func ("/dgw/testing/protocol/upgrade-fails", test_upgrade_fails);
  g_test_add_func ("/dgw/testing/protocol/ready", test_ready);
  g_test_add_func ("/dgw/testing/protocol/heartbeat", test_heartbeat);
  g_test_add_func ("/dgw/testing/protocol/identify-window", test_identify_window);
  g_test_add_func ("/dgw/testing/protocol/commands", test_commands);
  g_test_add_func ("/dgw/testing/protocol/members-not-found", test_members_not_found);
  g_test_add_func ("/dgw/testing/protocol/tls", test_tls);
  return g_test_run ();
}
