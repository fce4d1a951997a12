/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

#include <string.h>

/* What the simulator refuses a client for, and what the application learns. */
typedef struct
{
  const char *name;
  const char *option; /* of the simulator */
  guint       value;
  const char *own_option; /* of the gateway */
  guint       own_value;
  guint       code;
  int         error;
} Refusal;

static const Refusal refusals[] = {
  {"intents-not-allowed", "allowed-intents", 0, "intents", 1,        4014, DGW_GATEWAY_ERROR_DISALLOWED_INTENTS},
  {"intents-unknown",     NULL,              0, "intents", 1u << 31, 4013, DGW_GATEWAY_ERROR_INVALID_INTENTS   },
  {"sharding-required",   "minimum-shards",  4, NULL,      0,        4011, DGW_GATEWAY_ERROR_SHARDING_REQUIRED },
};

static void
test_refused (gconstpointer data)
{
  const Refusal       *refusal = data;
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autofree char     *disconnected = g_strdup_printf ("disconnected %u no\n", refusal->code);
  g_autoptr (GError) error = NULL;
  g_auto (Record) record = {0};

  g_test_summary ("CC-01: a refusal that trying again cannot help is `failed`, at once");
  if (refusal->option)
    g_object_set (simulator, refusal->option, refusal->value, NULL);
  if (refusal->own_option)
    g_object_set (gateway, refusal->own_option, refusal->own_value, NULL);
  record_start (&record, gateway);
  error = fail_to_open (gateway);
  g_assert_error (error, DGW_GATEWAY_ERROR, refusal->error);
  g_assert_error (dgw_gateway_get_last_error (gateway), DGW_GATEWAY_ERROR, refusal->error);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  g_assert_true (record_has (&record, disconnected));
  g_assert_true (g_str_has_suffix (record.text->str, "failed\n"));
  g_assert_false (record_has (&record, "reconnecting"));
  g_assert_cmpuint (dgw_testing_simulator_get_n_connections (simulator), ==, 1);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_token (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (GError) error = NULL;

  g_test_summary ("CC-4004, ID-14: a wrong token is AUTHENTICATION_FAILED and not in the message");
  g_object_set (simulator, "token", "another.token", NULL);
  error = fail_to_open (gateway);
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  g_assert_null (strstr (error->message, "token.of.test"));
  g_clear_error (&error);

  dgw_gateway_set_url (gateway, NULL);
  error = fail_to_open (gateway);
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  g_assert_null (strstr (error->message, "token.of.test"));
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_unavailable (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_auto (Record) record = {0};

  g_test_summary ("CON-16: HTTP 503 is tried again, in the lookup and in the upgrade; the open does not end");
  dgw_gateway_set_url (gateway, NULL);
  dgw_testing_simulator_fail_requests (simulator, 503, 1, NULL);
  record_start (&record, gateway);
  open_gateway (gateway);
  g_assert_true (record_has (&record, "disconnected 0 yes\nreconnecting 1\n"));
  g_assert_false (record_has (&record, "failed"));
  g_assert_null (dgw_gateway_get_last_error (gateway));

  g_string_truncate (record.text, 0);
  dgw_testing_simulator_fail_upgrades (simulator, 503, 1, NULL);
  dgw_testing_simulator_drop_clients (simulator);
  WAIT_UNTIL (record_has (&record, "RESUMED"));
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 1);
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_without_reconnect (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (GError) error = NULL;
  g_auto (Record) record = {0};

  g_test_summary ("Without auto-reconnect the first end is `failed`, of an open and of a connection");
  dgw_gateway_set_auto_reconnect (gateway, FALSE);
  dgw_testing_simulator_fail_upgrades (simulator, 503, 1, NULL);
  error = fail_to_open (gateway);
  g_assert_nonnull (error);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);

  open_gateway (gateway);
  record_start (&record, gateway);
  dgw_testing_simulator_close_clients (simulator, 4008, "slow down");
  WAIT_UNTIL (record_has (&record, "failed"));
  g_assert_true (record_has (&record, "disconnected 4008 no\n"));
  g_assert_error (dgw_gateway_get_last_error (gateway), DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_RATE_LIMITED);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_invalidated (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_auto (Record) record = {0};

  g_test_summary ("IS-01: opcode 9 that is resumable is resumed");
  open_gateway (gateway);
  record_start (&record, gateway);
  dgw_testing_simulator_invalidate_sessions (simulator, TRUE);
  WAIT_UNTIL (record_has (&record, "RESUMED"));
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), ==, 1);

  g_string_truncate (record.text, 0);
  dgw_testing_simulator_invalidate_sessions (simulator, FALSE);
  WAIT_UNTIL (record_has (&record, "disconnected"));
  g_assert_null (dgw_gateway_dup_session (gateway));
  g_assert_null (dgw_gateway_get_session_id (gateway));
  g_assert_cmpint (dgw_gateway_get_sequence (gateway), ==, -1);
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Warnings say what an operator has to do; here it is the test that did it. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/dgw/integration/gateway-errors/refused/", refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], test_refused);
    }
  g_test_add_func ("/dgw/integration/gateway-errors/token", test_token);
  g_test_add_func ("/dgw/integration/gateway-errors/unavailable", test_unavailable);
  g_test_add_func ("/dgw/integration/gateway-errors/without-reconnect", test_without_reconnect);
  g_test_add_func ("/dgw/integration/gateway-errors/invalidated", test_invalidated);

  return g_test_run ();
}
