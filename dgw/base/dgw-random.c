/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-random-private.h"

#include <sys/random.h>

guint32
dgw_random_number (void)
{
  guint32 number;

  return getrandom (&number, sizeof number, 0) == sizeof number ? number : g_random_int ();
}
