/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>

#include "engine/dgw-rate-limit-private.h"

#define S        ((gint64)G_USEC_PER_SEC)
#define START    (1000 * S)
#define WINDOW   (60 * S)
#define LIMIT    120
#define RESERVED 3
#define USABLE   (LIMIT - RESERVED)

static void
send_many (DgwRateLimit   *limit,
           DgwRateLimitUse use,
           guint           n_payloads,
           gint64          now_us)
{
  for (guint i = 0; i < n_payloads; i++)
    {
      g_assert_true (dgw_rate_limit_can_send (limit, use, now_us));
      dgw_rate_limit_sent (limit, now_us);
    }
}

static void
test_boundary (void)
{
  g_auto (DgwRateLimit) limit = {0};

  g_test_summary ("SND-02, HB-13, peers E12: commands stop at 117 of 120, internal payloads at 120");
  dgw_rate_limit_init (&limit, LIMIT, RESERVED, WINDOW);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, 117, START);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START));
  send_many (&limit, DGW_RATE_LIMIT_INTERNAL, 1, START);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START));
  send_many (&limit, DGW_RATE_LIMIT_INTERNAL, 2, START);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_INTERNAL, START));

  g_assert_cmpint (dgw_rate_limit_next_slot_us (&limit, DGW_RATE_LIMIT_INTERNAL, START), ==, START + WINDOW);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_INTERNAL, START + WINDOW - 1));
  g_assert_true (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START + WINDOW));
}

static void
test_internal_counts (void)
{
  g_auto (DgwRateLimit) limit = {0};

  g_test_summary ("SND-02: heartbeats count, so the slots of commands shrink when the reserve is exceeded");
  dgw_rate_limit_init (&limit, LIMIT, RESERVED, WINDOW);
  send_many (&limit, DGW_RATE_LIMIT_INTERNAL, 10, START);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, 107, START);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START));
}

static void
test_slides (void)
{
  g_auto (DgwRateLimit) limit = {0};

  g_test_summary ("SND-03: 117 at the end of a minute leave no room right after it");
  dgw_rate_limit_init (&limit, LIMIT, RESERVED, WINDOW);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, USABLE, START + 59 * S);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START + 61 * S));
  g_assert_cmpint (dgw_rate_limit_next_slot_us (&limit, DGW_RATE_LIMIT_COMMAND, START + 61 * S), ==, START + 119 * S);
}

static void
test_next_slot (void)
{
  g_auto (DgwRateLimit) limit = {0};

  g_test_summary ("SND-03: each payload frees its own slot, one window after it was sent");
  dgw_rate_limit_init (&limit, 4, 1, WINDOW);
  for (int i = 0; i < 4; i++)
    dgw_rate_limit_sent (&limit, START + i * S);

  g_assert_cmpint (dgw_rate_limit_next_slot_us (&limit, DGW_RATE_LIMIT_INTERNAL, START + 4 * S), ==, START + WINDOW);
  g_assert_cmpint (dgw_rate_limit_next_slot_us (&limit, DGW_RATE_LIMIT_COMMAND, START + 4 * S), ==, START + S + WINDOW);
  g_assert_cmpint (dgw_rate_limit_next_slot_us (&limit, DGW_RATE_LIMIT_COMMAND, START + 2 * WINDOW), ==, START + 2 * WINDOW);
}

static void
test_reset (void)
{
  g_auto (DgwRateLimit) limit = {0};

  g_test_summary ("SND-04, peers E4: a new connection has a fresh window");
  dgw_rate_limit_init (&limit, LIMIT, RESERVED, WINDOW);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, USABLE, START);
  dgw_rate_limit_reset (&limit);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, USABLE, START);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START));
}

static void
test_presence (void)
{
  g_auto (DgwRateLimit) limit = {0};

  g_test_summary ("PR-03, peers H2: 5 presence updates in 20 s, and some time for the way");
  dgw_rate_limit_init (&limit, DGW_RATE_LIMIT_PRESENCES, 0, DGW_RATE_LIMIT_PRESENCE_WINDOW_US);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, 5, START);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START + 20 * S));
  g_assert_true (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START + 21 * S));
  g_assert_cmpint (DGW_RATE_LIMIT_WINDOW_US, >, WINDOW);
}

