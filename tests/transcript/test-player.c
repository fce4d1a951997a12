/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "dgw-player.h"
#include "dgw-transcript.h"

#define HEAD   "# proves: nothing\n"
#define HELLO  "< {\"op\":10,\"d\":{\"heartbeat_interval\":41250}}\n"
#define IDENT  "> {\"op\":2,\"d\":\"*\"}\n"
#define READY  "< {\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":{\"session_id\":\"S1\"}}\n"
#define OPEN   "* start\n! opened\n" HELLO
#define LIVE   OPEN IDENT READY
#define STRICT ": beats strict\n"

typedef struct
{
  const char *text;
  const char *part; /* of the error */
} Case;

static gboolean
play (const char *text,
      GError    **error)
{
  g_autofree char *whole = g_strconcat (HEAD, text, NULL);
  g_autoptr (DgwTranscript) transcript = dgw_transcript_new ("case", whole, error);
  g_autoptr (DgwPlayer) player = transcript ? dgw_player_new (transcript, 1) : NULL;

  return player && dgw_player_play (player, error);
}

static void
assert_fails (const Case *cases,
              gsize       n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].text);
      g_assert_false (play (cases[i].text, &error));
      g_assert_error (error, DGW_TRANSCRIPT_ERROR, 0);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

static void
test_wire (void)
{
  static const Case cases[] = {
    {OPEN,                                       "not expected before this line: send"   },
    {"* start\n",                                "not expected before this line: connect"},
    {OPEN "> {\"op\":6,\"d\":\"*\"}\n",          "is not"                                },
    {OPEN "> {\"op\":2}\n",                      "is not"                                },
    {OPEN "> {\"op\":2,\"d\":{}}\n",             "is not"                                },
    {LIVE IDENT,                                 "nothing"                               },
    {LIVE "= close\n",                           "nothing"                               },
    {LIVE "* stop close\n@ +1s\n",               "not expected before this line: close"  },
    {LIVE "* stop close\n= close 4000\n",        "closes with 1000"                      },
    {"* start\n= connect wss://other.example\n", "connects to"                           },
    {"* start\n= connect $gateway/?v=9\n",       "connects to"                           },
    {"* start\n= lookup\n",                      "connect"                               },
    {"! opened\n",                               "no such attempt"                       },
    {LIVE "! opened\n",                          "no such attempt"                       },
    {STRICT LIVE "@ +42s\n@ +1s\n",              "not expected before this line: send"   },
    {STRICT LIVE "@ until close\n",              "waited for close"                      },
    {"@ until connect\n",                        "nothing happened"                      },
  };

  g_test_summary ("What goes over the wire has to be as written, and complete");
  assert_fails (cases, G_N_ELEMENTS (cases));
}

static void
test_reports (void)
{
  static const Case cases[] = {
    {LIVE "= state resuming\n",                                                   "the status is ready"},
    {LIVE "= signal resumed\n",                                                   "no resumed"         },
    {LIVE "= signal ready 2\n",                                                   "no ready"           },
    {LIVE "= signal ready 1 {\"session_id\":\"S2\"}\n",                           "is not"             },
    {LIVE "= signal ready\n= signal session\n",                                   "no session"         },
    {LIVE "= no ready\n",                                                         "there is one"       },
    {LIVE "= quiet\n",                                                            "there is"           },
    {LIVE "= deadline none\n",                                                    "the deadline is in" },
    {"= deadline 1s\n",                                                           "no deadline"        },
    {LIVE "= stats identifies 2\n",                                               "identifies is 1"    },
    {LIVE "= warning of anything\n",                                              "none at all"        },
    {LIVE "@ +1s\n! closed 4001\n",                                               "nobody asserted"    },
    {LIVE "! closed 4000\n= signal reconnecting 2\n",                             "no reconnecting"    },
    {LIVE "! closed 4000\n@ until connect\n= elapsed 5s..9s\n= connect\n",        "it took"            },
    {LIVE "* command 5 4 {\"a\":1}\n> {\"op\":4,\"d\":\"*\"}\n= signal done 6\n", "no done"            },
  };

  g_test_summary ("What the client reports has to be as written");
  assert_fails (cases, G_N_ELEMENTS (cases));
}

