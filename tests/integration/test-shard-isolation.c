/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shard-fixture.h"

/* One shard in trouble is no trouble of the others. */

static void
test_no_ready (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 4);
  g_auto (Outcome) open = {0};
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("SHD-11, peers F7: shards identify in their turn, although none before them has become READY");
  g_object_set (simulator, "max-concurrency", 1, "hold-ready", TRUE, NULL);
  dgw_shard_manager_open_async (manager, cancellable, outcome_cb, &open);
  WAIT_UNTIL (dgw_testing_simulator_get_n_identifies (simulator) == 4);
  g_assert_false (open.is_done);

  g_cancellable_cancel (cancellable);
  WAIT_UNTIL (open.is_done);
  g_assert_false (dgw_shard_manager_open_finish (manager, open.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  outcome_clear (&open);
  finish_shards (manager, simulator);
}

/* Its address leads nowhere: it is tried again and again. */
static void
mislead_cb (DgwShardManager *manager,
            DgwGateway      *gateway,
            gpointer         user_data)
{
  if (dgw_gateway_get_shard_id (gateway) == 1)
    dgw_gateway_set_url (gateway, "ws://127.0.0.1:1/");
}

static gboolean
is_ready (DgwShardManager *manager,
          guint            id)
{
  return dgw_gateway_get_status (dgw_shard_manager_get_shard (manager, id)) == DGW_STATUS_READY;
}

static void
test_unreachable (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 3);
  guint                n_events[3] = {0};
  g_auto (Outcome) open = {0};
  DgwGateway *lost;

  g_test_summary ("SHD-09, peers B19: a shard that cannot connect neither stops the others nor is forgotten");
  g_signal_connect (manager, "shard-added", G_CALLBACK (mislead_cb), NULL);
  g_signal_connect (manager, "event::SAID", G_CALLBACK (count_event_cb), n_events);
  dgw_shard_manager_open_async (manager, NULL, outcome_cb, &open);
  WAIT_UNTIL (g_list_model_get_n_items (G_LIST_MODEL (manager)) == 3 && is_ready (manager, 0) && is_ready (manager, 2));
  lost = dgw_shard_manager_get_shard (manager, 1);
  WAIT_UNTIL (dgw_gateway_get_reconnect_attempts (lost) > 0);
  g_assert_nonnull (dgw_gateway_get_last_error (lost));
  g_assert_false (open.is_done);

  dgw_testing_simulator_dispatch_text (simulator, "SAID", "{}");
  WAIT_UNTIL (n_events[0] == 1 && n_events[2] == 1);
  g_assert_cmpuint (n_events[1], ==, 0);
  g_assert_cmpint (dgw_shard_manager_get_status (manager), !=, DGW_STATUS_READY);

  /* Found again, it joins them. */
  dgw_gateway_set_url (lost, dgw_testing_simulator_get_url (simulator));
  WAIT_UNTIL (open.is_done);
  g_assert_true (dgw_shard_manager_open_finish (manager, open.result, NULL));
  g_assert_true (is_ready (manager, 1));
  outcome_clear (&open);
  finish_shards (manager, simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/integration/shard-isolation/no-ready", test_no_ready);
  g_test_add_func ("/dgw/integration/shard-isolation/unreachable", test_unreachable);

  return g_test_run ();
}
