/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-rig.h"

#include <string.h>

static void
test_replay (void)
{
  g_autoptr (Rig) rig = rig_new ();
  DgwEngineStats stats;

  g_test_summary ("RES-02, RES-05, RES-06, RES-07, RES-09, A10: replays in order, again after a cut from the newest seen");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
  rig_dispatch (rig, "MESSAGE_CREATE", 6);
  rig_dispatch (rig, "MESSAGE_CREATE", 7);
  rig_closed (rig, 0);
  rig_expect (rig, "DISPATCH MESSAGE_CREATE 6, DISPATCH MESSAGE_CREATE 7, ERROR closed, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 2");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_dispatch (rig, "MESSAGE_CREATE", 8);
  rig_dispatch (rig, "MESSAGE_CREATE", 7); /* an overlap does not set it back */
  rig_expect (rig, "HELLO 40000, SEND 6 S1 7, STATUS resuming, DISPATCH MESSAGE_CREATE 8, DISPATCH MESSAGE_CREATE 7");
  rig_frame (rig, "{\"op\":1}");
  rig_expect (rig, "SEND 1 8");
  rig_resumed (rig, 9);
  rig_dispatch (rig, "MESSAGE_CREATE", 10);
  rig_expect (rig, "ERROR -, STATUS ready, DISPATCH RESUMED 9, DISPATCH MESSAGE_CREATE 10");
  rig_closed (rig, 0);
  rig_reconnect (rig);
  g_assert_true (g_str_has_prefix (rig->url, RIG_RESUME));
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 10, STATUS resuming");

  dgw_engine_get_stats (rig->engine, &stats);
  g_assert_cmpuint (stats.connects, ==, 4);
  g_assert_cmpuint (stats.identifies, ==, 1);
  g_assert_cmpuint (stats.resumes_tried, ==, 3);
  g_assert_cmpuint (stats.resumes_won, ==, 1);
  g_assert_cmpuint (stats.replayed_events, ==, 4);
  g_assert_cmpuint (stats.reconnects[DGW_CAUSE_CLOSED], ==, 3);
}

static void
test_unusual_sequences (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("ENV-03, ENV-07, ENV-13, A12: the sequence counts for every dispatch, and is 64 bits wide");
  rig_go_stable (rig);
  rig_frame (rig, "{\"t\":\"NOT_KNOWN_YET\",\"d\":[1],\"s\":9,\"op\":0}");
  rig_frame (rig, "{\"op\":0,\"t\":\"MESSAGE_CREATE\",\"s\":2147483648,\"d\":null}");
  rig_expect (rig, "DISPATCH NOT_KNOWN_YET 9, DISPATCH MESSAGE_CREATE 2147483648");
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 2147483648, STATUS resuming");
}

static void
test_no_session_yet (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("RES-01: dropped before READY, there is nothing to resume");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_advance (rig, 5 * SECOND);
  g_free (rig_take (rig));
  g_assert_nonnull (strstr (rig->sent, "\"op\":2"));
}

/* Security: BOUND-RETRY */
static void
test_resume_bound (void)
{
  g_autoptr (Rig) rig = rig_new ();
  guint n_resumes = 0;

  g_test_summary ("RES-15, A6, A20: resumes that fail at the server are bounded, on both addresses; then op 2, with a warning");
  rig_take_warnings ();
  rig_go_stable (rig);
  rig_closed (rig, 0);
  while (TRUE)
    {
      rig_reconnect (rig);
      rig_hello (rig, 40000);
      if (dgw_engine_get_status (rig->engine) != DGW_STATUS_RESUMING)
        break;
      n_resumes++;
      if (n_resumes == 4)
        g_assert_true (g_str_has_prefix (rig->url, RIG_MAIN));
      rig_closed (rig, 1006);
    }
  g_assert_cmpuint (n_resumes, ==, 5);
  g_assert_cmpuint (rig_take_warnings (), ==, 1);
}