static void
test_lines (void)
{
  static const Case cases[] = {
    {"start\n",               "starts with one of" },
    {"*start\n",              "starts with one of" },
    {"* dance\n",             "no such thing"      },
    {"! exploded\n",          "no such thing"      },
    {"= happiness\n",         "nobody can expect"  },
    {": colour red\n",        "no option"          },
    {": auto-reconnect si\n", "no option"          },
    {"@ later\n",             "not a time"         },
    {"@ +5\n",                "not a time"         },
    {"% repeat 3\n* start\n", "a number and an end"},
    {"% repeat 0\n% end\n",   "a number and an end"},
    {"> nonsense\n",          "nothing"            },
    {OPEN "> nonsense\n",     "pattern"            },
    {"* command 1\n",         "a command has"      },
  };
  g_autoptr (GError) error = NULL;

  g_test_summary ("What is no line of the format is refused, with its number");
  assert_fails (cases, G_N_ELEMENTS (cases));

  g_assert_null (dgw_transcript_new ("x", "* start\n", &error));
  g_assert_nonnull (strstr (error->message, "which rules"));
}

static void
test_repeat (void)
{
  const char       *text = HEAD "% repeat 2\n* a$n\n% repeat 2\n* b$n\n% end\n% end\n* ${x*3}$n $gateway\n";
  const char *const expected[] = {"a1", "b1", "b2", "a2", "b1", "b2", "xxx0 wss://gateway.example"};
  g_autoptr (GError) error = NULL;
  g_autoptr (DgwTranscript) transcript = dgw_transcript_new ("x", text, &error);

  g_test_summary ("Repeats nest, and names and runs are written out");
  g_assert_no_error (error);
  g_assert_cmpuint (transcript->lines->len, ==, G_N_ELEMENTS (expected));
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (((DgwTranscriptLine *)g_ptr_array_index (transcript->lines, i))->text, ==, expected[i]);
}

static void
test_json (void)
{
  g_test_summary ("JSON is compared by value, with its two wildcards");
  g_assert_true (dgw_transcript_match_json ("{\"a\":1,\"b\":[\"*\"]}", "{ \"b\": [{}], \"a\": 1 }", NULL));
  g_assert_true (dgw_transcript_match_json ("{\"a\":1,\"...\":\"*\"}", "{\"a\":1,\"b\":2}", NULL));
  g_assert_true (dgw_transcript_match_json ("\"*\"", "null", NULL));
  g_assert_false (dgw_transcript_match_json ("{\"a\":1}", "{\"a\":1,\"b\":2}", NULL));
  g_assert_false (dgw_transcript_match_json ("{\"a\":1,\"b\":2}", "{\"a\":1}", NULL));
  g_assert_false (dgw_transcript_match_json ("{\"a\":1,\"...\":\"*\"}", "{\"b\":1}", NULL));
  g_assert_false (dgw_transcript_match_json ("[1,2]", "[1]", NULL));
  g_assert_false (dgw_transcript_match_json ("null", "false", NULL));
  g_assert_false (dgw_transcript_match_json ("1", "\"1\"", NULL));
}

static void
test_times (void)
{
  gint64 least_us, most_us;

  g_test_summary ("Times and ranges, with the unit at the end of the range for both");
  g_assert_true (dgw_transcript_parse_range ("0.5..2s", &least_us, &most_us));
  g_assert_cmpint (least_us, ==, 500000);
  g_assert_cmpint (most_us, ==, 2000000);
  g_assert_true (dgw_transcript_parse_range ("300ms..1min", &least_us, &most_us) == FALSE);
  g_assert_true (dgw_transcript_parse_range ("7us", &least_us, &most_us));
  g_assert_cmpint (least_us, ==, 7);
  g_assert_cmpint (most_us, ==, 7);
  g_assert_false (dgw_transcript_parse_range ("7", &least_us, &most_us));
  g_assert_false (dgw_transcript_parse_range ("s", &least_us, &most_us));
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_test_init (&argc, &argv, NULL);
  dgw_player_listen_to_logs ();

  g_test_add_func ("/dgw/transcript/player/wire", test_wire);
  g_test_add_func ("/dgw/transcript/player/reports", test_reports);
  g_test_add_func ("/dgw/transcript/player/lines", test_lines);
  g_test_add_func ("/dgw/transcript/player/repeat", test_repeat);
  g_test_add_func ("/dgw/transcript/player/json", test_json);
  g_test_add_func ("/dgw/transcript/player/times", test_times);

  return g_test_run ();
}
