/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>

#include "engine/dgw-heartbeat-private.h"

#define MS     G_TIME_SPAN_MILLISECOND
#define S      ((gint64)G_USEC_PER_SEC)
#define START  (1000 * S)
#define PERIOD (40 * S)

static void
beat_at (DgwHeartbeat *heartbeat,
         gint64        now_us)
{
  g_assert_true (dgw_heartbeat_is_due (heartbeat, now_us));
  dgw_heartbeat_sent_scheduled (heartbeat, now_us);
}

static void
test_not_running (void)
{
  DgwHeartbeat heartbeat = {0};

  g_test_summary ("HB-16: without HELLO nothing is due and nothing counts");
  g_assert_cmpint (dgw_heartbeat_get_deadline (&heartbeat), ==, G_MAXINT64);
  g_assert_false (dgw_heartbeat_is_due (&heartbeat, START + 1000 * S));
  g_assert_false (dgw_heartbeat_has_jumped (&heartbeat, START + 1000 * S));
  g_assert_false (dgw_heartbeat_acked (&heartbeat, START));
  dgw_heartbeat_sent_requested (&heartbeat, START);
  dgw_heartbeat_sent_scheduled (&heartbeat, START);
  g_assert_false (dgw_heartbeat_acked (&heartbeat, START));
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, -1);
  g_assert_cmpint (dgw_heartbeat_get_average_latency (&heartbeat), ==, -1);
}

static void
test_jitter (void)
{
  const double jitters[] = {0.0, 0.25, 0.5, 1.0};

  g_test_summary ("HB-02: the first beat comes after interval x jitter");
  for (gsize i = 0; i < G_N_ELEMENTS (jitters); i++)
    {
      DgwHeartbeat heartbeat;
      gint64       due_us = START + (gint64)(PERIOD * jitters[i]);

      dgw_heartbeat_start (&heartbeat, PERIOD, jitters[i], START);
      g_assert_cmpint (dgw_heartbeat_get_deadline (&heartbeat), ==, due_us);
      g_assert_false (dgw_heartbeat_is_due (&heartbeat, due_us - 1));
      g_assert_true (dgw_heartbeat_is_due (&heartbeat, due_us));
    }
}

static void
test_no_drift (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-03, HB-11: one beat each interval from the previous due time, however late each is sent");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.5, START);
  for (int i = 0; i < 1000; i++)
    {
      gint64 due_us = START + PERIOD / 2 + i * PERIOD;

      g_assert_cmpint (dgw_heartbeat_get_deadline (&heartbeat), ==, due_us);
      g_assert_false (dgw_heartbeat_is_due (&heartbeat, due_us - 1));
      beat_at (&heartbeat, due_us + (i % 7) * 100 * MS);
      dgw_heartbeat_acked (&heartbeat, due_us + S);
    }
}

static void
test_no_burst (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-15: beats that were overslept are not made up for, and the grid stays");
  dgw_heartbeat_start (&heartbeat, 100 * MS, 0.0, START);
  beat_at (&heartbeat, START + 950 * MS);
  g_assert_cmpint (dgw_heartbeat_get_deadline (&heartbeat), ==, START + 1000 * MS);

  beat_at (&heartbeat, START + 1100 * MS);
  g_assert_cmpint (dgw_heartbeat_get_deadline (&heartbeat), ==, START + 1200 * MS);
}

static void
test_zombie_silent (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-07: no ACK and no other frame: dead at the next beat");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.0, START);
  g_assert_cmpint (dgw_heartbeat_check (&heartbeat), ==, DGW_HEARTBEAT_OK);
  dgw_heartbeat_alive (&heartbeat, START);
  beat_at (&heartbeat, START);
  g_assert_cmpint (dgw_heartbeat_check (&heartbeat), ==, DGW_HEARTBEAT_DEAD);
}

