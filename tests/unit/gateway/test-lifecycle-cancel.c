/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "lifecycle-fixture.h"

static void
test_cancelled_before (void)
{
  g_autoptr (DgwGateway) gateway = make_gateway ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Outcome) open = {0};

  g_cancellable_cancel (cancellable);
  dgw_gateway_open_async (gateway, cancellable, opened_cb, &open);
  iterate ();
  g_assert_error (open.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_link_assert_calls ("");
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr (DgwGateway) gateway = make_gateway ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Outcome) open = {0};

  g_test_summary ("Cancelling an open, in any thread, stops the attempts; it finishes when it is UNCONNECTED");
  g_signal_connect (gateway, "failed", G_CALLBACK (fail_cb), NULL);
  g_signal_connect (gateway, "reconnecting", G_CALLBACK (fail_cb), NULL);
  dgw_gateway_open_async (gateway, cancellable, opened_cb, &open);
  fake_link_assert_calls ("new\nsession none\nopen\n");
  fake_link_play_status (DGW_STATUS_CONNECTING);
  g_thread_join (g_thread_new ("cancel", cancel_in_thread, cancellable));
  iterate ();
  fake_link_assert_calls ("cancel 1000 -\n");
  g_assert_cmpuint (open.n_done, ==, 0);

  fake_link_play ((DgwAction){
    .kind = DGW_ACTION_RECONNECTING, .retry = {1, 10, 99}
  });
  play_stopped ();
  iterate ();
  g_assert_error (open.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (open.n_done, ==, 1);
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_cancel_waiting (void)
{
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Outcome) open = {0};

  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  dgw_gateway_open_async (gateway, cancellable, opened_cb, &open);
  g_cancellable_cancel (cancellable);
  iterate ();
  play_stopped ();
  iterate ();
  g_assert_error (open.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_link_assert_calls ("close 1000 -\n");
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_cancel_late (void)
{
  g_autoptr (DgwGateway) gateway = make_gateway ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Outcome) open = {0};

  g_test_summary ("Cancelling an open that is done does nothing");
  dgw_gateway_open_async (gateway, cancellable, opened_cb, &open);
  play_ready ();
  iterate ();
  fake_link_assert_calls ("new\nsession none\nopen\n");
  g_cancellable_cancel (cancellable);
  iterate ();
  fake_link_assert_calls ("");
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_READY);
  assert_gone (g_steal_pointer (&gateway));
}

static void
test_cancel_close (void)
{
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Outcome) close = {0};

  g_test_summary ("Cancelling a close ends the wait, not the close");
  dgw_gateway_close_async (gateway, cancellable, closed_cb, &close);
  g_cancellable_cancel (cancellable);
  iterate ();
  g_assert_error (close.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_link_assert_calls ("close 1000 -\n");
  play_stopped ();
  iterate ();
  g_assert_cmpuint (close.n_done, ==, 1);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  assert_gone (g_steal_pointer (&gateway));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/dgw/gateway/lifecycle-cancel/" name, func)
  ADD ("cancelled-before", test_cancelled_before);
  ADD ("cancel", test_cancel);
  ADD ("cancel-waiting", test_cancel_waiting);
  ADD ("cancel-late", test_cancel_late);
  ADD ("cancel-close", test_cancel_close);

  return g_test_run ();
}
