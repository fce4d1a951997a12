/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The simulator's own tools for texts of JSON. */

#include "testing/dgw-testing-json-private.h"

typedef struct
{
  const char *text;
  const char *path;
  const char *value; /* NULL: not there */
} Find;

static const Find finds[] = {
  {"{\"s\":1}",                                         "s",   "1"          },
  {" { \"a\" : { \"s\" : 2 } , \"s\" : [ 1 , { } ] } ", "s",   "[ 1 , { } ]"},
  {"{\"a\":{\"s\":2},\"s\":null}",                      "a.s", "2"          },
  {"{\"a\":\"\\\"s\\\":5\",\"s\":\"x\\\\\"}",           "s",   "\"x\\\\\""  },
  {"{\"a\":[\"}\",\"]\"],\"s\":-1.5e3}",                "s",   "-1.5e3"     },
  {"{\"a\":{\"s\":2}}",                                 "s",   NULL         },
  {"{\"a\":1}",                                         "a.s", NULL         },
  {"[]",                                                "s",   NULL         },
  {"",                                                  "s",   NULL         },
  {"{\"a",                                              "s",   NULL         },
  {"{\"a\":",                                           "s",   NULL         },
};

static void
test_find (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (finds); i++)
    {
      gsize            start = 0, end = 0;
      gboolean         found = dgw_testing_json_find (finds[i].text, finds[i].path, &start, &end);
      g_autofree char *value = found ? g_strndup (finds[i].text + start, end - start) : NULL;

      g_assert_cmpstr (value, ==, finds[i].value);
    }
}

static void
test_compact (void)
{
  g_autofree char *compact = dgw_testing_json_compact ("{\n \"a b\" :\t[ 1, \"x \\\" y\" ],\r\n\"c\": \"\\\\\" }", -1);

  g_assert_cmpstr (compact, ==, "{\"a b\":[1,\"x \\\" y\"],\"c\":\"\\\\\"}");
}

typedef struct
{
  const char *pattern;
  const char *text;
  gboolean    matches;
} Match;

static const Match matches[] = {
  {"{\"a\":1,\"b\":[1,2]}",   "{\"b\":[1,2],\"a\":1}", TRUE },
  {"{\"a\":\"*\"}",           "{\"a\":{\"x\":1}}",     TRUE },
  {"{\"a\":\"*\"}",           "{}",                    FALSE},
  {"{\"a\":1}",               "{\"a\":1,\"b\":2}",     FALSE},
  {"{\"a\":1,\"...\":\"*\"}", "{\"a\":1,\"b\":2}",     TRUE },
  {"{\"a\":1,\"...\":\"*\"}", "{\"b\":2}",             FALSE},
  {"[1,\"*\"]",               "[1,null]",              TRUE },
  {"[1]",                     "[1,2]",                 FALSE},
  {"{\"a\":null}",            "{\"a\":0}",             FALSE},
  {"{\"a\":\"1\"}",           "{\"a\":1}",             FALSE},
};

static void
test_matches (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (matches); i++)
    {
      g_autoptr (JsonNode) pattern = dgw_testing_json_parse (matches[i].pattern, -1, NULL);
      g_autoptr (JsonNode) node = dgw_testing_json_parse (matches[i].text, -1, NULL);

      g_assert_cmpint (dgw_testing_json_matches (pattern, node), ==, matches[i].matches);
    }
}

static void
test_parse (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_null (dgw_testing_json_parse (deep, -1, &error));
  g_assert_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE);
  g_clear_error (&error);
  g_assert_null (dgw_testing_json_parse ("", -1, &error));
  g_assert_error (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE);
}

static void
test_write (void)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);
  g_autofree char *text = NULL;
  char             all[33] = "";

  for (char c = 1; c < 32; c++)
    all[c - 1] = c;
  json_node_set_string (node, all);
  text = dgw_testing_json_write (node);
  for (const char *p = text; *p != '\0'; p++)
    g_assert_false (g_ascii_iscntrl (*p));
  g_assert_true (g_str_has_suffix (text, "\\u001e\\u001f\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/testing/json/find", test_find);
  g_test_add_func ("/dgw/testing/json/compact", test_compact);
  g_test_add_func ("/dgw/testing/json/matches", test_matches);
  g_test_add_func ("/dgw/testing/json/parse", test_parse);
  g_test_add_func ("/dgw/testing/json/write", test_write);
  return g_test_run ();
}
