/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shard-fixture.h"

#include <string.h>

/* A manager against the simulator. */

/* The shards as they identify: "0/4 1/4". */
static void
note_identify_cb (DgwTestingSimulator *simulator,
                  gpointer             user_data)
{
  GString *text = user_data;
  g_autoptr (JsonNode) identify = dgw_testing_simulator_dup_last_identify (simulator);
  JsonArray *shard = json_object_get_array_member (json_node_get_object (identify), "shard");

  g_string_append_printf (text, "%s%d/%d", text->len > 0 ? " " : "",
                          (int)json_array_get_int_element (shard, 0), (int)json_array_get_int_element (shard, 1));
}

static void
note_added_cb (DgwShardManager *manager,
               DgwGateway      *gateway,
               gpointer         user_data)
{
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  g_assert_true (dgw_shard_manager_get_shard (manager, dgw_gateway_get_shard_id (gateway)) == gateway);
  g_string_append_printf (user_data, "%u ", dgw_gateway_get_shard_id (gateway));
}

static void
test_automatic (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 0);
  g_autoptr (GString) added = g_string_new (NULL);

  g_test_summary ("SHD-05, SHD-01: the count is asked once for all, the shards are counted from 0 and told before they open");
  g_object_set (simulator, "shards", 4, "max-concurrency", 4, NULL);
  g_signal_connect (manager, "shard-added", G_CALLBACK (note_added_cb), added);
  open_manager (manager);
  ASSERT_SHARDS (manager, "0/4 1/4 2/4 3/4");
  g_assert_cmpstr (added->str, ==, "0 1 2 3 ");
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (simulator), ==, 1);
  g_assert_cmpuint (dgw_testing_simulator_get_n_clients (simulator), ==, 4);
  g_assert_cmpuint (dgw_shard_manager_get_shard_count (manager), ==, 0);
  finish_shards (manager, simulator);
}

static void
test_range (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 5);
  const guint32        ids[] = {4, 1};

  g_test_summary ("SHD-08: a process may run some shards only; the list is sorted, and guilds of others have no shard here");
  dgw_shard_manager_set_shard_ids (manager, g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, ids, G_N_ELEMENTS (ids), sizeof *ids));
  open_manager (manager);
  ASSERT_SHARDS (manager, "1/5 4/5");
  g_assert_null (dgw_shard_manager_get_shard (manager, 0));
  for (guint64 i = 0; i < 20; i++)
    {
      g_autofree char *guild = g_strdup_printf ("%" G_GUINT64_FORMAT, (G_GUINT64_CONSTANT (41771983423143937) + i) << 22);
      guint            id = dgw_shard_id_for_guild (guild, 5);

      g_assert_true (dgw_shard_manager_get_shard_for_guild (manager, guild) == dgw_shard_manager_get_shard (manager, id));
    }
  finish_shards (manager, simulator);
}

static void
test_order (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 6);
  g_autoptr (GString) identifies = g_string_new (NULL);

  g_test_summary ("SHD-06: one after another where Discord allows one at once");
  g_object_set (simulator, "max-concurrency", 1, NULL);
  g_signal_connect (simulator, "identified", G_CALLBACK (note_identify_cb), identifies);
  open_manager (manager);
  g_assert_cmpstr (identifies->str, ==, "0/6 1/6 2/6 3/6 4/6 5/6");
  finish_shards (manager, simulator);
}

static void
note_invalidated_cb (DgwGateway *gateway,
                     gboolean    resumable,
                     gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static void
watch_invalidated_cb (DgwShardManager *manager,
                      DgwGateway      *gateway,
                      gpointer         user_data)
{
  g_signal_connect (gateway, "session-invalidated", G_CALLBACK (note_invalidated_cb), user_data);
}

static void
test_pace (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 7);
  guint                n_invalidated = 0;
  g_autoptr (GString) identifies = g_string_new (NULL);

  g_test_summary ("ID-09, SHD-06, SHD-11: group after group, each within the window that Discord gives to a bucket");
  /* Two identifies may lie less apart when they arrive than when they were sent. */
  g_object_set (simulator, "max-concurrency", 3, "identify-window", 200, NULL);
  set_window (manager, 300);
  g_signal_connect (simulator, "identified", G_CALLBACK (note_identify_cb), identifies);
  g_signal_connect (manager, "shard-added", G_CALLBACK (watch_invalidated_cb), &n_invalidated);
  open_manager (manager);
  g_assert_cmpuint (n_invalidated, ==, 0);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 7);
  g_assert_cmpstr (strrchr (identifies->str, ' '), ==, " 6/7");
  g_assert_null (strstr (strstr (identifies->str, "3/7"), "0/7"));
  g_assert_null (strstr (strstr (identifies->str, "4/7"), "1/7"));
  g_assert_null (strstr (strstr (identifies->str, "5/7"), "2/7"));
  finish_shards (manager, simulator);
}

