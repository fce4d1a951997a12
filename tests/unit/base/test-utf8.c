/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "base/dgw-utf8-private.h"

/* g_utf8_validate_len() is the truth. */
static void
assert_agrees (const char *text,
               gsize       length)
{
  g_assert_cmpint (dgw_utf8_is_valid (text, length), ==, g_utf8_validate_len (text, length, NULL));
}

static void
test_examples (void)
{
  g_test_summary ("SUP-09: overlong forms, surrogates, cut sequences and NUL are told from valid text");
  g_assert_true (dgw_utf8_is_valid ("", 0));
  g_assert_true (dgw_utf8_is_valid ("plain", 5));
  g_assert_true (dgw_utf8_is_valid ("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9));
  g_assert_true (dgw_utf8_is_valid ("\xf4\x8f\xbf\xbf", 4));
  g_assert_false (dgw_utf8_is_valid ("\xf4\x90\x80\x80", 4));
  g_assert_false (dgw_utf8_is_valid ("\xc0\x80", 2));
  g_assert_false (dgw_utf8_is_valid ("\xed\xa0\x80", 3));
  g_assert_false (dgw_utf8_is_valid ("\xe2\x82", 2));
  g_assert_false (dgw_utf8_is_valid ("a\0b", 3));
}

static void
test_bytes_in_context (void)
{
  char text[80];

  g_test_summary ("SUP-09: every byte at every place of a text of words answers as GLib does");
  for (gsize at = 0; at < sizeof text; at++)
    for (guint byte = 0; byte < 256; byte++)
      {
        memset (text, 'x', sizeof text);
        text[at] = (char)byte;
        assert_agrees (text, sizeof text);
      }
}

static void
test_pairs_in_sequences (void)
{
  char text[6] = "<\xf0\x90\x80\x80>";

  g_test_summary ("SUP-09: every lead byte with every second byte answers as GLib does");
  for (guint lead = 0x80; lead < 256; lead++)
    for (guint second = 0; second < 256; second++)
      {
        text[1] = (char)lead;
        text[2] = (char)second;
        for (gsize length = 2; length <= sizeof text; length++)
          assert_agrees (text, length);
        assert_agrees (text + 1, 2);
        assert_agrees (text + 1, 3);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/utf8/examples", test_examples);
  g_test_add_func ("/dgw/base/utf8/bytes-in-context", test_bytes_in_context);
  g_test_add_func ("/dgw/base/utf8/pairs-in-sequences", test_pairs_in_sequences);

  return g_test_run ();
}