static void
test_zombie_busy (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-07: no ACK but other frames: one interval more, then dead whatever comes");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.0, START);
  beat_at (&heartbeat, START);
  dgw_heartbeat_alive (&heartbeat, START + 1);
  g_assert_cmpint (dgw_heartbeat_check (&heartbeat), ==, DGW_HEARTBEAT_WAIT);
  beat_at (&heartbeat, START + PERIOD);
  dgw_heartbeat_alive (&heartbeat, START + PERIOD + 1);
  g_assert_cmpint (dgw_heartbeat_check (&heartbeat), ==, DGW_HEARTBEAT_DEAD);
}

static void
test_zombie_saved (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-07, peers D2, D3: a late ACK makes the connection whole again");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.0, START);
  beat_at (&heartbeat, START);
  dgw_heartbeat_alive (&heartbeat, START + 1);
  beat_at (&heartbeat, START + PERIOD);
  dgw_heartbeat_acked (&heartbeat, START + PERIOD + 2);
  g_assert_cmpint (dgw_heartbeat_check (&heartbeat), ==, DGW_HEARTBEAT_OK);
}

static void
test_requested_is_no_zombie (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-06: an answer to opcode 1 neither moves the schedule nor counts as a missing ACK");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.5, START);
  dgw_heartbeat_sent_requested (&heartbeat, START + 1);
  dgw_heartbeat_sent_requested (&heartbeat, START + 2);
  g_assert_cmpint (dgw_heartbeat_check (&heartbeat), ==, DGW_HEARTBEAT_OK);
  g_assert_cmpint (dgw_heartbeat_get_deadline (&heartbeat), ==, START + PERIOD / 2);
}

static void
test_latency (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-14, peers D6: last and average latency come from matched pairs only");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.0, START);
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, -1);
  beat_at (&heartbeat, START);
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, -1);
  g_assert_true (dgw_heartbeat_acked (&heartbeat, START + 30 * MS));
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, 30 * MS);

  beat_at (&heartbeat, START + PERIOD);
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, 30 * MS);
  g_assert_true (dgw_heartbeat_acked (&heartbeat, START + PERIOD + 50 * MS));
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, 50 * MS);
  g_assert_cmpint (dgw_heartbeat_get_average_latency (&heartbeat), ==, 40 * MS);
}

static void
test_stray_ack (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-14, peers D5: an ACK that nobody asked for changes nothing");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.0, START);
  g_assert_false (dgw_heartbeat_acked (&heartbeat, START));
  beat_at (&heartbeat, START);
  g_assert_true (dgw_heartbeat_acked (&heartbeat, START + 30 * MS));
  g_assert_false (dgw_heartbeat_acked (&heartbeat, START + 31 * MS));
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, 30 * MS);
  g_assert_cmpint (dgw_heartbeat_get_average_latency (&heartbeat), ==, 30 * MS);
}

static void
test_requested_latency (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-14, peers D8: with two beats under way the first ACK is for the first");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.0, START);
  beat_at (&heartbeat, START);
  dgw_heartbeat_sent_requested (&heartbeat, START + 20 * MS);
  g_assert_true (dgw_heartbeat_acked (&heartbeat, START + 30 * MS));
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, 30 * MS);
  g_assert_true (dgw_heartbeat_acked (&heartbeat, START + 60 * MS));
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, 40 * MS);
}

static void
test_lost_ack (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-14: after a lost ACK the next one gives no latency, those after it do");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.0, START);
  beat_at (&heartbeat, START);
  dgw_heartbeat_alive (&heartbeat, START + 1);
  beat_at (&heartbeat, START + PERIOD);
  g_assert_false (dgw_heartbeat_acked (&heartbeat, START + PERIOD + 30 * MS));
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, -1);
  g_assert_false (dgw_heartbeat_acked (&heartbeat, START + PERIOD + 31 * MS));

  beat_at (&heartbeat, START + 2 * PERIOD);
  g_assert_true (dgw_heartbeat_acked (&heartbeat, START + 2 * PERIOD + 10 * MS));
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, 10 * MS);
}

