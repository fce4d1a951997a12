/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <math.h>
#include <string.h>

#include "codec/dgw-json-private.h"

/* On one line: the output is TAP. */
static void
log_text (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%.200s", escaped);
}

static DgwJson *
new_json (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return dgw_json_new (bytes);
}

static DgwJsonView
get (DgwJson    *json,
     const char *name)
{
  return dgw_json_view_get_member (dgw_json_get_root (json), name);
}

static void
assert_unreadable (const char *text)
{
  g_autoptr (DgwJson) json = new_json (text);

  log_text (text);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (dgw_json_parse (json, &error));
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL);
    }
  g_assert_false (dgw_json_parse (json, NULL));
  g_assert_cmpint (dgw_json_view_get_kind (dgw_json_get_root (json)), ==, DGW_JSON_MISSING);
  g_assert_cmpint (dgw_json_view_get_kind (dgw_json_get_data (json)), ==, DGW_JSON_MISSING);
  g_assert_cmpstr (dgw_json_get_text (json, NULL), ==, text);
}

static void
test_kinds (void)
{
  g_autoptr (DgwJson) json = new_json ("{\"n\":null,\"b\":true,\"i\":1,\"r\":1.5,\"s\":\"x\",\"a\":[1],\"o\":{\"k\":1}}");

  g_test_summary ("ENV-09: every kind is told apart, absent from null too");
  g_assert_cmpint (dgw_json_view_get_kind (dgw_json_get_root (json)), ==, DGW_JSON_OBJECT);
  g_assert_cmpint (dgw_json_view_get_kind (get (json, "n")), ==, DGW_JSON_NULL);
  g_assert_cmpint (dgw_json_view_get_kind (get (json, "b")), ==, DGW_JSON_BOOLEAN);
  g_assert_cmpint (dgw_json_view_get_kind (get (json, "i")), ==, DGW_JSON_NUMBER);
  g_assert_cmpint (dgw_json_view_get_kind (get (json, "r")), ==, DGW_JSON_NUMBER);
  g_assert_cmpint (dgw_json_view_get_kind (get (json, "s")), ==, DGW_JSON_STRING);
  g_assert_cmpint (dgw_json_view_get_kind (get (json, "a")), ==, DGW_JSON_ARRAY);
  g_assert_cmpint (dgw_json_view_get_kind (get (json, "o")), ==, DGW_JSON_OBJECT);
  g_assert_cmpint (dgw_json_view_get_kind (get (json, "x")), ==, DGW_JSON_MISSING);
  g_assert_cmpuint (dgw_json_view_get_length (get (json, "a")), ==, 1);
  g_assert_cmpuint (dgw_json_view_get_length (get (json, "o")), ==, 1);
  g_assert_cmpuint (dgw_json_view_get_length (get (json, "s")), ==, 0);
}

static void
test_fallbacks (void)
{
  g_autoptr (DgwJson) json = new_json ("{\"s\":\"12\",\"i\":1,\"n\":null,\"a\":[\"x\"]}");
  const char *names[] = {"s", "n", "a", "x"};

  g_test_summary ("ENV-07: a wrong type or a missing value gives the fallback, whatever is asked for");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      DgwJsonView view = get (json, names[i]);

      g_assert_cmpint (dgw_json_view_get_int64 (view, 7), ==, 7);
      g_assert_cmpuint (dgw_json_view_get_uint64 (view, 7), ==, 7);
      g_assert_cmpfloat (dgw_json_view_get_double (view, 7), ==, 7);
      g_assert_true (dgw_json_view_get_boolean (view, TRUE));
      g_assert_false (dgw_json_view_is_integer (view));
      g_assert_cmpint (dgw_json_view_get_kind (dgw_json_view_get_member (view, "k")), ==, DGW_JSON_MISSING);
    }
  g_assert_null (dgw_json_view_get_string (get (json, "i")));
  g_assert_null (dgw_json_view_get_string (get (json, "x")));
  g_assert_cmpstr (dgw_json_view_get_string (dgw_json_view_get_element (get (json, "a"), 0)), ==, "x");
  g_assert_null (dgw_json_view_get_string (dgw_json_view_get_element (get (json, "a"), 1)));
  g_assert_null (dgw_json_view_get_string (dgw_json_view_get_element (get (json, "s"), 0)));
}

