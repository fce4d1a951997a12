/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "fake-link.h"

/* A store as an application may write one: it answers when it is told to. */

#define TEST_TYPE_STORE (test_store_get_type ())
G_DECLARE_FINAL_TYPE (TestStore, test_store, TEST, STORE, GObject)

struct _TestStore
{
  GObject parent_instance;

  GTask   *task; /* the one under way */
  GString *calls;
  char    *key;
};

/* One at a time: the gateway waits for the answer. */
static void
take (TestStore  *self,
      const char *key,
      GTask      *task)
{
  g_assert_null (self->task);
  self->task = g_object_ref (task);
  g_free (self->key);
  self->key = g_strdup (key);
}

static void
test_store_load (DgwSessionStore *store,
                 const char      *key,
                 GTask           *task)
{
  take (TEST_STORE (store), key, task);
  g_string_append (TEST_STORE (store)->calls, "load\n");
}

static void
test_store_save (DgwSessionStore *store,
                 const char      *key,
                 DgwSession      *session,
                 GTask           *task)
{
  take (TEST_STORE (store), key, task);
  g_string_append_printf (TEST_STORE (store)->calls, "save %s %" G_GINT64_FORMAT "\n", dgw_session_get_id (session),
                          dgw_session_get_sequence (session));
}

static void
test_store_clear (DgwSessionStore *store,
                  const char      *key,
                  GTask           *task)
{
  take (TEST_STORE (store), key, task);
  g_string_append (TEST_STORE (store)->calls, "clear\n");
}

static void
store_init (DgwSessionStoreInterface *iface)
{
  iface->load = test_store_load;
  iface->save = test_store_save;
  iface->clear = test_store_clear;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestStore, test_store, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DGW_TYPE_SESSION_STORE, store_init))

static void
test_store_finalize (GObject *object)
{
  TestStore *self = TEST_STORE (object);

  g_assert_null (self->task);
  g_string_free (self->calls, TRUE);
  g_free (self->key);

  G_OBJECT_CLASS (test_store_parent_class)->finalize (object);
}

static void
test_store_class_init (TestStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_store_finalize;
}

static void
test_store_init (TestStore *self)
{
  self->calls = g_string_new (NULL);
}

static guint n_warnings;

static GLogWriterOutput
count_warning (GLogLevelFlags   level,
               const GLogField *fields,
               gsize            n_fields,
               gpointer         user_data)
{
  if (level == G_LOG_LEVEL_WARNING)
    n_warnings++;
  return level == G_LOG_LEVEL_WARNING ? G_LOG_WRITER_HANDLED : g_log_writer_default (level, fields, n_fields, NULL);
}

static void
turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_calls (TestStore  *self,
              const char *expected)
{
  turn ();
  g_assert_cmpstr (self->calls->str, ==, expected);
  g_string_truncate (self->calls, 0);
}

static void
answer_load (TestStore  *self,
             DgwSession *session)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_value_init (&value, DGW_TYPE_SESSION);
  g_value_set_boxed (&value, session);
  g_task_return_value (task, &value);
  turn ();
}

static void
answer (TestStore *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_task_return_boolean (task, TRUE);
  turn ();
}

static void
answer_error (TestStore *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_task_return_new_error (task, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "disk full");
  turn ();
}

typedef struct
{
  TestStore  *store;
  DgwGateway *gateway;
  guint       n_opened;
  guint       n_stopped;
  GError     *error;
  DgwSession *session; /* of a suspend */
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  n_warnings = 0;
  self->store = g_object_new (TEST_TYPE_STORE, NULL);
  self->gateway = dgw_gateway_new ("token-of-test", 5);
  dgw_gateway_set_url (self->gateway, "ws://127.0.0.1:1");
  dgw_gateway_set_session_store (self->gateway, DGW_SESSION_STORE (self->store));
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  g_assert_finalize_object (self->gateway);
  g_assert_finalize_object (self->store);
  g_clear_error (&self->error);
  g_clear_pointer (&self->session, dgw_session_unref);
  fake_link_assert_calls (fake_link_get () ? "free\n" : data ? data
                                                             : "free\n");
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *self = user_data;

  g_clear_error (&self->error);
  dgw_gateway_open_finish (DGW_GATEWAY (source), result, &self->error);
  self->n_opened++;
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *self = user_data;

  g_assert_true (dgw_gateway_close_finish (DGW_GATEWAY (source), result, NULL));
  self->n_stopped++;
}

