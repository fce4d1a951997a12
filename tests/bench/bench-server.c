/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A simulator that waits for orders on its standard input:
 *   flood COUNT      to each session so many events, as fast as they are read
 *   pace RATE COUNT  RATE events a second, each to another of the shards 0 to
 *                    COUNT - 1 */
#include "config.h"

#include <dgw-testing.h>
#include <glib-unix.h>
#include <stdio.h>

#include "bench-limit-private.h"

/* Next to each other in time, far from each other in number. */
#define STRIDE 617

#define EVENT                                                                                 \
  "{\"id\":\"%" G_GUINT64_FORMAT "\",\"guild_id\":\"%" G_GUINT64_FORMAT "\","                 \
  "\"channel_id\":\"900000000000000007\",\"type\":0,\"content\":\"Number %" G_GUINT64_FORMAT  \
  " of the messages that come one by one\",\"mentions\":[],\"attachments\":[],\"embeds\":[]," \
  "\"author\":{\"id\":\"900000000000000008\",\"username\":\"someone\",\"avatar\":null},"      \
  "\"timestamp\":\"2026-01-01T00:00:00.000000+00:00\",\"edited_timestamp\":null,\"tts\":false}"

typedef struct
{
  GMainLoop           *loop;
  DgwTestingSimulator *simulator;
  gint64               start_us;
  double               rate;
  guint64              n_shards;
  guint64              n_sent;
} Server;

static gboolean
pace_cb (gpointer user_data)
{
  Server       *self = user_data;
  const guint64 due = (guint64)((double)(g_get_monotonic_time () - self->start_us) * self->rate / G_USEC_PER_SEC);

  if (self->n_sent < due)
    {
      const guint64    guild = (++self->n_sent * STRIDE % self->n_shards) << 22;
      g_autofree char *text = g_strdup_printf (EVENT, self->n_sent, guild, self->n_sent);

      dgw_testing_simulator_dispatch_text (self->simulator, "MESSAGE_CREATE", text);
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
order_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  Server *self = user_data;
  char    line[80];
  guint   count;

  if (fgets (line, sizeof line, stdin) == NULL)
    {
      g_main_loop_quit (self->loop);
      return G_SOURCE_REMOVE;
    }

  if (sscanf (line, "flood %u", &count) == 1)
    {
      dgw_testing_simulator_start_traffic (self->simulator, DGW_TESTING_PROFILE_CHAT, 0, count, 1);
    }
  else if (sscanf (line, "pace %lf %" G_GUINT64_FORMAT, &self->rate, &self->n_shards) == 2)
    {
      self->start_us = g_get_monotonic_time ();
      g_timeout_add (1, pace_cb, self);
    }

  return G_SOURCE_CONTINUE;
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  if (!dgw_testing_simulator_start_finish (DGW_TESTING_SIMULATOR (source), result, &error))
    g_error ("%s", error->message);
  g_print ("%s\n", dgw_testing_simulator_get_url (DGW_TESTING_SIMULATOR (source)));
  fflush (stdout);
}

int
main (int    argc,
      char **argv)
{
  Server server = {.loop = g_main_loop_new (NULL, FALSE), .simulator = dgw_testing_simulator_new ()};

  if (argc != 2)
    g_error ("usage: bench-server HEARTBEAT-INTERVAL");

  bench_raise_limit ();
  g_object_set (server.simulator, "heartbeat-interval", (guint)g_ascii_strtoull (argv[1], NULL, 10), "route-guilds", TRUE, NULL);
  dgw_testing_simulator_start_async (server.simulator, NULL, started_cb, NULL);
  g_unix_fd_add (0, G_IO_IN | G_IO_HUP, order_cb, &server);
  g_main_loop_run (server.loop);
  g_object_unref (server.simulator);
  g_main_loop_unref (server.loop);
  return 0;
}
