/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shard-fixture.h"

#include <string.h>

/* What goes to several shards, and what comes of them. */

/* The status that the last identify asked for, by shard. */
static void
note_presence_cb (DgwTestingSimulator *simulator,
                  gpointer             user_data)
{
  GString *text = user_data;
  g_autoptr (JsonNode) identify = dgw_testing_simulator_dup_last_identify (simulator);
  JsonObject *presence = json_object_has_member (json_node_get_object (identify), "presence")
                           ? json_object_get_object_member (json_node_get_object (identify), "presence")
                           : NULL;

  g_string_append_printf (text, "%s ", presence ? json_object_get_string_member (presence, "status") : "none");
}

static void
count_command_cb (DgwTestingSimulator *simulator,
                  guint                opcode,
                  JsonNode            *data,
                  gpointer             user_data)
{
  *(guint *)user_data += opcode == DGW_OPCODE_PRESENCE_UPDATE;
}

static void
test_presence (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);
  g_autoptr (DgwPresence) idle = g_object_new (DGW_TYPE_PRESENCE, "status", "idle", NULL);
  g_autoptr (DgwPresence) dnd = g_object_new (DGW_TYPE_PRESENCE, "status", "dnd", NULL);
  g_autoptr (GString) identifies = g_string_new (NULL);
  g_auto (Outcome) update = {0};
  g_auto (Outcome) reshard = {0};
  g_autoptr (GError) error = NULL;
  guint n_commands = 0;

  g_test_summary ("PR-01, SHD-12: all shards show the presence, and new ones have it from their first identify on");
  g_signal_connect (simulator, "identified", G_CALLBACK (note_presence_cb), identifies);
  g_signal_connect (simulator, "command", G_CALLBACK (count_command_cb), &n_commands);
  dgw_shard_manager_set_presence (manager, idle);
  open_manager (manager);
  g_assert_cmpstr (identifies->str, ==, "idle idle ");
  dgw_shard_manager_update_presence_async (manager, dnd, NULL, outcome_cb, &update);
  WAIT_UNTIL (update.is_done);
  g_assert_true (dgw_shard_manager_update_presence_finish (manager, update.result, &error));
  g_assert_no_error (error);
  g_assert_true (dgw_shard_manager_get_presence (manager) == dnd);
  WAIT_UNTIL (n_commands == 2);

  g_string_truncate (identifies, 0);
  dgw_shard_manager_reshard_async (manager, 4, NULL, outcome_cb, &reshard);
  WAIT_UNTIL (reshard.is_done);
  g_assert_true (dgw_shard_manager_reshard_finish (manager, reshard.result, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (identifies->str, ==, "dnd dnd dnd dnd ");
  outcome_clear (&update);
  outcome_clear (&reshard);
  finish_shards (manager, simulator);
}

static void
test_no_shards (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);
  g_auto (Outcome) update = {0};

  g_test_summary ("PR-01: without a shard a presence is only stored");
  dgw_shard_manager_update_presence_async (manager, NULL, NULL, outcome_cb, &update);
  WAIT_UNTIL (update.is_done);
  g_assert_true (dgw_shard_manager_update_presence_finish (manager, update.result, NULL));
  outcome_clear (&update);
  g_assert_finalize_object (manager);
  stop_simulator (simulator);
}

static GListModel *
ask_for_sounds (DgwShardManager   *manager,
                const char *const *ids,
                GError           **error)
{
  g_auto (Outcome) asked = {0};

  dgw_shard_manager_request_soundboard_sounds_async (manager, ids, NULL, outcome_cb, &asked);
  WAIT_UNTIL (asked.is_done);
  return dgw_shard_manager_request_soundboard_sounds_finish (manager, asked.result, error);
}

static void
test_sounds (void)
{
  static const char *const ids[] = {"8388608", "4194304", "12582912", "8388608", NULL};
  static const char *const elsewhere[] = {"8388608", "4194304", NULL};
  DgwTestingSimulator     *simulator = start_simulator ();
  DgwShardManager         *manager = make_manager (simulator, 2);
  const guint32            even = 0;
  g_autoptr (GListModel) answers = NULL;
  g_autoptr (GListModel) none = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("SHD-02: guilds are asked for on their own shards, and answered in the order of the request");
  open_manager (manager);
  answers = ask_for_sounds (manager, ids, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (answers), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (DgwSoundboardSoundsEvent) sounds = g_list_model_get_item (answers, i);

      g_assert_cmpstr (dgw_soundboard_sounds_event_get_guild_id (sounds), ==, ids[i]);
    }
  close_manager (manager);
  dgw_shard_manager_set_shard_ids (manager, g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, &even, 1, sizeof even));
  open_manager (manager);
  none = ask_for_sounds (manager, elsewhere, &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  finish_shards (manager, simulator);
}

static void
note_failed_cb (DgwShardManager *manager,
                DgwGateway      *gateway,
                GError          *error,
                gpointer         user_data)
{
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_SHARDING_REQUIRED);
  g_string_append_printf (user_data, "%u/%u ", dgw_gateway_get_shard_id (gateway), dgw_gateway_get_shard_count (gateway));
}

static void
test_failed (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 2);
  g_autoptr (GString) failed = g_string_new (NULL);

  g_test_summary ("SHD-10, CC-4011: each shard that is down for good is told, but not one that is split");
  g_object_set (simulator, "minimum-shards", 4, NULL);
  g_signal_connect (manager, "failed", G_CALLBACK (note_failed_cb), failed);
  {
    g_autoptr (GError) error = try_open (manager);
    g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_SHARDING_REQUIRED);
  }
  WAIT_UNTIL (failed->len >= strlen ("0/2 1/2 "));
  g_assert_cmpstr (failed->str, ==, "0/2 1/2 ");
  g_string_truncate (failed, 0);
  dgw_shard_manager_set_auto_scale (manager, TRUE);
  open_manager (manager);
  g_assert_cmpstr (failed->str, ==, "");
  ASSERT_SHARDS (manager, "0/4 1/4 2/4 3/4");
  finish_shards (manager, simulator);
}

static void
test_no_window (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwShardManager     *manager = make_manager (simulator, 20);
  g_autoptr (DgwIdentifyLimiter) limiter = g_object_new (DGW_TYPE_LOCAL_IDENTIFY_LIMITER, "window", 0, NULL);

  g_test_summary ("ID-09: with a window of 0 no slot is waited for");
  dgw_shard_manager_set_identify_limiter (manager, limiter);
  open_manager (manager);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 20);
  finish_shards (manager, simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/dgw/gateway/shard-manager/presence", test_presence);
  g_test_add_func ("/dgw/gateway/shard-manager/no-shards", test_no_shards);
  g_test_add_func ("/dgw/gateway/shard-manager/sounds", test_sounds);
  g_test_add_func ("/dgw/gateway/shard-manager/failed", test_failed);
  g_test_add_func ("/dgw/gateway/shard-manager/no-window", test_no_window);

  return g_test_run ();
}
