/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

static DgwGateway *
make_busy_gateway (DgwTestingSimulator *simulator)
{
  DgwGateway *gateway = make_gateway (simulator);

  open_gateway (gateway);
  return gateway;
}

static void
dispatch_many (DgwTestingSimulator *simulator,
               guint                n_events)
{
  for (guint i = 0; i < n_events; i++)
    dgw_testing_simulator_dispatch_text (simulator, "OF_MANY", "{\"a\":1}");
}

typedef struct
{
  guint    n_events;
  guint    when;
  Outcome  close;
  gpointer gateway;
} Handler;

static void
close_cb (DgwGateway *gateway,
          DgwEvent   *event,
          gpointer    user_data)
{
  Handler *handler = user_data;

  g_assert_cmpuint (handler->n_events, <, handler->when);
  if (++handler->n_events == handler->when)
    dgw_gateway_close_async (gateway, NULL, outcome_cb, &handler->close);
}

static void
test_close (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_busy_gateway (simulator);
  Handler              handler = {.when = 20};

  g_test_summary ("ENV-11: after a close in a handler no event comes, though many are on their way");
  g_signal_connect (gateway, "event::OF_MANY", G_CALLBACK (close_cb), &handler);
  dispatch_many (simulator, 1000);
  WAIT_UNTIL (handler.close.is_done);
  g_assert_cmpuint (handler.n_events, ==, 20);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  WAIT_UNTIL (has_closed (simulator, 1000));
  outcome_clear (&handler.close);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
unref_cb (DgwGateway *gateway,
          DgwEvent   *event,
          gpointer    user_data)
{
  Handler *handler = user_data;

  g_assert_cmpuint (handler->n_events, <, handler->when);
  if (++handler->n_events == handler->when)
    g_object_unref (gateway);
}

static void
test_unref (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_busy_gateway (simulator);
  Handler              handler = {.when = 300, .gateway = gateway};

  g_test_summary ("ENV-11, DIS-07: dropped in a handler, with batches in flight, it is gone and says no 1000");
  g_object_add_weak_pointer (G_OBJECT (gateway), &handler.gateway);
  g_signal_connect (gateway, "event::OF_MANY", G_CALLBACK (unref_cb), &handler);
  dispatch_many (simulator, 5000);
  WAIT_UNTIL (handler.gateway == NULL);
  g_assert_cmpuint (handler.n_events, ==, 300);
  WAIT_UNTIL (dgw_testing_simulator_get_n_clients (simulator) == 0);
  g_assert_false (has_closed (simulator, 1000));
  stop_simulator (simulator);
}

static void
test_unref_while_opening (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  gpointer             watch = gateway;
  g_auto (Outcome) open = {0};

  g_test_summary ("A pending open keeps the gateway; without it, it goes");
  g_object_add_weak_pointer (G_OBJECT (gateway), &watch);
  dgw_gateway_open_async (gateway, NULL, outcome_cb, &open);
  g_object_unref (gateway);
  WAIT_UNTIL (open.is_done);
  g_assert_true (dgw_gateway_open_finish (gateway, open.result, NULL));
  outcome_clear (&open);
  WAIT_UNTIL (watch == NULL);
  WAIT_UNTIL (dgw_testing_simulator_get_n_clients (simulator) == 0);
  stop_simulator (simulator);
}

static void
suspend_cb (DgwGateway *gateway,
            DgwEvent   *event,
            gpointer    user_data)
{
  Handler *handler = user_data;

  if (++handler->n_events == handler->when)
    dgw_gateway_suspend_async (gateway, NULL, outcome_cb, &handler->close);
}

static void
count_cb (DgwGateway *gateway,
          DgwEvent   *event,
          gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static void
test_suspend (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_busy_gateway (simulator);
  g_autoptr (DgwSession) session = NULL;
  Handler handler = {.when = 20};
  guint   n_more = 0;

  g_test_summary ("RES-16: suspended among many events, the session says how many were handled, and the rest comes");
  g_signal_connect (gateway, "event::OF_MANY", G_CALLBACK (suspend_cb), &handler);
  dispatch_many (simulator, 1000);
  WAIT_UNTIL (handler.close.is_done);
  session = dgw_gateway_suspend_finish (gateway, handler.close.result, NULL);
  g_assert_nonnull (session);
  g_assert_cmpint (dgw_session_get_sequence (session), ==, 1 + handler.n_events);
  outcome_clear (&handler.close);
  g_assert_finalize_object (gateway);

  gateway = make_gateway (simulator);
  dgw_gateway_set_session (gateway, session);
  g_signal_connect (gateway, "event::OF_MANY", G_CALLBACK (count_cb), &n_more);
  open_gateway (gateway);
  WAIT_UNTIL (handler.n_events + n_more >= 1000);
  g_assert_cmpuint (handler.n_events + n_more, ==, 1000);
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
quit_cb (DgwGateway *gateway,
         DgwEvent   *event,
         gpointer    user_data)
{
  g_assert_true (g_main_context_is_owner (NULL));
  (*(guint *)user_data)++;
}

/* The handler runs the loop, as a modal dialog does. */
static void
nested_cb (DgwGateway *gateway,
           DgwEvent   *event,
           gpointer    user_data)
{
  Handler *handler = user_data;

  handler->n_events++;
  g_assert_cmpint (dgw_event_get_sequence (event), ==, 1 + handler->n_events);
  if (handler->n_events == handler->when)
    for (guint i = 0; i < 20; i++)
      g_main_context_iteration (NULL, FALSE);
}

static void
test_nested (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_busy_gateway (simulator);
  Handler              handler = {.when = 5};
  guint                n_all = 0;

  g_test_summary ("A handler that runs the loop does not get events out of order, and none is lost");
  g_signal_connect (gateway, "event::OF_MANY", G_CALLBACK (nested_cb), &handler);
  g_signal_connect_after (gateway, "event::OF_MANY", G_CALLBACK (quit_cb), &n_all);
  dispatch_many (simulator, 300);
  WAIT_UNTIL (n_all == 300);
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

typedef struct
{
  char    *url;
  GThread *thread;
  guint    n_events;
  guint    n_others;
  gboolean closed;
} Elsewhere;

static void
assert_thread_event_cb (DgwGateway *gateway,
                        DgwEvent   *event,
                        gpointer    user_data)
{
  Elsewhere *self = user_data;

  g_assert_true (g_thread_self () == self->thread);
  self->n_events++;
}

static void
assert_thread_notify_cb (DgwGateway *gateway,
                         GParamSpec *pspec,
                         gpointer    user_data)
{
  Elsewhere *self = user_data;

  g_assert_true (g_thread_self () == self->thread);
  self->n_others++;
}

static void
assert_thread_disconnected_cb (DgwGateway *gateway,
                               guint       code,
                               const char *reason,
                               gboolean    will_reconnect,
                               gpointer    user_data)
{
  Elsewhere *self = user_data;

  g_assert_true (g_thread_self () == self->thread);
  self->n_others++;
}

static gpointer
run_elsewhere (gpointer data)
{
  Elsewhere *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  DgwGateway *gateway = NULL;

  self->thread = g_thread_self ();
  g_main_context_push_thread_default (context);
  gateway = dgw_gateway_new ("token.of.test", 1);
  dgw_gateway_set_url (gateway, self->url);
  g_signal_connect (gateway, "event", G_CALLBACK (assert_thread_event_cb), self);
  g_signal_connect (gateway, "notify", G_CALLBACK (assert_thread_notify_cb), self);
  g_signal_connect (gateway, "disconnected", G_CALLBACK (assert_thread_disconnected_cb), self);
  open_gateway (gateway);
  WAIT_UNTIL (self->n_events == 101);
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  g_main_context_pop_thread_default (context);
  g_atomic_int_set (&self->closed, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

static void
identified_cb (DgwTestingSimulator *simulator,
               gpointer             user_data)
{
  dispatch_many (simulator, 100);
}

static void
test_context (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  Elsewhere            elsewhere = {.url = g_strdup (dgw_testing_simulator_get_url (simulator))};
  GThread             *thread = NULL;

  g_test_summary ("All signals come in the thread and context in which the gateway was made");
  g_signal_connect (simulator, "identified", G_CALLBACK (identified_cb), NULL);
  thread = g_thread_new ("elsewhere", run_elsewhere, &elsewhere);
  WAIT_UNTIL (g_atomic_int_get (&elsewhere.closed));
  g_thread_join (thread);
  g_assert_cmpuint (elsewhere.n_others, >, 5);
  g_free (elsewhere.url);
  stop_simulator (simulator);
}

static void
test_many (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateways[20] = {NULL};
  Record               records[20] = {0};

  g_test_summary ("Many gateways share the worker; each gets its own");
  for (guint i = 0; i < G_N_ELEMENTS (gateways); i++)
    {
      gateways[i] = make_gateway (simulator);
      record_start (&records[i], gateways[i]);
      dgw_gateway_open_async (gateways[i], NULL, NULL, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (gateways); i++)
    WAIT_UNTIL (dgw_gateway_get_sequence (gateways[i]) >= 1);
  dispatch_many (simulator, 10);
  for (guint i = 0; i < G_N_ELEMENTS (gateways); i++)
    WAIT_UNTIL (records[i].n_events == 11);
  for (guint i = 0; i < G_N_ELEMENTS (gateways); i++)
    {
      if (i % 2 == 0)
        close_gateway (gateways[i]);
      record_clear (&records[i]);
      g_signal_handlers_disconnect_by_data (gateways[i], &records[i]);
      g_object_unref (gateways[i]);
    }
  WAIT_UNTIL (dgw_testing_simulator_get_n_clients (simulator) == 0);
  stop_simulator (simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/integration/gateway-handlers/close", test_close);
  g_test_add_func ("/dgw/integration/gateway-handlers/unref", test_unref);
  g_test_add_func ("/dgw/integration/gateway-handlers/unref-while-opening", test_unref_while_opening);
  g_test_add_func ("/dgw/integration/gateway-handlers/suspend", test_suspend);
  g_test_add_func ("/dgw/integration/gateway-handlers/nested", test_nested);
  g_test_add_func ("/dgw/integration/gateway-handlers/context", test_context);
  g_test_add_func ("/dgw/integration/gateway-handlers/many", test_many);

  return g_test_run ();
}