static void
test_no_start_left (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);

  g_test_summary ("ID-08: while no session may be started nothing identifies, and then all do");
  g_object_set (simulator, "session-start-remaining", 0, "session-start-reset-after", 500, NULL);
  {
    g_auto (Outcome) open = {0};

    dgw_shard_manager_open_async (manager, NULL, outcome_cb, &open);
    WAIT_UNTIL (dgw_testing_simulator_get_n_connections (simulator) >= 1);
    g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 0);
    g_object_set (simulator, "session-start-remaining", 10, NULL);
    WAIT_UNTIL (open.is_done);
    g_assert_true (dgw_shard_manager_open_finish (manager, open.result, NULL));
  }
  finish_shards (manager, simulator);
}

static void
test_events (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);
  guint                n_all[2] = {0}, n_some[2] = {0}, n_other[2] = {0};
  gulong               id;

  g_test_summary ("ENV-02: one signal brings the events of all shards, with a detail or without");
  id = g_signal_connect (manager, "event", G_CALLBACK (count_event_cb), n_all);
  g_signal_connect (manager, "event::OF_THE_FUTURE", G_CALLBACK (count_event_cb), n_some);
  g_signal_connect (manager, "event::NEVER", G_CALLBACK (count_event_cb), n_other);
  open_manager (manager);
  dgw_testing_simulator_dispatch_text (simulator, "OF_THE_FUTURE", "{}");
  dgw_testing_simulator_dispatch_text (simulator, "OF_THE_PAST", "{}");
  WAIT_UNTIL (n_all[0] == 3 && n_all[1] == 3);
  g_assert_cmpuint (n_some[0] + n_some[1], ==, 2);
  g_assert_cmpuint (n_other[0] + n_other[1], ==, 0);

  g_signal_handler_disconnect (manager, id);
  dgw_testing_simulator_dispatch_text (simulator, "OF_THE_FUTURE", "{}");
  WAIT_UNTIL (n_some[0] == 2 && n_some[1] == 2);
  finish_shards (manager, simulator);
}

static void
test_suspend (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 3);
  guint                n_events[3] = {0};
  g_autoptr (GPtrArray) sessions = NULL;

  g_test_summary ("RES-16, RES-10, SHD-11: all are suspended and resumed with what they missed, without an identify more");
  open_manager (manager);
  sessions = suspend_manager (manager);
  g_assert_cmpuint (sessions->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (dgw_session_get_shard_id (g_ptr_array_index (sessions, i)), ==, i);
      g_assert_cmpuint (dgw_session_get_shard_count (g_ptr_array_index (sessions, i)), ==, 3);
    }
  dgw_testing_simulator_dispatch_text (simulator, "MISSED", "{}");
  g_signal_connect (manager, "event::MISSED", G_CALLBACK (count_event_cb), n_events);
  open_manager (manager);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), ==, 3);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (n_events[i], ==, 1);
  finish_shards (manager, simulator);
}

static void
test_contradictions (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 0);
  const guint32        ids[] = {7};

  g_test_summary ("SHD-01: an address without a count, and a shard that does not exist, are refused");
  dgw_shard_manager_set_url (manager, dgw_testing_simulator_get_url (simulator));
  {
    g_autoptr (GError) error = try_open (manager);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  }
  dgw_shard_manager_set_shard_count (manager, 2);
  dgw_shard_manager_set_shard_ids (manager, g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, ids, G_N_ELEMENTS (ids), sizeof *ids));
  {
    g_autoptr (GError) error = try_open (manager);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  }
  dgw_shard_manager_set_shard_ids (manager, NULL);
  open_manager (manager);
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (simulator), ==, 0);
  {
    g_autoptr (GError) error = try_open (manager);
    g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_ALREADY_OPEN);
  }
  finish_shards (manager, simulator);
}

