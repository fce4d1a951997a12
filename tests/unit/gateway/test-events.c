/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "fake-link.h"

static DgwGateway *
make_open_gateway (guint intents)
{
  DgwGateway *gateway = dgw_gateway_new ("token-of-test", intents);

  dgw_gateway_set_url (gateway, "ws://127.0.0.1:1");
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_forget_calls ();
  return gateway;
}

static void
finish (DgwGateway *gateway)
{
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (gateway);
}

/* One line for each signal. */

static void
note_event_cb (DgwGateway *gateway,
               DgwEvent   *event,
               gpointer    user_data)
{
  g_string_append_printf (user_data, "event %s\n", dgw_event_get_name (event));
}

static void
note_message_cb (DgwGateway *gateway,
                 DgwMessage *message,
                 gpointer    user_data)
{
  g_string_append_printf (user_data, "message %s\n", dgw_message_get_content (message));
}

static void
note_resumed_cb (DgwGateway *gateway,
                 DgwEvent   *event,
                 gpointer    user_data)
{
  g_string_append_printf (user_data, "resumed %s\n", dgw_event_get_name (event));
}

static void
play_message (gint64 sequence)
{
  fake_link_play_data ("MESSAGE_CREATE", DGW_EVENT_TYPE_MESSAGE_CREATE, sequence, "{\"content\":\"hi\"}");
}

static void
test_order (void)
{
  DgwGateway *gateway = make_open_gateway (DGW_INTENTS_ALL);
  g_autoptr (GString) notes = g_string_new (NULL);

  g_test_summary ("First `event`, then the typed signal");

  g_signal_connect (gateway, "message-create", G_CALLBACK (note_message_cb), notes);
  g_signal_connect (gateway, "resumed", G_CALLBACK (note_resumed_cb), notes);
  g_signal_connect (gateway, "event::MESSAGE_CREATE", G_CALLBACK (note_event_cb), notes);
  play_message (1);
  fake_link_play_dispatch ("TYPING_START", DGW_EVENT_TYPE_TYPING_START, 2);
  fake_link_play_dispatch ("OF_THE_FUTURE", DGW_EVENT_TYPE_UNKNOWN, 3);
  fake_link_play_dispatch ("RESUMED", DGW_EVENT_TYPE_RESUMED, 4);
  finish (gateway);

  g_assert_cmpstr (notes->str, ==, "event MESSAGE_CREATE\nmessage hi\nresumed RESUMED\n");
}

static void
test_misfit (void)
{
  static const char *const data[] = {"5", "null", "[]", "\"text\""};
  DgwGateway              *gateway = make_open_gateway (DGW_INTENTS_ALL);
  g_autoptr (GString) notes = g_string_new (NULL);

  g_test_summary ("ENV-07: data that is no object comes as `event` only");

  g_signal_connect (gateway, "message-create", G_CALLBACK (note_message_cb), notes);
  g_signal_connect (gateway, "event", G_CALLBACK (note_event_cb), notes);
  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    fake_link_play_data ("MESSAGE_CREATE", DGW_EVENT_TYPE_MESSAGE_CREATE, i, data[i]);
  finish (gateway);

  g_assert_cmpstr (notes->str, ==, "event MESSAGE_CREATE\nevent MESSAGE_CREATE\nevent MESSAGE_CREATE\nevent MESSAGE_CREATE\n");
}

static void
keep_event_cb (DgwGateway *gateway,
               DgwEvent   *event,
               gpointer    user_data)
{
  g_set_object ((DgwEvent **)user_data, event);
}

static void
keep_message_cb (DgwGateway *gateway,
                 DgwMessage *message,
                 gpointer    user_data)
{
  g_set_object ((DgwMessage **)user_data, message);
}