/* Security: BOUND-JSON */
static void
test_numbers (void)
{
  g_autoptr (DgwJson) json = new_json (
    "{\"a\":9007199254740993,\"b\":18446744073709551615,\"c\":-9223372036854775808,"
    "\"d\":18446744073709551616,\"e\":1e999,\"f\":5.0,\"g\":5.5,\"h\":9223372036854775808,"
    "\"i\":-1,\"j\":1e17,\"k\":2147483648,\"l\":-1e999,\"m\":-3.0,\"n\":1125899906842624}");

  g_test_summary ("ENV-13: integers of 64 bits are exact, larger numbers do not break the payload");
  g_assert_true (dgw_json_parse (json, NULL));
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "a"), 0), ==, G_GINT64_CONSTANT (9007199254740993));
  g_assert_cmpuint (dgw_json_view_get_uint64 (get (json, "b"), 0), ==, G_MAXUINT64);
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "b"), -7), ==, -7);
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "c"), 0), ==, G_MININT64);
  g_assert_cmpuint (dgw_json_view_get_uint64 (get (json, "c"), 7), ==, 7);
  g_assert_cmpint (dgw_json_view_get_kind (get (json, "d")), ==, DGW_JSON_NUMBER);
  g_assert_cmpuint (dgw_json_view_get_uint64 (get (json, "d"), 7), ==, 7);
  g_assert_cmpfloat (dgw_json_view_get_double (get (json, "d"), 0), ==, 18446744073709551616.0);
  g_assert_cmpfloat (dgw_json_view_get_double (get (json, "e"), 0), ==, G_MAXDOUBLE);
  g_assert_cmpfloat (dgw_json_view_get_double (get (json, "l"), 0), ==, -G_MAXDOUBLE);
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "f"), 0), ==, 5);
  g_assert_cmpuint (dgw_json_view_get_uint64 (get (json, "f"), 0), ==, 5);
  g_assert_false (dgw_json_view_is_integer (get (json, "f")));
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "g"), 7), ==, 7);
  g_assert_cmpfloat (dgw_json_view_get_double (get (json, "g"), 0), ==, 5.5);
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "h"), 7), ==, 7);
  g_assert_cmpuint (dgw_json_view_get_uint64 (get (json, "h"), 7), ==, G_GUINT64_CONSTANT (9223372036854775808));
  g_assert_cmpuint (dgw_json_view_get_uint64 (get (json, "i"), 7), ==, 7);
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "j"), 7), ==, 7);
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "k"), 0), ==, G_GINT64_CONSTANT (2147483648));
  g_assert_cmpfloat (dgw_json_view_get_double (get (json, "k"), 0), ==, 2147483648.0);
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "m"), 7), ==, -3);
  g_assert_cmpuint (dgw_json_view_get_uint64 (get (json, "m"), 7), ==, 7);
  g_assert_cmpint (dgw_json_view_get_int64 (get (json, "n"), 0), ==, G_GINT64_CONSTANT (1) << 50);
}

