/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The shards of a manager, in a process of their own. Prints how long it took
 * until all were ready, in seconds, and what each holds of resident memory, in
 * KiB. Then
 *   idle SECONDS  the CPU time of so many seconds, in percent of one core,
 *   events COUNT  the CPU time of so many events, after those that warm up, each
 *                 in microseconds. */
#include "config.h"

#include <dgw.h>
#include <stdio.h>
#include <unistd.h>

#include "bench-cpu-private.h"
#include "bench-limit-private.h"

#define CONCURRENCY 16
#define WINDOW_MS   50
/* What opening leaves to be done. */
#define SETTLE_MS 1000
/* Two for each of a thousand shards: what is made at a shard's first event is
 * not what an event costs. */
#define WARM_UP 2000

typedef struct
{
  GMainLoop *loop;
  gboolean   is_ready;
  guint      n_events;
  guint      n_wanted;
  gint64     start_us;
} Bench;

static gint64
resident_bytes (void)
{
  g_autofree char *text = NULL;
  long             pages;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) || sscanf (text, "%*d %ld", &pages) != 1)
    g_error ("cannot read /proc/self/statm");
  return (gint64)pages * sysconf (_SC_PAGESIZE);
}

static void
event_cb (DgwShardManager *manager,
          DgwGateway      *gateway,
          DgwEvent        *event,
          gpointer         user_data)
{
  Bench *self = user_data;

  if (!self->is_ready)
    return;
  if (++self->n_events == WARM_UP)
    self->start_us = bench_cpu_us ();
  if (self->n_events == WARM_UP + self->n_wanted)
    g_main_loop_quit (self->loop);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Bench *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!dgw_shard_manager_open_finish (DGW_SHARD_MANAGER (source), result, &error))
    g_error ("%s", error->message);
  self->is_ready = TRUE;
  g_main_loop_quit (self->loop);
}

static gboolean
over_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static void
run_for (Bench *self,
         guint  duration_ms)
{
  g_timeout_add (duration_ms, over_cb, self->loop);
  g_main_loop_run (self->loop);
}

static DgwShardManager *
make_manager (const char *url,
              guint       n_shards,
              const char *compression)
{
  DgwShardManager *manager = dgw_shard_manager_new ("bench", DGW_INTENTS_ALL);
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_COMPRESSION);
  g_autoptr (DgwIdentifyLimiter) limiter =
    g_object_new (DGW_TYPE_LOCAL_IDENTIFY_LIMITER, "max-concurrency", CONCURRENCY, "window", WINDOW_MS, NULL);

  g_object_set (manager,
                "url", url,
                "shard-count", n_shards,
                "compression", g_enum_get_value_by_nick (klass, compression)->value,
                "identify-limiter", limiter,
                NULL);

  return manager;
}

static void
open_all (Bench           *self,
          DgwShardManager *manager,
          guint            n_shards)
{
  const gint64 before = resident_bytes ();
  const gint64 start_us = g_get_monotonic_time ();
  double       seconds;

  dgw_shard_manager_open_async (manager, NULL, opened_cb, self);
  g_main_loop_run (self->loop);
  seconds = (double)(g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;
  run_for (self, SETTLE_MS);
  g_print ("%.2f %.1f\n", seconds, (double)(resident_bytes () - before) / n_shards / 1024);
  fflush (stdout);
}

static void
idle (Bench      *self,
      const char *seconds)
{
  const gint64 cpu_us = bench_cpu_us ();
  const gint64 start_us = g_get_monotonic_time ();

  run_for (self, (guint)(g_ascii_strtod (seconds, NULL) * 1000));
  g_print ("%.3f\n", 100.0 * (double)(bench_cpu_us () - cpu_us) / (double)(g_get_monotonic_time () - start_us));
}

static void
take_events (Bench      *self,
             const char *count)
{
  self->n_wanted = (guint)g_ascii_strtoull (count, NULL, 10);
  g_main_loop_run (self->loop);
  g_print ("%.3f\n", (double)(bench_cpu_us () - self->start_us) / self->n_wanted);
}

int
main (int    argc,
      char **argv)
{
  Bench bench = {.loop = g_main_loop_new (NULL, FALSE)};
  g_autoptr (DgwShardManager) manager = NULL;
  guint n_shards;

  if (argc != 6)
    g_error ("usage: bench-shards URL SHARDS none|zlib-stream|zstd-stream idle|events NUMBER");

  bench_raise_limit ();
  n_shards = (guint)g_ascii_strtoull (argv[2], NULL, 10);
  manager = make_manager (argv[1], n_shards, argv[3]);
  g_signal_connect (manager, "event", G_CALLBACK (event_cb), &bench);
  open_all (&bench, manager, n_shards);
  if (g_str_equal (argv[4], "idle"))
    idle (&bench, argv[5]);
  else
    take_events (&bench, argv[5]);

  g_main_loop_unref (bench.loop);
  return 0;
}
