/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "codec/dgw-json-private.h"
#include "codec/dgw-json-writer-private.h"

static void
test_string (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_test_summary ("ENV-12: quotes, backslashes and control characters are escaped, all else goes out as it is");
  dgw_json_append_string (text, "");
  dgw_json_append_string (text, "a\"b\\c/\b\f\n\r\t\x01\x1f\x7f\xc3\xa4\xf0\x9f\x98\x80");
  g_assert_cmpstr (text->str, ==, "\"\"\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xc3\xa4\xf0\x9f\x98\x80\"");
}

static void
test_every_character (void)
{
  g_test_summary ("ENV-12: what is written reads as it was, for every character of one byte");
  for (int c = 1; c < 0x80; c++)
    {
      const char string[] = {'<', (char)c, '>', '\0'};
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (DgwJson) json = NULL;

      dgw_json_append_string (text, string);
      json = dgw_json_new_copy (text->str, text->len);
      g_assert_true (dgw_json_parse (json, NULL));
      g_assert_cmpstr (dgw_json_view_get_string (dgw_json_get_root (json)), ==, string);
    }
}

static void
test_strings (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_test_summary ("Lists of none, one and several");
  dgw_json_append_strings (text, (const char *const[]){NULL});
  dgw_json_append_strings (text, (const char *const[]){"1", NULL});
  dgw_json_append_strings (text, (const char *const[]){"1", "\"", "3", NULL});
  g_assert_cmpstr (text->str, ==, "[][\"1\"][\"1\",\"\\\"\",\"3\"]");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/codec/json-writer/string", test_string);
  g_test_add_func ("/dgw/codec/json-writer/every-character", test_every_character);
  g_test_add_func ("/dgw/codec/json-writer/strings", test_strings);

  return g_test_run ();
}