static void
overdo_intents_cb (DgwShardManager *manager,
                   DgwGateway      *gateway,
                   gpointer         user_data)
{
  if (dgw_gateway_get_shard_id (gateway) == GPOINTER_TO_UINT (user_data))
    dgw_gateway_set_intents (gateway, DGW_INTENTS_GUILD_MEMBERS);
}

static void
test_doomed (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 3);
  g_autoptr (GError) error = NULL;

  g_test_summary ("SHD-10: intents that are not allowed on one shard stop them all; the sessions are kept");
  g_object_set (simulator, "allowed-intents", DGW_INTENTS_GUILDS, NULL);
  g_signal_connect (manager, "shard-added", G_CALLBACK (overdo_intents_cb), GUINT_TO_POINTER (1));
  error = try_open (manager);
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_DISALLOWED_INTENTS);
  WAIT_UNTIL (dgw_testing_simulator_get_n_clients (simulator) == 0);
  for (guint i = 0; i < 3; i++)
    WAIT_UNTIL (dgw_gateway_get_status (dgw_shard_manager_get_shard (manager, i)) == DGW_STATUS_UNCONNECTED);

  dgw_gateway_set_intents (dgw_shard_manager_get_shard (manager, 1), DGW_INTENTS_GUILDS);
  open_manager (manager);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), >=, 1);
  finish_shards (manager, simulator);
}

static void
test_wrong_token (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 0);
  g_autoptr (GError) error = NULL;

  g_test_summary ("CON-05: a wrong token is found out before any shard connects");
  g_object_set (simulator, "token", "another.token", NULL);
  error = try_open (manager);
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  g_assert_cmpuint (dgw_testing_simulator_get_n_connections (simulator), ==, 0);
  finish_shards (manager, simulator);
}

static void
test_asked_again (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 0);

  g_test_summary ("BO-02: a question that fails is asked again");
  dgw_testing_simulator_fail_requests (simulator, 500, 1, NULL);
  g_object_set (simulator, "shards", 2, NULL);
  open_manager (manager);
  ASSERT_SHARDS (manager, "0/2 1/2");
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (simulator), ==, 2);
  finish_shards (manager, simulator);
}

static void
note_delay_cb (DgwGateway *gateway,
               guint       attempt,
               guint       delay_ms,
               gpointer    user_data)
{
  gint64 due_us = dgw_gateway_get_next_retry (gateway);

  g_array_append_val (user_data, due_us);
}

static void
watch_delay_cb (DgwShardManager *manager,
                DgwGateway      *gateway,
                gpointer         user_data)
{
  g_signal_connect (gateway, "reconnecting", G_CALLBACK (note_delay_cb), user_data);
}

static void
test_dropped_together (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 8);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_test_summary ("BO-06: shards that are dropped together come back at different times, and resume");
  g_signal_connect (manager, "shard-added", G_CALLBACK (watch_delay_cb), times);
  open_manager (manager);
  dgw_testing_simulator_drop_clients (simulator);
  WAIT_UNTIL (times->len == 8);
  for (guint i = 0; i < 8; i++)
    for (guint k = 0; k < i; k++)
      g_assert_cmpint (g_array_index (times, gint64, i), !=, g_array_index (times, gint64, k));
  WAIT_UNTIL (dgw_shard_manager_get_status (manager) == DGW_STATUS_READY);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), >=, 8);
  finish_shards (manager, simulator);
}

