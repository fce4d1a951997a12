/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-rig.h"

#include <string.h>

#define IDLE_PRESENCE "{\"since\":null,\"activities\":[],\"status\":\"idle\",\"afk\":false}"
#define DND_PRESENCE  "{\"since\":null,\"activities\":[],\"status\":\"dnd\",\"afk\":false}"

static void
send_command (Rig    *rig,
              guint64 id)
{
  dgw_engine_command (rig->engine, id, 8, "{\"guild_id\":\"1\"}", rig->now_us);
}

/* How many actions of a kind the text names. */
static guint
count (const char *actions,
       const char *name)
{
  guint n = 0;

  for (const char *at = strstr (actions, name); at; at = strstr (at + 1, name))
    n++;

  return n;
}

static void
test_held_back (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("ID-12, SND-06, A14, A15: queued from open on, sent after READY, in order");
  dgw_engine_start (rig->engine, rig->now_us);
  send_command (rig, 1);
  dgw_engine_opened (rig->engine, rig->now_us);
  dgw_engine_command (rig->engine, 2, 4, "{}", rig->now_us);
  rig_hello (rig, 40000);
  dgw_engine_command (rig->engine, 3, 31, "{}", rig->now_us);
  rig_expect (rig, "STATUS connecting, CONNECT " RIG_MAIN ", STATUS waiting-for-hello, HELLO 40000, SEND 2, STATUS waiting-for-ready");
  rig_ready (rig, "S1", 1);
  rig_expect (rig, "SESSION S1, STATUS ready, DISPATCH READY 1, SEND 8, DONE 1, SEND 4, DONE 2, SEND 31, DONE 3");
}

static void
test_survives (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("RES-14, E3, C13: commands given while offline are sent after RESUMED");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  g_free (rig_take (rig));
  send_command (rig, 1);
  send_command (rig, 2);
  rig_reconnect (rig);
  send_command (rig, 3);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
  rig_resumed (rig, 6);
  rig_expect (rig, "ERROR -, STATUS ready, DISPATCH RESUMED 6, SEND 8, DONE 1, SEND 8, DONE 2, SEND 8, DONE 3");
}

static void
test_window (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GQueue) sent = g_queue_new ();
  guint64 id = 1;

  g_test_summary ("SND-02, SND-03, HB-13, E1, E2, E12: no 60 s see more than 120, and beats are on time under a flood");
  rig_go_live (rig);
  for (guint second = 0; second < 300; second++)
    {
      g_autofree char *actions = NULL;
      guint            n;

      for (guint i = 0; i < 3; i++)
        send_command (rig, id++);
      rig_advance (rig, SECOND);
      rig_ack (rig);
      actions = rig_take (rig);
      n = count (actions, "SEND ");
      g_queue_push_tail (sent, GUINT_TO_POINTER (n));
      if (g_queue_get_length (sent) > 60)
        g_queue_pop_head (sent);
      n = 0;
      for (GList *l = sent->head; l; l = l->next)
        n += GPOINTER_TO_UINT (l->data);
      g_assert_cmpuint (n, <=, 120);
      if (second > 60)
        g_assert_cmpuint (n, >=, 100);
    }
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_READY);
}

static void
test_beat_overtakes (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("SND-06, HB-05: a beat does not wait behind the commands");
  rig_go_live (rig);
  for (guint64 id = 1; id <= 200; id++)
    send_command (rig, id);
  {
    g_autofree char *actions = rig_take (rig);

    g_assert_cmpuint (count (actions, "SEND 8"), ==, 116); /* identify was the 117th */
  }
  rig_frame (rig, "{\"op\":1}");
  rig_expect (rig, "SEND 1 1");
}

/* interval_ms: of the heartbeats; n_asked: how many the gateway asks for besides. */
static void
flood (guint interval_ms,
       guint n_asked)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *actions = NULL;

  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, interval_ms);
  rig_ready (rig, "S1", 1);
  for (guint64 id = 1; id <= 200; id++)
    send_command (rig, id);
  for (guint i = 0; i < n_asked; i++)
    rig_frame (rig, "{\"op\":1}");
  for (guint second = 0; second < 59; second++)
    {
      rig_advance (rig, SECOND);
      rig_ack (rig);
    }

  actions = rig_take (rig);
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_READY);
  g_assert_cmpuint (count (actions, "SEND 1"), >=, 58000 / interval_ms + MIN (n_asked, 1));
  g_assert_cmpuint (count (actions, "SEND "), <=, 120);
}

