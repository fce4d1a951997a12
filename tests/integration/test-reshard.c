/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shard-fixture.h"

/* Shards that are replaced by another number of them. */

static void
reshard (DgwShardManager *manager,
         guint            count,
         Outcome         *outcome)
{
  dgw_shard_manager_reshard_async (manager, count, NULL, outcome_cb, outcome);
}

/* Sends numbered events to guilds while the shards are replaced, and counts what
 * comes of each. */
typedef struct
{
  DgwTestingSimulator *simulator;
  guint                n_guilds;
  guint                n_sent;     /* to each guild */
  GArray              *n_received; /* guint by guild: the next number that is expected */
  guint                n_wrong;
} Ledger;

static void
ledger_send (Ledger *self)
{
  for (guint i = 0; i < self->n_guilds; i++)
    {
      g_autofree char *data = g_strdup_printf ("{\"guild_id\":\"%" G_GUINT64_FORMAT "\",\"guild\":%u,\"n\":%u,\"x\":{\"same\":true}}",
                                               ((guint64)i << 22) + 5, i, self->n_sent);

      dgw_testing_simulator_dispatch_text (self->simulator, "NUMBERED", data);
    }
  self->n_sent++;
}

static void
ledger_event_cb (DgwShardManager *manager,
                 DgwGateway      *gateway,
                 DgwEvent        *event,
                 gpointer         user_data)
{
  Ledger *self = user_data;
  g_autoptr (JsonNode) data = dgw_event_dup_json (event);
  guint  guild = (guint)json_object_get_int_member (json_node_get_object (data), "guild");
  guint  number = (guint)json_object_get_int_member (json_node_get_object (data), "n");
  guint *expected = &g_array_index (self->n_received, guint, guild);

  self->n_wrong += number != *expected;
  *expected = number + 1;
}

/* No more than the reader can take. */
static gboolean
ledger_has_room (Ledger *self)
{
  for (guint i = 0; i < self->n_guilds; i++)
    if (self->n_sent - g_array_index (self->n_received, guint, i) > 20)
      return FALSE;

  return TRUE;
}

static gboolean
ledger_is_even (Ledger *self)
{
  for (guint i = 0; i < self->n_guilds; i++)
    if (g_array_index (self->n_received, guint, i) != self->n_sent)
      return FALSE;

  return TRUE;
}

/* As many as can be taken. */
static void
ledger_turn (Ledger *self)
{
  if (ledger_has_room (self))
    ledger_send (self);
  g_main_context_iteration (NULL, TRUE);
}

/* Until the manager is done, and n more. */
static void
ledger_run (Ledger  *self,
            Outcome *outcome,
            guint    n)
{
  while (!outcome->is_done)
    ledger_turn (self);
  for (guint end = self->n_sent + n; self->n_sent < end;)
    ledger_turn (self);
}

static void
ledger_start (Ledger              *self,
              DgwTestingSimulator *simulator,
              DgwShardManager     *manager)
{
  *self = (Ledger){.simulator = simulator, .n_guilds = 12, .n_received = g_array_new (FALSE, TRUE, sizeof (guint))};
  g_array_set_size (self->n_received, self->n_guilds);
  g_signal_connect (manager, "event::NUMBERED", G_CALLBACK (ledger_event_cb), self);
}

static void
ledger_finish (Ledger *self)
{
  WAIT_UNTIL (ledger_is_even (self));
  g_assert_cmpuint (self->n_wrong, ==, 0);
  g_test_message ("%u events for each of %u guilds, all of them once and in order", self->n_sent, self->n_guilds);
  g_array_unref (self->n_received);
}

static void
assert_replaced (DgwShardManager *manager,
                 Outcome         *outcome,
                 guint            count)
{
  g_autoptr (GError) error = NULL;

  dgw_shard_manager_reshard_finish (manager, outcome->result, &error);
  g_assert_no_error (error);
  outcome_clear (outcome);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, count);
  for (guint i = 0; i < count; i++)
    g_assert_cmpuint (dgw_gateway_get_shard_count (dgw_shard_manager_get_shard (manager, i)), ==, count);
  g_assert_cmpuint (dgw_shard_manager_get_shard_count (manager), ==, count);
}

