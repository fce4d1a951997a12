/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <math.h>
#include <string.h>

#include "codec/dgw-json-glib-private.h"

static JsonNode *
new_node (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (DgwJson) json = dgw_json_new (bytes);

  return dgw_json_view_dup_node (dgw_json_get_root (json));
}

static void
test_round_trip (void)
{
  static const char *texts[] = {
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "-9223372036854775808",
    "0.5",
    "{\"op\":0,\"d\":{\"b\":[1,false,null,[{}]],\"a\":\"\xc3\xa9\\\"\\\\\\n\\u0001\"},\"\":1}",
  };

  g_test_summary ("Views become nodes and nodes become text, order and all");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = new_node (texts[i]);
      g_autofree char *text = dgw_json_node_to_text (node);

      g_assert_cmpstr (text, ==, texts[i]);
    }
}

static void
test_numbers (void)
{
  g_autoptr (JsonNode) large = new_node ("18446744073709551615");
  g_autoptr (JsonNode) exact = new_node ("9007199254740993");
  g_autoptr (JsonNode) real = new_node ("1.0");
  g_autoptr (JsonNode) huge = new_node ("1e999");

  g_test_summary ("ENV-13: integers stay integers as far as a JsonNode holds them");
  g_assert_true (json_node_get_value_type (exact) == G_TYPE_INT64);
  g_assert_cmpint (json_node_get_int (exact), ==, G_GINT64_CONSTANT (9007199254740993));
  g_assert_true (json_node_get_value_type (large) == G_TYPE_DOUBLE);
  g_assert_cmpfloat (json_node_get_double (large), ==, 18446744073709551615.0);
  g_assert_true (json_node_get_value_type (real) == G_TYPE_DOUBLE);
  g_assert_cmpfloat (json_node_get_double (huge), ==, G_MAXDOUBLE);
}

static void
test_odd_nodes (void)
{
  g_autoptr (JsonNode) nan = json_node_init_double (json_node_alloc (), NAN);
  g_autoptr (JsonNode) infinity = json_node_init_double (json_node_alloc (), INFINITY);
  g_autoptr (JsonNode) no_string = json_node_init_string (json_node_alloc (), NULL);
  g_autofree char *nan_text = dgw_json_node_to_text (nan);
  g_autofree char *infinity_text = dgw_json_node_to_text (infinity);
  g_autofree char *no_string_text = dgw_json_node_to_text (no_string);

  g_test_summary ("What JSON has no word for is written as null");
  g_assert_cmpstr (nan_text, ==, "null");
  g_assert_cmpstr (infinity_text, ==, "null");
  g_assert_cmpstr (no_string_text, ==, "null");
}

static void
test_missing (void)
{
  g_test_summary ("A view that leads nowhere gives no node");
  g_assert_null (new_node ("{"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/codec/json-glib/round-trip", test_round_trip);
  g_test_add_func ("/dgw/codec/json-glib/numbers", test_numbers);
  g_test_add_func ("/dgw/codec/json-glib/odd-nodes", test_odd_nodes);
  g_test_add_func ("/dgw/codec/json-glib/missing", test_missing);

  return g_test_run ();
}
