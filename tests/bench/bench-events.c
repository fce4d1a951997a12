/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU time of a whole process per event, from the socket to `event` handlers. */
#include "config.h"

#include <dgw.h>

#include "bench-cpu-private.h"

typedef struct
{
  GMainLoop *loop;
  guint      n_events;
  guint      wanted;
  gint64     start_us;
} Bench;

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          Bench      *self)
{
  /* The first is READY. */
  if (++self->n_events == 2)
    self->start_us = bench_cpu_us ();
  if (self->n_events == self->wanted + 1)
    g_main_loop_quit (self->loop);
}

static void
failed_cb (DgwGateway *gateway,
           GError     *error,
           Bench      *self)
{
  g_error ("%s", error->message);
}

int
main (int    argc,
      char **argv)
{
  Bench bench = {0};
  g_autoptr (DgwGateway) gateway = NULL;
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_COMPRESSION);

  if (argc != 4)
    g_error ("usage: bench-events URL none|zlib-stream|zstd-stream EVENTS");

  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.wanted = (guint)g_ascii_strtoull (argv[3], NULL, 10);
  gateway = dgw_gateway_new ("bench", DGW_INTENTS_ALL);
  g_object_set (gateway, "url", argv[1], "compression", g_enum_get_value_by_nick (klass, argv[2])->value, NULL);
  g_signal_connect (gateway, "event", G_CALLBACK (event_cb), &bench);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), &bench);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (bench.loop);

  g_print ("%.3f\n", (double)(bench_cpu_us () - bench.start_us) / bench.wanted);
  g_main_loop_unref (bench.loop);
  return 0;
}
