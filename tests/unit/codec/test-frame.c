/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "codec/dgw-frame-private.h"

/* On one line: the output is TAP. */
static void
log_text (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  g_test_message ("%.200s", escaped);
}

static DgwJson *
new_json (const char *text,
          gsize       length)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, length);

  return dgw_json_new (bytes);
}

typedef struct
{
  const char *text;
  int         op;
  gint64      sequence;
  const char *name;
} Example;

static void
assert_example (const Example *example)
{
  g_autoptr (DgwJson) json = new_json (example->text, strlen (example->text));
  g_autoptr (GError) error = NULL;
  DgwFrame frame;

  log_text (example->text);
  dgw_frame_parse (&frame, json, &error);
  g_assert_no_error (error);
  g_assert_true (frame.json == json);
  g_assert_cmpint (frame.op, ==, example->op);
  g_assert_cmpint (frame.sequence, ==, example->sequence);
  g_assert_cmpstr (frame.name, ==, example->name);
  g_assert_cmpint (frame.type, ==, g_strcmp0 (example->name, "MESSAGE_CREATE") == 0 ? DGW_EVENT_TYPE_MESSAGE_CREATE : DGW_EVENT_TYPE_UNKNOWN);
}

static void
assert_fails (const char *text,
              gsize       length)
{
  g_autoptr (DgwJson) json = new_json (text, length);
  g_autoptr (GError) error = NULL;
  DgwFrame frame;

  log_text (text);
  g_assert_false (dgw_frame_parse (&frame, json, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL);
}

static void
test_hello (void)
{
  static const Example examples[] = {
    {"{\"op\":10,\"d\":{\"heartbeat_interval\":41250}}",                       10, -1, NULL},
    {"{\"t\":null,\"s\":null,\"op\":10,\"d\":{\"heartbeat_interval\":41250}}", 10, -1, NULL},
    {"{\"op\":11}",                                                            11, -1, NULL},
    {"{\"t\":null,\"s\":null,\"op\":11}",                                      11, -1, NULL},
    {"{\"t\":null,\"s\":null,\"op\":11,\"d\":null}",                           11, -1, NULL},
  };

  g_test_summary ("ENV-01: s and t null or absent");
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    assert_example (&examples[i]);
}

static void
test_sequence (void)
{
  static const Example examples[] = {
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":2147483648,\"op\":0,\"d\":{}}",           0, G_GINT64_CONSTANT (2147483648),       "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":9007199254740993,\"op\":0,\"d\":{}}",     0, G_GINT64_CONSTANT (9007199254740993), "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":9223372036854775807,\"op\":0,\"d\":{}}",  0, G_MAXINT64,                           "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":99999999999999999999,\"op\":0,\"d\":{}}", 0, -1,                                   "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":null,\"op\":0,\"d\":{}}",                 0, -1,                                   "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"op\":0,\"d\":{}}",                            0, -1,                                   "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":0,\"op\":0,\"d\":{}}",                    0, 0,                                    "MESSAGE_CREATE"},
  };

  g_test_summary ("ENV-02, ENV-13: the sequence beyond 32 bits and 2^53, null and absent");
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    assert_example (&examples[i]);
}

static void
test_unknown (void)
{
  static const Example examples[] = {
    {"{\"t\":\"FUTURE_EVENT\",\"s\":9,\"op\":0,\"d\":{}}",                      0,  9,  "FUTURE_EVENT"                                                 },
    {"{\"t\":\"\",\"s\":9,\"op\":0,\"d\":{}}",                                  0,  9,  ""                                                             },
    {"{\"t\":\"FUTURE\\u005fEVENT\",\"s\":9,\"op\":0,\"d\":{}}",                0,  9,  "FUTURE_EVENT"                                                 },
    {"{\"t\":\"A\\u0000B\",\"s\":9,\"op\":0,\"d\":{}}",                         0,  9,  "A\xef\xbf\xbd"
                                                              "B"},
    {"{\"t\":\"\xc3\xa9\",\"s\":9,\"op\":0,\"d\":{}}",                          0,  9,  "\xc3\xa9"                                                     },
    {"{\"t\":\"MESSAGE_CREAT\\u0045\",\"s\":9,\"op\":0,\"d\":{}}",              0,  9,  "MESSAGE_CREATE"                                               },
    {"{\"new\":{\"op\":3},\"t\":\"MESSAGE_CREATE\",\"s\":9,\"op\":0,\"d\":{}}", 0,  9,  "MESSAGE_CREATE"                                               },
    {"{\"op\":99,\"d\":{}}",                                                    99, -1, NULL                                                           },
    {"{\"op\":-1,\"d\":{}}",                                                    -1, -1, NULL                                                           },
  };

  g_test_summary ("ENV-03, ENV-04, ENV-05: names, keys and opcodes nobody knows");
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    assert_example (&examples[i]);
}

