/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "fake-link.h"

static DgwGateway *
make_open_gateway (void)
{
  DgwGateway *gateway = dgw_gateway_new ("token-of-test", 1);

  dgw_gateway_set_url (gateway, "ws://127.0.0.1:1");
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("new\nsession none\nopen\n");
  return gateway;
}

static void
play_ready (const char *session_id)
{
  fake_link_play_session (session_id, "ws://127.0.0.1:2");
  fake_link_play_status (DGW_STATUS_READY);
  fake_link_play_dispatch ("READY", DGW_EVENT_TYPE_READY, 1);
}

static void
finish (DgwGateway *gateway)
{
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (gateway);
  fake_link_assert_calls ("close 1000 -\nfree\n");
}

static void
keep_cb (DgwGateway *gateway,
         DgwEvent   *event,
         gpointer    user_data)
{
  g_ptr_array_add (user_data, g_object_ref (event));
}

static void
count_event_cb (DgwGateway *gateway,
                DgwEvent   *event,
                gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static void
count_notify_cb (DgwGateway *gateway,
                 GParamSpec *pspec,
                 gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static void
test_event (void)
{
  DgwGateway *gateway = make_open_gateway ();
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (JsonNode) data = NULL;
  g_autofree char *name = NULL;
  DgwEvent        *event = NULL;
  gint64           received_at = 0;

  g_test_summary ("ENV-04: a known and an unknown event alike come as `event`, with what they came with");
  g_signal_connect (gateway, "event", G_CALLBACK (keep_cb), events);
  fake_link_play_dispatch ("MESSAGE_CREATE", DGW_EVENT_TYPE_MESSAGE_CREATE, 5);
  fake_link_play_dispatch ("OF_THE_FUTURE", DGW_EVENT_TYPE_UNKNOWN, 6);
  finish (gateway);

  g_assert_cmpuint (events->len, ==, 2);
  event = g_ptr_array_index (events, 0);
  g_assert_cmpstr (dgw_event_get_name (event), ==, "MESSAGE_CREATE");
  g_assert_cmpuint (dgw_event_get_event_type (event), ==, DGW_EVENT_TYPE_MESSAGE_CREATE);
  g_assert_cmpint (dgw_event_get_sequence (event), ==, 5);
  g_assert_cmpuint (dgw_event_get_shard_id (event), ==, 0);
  g_assert_true (DGW_IS_MESSAGE (dgw_event_get_entity (event)));
  g_assert_cmpstr (dgw_event_get_text (event), ==, "{\"op\":0,\"t\":\"MESSAGE_CREATE\",\"s\":5,\"d\":{\"n\":1}}");
  data = dgw_event_dup_json (event);
  g_assert_nonnull (data);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (data), "n"), ==, 1);
  g_object_get (event, "name", &name, "received-at", &received_at, NULL);
  g_assert_cmpstr (name, ==, "MESSAGE_CREATE");
  g_assert_cmpint (received_at, ==, 1234);

  event = g_ptr_array_index (events, 1);
  g_assert_cmpuint (dgw_event_get_event_type (event), ==, DGW_EVENT_TYPE_UNKNOWN);
  g_assert_cmpstr (dgw_event_get_name (event), ==, "OF_THE_FUTURE");
}

static void
keep_second_cb (DgwGateway *gateway,
                DgwEvent   *event,
                gpointer    user_data)
{
  if (dgw_event_get_sequence (event) == 2)
    keep_cb (gateway, event, user_data);
}