static void
suspended_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Fixture *self = user_data;

  g_clear_pointer (&self->session, dgw_session_unref);
  self->session = dgw_gateway_suspend_finish (DGW_GATEWAY (source), result, NULL);
  self->n_stopped++;
}

static void
open_without_session (Fixture *self)
{
  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  assert_calls (self->store, "load\n");
  answer_load (self->store, NULL);
  fake_link_assert_calls ("new\nsession none\nopen\n");
}

static void
play_ready (void)
{
  fake_link_play_session ("S1", "ws://127.0.0.1:2");
  fake_link_play_status (DGW_STATUS_READY);
  fake_link_play_dispatch ("READY", DGW_EVENT_TYPE_READY, 1);
}

/* ... and what was saved of it. */
static void
get_ready (Fixture *self)
{
  open_without_session (self);
  play_ready ();
  assert_calls (self->store, "save S1 1\n");
  answer (self->store);
}

static void
play_stopped (gboolean ends_session)
{
  if (ends_session)
    fake_link_play_session (NULL, NULL);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
  turn ();
}

static void
close_now (Fixture *self)
{
  dgw_gateway_close_async (self->gateway, NULL, closed_cb, self);
  play_stopped (TRUE);
  while (self->store->task)
    answer (self->store);
  fake_link_assert_calls ("close 1000 -\n");
}

static void
test_resumes (Fixture      *self,
              gconstpointer data)
{
  g_autoptr (DgwSession) session = dgw_session_new ("S0", 42, "ws://127.0.0.1:3", 0, 1);

  g_test_summary ("RES-16: nothing is connected before the session is loaded, and then it is resumed");
  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  assert_calls (self->store, "load\n");
  g_assert_null (fake_link_get ());
  answer_load (self->store, session);
  fake_link_assert_calls ("new\nsession S0 42 ws://127.0.0.1:3\nopen\n");
  g_assert_cmpstr (dgw_gateway_get_session_id (self->gateway), ==, "S0");
  assert_calls (self->store, "");
  fake_link_play_dispatch ("MISSED", DGW_EVENT_TYPE_UNKNOWN, 43);
  assert_calls (self->store, "save S0 43\n");
  answer (self->store);
  close_now (self);
}

static void
test_fresh (Fixture      *self,
            gconstpointer data)
{
  g_test_summary ("RES-16: without a session, and when it cannot be loaded, a new one is begun");
  open_without_session (self);
  close_now (self);

  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  turn ();
  answer_error (self->store);
  g_assert_cmpuint (n_warnings, ==, 1);
  fake_link_assert_calls ("session none\nopen\n");
  close_now (self);
}

static void
test_key (Fixture      *self,
          gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_test_summary ("RES-13, ID-14: the key tells tokens, intents and shards apart, and does not tell the token");
  open_without_session (self);
  first = g_strdup (self->store->key);
  g_assert_null (strstr (first, "token"));
  g_assert_cmpuint (strlen (first), <=, 80);
  for (const char *c = first; *c; c++)
    g_assert_true (g_ascii_isalnum (*c) || *c == '-');
  close_now (self);

  dgw_gateway_set_intents (self->gateway, 7);
  dgw_gateway_set_shard_count (self->gateway, 2);
  fake_link_assert_calls ("options\noptions\n");
  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  turn ();
  second = g_strdup (self->store->key);
  g_assert_cmpstr (first, !=, second);
  answer_load (self->store, NULL);
  fake_link_assert_calls ("session none\nopen\n");
  close_now (self);
}

static void
look_at_saves_cb (DgwGateway *gateway,
                  DgwEvent   *event,
                  gpointer    user_data)
{
  /* The main loop runs in here, and the last save was never. */
  assert_calls (user_data, "");
}

static void
test_not_ahead (Fixture      *self,
                gconstpointer data)
{
  g_test_summary ("RES-16: an event is not saved while its handlers run");
  open_without_session (self);
  g_signal_connect (self->gateway, "event", G_CALLBACK (look_at_saves_cb), self->store);
  play_ready ();
  assert_calls (self->store, "save S1 1\n");
  answer (self->store);
  close_now (self);
}

static void
nest_cb (DgwGateway *gateway,
         DgwEvent   *event,
         gpointer    user_data)
{
  if (dgw_event_get_sequence (event) == 1)
    fake_link_play_dispatch ("ANY", DGW_EVENT_TYPE_UNKNOWN, 2);
  assert_calls (user_data, "");
}

