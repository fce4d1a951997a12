/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>

#include "engine/dgw-identify-buckets-private.h"

#define S      ((gint64)G_USEC_PER_SEC)
#define START  (1000 * S)
#define WINDOW (5 * S)
#define HOUR   (3600 * S)

static void
test_buckets (void)
{
  g_autoptr (DgwIdentifyBuckets) buckets = dgw_identify_buckets_new (2, WINDOW);
  guint64 ids[4];

  g_test_summary ("ID-09, SHD-06: 4 shards, concurrency 2: 0 and 1 at once, 2 and 3 after 5 s");
  for (guint i = 0; i < 4; i++)
    ids[i] = dgw_identify_buckets_add (buckets, i);

  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, ids[0]);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, ids[1]);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, 0);
  g_assert_cmpint (dgw_identify_buckets_get_deadline (buckets), ==, START + WINDOW);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + WINDOW - 1), ==, 0);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + WINDOW), ==, ids[2]);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + WINDOW), ==, ids[3]);
  g_assert_cmpint (dgw_identify_buckets_get_deadline (buckets), ==, G_MAXINT64);
}

static void
test_own_window (void)
{
  g_autoptr (DgwIdentifyBuckets) buckets = dgw_identify_buckets_new (2, WINDOW);
  guint64 first = dgw_identify_buckets_add (buckets, 0);
  guint64 second;
  guint64 third;

  g_test_summary ("ID-09: each bucket has a window of its own");
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, first);
  second = dgw_identify_buckets_add (buckets, 2);
  third = dgw_identify_buckets_add (buckets, 3);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + S), ==, third);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + S), ==, 0);
  g_assert_cmpint (dgw_identify_buckets_get_deadline (buckets), ==, START + WINDOW);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + WINDOW), ==, second);
}

static void
test_first_come (void)
{
  g_autoptr (DgwIdentifyBuckets) buckets = dgw_identify_buckets_new (1, WINDOW);
  guint64 ids[3];
  gint64  now_us = START;

  g_test_summary ("SHD-11: first come, first served, whatever the shard's number");
  ids[0] = dgw_identify_buckets_add (buckets, 9);
  ids[1] = dgw_identify_buckets_add (buckets, 0);
  ids[2] = dgw_identify_buckets_add (buckets, 4);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++, now_us += WINDOW)
    g_assert_cmpuint (dgw_identify_buckets_pop (buckets, now_us), ==, ids[i]);
}

static void
test_cancel (void)
{
  g_autoptr (DgwIdentifyBuckets) buckets = dgw_identify_buckets_new (1, WINDOW);
  guint64 first = dgw_identify_buckets_add (buckets, 0);
  guint64 second = dgw_identify_buckets_add (buckets, 1);
  guint64 third = dgw_identify_buckets_add (buckets, 2);

  g_test_summary ("ID-13: whose connection died while it waited takes no slot");
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, first);
  g_assert_true (dgw_identify_buckets_cancel (buckets, second));
  g_assert_false (dgw_identify_buckets_cancel (buckets, second));
  g_assert_false (dgw_identify_buckets_cancel (buckets, first));
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + WINDOW), ==, third);
}

static void
test_release (void)
{
  g_autoptr (DgwIdentifyBuckets) buckets = dgw_identify_buckets_new (2, WINDOW);
  guint64 first = dgw_identify_buckets_add (buckets, 0);
  guint64 second;

  g_test_summary ("ID-13: a slot that was not used is not lost; giving back twice gives nothing");
  dgw_identify_buckets_set_budget (buckets, 10, 1, START + HOUR, START);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, first);
  second = dgw_identify_buckets_add (buckets, 2);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, 0);
  dgw_identify_buckets_release (buckets, 2);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, 0);
  dgw_identify_buckets_release (buckets, 0);
  dgw_identify_buckets_release (buckets, 0);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, second);
  second = dgw_identify_buckets_add (buckets, 3);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, 0);
}

static void
test_budget (void)
{
  g_autoptr (DgwIdentifyBuckets) buckets = dgw_identify_buckets_new (16, WINDOW);
  guint64 id;

  g_test_summary ("ID-08: nothing is left: nothing goes out before the reset");
  dgw_identify_buckets_set_budget (buckets, 1000, 0, START + S / 2, START);
  id = dgw_identify_buckets_add (buckets, 0);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, 0);
  g_assert_cmpint (dgw_identify_buckets_get_deadline (buckets), ==, START + S / 2);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + S / 2 - 1), ==, 0);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + S / 2), ==, id);
}

static void
test_budget_counts (void)
{
  g_autoptr (DgwIdentifyBuckets) buckets = dgw_identify_buckets_new (16, WINDOW);
  guint64 last;

  g_test_summary ("ID-08, ID-15: each slot counts, over all shards; an answer that is behind does not add any");
  dgw_identify_buckets_set_budget (buckets, 2000, 2, START + HOUR, START);
  for (guint i = 0; i < 2; i++)
    {
      guint64 id = dgw_identify_buckets_add (buckets, i);

      g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, id);
    }
  last = dgw_identify_buckets_add (buckets, 2);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, 0);
  dgw_identify_buckets_set_budget (buckets, 2000, 1, START + HOUR + S, START + S);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + S), ==, 0);
  g_assert_cmpint (dgw_identify_buckets_get_deadline (buckets), ==, START + HOUR + S);

  dgw_identify_buckets_set_budget (buckets, 2000, 2000, START + 20 * HOUR, START + 2 * S);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + 2 * S), ==, last);
}

static void
test_max_concurrency (void)
{
  g_autoptr (DgwIdentifyBuckets) buckets = dgw_identify_buckets_new (0, WINDOW);
  guint64 ids[3];

  g_test_summary ("ID-15: the concurrency is learnt late, and what was granted before still counts");
  for (guint i = 0; i < 3; i++)
    ids[i] = dgw_identify_buckets_add (buckets, i);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, ids[0]);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START), ==, 0);
  dgw_identify_buckets_set_max_concurrency (buckets, 2);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + S), ==, ids[1]);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + S), ==, 0);
  g_assert_cmpuint (dgw_identify_buckets_pop (buckets, START + WINDOW), ==, ids[2]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/identify-buckets/buckets", test_buckets);
  g_test_add_func ("/dgw/engine/identify-buckets/own-window", test_own_window);
  g_test_add_func ("/dgw/engine/identify-buckets/first-come", test_first_come);
  g_test_add_func ("/dgw/engine/identify-buckets/cancel", test_cancel);
  g_test_add_func ("/dgw/engine/identify-buckets/release", test_release);
  g_test_add_func ("/dgw/engine/identify-buckets/budget", test_budget);
  g_test_add_func ("/dgw/engine/identify-buckets/budget-counts", test_budget_counts);
  g_test_add_func ("/dgw/engine/identify-buckets/max-concurrency", test_max_concurrency);

  return g_test_run ();
}
