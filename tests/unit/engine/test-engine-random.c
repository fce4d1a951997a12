/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-rig.h"

#include <string.h>

/* Any input at any time, sensible or not, and what must hold whatever comes.
 * The seed is fixed: what fails once fails again. */

#define N_INPUTS      200000
#define N_INPUTS_SLOW 20000 /* under valgrind and sanitizers */
#define SEED          20261122

typedef struct
{
  Rig        *rig;
  GRand      *rand;
  DgwStatus   status;      /* as announced */
  gboolean    has_attempt; /* LOOKUP or CONNECT went out, DISCONNECTED did not */
  gboolean    is_looking;  /* the last of the two was LOOKUP */
  gboolean    is_running;  /* started, neither STOPPED nor FAILED */
  gboolean    wants_permit;
  gboolean    was_closed; /* CLOSE or DROP went out on this connection */
  guint       n_logins;   /* identifies and resumes on this connection */
  gboolean    may_wait;   /* DISCONNECTED said that a reconnect follows, or RECONNECTING did */
  guint64     next_id;
  GHashTable *waiting; /* ids without COMMAND_DONE */
  gint64      sequence;
  guint       n_reached[DGW_STATUS_DISCONNECTED + 1];
} World;

static guint64
new_id (World *world)
{
  guint64 id = ++world->next_id;

  g_hash_table_add (world->waiting, g_memdup2 (&id, sizeof id));

  return id;
}

static void
check_send (World      *world,
            const char *text)
{
  gboolean is_login = g_str_has_prefix (text, "{\"op\":2,") || g_str_has_prefix (text, "{\"op\":6,");
  gboolean is_beat = g_str_has_prefix (text, "{\"op\":1,");

  g_assert_true (world->has_attempt);
  g_assert_false (world->was_closed);
  g_assert_cmpuint (strlen (text), <=, 4096);
  if (is_login)
    g_assert_cmpuint (++world->n_logins, ==, 1);
  else
    g_assert_null (strstr (text, RIG_TOKEN));
  if (!is_login && !is_beat) /* commands come after the login only */
    g_assert_true (world->n_logins == 1 && world->status == DGW_STATUS_READY);
}