static void
test_reshard (gconstpointer data)
{
  DgwTestingSimulator *simulator = start_simulator ();
  const guint          from = GPOINTER_TO_UINT (data) >> 8, to = GPOINTER_TO_UINT (data) & 0xff;
  DgwShardManager     *manager = make_manager (simulator, from);
  Ledger               ledger;
  Outcome              outcome = {0};

  g_test_summary ("SHD-08, SHD-12: replaced while events come, none is lost, none comes twice, those of a guild come in order");
  g_object_set (simulator, "route-guilds", TRUE, "guild-count", 6, "max-concurrency", 4, NULL);
  open_manager (manager);
  ledger_start (&ledger, simulator, manager);
  reshard (manager, to, &outcome);
  ledger_run (&ledger, &outcome, 50);
  assert_replaced (manager, &outcome, to);
  g_assert_cmpint (dgw_shard_manager_get_status (manager), ==, DGW_STATUS_READY);
  ledger_finish (&ledger);
  WAIT_UNTIL (dgw_testing_simulator_get_n_clients (simulator) == to);
  finish_shards (manager, simulator);
}

static void
test_reshard_cut (gconstpointer data)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 3);
  Ledger               ledger;
  Outcome              outcome = {0};

  g_test_summary ("SHD-12, RES-05: replaced while old and new connections are cut all the time, none is lost, none comes twice");
  g_object_set (simulator, "route-guilds", TRUE, "guild-count", 6, "heartbeat-interval", 150,
                "max-concurrency", 1, "identify-window", 200, NULL);
  set_window (manager, 300);
  dgw_testing_simulator_start_cuts (simulator, GPOINTER_TO_INT (data), 1100);
  open_manager (manager);
  ledger_start (&ledger, simulator, manager);
  reshard (manager, 5, &outcome);
  ledger_run (&ledger, &outcome, 2000);
  assert_replaced (manager, &outcome, 5);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), >, 3);
  ledger_finish (&ledger);
  finish_shards (manager, simulator);
}

static void
test_reshard_deaf (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);
  Ledger               ledger;
  Outcome              outcome = {0};

  g_test_summary ("SHD-12: old shards that hear nothing, and do not know it yet, get what came before the new ones");
  g_object_set (simulator, "route-guilds", TRUE, "guild-count", 6, "max-concurrency", 4, NULL);
  open_manager (manager);
  ledger_start (&ledger, simulator, manager);
  dgw_testing_simulator_cut_clients (simulator, DGW_TESTING_CUT_HALF_OPEN);
  ledger_send (&ledger);
  reshard (manager, 4, &outcome);
  ledger_run (&ledger, &outcome, 50);
  assert_replaced (manager, &outcome, 4);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), ==, 2);
  ledger_finish (&ledger);
  finish_shards (manager, simulator);
}

static void
limit_backlog_cb (DgwShardManager *manager,
                  DgwGateway      *gateway,
                  gpointer         user_data)
{
  dgw_gateway_set_max_backlog_events (gateway, GPOINTER_TO_UINT (user_data));
}

static void
test_reshard_swept (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 3);
  Ledger               ledger;
  Outcome              outcome = {0};

  g_test_summary ("SHD-12: what the old shards have handed on is held no longer, however long it takes");
  g_object_set (simulator, "route-guilds", TRUE, "guild-count", 6, "max-concurrency", 1, NULL);
  open_manager (manager);
  ledger_start (&ledger, simulator, manager);
  g_signal_connect (manager, "shard-added", G_CALLBACK (limit_backlog_cb), GUINT_TO_POINTER (1000));
  reshard (manager, 5, &outcome);
  WAIT_UNTIL (dgw_testing_simulator_get_n_identifies (simulator) > 3);
  g_object_set (simulator, "accept-connections", FALSE, NULL);
  while (ledger.n_sent < 800)
    ledger_turn (&ledger);
  g_assert_false (outcome.is_done);
  g_object_set (simulator, "accept-connections", TRUE, NULL);
  ledger_run (&ledger, &outcome, 50);
  assert_replaced (manager, &outcome, 5);
  ledger_finish (&ledger);
  finish_shards (manager, simulator);
}

static void
test_reshard_full (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);
  Ledger               ledger;
  guint                n_guilds[2] = {0, 0};
  g_auto (Outcome) outcome = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("SHD-12: when more would be held back than may wait, the old shards go on, and nothing is lost");
  g_object_set (simulator, "route-guilds", TRUE, "guild-count", 200, "max-concurrency", 4, NULL);
  g_signal_connect (manager, "event::GUILD_CREATE", G_CALLBACK (count_event_cb), n_guilds);
  open_manager (manager);
  WAIT_UNTIL (n_guilds[0] + n_guilds[1] == 200);
  g_signal_connect (manager, "shard-added", G_CALLBACK (limit_backlog_cb), GUINT_TO_POINTER (40));
  ledger_start (&ledger, simulator, manager);
  reshard (manager, 4, &outcome);
  ledger_run (&ledger, &outcome, 50);
  g_assert_false (dgw_shard_manager_reshard_finish (manager, outcome.result, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED);
  ASSERT_SHARDS (manager, "0/2 1/2");
  g_assert_cmpint (dgw_shard_manager_get_status (manager), ==, DGW_STATUS_READY);
  ledger_finish (&ledger);
  WAIT_UNTIL (dgw_testing_simulator_get_n_clients (simulator) == 2);
  outcome_clear (&outcome);
  finish_shards (manager, simulator);
}

