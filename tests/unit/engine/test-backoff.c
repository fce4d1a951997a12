/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>

#include "engine/dgw-backoff-private.h"

#define MS    G_TIME_SPAN_MILLISECOND
#define S     ((gint64)G_USEC_PER_SEC)
#define START (1000 * S)

/* Asks twice, since asking changes nothing but the one-time parts. */
static void
assert_next_in (const DgwBackoff *backoff,
                gint64            least_us,
                gint64            most_us)
{
  DgwBackoff least = *backoff;
  DgwBackoff most = *backoff;

  g_assert_cmpint (dgw_backoff_next (&least, 0.0), ==, least_us);
  g_assert_cmpint (dgw_backoff_next (&most, 1.0), ==, most_us);
}

static void
test_first (void)
{
  DgwBackoff backoff = {0};

  g_test_summary ("BO-02: the first reconnect after a stable session comes within 0 to 100 ms");
  assert_next_in (&backoff, 0, 100 * MS);
  dgw_backoff_live (&backoff, START);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START + S);
  assert_next_in (&backoff, 0, 100 * MS);
}

static void
test_growth (void)
{
  const gint64 most_s[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
  DgwBackoff   backoff = {0};

  g_test_summary ("BO-02, peers B1, B2: doubles from 1 s to 60 s, half of it is random");
  for (gsize i = 0; i < G_N_ELEMENTS (most_s); i++)
    {
      dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START);
      assert_next_in (&backoff, most_s[i] * S / 2, most_s[i] * S);
    }
  for (int i = 0; i < 10000; i++)
    dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START);
  assert_next_in (&backoff, 30 * S, 60 * S);
}

static void
test_unstable (void)
{
  DgwBackoff backoff = {0};

  g_test_summary ("BO-03, peers A21: a session lost before it lasted 1 s counts as a failure");
  for (int i = 0; i < 3; i++)
    {
      dgw_backoff_live (&backoff, START);
      dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START + S - 1);
    }
  assert_next_in (&backoff, 2 * S, 4 * S);

  dgw_backoff_live (&backoff, START);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START + S);
  assert_next_in (&backoff, 0, 100 * MS);
}

static void
test_live_counts_once (void)
{
  DgwBackoff backoff = {0};

  g_test_summary ("BO-03: only the attempt that went live profits from it");
  dgw_backoff_live (&backoff, START);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START + 10 * S);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START + 20 * S);
  assert_next_in (&backoff, S / 2, S);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START + 30 * S);
  assert_next_in (&backoff, S, 2 * S);
}

static void
test_requested (void)
{
  DgwBackoff backoff = {0};

  g_test_summary ("RC-04: opcode 7 has no backoff at first; a gateway that does nothing else has");
  dgw_backoff_ended (&backoff, DGW_BACKOFF_REQUESTED, START);
  assert_next_in (&backoff, 0, 100 * MS);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_REQUESTED, START);
  assert_next_in (&backoff, S / 2, S);

  dgw_backoff_live (&backoff, START);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_REQUESTED, START + S);
  assert_next_in (&backoff, 0, 100 * MS);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_REQUESTED, START + S);
  assert_next_in (&backoff, 0, 100 * MS);
}

static void
test_invalidated (void)
{
  const gint64 least_s[] = {1, 5, 10, 20, 30, 30};
  const gint64 most_s[] = {5, 10, 20, 40, 60, 60};
  DgwBackoff   backoff = {0};

  g_test_summary ("IS-05, IS-07, BO-04: 1 to 5 s before an identify after opcode 9, growing");
  for (gsize i = 0; i < G_N_ELEMENTS (least_s); i++)
    {
      dgw_backoff_invalidated (&backoff);
      dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START);
      assert_next_in (&backoff, least_s[i] * S, most_s[i] * S);
      dgw_backoff_next (&backoff, 0.0);
    }

  dgw_backoff_live (&backoff, START);
  dgw_backoff_invalidated (&backoff);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START + S);
  g_test_message ("the count was wiped by the stable session, also when opcode 9 came before its end was noted");
  assert_next_in (&backoff, S, 5 * S);
}

static void
test_invalidated_once (void)
{
  DgwBackoff backoff = {0};

  g_test_summary ("IS-05: the delay of opcode 9 is for one wait only");
  dgw_backoff_invalidated (&backoff);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START);
  g_assert_cmpint (dgw_backoff_next (&backoff, 0.0), ==, S);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START);
  assert_next_in (&backoff, S, 2 * S);
}

static void
test_minimum (void)
{
  DgwBackoff backoff = {0};

  g_test_summary ("CON-14: Retry-After is a minimum of the next delay, and of that one only");
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START);
  dgw_backoff_require (&backoff, 90 * S);
  dgw_backoff_require (&backoff, 3 * S);
  assert_next_in (&backoff, 90 * S, 90 * S);
  g_assert_cmpint (dgw_backoff_next (&backoff, 1.0), ==, 90 * S);
  assert_next_in (&backoff, S / 2, S);

  dgw_backoff_require (&backoff, 300 * MS);
  assert_next_in (&backoff, 500 * MS, S);
}

static void
test_odd_numbers (void)
{
  DgwBackoff backoff = {0};

  g_test_summary ("Peers E9: no delay is negative or beyond its range");
  dgw_backoff_require (&backoff, -5 * S);
  g_assert_cmpint (dgw_backoff_next (&backoff, -3.0), ==, 0);
  g_assert_cmpint (dgw_backoff_next (&backoff, 7.0), ==, 100 * MS);
  dgw_backoff_ended (&backoff, DGW_BACKOFF_FAILED, START);
  dgw_backoff_reset (&backoff);
  assert_next_in (&backoff, 0, 100 * MS);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/backoff/first", test_first);
  g_test_add_func ("/dgw/engine/backoff/growth", test_growth);
  g_test_add_func ("/dgw/engine/backoff/unstable", test_unstable);
  g_test_add_func ("/dgw/engine/backoff/live-counts-once", test_live_counts_once);
  g_test_add_func ("/dgw/engine/backoff/requested", test_requested);
  g_test_add_func ("/dgw/engine/backoff/invalidated", test_invalidated);
  g_test_add_func ("/dgw/engine/backoff/invalidated-once", test_invalidated_once);
  g_test_add_func ("/dgw/engine/backoff/minimum", test_minimum);
  g_test_add_func ("/dgw/engine/backoff/odd-numbers", test_odd_numbers);

  return g_test_run ();
}