static void
test_same_entity (void)
{
  DgwGateway *gateway = make_open_gateway (DGW_INTENTS_ALL);
  g_autoptr (DgwEvent) event = NULL;
  g_autoptr (DgwMessage) message = NULL;

  g_test_summary ("The argument of the typed signal is the data of the event, and both may be kept");

  g_signal_connect (gateway, "event", G_CALLBACK (keep_event_cb), &event);
  g_signal_connect (gateway, "message-create", G_CALLBACK (keep_message_cb), &message);
  play_message (1);
  finish (gateway);

  g_assert_true (dgw_event_get_entity (event) == DGW_ENTITY (message));
  g_assert_cmpstr (dgw_message_get_content (message), ==, "hi");
}

static void
collect_cb (DgwGateway *gateway,
            DgwMessage *message,
            gpointer    user_data)
{
  GPtrArray *messages = user_data;

  if (g_str_equal (dgw_message_get_content (message), "keep"))
    g_ptr_array_add (messages, g_object_ref (message));
}

static void
test_kept_data (void)
{
  static const char *const contents[] = {"drop", "keep", "drop", "keep", "keep", "drop"};
  DgwGateway              *gateway = make_open_gateway (DGW_INTENTS_ALL);
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("Data that a handler keeps is never used for another event");

  g_signal_connect (gateway, "message-create", G_CALLBACK (collect_cb), messages);
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *data = g_strdup_printf ("{\"content\":\"%s\",\"id\":\"%u\"}", contents[i], i);

      fake_link_play_data ("MESSAGE_CREATE", DGW_EVENT_TYPE_MESSAGE_CREATE, i, data);
    }
  fake_link_play_data ("MESSAGE_CREATE", DGW_EVENT_TYPE_MESSAGE_CREATE, 9, "5");
  finish (gateway);

  g_assert_cmpuint (messages->len, ==, 3);
  g_assert_cmpstr (dgw_message_get_id (messages->pdata[0]), ==, "1");
  g_assert_cmpstr (dgw_message_get_id (messages->pdata[1]), ==, "3");
  g_assert_cmpstr (dgw_message_get_id (messages->pdata[2]), ==, "4");
}

static void
close_cb (DgwGateway *gateway)
{
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
}

static void
test_close_between (void)
{
  DgwGateway *gateway = make_open_gateway (DGW_INTENTS_ALL);
  g_autoptr (GString) notes = g_string_new (NULL);

  g_test_summary ("Both signals of an event come, also when the handler of the first closes the gateway");

  g_signal_connect (gateway, "event", G_CALLBACK (close_cb), NULL);
  g_signal_connect (gateway, "message-create", G_CALLBACK (note_message_cb), notes);
  play_message (1);
  play_message (2);
  finish (gateway);

  g_assert_cmpstr (notes->str, ==, "message hi\n");
}

static void
unref_cb (DgwGateway *gateway)
{
  g_object_unref (gateway);
}

