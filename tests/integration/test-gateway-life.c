/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

#include <string.h>

static void
test_open (gconstpointer data)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_auto (Record) record = {0};

  g_test_summary ("RDY-01: every compression comes to READY, and then to events in order");
  dgw_gateway_set_compression (gateway, GPOINTER_TO_INT (data));
  record_start (&record, gateway);
  open_gateway (gateway);
  for (guint i = 0; i < 3; i++)
    dgw_testing_simulator_dispatch_text (simulator, "OF_THE_FUTURE", "{\"a\":1}");
  WAIT_UNTIL (record.n_events == 4);
  close_gateway (gateway);
  WAIT_UNTIL (has_closed (simulator, 1000));

  g_assert_cmpstr (record.text->str, ==,
                   "status connecting\nstatus waiting-for-hello\nstatus identifying\nstatus waiting-for-ready\nstatus ready\n"
                   "event READY 1\nevent OF_THE_FUTURE 2\nevent OF_THE_FUTURE 3\nevent OF_THE_FUTURE 4\n"
                   "status unconnected\ndisconnected 1000 no\n");
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_looked_up (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);

  g_test_summary ("CON-01, CON-12: without an address it is asked for, with the token and the user agent");
  dgw_gateway_set_url (gateway, NULL);
  open_gateway (gateway);
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (simulator), ==, 1);
  g_assert_cmpstr (dgw_testing_simulator_get_request_header (simulator, "Authorization"), ==, "Bot token.of.test");
  g_assert_cmpstr (dgw_testing_simulator_get_request_header (simulator, "User-Agent"), ==, dgw_gateway_get_user_agent (gateway));
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static DgwSession *
suspend (DgwGateway *gateway)
{
  g_auto (Outcome) outcome = {0};
  g_autoptr (GError) error = NULL;
  DgwSession *session = NULL;

  dgw_gateway_suspend_async (gateway, NULL, outcome_cb, &outcome);
  WAIT_UNTIL (outcome.is_done);
  session = dgw_gateway_suspend_finish (gateway, outcome.result, &error);
  g_assert_no_error (error);
  return session;
}

static void
test_suspend (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (DgwSession) session = NULL;
  g_auto (Record) record = {0};

  g_test_summary ("DIS-06: suspended, the same gateway resumes and gets what it missed, once");
  open_gateway (gateway);
  session = suspend (gateway);
  g_assert_nonnull (session);
  g_assert_cmpint (dgw_session_get_sequence (session), ==, 1);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);

  dgw_testing_simulator_dispatch_text (simulator, "MISSED", "{}");
  record_start (&record, gateway);
  open_gateway (gateway);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), ==, 1);
  g_assert_cmpstr (record.text->str, ==,
                   "status connecting\nstatus waiting-for-hello\nstatus resuming\nevent MISSED 2\nstatus ready\n"
                   "event RESUMED 3\n");
  close_gateway (gateway);
  g_assert_null (dgw_gateway_dup_session (gateway));
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_resume_elsewhere (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *first = make_gateway (simulator);
  DgwGateway          *second = make_gateway (simulator);
  g_autoptr (DgwSession) session = NULL;
  g_autoptr (DgwSession) read = NULL;
  g_autoptr (GVariant) stored = NULL;
  g_auto (Record) record = {0};

  g_test_summary ("RES-16: what one gateway suspended another one resumes, from its stored form");
  open_gateway (first);
  session = suspend (first);
  stored = g_variant_ref_sink (dgw_session_to_variant (session));
  g_assert_finalize_object (first);

  dgw_testing_simulator_dispatch_text (simulator, "MISSED", "{}");
  read = dgw_session_from_variant (stored);
  dgw_gateway_set_session (second, read);
  record_start (&record, second);
  open_gateway (second);
  g_assert_true (record_has (&record, "event MISSED 2\nstatus ready\nevent RESUMED 3\n"));
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 1);
  close_gateway (second);
  g_assert_finalize_object (second);
  stop_simulator (simulator);
}

