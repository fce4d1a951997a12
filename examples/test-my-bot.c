/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests an application without Discord: the gateway connects to a simulator in
 * the same process. The application here is three lines: it counts messages. */
#include <dgw.h>
#include <dgw-testing.h>

typedef struct
{
  DgwTestingSimulator *simulator;
  DgwGateway          *gateway;
  guint                n_messages;
} Fixture;

static void
message_cb (DgwGateway *gateway,
            DgwMessage *message,
            Fixture    *fixture)
{
  fixture->n_messages++;
}

static void
ready_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

/* Runs the main loop until an asynchronous method is done. */
static GAsyncResult *
wait_for (GAsyncResult **place)
{
  while (!*place)
    g_main_context_iteration (NULL, TRUE);

  return *place;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GAsyncResult) started = NULL;
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GError) error = NULL;

  fixture->simulator = dgw_testing_simulator_new ();
  dgw_testing_simulator_start_async (fixture->simulator, NULL, ready_cb, &started);
  dgw_testing_simulator_start_finish (fixture->simulator, wait_for (&started), &error);
  g_assert_no_error (error);

  fixture->gateway = dgw_gateway_new ("any.token.will-do", DGW_INTENTS_GUILD_MESSAGES);
  dgw_gateway_set_url (fixture->gateway, dgw_testing_simulator_get_url (fixture->simulator));
  g_signal_connect (fixture->gateway, "message-create", G_CALLBACK (message_cb), fixture);
  dgw_gateway_open_async (fixture->gateway, NULL, ready_cb, &opened);
  dgw_gateway_open_finish (fixture->gateway, wait_for (&opened), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GAsyncResult) stopped = NULL;

  dgw_gateway_close_async (fixture->gateway, NULL, ready_cb, &closed);
  wait_for (&closed);
  dgw_testing_simulator_stop_async (fixture->simulator, NULL, ready_cb, &stopped);
  wait_for (&stopped);

  /* A result holds the object it came from. */
  g_clear_object (&closed);
  g_clear_object (&stopped);
  g_assert_finalize_object (fixture->gateway);
  g_assert_finalize_object (fixture->simulator);
}

static void
test_counts_messages (Fixture      *fixture,
                      gconstpointer data)
{
  dgw_testing_simulator_dispatch_text (fixture->simulator, "MESSAGE_CREATE", "{\"content\":\"hello\"}");
  while (fixture->n_messages < 1)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_misses_nothing_while_disconnected (Fixture      *fixture,
                                        gconstpointer data)
{
  dgw_testing_simulator_drop_clients (fixture->simulator);
  while (dgw_gateway_get_status (fixture->gateway) == DGW_STATUS_READY)
    g_main_context_iteration (NULL, TRUE);

  dgw_testing_simulator_dispatch_text (fixture->simulator, "MESSAGE_CREATE", "{\"content\":\"anybody?\"}");
  while (fixture->n_messages < 1)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/my-bot/counts-messages", Fixture, NULL, set_up, test_counts_messages, tear_down);
  g_test_add ("/my-bot/misses-nothing-while-disconnected", Fixture, NULL, set_up, test_misses_nothing_while_disconnected, tear_down);

  return g_test_run ();
}
