/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CPU time of a whole process per event, from the socket to
 *   event  a handler of `event`,
 *   typed  a handler of the typed signal of each event, which reads the content
 *          and the author's name of messages,
 *   none   nowhere: there is no handler for what comes. */
#include "config.h"

#include <dgw.h>

#include "bench-cpu-private.h"

typedef struct
{
  GMainLoop  *loop;
  DgwGateway *gateway;
  guint       n_events;
  guint       wanted;
  gint64      start_us;
} Bench;

/* The first is READY. */
static void
count (Bench *self)
{
  if (++self->n_events == 2)
    self->start_us = bench_cpu_us ();
  if (self->n_events == self->wanted + 1)
    g_main_loop_quit (self->loop);
}

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          Bench      *self)
{
  count (self);
}

static void
message_cb (DgwGateway *gateway,
            DgwMessage *message,
            Bench      *self)
{
  g_assert_nonnull (dgw_message_get_content (message));
  g_assert_nonnull (dgw_user_get_username (dgw_message_get_author (message)));
  count (self);
}

static void
typed_cb (DgwGateway *gateway,
          GObject    *data,
          Bench      *self)
{
  count (self);
}

static void
connect_typed (DgwGateway *gateway,
               Bench      *self)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_EVENT_TYPE);

  for (guint i = 0; i < klass->n_values; i++)
    if (klass->values[i].value == DGW_EVENT_TYPE_MESSAGE_CREATE)
      g_signal_connect (gateway, "message-create", G_CALLBACK (message_cb), self);
    else if (klass->values[i].value != DGW_EVENT_TYPE_UNKNOWN)
      g_signal_connect (gateway, klass->values[i].value_nick, G_CALLBACK (typed_cb), self);
}

static void
ready_cb (DgwGateway *gateway,
          GObject    *ready,
          Bench      *self)
{
  self->start_us = bench_cpu_us ();
}

/* Nobody hears the events; the gateway counts them. */
static gboolean
look_cb (gpointer user_data)
{
  Bench *self = user_data;
  g_autoptr (DgwMetrics) metrics = dgw_gateway_dup_metrics (self->gateway);

  if (dgw_metrics_get_events (metrics) > self->wanted)
    g_main_loop_quit (self->loop);

  return G_SOURCE_CONTINUE;
}

static void
connect_handlers (DgwGateway *gateway,
                  const char *mode,
                  Bench      *self)
{
  if (g_str_equal (mode, "event"))
    g_signal_connect (gateway, "event", G_CALLBACK (event_cb), self);
  else if (g_str_equal (mode, "typed"))
    connect_typed (gateway, self);
  else
    {
      g_signal_connect (gateway, "ready", G_CALLBACK (ready_cb), self);
      g_timeout_add (5, look_cb, self);
    }
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

  if (argc != 5)
    g_error ("usage: bench-events URL none|zlib-stream|zstd-stream EVENTS event|typed|none");

  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.wanted = (guint)g_ascii_strtoull (argv[3], NULL, 10);
  gateway = dgw_gateway_new ("bench", DGW_INTENTS_ALL);
  g_object_set (gateway, "url", argv[1], "compression", g_enum_get_value_by_nick (klass, argv[2])->value, NULL);
  bench.gateway = gateway;
  connect_handlers (gateway, argv[4], &bench);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), &bench);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (bench.loop);

  g_print ("%.3f\n", (double)(bench_cpu_us () - bench.start_us) / bench.wanted);
  g_main_loop_unref (bench.loop);
  return 0;
}
