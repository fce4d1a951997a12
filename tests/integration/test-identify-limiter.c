/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

#define N_SHARDS 6

/* The simulator's window, and a limiter's that is a little longer: two
 * identifies lie less apart when they arrive than when they were sent. */
#define WINDOW_MS         200
#define LIMITER_WINDOW_MS 700

static DgwGateway *
make_shard (DgwTestingSimulator *simulator,
            DgwIdentifyLimiter  *limiter,
            guint                shard_id)
{
  DgwGateway *gateway = make_gateway (simulator);

  dgw_gateway_set_shard_count (gateway, N_SHARDS);
  dgw_gateway_set_shard_id (gateway, shard_id);
  dgw_gateway_set_identify_limiter (gateway, limiter);
  return gateway;
}

static void
note_invalidated_cb (DgwGateway *gateway,
                     gboolean    resumable,
                     gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static void
test_shared (gconstpointer data)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateways[N_SHARDS];
  Outcome              opens[N_SHARDS] = {{0}};
  guint                n_invalidated = 0;
  g_autoptr (DgwIdentifyLimiter) limiter = NULL;

  g_test_summary ("ID-09, SHD-11: shards that share a limiter never identify too often for Discord");
  g_object_set (simulator, "max-concurrency", 2, "identify-window", WINDOW_MS, NULL);
  limiter = g_object_new (DGW_TYPE_LOCAL_IDENTIFY_LIMITER, "max-concurrency", GPOINTER_TO_UINT (data), "window", LIMITER_WINDOW_MS, NULL);
  for (guint i = 0; i < N_SHARDS; i++)
    {
      gateways[i] = make_shard (simulator, limiter, i);
      if (GPOINTER_TO_UINT (data) == 0)
        dgw_gateway_set_url (gateways[i], NULL);
      g_signal_connect (gateways[i], "session-invalidated", G_CALLBACK (note_invalidated_cb), &n_invalidated);
      dgw_gateway_open_async (gateways[i], NULL, outcome_cb, &opens[i]);
    }
  for (guint i = 0; i < N_SHARDS; i++)
    {
      WAIT_UNTIL (opens[i].is_done);
      g_assert_true (dgw_gateway_open_finish (gateways[i], opens[i].result, NULL));
      outcome_clear (&opens[i]);
    }

  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, N_SHARDS);
  g_assert_cmpuint (n_invalidated, ==, 0);
  for (guint i = 0; i < N_SHARDS; i++)
    {
      close_gateway (gateways[i]);
      g_assert_finalize_object (gateways[i]);
    }
  stop_simulator (simulator);
}

static void
reconnected_cb (DgwGateway *gateway,
                DgwEvent   *event,
                gpointer    user_data)
{
  *(gboolean *)user_data = TRUE;
}

static void
test_resume (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  g_autoptr (DgwIdentifyLimiter) limiter = NULL;
  DgwGateway *gateway;
  gboolean    is_resumed = FALSE;

  g_test_summary ("RES-10, SHD-11: a resume goes past the limiter, which has no slot for an hour");
  limiter = g_object_new (DGW_TYPE_LOCAL_IDENTIFY_LIMITER, "max-concurrency", 1, "window", 60 * 60 * 1000, NULL);
  gateway = make_shard (simulator, limiter, 0);
  g_signal_connect (gateway, "event::RESUMED", G_CALLBACK (reconnected_cb), &is_resumed);
  open_gateway (gateway);
  dgw_testing_simulator_close_clients (simulator, 4000, "again");
  WAIT_UNTIL (is_resumed);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 1);
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/dgw/integration/identify-limiter/shared", GUINT_TO_POINTER (2), test_shared);
  g_test_add_data_func ("/dgw/integration/identify-limiter/shared-as-discord-says", GUINT_TO_POINTER (0), test_shared);
  g_test_add_func ("/dgw/integration/identify-limiter/resume", test_resume);

  return g_test_run ();
}
