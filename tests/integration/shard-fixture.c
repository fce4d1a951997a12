/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shard-fixture.h"

void
set_window (DgwShardManager *manager,
            guint            window_ms)
{
  g_autoptr (DgwIdentifyLimiter) limiter = g_object_new (DGW_TYPE_LOCAL_IDENTIFY_LIMITER, "window", window_ms, NULL);

  dgw_shard_manager_set_identify_limiter (manager, limiter);
}

DgwShardManager *
make_manager (DgwTestingSimulator *simulator,
              guint                count)
{
  DgwShardManager *manager = dgw_shard_manager_new ("Bot token.of.test", DGW_INTENTS_GUILDS);

  dgw_shard_manager_set_api_url (manager, dgw_testing_simulator_get_api_url (simulator));
  dgw_shard_manager_set_shard_count (manager, count);
  set_window (manager, 1);

  return manager;
}

GError *
try_open (DgwShardManager *manager)
{
  g_auto (Outcome) open = {0};
  GError *error = NULL;

  dgw_shard_manager_open_async (manager, NULL, outcome_cb, &open);
  WAIT_UNTIL (open.is_done);
  g_assert_true (dgw_shard_manager_open_finish (manager, open.result, &error) == (error == NULL));
  return error;
}

void
open_manager (DgwShardManager *manager)
{
  g_autoptr (GError) error = try_open (manager);

  g_assert_no_error (error);
  g_assert_cmpint (dgw_shard_manager_get_status (manager), ==, DGW_STATUS_READY);
}

void
close_manager (DgwShardManager *manager)
{
  g_auto (Outcome) close = {0};
  g_autoptr (GError) error = NULL;

  dgw_shard_manager_close_async (manager, NULL, outcome_cb, &close);
  WAIT_UNTIL (close.is_done);
  g_assert_true (dgw_shard_manager_close_finish (manager, close.result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (dgw_shard_manager_get_status (manager), ==, DGW_STATUS_UNCONNECTED);
}

GPtrArray *
suspend_manager (DgwShardManager *manager)
{
  g_auto (Outcome) suspend = {0};
  g_autoptr (GError) error = NULL;
  GPtrArray *sessions = NULL;

  dgw_shard_manager_suspend_async (manager, NULL, outcome_cb, &suspend);
  WAIT_UNTIL (suspend.is_done);
  sessions = dgw_shard_manager_suspend_finish (manager, suspend.result, &error);
  g_assert_no_error (error);
  return sessions;
}

char *
describe_shards (DgwShardManager *manager)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (manager)); i++)
    {
      g_autoptr (DgwGateway) gateway = g_list_model_get_item (G_LIST_MODEL (manager), i);

      g_string_append_printf (text, "%s%u/%u", i > 0 ? " " : "", dgw_gateway_get_shard_id (gateway), dgw_gateway_get_shard_count (gateway));
    }

  return g_string_free (text, FALSE);
}

void
finish_shards (DgwShardManager     *manager,
               DgwTestingSimulator *simulator)
{
  close_manager (manager);
  g_assert_finalize_object (manager);
  stop_simulator (simulator);
}

GError *
open_shard (DgwShardManager *manager,
            guint            id)
{
  g_auto (Outcome) open = {0};
  GError *error = NULL;

  dgw_shard_manager_open_shard_async (manager, id, NULL, outcome_cb, &open);
  WAIT_UNTIL (open.is_done);
  g_assert_true (dgw_shard_manager_open_shard_finish (manager, open.result, &error) == (error == NULL));
  return error;
}

void
close_shard (DgwShardManager *manager,
             guint            id)
{
  g_auto (Outcome) close = {0};
  g_autoptr (GError) error = NULL;

  dgw_shard_manager_close_shard_async (manager, id, NULL, outcome_cb, &close);
  WAIT_UNTIL (close.is_done);
  g_assert_true (dgw_shard_manager_close_shard_finish (manager, close.result, &error));
  g_assert_no_error (error);
}

void
count_event_cb (DgwShardManager *manager,
                DgwGateway      *gateway,
                DgwEvent        *event,
                gpointer         user_data)
{
  guint *n_by_shard = user_data;

  g_assert_cmpuint (dgw_event_get_shard_id (event), ==, dgw_gateway_get_shard_id (gateway));
  n_by_shard[dgw_gateway_get_shard_id (gateway)]++;
}
