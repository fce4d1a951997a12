/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What stays behind after a thousand reconnects, and after an hour of traffic:
 * nothing. Client, proxy and simulator share the process, so all three are held
 * to it. */
#include "config.h"

#include "chaos-world.h"

#include <malloc.h>
#include <string.h>

#define STABLE_US (1050 * G_TIME_SPAN_MILLISECOND)
/* What an allocator keeps for later is not lost. */
#define RESIDENT_SLACK (32 * 1024 * 1024)
/* A gateway whose session is new holds so much more than one that has resumed,
 * and a busy machine mixes the two. */
#define LEFT_BY_IDENTIFY (96 * 1024)
/* What leaks grows whenever something is done again; what is on its way in the
 * moment of a look, on a busy machine, does not. */
#define MORE_TIMES 3

#define RATE       25
#define CLOSE_CODE 4000
#define EXPIRED    4009

typedef struct
{
  guint n_files;
  guint n_threads;
  gsize used;
  gsize resident;
} Footprint;

static gsize
get_resident (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  words = g_strsplit (text, " ", 3);
  return g_ascii_strtoull (words[1], NULL, 10) * 4096;
}

/* All threads but those of GIO's pool, which comes and goes as it likes. */
static guint
count_threads (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;
  guint       count = 0;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_strdup_printf ("/proc/self/task/%s/comm", name);
      g_autofree char *text = NULL;

      if (g_file_get_contents (path, &text, NULL, NULL) && !g_str_has_prefix (text, "pool-"))
        count++;
    }

  return count;
}

static Footprint
take_footprint (void)
{
  const struct mallinfo2 info = mallinfo2 ();

  return (Footprint){chaos_count_files (), count_threads (), info.uordblks + info.hblkhd, get_resident ()};
}

static void
tell_footprint (const char *when)
{
  const Footprint now = take_footprint ();

  if (g_test_verbose ())
    g_test_message ("%s: %u files, %u threads, %zu KiB in use, %zu KiB resident", when, now.n_files, now.n_threads,
                    now.used / 1024, now.resident / 1024);
}

static gboolean
has_grown (const Footprint *before,
           const Footprint *after,
           gsize            slack)
{
  if (after->n_files > before->n_files || after->n_threads > before->n_threads)
    return TRUE;

  return !chaos_is_sanitized () &&
         (after->used > before->used + slack || after->resident > before->resident + RESIDENT_SLACK);
}

static void
assert_no_growth (const Footprint *before,
                  const Footprint *after,
                  gsize            slack)
{
  g_test_message ("files %u to %u, threads %u to %u, memory in use %zu to %zu KiB, resident %zu to %zu KiB",
                  before->n_files, after->n_files, before->n_threads, after->n_threads, before->used / 1024,
                  after->used / 1024, before->resident / 1024, after->resident / 1024);
  g_assert_false (has_grown (before, after, slack));
}

typedef struct
{
  World      *world;
  DgwGateway *gateway;
  Account     account;
} Client;

typedef struct
{
  World  *worlds[2];
  Client *clients;
  guint   n_clients;
  guint   n_rounds;
} Fleet;

static gboolean
is_fleet_steady (Fleet *self)
{
  const gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->n_clients; i++)
    {
      const Account *account = &self->clients[i].account;

      if (account->n_disconnected < self->n_rounds || account->live_since_us == 0 || now_us - account->live_since_us < STABLE_US)
        return FALSE;
    }

  return TRUE;
}

static void
drop_all (DgwTestingSimulator *simulator,
          gpointer             user_data)
{
  dgw_testing_simulator_drop_clients (simulator);
}

static void
reset_all (DgwTestingSimulator *simulator,
           gpointer             user_data)
{
  dgw_testing_simulator_cut_clients (simulator, DGW_TESTING_CUT_RESET);
}

static void
close_all (DgwTestingSimulator *simulator,
           gpointer             user_data)
{
  dgw_testing_simulator_close_clients (simulator, CLOSE_CODE, "");
}

static void
expire_all (DgwTestingSimulator *simulator,
            gpointer             user_data)
{
  dgw_testing_simulator_close_clients (simulator, EXPIRED, "");
}

static void
send_away_all (DgwTestingSimulator *simulator,
               gpointer             user_data)
{
  dgw_testing_simulator_request_reconnect (simulator);
}

static void
run_round (Fleet *self)
{
  static const WorldFunc ends[] = {expire_all, drop_all, reset_all, expire_all, send_away_all, close_all};

  for (guint i = 0; i < G_N_ELEMENTS (self->worlds); i++)
    world_call (self->worlds[i], ends[self->n_rounds % G_N_ELEMENTS (ends)], NULL);
  self->n_rounds++;
  WAIT_UNTIL (is_fleet_steady (self));
  tell_footprint ("after a round");
}

/* Identifies leave more with a gateway than resumes do, until the next: what
 * counts is the least of some rounds. */
static Footprint
run_rounds (Fleet *self,
            guint  n_rounds)
{
  Footprint least = {0};

  for (guint i = 0; i < n_rounds; i++)
    {
      Footprint now;

      run_round (self);
      now = take_footprint ();
      if (i > 0)
        {
          now.used = MIN (now.used, least.used);
          now.resident = MIN (now.resident, least.resident);
        }
      least = now;
    }

  return least;
}

