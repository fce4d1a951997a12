/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

static void
test_matches_headers (void)
{
  g_test_summary ("The functions say what the macros say");
  g_assert_cmpuint (dgw_get_major_version (), ==, DGW_MAJOR_VERSION);
  g_assert_cmpuint (dgw_get_minor_version (), ==, DGW_MINOR_VERSION);
  g_assert_cmpuint (dgw_get_micro_version (), ==, DGW_MICRO_VERSION);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/runtime-version/matches-headers", test_matches_headers);

  return g_test_run ();
}
