/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-rig.h"

#include <string.h>

/* Brings an engine into each phase, IDLE excepted; with a session where the
 * phase can have one. */
typedef struct
{
  const char *name;
  void (*enter) (Rig *rig);
  gboolean is_open;
  gboolean has_attempt;
} PhaseCase;

static void
enter_lookup (Rig *rig)
{
  g_clear_pointer (&rig->options.url, g_free);
  rig_set_options (rig);
  dgw_engine_start (rig->engine, rig->now_us);
}

static void
enter_connecting (Rig *rig)
{
  dgw_engine_start (rig->engine, rig->now_us);
}

static void
enter_await_hello (Rig *rig)
{
  enter_connecting (rig);
  dgw_engine_opened (rig->engine, rig->now_us);
}

static void
enter_await_permit (Rig *rig)
{
  rig->options.external_permits = TRUE;
  rig_set_options (rig);
  enter_await_hello (rig);
  rig_hello (rig, 40000);
}

static void
enter_await_ready (Rig *rig)
{
  enter_await_hello (rig);
  rig_hello (rig, 40000);
}

static void
enter_backoff (Rig *rig)
{
  rig_go_stable (rig);
  rig_closed (rig, 0);
}

static void
enter_await_resumed (Rig *rig)
{
  enter_backoff (rig);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
}

static void
enter_held (Rig *rig)
{
  rig_go_stable (rig);
  dgw_engine_hold (rig->engine, rig->now_us);
}

static void
enter_held_from_backoff (Rig *rig)
{
  enter_backoff (rig);
  dgw_engine_hold (rig->engine, rig->now_us);
}

static const PhaseCase phase_cases[] = {
  {"lookup",            enter_lookup,            FALSE, TRUE },
  {"connecting",        enter_connecting,        FALSE, TRUE },
  {"await-hello",       enter_await_hello,       TRUE,  TRUE },
  {"await-permit",      enter_await_permit,      TRUE,  TRUE },
  {"await-ready",       enter_await_ready,       TRUE,  TRUE },
  {"await-resumed",     enter_await_resumed,     TRUE,  TRUE },
  {"ready",             rig_go_stable,           TRUE,  TRUE },
  {"backoff",           enter_backoff,           FALSE, FALSE},
  {"held",              enter_held,              FALSE, FALSE},
  {"held-from-backoff", enter_held_from_backoff, FALSE, FALSE},
};

/* Nothing that was under way may reach a stopped engine any more. */
static void
assert_dead (Rig *rig)
{
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_UNCONNECTED);
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, G_MAXINT64);
  rig_answer (rig, RIG_MAIN, 10);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 10);
  rig_ready (rig, "S7", 7);
  dgw_engine_permit_granted (rig->engine, rig->now_us);
  rig_connect_failed (rig, 401);
  rig_closed (rig, 4004);
  rig_frame (rig, "{");
  dgw_engine_hold (rig->engine, rig->now_us);
  dgw_engine_release (rig->engine, rig->now_us);
  rig_jump (rig, 600 * SECOND);
  rig_expect (rig, "");
}

static void
test_close (gconstpointer data)
{
  const PhaseCase *test = data;
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *actions = NULL;

  g_test_summary ("DIS-01, DIS-03, DIS-05, C7: close in every phase: 1000, the session gone, and nothing afterwards");
  test->enter (rig);
  g_free (rig_take (rig));
  dgw_engine_stop (rig->engine, DGW_STOP_CLOSE, 1000, "bye", rig->now_us);
  if (test->is_open)
    {
      g_autofree char *first = rig_take (rig);

      g_assert_true (g_str_has_prefix (first, "CLOSE 1000"));
      g_assert_cmpstr (rig->reason, ==, "bye");
      dgw_engine_stop (rig->engine, DGW_STOP_CLOSE, 1000, NULL, rig->now_us);
      rig_dispatch (rig, "MESSAGE_CREATE", 6);
      rig_expect (rig, "");
      rig_closed (rig, 1005);
    }
  actions = rig_take (rig);
  g_assert_true (g_str_has_suffix (actions, "STATUS unconnected, STOPPED"));
  g_assert_true (test->has_attempt == (strstr (actions, "DISCONNECTED") != NULL));
  if (test->is_open)
    g_assert_nonnull (strstr (actions, "DISCONNECTED 1000 0"));
  g_assert_null (strstr (actions, "FAILED"));
  g_assert_null (strstr (actions, "ERROR"));
  assert_dead (rig);

  dgw_engine_start (rig->engine, rig->now_us);
  if (rig->options.url == NULL)
    rig_answer (rig, RIG_MAIN, 10);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  g_free (rig_take (rig));
  g_assert_cmpint (dgw_engine_get_status (rig->engine), !=, DGW_STATUS_RESUMING);
}