static void
test_change_limit (void)
{
  g_auto (DgwRateLimit) limit = {0};

  g_test_summary ("SND-02: new numbers keep count of what was sent");
  dgw_rate_limit_init (&limit, 10, 2, WINDOW);
  for (int i = 0; i < 15; i++)
    dgw_rate_limit_sent (&limit, START + i);
  dgw_rate_limit_set_limit (&limit, 4, 1);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_INTERNAL, START + 15));
  g_assert_cmpint (dgw_rate_limit_next_slot_us (&limit, DGW_RATE_LIMIT_INTERNAL, START + 15), ==, START + 11 + WINDOW);

  dgw_rate_limit_set_limit (&limit, 20, 1);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, 15, START + 20);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START + 20));
  g_assert_true (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_INTERNAL, START + 20));
}

static void
test_odd_numbers (void)
{
  g_auto (DgwRateLimit) limit = {0};

  g_test_summary ("A reserve of everything still lets one command through");
  dgw_rate_limit_init (&limit, 1, 5, WINDOW);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, 1, START);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_INTERNAL, START));

  dgw_rate_limit_set_limit (&limit, 3, 3);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START));
  send_many (&limit, DGW_RATE_LIMIT_INTERNAL, 2, START);
}

/* The rule as Discord states it, over a plain list of all send times. */
static guint
count_in_window (GArray *sent,
                 gint64  now_us)
{
  guint n_sent = 0;

  for (guint i = 0; i < sent->len; i++)
    if (g_array_index (sent, gint64, i) > now_us - WINDOW)
      n_sent++;

  return n_sent;
}

static void
play_against_model (guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (GArray) sent = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (DgwRateLimit) limit = {0};
  gint64 now_us = START;

  dgw_rate_limit_init (&limit, LIMIT, RESERVED, WINDOW);
  for (int i = 0; i < 3000; i++)
    {
      DgwRateLimitUse use = g_rand_int_range (random, 0, 20) == 0 ? DGW_RATE_LIMIT_INTERNAL : DGW_RATE_LIMIT_COMMAND;
      guint           usable = use == DGW_RATE_LIMIT_INTERNAL ? LIMIT : USABLE;
      gint64          slot_us = dgw_rate_limit_next_slot_us (&limit, use, now_us);

      g_assert_cmpint (slot_us <= now_us, ==, count_in_window (sent, now_us) < usable);
      if (slot_us > now_us)
        {
          g_assert_cmpuint (count_in_window (sent, slot_us - 1), >=, usable);
          now_us = slot_us;
        }
      g_assert_cmpuint (count_in_window (sent, now_us), <, usable);
      dgw_rate_limit_sent (&limit, now_us);
      g_array_append_val (sent, now_us);
      if (g_rand_int_range (random, 0, 50) == 0)
        now_us += g_rand_int_range (random, 0, 90 * S);
    }
}

static void
test_model (void)
{
  g_test_summary ("SND-02, peers E1: against a model of the rule, never more than 120 in any window and never a needless wait");
  for (guint32 seed = 1; seed <= 5; seed++)
    play_against_model (seed);
}

static void
test_none (void)
{
  g_auto (DgwRateLimit) limit = {0};

  g_test_summary ("SND-03: a limit of 0 is none, and may be set and taken back");
  dgw_rate_limit_init (&limit, 0, RESERVED, WINDOW);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, 1000, START);
  g_assert_true (dgw_rate_limit_has_room (&limit, 1000, START));
  dgw_rate_limit_set_limit (&limit, LIMIT, RESERVED);
  send_many (&limit, DGW_RATE_LIMIT_COMMAND, USABLE, START);
  g_assert_false (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START));
  dgw_rate_limit_set_limit (&limit, 0, RESERVED);
  g_assert_true (dgw_rate_limit_can_send (&limit, DGW_RATE_LIMIT_COMMAND, START));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/rate-limit/boundary", test_boundary);
  g_test_add_func ("/dgw/engine/rate-limit/internal-counts", test_internal_counts);
  g_test_add_func ("/dgw/engine/rate-limit/slides", test_slides);
  g_test_add_func ("/dgw/engine/rate-limit/next-slot", test_next_slot);
  g_test_add_func ("/dgw/engine/rate-limit/reset", test_reset);
  g_test_add_func ("/dgw/engine/rate-limit/presence", test_presence);
  g_test_add_func ("/dgw/engine/rate-limit/change-limit", test_change_limit);
  g_test_add_func ("/dgw/engine/rate-limit/odd-numbers", test_odd_numbers);
  g_test_add_func ("/dgw/engine/rate-limit/model", test_model);
  g_test_add_func ("/dgw/engine/rate-limit/none", test_none);

  return g_test_run ();
}
