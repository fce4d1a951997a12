/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

/* Heartbeats on demand. */

static gint64
finish_probe (DgwGateway *gateway,
              Outcome    *outcome,
              GError    **error)
{
  gint64 latency_us;

  WAIT_UNTIL (outcome->is_done);
  latency_us = dgw_gateway_probe_finish (gateway, outcome->result, error);
  outcome_clear (outcome);
  *outcome = (Outcome){0};
  return latency_us;
}

static void
end (DgwGateway          *gateway,
     DgwTestingSimulator *simulator)
{
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_answered (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  Outcome              first = {0}, second = {0};
  gint64               latency_us;
  g_autoptr (GError) error = NULL;

  g_test_summary ("HB-05, HB-14: each question is a heartbeat at once, and its answer gives the latency");
  g_object_set (simulator, "heartbeat-interval", 41250, NULL);
  open_gateway (gateway);
  g_assert_cmpint (dgw_gateway_get_latency (gateway), ==, -1);
  dgw_gateway_probe_async (gateway, NULL, outcome_cb, &first);
  dgw_gateway_probe_async (gateway, NULL, outcome_cb, &second);
  g_assert_cmpint (finish_probe (gateway, &first, &error), >=, 0);
  g_assert_no_error (error);
  latency_us = finish_probe (gateway, &second, &error);
  g_assert_no_error (error);
  g_assert_cmpint (latency_us, >=, 0);
  g_assert_cmpint (dgw_gateway_get_latency (gateway), >=, 0);
  end (gateway, simulator);
}

static void
test_not_ready (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  Outcome              probe = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("SND-01: without a session there is nothing to ask");
  dgw_gateway_probe_async (gateway, NULL, outcome_cb, &probe);
  g_assert_cmpint (finish_probe (gateway, &probe, &error), ==, -1);
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_unanswered (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome probe = {0}, cancelled = {0};
  g_auto (Outcome) close = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("DIS-05: a question ends with the connection, with the gateway, or when nobody waits any more");
  g_object_set (simulator, "acknowledge-heartbeats", FALSE, NULL);
  open_gateway (gateway);
  dgw_gateway_probe_async (gateway, NULL, outcome_cb, &probe);
  dgw_gateway_probe_async (gateway, cancellable, outcome_cb, &cancelled);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (finish_probe (gateway, &cancelled, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  dgw_testing_simulator_drop_clients (simulator);
  g_assert_cmpint (finish_probe (gateway, &probe, &error), ==, -1);
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_HEARTBEAT_LOST);
  g_clear_error (&error);

  WAIT_UNTIL (dgw_gateway_get_status (gateway) == DGW_STATUS_READY);
  dgw_gateway_probe_async (gateway, NULL, outcome_cb, &probe);
  dgw_gateway_close_async (gateway, NULL, outcome_cb, &close);
  g_assert_cmpint (finish_probe (gateway, &probe, &error), ==, -1);
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  WAIT_UNTIL (close.is_done);
  outcome_clear (&close);
  end (gateway, simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/dgw/gateway/probe/answered", test_answered);
  g_test_add_func ("/dgw/gateway/probe/not-ready", test_not_ready);
  g_test_add_func ("/dgw/gateway/probe/unanswered", test_unanswered);

  return g_test_run ();
}
