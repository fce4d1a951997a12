/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several gateways through one proxy that cuts them all the time, while their
 * applications send commands, ask for members, keep what they are given, and
 * drop gateways at any moment. */
#include "config.h"

#include "chaos-world.h"

#include <string.h>

#define RATE    60
#define GUILD   "900000000000000000"
#define N_KEPT  64
#define N_LIVES 24 /* gateways that live a short life, at a time */

typedef struct
{
  DgwMessage *message;
  char       *text; /* what it said when it came */
} Keepsake;

typedef struct
{
  World      *world;
  FaultDoor  *door;
  DgwGateway *gateway;
  Account     account;
  guint       n_begun;
  guint       n_ended;
  Keepsake    kept[N_KEPT];
  guint       n_kept;
  GRand      *random;
} Shard;

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Shard *self = user_data;

  g_assert_cmpuint (self->n_ended, <, self->n_begun);
  self->n_ended++;
}

static void
arm (Shard *self)
{
  static const FaultKind kinds[] = {FAULT_END, FAULT_RESET, FAULT_END, FAULT_RESET, FAULT_FREEZE};
  Fault                  fault = {.kind = kinds[g_rand_int_range (self->random, 0, G_N_ELEMENTS (kinds))]};

  /* Two of three die stable, so that the next comes soon. */
  if (g_rand_int_range (self->random, 0, 3) > 0)
    fault.after_ms = (guint)g_rand_int_range (self->random, 1100, 1600);
  else
    fault.at = (guint64)g_rand_int_range (self->random, 0, 40000);
  fault.latency_us = (guint)g_rand_int_range (self->random, 0, 3000);
  fault.piece = g_rand_boolean (self->random) ? 0 : (guint)g_rand_int_range (self->random, 1, 500);
  fault_door_arm (self->door, &fault);
}

static void
keep_cb (DgwGateway *gateway,
         DgwMessage *message,
         gpointer    user_data)
{
  Shard    *self = user_data;
  Keepsake *place = &self->kept[self->n_kept++ % N_KEPT];

  if (place->message != NULL)
    g_assert_cmpstr (dgw_message_get_content (place->message), ==, place->text);
  g_set_object (&place->message, message);
  g_free (place->text);
  place->text = g_strdup (dgw_message_get_content (message));
}

/* Commands when the connection has just gone, so that they wait, and some are cut. */
static void
lost_cb (DgwGateway *gateway,
         guint       code,
         const char *reason,
         gboolean    will_reconnect,
         gpointer    user_data)
{
  Shard *self = user_data;
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_prefix (GUILD, "", 3);
  g_autoptr (DgwPresence) presence = dgw_presence_new ();

  if (!will_reconnect)
    return;

  arm (self);
  self->n_begun += 3;
  dgw_gateway_request_guild_members_async (gateway, query, NULL, ended_cb, self);
  dgw_gateway_update_presence_async (gateway, presence, NULL, ended_cb, self);
  dgw_gateway_update_voice_state_async (gateway, GUILD, NULL, DGW_VOICE_STATE_FLAGS_NONE, NULL, ended_cb, self);
}

static void
resumed_cb (DgwGateway *gateway,
            DgwEvent   *event,
            gpointer    user_data)
{
  Shard *self = user_data;
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_prefix (GUILD, "", 3);

  self->n_begun++;
  dgw_gateway_request_guild_members_async (gateway, query, NULL, ended_cb, self);
}

static void
start_shard (Shard *self,
             World *world,
             guint  number)
{
  self->world = world;
  self->random = g_rand_new_with_seed (number);
  self->door = fault_proxy_add_door (world->proxy);
  self->gateway = world_make_gateway (world, self->door, number % 4);
  self->account.name = "storm";
  g_object_set (self->gateway, "connect-timeout", 4000, "hello-timeout", 4000, "ready-timeout", 4000, "resume-timeout", 4000, NULL);
  account_watch (&self->account, self->gateway);
  g_signal_connect (self->gateway, "message-create", G_CALLBACK (keep_cb), self);
  g_signal_connect (self->gateway, "disconnected", G_CALLBACK (lost_cb), self);
  g_signal_connect (self->gateway, "resumed", G_CALLBACK (resumed_cb), self);
  arm (self);
  self->n_begun++;
  dgw_gateway_open_async (self->gateway, NULL, ended_cb, self);
}

static void
close_shard (Shard *self)
{
  g_signal_handlers_disconnect_by_func (self->gateway, lost_cb, self);
  self->n_begun++;
  dgw_gateway_close_async (self->gateway, NULL, ended_cb, self);
}

static void
end_shard (Shard *self)
{
  gpointer watched = self->gateway;

  WAIT_UNTIL (self->n_ended == self->n_begun);
  g_object_add_weak_pointer (G_OBJECT (self->gateway), &watched);
  g_object_unref (self->gateway);
  WAIT_UNTIL (watched == NULL);
  for (guint i = 0; i < N_KEPT; i++)
    if (self->kept[i].message != NULL)
      {
        g_assert_cmpstr (dgw_message_get_content (self->kept[i].message), ==, self->kept[i].text);
        g_object_unref (self->kept[i].message);
        g_free (self->kept[i].text);
      }
  g_rand_free (self->random);
}

static guint
count_disconnects (Shard *shards,
                   guint  n_shards)
{
  guint count = 0;

  for (guint i = 0; i < n_shards; i++)
    count += shards[i].account.n_disconnected;

  return count;
}

