/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-holds-private.h"

static gint64
get (DgwHolds   *holds,
     const char *first,
     const char *second)
{
  const char *kinds[] = {first, second, NULL};

  return dgw_holds_get (holds, kinds);
}

static void
test_kinds (void)
{
  DgwHolds holds;

  g_test_summary ("RL-03: the longest hold of all kinds counts, others are not touched");
  dgw_holds_init (&holds);
  g_assert_cmpint (get (&holds, "8", "8:1"), ==, 0);
  dgw_holds_set (&holds, "8:1", 100, 50);
  g_assert_cmpint (get (&holds, "8", "8:1"), ==, 100);
  g_assert_cmpint (get (&holds, "8", "8:2"), ==, 0);
  dgw_holds_set (&holds, "8", 200, 60);
  g_assert_cmpint (get (&holds, "8", "8:1"), ==, 200);
  g_assert_cmpint (get (&holds, "8", NULL), ==, 200);
  dgw_holds_clear (&holds);
}

static void
test_longest (void)
{
  DgwHolds holds;

  g_test_summary ("A hold never gets shorter; those that are over are forgotten");
  dgw_holds_init (&holds);
  dgw_holds_set (&holds, "4", 300, 0);
  dgw_holds_set (&holds, "4", 200, 0);
  g_assert_cmpint (get (&holds, "4", NULL), ==, 300);
  dgw_holds_set (&holds, "31", 100, 200);
  g_assert_cmpint (get (&holds, "31", NULL), ==, 0);
  dgw_holds_set (&holds, "31", 400, 300);
  g_assert_cmpint (get (&holds, "4", NULL), ==, 0);
  g_assert_cmpuint (g_hash_table_size (holds.until_us), ==, 1);
  dgw_holds_drop (&holds, "31");
  dgw_holds_drop (&holds, "8");
  g_assert_cmpint (get (&holds, "31", NULL), ==, 0);
  dgw_holds_clear (&holds);
}

/* Security: BOUND-HOLDS */
static void
test_many (void)
{
  DgwHolds holds;

  g_test_summary ("A server that names very many kinds does not fill the memory");
  dgw_holds_init (&holds);
  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *kind = g_strdup_printf ("8:%u", i);

      dgw_holds_set (&holds, kind, 100, 0);
    }
  g_assert_cmpuint (g_hash_table_size (holds.until_us), <=, 1000);
  g_assert_cmpint (get (&holds, "8:1", NULL), ==, 100);
  dgw_holds_clear (&holds);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/holds/kinds", test_kinds);
  g_test_add_func ("/dgw/engine/holds/longest", test_longest);
  g_test_add_func ("/dgw/engine/holds/security/many", test_many);

  return g_test_run ();
}