static void
test_room_for_beats (void)
{
  g_test_summary ("SND-02, HB-13: however often the gateway wants beats, there is room for all of them");
  flood (41250, 0);
  flood (41250, 10);
  flood (10000, 0);
  flood (10000, 10);
  flood (2000, 0);
}

static void
test_fresh_window (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("SND-04, E4: the window is empty on a new connection");
  rig_go_live (rig);
  for (guint64 id = 1; id <= 200; id++)
    send_command (rig, id);
  rig_advance (rig, 2 * SECOND);
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_resumed (rig, 2);
  {
    g_autofree char *actions = rig_take (rig);

    g_assert_cmpuint (count (actions, "SEND 8"), ==, 84);
    g_assert_cmpuint (count (actions, "DONE "), ==, 84);
  }
}

static void
test_sizes (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *fill = g_strnfill (4096, 'x');
  const gsize      frame = strlen ("{\"op\":8,\"d\":\"\"}");
  g_autofree char *fits = g_strdup_printf ("\"%.*s\"", (int)(4096 - frame), fill);
  g_autofree char *too_long = g_strdup_printf ("\"%.*s\"", (int)(4097 - frame), fill);

  g_test_summary ("SND-01, E11: 4096 bytes pass, 4097 are refused and nothing is sent");
  rig_go_live (rig);
  dgw_engine_command (rig->engine, 1, 8, fits, rig->now_us);
  rig_expect (rig, "SEND 8, DONE 1");
  g_assert_cmpuint (strlen (rig->sent), ==, 4096);
  dgw_engine_command (rig->engine, 2, 8, too_long, rig->now_us);
  rig_expect (rig, "DONE 2 payload-too-large");
  dgw_engine_set_presence (rig->engine, 3, too_long, rig->now_us);
  rig_expect (rig, "DONE 3 payload-too-large");
}

/* Security: BOUND-COMMANDS */
static void
test_bound (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("SND-07, DIS-05: 256 wait at most; all of them fail when the gateway ends, and before it is open");
  send_command (rig, 1000);
  rig_expect (rig, "DONE 1000 not-ready");
  dgw_engine_start (rig->engine, rig->now_us);
  for (guint64 id = 1; id <= 256; id++)
    send_command (rig, id);
  g_free (rig_take (rig));
  send_command (rig, 257);
  rig_expect (rig, "DONE 257 rate-limited");
  dgw_engine_stop (rig->engine, DGW_STOP_CLOSE, 1000, NULL, rig->now_us);
  {
    g_autofree char *actions = rig_take (rig);

    g_assert_cmpuint (count (actions, " closed"), ==, 256);
    g_assert_true (g_str_has_suffix (actions, "STOPPED"));
  }
}

static void
test_fail_on_failure (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("SND-07: the same when it fails for good, before FAILED");
  rig_go_live (rig);
  rig_closed (rig, 0);
  g_free (rig_take (rig));
  send_command (rig, 1);
  dgw_engine_set_presence (rig->engine, 2, IDLE_PRESENCE, rig->now_us);
  rig_reconnect (rig);
  rig_closed (rig, 4004);
  rig_expect (rig, "SESSION -, ERROR authentication-failed, DISCONNECTED 4004 0, STATUS unconnected, "
                   "DONE 1 closed, DONE 2 closed, FAILED authentication-failed");
}