static void
test_many_requested (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-05: a flood of opcode 1 without ACKs stays within bounds");
  dgw_heartbeat_start (&heartbeat, PERIOD, 1.0, START);
  for (int i = 0; i < 1000; i++)
    dgw_heartbeat_sent_requested (&heartbeat, START + i);
  g_assert_false (dgw_heartbeat_acked (&heartbeat, START + 1000));
  dgw_heartbeat_sent_requested (&heartbeat, START + 2000);
  g_assert_true (dgw_heartbeat_acked (&heartbeat, START + 2005));
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, 5);
}

static void
test_jump (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-15: a gap of more than an interval between inputs is a suspended host");
  dgw_heartbeat_start (&heartbeat, PERIOD, 1.0, START);
  g_assert_false (dgw_heartbeat_has_jumped (&heartbeat, START + PERIOD));
  g_assert_false (dgw_heartbeat_has_jumped (&heartbeat, START + 2 * PERIOD + S));
  g_assert_true (dgw_heartbeat_has_jumped (&heartbeat, START + 12 * PERIOD));
  g_assert_false (dgw_heartbeat_has_jumped (&heartbeat, START + 11 * PERIOD));
  g_assert_false (dgw_heartbeat_has_jumped (&heartbeat, START + 13 * PERIOD));
}

static void
test_restart (void)
{
  DgwHeartbeat heartbeat;

  g_test_summary ("HB-01: each HELLO starts anew with its own interval, nothing is left of the old");
  dgw_heartbeat_start (&heartbeat, PERIOD, 0.0, START);
  beat_at (&heartbeat, START);
  dgw_heartbeat_acked (&heartbeat, START + 1);
  beat_at (&heartbeat, START + PERIOD);

  dgw_heartbeat_start (&heartbeat, 50 * MS, 1.0, START + 2 * PERIOD);
  g_assert_cmpint (dgw_heartbeat_check (&heartbeat), ==, DGW_HEARTBEAT_OK);
  g_assert_cmpint (dgw_heartbeat_get_deadline (&heartbeat), ==, START + 2 * PERIOD + 50 * MS);
  g_assert_cmpint (dgw_heartbeat_get_latency (&heartbeat), ==, -1);
  g_assert_false (dgw_heartbeat_acked (&heartbeat, START + 2 * PERIOD));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/heartbeat/not-running", test_not_running);
  g_test_add_func ("/dgw/engine/heartbeat/jitter", test_jitter);
  g_test_add_func ("/dgw/engine/heartbeat/no-drift", test_no_drift);
  g_test_add_func ("/dgw/engine/heartbeat/no-burst", test_no_burst);
  g_test_add_func ("/dgw/engine/heartbeat/zombie-silent", test_zombie_silent);
  g_test_add_func ("/dgw/engine/heartbeat/zombie-busy", test_zombie_busy);
  g_test_add_func ("/dgw/engine/heartbeat/zombie-saved", test_zombie_saved);
  g_test_add_func ("/dgw/engine/heartbeat/requested-is-no-zombie", test_requested_is_no_zombie);
  g_test_add_func ("/dgw/engine/heartbeat/latency", test_latency);
  g_test_add_func ("/dgw/engine/heartbeat/stray-ack", test_stray_ack);
  g_test_add_func ("/dgw/engine/heartbeat/requested-latency", test_requested_latency);
  g_test_add_func ("/dgw/engine/heartbeat/lost-ack", test_lost_ack);
  g_test_add_func ("/dgw/engine/heartbeat/many-requested", test_many_requested);
  g_test_add_func ("/dgw/engine/heartbeat/jump", test_jump);
  g_test_add_func ("/dgw/engine/heartbeat/restart", test_restart);

  return g_test_run ();
}
