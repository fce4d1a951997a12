/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

/* The simulator runs here; the gateway in a thread whose loop stands still when
 * the test wants it to. */
typedef struct
{
  char        *url;
  guint        max_backlog_events;
  guint        n_wanted;
  GAsyncQueue *resume; /* the thread waits for an element of it */
  int          is_blocked;
  int          is_done;

  /* The thread's own, until it is done. */
  gint64      sequence;
  guint       n_events;
  guint       n_disconnected;
  gint64      stall_us;
  DgwMetrics *metrics;
} Blocked;

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          gpointer    user_data)
{
  Blocked *self = user_data;
  g_autoptr (JsonNode) data = NULL;

  g_assert_cmpint (dgw_event_get_sequence (event), >, self->sequence);
  self->sequence = dgw_event_get_sequence (event);
  if (!g_str_equal (dgw_event_get_name (event), "OF_MANY"))
    return;

  data = dgw_event_dup_json (event);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (data), "n"), ==, self->n_events);
  self->n_events++;
}

static void
disconnected_cb (DgwGateway *gateway,
                 guint       code,
                 const char *reason,
                 gboolean    will_reconnect,
                 gpointer    user_data)
{
  Blocked *self = user_data;

  g_assert_true (will_reconnect);
  g_assert_cmpuint (code, ==, 4900);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_DISCONNECTED);
  self->n_disconnected++;
}

static void
stalled_cb (DgwGateway *gateway,
            gint64      duration_us,
            gpointer    user_data)
{
  Blocked *self = user_data;

  self->stall_us = MAX (self->stall_us, duration_us);
}

static gpointer
run (gpointer data)
{
  Blocked *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  DgwGateway *gateway = NULL;

  g_main_context_push_thread_default (context);
  gateway = dgw_gateway_new ("token.of.test", 1);
  dgw_gateway_set_url (gateway, self->url);
  dgw_gateway_set_max_backlog_events (gateway, self->max_backlog_events);
  g_signal_connect (gateway, "event", G_CALLBACK (event_cb), self);
  g_signal_connect (gateway, "application-stalled", G_CALLBACK (stalled_cb), self);
  open_gateway (gateway);

  g_signal_connect (gateway, "disconnected", G_CALLBACK (disconnected_cb), self);
  g_atomic_int_set (&self->is_blocked, TRUE);
  g_main_context_wakeup (NULL);
  g_async_queue_pop (self->resume);
  WAIT_UNTIL (self->n_events == self->n_wanted);
  g_signal_handlers_disconnect_by_func (gateway, disconnected_cb, self);
  self->metrics = dgw_gateway_dup_metrics (gateway);
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  g_main_context_pop_thread_default (context);
  g_atomic_int_set (&self->is_done, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

static GThread *
block (Blocked             *self,
       DgwTestingSimulator *simulator)
{
  GThread *thread = NULL;

  self->url = g_strdup (dgw_testing_simulator_get_url (simulator));
  self->resume = g_async_queue_new ();
  thread = g_thread_new ("blocked", run, self);
  WAIT_UNTIL (g_atomic_int_get (&self->is_blocked));
  return thread;
}

static void
unblock (Blocked *self,
         GThread *thread)
{
  g_async_queue_push (self->resume, self);
  WAIT_UNTIL (g_atomic_int_get (&self->is_done));
  g_thread_join (thread);
}

static void
blocked_clear (Blocked *self)
{
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->resume, g_async_queue_unref);
  g_clear_pointer (&self->metrics, dgw_metrics_unref);
}

static void
dispatch_many (DgwTestingSimulator *simulator,
               guint                n_events)
{
  for (guint i = 0; i < n_events; i++)
    {
      g_autofree char *data = g_strdup_printf ("{\"n\":%u}", i);

      dgw_testing_simulator_dispatch_text (simulator, "OF_MANY", data);
    }
}

static void
received_cb (DgwTestingSimulator *simulator,
             guint                opcode,
             JsonNode            *data,
             gpointer             user_data)
{
  if (opcode == DGW_OPCODE_HEARTBEAT)
    (*(guint *)user_data)++;
}

static void
test_heartbeats (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  Blocked              blocked = {.max_backlog_events = 100000, .n_wanted = 1000};
  GThread             *thread = NULL;
  guint                n_beats = 0;

  g_test_summary ("HB-03: an application whose loop stands still keeps its connection, and then gets all events");
  g_object_set (simulator, "heartbeat-interval", 500, NULL);
  thread = block (&blocked, simulator);
  dispatch_many (simulator, 1000);
  g_signal_connect (simulator, "received", G_CALLBACK (received_cb), &n_beats);
  WAIT_UNTIL (n_beats == 5);
  unblock (&blocked, thread);

  g_assert_cmpuint (dgw_testing_simulator_get_n_connections (simulator), ==, 1);
  g_assert_cmpuint (blocked.n_disconnected, ==, 0);
  g_assert_cmpint (blocked.stall_us, >, G_USEC_PER_SEC);
  g_assert_cmpint (dgw_metrics_get_longest_application_stall (blocked.metrics), ==, blocked.stall_us);
  g_assert_cmpuint (dgw_metrics_get_events (blocked.metrics), ==, 1001);
  blocked_clear (&blocked);
  stop_simulator (simulator);
}

/* Security: BOUND-BACKLOG */
static void
test_backlog (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  Blocked              blocked = {.max_backlog_events = 50, .n_wanted = 500};
  GThread             *thread = NULL;

  g_test_summary ("Past the backlog it closes with 4900, resumes at half, and no event is lost or comes twice");
  thread = block (&blocked, simulator);
  dispatch_many (simulator, 500);
  WAIT_UNTIL (has_closed (simulator, 4900));
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), ==, 0);
  unblock (&blocked, thread);

  g_assert_cmpuint (blocked.n_disconnected, >=, 1);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (simulator), >=, 1);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 1);
  g_assert_cmpuint (dgw_metrics_get_reconnects (blocked.metrics, DGW_RECONNECT_CAUSE_BACKLOG), ==, blocked.n_disconnected);
  blocked_clear (&blocked);
  stop_simulator (simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/integration/gateway-blocked/heartbeats", test_heartbeats);
  g_test_add_func ("/dgw/integration/gateway-blocked/backlog", test_backlog);

  return g_test_run ();
}
