/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What payloads take of the memory of a process:
 *   unread  a large GUILD_CREATE, of which nothing is read: the growth of the
 *           peak, as a multiple of the payload
 *   read    the same, when a typed handler reads it
 *   list    the members of that guild: what the list costs before any is read, in
 *           microseconds for 1,000 of them, and what each one costs that is wrapped, in bytes
 *   kept    messages that are kept: the growth of resident memory for each, and
 *           the mean length of their payloads, in bytes */
#include "config.h"

#include <dgw.h>
#include <stdio.h>
#include <string.h>

#define N_KEPT 10000

typedef struct
{
  GMainLoop *loop;
  gint64     start_kib; /* resident at READY */
  gsize      n_bytes;   /* of payloads */
  GPtrArray *kept;
  gint64     list_us;
  gint64     n_wrapped;
  gint64     wrapped_kib;
} Bench;

/* A line of /proc/self/status, in KiB. */
static gint64
get_status (const char *name)
{
  g_autofree char *text = NULL;
  const char      *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) || (line = strstr (text, name)) == NULL)
    g_error ("cannot read /proc/self/status");

  return g_ascii_strtoll (line + strlen (name) + 1, NULL, 10);
}

static void
ready_cb (DgwGateway    *gateway,
          DgwReadyEvent *ready,
          Bench         *self)
{
  self->start_kib = get_status ("VmRSS:");
}

static void
unread_cb (DgwGateway *gateway,
           DgwEvent   *event,
           Bench      *self)
{
  self->n_bytes = strlen (dgw_event_get_text (event));
  g_main_loop_quit (self->loop);
}

static void
read_cb (DgwGateway *gateway,
         DgwGuild   *guild,
         Bench      *self)
{
  g_autoptr (GObject) member = g_list_model_get_item (dgw_guild_get_members (guild), 0);

  g_assert_nonnull (member);
  g_main_loop_quit (self->loop);
}

static void
list_cb (DgwGateway *gateway,
         DgwGuild   *guild,
         Bench      *self)
{
  GListModel *members;
  gint64      start_us;
  gint64      start_kib;

  g_assert_nonnull (dgw_guild_get_id (guild));
  start_us = g_get_monotonic_time ();
  members = dgw_guild_get_members (guild);
  self->list_us = g_get_monotonic_time () - start_us;

  start_kib = get_status ("VmRSS:");
  self->n_wrapped = g_list_model_get_n_items (members);
  for (guint i = 0; i < self->n_wrapped; i++)
    g_object_unref (g_list_model_get_item (members, i)); /* the list keeps it */
  self->wrapped_kib = get_status ("VmRSS:") - start_kib;
  g_main_loop_quit (self->loop);
}

static void
measure_cb (DgwGateway *gateway,
            DgwEvent   *event,
            Bench      *self)
{
  self->n_bytes += strlen (dgw_event_get_text (event));
}

static void
keep_cb (DgwGateway *gateway,
         DgwMessage *message,
         Bench      *self)
{
  g_assert_nonnull (dgw_message_get_content (message));
  g_ptr_array_add (self->kept, g_object_ref (message));
  if (self->kept->len == N_KEPT)
    g_main_loop_quit (self->loop);
}

static void
connect_handlers (DgwGateway *gateway,
                  const char *mode,
                  Bench      *self)
{
  g_signal_connect (gateway, "ready", G_CALLBACK (ready_cb), self);
  if (g_str_equal (mode, "unread"))
    {
      g_signal_connect (gateway, "event::GUILD_CREATE", G_CALLBACK (unread_cb), self);
      return;
    }
  if (g_str_equal (mode, "list"))
    {
      g_signal_connect (gateway, "guild-create", G_CALLBACK (list_cb), self);
      return;
    }
  if (g_str_equal (mode, "read"))
    {
      g_signal_connect (gateway, "event::GUILD_CREATE", G_CALLBACK (measure_cb), self);
      g_signal_connect (gateway, "guild-create", G_CALLBACK (read_cb), self);
      return;
    }
  g_signal_connect (gateway, "event::MESSAGE_CREATE", G_CALLBACK (measure_cb), self);
  g_signal_connect (gateway, "message-create", G_CALLBACK (keep_cb), self);
}

static void
report (const char *mode,
        Bench      *self)
{
  const double n_bytes = (double)self->n_bytes;

  if (g_str_equal (mode, "list"))
    g_print ("%.3f %.0f\n", (double)self->list_us * 1000 / (double)self->n_wrapped,
             (double)self->wrapped_kib * 1024 / (double)self->n_wrapped);
  else if (g_str_equal (mode, "kept"))
    g_print ("%.0f %.0f\n", (double)(get_status ("VmRSS:") - self->start_kib) * 1024 / N_KEPT, n_bytes / N_KEPT);
  else
    g_print ("%.2f %.0f\n", (double)(get_status ("VmHWM:") - self->start_kib) * 1024 / n_bytes, n_bytes);
}

int
main (int    argc,
      char **argv)
{
  Bench bench = {0};
  g_autoptr (DgwGateway) gateway = NULL;
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_COMPRESSION);

  if (argc != 4)
    g_error ("usage: bench-memory URL COMPRESSION unread|read|list|kept");

  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.kept = g_ptr_array_new_with_free_func (g_object_unref);
  gateway = dgw_gateway_new ("bench", DGW_INTENTS_ALL);
  g_object_set (gateway, "url", argv[1], "compression", g_enum_get_value_by_nick (klass, argv[2])->value, NULL);
  connect_handlers (gateway, argv[3], &bench);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (bench.loop);
  report (argv[3], &bench);

  g_ptr_array_unref (bench.kept);
  g_main_loop_unref (bench.loop);
  return 0;
}
