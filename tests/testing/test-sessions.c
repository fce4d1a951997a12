/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sessions that outlive their connection, and the ways to end one. */

#include "testing/test-client-private.h"

static void
count_cb (DgwTestingSimulator *simulator, gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
}

static gboolean
has_no_client (gpointer data)
{
  return dgw_testing_simulator_get_n_clients (data) == 0;
}

static void
test_replay (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) first = test_client_new (simulator, TEST_COMPRESSION_ZLIB);
  g_autofree char *session = test_client_receive_ready (first);
  g_autoptr (TestClient) second = NULL;
  g_autoptr (TestClient) third = NULL;
  guint n_resumed = 0;

  g_test_summary ("RES-05, RES-06: missed events come in order, then RESUMED, also after a cut in mid-replay");

  g_signal_connect (simulator, "resumed", G_CALLBACK (count_cb), &n_resumed);
  dgw_testing_simulator_dispatch_text (simulator, "A", "1");
  g_assert_cmpint (test_client_receive_event (first, "A"), ==, 2);
  dgw_testing_simulator_drop_clients (simulator);
  g_assert_cmpuint (test_client_wait_closed (first), ==, 0);
  dgw_testing_simulator_dispatch_text (simulator, "B", "2");
  dgw_testing_simulator_dispatch_text (simulator, "C", "3");

  second = test_client_new (simulator, TEST_COMPRESSION_ZLIB);
  json_object_unref (test_client_receive_object (second, 10));
  test_client_resume (second, session, 2);
  g_assert_cmpint (test_client_receive_event (second, "B"), ==, 3);
  g_assert_cmpint (test_client_receive_event (second, "C"), ==, 4);
  g_assert_cmpint (test_client_receive_event (second, "RESUMED"), ==, 5);
  dgw_testing_simulator_dispatch_text (simulator, "D", "4");
  g_assert_cmpint (test_client_receive_event (second, "D"), ==, 6);

  third = test_client_new (simulator, TEST_COMPRESSION_NONE);
  json_object_unref (test_client_receive_object (third, 10));
  test_client_resume (third, session, 3);
  g_assert_cmpint (test_client_receive_event (third, "C"), ==, 4);
  g_assert_cmpint (test_client_receive_event (third, "D"), ==, 6);
  g_assert_cmpint (test_client_receive_event (third, "RESUMED"), ==, 7);
  g_assert_cmpuint (test_client_wait_closed (second), ==, 4000);
  g_assert_cmpuint (n_resumed, ==, 2);
  g_assert_cmpuint (dgw_testing_simulator_get_n_sessions (simulator), ==, 1);
}

typedef struct
{
  const char *name;
  const char *option;
  guint       value;
  const char *session;
  gint64      sequence;
  guint       code; /* 0: opcode 9 */
} Refusal;

static const Refusal refusals[] = {
  {"unknown", NULL,           0, "x",  1,   0   },
  {"future",  NULL,           0, NULL, 100, 4007},
  {"too-old", "replay-limit", 1, NULL, 1,   0   },
};

/* RES-08, RES-11, RES-13: a resume that cannot be */
static void
test_refused (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) first = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (first);
  g_autoptr (TestClient) second = NULL;

  if (refusal->option != NULL)
    g_object_set (simulator, refusal->option, refusal->value, NULL);
  dgw_testing_simulator_drop_clients (simulator);
  for (guint i = 0; i < 3; i++)
    dgw_testing_simulator_dispatch_text (simulator, "X", "null");
  second = test_client_new (simulator, TEST_COMPRESSION_NONE);
  json_object_unref (test_client_receive_object (second, 10));
  test_client_resume (second, refusal->session != NULL ? refusal->session : session, refusal->sequence);
  if (refusal->code != 0)
    g_assert_cmpuint (test_client_wait_closed (second), ==, refusal->code);
  else
    json_object_unref (test_client_receive_object (second, 9));
}

static void
check_close_of_client (guint code, guint n_sessions)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (client);

  test_client_close (client, code);
  test_wait_until (has_no_client, simulator);
  g_assert_cmpuint (dgw_testing_simulator_get_n_sessions (simulator), ==, n_sessions);
}

static void
test_close_of_client (void)
{
  g_test_summary ("DIS-01, DIS-02: 1000 and 1001 end the session, others keep it");

  check_close_of_client (1000, 0);
  check_close_of_client (1001, 0);
  check_close_of_client (4000, 1);
  check_close_of_client (1005, 1);
}

static void
check_close_of_server (guint code, guint n_sessions)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (client);

  dgw_testing_simulator_close_clients (simulator, code, "because");
  g_assert_cmpuint (test_client_wait_closed (client), ==, code);
  test_wait_until (has_no_client, simulator);
  g_assert_cmpuint (dgw_testing_simulator_get_n_sessions (simulator), ==, n_sessions);
}

static void
test_close_of_server (void)
{
  static const guint keeping[] = {1000, 1001, 1005, 1012, 4000, 4002, 4005, 4006, 4008, 4999};
  static const guint ending[] = {4001, 4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014};

  g_test_summary ("CC-4000 to CC-4014, CC-OTHER: any code can be sent, and ends the session as the table says");

  for (gsize i = 0; i < G_N_ELEMENTS (keeping); i++)
    check_close_of_server (keeping[i], 1);
  for (gsize i = 0; i < G_N_ELEMENTS (ending); i++)
    check_close_of_server (ending[i], 0);
}