static void
test_kept (void)
{
  DgwGateway *gateway = make_open_gateway ();
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);

  g_test_summary ("An event that a handler keeps stays as it is, whatever comes before and after");
  g_signal_connect (gateway, "event", G_CALLBACK (keep_second_cb), events);
  fake_link_play_dispatch ("FIRST", DGW_EVENT_TYPE_UNKNOWN, 1);
  fake_link_play_dispatch ("SECOND", DGW_EVENT_TYPE_UNKNOWN, 2);
  fake_link_play_dispatch ("THIRD", DGW_EVENT_TYPE_UNKNOWN, 3);
  fake_link_play_dispatch ("FOURTH", DGW_EVENT_TYPE_UNKNOWN, 4);
  finish (gateway);

  g_assert_cmpuint (events->len, ==, 1);
  g_assert_cmpstr (dgw_event_get_name (g_ptr_array_index (events, 0)), ==, "SECOND");
  g_assert_cmpstr (dgw_event_get_text (g_ptr_array_index (events, 0)), ==, "{\"op\":0,\"t\":\"SECOND\",\"s\":2,\"d\":{\"n\":1}}");
}

/* Security: INTERN */
static void
test_detail (void)
{
  DgwGateway *gateway = make_open_gateway ();
  guint       n_messages = 0;
  guint       n_others = 0;
  guint       n_all = 0;

  g_test_summary ("A detail picks one name; names that nobody asked for are never interned");
  fake_link_play_dispatch ("NOBODY_LISTENS", DGW_EVENT_TYPE_UNKNOWN, 1);
  g_signal_connect (gateway, "event::MESSAGE_CREATE", G_CALLBACK (count_event_cb), &n_messages);
  g_signal_connect (gateway, "event::OF_THE_FUTURE", G_CALLBACK (count_event_cb), &n_others);
  fake_link_play_dispatch ("MESSAGE_CREATE", DGW_EVENT_TYPE_MESSAGE_CREATE, 2);
  fake_link_play_dispatch ("NEVER_ASKED_FOR", DGW_EVENT_TYPE_UNKNOWN, 3);
  fake_link_play_dispatch ("TYPING_START", DGW_EVENT_TYPE_TYPING_START, 4);
  fake_link_play_dispatch ("OF_THE_FUTURE", DGW_EVENT_TYPE_UNKNOWN, 5);
  g_assert_cmpuint (n_messages, ==, 1);
  g_assert_cmpuint (n_others, ==, 1);

  g_signal_connect (gateway, "event", G_CALLBACK (count_event_cb), &n_all);
  fake_link_play_dispatch ("MESSAGE_CREATE", DGW_EVENT_TYPE_MESSAGE_CREATE, 6);
  fake_link_play_dispatch ("NEVER_ASKED_FOR", DGW_EVENT_TYPE_UNKNOWN, 7);
  g_assert_cmpuint (n_messages, ==, 2);
  g_assert_cmpuint (n_all, ==, 2);

  g_assert_cmpuint (g_quark_try_string ("NOBODY_LISTENS"), ==, 0);
  g_assert_cmpuint (g_quark_try_string ("NEVER_ASKED_FOR"), ==, 0);
  finish (gateway);
}

static void
sequence_in_handler_cb (DgwGateway *gateway,
                        DgwEvent   *event,
                        gpointer    user_data)
{
  gint64 *before = user_data;
  g_autoptr (DgwSession) session = dgw_gateway_dup_session (gateway);

  g_assert_cmpint (dgw_gateway_get_sequence (gateway), ==, *before);
  g_assert_cmpint (session ? dgw_session_get_sequence (session) : -1, ==, *before);
}

