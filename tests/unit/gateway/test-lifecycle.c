/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "lifecycle-fixture.h"

static void
note_order_cb (DgwGateway *gateway,
               DgwEvent   *event,
               gpointer    user_data)
{
  Outcome *outcome = user_data;

  g_assert_cmpuint (outcome->n_done, ==, 0);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_READY);
}

static void
test_numbers_of_the_program (void)
{
  guint32 expected;
  g_autoptr (DgwGateway) gateway = NULL;
  g_auto (Outcome) open = {0};

  g_test_summary ("Peers D10: a gateway takes none of the program's random numbers");
  g_random_set_seed (7);
  expected = g_random_int ();
  g_random_set_seed (7);
  gateway = make_gateway ();
  dgw_gateway_open_async (gateway, NULL, opened_cb, &open);
  play_ready ();
  iterate ();
  g_assert_true (open.succeeded);
  g_assert_cmpuint (g_random_int (), ==, expected);
  fake_link_assert_calls ("new\nsession none\nopen\n");
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_open (void)
{
  g_autoptr (DgwGateway) gateway = make_gateway ();
  g_auto (Outcome) open = {0};
  g_auto (Outcome) again = {0};

  g_test_summary ("An open finishes after the handlers of READY; a second one is ALREADY_OPEN at any time");
  g_signal_connect (gateway, "event::READY", G_CALLBACK (note_order_cb), &open);
  dgw_gateway_open_async (gateway, NULL, opened_cb, &open);
  fake_link_assert_calls ("new\nsession none\nopen\n");

  dgw_gateway_open_async (gateway, NULL, opened_cb, &again);
  iterate ();
  g_assert_error (again.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_ALREADY_OPEN);
  g_assert_cmpuint (open.n_done, ==, 0);

  play_ready ();
  iterate ();
  g_assert_true (open.succeeded);
  g_assert_no_error (open.error);

  g_clear_error (&again.error);
  dgw_gateway_open_async (gateway, NULL, opened_cb, &again);
  iterate ();
  g_assert_error (again.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_ALREADY_OPEN);
  g_assert_cmpuint (open.n_done, ==, 1);
  g_assert_cmpuint (again.n_done, ==, 2);
  fake_link_assert_calls ("");
  assert_gone (g_steal_pointer (&gateway));
}

static void
note_disconnected_cb (DgwGateway *gateway,
                      guint       code,
                      const char *reason,
                      gboolean    will_reconnect,
                      gpointer    user_data)
{
  g_assert_cmpuint (code, ==, 1000);
  g_assert_cmpstr (reason, ==, "");
  g_assert_false (will_reconnect);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  (*(guint *)user_data)++;
}

static void
test_close (void)
{
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  g_auto (Outcome) first = {0};
  g_auto (Outcome) second = {0};
  g_auto (Outcome) third = {0};
  DgwAction end = {
    .kind = DGW_ACTION_DISCONNECTED, .end = {1000, NULL, TRUE}
  };
  guint n_disconnected = 0;

  g_test_summary ("DIS-01: a close says 1000 and ends the session; a second one joins, a third succeeds at once");
  dgw_gateway_close_async (gateway, NULL, closed_cb, &first);
  dgw_gateway_close_async (gateway, NULL, closed_cb, &second);
  fake_link_assert_calls ("close 1000 -\n");
  g_signal_connect (gateway, "event", G_CALLBACK (fail_cb), NULL);
  g_signal_connect (gateway, "failed", G_CALLBACK (fail_cb), NULL);
  g_signal_connect (gateway, "heartbeat-acked", G_CALLBACK (fail_cb), NULL);
  g_signal_connect (gateway, "disconnected", G_CALLBACK (note_disconnected_cb), &n_disconnected);

  fake_link_play_dispatch ("TOO_LATE", DGW_EVENT_TYPE_UNKNOWN, 2);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_ACKED});
  iterate ();
  g_assert_cmpuint (first.n_done + second.n_done, ==, 0);
  g_assert_cmpint (dgw_gateway_get_sequence (gateway), ==, 1);

  fake_link_play_session (NULL, NULL);
  fake_link_play (end);
  play_stopped ();
  iterate ();
  g_assert_true (first.succeeded);
  g_assert_true (second.succeeded);
  g_assert_cmpuint (n_disconnected, ==, 1);
  g_assert_null (dgw_gateway_dup_session (gateway));
  g_assert_null (dgw_gateway_get_session_id (gateway));
  g_assert_cmpint (dgw_gateway_get_sequence (gateway), ==, -1);

  dgw_gateway_close_async (gateway, NULL, closed_cb, &third);
  iterate ();
  g_assert_true (third.succeeded);
  fake_link_assert_calls ("");
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_close_pending_open (void)
{
  g_autoptr (DgwGateway) gateway = make_gateway ();
  g_auto (Outcome) open = {0};
  g_auto (Outcome) close = {0};

  g_test_summary ("DIS-05: a close ends an open that is pending with CLOSED, and no `failed`");
  g_signal_connect (gateway, "failed", G_CALLBACK (fail_cb), NULL);
  dgw_gateway_open_async (gateway, NULL, opened_cb, &open);
  dgw_gateway_close_async (gateway, NULL, closed_cb, &close);
  iterate ();
  g_assert_error (open.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  fake_link_assert_calls ("new\nsession none\nopen\nclose 1000 -\n");

  /* It was on its way already. */
  fake_link_play ((DgwAction){.kind = DGW_ACTION_FAILED,
                              .error = g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED, "x")});
  iterate ();
  g_assert_cmpuint (close.n_done, ==, 0);
  play_stopped ();
  iterate ();
  g_assert_true (close.succeeded);
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_close_idle (void)
{
  g_autoptr (DgwGateway) gateway = make_gateway ();
  g_auto (Outcome) close = {0};
  g_auto (Outcome) suspend = {0};

  dgw_gateway_close_async (gateway, NULL, closed_cb, &close);
  dgw_gateway_suspend_async (gateway, NULL, suspended_cb, &suspend);
  g_assert_cmpuint (close.n_done, ==, 0);
  iterate ();
  g_assert_true (close.succeeded);
  g_assert_cmpuint (suspend.n_done, ==, 1);
  g_assert_null (suspend.session);
  g_assert_no_error (suspend.error);
  fake_link_assert_calls ("");
}

static void
test_close_codes (void)
{
  static const struct
  {
    guint    code;
    gboolean allowed;
  } cases[] = {
    {0,     FALSE},
    {999,   FALSE},
    {1000,  TRUE },
    {1001,  TRUE },
    {1002,  FALSE},
    {1006,  FALSE},
    {2999,  FALSE},
    {3000,  TRUE },
    {4999,  TRUE },
    {5000,  FALSE},
    {65536, FALSE},
  };
  g_autofree char *long_reason = g_strnfill (124, 'x');

  g_test_summary ("SUP-03: only codes that a client may send are taken, and only reasons that fit");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DgwGateway) gateway = make_ready_gateway ();
      g_autofree char *call = g_strdup_printf ("close %u bye\n", cases[i].code);
      g_auto (Outcome) close = {0};

      dgw_gateway_close_with_code_async (gateway, cases[i].code, "bye", NULL, closed_with_code_cb, &close);
      fake_link_assert_calls (cases[i].allowed ? call : "");
      if (cases[i].allowed)
        play_stopped ();
      iterate ();
      g_assert_cmpint (close.succeeded, ==, cases[i].allowed);
      if (!cases[i].allowed)
        {
          g_assert_error (close.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
          g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_READY);
        }
      assert_gone (g_steal_pointer (&gateway));
    }

  {
    g_autoptr (DgwGateway) gateway = make_gateway ();
    g_auto (Outcome) close = {0};

    dgw_gateway_close_with_code_async (gateway, 1000, long_reason, NULL, closed_with_code_cb, &close);
    iterate ();
    g_assert_error (close.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    g_clear_error (&close.error);
    dgw_gateway_close_with_code_async (gateway, 1000, long_reason + 1, NULL, closed_with_code_cb, &close);
    iterate ();
    g_assert_no_error (close.error);
  }
}

