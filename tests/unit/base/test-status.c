/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

static void
test_nicks (void)
{
  g_test_summary ("dgw_status_to_string gives the nick of the enum");
  g_assert_cmpstr (dgw_status_to_string (DGW_STATUS_UNCONNECTED), ==, "unconnected");
  g_assert_cmpstr (dgw_status_to_string (DGW_STATUS_WAITING_FOR_HELLO), ==, "waiting-for-hello");
  g_assert_cmpstr (dgw_status_to_string (DGW_STATUS_DISCONNECTED), ==, "disconnected");
}

static void
test_is_connected (void)
{
  g_test_summary ("Connected is everything from WAITING_FOR_HELLO to READY");
  g_assert_false (dgw_status_is_connected (DGW_STATUS_UNCONNECTED));
  g_assert_false (dgw_status_is_connected (DGW_STATUS_CONNECTING));
  g_assert_true (dgw_status_is_connected (DGW_STATUS_WAITING_FOR_HELLO));
  g_assert_true (dgw_status_is_connected (DGW_STATUS_RESUMING));
  g_assert_true (dgw_status_is_connected (DGW_STATUS_READY));
  g_assert_false (dgw_status_is_connected (DGW_STATUS_DISCONNECTED));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/status/nicks", test_nicks);
  g_test_add_func ("/dgw/base/status/is-connected", test_is_connected);

  return g_test_run ();
}