static void
test_sequence (void)
{
  DgwGateway *gateway = make_open_gateway ();
  gint64      before = -1;
  guint       n_notified = 0;
  guint       n_any = 0;

  g_test_summary ("RES-06, ENV-02: the sequence advances after the handlers, and never goes back");
  g_signal_connect (gateway, "event", G_CALLBACK (sequence_in_handler_cb), &before);
  g_signal_connect (gateway, "notify::sequence", G_CALLBACK (count_notify_cb), &n_notified);
  play_ready ("S1");
  before = 1;
  fake_link_play_dispatch ("X", DGW_EVENT_TYPE_UNKNOWN, 9);
  before = 9;
  fake_link_play_dispatch ("X", DGW_EVENT_TYPE_UNKNOWN, 4);
  fake_link_play_dispatch ("X", DGW_EVENT_TYPE_UNKNOWN, -1);
  fake_link_play_dispatch ("X", DGW_EVENT_TYPE_UNKNOWN, G_GINT64_CONSTANT (2147483648));
  g_assert_cmpint (dgw_gateway_get_sequence (gateway), ==, G_GINT64_CONSTANT (2147483648));
  g_assert_cmpuint (n_notified, ==, 3);

  g_signal_handlers_disconnect_by_func (gateway, sequence_in_handler_cb, &before);
  g_signal_handlers_disconnect_by_func (gateway, count_notify_cb, &n_notified);
  g_signal_connect (gateway, "notify", G_CALLBACK (count_notify_cb), &n_any);
  fake_link_play_dispatch ("X", DGW_EVENT_TYPE_UNKNOWN, G_GINT64_CONSTANT (2147483649));
  g_assert_cmpuint (n_any, ==, 1);
  g_signal_handlers_disconnect_by_data (gateway, &n_any);
  finish (gateway);
}

static void
test_new_session (void)
{
  DgwGateway *gateway = make_open_gateway ();
  g_autoptr (DgwSession) session = NULL;
  guint n_session = 0;

  g_test_summary ("RDY-07: another session's sequence counts anew; `session` notifies of id and URL, not of events");
  g_signal_connect (gateway, "notify::session", G_CALLBACK (count_notify_cb), &n_session);
  play_ready ("S1");
  g_assert_cmpuint (n_session, ==, 1);
  fake_link_play_dispatch ("X", DGW_EVENT_TYPE_UNKNOWN, 100);
  fake_link_play_session ("S1", "ws://127.0.0.1:2");
  g_assert_cmpuint (n_session, ==, 1);

  fake_link_play_session ("S1", NULL);
  g_assert_cmpuint (n_session, ==, 2);
  g_assert_cmpint (dgw_gateway_get_sequence (gateway), ==, 100);
  g_assert_null (dgw_gateway_get_resume_url (gateway));

  play_ready ("S2");
  session = dgw_gateway_dup_session (gateway);
  g_assert_cmpstr (dgw_session_get_id (session), ==, "S2");
  g_assert_cmpint (dgw_session_get_sequence (session), ==, 1);
  g_assert_cmpuint (n_session, ==, 3);

  fake_link_play_session (NULL, NULL);
  g_assert_cmpuint (n_session, ==, 4);
  g_assert_null (dgw_gateway_dup_session (gateway));
  finish (gateway);
}

static void
test_set_session (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 1);
  g_autoptr (DgwSession) session = dgw_session_new ("S1", 42, "wss://r.example", 2, 4);
  g_autoptr (DgwSession) got = NULL;
  guint n_session = 0;

  g_test_summary ("RES-16: a session that is set is resumed at the next open");
  g_signal_connect (gateway, "notify::session", G_CALLBACK (count_notify_cb), &n_session);
  g_object_set (gateway, "url", "ws://127.0.0.1:1", "session", session, "shard-id", 2, "shard-count", 4, "intents", 3, NULL);
  g_object_get (gateway, "session", &got, NULL);
  g_assert_true (dgw_session_equal (got, session));
  g_assert_cmpuint (n_session, ==, 1);
  dgw_gateway_set_session (gateway, got);
  g_assert_cmpuint (n_session, ==, 1);

  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("new\nsession S1 42 wss://r.example\nopen\n");

  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_set_session*IDLE*");
  dgw_gateway_set_session (gateway, NULL);
  g_test_assert_expected_messages ();
  finish (g_steal_pointer (&gateway));
}

static void
test_session_of_other_shard (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 1);
  g_autoptr (DgwSession) session = dgw_session_new ("S1", 42, NULL, 1, 4);

  g_test_summary ("SHD-12: a session of another shard is dropped at the open");
  g_object_set (gateway, "url", "ws://127.0.0.1:1", "session", session, NULL);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("new\nsession none\nopen\n");
  g_assert_null (dgw_gateway_dup_session (gateway));
  finish (g_steal_pointer (&gateway));
}

