/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-rig.h"

#define INTERVAL (40 * SECOND)

static void
test_first_beats (void)
{
  g_autoptr (Rig) rig = rig_new ();
  gint64 first_us;
  gint64 hello_us;

  g_test_summary ("HB-02, HB-03, HB-04, HB-11, D9: first after a random part, then each interval from the previous due time; d is null at first");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  hello_us = rig->now_us;
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "SEND 1 null");
  first_us = rig->now_us;
  g_assert_cmpint (first_us, >=, hello_us);
  g_assert_cmpint (first_us, <, hello_us + INTERVAL);
  rig_ack (rig);
  rig_ready (rig, "S1", 1);
  rig_dispatch (rig, "GUILD_CREATE", 2);
  rig_dispatch (rig, "GUILD_CREATE", 3);
  rig_frame (rig, "{\"op\":11,\"s\":99}");
  g_free (rig_take (rig));
  for (guint i = 1; i <= 10; i++)
    {
      g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, first_us + i * INTERVAL);
      rig->now_us = first_us + i * INTERVAL + 3 * MS; /* late, without drift */
      dgw_engine_tick (rig->engine, rig->now_us);
      rig_expect (rig, "SEND 1 3");
      rig_ack (rig);
      g_free (rig_take (rig));
    }
}

static void
test_jitter_spread (void)
{
  gint64 least_us = G_MAXINT64;
  gint64 most_us = 0;

  g_test_summary ("HB-02: the first beat may fall anywhere in the interval");
  for (guint32 seed = 0; seed < 64; seed++)
    {
      g_autoptr (Rig) rig = rig_new ();

      dgw_engine_free (rig->engine);
      rig->engine = dgw_engine_new (&rig->options, seed);
      dgw_engine_start (rig->engine, rig->now_us);
      dgw_engine_opened (rig->engine, rig->now_us);
      rig_hello (rig, 400);
      least_us = MIN (least_us, dgw_engine_get_deadline (rig->engine) - rig->now_us);
      most_us = MAX (most_us, dgw_engine_get_deadline (rig->engine) - rig->now_us);
    }
  g_assert_cmpint (least_us, <, 100 * MS);
  g_assert_cmpint (most_us, >, 300 * MS);
  g_assert_cmpint (most_us, <=, 400 * MS);
}

static void
test_interval_of_each_connection (void)
{
  g_autoptr (Rig) rig = rig_new ();
  gint64 first_us;

  g_test_summary ("HB-01, HB-16, RES-09: the clock starts anew with each HELLO; the kept sequence goes with the first beat");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  rig_tick (rig);
  g_free (rig_take (rig));
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, rig->now_us + 10 * SECOND);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_advance (rig, 9 * SECOND);
  rig_expect (rig, "STATUS waiting-for-hello");
  rig_hello (rig, 1000);
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "SEND 1 5");
  first_us = rig->now_us;
  rig_ack (rig);
  g_free (rig_take (rig));
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, first_us + SECOND);
}

/* Security: BOUND-SENDS */
static void
test_asked (void)
{
  g_autoptr (Rig) rig = rig_new ();
  gint64 due_us;

  g_test_summary ("HB-05, HB-06, D14: op 1 is answered at once, in every state after HELLO, and moves nothing");
  rig_go_live (rig);
  rig_tick (rig);
  rig_expect (rig, "SEND 1 1");
  due_us = dgw_engine_get_deadline (rig->engine);
  rig_frame (rig, "{\"op\":1,\"d\":null}");
  rig_expect (rig, "SEND 1 1");
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, due_us);
  rig->now_us += MS;
  rig_ack (rig);
  rig_ack (rig);
  g_free (rig_take (rig));
  rig_advance (rig, INTERVAL);
  rig_expect (rig, "SEND 1 1");
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_READY);
}

static void
test_zombie_silent (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("HB-07, HB-08, HB-09, D4, A16: no message since the beat: closed at the next, resumed at once without the peer");
  rig_go_live (rig);
  rig_tick (rig);
  rig_expect (rig, "SEND 1 1");
  rig_tick (rig);
  rig_expect (rig, "CLOSE 4903, DROP, ERROR heartbeat-lost, DISCONNECTED 4903 1, STATUS disconnected, RECONNECTING 1");
  g_assert_cmpint (rig->delay_us, <=, 100 * MS);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 1, STATUS resuming");
}