static void
test_resume_progress (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("RES-06, RES-15: a replay that is cut again and again but gets on is no failure of the session");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  for (guint i = 0; i < 12; i++)
    {
      rig_reconnect (rig);
      rig_hello (rig, 40000);
      g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_RESUMING);
      rig_dispatch (rig, "MESSAGE_CREATE", 6 + i);
      rig_closed (rig, 0);
    }
}

static void
test_url_after_detour (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("RES-12, CON-08: once resumed at the main address, the next resume goes to its own URL again");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  rig_tick (rig);
  rig_connect_failed (rig, 0);
  rig_reconnect (rig);
  g_assert_true (g_str_has_prefix (rig->url, RIG_MAIN));
  rig_hello (rig, 40000);
  rig_resumed (rig, 6);
  rig_closed (rig, 0);
  rig_reconnect (rig);
  g_assert_true (g_str_has_prefix (rig->url, RIG_RESUME));
}

static void
test_changed_in_time (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("RES-13: options changed before the identify belong to the session that it starts");
  dgw_engine_start (rig->engine, rig->now_us);
  rig->options.intents = 1;
  rig_set_options (rig);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_ready (rig, "S1", 1);
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 1, STATUS resuming");
}

static void
test_resume_bound_time (void)
{
  g_autoptr (Rig) rig = rig_new ();
  guint n_resumes = 0;

  g_test_summary ("A20: resumes that never answer are given up after 90 s");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  while (TRUE)
    {
      rig_reconnect (rig);
      rig_hello (rig, 40000);
      if (dgw_engine_get_status (rig->engine) != DGW_STATUS_RESUMING)
        break;
      n_resumes++;
      for (guint i = 0; i < 5 && dgw_engine_get_status (rig->engine) == DGW_STATUS_RESUMING; i++)
        {
          rig_advance (rig, 10 * SECOND);
          rig_ack (rig);
        }
      g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_DISCONNECTED);
    }
  g_assert_cmpuint (n_resumes, ==, 3);
}

static void
test_outage_keeps_session (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("RES-11: an hour without a network is no reason to give the session up: the server decides");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  for (guint i = 0; i < 60; i++)
    {
      rig_tick (rig);
      rig_connect_failed (rig, 0);
    }
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
}

static void
test_changed_options (void)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (Rig) rig = rig_new ();

      g_test_summary ("RES-13: a changed token, intents or shard drops the session at the next connection, other options do not");
      rig_go_stable (rig);
      if (i == 0)
        rig->options.intents = 1;
      else if (i == 1)
        rig->options.shard_count = 2;
      else if (i == 2)
        rig->options.shard_id = 1;
      else if (i == 3)
        {
          g_free (rig->options.token);
          rig->options.token = g_strdup ("another");
        }
      else
        rig->options.large_threshold = 100;
      rig_set_options (rig);
      rig_dispatch (rig, "MESSAGE_CREATE", 6);
      rig_closed (rig, 0);
      rig_expect (rig, "DISPATCH MESSAGE_CREATE 6, ERROR closed, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 1");
      rig_tick (rig);
      rig_expect (rig, i < 4 ? "SESSION -, STATUS connecting, CONNECT " RIG_MAIN : "STATUS connecting, CONNECT " RIG_RESUME);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();
  g_test_add_func ("/dgw/engine/engine-resume/replay", test_replay);
  g_test_add_func ("/dgw/engine/engine-resume/unusual-sequences", test_unusual_sequences);
  g_test_add_func ("/dgw/engine/engine-resume/no-session-yet", test_no_session_yet);
  g_test_add_func ("/dgw/engine/engine-resume/resume-bound", test_resume_bound);
  g_test_add_func ("/dgw/engine/engine-resume/resume-progress", test_resume_progress);
  g_test_add_func ("/dgw/engine/engine-resume/url-after-detour", test_url_after_detour);
  g_test_add_func ("/dgw/engine/engine-resume/changed-in-time", test_changed_in_time);
  g_test_add_func ("/dgw/engine/engine-resume/resume-bound-time", test_resume_bound_time);
  g_test_add_func ("/dgw/engine/engine-resume/outage-keeps-session", test_outage_keeps_session);
  g_test_add_func ("/dgw/engine/engine-resume/changed-options", test_changed_options);

  return g_test_run ();
}