static void
test_session_of_other_intents (void)
{
  DgwGateway *gateway = make_open_gateway ();

  g_test_summary ("RES-13: a session made with other intents is dropped at the open");
  play_ready ("S1");
  dgw_gateway_suspend_async (gateway, NULL, NULL, NULL);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
  dgw_gateway_set_intents (gateway, 2);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("suspend 0 -\noptions\nsession none\nopen\n");
  finish (gateway);
}

typedef struct
{
  guint n_calls;
  guint attempt;
  guint delay_ms;
  guint code;
} Retry;

static void
reconnecting_cb (DgwGateway *gateway,
                 guint       attempt,
                 guint       delay_ms,
                 gpointer    user_data)
{
  Retry *retry = user_data;

  retry->n_calls++;
  retry->attempt = attempt;
  retry->delay_ms = delay_ms;
  g_assert_cmpuint (dgw_gateway_get_reconnect_attempts (gateway), ==, attempt);
  g_assert_cmpint (dgw_gateway_get_next_retry (gateway), ==, 777);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_DISCONNECTED);
}

static void
disconnected_cb (DgwGateway *gateway,
                 guint       code,
                 const char *reason,
                 gboolean    will_reconnect,
                 gpointer    user_data)
{
  Retry *retry = user_data;

  retry->code = code;
  g_assert_cmpstr (reason, ==, "why");
  g_assert_true (will_reconnect);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_DISCONNECTED);
  g_assert_error (dgw_gateway_get_last_error (gateway), DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
}

static void
test_reconnect (void)
{
  DgwGateway *gateway = make_open_gateway ();
  Retry       retry = {0};
  guint       n_errors = 0;
  DgwAction   end = {.kind = DGW_ACTION_DISCONNECTED};

  g_test_summary ("Each signal finds the properties that belong to it");
  g_signal_connect (gateway, "reconnecting", G_CALLBACK (reconnecting_cb), &retry);
  g_signal_connect (gateway, "disconnected", G_CALLBACK (disconnected_cb), &retry);
  g_signal_connect (gateway, "notify::last-error", G_CALLBACK (count_notify_cb), &n_errors);
  play_ready ("S1");

  for (guint i = 0; i < 2; i++)
    fake_link_play ((DgwAction){.kind = DGW_ACTION_ERROR,
                                .error = g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED, "closed")});
  g_assert_cmpuint (n_errors, ==, 1);
  end.end.code = 4000;
  end.end.reason = g_strdup ("why");
  end.end.will_reconnect = TRUE;
  fake_link_play (end);
  fake_link_play_status (DGW_STATUS_DISCONNECTED);
  fake_link_play ((DgwAction){
    .kind = DGW_ACTION_RECONNECTING, .retry = {3, 50, 777}
  });
  g_assert_cmpuint (retry.n_calls, ==, 1);
  g_assert_cmpuint (retry.attempt, ==, 3);
  g_assert_cmpuint (retry.delay_ms, ==, 50);
  g_assert_cmpuint (retry.code, ==, 4000);

  fake_link_play_status (DGW_STATUS_CONNECTING);
  g_assert_cmpint (dgw_gateway_get_next_retry (gateway), ==, -1);
  g_assert_cmpuint (dgw_gateway_get_reconnect_attempts (gateway), ==, 3);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_ERROR});
  g_assert_null (dgw_gateway_get_last_error (gateway));
  fake_link_play_status (DGW_STATUS_READY);
  g_assert_cmpuint (dgw_gateway_get_reconnect_attempts (gateway), ==, 0);
  g_signal_handlers_disconnect_by_data (gateway, &retry);
  finish (gateway);
}

static void
note_number_cb (DgwGateway *gateway,
                gint64      number,
                gpointer    user_data)
{
  *(gint64 *)user_data = number;
}

