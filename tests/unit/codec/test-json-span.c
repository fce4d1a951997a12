/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "codec/dgw-json-span-private.h"

static DgwJson *
parse (const char *text)
{
  DgwJson *json = dgw_json_new_copy (text, strlen (text));
  g_autoptr (GError) error = NULL;

  dgw_json_parse (json, &error);
  g_assert_no_error (error);

  return json;
}

static void
assert_span (DgwJsonView view,
             const char *expected)
{
  gsize            length;
  const char      *start = dgw_json_view_get_span (view, &length);
  g_autofree char *found = g_strndup (start, length);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_places (void)
{
  static const char text[] =
    " {\"a\" : [ 1,\t-2.50e+1 ,true,null,\"x\\\"]}\\\\\" ],\"b\":{},\n\"c\":{\"d\":[[],[{}]],\"e\":\"\"} , \"f\":0 } ";
  g_autoptr (DgwJson) json = parse (text);
  DgwJsonView root = dgw_json_get_root (json);
  DgwJsonView a = dgw_json_view_get_member (root, "a");
  DgwJsonView c = dgw_json_view_get_member (root, "c");
  DgwJsonView d = dgw_json_view_get_member (c, "d");

  g_test_summary ("DAT-04: the text of each value is found as it came, blanks, escapes and all");
  assert_span (root, "{\"a\" : [ 1,\t-2.50e+1 ,true,null,\"x\\\"]}\\\\\" ],\"b\":{},\n\"c\":{\"d\":[[],[{}]],\"e\":\"\"} , \"f\":0 }");
  assert_span (a, "[ 1,\t-2.50e+1 ,true,null,\"x\\\"]}\\\\\" ]");
  assert_span (dgw_json_view_get_element (a, 0), "1");
  assert_span (dgw_json_view_get_element (a, 1), "-2.50e+1");
  assert_span (dgw_json_view_get_element (a, 2), "true");
  assert_span (dgw_json_view_get_element (a, 3), "null");
  assert_span (dgw_json_view_get_element (a, 4), "\"x\\\"]}\\\\\"");
  assert_span (dgw_json_view_get_member (root, "b"), "{}");
  assert_span (c, "{\"d\":[[],[{}]],\"e\":\"\"}");
  assert_span (d, "[[],[{}]]");
  assert_span (dgw_json_view_get_element (d, 0), "[]");
  assert_span (dgw_json_view_get_element (dgw_json_view_get_element (d, 1), 0), "{}");
  assert_span (dgw_json_view_get_member (c, "e"), "\"\"");
  assert_span (dgw_json_view_get_member (root, "f"), "0");
}

static void
test_nowhere (void)
{
  g_autoptr (DgwJson) json = parse ("{\"a\":1}");
  g_autoptr (DgwJson) scalar = parse ("7");
  gsize length = 5;

  g_test_summary ("A view that leads nowhere has no text; a text that is one value is that value");
  g_assert_null (dgw_json_view_get_span (dgw_json_view_get_member (dgw_json_get_root (json), "b"), &length));
  g_assert_cmpuint (length, ==, 0);
  assert_span (dgw_json_get_root (scalar), "7");
}

static gboolean
equal (const char *one,
       const char *other)
{
  g_autoptr (DgwJson) json = parse (one);
  g_autoptr (DgwJson) other_json = parse (other);
  gboolean is_equal = dgw_json_view_equal (dgw_json_get_root (json), dgw_json_get_root (other_json));

  g_assert_cmpint (is_equal, ==, dgw_json_view_equal (dgw_json_get_root (other_json), dgw_json_get_root (json)));

  return is_equal;
}

static void
test_equal (void)
{
  static const char *const alike[][2] = {
    {"null",                              "null"                          },
    {"true",                              "true"                          },
    {"1",                                 "1.0"                           },
    {"-0",                                "0"                             },
    {"1e2",                               "100"                           },
    {"9007199254740993",                  "9007199254740993"              },
    {"18446744073709551615",              "18446744073709551615"          },
    {"\"\\u00e4\"",                       "\"\xc3\xa4\""                  },
    {"[]",                                "[ ]"                           },
    {"[1,[2,{\"a\":null}]]",              "[1,[2,{\"a\":null}]]"          },
    {"{\"a\":1,\"b\":[2]}",               "{\"b\":[2],\"a\":1}"           },
    {"{\"a\":1,\"a\":2}",                 "{\"a\":1}"                     },
    {"{\"a\":1,\"b\":2,\"a\":3,\"b\":4}", "{\"b\":2,\"a\":1}"             },
    {"{}",                                "{}"                            },
    {"123456789012345678901234567890",    "123456789012345678901234567890"},
  };

  g_test_summary ("ENV-13: values are the same whatever the order of members, the form of a number or of a letter");
  for (gsize i = 0; i < G_N_ELEMENTS (alike); i++)
    {
      g_test_message ("%s and %s", alike[i][0], alike[i][1]);
      g_assert_true (equal (alike[i][0], alike[i][1]));
    }
}

static void
test_different (void)
{
  static const char *const different[][2] = {
    {"null",                 "false"               },
    {"0",                    "false"               },
    {"\"\"",                 "null"                },
    {"true",                 "false"               },
    {"1",                    "2"                   },
    {"1",                    "1.5"                 },
    {"-1",                   "18446744073709551615"},
    {"9007199254740993",     "9007199254740992"    },
    {"18446744073709551615", "18446744073709551614"},
    {"\"a\"",                "\"b\""               },
    {"\"1\"",                "1"                   },
    {"[]",                   "{}"                  },
    {"[1,2]",                "[2,1]"               },
    {"[1,2]",                "[1]"                 },
    {"[[1]]",                "[[2]]"               },
    {"{\"a\":1}",            "{\"a\":2}"           },
    {"{\"a\":1}",            "{\"b\":1}"           },
    {"{\"a\":null}",         "{}"                  },
    {"{\"a\":1,\"b\":2}",    "{\"a\":1}"           },
    {"{\"a\":{\"b\":1}}",    "{\"a\":{\"b\":2}}"   },
  };

  g_test_summary ("ENV-09, ENV-13: values that differ in anything are not the same, whichever comes first");
  for (gsize i = 0; i < G_N_ELEMENTS (different); i++)
    {
      g_test_message ("%s and %s", different[i][0], different[i][1]);
      g_assert_false (equal (different[i][0], different[i][1]));
    }
}

static void
test_views_nowhere (void)
{
  g_autoptr (DgwJson) json = parse ("{\"a\":null}");
  DgwJsonView root = dgw_json_get_root (json);
  DgwJsonView missing = dgw_json_view_get_member (root, "b");

  g_test_summary ("ENV-09: what is absent is not null, and the same as what is absent");
  g_assert_true (dgw_json_view_equal (missing, missing));
  g_assert_false (dgw_json_view_equal (missing, dgw_json_view_get_member (root, "a")));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/codec/json-span/places", test_places);
  g_test_add_func ("/dgw/codec/json-span/nowhere", test_nowhere);
  g_test_add_func ("/dgw/codec/json-span/equal", test_equal);
  g_test_add_func ("/dgw/codec/json-span/different", test_different);
  g_test_add_func ("/dgw/codec/json-span/views-nowhere", test_views_nowhere);

  return g_test_run ();
}