static void
test_unref_between (void)
{
  DgwGateway *gateway = make_open_gateway (DGW_INTENTS_ALL);
  g_autoptr (GString) notes = g_string_new (NULL);

  g_test_summary ("A gateway that is dropped in a handler is gone when the event is done");

  /* The open that is under way holds a reference. */
  fake_link_play_status (DGW_STATUS_READY);
  fake_link_play_dispatch ("READY", DGW_EVENT_TYPE_READY, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_object_add_weak_pointer (G_OBJECT (gateway), (gpointer *)&gateway);
  g_signal_connect (gateway, "event", G_CALLBACK (unref_cb), NULL);
  g_signal_connect (gateway, "message-create", G_CALLBACK (note_message_cb), notes);
  play_message (2);

  g_assert_null (gateway);
  g_assert_cmpstr (notes->str, ==, "message hi\n");
}

static void
note_user_cb (DgwGateway *gateway,
              GParamSpec *pspec,
              gpointer    user_data)
{
  g_string_append_printf (user_data, "user %s\n", dgw_user_get_username (dgw_gateway_get_user (gateway)));
}

static void
note_ready_cb (DgwGateway    *gateway,
               DgwReadyEvent *ready,
               gpointer       user_data)
{
  g_assert_true (dgw_entity_equal (DGW_ENTITY (dgw_ready_event_get_user (ready)),
                                   DGW_ENTITY (dgw_gateway_get_user (gateway))));
  g_string_append (user_data, "ready\n");
}

static void
test_user (void)
{
  DgwGateway *gateway = make_open_gateway (DGW_INTENTS_ALL);
  g_autoptr (GString) notes = g_string_new (NULL);

  g_test_summary ("RDY-02: the user is there before the handlers of READY, and follows USER_UPDATE");

  g_assert_null (dgw_gateway_get_user (gateway));
  g_signal_connect (gateway, "notify::user", G_CALLBACK (note_user_cb), notes);
  g_signal_connect (gateway, "ready", G_CALLBACK (note_ready_cb), notes);
  fake_link_play_data ("READY", DGW_EVENT_TYPE_READY, 1, "{\"user\":{\"id\":\"1\",\"username\":\"one\"},\"guilds\":[]}");
  fake_link_play_data ("READY", DGW_EVENT_TYPE_READY, 1, "{\"user\":{\"username\":\"one\",\"id\":\"1\"},\"guilds\":[]}");
  fake_link_play_data ("USER_UPDATE", DGW_EVENT_TYPE_USER_UPDATE, 2, "{\"id\":\"1\",\"username\":\"two\"}");
  fake_link_play_data ("USER_UPDATE", DGW_EVENT_TYPE_USER_UPDATE, 3, "null");
  finish (gateway);

  g_assert_cmpstr (notes->str, ==, "user one\nready\nready\nuser two\n");
}

static void
test_arrivals (void)
{
  DgwGateway *gateway = make_open_gateway (DGW_INTENTS_ALL);

  g_test_summary ("GLD-01, GLD-03: why a guild comes is known from READY and GUILD_DELETE");

  fake_link_play_data ("READY", DGW_EVENT_TYPE_READY, 1, "{\"guilds\":[{\"id\":\"1\",\"unavailable\":true},{\"id\":\"2\"},5,{}]}");
  g_assert_cmpint (dgw_gateway_get_guild_arrival (gateway, "1"), ==, DGW_GUILD_ARRIVAL_LOADED);
  g_assert_cmpint (dgw_gateway_get_guild_arrival (gateway, "2"), ==, DGW_GUILD_ARRIVAL_LOADED);
  g_assert_cmpint (dgw_gateway_get_guild_arrival (gateway, "3"), ==, DGW_GUILD_ARRIVAL_JOINED);

  fake_link_play_data ("GUILD_DELETE", DGW_EVENT_TYPE_GUILD_DELETE, 2, "{\"id\":\"1\",\"unavailable\":true}");
  fake_link_play_data ("GUILD_DELETE", DGW_EVENT_TYPE_GUILD_DELETE, 3, "{\"id\":\"3\",\"unavailable\":true}");
  fake_link_play_data ("GUILD_DELETE", DGW_EVENT_TYPE_GUILD_DELETE, 4, "{\"id\":\"2\"}");
  g_assert_cmpint (dgw_gateway_get_guild_arrival (gateway, "1"), ==, DGW_GUILD_ARRIVAL_RECOVERED);
  g_assert_cmpint (dgw_gateway_get_guild_arrival (gateway, "2"), ==, DGW_GUILD_ARRIVAL_JOINED);
  g_assert_cmpint (dgw_gateway_get_guild_arrival (gateway, "3"), ==, DGW_GUILD_ARRIVAL_RECOVERED);

  fake_link_play_data ("GUILD_DELETE", DGW_EVENT_TYPE_GUILD_DELETE, 5, "{\"id\":\"1\",\"unavailable\":false}");
  g_assert_cmpint (dgw_gateway_get_guild_arrival (gateway, "1"), ==, DGW_GUILD_ARRIVAL_JOINED);

  fake_link_play_data ("READY", DGW_EVENT_TYPE_READY, 1, "{\"guilds\":[{\"id\":\"1\"}]}");
  g_assert_cmpint (dgw_gateway_get_guild_arrival (gateway, "1"), ==, DGW_GUILD_ARRIVAL_LOADED);
  g_assert_cmpint (dgw_gateway_get_guild_arrival (gateway, "3"), ==, DGW_GUILD_ARRIVAL_JOINED);
  finish (gateway);
}

static GString *warnings;

static GLogWriterOutput
write_log_cb (GLogLevelFlags   level,
              const GLogField *fields,
              gsize            n_fields,
              gpointer         user_data)
{
  for (gsize i = 0; (level & G_LOG_LEVEL_WARNING) != 0 && i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0)
      g_string_append_printf (warnings, "%s\n", (const char *)fields[i].value);

  return G_LOG_WRITER_HANDLED;
}

static void
test_deaf_handlers_subprocess (void)
{
  DgwGateway *gateway = make_open_gateway (DGW_INTENTS_GUILDS | DGW_INTENTS_DIRECT_MESSAGES);
  guint       ignored = 0;
  g_auto (GStrv) lines = NULL;

  warnings = g_string_new (NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_writer_func (write_log_cb, NULL, NULL);
  g_signal_connect (gateway, "message-create", G_CALLBACK (note_message_cb), &ignored);
  g_signal_connect (gateway, "ready", G_CALLBACK (note_ready_cb), &ignored);
  g_signal_connect (gateway, "event", G_CALLBACK (note_event_cb), &ignored);
  g_signal_connect (gateway, "typing-start", G_CALLBACK (note_event_cb), &ignored);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_HELLO, .interval_ms = 1000});
  g_signal_connect (gateway, "event::GUILD_BAN_ADD", G_CALLBACK (note_event_cb), &ignored);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_ACKED});
  fake_link_play ((DgwAction){.kind = DGW_ACTION_ACKED});

  g_assert_nonnull (strstr (warnings->str, "TYPING_START"));
  g_assert_nonnull (strstr (warnings->str, "GUILD_BAN_ADD"));
  lines = g_strsplit (warnings->str, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3); /* the last is empty */
  finish (gateway);
}

