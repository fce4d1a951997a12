/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-rig.h"

#include <string.h>

typedef enum
{
  RESUMES,
  IDENTIFIES,
  FAILS,
} After;

typedef struct
{
  const char *id;
  guint       code;
  After       after;
  const char *error;
} CodeCase;

static const CodeCase code_cases[] = {
  {"CC-4000",         4000, RESUMES,    "closed"               },
  {"CC-4001",         4001, IDENTIFIES, "protocol"             },
  {"CC-4002",         4002, RESUMES,    "protocol"             },
  {"CC-4003",         4003, IDENTIFIES, "session-invalidated"  },
  {"CC-4004",         4004, FAILS,      "authentication-failed"},
  {"CC-4005",         4005, RESUMES,    "protocol"             },
  {"CC-4007",         4007, IDENTIFIES, "session-invalidated"  },
  {"CC-4008",         4008, RESUMES,    "rate-limited"         },
  {"CC-4009",         4009, IDENTIFIES, "session-invalidated"  },
  {"CC-4010",         4010, FAILS,      "invalid-shard"        },
  {"CC-4011",         4011, FAILS,      "sharding-required"    },
  {"CC-4012",         4012, FAILS,      "invalid-api-version"  },
  {"CC-4013",         4013, FAILS,      "invalid-intents"      },
  {"CC-4014",         4014, FAILS,      "disallowed-intents"   },
  {"CC-NONE",         0,    RESUMES,    "closed"               },
  {"CC-NONE, SUP-05", 1005, RESUMES,    "closed"               },
  {"CC-NONE, SUP-05", 1006, RESUMES,    "closed"               },
  {"CC-1000",         1000, RESUMES,    "closed"               },
  {"CC-1001",         1001, RESUMES,    "closed"               },
  {"CC-OTHER",        1012, RESUMES,    "closed"               },
  {"CC-OTHER, CC-02", 3000, RESUMES,    "closed"               },
  {"CC-OTHER, CC-06", 4006, RESUMES,    "closed"               },
  {"CC-OTHER, CC-02", 4999, RESUMES,    "closed"               },
};

/* 1005 and 1006 only say that there was no code. */
static guint
get_shown_code (guint code)
{
  return code == 1005 || code == 1006 ? 0 : code;
}

static void
test_close_code (gconstpointer data)
{
  const CodeCase *test = data;
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *expected = NULL;

  g_test_summary (test->id);
  rig_go_stable (rig);
  rig_closed (rig, test->code);
  expected = g_strdup_printf ("%sERROR %s, DISCONNECTED %u %d, STATUS %s, %s%s",
                              test->after == RESUMES ? "" : "SESSION -, ",
                              test->error,
                              get_shown_code (test->code),
                              test->after != FAILS,
                              test->after == FAILS ? "unconnected" : "disconnected",
                              test->after == FAILS ? "FAILED " : "RECONNECTING 1",
                              test->after == FAILS ? test->error : "");
  rig_expect (rig, expected);
  g_assert_nonnull (rig->message);

  if (test->after == FAILS)
    {
      g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, G_MAXINT64);
      rig_jump (rig, 60 * SECOND); /* CC-01 */
      rig_expect (rig, "");
      return;
    }

  rig_reconnect (rig);
  g_assert_true (g_str_has_prefix (rig->url, test->after == RESUMES ? RIG_RESUME : RIG_MAIN));
  rig_hello (rig, 40000);
  rig_advance (rig, 5 * SECOND);
  g_assert_nonnull (strstr (rig->url, "v=10"));
  g_free (rig_take (rig));
  g_assert_nonnull (strstr (rig->sent, test->after == RESUMES ? "\"seq\":5" : "\"intents\""));
}

static void
test_not_enabled_after_all (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("CC-03: 4003 in a session, identified once more, then 4014 is final");
  rig_go_stable (rig);
  rig_closed (rig, 4003);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_closed (rig, 4014);
  g_free (rig_take (rig));
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_UNCONNECTED);
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, G_MAXINT64);
}

static void
test_reason_is_not_read (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("CC-05: the reason is shown and decides nothing");
  rig_go_stable (rig);
  dgw_engine_closed (rig->engine, 4000, "4004 Authentication failed.", NULL, rig->now_us);
  rig_expect (rig, "ERROR closed, DISCONNECTED 4000 1, STATUS disconnected, RECONNECTING 1");
  g_assert_cmpstr (rig->reason, ==, "4004 Authentication failed.");
}