static void
count_cb (DgwGateway *gateway,
          gpointer    argument,
          gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static void
test_suspend (void)
{
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  g_auto (Outcome) suspend = {0};
  guint n_events = 0;

  g_test_summary ("DIS-06: a suspend delivers what is queued and returns the session, which the next open resumes");
  g_signal_connect (gateway, "event", G_CALLBACK (count_cb), &n_events);
  dgw_gateway_suspend_async (gateway, NULL, suspended_cb, &suspend);
  fake_link_assert_calls ("suspend 0 -\n");
  fake_link_play_dispatch ("STILL", DGW_EVENT_TYPE_UNKNOWN, 7);
  play_stopped ();
  iterate ();
  g_assert_cmpuint (n_events, ==, 1);
  g_assert_nonnull (suspend.session);
  g_assert_cmpstr (dgw_session_get_id (suspend.session), ==, "S1");
  g_assert_cmpint (dgw_session_get_sequence (suspend.session), ==, 7);
  g_assert_cmpstr (dgw_session_get_resume_url (suspend.session), ==, "ws://127.0.0.1:2");

  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("session S1 7 ws://127.0.0.1:2\nopen\n");
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("close 1000 -\n");
  play_stopped ();
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_close_while_suspending (void)
{
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  g_auto (Outcome) suspend = {0};
  g_auto (Outcome) close = {0};

  g_test_summary ("A close that comes during a suspend joins it, delivers no more and forgets the session");
  dgw_gateway_suspend_async (gateway, NULL, suspended_cb, &suspend);
  dgw_gateway_close_async (gateway, NULL, closed_cb, &close);
  fake_link_assert_calls ("suspend 0 -\n");
  g_signal_connect (gateway, "event", G_CALLBACK (fail_cb), NULL);
  fake_link_play_dispatch ("TOO_LATE", DGW_EVENT_TYPE_UNKNOWN, 7);
  play_stopped ();
  iterate ();
  g_assert_nonnull (suspend.session);
  g_assert_cmpint (dgw_session_get_sequence (suspend.session), ==, 1);
  g_assert_true (close.succeeded);
  g_assert_null (dgw_gateway_dup_session (gateway));
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_open_while_closing (void)
{
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  g_auto (Outcome) close = {0};
  g_auto (Outcome) open = {0};
  g_auto (Outcome) again = {0};

  g_test_summary ("DIS-03: an open while it is closing waits for the close, then starts a new session");
  dgw_gateway_close_async (gateway, NULL, closed_cb, &close);
  dgw_gateway_open_async (gateway, NULL, opened_cb, &open);
  dgw_gateway_open_async (gateway, NULL, opened_cb, &again);
  iterate ();
  fake_link_assert_calls ("close 1000 -\n");
  g_assert_error (again.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_ALREADY_OPEN);
  g_assert_cmpuint (open.n_done, ==, 0);

  fake_link_play_session (NULL, NULL);
  play_stopped ();
  fake_link_assert_calls ("session none\nopen\n");
  play_ready ();
  iterate ();
  g_assert_true (close.succeeded);
  g_assert_true (open.succeeded);
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_close_again_while_open_waits (void)
{
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  g_auto (Outcome) close = {0};
  g_auto (Outcome) open = {0};

  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  dgw_gateway_open_async (gateway, NULL, opened_cb, &open);
  dgw_gateway_close_async (gateway, NULL, closed_cb, &close);
  iterate ();
  g_assert_error (open.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  play_stopped ();
  iterate ();
  g_assert_true (close.succeeded);
  fake_link_assert_calls ("close 1000 -\n");
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_options_wrong_by_then (void)
{
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  g_auto (Outcome) open = {0};

  g_test_summary ("An open that waited for a close looks at the options when it is its turn");
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  dgw_gateway_open_async (gateway, NULL, opened_cb, &open);
  dgw_gateway_set_url (gateway, "ws://elsewhere.example");
  fake_link_assert_calls ("close 1000 -\noptions\n");
  play_stopped ();
  iterate ();
  g_assert_error (open.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED);
  fake_link_assert_calls ("");
  assert_gone (g_steal_pointer (&gateway));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/dgw/gateway/lifecycle/" name, func)
  ADD ("open", test_open);
  ADD ("numbers-of-the-program", test_numbers_of_the_program);
  ADD ("close", test_close);
  ADD ("close-pending-open", test_close_pending_open);
  ADD ("close-idle", test_close_idle);
  ADD ("close-codes", test_close_codes);
  ADD ("suspend", test_suspend);
  ADD ("close-while-suspending", test_close_while_suspending);
  ADD ("open-while-closing", test_open_while_closing);
  ADD ("close-again-while-open-waits", test_close_again_while_open_waits);
  ADD ("options-wrong-by-then", test_options_wrong_by_then);

  return g_test_run ();
}