static void
test_zombie_talking (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("HB-07, D2: other messages buy one more interval, not two");
  rig_go_live (rig);
  rig_tick (rig);
  rig_expect (rig, "SEND 1 1");
  rig->now_us += SECOND;
  rig_dispatch (rig, "MESSAGE_CREATE", 2);
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "SEND 1 2");
  rig->now_us += SECOND;
  rig_dispatch (rig, "MESSAGE_CREATE", 3);
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "CLOSE 4903, DROP, ERROR heartbeat-lost, DISCONNECTED 4903 1, STATUS disconnected, RECONNECTING 1");
}

static void
test_part_of_a_payload (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("D3: a message that completes no payload is a sign of life");
  rig_go_live (rig);
  rig_tick (rig);
  rig->now_us += SECOND;
  dgw_engine_alive (rig->engine, rig->now_us);
  rig_tick (rig);
  rig_expect (rig, "SEND 1 1, SEND 1 1");
}

static void
test_busy_socket (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("A beat that is due goes out with the next message, whoever keeps the timer from firing");
  rig_go_live (rig);
  rig->now_us = dgw_engine_get_deadline (rig->engine) + MS;
  rig_dispatch (rig, "MESSAGE_CREATE", 2);
  rig_expect (rig, "SEND 1 1, DISPATCH MESSAGE_CREATE 2");
}

static void
test_sleep (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("HB-15, D15: after a sleep the connection is dead at once: one close, a resume, no burst");
  rig_go_stable (rig);
  rig_jump (rig, 600 * SECOND);
  rig_expect (rig, "CLOSE 4903, DROP, ERROR heartbeat-lost, DISCONNECTED 4903 1, STATUS disconnected, RECONNECTING 1");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
  rig_resumed (rig, 6);
  g_free (rig_take (rig));

  rig->now_us += 600 * SECOND;
  rig_dispatch (rig, "MESSAGE_CREATE", 7); /* woken by the socket */
  rig_expect (rig, "CLOSE 4903, DROP, ERROR heartbeat-lost, DISCONNECTED 4903 1, STATUS disconnected, RECONNECTING 1");
}

static void
test_late_close (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("HB-10: the server closed because beats were late: resumed");
  rig_go_stable (rig);
  rig->now_us += 100 * SECOND;
  rig_closed (rig, 4009 - 9);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
}

static void
test_latency (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("HB-14, D5, D6: latency of matched pairs; an ACK nobody asked for changes nothing");
  rig_go_live (rig);
  rig_ack (rig);
  rig_expect (rig, "");
  rig_tick (rig);
  rig->now_us += 30 * MS;
  rig_ack (rig);
  rig_ack (rig);
  rig_expect (rig, "SEND 1 1, ACKED 30000");
  rig_tick (rig);
  rig->now_us += 50 * MS;
  rig_ack (rig);
  rig_expect (rig, "SEND 1 1, ACKED 50000");
  g_assert_cmpint (rig->average_us, ==, 40 * MS);
}

static void
test_outage (void)
{
  g_autoptr (Rig) rig = rig_new ();
  guint n_beats = 0;

  g_test_summary ("HB-12: beats go on while READY does not come, as long as ready-timeout allows");
  rig->options.ready_timeout_ms = 3600 * 1000;
  rig_set_options (rig);
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  g_free (rig_take (rig));
  for (; n_beats < 20; n_beats++)
    {
      rig_tick (rig);
      rig_expect (rig, "SEND 1 null");
      rig_ack (rig);
      g_free (rig_take (rig));
    }
  rig_ready (rig, "S1", 1);
  rig_expect (rig, "SESSION S1, STATUS ready, DISPATCH READY 1");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();
  g_test_add_func ("/dgw/engine/engine-beat/first-beats", test_first_beats);
  g_test_add_func ("/dgw/engine/engine-beat/jitter-spread", test_jitter_spread);
  g_test_add_func ("/dgw/engine/engine-beat/interval-of-each-connection", test_interval_of_each_connection);
  g_test_add_func ("/dgw/engine/engine-beat/asked", test_asked);
  g_test_add_func ("/dgw/engine/engine-beat/zombie-silent", test_zombie_silent);
  g_test_add_func ("/dgw/engine/engine-beat/zombie-talking", test_zombie_talking);
  g_test_add_func ("/dgw/engine/engine-beat/part-of-a-payload", test_part_of_a_payload);
  g_test_add_func ("/dgw/engine/engine-beat/busy-socket", test_busy_socket);
  g_test_add_func ("/dgw/engine/engine-beat/sleep", test_sleep);
  g_test_add_func ("/dgw/engine/engine-beat/late-close", test_late_close);
  g_test_add_func ("/dgw/engine/engine-beat/latency", test_latency);
  g_test_add_func ("/dgw/engine/engine-beat/outage", test_outage);

  return g_test_run ();
}