static void
test_lost_with_error (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = g_error_new_literal (g_quark_from_static_string ("network"), 1, "Connection reset");

  g_test_summary ("RES-04, DIS-04: where the transport has an error it is the reason, also when the peer answered our close frame with its code");
  rig_go_stable (rig);
  dgw_engine_closed (rig->engine, 0, NULL, error, rig->now_us);
  rig_expect (rig, "ERROR network, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 1");
  g_assert_nonnull (strstr (rig->message, "Connection reset"));
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_resumed (rig, 6);
  g_free (rig_take (rig));
  rig_advance (rig, 2 * SECOND);
  dgw_engine_closed (rig->engine, 1002, NULL, error, rig->now_us);
  rig_expect (rig, "ERROR network, DISCONNECTED 1002 1, STATUS disconnected, RECONNECTING 1");
}

static void
test_normal_close_of_resume (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("CC-1000: tried once; closed with 1000 again while resuming, the session is given up");
  rig_go_stable (rig);
  rig_closed (rig, 1000);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  g_free (rig_take (rig));
  rig_closed (rig, 1000);
  rig_expect (rig, "SESSION -, ERROR closed, DISCONNECTED 1000 1, STATUS disconnected, RECONNECTING 2");
}

static void
test_reconnect_request (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("RC-01, RC-03, RC-04, DIS-04, BO-01: op 7: one reconnect within 100 ms, and a resume");
  rig_take_warnings ();
  rig_go_stable (rig);
  rig_frame (rig, "{\"op\":7,\"d\":null,\"s\":null,\"t\":null}");
  rig_expect (rig, "CLOSE 4901, DROP, ERROR reconnect-requested, DISCONNECTED 4901 1, STATUS disconnected, RECONNECTING 1");
  g_assert_cmpint (rig->delay_us, <=, 100 * MS);
  rig_closed (rig, 4000);
  rig_dispatch (rig, "MESSAGE_CREATE", 6);
  rig_expect (rig, "");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
  g_assert_cmpuint (rig_take_warnings (), ==, 0);
}

static void
test_reconnect_request_first (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("RC-02: op 7 as the very first payload, without a session and while resuming");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_frame (rig, "{\"op\":7}");
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_DISCONNECTED);
  rig_identify_again (rig, "S1");
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_frame (rig, "{\"op\":7}");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 1, STATUS resuming");
}

static void
test_invalid_session_false (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("IS-01, IS-02, IS-03, IS-05, RES-08, RES-13: op 9 false: id, sequence and URL are forgotten, identify 1 to 5 s later");
  rig_go_stable (rig);
  rig_frame (rig, "{\"op\":9,\"d\":false}");
  rig_expect (rig, "INVALIDATED 0, SESSION -, CLOSE 4902, DROP, ERROR session-invalidated, DISCONNECTED 4902 1, "
                   "STATUS disconnected, RECONNECTING 1");
  g_assert_cmpint (rig->delay_us, >=, 1 * SECOND);
  g_assert_cmpint (rig->delay_us, <=, 5 * SECOND);
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, CONNECT " RIG_MAIN);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_advance (rig, 5 * SECOND);
  rig_ready (rig, "S2", 1); /* RDY-07 */
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S2 1, STATUS resuming");
}

static void
test_invalid_session_true (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("IS-04, IS-06: op 9 true resumes on a new connection; without a session it is false");
  rig_go_stable (rig);
  rig_frame (rig, "{\"op\":9,\"d\":true}");
  rig_expect (rig, "INVALIDATED 1, CLOSE 4902, DROP, ERROR session-invalidated, DISCONNECTED 4902 1, STATUS disconnected, RECONNECTING 1");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
  rig_frame (rig, "{\"op\":9,\"d\":false}");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  g_free (rig_take (rig));
  rig_frame (rig, "{\"op\":9,\"d\":true}");
  rig_expect (rig, "INVALIDATED 0, CLOSE 4902, DROP, ERROR session-invalidated, DISCONNECTED 4902 1, STATUS disconnected, RECONNECTING 3");
}

