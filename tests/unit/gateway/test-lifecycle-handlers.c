/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "lifecycle-fixture.h"

typedef struct
{
  Outcome *open;
  guint    n_failed;
  gboolean reopens;
} Failure;

static void
failed_cb (DgwGateway *gateway,
           GError     *error,
           gpointer    user_data)
{
  Failure *failure = user_data;

  failure->n_failed++;
  g_assert_cmpuint (failure->open->n_done, ==, 0);
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  g_assert_error (dgw_gateway_get_last_error (gateway), DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  if (failure->reopens)
    dgw_gateway_open_async (gateway, NULL, NULL, NULL);
}

static void
play_failed (void)
{
  fake_link_play ((DgwAction){
    .kind = DGW_ACTION_FAILED,
    .error = g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED, "no")});
}

static void
test_failed (void)
{
  for (guint reopens = 0; reopens < 2; reopens++)
    {
      g_autoptr (DgwGateway) gateway = make_gateway ();
      g_auto (Outcome) open = {0};
      Failure failure = {&open, 0, reopens};

      g_test_summary ("CC-01: `failed` comes once, before the open finishes with the same error; it can be opened anew");
      g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), &failure);
      dgw_gateway_open_async (gateway, NULL, opened_cb, &open);
      fake_link_play_status (DGW_STATUS_CONNECTING);
      play_failed ();
      iterate ();
      g_assert_cmpuint (failure.n_failed, ==, 1);
      g_assert_error (open.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
      fake_link_assert_calls (reopens ? "new\nsession none\nopen\nsession none\nopen\n" : "new\nsession none\nopen\n");
      if (reopens)
        {
          dgw_gateway_close_async (gateway, NULL, NULL, NULL);
          play_stopped ();
          fake_link_assert_calls ("close 1000 -\n");
        }
      assert_gone (g_steal_pointer (&gateway));
    }
}

static void
unref_cb (DgwGateway *gateway,
          gpointer    argument,
          gpointer    user_data)
{
  DgwGateway **mine = user_data;

  g_clear_object (mine);
}

static void
test_unref_in_handler (void)
{
  static const char *const signals[] = {"event", "failed", "hello", "session-invalidated", "notify::status"};

  g_test_summary ("ENV-11: the last reference may be dropped in a handler");
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      DgwGateway *gateway = make_ready_gateway ();
      gpointer    watch = gateway;

      g_object_add_weak_pointer (G_OBJECT (gateway), &watch);
      g_signal_connect (gateway, signals[i], G_CALLBACK (unref_cb), &gateway);
      fake_link_play ((DgwAction){.kind = DGW_ACTION_HELLO, .interval_ms = 1});
      if (watch)
        fake_link_play ((DgwAction){.kind = DGW_ACTION_INVALIDATED});
      if (watch)
        fake_link_play_dispatch ("X", DGW_EVENT_TYPE_UNKNOWN, 2);
      if (watch)
        play_failed ();
      g_assert_null (watch);
      g_assert_null (fake_link_get ());
      fake_link_assert_calls ("free\n");
    }
}

static void
close_cb (DgwGateway *gateway,
          gpointer    argument,
          gpointer    user_data)
{
  (*(guint *)user_data)++;
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
}

static void
test_close_in_handler (void)
{
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  guint n_events = 0;

  g_test_summary ("ENV-11: after a close in a handler no event comes, although some are queued");
  g_signal_connect (gateway, "event", G_CALLBACK (close_cb), &n_events);
  fake_link_play_dispatch ("ONE", DGW_EVENT_TYPE_UNKNOWN, 2);
  fake_link_play_dispatch ("TWO", DGW_EVENT_TYPE_UNKNOWN, 3);
  g_assert_cmpuint (n_events, ==, 1);
  g_assert_cmpint (dgw_gateway_get_sequence (gateway), ==, 2);
  play_stopped ();
  fake_link_assert_calls ("close 1000 -\n");
  assert_gone (g_steal_pointer (&gateway));
}

static void
dispose_cb (DgwGateway *gateway,
            gpointer    argument,
            gpointer    user_data)
{
  g_object_run_dispose (G_OBJECT (gateway));
}

static void
test_dispose_in_handler (void)
{
  g_autoptr (DgwGateway) gateway = make_gateway ();
  g_auto (Outcome) open = {0};

  g_test_summary ("Run down by force, with an open pending, it finishes it");
  g_signal_connect (gateway, "event", G_CALLBACK (dispose_cb), NULL);
  dgw_gateway_open_async (gateway, NULL, opened_cb, &open);
  fake_link_play_status (DGW_STATUS_READY);
  fake_link_play_dispatch ("READY", DGW_EVENT_TYPE_READY, 1);
  iterate ();
  g_assert_error (open.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  g_assert_null (fake_link_get ());
  fake_link_assert_calls ("new\nsession none\nopen\nfree\n");
  g_assert_finalize_object (g_steal_pointer (&gateway));
}

static gpointer
unref_in_thread (gpointer data)
{
  g_object_unref (data);
  return NULL;
}

static void
test_unref_in_thread (void)
{
  DgwGateway *gateway = NULL;

  g_test_summary ("The last reference may be dropped in another thread: the link goes in its own");
  g_main_context_acquire (NULL);
  gateway = make_ready_gateway ();
  g_thread_join (g_thread_new ("unref", unref_in_thread, gateway));
  fake_link_assert_calls ("");
  g_assert_nonnull (fake_link_get ());

  /* What comes meanwhile finds nobody. */
  fake_link_play_dispatch ("X", DGW_EVENT_TYPE_UNKNOWN, 2);
  iterate ();
  g_assert_null (fake_link_get ());
  fake_link_assert_calls ("free\n");
  g_main_context_release (NULL);
}

static void
test_pending_holds (void)
{
  DgwGateway *gateway = make_gateway ();
  gpointer    watch = gateway;
  g_auto (Outcome) open = {0};

  g_test_summary ("A pending operation holds a reference");
  g_object_add_weak_pointer (G_OBJECT (gateway), &watch);
  dgw_gateway_open_async (gateway, NULL, opened_cb, &open);
  g_object_unref (gateway);
  iterate ();
  g_assert_nonnull (watch);
  play_ready ();
  iterate ();
  g_assert_true (open.succeeded);
  g_assert_null (watch);
  fake_link_assert_calls ("new\nsession none\nopen\nfree\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/dgw/gateway/lifecycle-handlers/" name, func)
  ADD ("failed", test_failed);
  ADD ("unref-in-handler", test_unref_in_handler);
  ADD ("close-in-handler", test_close_in_handler);
  ADD ("dispose-in-handler", test_dispose_in_handler);
  ADD ("unref-in-thread", test_unref_in_thread);
  ADD ("pending-holds", test_pending_holds);

  return g_test_run ();
}