static void
note_hello_cb (DgwGateway *gateway,
               guint       interval_ms,
               gpointer    user_data)
{
  *(guint *)user_data = interval_ms;
}

static void
note_invalidated_cb (DgwGateway *gateway,
                     gboolean    resumable,
                     gpointer    user_data)
{
  *(int *)user_data = resumable;
}

static void
acked_cb (DgwGateway *gateway,
          gint64      latency_us,
          gpointer    user_data)
{
  g_assert_cmpint (dgw_gateway_get_latency (gateway), ==, latency_us);
  g_assert_cmpint (dgw_gateway_get_average_latency (gateway), ==, 2000);
  *(gint64 *)user_data = latency_us;
}

static void
test_other_signals (void)
{
  DgwGateway *gateway = make_open_gateway ();
  g_autoptr (DgwMetrics) metrics = NULL;
  DgwLinkMetrics link = {.events = 12};
  guint          interval_ms = 0;
  gint64         latency_us = 0;
  gint64         stall_us = 0;
  int            resumable = -1;

  g_signal_connect (gateway, "hello", G_CALLBACK (note_hello_cb), &interval_ms);
  g_signal_connect (gateway, "heartbeat-acked", G_CALLBACK (acked_cb), &latency_us);
  g_signal_connect (gateway, "application-stalled", G_CALLBACK (note_number_cb), &stall_us);
  g_signal_connect (gateway, "session-invalidated", G_CALLBACK (note_invalidated_cb), &resumable);

  fake_link_play ((DgwAction){.kind = DGW_ACTION_HELLO, .interval_ms = 41250});
  g_assert_cmpuint (interval_ms, ==, 41250);
  fake_link_play ((DgwAction){
    .kind = DGW_ACTION_ACKED, .latency = {1000, 2000}
  });
  g_assert_cmpint (latency_us, ==, 1000);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_INVALIDATED, .resumable = TRUE});
  g_assert_cmpint (resumable, ==, TRUE);
  fake_link_play_stalled (1500000);
  g_assert_cmpint (stall_us, ==, 1500000);
  fake_link_play_stalled (1100000);
  g_assert_cmpint (stall_us, ==, 1100000);

  link.engine.reconnects[DGW_CAUSE_DEAF] = 3;
  link.engine.resumes_won = 2;
  link.backlog_events = 4;
  fake_link_set_metrics (&link);
  metrics = dgw_gateway_dup_metrics (gateway);
  g_assert_cmpuint (dgw_metrics_get_events (metrics), ==, 12);
  g_assert_cmpuint (dgw_metrics_get_reconnects (metrics, DGW_RECONNECT_CAUSE_DEAF), ==, 3);
  g_assert_cmpuint (dgw_metrics_get_resumes_won (metrics), ==, 2);
  g_assert_cmpuint (dgw_metrics_get_backlog (metrics), ==, 4);
  g_assert_cmpint (dgw_metrics_get_longest_application_stall (metrics), ==, 1500000);
  finish (gateway);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/gateway/dispatch/event", test_event);
  g_test_add_func ("/dgw/gateway/dispatch/kept", test_kept);
  g_test_add_func ("/dgw/gateway/dispatch/detail", test_detail);
  g_test_add_func ("/dgw/gateway/dispatch/sequence", test_sequence);
  g_test_add_func ("/dgw/gateway/dispatch/new-session", test_new_session);
  g_test_add_func ("/dgw/gateway/dispatch/set-session", test_set_session);
  g_test_add_func ("/dgw/gateway/dispatch/session-of-other-shard", test_session_of_other_shard);
  g_test_add_func ("/dgw/gateway/dispatch/session-of-other-intents", test_session_of_other_intents);
  g_test_add_func ("/dgw/gateway/dispatch/reconnect", test_reconnect);
  g_test_add_func ("/dgw/gateway/dispatch/other-signals", test_other_signals);

  return g_test_run ();
}
