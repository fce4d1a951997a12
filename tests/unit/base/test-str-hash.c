/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-str-hash-private.h"

#include <string.h>

#define N_BITS 10

static void
test_vectors (void)
{
  static const guint64 key[2] = {0, 0};

  g_test_summary ("The same as Python 3.11's hash() of bytes, with PYTHONHASHSEED=0");
  g_assert_cmphex (dgw_sip_hash ("a", 1, key), ==, G_GUINT64_CONSTANT (0x407448d2b89b1813));
  g_assert_cmphex (dgw_sip_hash ("0123456789", 10, key), ==, G_GUINT64_CONSTANT (0x52b62a4184e1c734));
}

/* Security: HASH-FLOOD */
static void
test_collisions (void)
{
  g_autoptr (GHashTable) hashes = g_hash_table_new (NULL, NULL);
  guint weak_hash = 0;

  g_test_summary ("Strings that all fall together in g_str_hash() do not here");
  for (guint n = 0; n < 1u << N_BITS; n++)
    {
      char text[2 * N_BITS + 1] = "";

      /* 33 * 'E' + 'z' is 33 * 'F' + 'Y'. */
      for (guint bit = 0; bit < N_BITS; bit++)
        memcpy (text + 2 * bit, n & 1u << bit ? "FY" : "Ez", 2);
      if (n == 0)
        weak_hash = g_str_hash (text);
      g_assert_cmpuint (g_str_hash (text), ==, weak_hash);
      g_assert_cmpuint (dgw_str_hash (text), ==, dgw_str_hash (text));
      g_hash_table_add (hashes, GUINT_TO_POINTER (dgw_str_hash (text)));
    }
  g_assert_cmpuint (g_hash_table_size (hashes), >, (1u << N_BITS) - 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/str-hash/vectors", test_vectors);
  g_test_add_func ("/dgw/base/str-hash/security/collisions", test_collisions);

  return g_test_run ();
}
