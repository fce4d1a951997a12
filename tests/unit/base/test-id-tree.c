/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-id-tree-private.h"

#include <string.h>

#define N_BITS 12

/* Security: HASH-FLOOD */
static void
test_flood (void)
{
  g_autoptr (GTree) tree = dgw_id_tree_new ();
  guint weak_hash = 0;

  g_test_summary ("Ids that all fall together in g_str_hash() are found as fast as others");
  for (guint n = 0; n < 1u << N_BITS; n++)
    {
      char text[2 * N_BITS + 1] = "";

      /* 33 * 'E' + 'z' is 33 * 'F' + 'Y'. */
      for (guint bit = 0; bit < N_BITS; bit++)
        memcpy (text + 2 * bit, n & 1u << bit ? "FY" : "Ez", 2);
      weak_hash = n == 0 ? g_str_hash (text) : weak_hash;
      g_assert_cmpuint (g_str_hash (text), ==, weak_hash);
      g_tree_insert (tree, g_strdup (text), NULL);
    }
  g_assert_cmpint (g_tree_nnodes (tree), ==, 1 << N_BITS);
  g_assert_cmpint (g_tree_height (tree), <, 2 * N_BITS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/id-tree/security/flood", test_flood);

  return g_test_run ();
}