static void
test_name_outlives_frame (void)
{
  const char *text = "{\"t\":\"FUTURE_EVENT\",\"s\":9,\"op\":0,\"d\":{}}";
  g_autoptr (DgwJson) json = new_json (text, strlen (text));
  DgwFrame first;
  DgwFrame second;

  g_test_summary ("ENV-04: the document keeps the name of an unknown event, once");
  g_assert_true (dgw_frame_parse (&first, json, NULL));
  g_assert_true (dgw_frame_parse (&second, json, NULL));
  g_assert_true (first.name == second.name);
  g_assert_cmpstr (first.name, ==, "FUTURE_EVENT");
}

static void
test_orders (void)
{
  const char *members[] = {"\"op\":0", "\"s\":7", "\"t\":\"MESSAGE_CREATE\"", "\"d\":{\"op\":5,\"s\":1,\"t\":\"x\",\"y\":[\"}\"]}"};

  g_test_summary ("ENV-06: all 24 orders of the keys, with and without blanks");
  for (guint order = 0; order < 256; order++)
    {
      guint            a = order & 3, b = order >> 2 & 3, c = order >> 4 & 3, d = order >> 6;
      g_autofree char *dense = NULL;
      g_autofree char *airy = NULL;

      if ((1 << a | 1 << b | 1 << c | 1 << d) != 15)
        continue;

      dense = g_strdup_printf ("{%s,%s,%s,%s}", members[a], members[b], members[c], members[d]);
      airy = g_strdup_printf (" \n{ %s ,\r\n%s\t, %s , %s } \n", members[a], members[b], members[c], members[d]);
      assert_example (&(Example){dense, 0, 7, "MESSAGE_CREATE"});
      assert_example (&(Example){airy, 0, 7, "MESSAGE_CREATE"});
    }
}

static void
test_types (void)
{
  static const Example examples[] = {
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":1,\"op\":\"0\",\"d\":{}}",      -1, 1,   "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":1,\"op\":null,\"d\":{}}",       -1, 1,   "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":1,\"op\":0.5,\"d\":{}}",        -1, 1,   "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":1,\"op\":0.0,\"d\":{}}",        0,  1,   "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":1,\"op\":4294967296,\"d\":{}}", -1, 1,   "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":\"1\",\"op\":0,\"d\":{}}",      0,  -1,  "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":-5,\"op\":0,\"d\":{}}",         0,  -1,  "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":1e2,\"op\":0,\"d\":{}}",        0,  100, "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":[1],\"op\":0,\"d\":{}}",        0,  -1,  "MESSAGE_CREATE"},
    {"{\"t\":5,\"s\":1,\"op\":0,\"d\":{}}",                           0,  1,   NULL            },
    {"{\"t\":{},\"s\":1,\"op\":0,\"d\":{}}",                          0,  1,   NULL            },
    {"{}",                                                            -1, -1,  NULL            },
    {"{\"d\":{}}",                                                    -1, -1,  NULL            },
  };

  g_test_summary ("ENV-05: a wrong type in the envelope reads as absent");
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    assert_example (&examples[i]);
}

static void
test_repeated_keys (void)
{
  static const Example examples[] = {
    {"{\"op\":0,\"op\":9,\"s\":1,\"t\":\"MESSAGE_CREATE\",\"d\":{}}", 0, 1, "MESSAGE_CREATE"},
    {"{\"op\":0,\"s\":1,\"s\":2,\"t\":\"MESSAGE_CREATE\",\"d\":{}}",  0, 1, "MESSAGE_CREATE"},
    {"{\"op\":0,\"s\":1,\"t\":\"MESSAGE_CREATE\",\"d\":{},\"op\":9}", 0, 1, "MESSAGE_CREATE"},
  };

  g_test_summary ("ENV-06: of a key that is repeated the first counts, wherever the rest stands");
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    assert_example (&examples[i]);
}

static void
test_broken_data (void)
{
  static const Example examples[] = {
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":4,\"op\":0,\"d\":}",                   0, 4, "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":4,\"op\":0,\"d\":{\"a\":}}",           0, 4, "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":4,\"op\":0,\"d\":{}",                  0, 4, "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":4,\"op\":0,\"d\":[}",                  0, 4, "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":4,\"op\":0,\"d\":[]}",                 0, 4, "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":4,\"op\":0,\"d\":null}",               0, 4, "MESSAGE_CREATE"},
    {"{\"t\":\"MESSAGE_CREATE\",\"s\":4,\"op\":0,\"d\":{\"author\":\"x\"}}", 0, 4, "MESSAGE_CREATE"},
  };

  g_test_summary ("ENV-03, ENV-07: the envelope is read although d is broken or of another shape");
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    assert_example (&examples[i]);
}

