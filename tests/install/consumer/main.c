/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dgw.h>

int
main (void)
{
  g_assert_cmpstr (dgw_status_to_string (DGW_STATUS_READY), ==, "ready");

  return 0;
}
