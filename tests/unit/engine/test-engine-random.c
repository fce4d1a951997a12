/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-world.h"

/* Any input at any time, sensible or not, and what must hold whatever comes.
 * The seed is fixed: what fails once fails again. */

#define N_INPUTS      200000
#define N_INPUTS_SLOW 20000 /* under valgrind and sanitizers */
#define SEED          20261122

typedef struct
{
  World *world;
  GRand *rand;
} Run;

static void
feed_frame (Run *run)
{
  const char *const odd[] = {
    "{\"op\":1}", "{\"op\":7,\"d\":null}", "{\"op\":9,\"d\":true}", "{\"op\":9,\"d\":false}", "{\"op\":11}", "{\"op\":11}", "{\"op\":11}",
    "{\"op\":10,\"d\":{\"heartbeat_interval\":0}}", "{\"op\":99}", "{\"op\":0}", "{\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":7}", "{", "[]",
    "{\"op\":0,\"t\":\"X\",\"s\":9223372036854775807}", "{\"op\":0,\"t\":\"X\",\"s\":-3}", "{\"op\":4294967296}"};

  rig_frame (run->world->rig, odd[g_rand_int_range (run->rand, 0, G_N_ELEMENTS (odd))]);
}

static void
feed_transport (Run *run)
{
  const guint codes[] = {0, 1000, 1001, 1005, 1006, 4000, 4002, 4003, 4004, 4007, 4008, 4009, 4014, 4999};
  const guint statuses[] = {0, 0, 0, 401, 403, 429, 503};
  Rig        *rig = run->world->rig;

  switch (g_rand_int_range (run->rand, 0, 5))
    {
    case 0:
      dgw_engine_opened (rig->engine, rig->now_us);
      break;
    case 1:
      rig_answer (rig, g_rand_boolean (run->rand) ? RIG_MAIN : "ws://example.org", g_rand_int_range (run->rand, 0, 3));
      break;
    case 2:
      rig_connect_failed (rig, statuses[g_rand_int_range (run->rand, 0, G_N_ELEMENTS (statuses))]);
      break;
    case 3:
      dgw_engine_looked_up (rig->engine, NULL, statuses[g_rand_int_range (run->rand, 0, G_N_ELEMENTS (statuses))], -1, NULL, rig->now_us);
      break;
    default:
      rig_closed (rig, codes[g_rand_int_range (run->rand, 0, G_N_ELEMENTS (codes))]);
      break;
    }
}

static void
feed_application (Run *run)
{
  Rig *rig = run->world->rig;

  switch (g_rand_int_range (run->rand, 0, 12))
    {
    case 0:
      dgw_engine_stop (rig->engine, g_rand_int_range (run->rand, 0, 3), g_rand_boolean (run->rand) ? 1000 : 4000, "bye", rig->now_us);
      break;
    case 1:
      world_start (run->world);
      break;
    case 2:
      dgw_engine_hold (rig->engine, rig->now_us);
      break;
    case 3:
      dgw_engine_release (rig->engine, rig->now_us);
      break;
    case 4:
      rig->options.intents = g_rand_int_range (run->rand, 0, 2);
      rig->options.auto_reconnect = g_rand_int_range (run->rand, 0, 8) > 0;
      rig->options.external_permits = g_rand_boolean (run->rand);
      rig->options.deaf_timeout_ms = g_rand_boolean (run->rand) ? 50000 : 0;
      g_free (rig->options.url);
      rig->options.url = g_rand_boolean (run->rand) ? g_strdup (RIG_MAIN) : NULL;
      rig_set_options (rig);
      break;
    case 5:
    case 6:
      dgw_engine_set_presence (rig->engine, world_new_id (run->world), g_rand_boolean (run->rand) ? "{\"status\":\"idle\"}" : NULL, rig->now_us);
      break;
    case 7:
      dgw_engine_cancel_command (rig->engine, g_rand_int_range (run->rand, 0, (gint32)run->world->next_id + 2), rig->now_us);
      break;
    default:
      dgw_engine_command (rig->engine, world_new_id (run->world), g_rand_int_range (run->rand, 2, 9), "{\"a\":1}", rig->now_us);
      break;
    }
}

static void
feed_time (Run *run)
{
  Rig   *rig = run->world->rig;
  gint64 deadline_us = dgw_engine_get_deadline (rig->engine);

  if (deadline_us != G_MAXINT64 && g_rand_boolean (run->rand))
    rig->now_us = MAX (rig->now_us, deadline_us);
  else
    rig->now_us += (gint64)(g_rand_double (run->rand) * g_rand_double (run->rand) * 3 * SECOND);
  if (g_rand_int_range (run->rand, 0, 500) == 0)
    rig->now_us += 7200 * SECOND;

  dgw_engine_tick (rig->engine, rig->now_us);
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), >, rig->now_us);
}

static void
feed (Run *run)
{
  gint32 choice = g_rand_int_range (run->rand, 0, 100);

  if (choice < 55)
    world_feed_sensible (run->world, (guint)g_rand_int (run->rand));
  else if (choice < 75)
    feed_time (run);
  else if (choice < 85)
    feed_application (run);
  else if (choice < 93)
    feed_frame (run);
  else if (choice < 96)
    feed_transport (run);
  else
    rig_ack (run->world->rig);
}

static void
test_random (void)
{
  g_autoptr (World) world = world_new ();
  guint          n_inputs = g_getenv ("DGW_TEST_SLOW") ? N_INPUTS_SLOW : N_INPUTS;
  Run            run = {world, g_rand_new_with_seed (SEED)};
  DgwEngineStats stats;

  g_test_summary ("DIS-05, B7, C15, ID-01, ID-11, ID-14: whatever comes, in whatever order: one attempt at a time, "
                  "one login on each, nothing after the end, every call answered");
  for (guint i = 0; i < n_inputs; i++)
    {
      feed (&run);
      world_check_actions (world);
    }

  for (guint status = 0; status <= DGW_STATUS_DISCONNECTED; status++)
    g_assert_cmpuint (world->n_reached[status], >, n_inputs / 2000);
  dgw_engine_get_stats (world->rig->engine, &stats);
  g_assert_cmpuint (stats.resumes_won, >, n_inputs / 2000);
  for (guint cause = 0; cause < DGW_N_CAUSES; cause++)
    g_assert_cmpuint (stats.reconnects[cause], >, 0);

  g_rand_free (run.rand);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();
  g_test_add_func ("/dgw/engine/engine-random/random", test_random);

  return g_test_run ();
}