static void
test_invalidate (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (client);
  g_autoptr (JsonObject) may_resume = NULL;
  g_autoptr (JsonObject) must_identify = NULL;

  g_test_summary ("IS-01, IS-02, RC-01: opcodes 9 and 7 on request");

  dgw_testing_simulator_request_reconnect (simulator);
  json_object_unref (test_client_receive_object (client, 7));
  dgw_testing_simulator_invalidate_sessions (simulator, TRUE);
  may_resume = test_client_receive_object (client, 9);
  g_assert_true (json_object_get_boolean_member (may_resume, "d"));
  test_client_resume (client, session, 1);
  test_client_receive_event (client, "RESUMED");
  dgw_testing_simulator_invalidate_sessions (simulator, FALSE);
  must_identify = test_client_receive_object (client, 9);
  g_assert_false (json_object_get_boolean_member (must_identify, "d"));
  g_assert_cmpuint (dgw_testing_simulator_get_n_sessions (simulator), ==, 0);
  test_client_identify (client, 0, 0);
  g_assert_cmpint (test_client_receive_event (client, "READY"), ==, 1);
}

static void
test_half_open (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) frozen = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (frozen);
  g_autoptr (TestClient) next = NULL;

  g_test_summary ("HB-09: a half-open connection says nothing, and its session can be resumed");

  dgw_testing_simulator_cut_clients (simulator, DGW_TESTING_CUT_HALF_OPEN);
  test_client_send (frozen, "{\"op\":1,\"d\":1}");
  dgw_testing_simulator_dispatch_text (simulator, "X", "null");
  next = test_client_new (simulator, TEST_COMPRESSION_NONE);
  json_object_unref (test_client_receive_object (next, 10));
  test_client_resume (next, session, 1);
  g_assert_cmpint (test_client_receive_event (next, "X"), ==, 2);
  test_client_receive_event (next, "RESUMED");
  g_assert_false (test_client_is_closed (frozen));
  g_assert_cmpuint (test_client_get_n_received (frozen), ==, 0);
  test_simulator_stop (simulator);
  test_client_wait_closed (frozen);
}

static void
test_listeners (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("resume-listener", TRUE, NULL);
  const char *url = dgw_testing_simulator_get_url (simulator);
  const char *resume_url = dgw_testing_simulator_get_resume_url (simulator);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (client);
  g_autoptr (TestClient) refused = NULL;
  g_autoptr (TestClient) resumed = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("CON-08, CON-10: an address of its own for resuming; each port can be closed");

  g_assert_cmpstr (url, !=, resume_url);
  g_object_set (simulator, "accept-connections", FALSE, NULL);
  refused = test_client_connect (url, "?v=10&encoding=json", &error);
  g_assert_null (refused);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_false (test_client_is_closed (client));

  resumed = test_client_connect (resume_url, "?v=10&encoding=json", NULL);
  g_assert_nonnull (resumed);
  json_object_unref (test_client_receive_object (resumed, 10));
  test_client_resume (resumed, session, 1);
  test_client_receive_event (resumed, "RESUMED");
  g_object_set (simulator, "accept-connections", TRUE, "accept-resume-connections", FALSE, NULL);
  test_client_free (test_client_new (simulator, TEST_COMPRESSION_NONE));
  g_clear_error (&error);
  refused = test_client_connect (resume_url, "?v=10&encoding=json", &error);
  g_assert_null (refused);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_restart (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = test_client_receive_ready (client);
  guint            port = dgw_testing_simulator_get_port (simulator);

  test_simulator_stop (simulator);
  g_assert_cmpuint (test_client_wait_closed (client), ==, 0);
  g_assert_cmpuint (dgw_testing_simulator_get_n_sessions (simulator), ==, 0);
  test_simulator_start (simulator);
  g_assert_cmpuint (dgw_testing_simulator_get_port (simulator), ==, port);
  test_client_free (client);
  client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  json_object_unref (test_client_receive_object (client, 10));
  test_client_resume (client, session, 1);
  json_object_unref (test_client_receive_object (client, 9));
}

static void
stop_cb (DgwTestingSimulator *simulator, gpointer user_data)
{
  dgw_testing_simulator_stop_async (simulator, NULL, NULL, NULL);
}

static void
test_stop_in_handler (void)
{
  DgwTestingSimulator *simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);

  g_signal_connect (simulator, "identified", G_CALLBACK (stop_cb), NULL);
  json_object_unref (test_client_receive_object (client, 10));
  test_client_identify (client, 0, 0);
  test_client_wait_closed (client);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (simulator);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/dgw/testing/sessions/refused/", refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], test_refused);
    }
  g_test_add_func ("/dgw/testing/sessions/replay", test_replay);
  g_test_add_func ("/dgw/testing/sessions/close-of-client", test_close_of_client);
  g_test_add_func ("/dgw/testing/sessions/close-of-server", test_close_of_server);
  g_test_add_func ("/dgw/testing/sessions/invalidate", test_invalidate);
  g_test_add_func ("/dgw/testing/sessions/half-open", test_half_open);
  g_test_add_func ("/dgw/testing/sessions/listeners", test_listeners);
  g_test_add_func ("/dgw/testing/sessions/restart", test_restart);
  g_test_add_func ("/dgw/testing/sessions/stop-in-handler", test_stop_in_handler);
  return g_test_run ();
}
