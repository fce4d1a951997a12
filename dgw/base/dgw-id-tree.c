/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-id-tree-private.h"

#include <string.h>

static int
compare (gconstpointer      a,
         gconstpointer      b,
         gpointer user_data G_GNUC_UNUSED)
{
  return strcmp (a, b);
}

GTree *
dgw_id_tree_new (void)
{
  return g_tree_new_full (compare, NULL, g_free, NULL);
}