static void
test_odd_escapes (void)
{
  static const struct
  {
    const char *written;
    const char *read;
  } cases[] = {
    {"a\\u0000b",                       "a\xef\xbf\xbd"
                  "b"                                    },
    {"\\ud83d",                         "\xef\xbf\xbd"                    },
    {"\\ude00",                         "\xef\xbf\xbd"                    },
    {"\\ud83d\\ude00",                  "\xf0\x9f\x98\x80"                },
    {"\\ud83d\\ud83d\\ude00",           "\xef\xbf\xbd\xf0\x9f\x98\x80"    },
    {"\\ude00\\ud83d",                  "\xef\xbf\xbd\xef\xbf\xbd"        },
    {"\\ud83dx\\uDE00",                 "\xef\xbf\xbdx\xef\xbf\xbd"       },
    {"\\ud83d\\u0000",                  "\xef\xbf\xbd\xef\xbf\xbd"        },
    {"\\\\u0000",                       "\\u0000"                         },
    {"\\\\\\u0000",                     "\\\xef\xbf\xbd"                  },
    {"\\ud83d\\n",                      "\xef\xbf\xbd\n"                  },
    {"\\u00e9\xc3\xa9\xf0\x9f\x98\x80", "\xc3\xa9\xc3\xa9\xf0\x9f\x98\x80"},
    {"\\uD800\\uDBFF\\uDFFF",           "\xef\xbf\xbd\xf4\x8f\xbf\xbf"    },
  };

  g_test_summary ("ENV-12: NUL escapes and lone surrogates read as U+FFFD, in keys too; the text stays");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"k\":\"%s\",\"%s\":\"last\"}", cases[i].written, cases[i].written);
      g_autoptr (DgwJson) json = new_json (text);

      g_assert_true (dgw_json_parse (json, NULL));
      g_assert_cmpstr (dgw_json_view_get_string (get (json, "k")), ==, cases[i].read);
      g_assert_cmpstr (dgw_json_view_get_string (get (json, cases[i].read)), ==, "last");
      g_assert_cmpstr (dgw_json_get_text (json, NULL), ==, text);
    }
}

static void
test_long_strings (void)
{
  g_autofree char *content = g_strnfill (1024 * 1024, 'x');
  g_autofree char *text = g_strdup_printf ("{\"content\":\"%s\"}", content);
  g_autoptr (DgwJson) json = new_json (text);

  g_test_summary ("ENV-12: very long text");
  g_assert_cmpstr (dgw_json_view_get_string (get (json, "content")), ==, content);
}

/* Security: BOUND-JSON */
static void
test_unreadable (void)
{
  static const char *texts[] = {
    "",
    " ",
    "{",
    "}",
    "[1,]",
    "{\"a\":1,}",
    "{'a':1}",
    "{\"a\":NaN}",
    "{\"a\":Infinity}",
    "{\"a\":01}",
    "{\"a\":+1}",
    "{\"a\":.5}",
    "{\"a\":1} x",
    "{\"a\":1}{}",
    "/* */{}",
    "{\"a\":\"\\x\"}",
    "{\"a\":\"\\u12\"}",
    "{\"a\":\"\n\"}",
    "{\"a\":\"\xff\"}",
    "{\"a\":\"\\",
    "{\"a\":\"\\u",
    "{\"a\":\"\\ud83d\\u",
    "\xef\xbb\xbf{}",
    "nul",
  };

  g_test_summary ("ENV-08, SUP-09: whatever is not strict JSON is an error each time, and views lead nowhere");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_unreadable (texts[i]);
}

static char *
nest (guint       depth,
      const char *open,
      const char *close)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, open);
  g_string_append_c (text, '1');
  for (guint i = 0; i < depth; i++)
    g_string_append (text, close);

  return g_string_free (text, FALSE);
}

/* Security: BOUND-JSON */
static void
test_depth (void)
{
  static const struct
  {
    const char *open;
    const char *close;
    guint       depth; /* of the deepest level by itself */
  } cases[] = {
    {"[",                 "]",   0},
    {"{\"a\":",           "}",   0},
    {"[1,2,[3],",         "]",   1},
    {"[[],{},",           ",0]", 1},
    {"{\"b\":[0],\"a\":", "}",   1},
  };

  g_test_summary ("DAT-08: nesting is read to 512 levels, deeper is an error, without recursion");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fits = nest (512 - cases[i].depth, cases[i].open, cases[i].close);
      g_autofree char *deeper = nest (513 - cases[i].depth, cases[i].open, cases[i].close);
      g_autofree char *absurd = nest (200000, cases[i].open, cases[i].close);
      g_autoptr (DgwJson) json = new_json (fits);

      g_assert_true (dgw_json_parse (json, NULL));
      assert_unreadable (deeper);
      assert_unreadable (absurd);
    }
}