static void
test_invalid_session_again (void)
{
  g_autoptr (Rig) rig = rig_new ();
  gint64 longest_us = 0;

  g_test_summary ("IS-07, ID-10, BO-04: op 9 to each identify: the gaps grow");
  rig_go_stable (rig);
  rig_frame (rig, "{\"op\":9,\"d\":false}");
  for (guint i = 0; i < 5; i++)
    {
      g_free (rig_take (rig));
      longest_us = MAX (longest_us, rig->delay_us);
      rig_reconnect (rig);
      rig_hello (rig, 40000);
      rig_frame (rig, "{\"op\":9,\"d\":null}");
      g_free (rig_take (rig));
    }
  g_assert_cmpint (longest_us, >=, 20 * SECOND);
}

static void
test_backoff (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("BO-02, B1: the delay grows from the first failure, to 60 s at most");
  dgw_engine_start (rig->engine, rig->now_us);
  for (guint i = 0; i < 10; i++)
    {
      gint64 longest_us = MIN (60, 1 << i) * SECOND;

      rig_connect_failed (rig, 0);
      g_free (rig_take (rig));
      g_assert_cmpint (rig->delay_us, >=, longest_us / 2 - MS);
      g_assert_cmpint (rig->delay_us, <=, longest_us);
      rig_tick (rig);
    }
}

static void
test_backoff_reset (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("BO-03, A21: neither HELLO nor a short session resets the delay, a second of one does");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  g_free (rig_take (rig));
  g_assert_cmpint (rig->delay_us, <=, 100 * MS);
  for (guint i = 0; i < 6; i++)
    {
      rig_reconnect (rig);
      rig_hello (rig, 40000);
      rig_resumed (rig, 6 + i);
      rig_advance (rig, SECOND - 1);
      rig_closed (rig, 0);
      g_free (rig_take (rig));
    }
  g_assert_cmpint (rig->delay_us, >=, 16 * SECOND - MS);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_resumed (rig, 20);
  rig_advance (rig, SECOND);
  g_free (rig_take (rig));
  rig_closed (rig, 0);
  rig_expect (rig, "ERROR closed, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 1");
  g_assert_cmpint (rig->delay_us, <=, 100 * MS);
}

/* Security: BOUND-RETRY */
static void
test_identify_loop (void)
{
  g_autoptr (Rig) rig = rig_new ();
  gint64 start_us;

  g_test_summary ("BO-04: closed after every op 2, fifty times: at a bounded rate");
  dgw_engine_start (rig->engine, rig->now_us);
  start_us = rig->now_us;
  dgw_engine_opened (rig->engine, rig->now_us);
  for (guint i = 0; i < 50; i++)
    {
      rig_hello (rig, 400000);
      rig_advance (rig, 5 * SECOND);
      rig_closed (rig, 4000);
      rig_reconnect (rig);
    }
  g_assert_cmpint (rig->now_us - start_us, >=, 40 * 30 * SECOND);
}

static void
test_rate_limited_pause (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("CC-4008, CC-04: a pause, a warning, and the command is not sent again");
  rig_go_stable (rig);
  dgw_engine_command (rig->engine, 3, 4, "{}", rig->now_us);
  rig_expect (rig, "SEND 4, DONE 3");
  rig_take_warnings ();
  rig_closed (rig, 4008);
  g_free (rig_take (rig));
  g_assert_cmpint (rig->delay_us, >=, SECOND);
  g_assert_cmpuint (rig_take_warnings (), ==, 1);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_resumed (rig, 6);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming, ERROR -, STATUS ready, DISPATCH RESUMED 6");
}

static void
test_bad_payload (void)
{
  g_autoptr (Rig) rig = rig_new ();
  DgwEngineStats stats;

  g_test_summary ("ENV-08, CMP-07, CMP-11: resumed; the second time at one place the event is skipped, with a warning");
  rig_take_warnings ();
  rig_go_stable (rig);
  rig_frame (rig, "{");
  rig_expect (rig, "CLOSE 4905, DROP, ERROR protocol, DISCONNECTED 4905 1, STATUS disconnected, RECONNECTING 1");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
  g_assert_cmpuint (rig_take_warnings (), ==, 0);
  rig_frame (rig, "[]");
  g_assert_cmpuint (rig_take_warnings (), ==, 1);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 6, STATUS resuming");
  dgw_engine_get_stats (rig->engine, &stats);
  g_assert_cmpuint (stats.skipped_events, ==, 1);
  g_assert_cmpuint (stats.reconnects[DGW_CAUSE_BAD_PAYLOAD], ==, 2);

  rig_dispatch (rig, "MESSAGE_CREATE", 7);
  g_free (rig_take (rig));
  rig_frame (rig, "nonsense");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 7, STATUS resuming");
}