static void
check_for_link (World           *world,
                const DgwAction *action)
{
  switch ((guint)action->kind)
    {
    case DGW_ACTION_LOOKUP:
      g_assert_true (world->is_running && !world->has_attempt);
      world->has_attempt = world->is_looking = TRUE;
      break;
    case DGW_ACTION_CONNECT:
      g_assert_true (world->is_running && (!world->has_attempt || world->is_looking));
      world->has_attempt = TRUE;
      world->is_looking = FALSE;
      world->was_closed = FALSE;
      world->n_logins = 0;
      break;
    case DGW_ACTION_SEND:
      check_send (world, action->text);
      break;
    case DGW_ACTION_CLOSE:
      g_assert_true (world->has_attempt && !world->was_closed);
      world->was_closed = TRUE;
      break;
    case DGW_ACTION_DROP:
      world->was_closed = TRUE;
      break;
    case DGW_ACTION_WANT_PERMIT:
      g_assert_false (world->wants_permit);
      world->wants_permit = TRUE;
      break;
    case DGW_ACTION_END_PERMIT:
      g_assert_true (world->wants_permit);
      world->wants_permit = FALSE;
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
check_end (World *world)
{
  g_assert_true (world->status == DGW_STATUS_UNCONNECTED && !world->has_attempt && !world->wants_permit);
  g_assert_cmpuint (g_hash_table_size (world->waiting), ==, 0);
  g_assert_cmpint (dgw_engine_get_deadline (world->rig->engine), ==, G_MAXINT64);
  world->is_running = FALSE;
}

static void
check_disconnected (World           *world,
                    const DgwAction *action)
{
  /* An address that is refused ends an attempt before it was made. */
  world->has_attempt = FALSE;
  world->is_looking = FALSE;
  world->may_wait = action->end.will_reconnect;
  g_assert_nonnull (action->end.reason);
}

static void
check_for_application (World           *world,
                       const DgwAction *action)
{
  switch ((guint)action->kind)
    {
    case DGW_ACTION_STATUS:
      g_assert_cmpint (action->status, !=, world->status);
      g_assert_true (action->status != DGW_STATUS_DISCONNECTED || world->may_wait);
      world->status = action->status;
      world->n_reached[action->status]++;
      break;
    case DGW_ACTION_DISPATCH:
      g_assert_nonnull (action->dispatch.name);
      g_assert_true (world->n_logins == 1 && !world->was_closed);
      break;
    case DGW_ACTION_DISCONNECTED:
      check_disconnected (world, action);
      break;
    case DGW_ACTION_RECONNECTING:
      g_assert_cmpint (world->status, ==, DGW_STATUS_DISCONNECTED);
      g_assert_cmpuint (action->retry.attempt, >, 0);
      break;
    case DGW_ACTION_ERROR:
      g_assert_true (action->error == NULL || strstr (action->error->message, RIG_TOKEN) == NULL);
      break;
    case DGW_ACTION_COMMAND_DONE:
      g_assert_true (g_hash_table_remove (world->waiting, &action->command.id));
      break;
    case DGW_ACTION_FAILED:
      g_assert_nonnull (action->error);
      check_end (world);
      break;
    case DGW_ACTION_STOPPED:
      check_end (world);
      break;
    default: /* SESSION, HELLO, ACKED, INVALIDATED: nothing to hold them to */
      break;
    }
}

static void
check_actions (World *world)
{
  DgwAction action;

  while (dgw_engine_pop_action (world->rig->engine, &action))
    {
      if (DGW_ACTION_IS_FOR_LINK (action.kind))
        check_for_link (world, &action);
      else
        check_for_application (world, &action);
      dgw_action_clear (&action);
    }

  g_assert_cmpint (dgw_engine_get_status (world->rig->engine), ==, world->status);
}

static void
feed_frame (World *world)
{
  const char *const odd[] = {
    "{\"op\":1}", "{\"op\":7,\"d\":null}", "{\"op\":9,\"d\":true}", "{\"op\":9,\"d\":false}", "{\"op\":11}", "{\"op\":11}", "{\"op\":11}",
    "{\"op\":10,\"d\":{\"heartbeat_interval\":0}}", "{\"op\":99}", "{\"op\":0}", "{\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":7}", "{", "[]",
    "{\"op\":0,\"t\":\"X\",\"s\":9223372036854775807}", "{\"op\":0,\"t\":\"X\",\"s\":-3}", "{\"op\":4294967296}"};

  rig_frame (world->rig, odd[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (odd))]);
}

/* What a well-behaved server would do next. */
static void
feed_sensible (World *world)
{
  Rig *rig = world->rig;

  switch (world->status)
    {
    case DGW_STATUS_UNCONNECTED:
      world->is_running = TRUE;
      dgw_engine_start (rig->engine, rig->now_us);
      break;
    case DGW_STATUS_CONNECTING:
      if (world->is_looking)
        rig_answer (rig, RIG_MAIN, 5);
      else
        dgw_engine_opened (rig->engine, rig->now_us);
      break;
    case DGW_STATUS_WAITING_FOR_HELLO:
      rig_hello (rig, g_rand_int_range (world->rand, 10, 60000));
      break;
    case DGW_STATUS_IDENTIFYING:
      if (g_rand_int_range (world->rand, 0, 10) > 0)
        dgw_engine_permit_granted (rig->engine, rig->now_us);
      else
        dgw_engine_permit_denied (rig->engine, NULL, rig->now_us);
      break;
    case DGW_STATUS_WAITING_FOR_READY:
      world->sequence = 1;
      rig_ready (rig, "S1", world->sequence);
      break;
    case DGW_STATUS_RESUMING:
      rig_resumed (rig, ++world->sequence);
      break;
    case DGW_STATUS_DISCONNECTED:
      dgw_engine_release (rig->engine, rig->now_us);
      break;
    case DGW_STATUS_READY:
    default:
      rig_dispatch (rig, "MESSAGE_CREATE", ++world->sequence);
      break;
    }
}

static void
feed_transport (World *world)
{
  const guint codes[] = {0, 1000, 1001, 1005, 1006, 4000, 4002, 4003, 4004, 4007, 4008, 4009, 4014, 4999};
  const guint statuses[] = {0, 0, 0, 401, 403, 429, 503};
  Rig        *rig = world->rig;

  switch (g_rand_int_range (world->rand, 0, 5))
    {
    case 0:
      dgw_engine_opened (rig->engine, rig->now_us);
      break;
    case 1:
      rig_answer (rig, g_rand_boolean (world->rand) ? RIG_MAIN : "ws://example.org", g_rand_int_range (world->rand, 0, 3));
      break;
    case 2:
      rig_connect_failed (rig, statuses[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (statuses))]);
      break;
    case 3:
      dgw_engine_looked_up (rig->engine, NULL, statuses[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (statuses))], -1, NULL, rig->now_us);
      break;
    default:
      rig_closed (rig, codes[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (codes))]);
      break;
    }
}