static void
test_suspend (gconstpointer data)
{
  const PhaseCase *test = data;
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *actions = NULL;

  g_test_summary ("DIS-02, DIS-05, DIS-06: suspend in every phase: a 4xxx code, no dispatch afterwards, the session stays");
  test->enter (rig);
  g_free (rig_take (rig));
  dgw_engine_stop (rig->engine, DGW_STOP_SUSPEND, 4000, NULL, rig->now_us);
  rig_dispatch (rig, "MESSAGE_CREATE", 100);
  rig_advance (rig, 2 * SECOND);
  actions = rig_take (rig);
  g_assert_true (g_str_has_suffix (actions, "STATUS unconnected, STOPPED"));
  g_assert_true (test->is_open == g_str_has_prefix (actions, "CLOSE 4000"));
  g_assert_null (strstr (actions, "DISPATCH"));
  g_assert_null (strstr (actions, "SESSION"));
  assert_dead (rig);
}

static void
test_suspend_and_resume (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("DIS-06, RES-16: suspended and started again: op 6; a suspend never says 1000");
  rig_go_stable (rig);
  dgw_engine_stop (rig->engine, DGW_STOP_SUSPEND, 4000, NULL, rig->now_us);
  rig_expect (rig, "CLOSE 4000");
  rig_closed (rig, 4000);
  rig_expect (rig, "DROP, DISCONNECTED 4000 0, STATUS unconnected, STOPPED");

  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_expect (rig, "STATUS connecting, CONNECT " RIG_RESUME ", STATUS waiting-for-hello, HELLO 40000, SEND 6 S1 5, STATUS resuming");
  rig_resumed (rig, 6);
  dgw_engine_stop (rig->engine, DGW_STOP_SUSPEND, 1000, NULL, rig->now_us);
  rig_expect (rig, "STATUS ready, DISPATCH RESUMED 6, CLOSE 4907");
  rig_advance (rig, 2 * SECOND);
  rig_expect (rig, "DROP, DISCONNECTED 4907 0, STATUS unconnected, STOPPED");
}

static void
test_cancel (gconstpointer data)
{
  const PhaseCase *test = data;
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *actions = NULL;

  g_test_summary ("DIS-05: cancel in every phase: at once, without a close frame, without FAILED");
  test->enter (rig);
  g_free (rig_take (rig));
  dgw_engine_stop (rig->engine, DGW_STOP_CANCEL, 0, NULL, rig->now_us);
  actions = rig_take (rig);
  g_assert_true (g_str_has_suffix (actions, "STATUS unconnected, STOPPED"));
  g_assert_null (strstr (actions, "CLOSE"));
  g_assert_null (strstr (actions, "FAILED"));
  g_assert_null (strstr (actions, "SESSION"));
  g_assert_true (test->has_attempt == (strstr (actions, "DROP, ") != NULL));
  assert_dead (rig);
}

static void
test_mute_peer (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("C4: a peer that never answers the close frame has two seconds");
  rig_go_stable (rig);
  dgw_engine_stop (rig->engine, DGW_STOP_CLOSE, 1000, NULL, rig->now_us);
  rig_expect (rig, "CLOSE 1000");
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, rig->now_us + 2 * SECOND);
  rig_tick (rig);
  rig_expect (rig, "DROP, SESSION -, DISCONNECTED 1000 0, STATUS unconnected, STOPPED");
}

static void
test_idle (void)
{
  g_autoptr (Rig) rig = rig_new ();
  DgwResumeState state = {.session_id = (char *)"S9", .sequence = 9};

  g_test_summary ("C7: stopping what is not open is complete at once");
  dgw_engine_stop (rig->engine, DGW_STOP_CLOSE, 1000, NULL, rig->now_us);
  rig_expect (rig, "STOPPED");
  dgw_engine_set_session (rig->engine, &state);
  dgw_engine_stop (rig->engine, DGW_STOP_SUSPEND, 4000, NULL, rig->now_us);
  rig_expect (rig, "STOPPED");
  dgw_engine_stop (rig->engine, DGW_STOP_CANCEL, 0, NULL, rig->now_us);
  rig_expect (rig, "STOPPED");
  dgw_engine_stop (rig->engine, DGW_STOP_CLOSE, 4000, NULL, rig->now_us);
  rig_expect (rig, "STOPPED");
  dgw_engine_stop (rig->engine, DGW_STOP_CLOSE, 1001, NULL, rig->now_us);
  rig_expect (rig, "SESSION -, STOPPED");
}

static void
test_codes (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("DIS-01, DIS-02: only 1000 and 1001 end the session");
  rig_go_stable (rig);
  dgw_engine_stop (rig->engine, DGW_STOP_CLOSE, 3000, NULL, rig->now_us);
  rig_closed (rig, 3000);
  rig_expect (rig, "CLOSE 3000, DROP, DISCONNECTED 3000 0, STATUS unconnected, STOPPED");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_resumed (rig, 6);
  g_free (rig_take (rig));
  dgw_engine_stop (rig->engine, DGW_STOP_SUSPEND, 4000, NULL, rig->now_us);
  dgw_engine_stop (rig->engine, DGW_STOP_CLOSE, 1000, NULL, rig->now_us); /* wins */
  rig_closed (rig, 4000);
  rig_expect (rig, "CLOSE 4000, DROP, SESSION -, DISCONNECTED 4000 0, STATUS unconnected, STOPPED");
}