static void
test_close_keeps_session (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (DgwSession) session = NULL;
  g_auto (Outcome) close = {0};

  g_test_summary ("DIS-02: a close with a code of one's own keeps the session");
  open_gateway (gateway);
  dgw_gateway_close_with_code_async (gateway, 4001, "for a while", NULL, outcome_cb, &close);
  WAIT_UNTIL (close.is_done);
  g_assert_true (dgw_gateway_close_with_code_finish (gateway, close.result, NULL));
  WAIT_UNTIL (has_closed (simulator, 4001));
  session = dgw_gateway_dup_session (gateway);
  g_assert_nonnull (session);
  open_gateway (gateway);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), ==, 1);
  close_gateway (gateway);
  outcome_clear (&close);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_cancel_open (gconstpointer data)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Outcome) open = {0};
  g_auto (Record) record = {0};

  g_test_summary ("DIS-05: an open can be cancelled wherever it is, and the gateway can be opened again");
  g_object_set (simulator, data, TRUE, NULL);
  record_start (&record, gateway);
  dgw_gateway_open_async (gateway, cancellable, outcome_cb, &open);
  if (g_str_equal (data, "hold-upgrade"))
    WAIT_UNTIL (dgw_gateway_get_status (gateway) == DGW_STATUS_CONNECTING);
  else if (g_str_equal (data, "hold-hello"))
    WAIT_UNTIL (dgw_gateway_get_status (gateway) == DGW_STATUS_WAITING_FOR_HELLO);
  else
    WAIT_UNTIL (dgw_gateway_get_status (gateway) == DGW_STATUS_WAITING_FOR_READY);
  g_cancellable_cancel (cancellable);
  WAIT_UNTIL (open.is_done);
  g_assert_false (dgw_gateway_open_finish (gateway, open.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  g_assert_false (record_has (&record, "failed"));
  g_assert_false (record_has (&record, "reconnecting"));

  if (!g_str_equal (data, "hold-ready")) /* the next identify would wait for its slot */
    {
      g_object_set (simulator, data, FALSE, NULL);
      open_gateway (gateway);
      close_gateway (gateway);
    }
  outcome_clear (&open);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_reconnect (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_auto (Record) record = {0};

  g_test_summary ("RES-05: a lost connection comes back, and nothing is lost or comes twice");
  open_gateway (gateway);
  record_start (&record, gateway);
  dgw_testing_simulator_close_clients (simulator, 4000, "test");
  dgw_testing_simulator_dispatch_text (simulator, "MISSED", "{}");
  WAIT_UNTIL (record_has (&record, "RESUMED"));
  g_assert_true (g_str_has_prefix (record.text->str, "status disconnected\ndisconnected 4000 yes\nreconnecting 1\n"));
  g_assert_true (record_has (&record, "status resuming\nevent MISSED 2\nstatus ready\nevent RESUMED 3\n"));
  g_assert_cmpuint (dgw_gateway_get_reconnect_attempts (gateway), ==, 0);
  g_assert_null (dgw_gateway_get_last_error (gateway));
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
note_command_cb (DgwTestingSimulator *simulator,
                 guint                opcode,
                 JsonNode            *data,
                 gpointer             user_data)
{
  g_autofree char *text = json_to_string (data, FALSE);

  g_string_append_printf (user_data, "%u %s\n", opcode, text);
}

static void
test_commands (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (GString) commands = g_string_new (NULL);
  g_autoptr (DgwPresence) presence = dgw_presence_new ();
  g_autoptr (JsonNode) data = json_from_string ("{\"guild_id\":\"1\",\"channel_id\":null,\"self_mute\":false,\"self_deaf\":false}", NULL);
  g_autoptr (JsonNode) identify = NULL;
  g_autoptr (JsonNode) large = NULL;
  g_autofree char *blank = g_strnfill (4096, ' ');
  g_auto (Outcome) open = {0};
  g_auto (Outcome) sent = {0};
  g_auto (Outcome) too_large = {0};
  g_auto (Outcome) updated = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("ID-12, SND-01, PR-06: commands wait for READY; one that is too large fails; identify has the presence");
  g_signal_connect (simulator, "command", G_CALLBACK (note_command_cb), commands);
  dgw_presence_set_status (presence, DGW_PRESENCE_UPDATE_STATUS_IDLE);
  dgw_gateway_set_presence (gateway, presence);
  dgw_gateway_open_async (gateway, NULL, outcome_cb, &open);
  dgw_gateway_send_async (gateway, DGW_OPCODE_VOICE_STATE_UPDATE, data, NULL, outcome_cb, &sent);
  large = json_node_init_string (json_node_alloc (), blank);
  dgw_gateway_send_async (gateway, DGW_OPCODE_VOICE_STATE_UPDATE, large, NULL, outcome_cb, &too_large);
  WAIT_UNTIL (open.is_done && sent.is_done && too_large.is_done);
  g_assert_true (dgw_gateway_send_finish (gateway, sent.result, NULL));
  g_assert_false (dgw_gateway_send_finish (gateway, too_large.result, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);

  dgw_presence_set_status (presence, DGW_PRESENCE_UPDATE_STATUS_DO_NOT_DISTURB);
  dgw_gateway_update_presence_async (gateway, presence, NULL, outcome_cb, &updated);
  WAIT_UNTIL (updated.is_done && strstr (commands->str, "dnd"));
  g_assert_true (dgw_gateway_update_presence_finish (gateway, updated.result, NULL));
  g_assert_true (g_str_has_prefix (commands->str, "4 {\"guild_id\":\"1\",\"channel_id\":null,\"self_mute\":false,\"self_deaf\":false}\n3 {"));

  identify = dgw_testing_simulator_dup_last_identify (simulator);
  g_assert_cmpstr (json_object_get_string_member (
                     json_object_get_object_member (json_node_get_object (identify), "presence"), "status"),
                   ==, "idle");
  close_gateway (gateway);
  outcome_clear (&open);
  outcome_clear (&sent);
  outcome_clear (&too_large);
  outcome_clear (&updated);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_info (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (DgwGatewayInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Outcome) first = {0};
  g_auto (Outcome) second = {0};

  g_test_summary ("CON-03: the info is asked for anew each time; 401 is AUTHENTICATION_FAILED");
  g_object_set (simulator, "shards", 3, "session-start-remaining", 7, NULL);
  dgw_gateway_fetch_info_async (gateway, NULL, outcome_cb, &first);
  WAIT_UNTIL (first.is_done);
  info = dgw_gateway_fetch_info_finish (gateway, first.result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (dgw_gateway_info_get_shards (info), ==, 3);
  g_assert_cmpuint (dgw_gateway_info_get_remaining (info), ==, 7);

  dgw_testing_simulator_fail_requests (simulator, 401, 1, NULL);
  dgw_gateway_fetch_info_async (gateway, NULL, outcome_cb, &second);
  WAIT_UNTIL (second.is_done);
  g_assert_null (dgw_gateway_fetch_info_finish (gateway, second.result, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  g_assert_null (strstr (error->message, "token.of.test"));
  outcome_clear (&first);
  outcome_clear (&second);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/dgw/integration/gateway-life/open/none", GINT_TO_POINTER (DGW_COMPRESSION_NONE), test_open);
  g_test_add_data_func ("/dgw/integration/gateway-life/open/zlib-payload", GINT_TO_POINTER (DGW_COMPRESSION_ZLIB_PAYLOAD), test_open);
  g_test_add_data_func ("/dgw/integration/gateway-life/open/zlib-stream", GINT_TO_POINTER (DGW_COMPRESSION_ZLIB_STREAM), test_open);
  g_test_add_data_func ("/dgw/integration/gateway-life/open/zstd-stream", GINT_TO_POINTER (DGW_COMPRESSION_ZSTD_STREAM), test_open);
  g_test_add_func ("/dgw/integration/gateway-life/looked-up", test_looked_up);
  g_test_add_func ("/dgw/integration/gateway-life/suspend", test_suspend);
  g_test_add_func ("/dgw/integration/gateway-life/resume-elsewhere", test_resume_elsewhere);
  g_test_add_func ("/dgw/integration/gateway-life/close-keeps-session", test_close_keeps_session);
  g_test_add_data_func ("/dgw/integration/gateway-life/cancel-open/connecting", "hold-upgrade", test_cancel_open);
  g_test_add_data_func ("/dgw/integration/gateway-life/cancel-open/hello", "hold-hello", test_cancel_open);
  g_test_add_data_func ("/dgw/integration/gateway-life/cancel-open/ready", "hold-ready", test_cancel_open);
  g_test_add_func ("/dgw/integration/gateway-life/reconnect", test_reconnect);
  g_test_add_func ("/dgw/integration/gateway-life/commands", test_commands);
  g_test_add_func ("/dgw/integration/gateway-life/info", test_info);

  return g_test_run ();
}