static void
test_nested (Fixture      *self,
             gconstpointer data)
{
  g_test_summary ("RES-16: nor when a later one is done, because a handler runs the main loop");
  open_without_session (self);
  g_signal_connect (self->gateway, "event", G_CALLBACK (nest_cb), self->store);
  play_ready ();
  assert_calls (self->store, "save S1 2\n");
  answer (self->store);
  close_now (self);
}

static void
test_pace (Fixture      *self,
           gconstpointer data)
{
  g_test_summary ("RES-16: saved at once, then once a second at most, and at a suspend, which waits for it");
  get_ready (self);
  for (int i = 2; i < 100; i++)
    fake_link_play_dispatch ("ANY", DGW_EVENT_TYPE_UNKNOWN, i);
  assert_calls (self->store, "");

  dgw_gateway_suspend_async (self->gateway, NULL, suspended_cb, self);
  fake_link_play_dispatch ("ANY", DGW_EVENT_TYPE_UNKNOWN, 100);
  play_stopped (FALSE);
  assert_calls (self->store, "save S1 100\n");
  g_assert_cmpuint (self->n_stopped, ==, 0);
  answer (self->store);
  g_assert_cmpuint (self->n_stopped, ==, 1);
  g_assert_cmpint (dgw_session_get_sequence (self->session), ==, 100);
  fake_link_assert_calls ("suspend 0 -\n");
}

static void
test_one_at_a_time (Fixture      *self,
                    gconstpointer data)
{
  g_test_summary ("RES-16: a suspend during a save waits for it and saves what came after");
  open_without_session (self);
  play_ready ();
  assert_calls (self->store, "save S1 1\n");
  fake_link_play_dispatch ("ANY", DGW_EVENT_TYPE_UNKNOWN, 2);
  dgw_gateway_suspend_async (self->gateway, NULL, suspended_cb, self);
  play_stopped (FALSE);
  assert_calls (self->store, "");
  answer (self->store);
  assert_calls (self->store, "save S1 2\n");
  answer (self->store);
  g_assert_cmpuint (self->n_stopped, ==, 1);
  fake_link_assert_calls ("suspend 0 -\n");
}

static void
test_clear (Fixture      *self,
            gconstpointer data)
{
  g_test_summary ("RES-13: a session that ends is cleared: by a close, which waits for it, and by Discord");
  get_ready (self);
  fake_link_play_session (NULL, NULL);
  assert_calls (self->store, "clear\n");
  answer (self->store);

  fake_link_play_session ("S2", NULL);
  fake_link_play_dispatch ("READY", DGW_EVENT_TYPE_READY, 1);
  dgw_gateway_close_async (self->gateway, NULL, closed_cb, self);
  play_stopped (TRUE);
  assert_calls (self->store, "clear\n");
  g_assert_cmpuint (self->n_stopped, ==, 0);
  answer (self->store);
  g_assert_cmpuint (self->n_stopped, ==, 1);
  fake_link_assert_calls ("close 1000 -\n");
}

static void
test_suspend_then_close (Fixture      *self,
                         gconstpointer data)
{
  g_test_summary ("RES-13: a close that joins a suspend clears");
  get_ready (self);
  dgw_gateway_suspend_async (self->gateway, NULL, suspended_cb, self);
  dgw_gateway_close_async (self->gateway, NULL, closed_cb, self);
  assert_calls (self->store, "clear\n");
  answer (self->store);
  play_stopped (FALSE);
  while (self->store->task)
    answer (self->store);
  g_assert_cmpuint (self->n_stopped, ==, 2);
  g_assert_null (dgw_gateway_get_session_id (self->gateway));
  fake_link_assert_calls ("suspend 0 -\n");
}

static void
test_failed (Fixture      *self,
             gconstpointer data)
{
  g_test_summary ("RES-13: after a failure the session is cleared; an open right then waits for that");
  get_ready (self);
  fake_link_play_session (NULL, NULL);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_FAILED, .error = g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED, "no")});
  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  assert_calls (self->store, "clear\n");
  answer (self->store);
  assert_calls (self->store, "load\n");
  answer_load (self->store, NULL);
  fake_link_assert_calls ("session none\nopen\n");
  close_now (self);
}