static void
test_deaf_handlers (void)
{
  g_test_summary ("INT-05, INT-10: a handler for what the intents cannot bring is warned of, once");

  g_test_trap_subprocess ("/dgw/gateway/events/deaf-handlers/subprocess", 0, 0);
  g_test_trap_assert_passed ();
}

static void
test_parse_ahead (void)
{
  DgwGateway *gateway = make_open_gateway (DGW_INTENTS_ALL);
  g_autoptr (GString) notes = g_string_new (NULL);
  g_autofree char *expected = g_strdup_printf ("parse ahead %u\n", DGW_EVENT_TYPE_MESSAGE_CREATE);

  g_test_summary ("The worker is told once which events have typed handlers");

  g_signal_connect (gateway, "message-create", G_CALLBACK (note_message_cb), notes);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_HELLO, .interval_ms = 1000});
  fake_link_assert_calls (expected);
  g_signal_connect (gateway, "resumed", G_CALLBACK (note_resumed_cb), notes);
  play_message (1);
  fake_link_assert_calls ("");
  finish (gateway);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/gateway/events/order", test_order);
  g_test_add_func ("/dgw/gateway/events/misfit", test_misfit);
  g_test_add_func ("/dgw/gateway/events/same-entity", test_same_entity);
  g_test_add_func ("/dgw/gateway/events/kept-data", test_kept_data);
  g_test_add_func ("/dgw/gateway/events/close-between", test_close_between);
  g_test_add_func ("/dgw/gateway/events/unref-between", test_unref_between);
  g_test_add_func ("/dgw/gateway/events/user", test_user);
  g_test_add_func ("/dgw/gateway/events/arrivals", test_arrivals);
  g_test_add_func ("/dgw/gateway/events/deaf-handlers", test_deaf_handlers);
  g_test_add_func ("/dgw/gateway/events/deaf-handlers/subprocess", test_deaf_handlers_subprocess);
  g_test_add_func ("/dgw/gateway/events/parse-ahead", test_parse_ahead);

  return g_test_run ();
}
