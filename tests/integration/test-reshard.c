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

static void
test_reshard (gconstpointer data)
{
  DgwTestingSimulator *simulator = start_simulator ();
  const guint          from = GPOINTER_TO_UINT (data) >> 8, to = GPOINTER_TO_UINT (data) & 0xff;
  DgwShardManager     *manager = make_manager (simulator, from);
  Ledger               ledger = {.simulator = simulator, .n_guilds = 12, .n_received = g_array_new (FALSE, TRUE, sizeof (guint))};
  Outcome              outcome = {0};
  guint                n_after = 0;

  g_test_summary ("SHD-08, SHD-12: replaced while events come, none is lost, none comes twice, those of a guild come in order");
  g_array_set_size (ledger.n_received, ledger.n_guilds);
  g_object_set (simulator, "route-guilds", TRUE, "guild-count", 6, "max-concurrency", 4, NULL);
  open_manager (manager);
  g_signal_connect (manager, "event::NUMBERED", G_CALLBACK (ledger_event_cb), &ledger);
  reshard (manager, to, &outcome);
  while (!outcome.is_done || n_after < 50)
    {
      if (ledger_has_room (&ledger))
        {
          ledger_send (&ledger);
          n_after += outcome.is_done;
        }
      g_main_context_iteration (NULL, TRUE);
    }
  {
    g_autoptr (GError) error = NULL;
    g_assert_true (dgw_shard_manager_reshard_finish (manager, outcome.result, &error));
    g_assert_no_error (error);
  }
  outcome_clear (&outcome);
  WAIT_UNTIL (ledger_is_even (&ledger));
  g_assert_cmpuint (ledger.n_wrong, ==, 0);
  g_assert_cmpuint (ledger.n_sent, >=, 50);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, to);
  for (guint i = 0; i < to; i++)
    g_assert_cmpuint (dgw_gateway_get_shard_count (dgw_shard_manager_get_shard (manager, i)), ==, to);
  g_assert_cmpuint (dgw_shard_manager_get_shard_count (manager), ==, to);
  g_assert_cmpint (dgw_shard_manager_get_status (manager), ==, DGW_STATUS_READY);
  WAIT_UNTIL (dgw_testing_simulator_get_n_clients (simulator) == to);
  g_array_unref (ledger.n_received);
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
  g_test_add_func ("/dgw/gateway/shard-manager/reshard-range", test_reshard_range);
  g_test_add_func ("/dgw/gateway/shard-manager/reshard-fails", test_reshard_fails);
  g_test_add_func ("/dgw/gateway/shard-manager/reshard-closed", test_reshard_closed);

  return g_test_run ();
}