static void
test_bad_payload_early (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_DECOMPRESSION, "Broken stream");

  g_test_summary ("CMP-07: garbage instead of HELLO skips nothing and is retried ever more slowly");
  rig_go_stable (rig);
  rig_closed (rig, 0);
  for (guint i = 0; i < 3; i++)
    {
      rig_reconnect (rig);
      dgw_engine_bad_payload (rig->engine, error, rig->now_us);
      rig_expect (rig, i == 0   ? "CLOSE 4905, DROP, ERROR decompression, DISCONNECTED 4905 1, STATUS disconnected, RECONNECTING 2"
                       : i == 1 ? "CLOSE 4905, DROP, ERROR decompression, DISCONNECTED 4905 1, STATUS disconnected, RECONNECTING 3"
                                : "CLOSE 4905, DROP, ERROR decompression, DISCONNECTED 4905 1, STATUS disconnected, RECONNECTING 4");
    }
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
}

static void
test_spread (void)
{
  g_autoptr (GHashTable) delays = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  g_test_summary ("BO-06: shards dropped together come back at different times");
  for (guint seed = 0; seed < 8; seed++)
    {
      g_autoptr (Rig) rig = rig_new ();

      dgw_engine_free (rig->engine);
      rig->engine = dgw_engine_new (&rig->options, seed);
      rig_go_stable (rig);
      rig_closed (rig, 0);
      g_free (rig_take (rig));
      g_hash_table_add (delays, g_memdup2 (&rig->due_us, sizeof rig->due_us));
    }
  g_assert_cmpuint (g_hash_table_size (delays), ==, 8);
}

static void
test_deaf (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("D16: ACKs but no dispatch for deaf-timeout: resumed");
  rig->options.deaf_timeout_ms = 60000;
  rig_set_options (rig);
  rig_go_live (rig);
  for (guint i = 0; i < 5; i++)
    {
      rig_advance (rig, 10 * SECOND);
      rig_ack (rig);
    }
  g_free (rig_take (rig));
  rig_advance (rig, 10 * SECOND);
  rig_expect (rig, "CLOSE 4906, DROP, ERROR timed-out, DISCONNECTED 4906 1, STATUS disconnected, RECONNECTING 1");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 1, STATUS resuming");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();
  for (guint i = 0; i < G_N_ELEMENTS (code_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/dgw/engine/engine-end/close-code/%u", code_cases[i].code);

      g_test_add_data_func (path, &code_cases[i], test_close_code);
    }
  g_test_add_func ("/dgw/engine/engine-end/not-enabled-after-all", test_not_enabled_after_all);
  g_test_add_func ("/dgw/engine/engine-end/reason-is-not-read", test_reason_is_not_read);
  g_test_add_func ("/dgw/engine/engine-end/lost-with-error", test_lost_with_error);
  g_test_add_func ("/dgw/engine/engine-end/normal-close-of-resume", test_normal_close_of_resume);
  g_test_add_func ("/dgw/engine/engine-end/reconnect-request", test_reconnect_request);
  g_test_add_func ("/dgw/engine/engine-end/reconnect-request-first", test_reconnect_request_first);
  g_test_add_func ("/dgw/engine/engine-end/invalid-session-false", test_invalid_session_false);
  g_test_add_func ("/dgw/engine/engine-end/invalid-session-true", test_invalid_session_true);
  g_test_add_func ("/dgw/engine/engine-end/invalid-session-again", test_invalid_session_again);
  g_test_add_func ("/dgw/engine/engine-end/backoff", test_backoff);
  g_test_add_func ("/dgw/engine/engine-end/backoff-reset", test_backoff_reset);
  g_test_add_func ("/dgw/engine/engine-end/identify-loop", test_identify_loop);
  g_test_add_func ("/dgw/engine/engine-end/rate-limited-pause", test_rate_limited_pause);
  g_test_add_func ("/dgw/engine/engine-end/bad-payload", test_bad_payload);
  g_test_add_func ("/dgw/engine/engine-end/bad-payload-early", test_bad_payload_early);
  g_test_add_func ("/dgw/engine/engine-end/spread", test_spread);
  g_test_add_func ("/dgw/engine/engine-end/deaf", test_deaf);

  return g_test_run ();
}