static void
test_wide (void)
{
  g_autoptr (GString) text = g_string_new ("[");

  g_test_summary ("Many values side by side are not taken for depth");
  for (guint i = 0; i < 2000; i++)
    g_string_append (text, "{\"a\":[[1]]},");
  g_string_append (text, "0]");

  {
    g_autoptr (DgwJson) json = new_json (text->str);

    g_assert_true (dgw_json_parse (json, NULL));
    g_assert_cmpuint (dgw_json_view_get_length (dgw_json_get_root (json)), ==, 2001);
  }
}

static void
test_iterate (void)
{
  g_autoptr (DgwJson) json = new_json ("{\"a\":[1,[2,2],3],\"b\":{\"c\":{}},\"d\":4}");
  g_autoptr (GString) walked = g_string_new (NULL);
  const char *name;
  DgwJsonView value;
  DgwJsonIter iter;

  g_test_summary ("Members and elements are walked in order");
  dgw_json_iter_init (&iter, dgw_json_get_root (json));
  while (dgw_json_iter_next (&iter, &name, &value))
    g_string_append_printf (walked, "%s:%d ", name, dgw_json_view_get_kind (value));
  dgw_json_iter_init (&iter, get (json, "a"));
  while (dgw_json_iter_next (&iter, &name, &value))
    g_string_append_printf (walked, "%s%d ", name == NULL ? "" : "?", dgw_json_view_get_kind (value));
  g_assert_cmpstr (walked->str, ==, "a:5 b:6 d:3 3 5 3 ");

  dgw_json_iter_init (&iter, get (json, "d"));
  g_assert_false (dgw_json_iter_next (&iter, NULL, &value));
  dgw_json_iter_init (&iter, get (json, "x"));
  g_assert_false (dgw_json_iter_next (&iter, NULL, &value));
}

static void
test_data (void)
{
  g_autoptr (DgwJson) json = new_json ("{\"op\":10,\"d\":{\"heartbeat_interval\":41250}}");
  g_autoptr (DgwJson) other = new_json ("[{\"d\":1}]");

  g_test_summary ("The payload's d");
  g_assert_cmpint (dgw_json_view_get_int64 (dgw_json_view_get_member (dgw_json_get_data (json), "heartbeat_interval"), 0), ==, 41250);
  g_assert_cmpint (dgw_json_view_get_kind (dgw_json_get_data (other)), ==, DGW_JSON_MISSING);
  g_assert_cmpuint (dgw_json_get_size (json), ==, strlen (dgw_json_get_text (json, NULL)));
}

static gpointer
read_content (gpointer data)
{
  DgwJsonView content = dgw_json_view_get_member (dgw_json_get_data (data), "content");
  const char *string = dgw_json_view_get_string (content);

  dgw_json_unref (data);

  return (gpointer)string;
}

static void
test_threads (void)
{
  g_test_summary ("Threads that ask at once see one tree");
  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (DgwJson) json = new_json ("{\"d\":{\"content\":\"x\"}}");
      GThread *threads[4];
      gpointer first;

      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("reader", read_content, dgw_json_ref (json));
      first = g_thread_join (threads[0]);
      g_assert_cmpstr (first, ==, "x");
      for (guint i = 1; i < G_N_ELEMENTS (threads); i++)
        g_assert_true (g_thread_join (threads[i]) == first);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/codec/json/kinds", test_kinds);
  g_test_add_func ("/dgw/codec/json/fallbacks", test_fallbacks);
  g_test_add_func ("/dgw/codec/json/numbers", test_numbers);
  g_test_add_func ("/dgw/codec/json/odd-escapes", test_odd_escapes);
  g_test_add_func ("/dgw/codec/json/long-strings", test_long_strings);
  g_test_add_func ("/dgw/codec/json/unreadable", test_unreadable);
  g_test_add_func ("/dgw/codec/json/depth", test_depth);
  g_test_add_func ("/dgw/codec/json/wide", test_wide);
  g_test_add_func ("/dgw/codec/json/iterate", test_iterate);
  g_test_add_func ("/dgw/codec/json/data", test_data);
  g_test_add_func ("/dgw/codec/json/threads", test_threads);

  return g_test_run ();
}