static void
test_start_twice (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("B7: a second start makes no second connection");
  rig_go_stable (rig);
  dgw_engine_start (rig->engine, rig->now_us);
  rig_expect (rig, "");
  rig_closed (rig, 0);
  g_free (rig_take (rig));
  dgw_engine_start (rig->engine, rig->now_us);
  rig_expect (rig, "");
}

static void
test_hold (void)
{
  g_autoptr (Rig) rig = rig_new ();
  DgwEngineStats stats;

  g_test_summary ("A full backlog: closed with 4900, the session kept, resumed within 100 ms of the release");
  rig_go_stable (rig);
  dgw_engine_hold (rig->engine, rig->now_us);
  rig_expect (rig, "CLOSE 4900, DROP, ERROR failed, DISCONNECTED 4900 1, STATUS disconnected");
  rig_dispatch (rig, "MESSAGE_CREATE", 6);
  rig_closed (rig, 4900);
  dgw_engine_hold (rig->engine, rig->now_us);
  rig_jump (rig, 3600 * SECOND);
  rig_expect (rig, "");
  dgw_engine_release (rig->engine, rig->now_us);
  rig_expect (rig, "RECONNECTING 1");
  g_assert_cmpint (rig->delay_us, <=, 100 * MS);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
  rig_dispatch (rig, "MESSAGE_CREATE", 6);
  dgw_engine_hold (rig->engine, rig->now_us); /* in the middle of the replay */
  dgw_engine_release (rig->engine, rig->now_us);
  g_free (rig_take (rig));
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 6, STATUS resuming");
  dgw_engine_get_stats (rig->engine, &stats);
  g_assert_cmpuint (stats.reconnects[DGW_CAUSE_BACKLOG], ==, 2);
}

static void
test_hold_in_backoff (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = g_error_new_literal (g_quark_from_static_string ("network"), 1, "HTTP 429");

  g_test_summary ("CON-14: a release does not shorten a wait that the server asked for");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_connect_failed (rig->engine, 429, 100 * SECOND, error, rig->now_us);
  g_free (rig_take (rig));
  dgw_engine_hold (rig->engine, rig->now_us);
  rig_expect (rig, "");
  rig_jump (rig, 50 * SECOND);
  dgw_engine_release (rig->engine, rig->now_us);
  rig_expect (rig, "RECONNECTING 2");
  g_assert_cmpint (rig->delay_us, ==, 50 * SECOND);
}

static void
test_hold_without_auto_reconnect (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("Without auto-reconnect a full backlog is the end as well");
  rig->options.auto_reconnect = FALSE;
  rig_set_options (rig);
  rig_go_stable (rig);
  dgw_engine_hold (rig->engine, rig->now_us);
  rig_expect (rig, "CLOSE 4900, DROP, ERROR failed, DISCONNECTED 4900 0, STATUS unconnected, FAILED failed");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();
  for (guint i = 0; i < G_N_ELEMENTS (phase_cases); i++)
    {
      g_autofree char *close_path = g_strdup_printf ("/dgw/engine/engine-stop/close/%s", phase_cases[i].name);
      g_autofree char *suspend_path = g_strdup_printf ("/dgw/engine/engine-stop/suspend/%s", phase_cases[i].name);
      g_autofree char *cancel_path = g_strdup_printf ("/dgw/engine/engine-stop/cancel/%s", phase_cases[i].name);

      g_test_add_data_func (close_path, &phase_cases[i], test_close);
      g_test_add_data_func (suspend_path, &phase_cases[i], test_suspend);
      g_test_add_data_func (cancel_path, &phase_cases[i], test_cancel);
    }
  g_test_add_func ("/dgw/engine/engine-stop/suspend-and-resume", test_suspend_and_resume);
  g_test_add_func ("/dgw/engine/engine-stop/mute-peer", test_mute_peer);
  g_test_add_func ("/dgw/engine/engine-stop/idle", test_idle);
  g_test_add_func ("/dgw/engine/engine-stop/codes", test_codes);
  g_test_add_func ("/dgw/engine/engine-stop/start-twice", test_start_twice);
  g_test_add_func ("/dgw/engine/engine-stop/hold", test_hold);
  g_test_add_func ("/dgw/engine/engine-stop/hold-in-backoff", test_hold_in_backoff);
  g_test_add_func ("/dgw/engine/engine-stop/hold-without-auto-reconnect", test_hold_without_auto_reconnect);

  return g_test_run ();
}