static void
feed_application (World *world)
{
  Rig *rig = world->rig;

  switch (g_rand_int_range (world->rand, 0, 12))
    {
    case 0:
      dgw_engine_stop (rig->engine, g_rand_int_range (world->rand, 0, 3), g_rand_boolean (world->rand) ? 1000 : 4000, "bye", rig->now_us);
      break;
    case 1:
      world->is_running = TRUE;
      dgw_engine_start (rig->engine, rig->now_us);
      break;
    case 2:
      dgw_engine_hold (rig->engine, rig->now_us);
      break;
    case 3:
      dgw_engine_release (rig->engine, rig->now_us);
      break;
    case 4:
      rig->options.intents = g_rand_int_range (world->rand, 0, 2);
      rig->options.auto_reconnect = g_rand_int_range (world->rand, 0, 8) > 0;
      rig->options.external_permits = g_rand_boolean (world->rand);
      rig->options.deaf_timeout_ms = g_rand_boolean (world->rand) ? 50000 : 0;
      g_free (rig->options.url);
      rig->options.url = g_rand_boolean (world->rand) ? g_strdup (RIG_MAIN) : NULL;
      rig_set_options (rig);
      break;
    case 5:
    case 6:
      dgw_engine_set_presence (rig->engine, new_id (world), g_rand_boolean (world->rand) ? "{\"status\":\"idle\"}" : NULL, rig->now_us);
      break;
    case 7:
      dgw_engine_cancel_command (rig->engine, g_rand_int_range (world->rand, 0, (gint32)world->next_id + 2), rig->now_us);
      break;
    default:
      dgw_engine_command (rig->engine, new_id (world), g_rand_int_range (world->rand, 2, 9), "{\"a\":1}", rig->now_us);
      break;
    }
}

static void
feed_time (World *world)
{
  Rig   *rig = world->rig;
  gint64 deadline_us = dgw_engine_get_deadline (rig->engine);

  if (deadline_us != G_MAXINT64 && g_rand_boolean (world->rand))
    rig->now_us = MAX (rig->now_us, deadline_us);
  else
    rig->now_us += (gint64)(g_rand_double (world->rand) * g_rand_double (world->rand) * 3 * SECOND);
  if (g_rand_int_range (world->rand, 0, 500) == 0)
    rig->now_us += 7200 * SECOND;

  dgw_engine_tick (rig->engine, rig->now_us);
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), >, rig->now_us);
}

static void
feed (World *world)
{
  gint32 choice = g_rand_int_range (world->rand, 0, 100);

  if (choice < 55)
    feed_sensible (world);
  else if (choice < 75)
    feed_time (world);
  else if (choice < 85)
    feed_application (world);
  else if (choice < 93)
    feed_frame (world);
  else if (choice < 96)
    feed_transport (world);
  else
    rig_ack (world->rig);
}

static void
test_random (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GHashTable) waiting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint          n_inputs = g_getenv ("DGW_TEST_SLOW") ? N_INPUTS_SLOW : N_INPUTS;
  World          world = {.rig = rig, .rand = g_rand_new_with_seed (SEED), .waiting = waiting};
  DgwEngineStats stats;

  g_test_summary ("DIS-05, B7, C15, ID-01, ID-11, ID-14: whatever comes, in whatever order: one attempt at a time, "
                  "one login on each, nothing after the end, every call answered");
  for (guint i = 0; i < n_inputs; i++)
    {
      feed (&world);
      check_actions (&world);
    }

  for (guint status = 0; status <= DGW_STATUS_DISCONNECTED; status++)
    g_assert_cmpuint (world.n_reached[status], >, n_inputs / 2000);
  dgw_engine_get_stats (rig->engine, &stats);
  g_assert_cmpuint (stats.resumes_won, >, n_inputs / 2000);
  for (guint cause = 0; cause < DGW_N_CAUSES; cause++)
    g_assert_cmpuint (stats.reconnects[cause], >, 0);

  g_rand_free (world.rand);
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
