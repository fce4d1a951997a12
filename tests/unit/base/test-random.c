/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-random-private.h"

static void
test_apart (void)
{
  guint32 number, expected;

  g_test_summary ("BO-06, peers D10, B20: a program's fixed seed decides nothing here, and its own numbers stay what they were");
  g_random_set_seed (7);
  expected = g_random_int ();

  g_random_set_seed (7);
  number = dgw_random_number ();
  g_assert_cmpuint (g_random_int (), ==, expected);

  /* Three times the same by chance is once in 10^19. */
  g_random_set_seed (7);
  g_assert_false (dgw_random_number () == number && dgw_random_number () == number);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/base/random/apart", test_apart);

  return g_test_run ();
}
