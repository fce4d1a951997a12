/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-set-private.h"

static void
test_str (void)
{
  char *field = NULL;

  g_test_summary ("dgw_set_str tells whether the value changed");
  g_assert_false (dgw_set_str (&field, NULL));
  g_assert_true (dgw_set_str (&field, "one"));
  g_assert_false (dgw_set_str (&field, "one"));
  g_assert_true (dgw_set_str (&field, field + 1));
  g_assert_cmpstr (field, ==, "ne");
  g_assert_true (dgw_set_str (&field, NULL));
  g_assert_null (field);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/set/str", test_str);

  return g_test_run ();
}