static void
test_cancel (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("A cancelled command is not sent");
  dgw_engine_start (rig->engine, rig->now_us);
  send_command (rig, 1);
  send_command (rig, 2);
  dgw_engine_set_presence (rig->engine, 3, IDLE_PRESENCE, rig->now_us);
  g_free (rig_take (rig));
  dgw_engine_cancel_command (rig->engine, 1, rig->now_us);
  dgw_engine_cancel_command (rig->engine, 3, rig->now_us);
  dgw_engine_cancel_command (rig->engine, 77, rig->now_us);
  rig_expect (rig, "DONE 1 failed, DONE 3 failed");
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_ready (rig, "S1", 1);
  dgw_engine_cancel_command (rig->engine, 2, rig->now_us);
  rig_expect (rig, "STATUS waiting-for-hello, HELLO 40000, SEND 2, STATUS waiting-for-ready, "
                   "SESSION S1, STATUS ready, DISPATCH READY 1, SEND 8, DONE 2");
}

static void
test_opcodes (void)
{
  const guint opcodes[] = {0, 1, 2, 6, 7, 9, 10, 11, 12, 99};

  g_test_summary ("SND-08: no other opcode goes out");
  for (guint i = 0; i < G_N_ELEMENTS (opcodes); i++)
    {
      g_autoptr (Rig) rig = rig_new ();

      rig_go_live (rig);
      dgw_engine_command (rig->engine, 1, opcodes[i], "{}", rig->now_us);
      rig_expect (rig, "DONE 1 protocol");
    }
}

static void
test_presence_limit (void)
{
  g_autoptr (Rig) rig = rig_new ();
  guint            n_sent = 0;
  g_autofree char *last = NULL;

  g_test_summary ("PR-03, H2, E10: of 20 in a second five are sent in 20 s, then the last; all calls finish");
  rig_go_live (rig);
  for (guint64 id = 1; id <= 20; id++)
    {
      g_autofree char *actions = NULL;

      dgw_engine_set_presence (rig->engine, id, id < 20 ? IDLE_PRESENCE : DND_PRESENCE, rig->now_us);
      rig_advance (rig, 50 * MS);
      actions = rig_take (rig);
      n_sent += count (actions, "SEND 3");
    }
  g_assert_cmpuint (n_sent, ==, 5);
  rig_advance (rig, 18 * SECOND);
  rig_ack (rig);
  last = rig_take (rig);
  g_assert_cmpuint (count (last, "SEND 3"), ==, 0);
  rig_advance (rig, 2 * SECOND);
  g_free (last);
  last = rig_take (rig);
  g_assert_cmpuint (count (last, "SEND 3"), ==, 1);
  g_assert_cmpuint (count (last, "DONE "), ==, 15);
  rig_advance (rig, 15 * SECOND);
  g_free (last);
  last = rig_take (rig);
  g_assert_cmpuint (count (last, "SEND 3"), ==, 0);
}

static void
test_presence_after_identify (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("PR-06: goes with every identify, and is not sent twice; after a resume nothing is repeated");
  rig_go_stable (rig);
  dgw_engine_command (rig->engine, 1, 3, DND_PRESENCE, rig->now_us);
  rig_expect (rig, "SEND 3, DONE 1");
  rig_advance (rig, 3 * SECOND);
  g_free (rig_take (rig));
  rig_frame (rig, "{\"op\":9,\"d\":false}");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 2, STATUS waiting-for-ready");
  g_assert_nonnull (strstr (rig->sent, "\"status\":\"dnd\""));
  rig_ready (rig, "S2", 1);
  rig_expect (rig, "SESSION S2, ERROR -, STATUS ready, DISPATCH READY 1");
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_resumed (rig, 2);
  rig_expect (rig, "HELLO 40000, SEND 6 S2 1, STATUS resuming, ERROR -, STATUS ready, DISPATCH RESUMED 2");
}

static void
test_presence_while_away (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("A presence set while disconnected is sent after RESUMED, or goes with identify, or after READY if it came later");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  dgw_engine_set_presence (rig->engine, 1, IDLE_PRESENCE, rig->now_us);
  dgw_engine_set_presence (rig->engine, 2, DND_PRESENCE, rig->now_us);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_resumed (rig, 6);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming, ERROR -, STATUS ready, DISPATCH RESUMED 6, SEND 3, DONE 1, DONE 2");
  g_assert_nonnull (strstr (rig->sent, "dnd"));

  rig_frame (rig, "{\"op\":9,\"d\":false}");
  dgw_engine_set_presence (rig->engine, 3, IDLE_PRESENCE, rig->now_us);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 2, DONE 3, STATUS waiting-for-ready");
  dgw_engine_set_presence (rig->engine, 4, DND_PRESENCE, rig->now_us);
  rig_ready (rig, "S2", 1);
  rig_expect (rig, "SESSION S2, ERROR -, STATUS ready, DISPATCH READY 1, SEND 3, DONE 4");
}