static void
test_failures (void)
{
  static const char *texts[] = {
    "",
    " ",
    "{",
    "}",
    "[]",
    "null",
    "[{\"op\":1}]",
    "\"{}\"",
    "{]",
    "{,}",
    "{\"op\"}",
    "{\"op\":}",
    "{\"op\":11,}",
    "{\"op\":011}",
    "{\"op\":11}}",
    "{\"op\":11} x",
    "{\"op\":11}{\"op\":11}",
    "{\"t\":\"X\",\"s\":1,\"op\":0 \"d\":{}}",
    "{\"t\":\"X\",\"s\":1,\"op\":0",
    "{\"t\":\"X\",\"s\":1,\"op\":0}}",
    "{\"t\":\"X\",\"s\":1,\"op\":0,\"d\":{} ] ",
    "{\"t\":\"X}",
    "{\"t\":\"X\n\",\"s\":1,\"op\":0,\"d\":{}}",
    "{\"t\":\"X\xff\",\"s\":1,\"op\":0,\"d\":{}}",
    "{\"t\":\"X\",\"s\":1,\"op\":0,\"d\":{\"content\":\"\xed\xa0\x80\"}}",
    "{\"op\":nul}",
    "{\"t\":nul}",
    "{\"d\":{\"a\":},\"op\":0,\"s\":1,\"t\":\"X\"}",
    "<html>{}</html>",
  };
  static const char with_nul[] = "{\"t\":\"X\",\"s\":1,\"op\":0,\"d\":{\"content\":\"\0\"}}";

  g_test_summary ("ENV-08, SUP-09: what is no JSON object in UTF-8 is a protocol error");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_fails (texts[i], strlen (texts[i]));
  assert_fails (with_nul, sizeof with_nul - 1);
}

/* ---- writing ---- */

static void
assert_written (char       *text,
                const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_heartbeat (void)
{
  g_test_summary ("RES-09: heartbeats carry the sequence, or null before there is one");
  assert_written (dgw_frame_write_heartbeat (-1), "{\"op\":1,\"d\":null}");
  assert_written (dgw_frame_write_heartbeat (0), "{\"op\":1,\"d\":0}");
  assert_written (dgw_frame_write_heartbeat (G_GINT64_CONSTANT (5000000000)), "{\"op\":1,\"d\":5000000000}");
}

static void
test_identify (void)
{
  DgwIdentify identify = {
    .token = "a\"b",
    .intents = 513,
    .shard_count = 1,
    .os = "linux",
    .browser = "dgw",
    .device = "d\xc3\xa9",
  };

  g_test_summary ("ID-03, ID-04, ID-05, ID-06, ID-07, CMP-10: what is needed always, the rest only when set");
  assert_written (dgw_frame_write_identify (&identify),
                  "{\"op\":2,\"d\":{\"token\":\"a\\\"b\",\"intents\":513,\"properties\":{\"os\":\"linux\",\"browser\":\"dgw\",\"device\":\"d\xc3\xa9\"}}}");

  identify.compress = TRUE;
  identify.large_threshold = 250;
  identify.shard_id = 3;
  identify.shard_count = 4;
  identify.presence = "{\"status\":\"idle\"}";
  identify.capabilities = 32768;
  assert_written (dgw_frame_write_identify (&identify),
                  "{\"op\":2,\"d\":{\"token\":\"a\\\"b\",\"intents\":513,\"properties\":{\"os\":\"linux\",\"browser\":\"dgw\",\"device\":\"d\xc3\xa9\"},"
                  "\"compress\":true,\"large_threshold\":250,\"shard\":[3,4],\"presence\":{\"status\":\"idle\"},\"capabilities\":32768}}");
}

static void
test_resume (void)
{
  g_test_summary ("RES-02: token, session_id and seq");
  assert_written (dgw_frame_write_resume ("t", "s\n\x01", 9), "{\"op\":6,\"d\":{\"token\":\"t\",\"session_id\":\"s\\n\\u0001\",\"seq\":9}}");
}

static void
test_command (void)
{
  g_test_summary ("VS-01: a command's data go out as they are, null included");
  assert_written (dgw_frame_write_command (4, "{\"guild_id\":\"1\",\"channel_id\":null,\"self_mute\":false,\"self_deaf\":false}"),
                  "{\"op\":4,\"d\":{\"guild_id\":\"1\",\"channel_id\":null,\"self_mute\":false,\"self_deaf\":false}}");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/codec/frame/hello", test_hello);
  g_test_add_func ("/dgw/codec/frame/sequence", test_sequence);
  g_test_add_func ("/dgw/codec/frame/unknown", test_unknown);
  g_test_add_func ("/dgw/codec/frame/name-outlives-frame", test_name_outlives_frame);
  g_test_add_func ("/dgw/codec/frame/orders", test_orders);
  g_test_add_func ("/dgw/codec/frame/types", test_types);
  g_test_add_func ("/dgw/codec/frame/repeated-keys", test_repeated_keys);
  g_test_add_func ("/dgw/codec/frame/broken-data", test_broken_data);
  g_test_add_func ("/dgw/codec/frame/failures", test_failures);
  g_test_add_func ("/dgw/codec/frame/heartbeat", test_heartbeat);
  g_test_add_func ("/dgw/codec/frame/identify", test_identify);
  g_test_add_func ("/dgw/codec/frame/resume", test_resume);
  g_test_add_func ("/dgw/codec/frame/command", test_command);

  return g_test_run ();
}