static void
open_client (Client *client,
             World  *world,
             guint   number)
{
  client->world = world;
  client->gateway = world_make_gateway (world, fault_proxy_add_door (world->proxy), number % 4);
  client->account.name = "endurance";
  account_watch (&client->account, client->gateway);
  dgw_gateway_open_async (client->gateway, NULL, NULL, NULL);
}

static void
test_reconnects (void)
{
  const guint n_cycle = chaos_scale (3, 3, 6);
  const guint n_cycles = chaos_scale (1, 1, 2);
  guint64     n_events = 0;
  guint64     n_reconnects = 0;
  Fleet       fleet = {.n_clients = chaos_scale (8, 60, 80)};
  gsize       slack;
  Footprint   before;
  Footprint   after = {0};

  g_test_summary ("Resumes and identifies, plain and with TLS, leave no memory, file or thread behind");
  for (guint i = 0; i < G_N_ELEMENTS (fleet.worlds); i++)
    {
      fleet.worlds[i] = world_new (i == 1, "replay-limit", 200, NULL);
      world_start_traffic (fleet.worlds[i], RATE, 0);
    }
  fleet.clients = g_new0 (Client, fleet.n_clients);
  slack = fleet.n_clients * LEFT_BY_IDENTIFY;
  for (guint i = 0; i < fleet.n_clients; i++)
    open_client (&fleet.clients[i], fleet.worlds[i % 2], i / 2);
  WAIT_UNTIL (is_fleet_steady (&fleet));
  before = run_rounds (&fleet, n_cycle);
  for (guint i = 0; i < n_cycles || (i < n_cycles + MORE_TIMES && has_grown (&before, &after, slack)); i++)
    after = run_rounds (&fleet, n_cycle);
  assert_no_growth (&before, &after, slack);

  for (guint i = 0; i < fleet.n_clients; i++)
    {
      Client *client = &fleet.clients[i];

      g_assert_cmpuint (client->account.n_failed, ==, 0);
      n_events += client->account.n_events;
      n_reconnects += client->account.n_ready + client->account.n_resumed - 1;
      account_unwatch (&client->account, client->gateway);
      gateway_finish (client->gateway);
    }
  g_assert_cmpuint (n_reconnects, >=, fleet.n_rounds * fleet.n_clients);
  chaos_count (n_reconnects, "disconnects");
  chaos_count (n_events, "events accounted for");
  for (guint i = 0; i < G_N_ELEMENTS (fleet.worlds); i++)
    world_free (fleet.worlds[i]);
  g_free (fleet.clients);
}

static void
read_cb (DgwGateway *gateway,
         DgwMessage *message,
         gpointer    user_data)
{
  guint64 *n_read = user_data;

  g_assert_nonnull (dgw_message_get_content (message));
  g_assert_nonnull (dgw_user_get_username (dgw_message_get_author (message)));
  *n_read += 1;
}

static guint64
count_events (Client *clients,
              guint   n_clients)
{
  guint64 n_events = 0;

  for (guint i = 0; i < n_clients; i++)
    n_events += clients[i].account.n_events;

  return n_events;
}

/* The generator counts from 0 again each time; what is on its way at the end is nothing. */
static void
run_leg (World  *world,
         Client *clients,
         guint   n_clients,
         guint   n_each)
{
  guint64 wanted = count_events (clients, n_clients) + n_each * n_clients;

  for (guint i = 0; i < n_clients; i++)
    clients[i].account.next = 0;
  world_start_traffic (world, 0, n_each);
  WAIT_UNTIL (count_events (clients, n_clients) >= wanted);
  tell_footprint ("after a leg");
}

static void
test_hour (void)
{
  const guint n_leg = chaos_scale (500, 2000, 15000); /* large: 100 a second for an hour, by four, in six legs */
  const guint n_legs = 6;
  World      *world = world_new (FALSE, "replay-limit", 200, NULL);
  Client      clients[4] = {{NULL}};
  guint64     n_read = 0;
  const gsize slack = chaos_scale (4096, 4096, 512) * 1024; /* buffers grow to what was ever needed */
  guint       n_done = 0;
  Footprint   before;
  Footprint   after = {0};

  g_test_summary ("An hour's events, as fast as they go: memory is flat after half of them");
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      open_client (&clients[i], world, i);
      g_signal_connect (clients[i].gateway, "message-create", G_CALLBACK (read_cb), &n_read);
      WAIT_UNTIL (clients[i].account.n_ready == 1);
    }
  for (; n_done < n_legs / 2; n_done++)
    run_leg (world, clients, G_N_ELEMENTS (clients), n_leg);
  before = take_footprint ();
  for (; n_done < n_legs || (n_done < n_legs + MORE_TIMES && has_grown (&before, &after, slack)); n_done++)
    {
      run_leg (world, clients, G_N_ELEMENTS (clients), n_leg);
      after = take_footprint ();
    }
  assert_no_growth (&before, &after, slack);

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      g_assert_cmpuint (clients[i].account.n_disconnected, ==, 0);
      account_unwatch (&clients[i].account, clients[i].gateway);
      gateway_finish (clients[i].gateway);
    }
  g_assert_cmpuint (n_read, >, 0);
  chaos_count (n_leg * n_done * G_N_ELEMENTS (clients), "events accounted for");
  world_free (world);
}

int
main (int    argc,
      char **argv)
{
  chaos_init (&argc, &argv);
  g_test_add_func ("/dgw/chaos/endurance/reconnects", test_reconnects);
  g_test_add_func ("/dgw/chaos/endurance/hour", test_hour);

  return g_test_run ();
}