static void
test_cancelled (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 3);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Outcome) open = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("DIS-05: an open that is cancelled leaves no connection");
  g_object_set (simulator, "hold-ready", TRUE, NULL);
  dgw_shard_manager_open_async (manager, cancellable, outcome_cb, &open);
  WAIT_UNTIL (dgw_testing_simulator_get_n_identifies (simulator) >= 1);
  g_cancellable_cancel (cancellable);
  WAIT_UNTIL (open.is_done);
  g_assert_false (dgw_shard_manager_open_finish (manager, open.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (dgw_shard_manager_get_status (manager), ==, DGW_STATUS_UNCONNECTED);
  WAIT_UNTIL (dgw_testing_simulator_get_n_clients (simulator) == 0);
  outcome_clear (&open);
  g_assert_finalize_object (manager);
  stop_simulator (simulator);
}

static void
test_closed_meanwhile (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 3);
  g_auto (Outcome) first = {0};
  g_auto (Outcome) close = {0};
  g_auto (Outcome) second = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("DIS-05: closed while it opens, the open fails; opened while it closes, it opens anew");
  dgw_shard_manager_open_async (manager, NULL, outcome_cb, &first);
  WAIT_UNTIL (dgw_testing_simulator_get_n_connections (simulator) >= 1);
  dgw_shard_manager_close_async (manager, NULL, outcome_cb, &close);
  dgw_shard_manager_open_async (manager, NULL, outcome_cb, &second);
  WAIT_UNTIL (first.is_done && close.is_done && second.is_done);
  g_assert_false (dgw_shard_manager_open_finish (manager, first.result, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_true (dgw_shard_manager_open_finish (manager, second.result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (dgw_shard_manager_get_status (manager), ==, DGW_STATUS_READY);
  outcome_clear (&first);
  outcome_clear (&close);
  outcome_clear (&second);
  finish_shards (manager, simulator);
}

static void
test_sums (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 3);

  g_test_summary ("HB-14: latency is the mean of the shards; the metrics keep what closed shards did");
  g_object_set (simulator, "heartbeat-interval", 50, NULL);
  g_assert_cmpint (dgw_shard_manager_get_latency (manager), ==, -1);
  open_manager (manager);
  WAIT_UNTIL (dgw_shard_manager_get_latency (manager) >= 0);
  close_shard (manager, 2);
  {
    g_autoptr (DgwMetrics) metrics = dgw_shard_manager_dup_metrics (manager);
    g_assert_cmpuint (dgw_metrics_get_identifies (metrics), ==, 3);
    g_assert_cmpuint (dgw_metrics_get_events (metrics), ==, 3);
  }
  finish_shards (manager, simulator);
}

static void
unref_cb (DgwShardManager *manager,
          DgwGateway      *gateway,
          DgwEvent        *event,
          gpointer         user_data)
{
  DgwShardManager **held = user_data;

  g_clear_object (held);
}

static void
test_dropped_in_handler (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);

  g_test_summary ("DIS-07: the last reference may go in a handler");
  open_manager (manager);
  g_signal_connect (manager, "event::LAST", G_CALLBACK (unref_cb), &manager);
  dgw_testing_simulator_dispatch_text (simulator, "LAST", "{}");
  WAIT_UNTIL (manager == NULL && dgw_testing_simulator_get_n_clients (simulator) == 0);
  stop_simulator (simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* The simulator's server warns of a client that went away while it came. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/dgw/gateway/shard-manager/automatic", test_automatic);
  g_test_add_func ("/dgw/gateway/shard-manager/range", test_range);
  g_test_add_func ("/dgw/gateway/shard-manager/order", test_order);
  g_test_add_func ("/dgw/gateway/shard-manager/pace", test_pace);
  g_test_add_func ("/dgw/gateway/shard-manager/no-start-left", test_no_start_left);
  g_test_add_func ("/dgw/gateway/shard-manager/events", test_events);
  g_test_add_func ("/dgw/gateway/shard-manager/suspend", test_suspend);
  g_test_add_func ("/dgw/gateway/shard-manager/contradictions", test_contradictions);
  g_test_add_func ("/dgw/gateway/shard-manager/doomed", test_doomed);
  g_test_add_func ("/dgw/gateway/shard-manager/wrong-token", test_wrong_token);
  g_test_add_func ("/dgw/gateway/shard-manager/asked-again", test_asked_again);
  g_test_add_func ("/dgw/gateway/shard-manager/dropped-together", test_dropped_together);
  g_test_add_func ("/dgw/gateway/shard-manager/cancelled", test_cancelled);
  g_test_add_func ("/dgw/gateway/shard-manager/closed-meanwhile", test_closed_meanwhile);
  g_test_add_func ("/dgw/gateway/shard-manager/sums", test_sums);
  g_test_add_func ("/dgw/gateway/shard-manager/dropped-in-handler", test_dropped_in_handler);

  return g_test_run ();
}
