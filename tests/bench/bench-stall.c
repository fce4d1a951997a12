/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long a GUILD_CREATE of 10 MiB keeps the application's loop from doing
 * anything else: the longest time between two turns of the loop, without what
 * the thread waited for a processor. The simulator runs in another thread. */
#include "config.h"

#include <dgw-testing.h>
#include <dgw.h>
#include <stdio.h>

#define N_MEMBERS 16000

typedef struct
{
  GMainContext        *context;
  GMainLoop           *loop;
  DgwTestingSimulator *simulator;
  GMutex               lock;
  GCond                started;
  char                *url; /* set under the lock */
} Server;

typedef struct
{
  GMainLoop *loop;
  gint64     last_turn_us; /* of get_time() */
  gint64     longest_us;
  Server    *server;
} Bench;

/* What this thread has waited for a processor. */
static gint64
get_delay (void)
{
  g_autofree char *text = NULL;
  guint64          run_ns, delay_ns = 0;

  if (g_file_get_contents ("/proc/thread-self/schedstat", &text, NULL, NULL))
    sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &run_ns, &delay_ns);

  return (gint64)(delay_ns / 1000);
}

/* Stands still while this thread could run but other threads have the
 * processors: that is their doing. */
static gint64
get_time (void)
{
  gint64 delay_us, now_us;

  do
    {
      delay_us = get_delay ();
      now_us = g_get_monotonic_time ();
    }
  while (get_delay () != delay_us);

  return now_us - delay_us;
}

/* About 640 bytes a member, as the service sends them. */
static char *
make_guild (void)
{
  GString *text = g_string_new ("{\"id\":\"900000000000000008\",\"name\":\"large\",\"members\":[");

  for (guint i = 0; i < N_MEMBERS; i++)
    {
      g_string_append_printf (text,
                              "%s{\"user\":{\"id\":\"%u\",\"username\":\"member_%u\",\"avatar\":\"%032u\",\"global_name\":\"Member %u\","
                              "\"discriminator\":\"0\",\"public_flags\":0,\"clan\":null,\"primary_guild\":null,"
                              "\"avatar_decoration_data\":null,\"collectibles\":null,\"display_name_styles\":null,\"banner\":null},"
                              "\"roles\":[\"900000000000000005\",\"900000000000000006\",\"900000000000000007\",\"900000000000000009\"],"
                              "\"nick\":null,\"avatar\":null,\"banner\":null,\"mute\":false,\"deaf\":false,\"pending\":false,\"flags\":0,"
                              "\"premium_since\":null,\"communication_disabled_until\":null,"
                              "\"joined_at\":\"2024-02-27T19:50:51.701000+00:00\"}",
                              i ? "," : "",
                              i,
                              i,
                              i,
                              i);
    }
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Server *server = user_data;
  g_autoptr (GError) error = NULL;

  if (!dgw_testing_simulator_start_finish (server->simulator, result, &error))
    g_error ("%s", error->message);
  g_mutex_lock (&server->lock);
  server->url = g_strdup (dgw_testing_simulator_get_url (server->simulator));
  g_cond_signal (&server->started);
  g_mutex_unlock (&server->lock);
}

static gpointer
serve (gpointer user_data)
{
  Server *server = user_data;

  g_main_context_push_thread_default (server->context);
  server->simulator = dgw_testing_simulator_new ();
  dgw_testing_simulator_start_async (server->simulator, NULL, started_cb, server);
  g_main_loop_run (server->loop);
  g_clear_object (&server->simulator);
  g_main_context_pop_thread_default (server->context);
  return NULL;
}

static gboolean
send_guild_cb (gpointer user_data)
{
  Server          *server = user_data;
  g_autofree char *guild = make_guild ();

  dgw_testing_simulator_dispatch_text (server->simulator, "GUILD_CREATE", guild);
  return G_SOURCE_REMOVE;
}

static gboolean
turn_cb (gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now_us = get_time ();

  bench->longest_us = MAX (bench->longest_us, now_us - bench->last_turn_us);
  bench->last_turn_us = now_us;
  return G_SOURCE_CONTINUE;
}

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          Bench      *bench)
{
  if (dgw_event_get_event_type (event) == DGW_EVENT_TYPE_READY)
    {
      bench->longest_us = 0;
      bench->last_turn_us = get_time ();
      g_main_context_invoke (bench->server->context, send_guild_cb, bench->server);
    }
  if (dgw_event_get_event_type (event) == DGW_EVENT_TYPE_GUILD_CREATE)
    g_main_loop_quit (bench->loop);
}

int
main (int    argc,
      char **argv)
{
  Server server = {0};
  Bench  bench = {0};
  g_autoptr (DgwGateway) gateway = NULL;
  GThread *thread;

  server.context = g_main_context_new ();
  server.loop = g_main_loop_new (server.context, FALSE);
  thread = g_thread_new ("simulator", serve, &server);
  g_mutex_lock (&server.lock);
  while (!server.url)
    g_cond_wait (&server.started, &server.lock);
  g_mutex_unlock (&server.lock);

  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.server = &server;
  gateway = dgw_gateway_new ("bench", DGW_INTENTS_ALL);
  dgw_gateway_set_url (gateway, server.url);
  g_signal_connect (gateway, "event", G_CALLBACK (event_cb), &bench);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  /* Always ready, so that the loop turns without rest. */
  g_idle_add_full (G_PRIORITY_DEFAULT, turn_cb, &bench, NULL);
  g_main_loop_run (bench.loop);
  turn_cb (&bench);

  g_print ("%.3f\n", (double)bench.longest_us / 1000);

  g_main_loop_quit (server.loop);
  g_thread_join (thread);
  g_main_loop_unref (server.loop);
  g_main_context_unref (server.context);
  g_main_loop_unref (bench.loop);
  g_free (server.url);
  return 0;
}