static void
test_close_while_loading (Fixture      *self,
                          gconstpointer data)
{
  g_autoptr (DgwSession) session = dgw_session_new ("S0", 42, NULL, 0, 1);
  g_autoptr (JsonNode) data_sent = json_from_string ("{}", NULL);

  g_test_summary ("DIS-02, ID-12: closed while it loads, nothing is opened; opened again, it loads again, and what was sent since waits");
  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  dgw_gateway_close_async (self->gateway, NULL, closed_cb, self);
  turn ();
  g_assert_error (self->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  g_assert_cmpuint (self->n_stopped, ==, 1);
  answer_load (self->store, session);
  g_assert_null (fake_link_get ());
  g_assert_null (dgw_gateway_get_session_id (self->gateway));
  assert_calls (self->store, "load\n");

  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  dgw_gateway_send_async (self->gateway, DGW_OPCODE_REQUEST_GUILD_MEMBERS, data_sent, NULL, NULL, NULL);
  dgw_gateway_close_async (self->gateway, NULL, closed_cb, self);
  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  assert_calls (self->store, "load\n");
  answer_load (self->store, session);
  dgw_gateway_send_async (self->gateway, DGW_OPCODE_VOICE_STATE_UPDATE, data_sent, NULL, NULL, NULL);
  assert_calls (self->store, "load\n");
  answer_load (self->store, NULL);
  fake_link_assert_calls ("new\nsession none\nopen\nsend 4 {}\n");
  close_now (self);
}

static void
test_cancel_while_loading (Fixture      *self,
                           gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  dgw_gateway_open_async (self->gateway, cancellable, opened_cb, self);
  turn ();
  g_cancellable_cancel (cancellable);
  turn ();
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answer_load (self->store, NULL);
  assert_calls (self->store, "load\n");
  g_assert_null (fake_link_get ());
}

static void
test_set_by_hand (Fixture      *self,
                  gconstpointer data)
{
  g_autoptr (DgwSession) session = dgw_session_new ("S9", 9, NULL, 0, 1);
  g_autoptr (DgwSession) stored = dgw_session_new ("S0", 42, NULL, 0, 1);

  g_test_summary ("RES-16: a session that was set counts more than one that is stored");
  dgw_gateway_set_session (self->gateway, session);
  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  assert_calls (self->store, "");
  fake_link_assert_calls ("new\nsession S9 9 -\nopen\n");
  close_now (self);
}

static void
test_intents_changed (Fixture      *self,
                      gconstpointer data)
{
  g_autofree char *key = NULL;

  g_test_summary ("RES-13: with other intents the session is dropped at the next open, and cleared where it was saved");
  get_ready (self);
  key = g_strdup (self->store->key);
  dgw_gateway_suspend_async (self->gateway, NULL, suspended_cb, self);
  play_stopped (FALSE);
  dgw_gateway_set_intents (self->gateway, 1);
  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
  assert_calls (self->store, "clear\n");
  g_assert_cmpstr (self->store->key, ==, key);
  answer (self->store);
  fake_link_assert_calls ("suspend 0 -\noptions\nsession none\nopen\n");
  play_ready ();
  assert_calls (self->store, "save S1 1\n");
  g_assert_cmpstr (self->store->key, !=, key);
  answer (self->store);
  close_now (self);
}

static void
test_save_fails (Fixture      *self,
                 gconstpointer data)
{
  g_test_summary ("peers A17: one warning, and everything goes on");
  open_without_session (self);
  play_ready ();
  turn ();
  answer_error (self->store);
  g_assert_cmpuint (n_warnings, ==, 1);
  fake_link_play_dispatch ("ANY", DGW_EVENT_TYPE_UNKNOWN, 2);
  dgw_gateway_suspend_async (self->gateway, NULL, suspended_cb, self);
  play_stopped (FALSE);
  assert_calls (self->store, "save S1 1\nsave S1 2\n");
  answer_error (self->store);
  g_assert_cmpuint (n_warnings, ==, 1);
  g_assert_cmpuint (self->n_stopped, ==, 1);
  fake_link_assert_calls ("suspend 0 -\n");
  g_string_truncate (self->store->calls, 0);
}

static void
test_dropped (Fixture      *self,
              gconstpointer data)
{
  g_test_summary ("RES-16: the last event is saved also when the gateway is just dropped");
  get_ready (self);
  fake_link_play_dispatch ("ANY", DGW_EVENT_TYPE_UNKNOWN, 2);
  g_object_add_weak_pointer (G_OBJECT (self->gateway), (gpointer *)&self->gateway);
  g_object_unref (self->gateway);
  g_assert_null (self->gateway);
  assert_calls (self->store, "save S1 2\n");
  answer (self->store);
  self->gateway = dgw_gateway_new ("another", 0);
}

static void
count_release (gpointer lock)
{
  guint *n_released = lock;

  (*n_released)++;
}

static void
play_sleeping (guint *n_released)
{
  DgwAction action = {.kind = DGW_ACTION_SLEEPING};

  action.hold.lock = n_released;
  action.hold.release = count_release;
  fake_link_play (action);
}

static void
test_host_sleeps (Fixture      *self,
                  gconstpointer data)
{
  guint n_released = 0;

  g_test_summary ("RES-16: before the host sleeps all is saved, at once; and it waits for that, but for nothing else");
  get_ready (self);
  play_sleeping (&n_released);
  g_assert_cmpuint (n_released, ==, 1);

  fake_link_play_dispatch ("TEST", DGW_EVENT_TYPE_UNKNOWN, 2);
  assert_calls (self->store, "");
  play_sleeping (&n_released);
  assert_calls (self->store, "save S1 2\n");
  g_assert_cmpuint (n_released, ==, 1);
  fake_link_play_dispatch ("TEST", DGW_EVENT_TYPE_UNKNOWN, 3);
  answer (self->store);
  assert_calls (self->store, "save S1 3\n");
  g_assert_cmpuint (n_released, ==, 1);
  answer_error (self->store);
  g_assert_cmpuint (n_released, ==, 2);
  close_now (self);
}

static void
test_host_sleeps_meanwhile (Fixture      *self,
                            gconstpointer data)
{
  guint n_released = 0;

  g_test_summary ("RES-16: a store that does not answer, another sleep and the end of the gateway: each lock is released once");
  get_ready (self);
  fake_link_play_dispatch ("TEST", DGW_EVENT_TYPE_UNKNOWN, 2);
  play_sleeping (&n_released);
  assert_calls (self->store, "save S1 2\n");
  play_sleeping (&n_released);
  g_assert_cmpuint (n_released, ==, 1);
  dgw_gateway_close_async (self->gateway, NULL, closed_cb, self);
  play_sleeping (&n_released);
  g_assert_cmpuint (n_released, ==, 2);
  answer (self->store);
  g_assert_cmpuint (n_released, ==, 3);
  fake_link_assert_calls ("close 1000 -\n");
  play_stopped (TRUE);
  while (self->store->task)
    answer (self->store);
}

static void
sleep_in_handler (DgwGateway *gateway,
                  DgwEvent   *event,
                  guint      *n_released)
{
  if (dgw_event_get_sequence (event) == 3)
    play_sleeping (n_released);
}

static void
test_host_sleeps_in_handler (Fixture      *self,
                             gconstpointer data)
{
  guint n_released = 0;

  g_test_summary ("RES-16: an event whose handler still runs is not saved as handled, and the host waits for it");
  get_ready (self);
  g_signal_connect (self->gateway, "event", G_CALLBACK (sleep_in_handler), &n_released);
  fake_link_play_dispatch ("TEST", DGW_EVENT_TYPE_UNKNOWN, 2);
  assert_calls (self->store, "");
  fake_link_play_dispatch ("TEST", DGW_EVENT_TYPE_UNKNOWN, 3);
  assert_calls (self->store, "save S1 2\n");
  g_assert_cmpuint (n_released, ==, 0);
  answer (self->store);
  assert_calls (self->store, "save S1 3\n");
  g_assert_cmpuint (n_released, ==, 0);
  answer (self->store);
  g_assert_cmpuint (n_released, ==, 1);
  close_now (self);
}

#define ADD(name, test, calls) \
  g_test_add ("/dgw/gateway/store/" name, Fixture, calls, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (count_warning, NULL, NULL);
  ADD ("resumes", test_resumes, NULL);
  ADD ("fresh", test_fresh, NULL);
  ADD ("key", test_key, NULL);
  ADD ("not-ahead", test_not_ahead, NULL);
  ADD ("nested", test_nested, NULL);
  ADD ("pace", test_pace, NULL);
  ADD ("one-at-a-time", test_one_at_a_time, NULL);
  ADD ("clear", test_clear, NULL);
  ADD ("suspend-then-close", test_suspend_then_close, NULL);
  ADD ("failed", test_failed, NULL);
  ADD ("close-while-loading", test_close_while_loading, NULL);
  ADD ("cancel-while-loading", test_cancel_while_loading, "");
  ADD ("set-by-hand", test_set_by_hand, NULL);
  ADD ("intents-changed", test_intents_changed, NULL);
  ADD ("save-fails", test_save_fails, NULL);
  ADD ("dropped", test_dropped, NULL);
  ADD ("host-sleeps", test_host_sleeps, NULL);
  ADD ("host-sleeps-meanwhile", test_host_sleeps_meanwhile, NULL);
  ADD ("host-sleeps-in-handler", test_host_sleeps_in_handler, NULL);

  return g_test_run ();
}