static void
test_reshard_range (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 4);
  const guint32        ids[] = {1, 2};
  g_auto (Outcome) wrong = {0};
  g_auto (Outcome) right = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("SHD-08: of a range only a multiple keeps the guilds in this process");
  dgw_shard_manager_set_shard_ids (manager, g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, ids, G_N_ELEMENTS (ids), sizeof *ids));
  open_manager (manager);
  reshard (manager, 6, &wrong);
  WAIT_UNTIL (wrong.is_done);
  g_assert_false (dgw_shard_manager_reshard_finish (manager, wrong.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  ASSERT_SHARDS (manager, "1/4 2/4");
  reshard (manager, 8, &right);
  WAIT_UNTIL (right.is_done);
  g_assert_true (dgw_shard_manager_reshard_finish (manager, right.result, NULL));
  ASSERT_SHARDS (manager, "1/8 2/8 5/8 6/8");
  outcome_clear (&wrong);
  outcome_clear (&right);
  finish_shards (manager, simulator);
}

static void
test_reshard_fails (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 4);
  g_auto (Outcome) outcome = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("SHD-10, CC-4011: when a new shard fails, the old ones go on");
  g_object_set (simulator, "minimum-shards", 3, NULL);
  open_manager (manager);
  reshard (manager, 2, &outcome);
  WAIT_UNTIL (outcome.is_done);
  g_assert_false (dgw_shard_manager_reshard_finish (manager, outcome.result, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_SHARDING_REQUIRED);
  ASSERT_SHARDS (manager, "0/4 1/4 2/4 3/4");
  g_assert_cmpint (dgw_shard_manager_get_status (manager), ==, DGW_STATUS_READY);
  outcome_clear (&outcome);
  finish_shards (manager, simulator);
}

static void
test_reshard_closed (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);
  g_auto (Outcome) first = {0};
  g_auto (Outcome) second = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("DIS-05: closed meanwhile, old and new shards are gone");
  open_manager (manager);
  g_object_set (simulator, "hold-ready", TRUE, NULL);
  reshard (manager, 4, &first);
  reshard (manager, 8, &second);
  WAIT_UNTIL (second.is_done && dgw_testing_simulator_get_n_identifies (simulator) >= 3);
  g_assert_false (dgw_shard_manager_reshard_finish (manager, second.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  close_manager (manager);
  WAIT_UNTIL (first.is_done && dgw_testing_simulator_get_n_clients (simulator) == 0);
  g_assert_false (dgw_shard_manager_reshard_finish (manager, first.result, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  outcome_clear (&first);
  outcome_clear (&second);
  finish_shards (manager, simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* The simulator's server warns of a client that went away while it came. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_data_func ("/dgw/gateway/shard-manager/reshard-double", GUINT_TO_POINTER (2 << 8 | 4), test_reshard);
  g_test_add_data_func ("/dgw/gateway/shard-manager/reshard-coprime", GUINT_TO_POINTER (3 << 8 | 4), test_reshard);
  g_test_add_data_func ("/dgw/gateway/shard-manager/reshard-fewer", GUINT_TO_POINTER (4 << 8 | 2), test_reshard);
  g_test_add_data_func ("/dgw/gateway/shard-manager/reshard-closed-often", GINT_TO_POINTER (DGW_TESTING_CUT_CLOSE), test_reshard_cut);
  g_test_add_data_func ("/dgw/gateway/shard-manager/reshard-cut", GINT_TO_POINTER (DGW_TESTING_CUT_MIX), test_reshard_cut);
  g_test_add_func ("/dgw/gateway/shard-manager/reshard-deaf", test_reshard_deaf);
  g_test_add_func ("/dgw/gateway/shard-manager/reshard-swept", test_reshard_swept);
  g_test_add_func ("/dgw/gateway/shard-manager/reshard-full", test_reshard_full);
  g_test_add_func ("/dgw/gateway/shard-manager/reshard-range", test_reshard_range);
  g_test_add_func ("/dgw/gateway/shard-manager/reshard-fails", test_reshard_fails);
  g_test_add_func ("/dgw/gateway/shard-manager/reshard-closed", test_reshard_closed);

  return g_test_run ();
}
