/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shard-fixture.h"

/* Shards that are opened, resumed, closed and split one by one. */

static void
test_resume_elsewhere (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *first = make_manager (simulator, 3);
  DgwShardManager     *second = make_manager (simulator, 3);
  Outcome              outcomes[3] = {{0}};
  guint                n_events[3] = {0};
  g_autoptr (GPtrArray) sessions = NULL;

  g_test_summary ("RES-16: another manager resumes the sessions, each by itself");
  open_manager (first);
  sessions = suspend_manager (first);
  g_assert_finalize_object (first);
  dgw_testing_simulator_dispatch_text (simulator, "MISSED", "{}");
  g_signal_connect (second, "event::MISSED", G_CALLBACK (count_event_cb), n_events);
  for (guint i = 3; i-- > 0;)
    dgw_shard_manager_resume_shard_async (second, g_ptr_array_index (sessions, i), NULL, outcome_cb, &outcomes[i]);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      WAIT_UNTIL (outcomes[i].is_done);
      g_assert_true (dgw_shard_manager_resume_shard_finish (second, outcomes[i].result, &error));
      g_assert_no_error (error);
      outcome_clear (&outcomes[i]);
      g_assert_cmpuint (n_events[i], ==, 1);
    }
  ASSERT_SHARDS (second, "0/3 1/3 2/3");
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 3);
  finish_shards (second, simulator);
}

static void
test_single (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 0);
  DgwGateway          *other;

  g_test_summary ("SHD-09: one shard is closed and opened, the others do not notice");
  g_object_set (simulator, "shards", 3, NULL);
  {
    g_autoptr (GError) error = open_shard (manager, 1);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  }
  open_manager (manager);
  other = dgw_shard_manager_get_shard (manager, 2);
  close_shard (manager, 1);
  ASSERT_SHARDS (manager, "0/3 2/3");
  close_shard (manager, 1);
  g_assert_cmpint (dgw_shard_manager_get_status (manager), ==, DGW_STATUS_READY);
  {
    g_autoptr (GError) error = open_shard (manager, 1);
    g_assert_no_error (error);
  }
  ASSERT_SHARDS (manager, "0/3 1/3 2/3");
  {
    g_autoptr (GError) error = open_shard (manager, 1);
    g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_ALREADY_OPEN);
  }
  {
    g_autoptr (GError) error = open_shard (manager, 3);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  }
  g_assert_true (dgw_shard_manager_get_shard (manager, 2) == other);
  g_assert_cmpint (dgw_gateway_get_status (other), ==, DGW_STATUS_READY);
  finish_shards (manager, simulator);
}

static void
test_split (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);

  g_test_summary ("CC-4011, SHD-04: shards with too many guilds are split until they have few enough, and guilds find theirs");
  g_object_set (simulator, "minimum-shards", 8, NULL);
  dgw_shard_manager_set_auto_scale (manager, TRUE);
  open_manager (manager);
  ASSERT_SHARDS (manager, "0/8 1/8 2/8 3/8 4/8 5/8 6/8 7/8");
  g_assert_cmpuint (dgw_testing_simulator_get_n_clients (simulator), ==, 8);
  finish_shards (manager, simulator);
}

static void
test_not_split (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);
  g_autoptr (GError) error = NULL;

  g_test_summary ("CC-4011: unless it is asked for, nothing is split");
  g_object_set (simulator, "minimum-shards", 8, NULL);
  error = try_open (manager);
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_SHARDING_REQUIRED);
  ASSERT_SHARDS (manager, "0/2 1/2");
  finish_shards (manager, simulator);
}

static void
test_mixed_counts (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);
  g_autoptr (DgwSession) session = dgw_session_new ("gone", 1, NULL, 3, 4);
  g_auto (Outcome) resume = {0};

  g_test_summary ("SHD-02, SHD-08: while counts differ, each guild has its one shard");
  open_manager (manager);
  close_shard (manager, 1);
  dgw_shard_manager_resume_shard_async (manager, session, NULL, outcome_cb, &resume);
  WAIT_UNTIL (resume.is_done);
  outcome_clear (&resume);
  ASSERT_SHARDS (manager, "0/2 3/4");
  for (guint64 i = 0; i < 16; i++)
    {
      g_autofree char *guild = g_strdup_printf ("%" G_GUINT64_FORMAT, i << 22);
      DgwGateway      *found = dgw_shard_manager_get_shard_for_guild (manager, guild);

      if (i % 2 == 0)
        g_assert_true (found == dgw_shard_manager_get_shard (manager, 0));
      else if (i % 4 == 3)
        g_assert_true (found == dgw_shard_manager_get_shard (manager, 3));
      else
        g_assert_null (found);
    }
  finish_shards (manager, simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* The simulator's server warns of a client that went away while it came. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/dgw/gateway/shard-manager/resume-elsewhere", test_resume_elsewhere);
  g_test_add_func ("/dgw/gateway/shard-manager/single", test_single);
  g_test_add_func ("/dgw/gateway/shard-manager/split", test_split);
  g_test_add_func ("/dgw/gateway/shard-manager/not-split", test_not_split);
  g_test_add_func ("/dgw/gateway/shard-manager/mixed-counts", test_mixed_counts);

  return g_test_run ();
}