static void
test_presence_while_closed (void)
{
  g_autoptr (Rig) rig = rig_new ();
  DgwResumeState state = {.session_id = (char *)"S9", .sequence = 9};

  g_test_summary ("A presence set before open is only stored; a session that is then resumed does not know it yet");
  dgw_engine_set_presence (rig->engine, 1, IDLE_PRESENCE, rig->now_us);
  rig_expect (rig, "DONE 1");
  dgw_engine_set_session (rig->engine, &state);
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  g_free (rig_take (rig));
  rig_resumed (rig, 10);
  rig_expect (rig, "STATUS ready, DISPATCH RESUMED 10, SEND 3");
}

static void
test_presence_taken_back (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("No presence any more: the bot shows what it would without one");
  rig_go_live (rig);
  dgw_engine_set_presence (rig->engine, 1, NULL, rig->now_us);
  rig_expect (rig, "DONE 1");
  dgw_engine_set_presence (rig->engine, 2, IDLE_PRESENCE, rig->now_us);
  dgw_engine_set_presence (rig->engine, 3, NULL, rig->now_us);
  rig_expect (rig, "SEND 3, DONE 2, SEND 3, DONE 3");
  g_assert_nonnull (strstr (rig->sent, "\"status\":\"online\""));
  rig_frame (rig, "{\"op\":9,\"d\":false}");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  g_free (rig_take (rig));
  g_assert_null (strstr (rig->sent, "presence"));
}

static void
test_presence_too_large_for_identify (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *fill = g_strnfill (3990, 'x');
  g_autofree char *presence = g_strdup_printf ("{\"status\":\"%s\"}", fill);

  g_test_summary ("SND-01: a presence that does not fit beside the rest of identify is sent after READY");
  dgw_engine_set_presence (rig->engine, 1, presence, rig->now_us);
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_WAITING_FOR_READY);
  g_free (rig_take (rig));
  g_assert_null (strstr (rig->sent, "xxx"));
  rig_ready (rig, "S1", 1);
  rig_expect (rig, "SESSION S1, STATUS ready, DISPATCH READY 1, SEND 3");
  g_assert_nonnull (strstr (rig->sent, "xxx"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();
  g_test_add_func ("/dgw/engine/engine-send/held-back", test_held_back);
  g_test_add_func ("/dgw/engine/engine-send/survives", test_survives);
  g_test_add_func ("/dgw/engine/engine-send/window", test_window);
  g_test_add_func ("/dgw/engine/engine-send/beat-overtakes", test_beat_overtakes);
  g_test_add_func ("/dgw/engine/engine-send/room-for-beats", test_room_for_beats);
  g_test_add_func ("/dgw/engine/engine-send/fresh-window", test_fresh_window);
  g_test_add_func ("/dgw/engine/engine-send/sizes", test_sizes);
  g_test_add_func ("/dgw/engine/engine-send/bound", test_bound);
  g_test_add_func ("/dgw/engine/engine-send/fail-on-failure", test_fail_on_failure);
  g_test_add_func ("/dgw/engine/engine-send/cancel", test_cancel);
  g_test_add_func ("/dgw/engine/engine-send/opcodes", test_opcodes);
  g_test_add_func ("/dgw/engine/engine-send/presence-limit", test_presence_limit);
  g_test_add_func ("/dgw/engine/engine-send/presence-after-identify", test_presence_after_identify);
  g_test_add_func ("/dgw/engine/engine-send/presence-while-away", test_presence_while_away);
  g_test_add_func ("/dgw/engine/engine-send/presence-while-closed", test_presence_while_closed);
  g_test_add_func ("/dgw/engine/engine-send/presence-taken-back", test_presence_taken_back);
  g_test_add_func ("/dgw/engine/engine-send/presence-too-large-for-identify", test_presence_too_large_for_identify);

  return g_test_run ();
}