static void
test_storm (gconstpointer data)
{
  const guint       n_shards = chaos_scale (6, 30, 60);
  const guint       n_wanted = chaos_scale (12, 60, 1000);
  World            *world = world_new (GPOINTER_TO_INT (data), "heartbeat-interval", 1500, "command-limit", 100000, NULL);
  g_autofree Shard *shards = g_new0 (Shard, n_shards);
  guint64           n_events = 0;
  guint64           n_commands = 0;

  g_test_summary ("Cut all the time, each event comes once, each command ends once, and what was kept stays as it was");
  world_start_traffic (world, RATE, 0);
  for (guint i = 0; i < n_shards; i++)
    start_shard (&shards[i], world, i);
  WAIT_UNTIL (count_disconnects (shards, n_shards) >= n_wanted);
  for (guint i = 0; i < n_shards; i++)
    close_shard (&shards[i]);
  for (guint i = 0; i < n_shards; i++)
    {
      g_assert_cmpuint (shards[i].account.n_failed, ==, 0);
      end_shard (&shards[i]);
      n_events += shards[i].account.n_events;
      n_commands += shards[i].n_ended;
    }
  chaos_count (fault_proxy_count_all (world->proxy), "faults injected");
  chaos_count (count_disconnects (shards, n_shards), "disconnects");
  chaos_count (n_events, "events accounted for");
  chaos_count (n_commands, "commands accounted for");
  world_free (world);
}

typedef struct
{
  gpointer watched;
  guint    n_begun;
  guint    n_ended;
} Life;

typedef struct
{
  World     *world;
  FaultDoor *door;
  GRand     *random;
  Life       lives[N_LIVES];
  guint      n_lived;
} Crowd;

static void
life_ended_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Life *self = user_data;

  self->n_ended++;
}

typedef struct
{
  DgwGateway   *gateway;
  GCancellable *cancellable;
  Life         *life;
  guint         way;
} Death;

static gboolean
die_cb (gpointer user_data)
{
  Death *death = user_data;

  g_cancellable_cancel (death->cancellable);
  death->life->n_begun += death->way % 3 > 0 ? 1 : 0;
  if (death->way % 3 == 1)
    dgw_gateway_close_async (death->gateway, NULL, life_ended_cb, death->life);
  else if (death->way % 3 == 2)
    dgw_gateway_suspend_async (death->gateway, NULL, life_ended_cb, death->life);
  g_object_unref (death->gateway);
  g_object_unref (death->cancellable);
  g_free (death);

  return G_SOURCE_REMOVE;
}

static void
begin_life (Crowd *crowd,
            Life  *life)
{
  Death *death = g_new0 (Death, 1);
  Fault  fault = {.kind = g_rand_boolean (crowd->random) ? FAULT_RESET : FAULT_NONE,
                  .at = (guint64)g_rand_int_range (crowd->random, 0, 4000)};

  *life = (Life){.n_begun = 1};
  death->gateway = world_make_gateway (crowd->world, crowd->door, crowd->n_lived % 4);
  death->cancellable = g_cancellable_new ();
  death->life = life;
  death->way = crowd->n_lived++;
  life->watched = death->gateway;
  g_object_add_weak_pointer (G_OBJECT (death->gateway), &life->watched);
  fault_door_arm (crowd->door, &fault);
  dgw_gateway_open_async (death->gateway, death->cancellable, life_ended_cb, life);
  g_timeout_add ((guint)g_rand_int_range (crowd->random, 0, 60), die_cb, death);
}

static gboolean
have_all_lived (Crowd *crowd,
                guint  n_wanted)
{
  gboolean is_over = TRUE;

  for (guint i = 0; i < N_LIVES; i++)
    {
      Life *life = &crowd->lives[i];

      if (life->watched == NULL && life->n_ended == life->n_begun && crowd->n_lived < n_wanted)
        begin_life (crowd, life);
      is_over = is_over && life->watched == NULL && life->n_ended == life->n_begun;
    }

  return is_over;
}

static void
test_lives (gconstpointer data)
{
  const guint n_lives = chaos_scale (50, 200, 1000);
  Crowd       crowd = {.world = world_new (GPOINTER_TO_INT (data), "heartbeat-interval", 500, NULL)};
  guint       n_files;
  guint       n_threads;

  g_test_summary ("Gateways that are dropped at any moment go, and take their sockets along");
  crowd.random = g_rand_new_with_seed (1);
  crowd.door = fault_proxy_add_door (crowd.world->proxy);
  world_start_traffic (crowd.world, 0, 20);
  WAIT_UNTIL (have_all_lived (&crowd, N_LIVES));
  WAIT_UNTIL (fault_proxy_count_open (crowd.world->proxy) == 0 && world_get (crowd.world, "n-clients") == 0);
  n_files = chaos_count_files ();
  n_threads = chaos_count_threads ();
  WAIT_UNTIL (have_all_lived (&crowd, n_lives));
  WAIT_UNTIL (fault_proxy_count_open (crowd.world->proxy) == 0 && world_get (crowd.world, "n-clients") == 0);
  WAIT_UNTIL (chaos_count_files () <= n_files);
  /* GIO's pool has a few more or less. */
  g_assert_cmpuint (chaos_count_threads (), <=, n_threads + 10);
  chaos_count (crowd.n_lived, "gateways dropped");
  g_rand_free (crowd.random);
  world_free (crowd.world);
}

int
main (int    argc,
      char **argv)
{
  chaos_init (&argc, &argv);
  g_test_add_data_func ("/dgw/chaos/storm/plain", GINT_TO_POINTER (FALSE), test_storm);
  g_test_add_data_func ("/dgw/chaos/storm/lives-plain", GINT_TO_POINTER (FALSE), test_lives);
  if (chaos_can_do_tls ())
    {
      g_test_add_data_func ("/dgw/chaos/storm/tls", GINT_TO_POINTER (TRUE), test_storm);
      g_test_add_data_func ("/dgw/chaos/storm/lives-tls", GINT_TO_POINTER (TRUE), test_lives);
    }

  return g_test_run ();
}
