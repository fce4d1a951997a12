/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-rig.h"

#include <string.h>

static void
test_first_light (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("CON-04, CON-05, HB-01, ID-01, ID-02, RDY-01: from start to READY, nothing but op 2 on the way");
  dgw_engine_start (rig->engine, rig->now_us);
  rig_expect (rig, "STATUS connecting, CONNECT " RIG_MAIN);
  g_assert_nonnull (strstr (rig->url, "v=10"));
  g_assert_nonnull (strstr (rig->url, "encoding=json"));
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_expect (rig, "STATUS waiting-for-hello");
  rig_hello (rig, 45000);
  rig_expect (rig, "HELLO 45000, SEND 2, STATUS waiting-for-ready");
  rig_ready (rig, "S1", 1);
  rig_expect (rig, "SESSION S1, STATUS ready, DISPATCH READY 1");
  rig_dispatch (rig, "GUILD_CREATE", 2);
  rig_dispatch (rig, "FUTURE_EVENT", 3); /* ENV-04 */
  rig_expect (rig, "DISPATCH GUILD_CREATE 2, DISPATCH FUTURE_EVENT 3");
}

static void
test_logs (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("ID-14: each change of phase is logged by name; the token is in no line (the rig looks at all of them)");
  rig_take_debug_lines ();
  rig_go_stable (rig);
  rig_closed (rig, 4004);
  g_assert_cmpuint (rig_take_debug_lines (), >=, 5);
}

static void
test_identify_content (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("CON-12, ID-03, ID-06, PR-06: token, intents, and the presence that is set");
  dgw_engine_set_presence (rig->engine, 7, "{\"since\":null,\"activities\":[],\"status\":\"idle\",\"afk\":true}", rig->now_us);
  rig_expect (rig, "DONE 7");
  rig_go_live (rig);
  g_assert_nonnull (strstr (rig->sent, "\"token\":\"" RIG_TOKEN "\""));
  g_assert_nonnull (strstr (rig->sent, "\"intents\":513"));
  g_assert_nonnull (strstr (rig->sent, "\"status\":\"idle\""));
  g_assert_null (strstr (rig->sent, "large_threshold")); /* ID-05 */
  g_assert_null (strstr (rig->sent, "\"compress\""));    /* CMP-10 */
  rig_advance (rig, SECOND);
  rig_expect (rig, "");
}

static void
test_payload_compression (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("CMP-09: compress goes with identify, and only for zlib-payload");
  rig->options.compression = DGW_COMPRESSION_ZLIB_PAYLOAD;
  rig_set_options (rig);
  rig_go_live (rig);
  g_assert_nonnull (strstr (rig->sent, "\"compress\":true"));
  g_assert_null (strstr (rig->url, "compress="));
}

static void
test_lookup (void)
{
  g_autoptr (Rig) rig = rig_new_with_url (NULL);

  g_test_summary ("CON-01, CON-02: asked once, kept for fresh connections, asked again when connecting to it failed");
  dgw_engine_start (rig->engine, rig->now_us);
  rig_expect (rig, "STATUS connecting, LOOKUP");
  rig_answer (rig, RIG_MAIN, 10);
  rig_expect (rig, "CONNECT " RIG_MAIN);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_ready (rig, "S1", 1);
  for (guint i = 0; i < 3; i++)
    {
      rig_closed (rig, 4009);
      g_free (rig_take (rig));
      rig_tick (rig);
      rig_expect (rig, "STATUS connecting, CONNECT " RIG_MAIN);
      dgw_engine_opened (rig->engine, rig->now_us);
      rig_hello (rig, 40000);
      rig_advance (rig, 5 * SECOND);
      rig_ready (rig, "S1", 1);
      g_free (rig_take (rig));
    }

  rig_closed (rig, 4009);
  rig_tick (rig);
  g_free (rig_take (rig));
  rig_connect_failed (rig, 0);
  rig_expect (rig, "ERROR network, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 5");
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, LOOKUP");
}

static void
test_lookup_fails (void)
{
  g_autoptr (Rig) rig = rig_new_with_url (NULL);
  g_autoptr (GError) error = g_error_new_literal (g_quark_from_static_string ("network"), 1, "No route");

  g_test_summary ("A failed lookup is retried; an address from before is better than none");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_looked_up (rig->engine, NULL, 503, -1, error, rig->now_us);
  rig_expect (rig, "STATUS connecting, LOOKUP, ERROR network, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 1");
  g_assert_cmpint (rig->delay_us, >=, SECOND / 2);
  rig_tick (rig);
  rig_answer (rig, RIG_MAIN, 10);
  rig_connect_failed (rig, 503);
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, LOOKUP");
  dgw_engine_looked_up (rig->engine, NULL, 0, -1, error, rig->now_us);
  rig_expect (rig, "CONNECT " RIG_MAIN);
}

static void
test_unauthorized (void)
{
  g_autoptr (Rig) rig = rig_new_with_url (NULL);
  g_autoptr (GError) error = g_error_new_literal (g_quark_from_static_string ("network"), 1, "HTTP 401");

  g_test_summary ("CON-13: HTTP 401 on the lookup is final, with one request; on the upgrade too");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_looked_up (rig->engine, NULL, 401, -1, error, rig->now_us);
  rig_expect (rig, "STATUS connecting, LOOKUP, ERROR authentication-failed, DISCONNECTED 0 0, "
                   "STATUS unconnected, FAILED authentication-failed");
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, G_MAXINT64);

  dgw_engine_start (rig->engine, rig->now_us);
  rig_answer (rig, RIG_MAIN, 10);
  rig_connect_failed (rig, 401);
  rig_expect (rig, "STATUS connecting, LOOKUP, CONNECT " RIG_MAIN ", ERROR authentication-failed, DISCONNECTED 0 0, "
                   "STATUS unconnected, FAILED authentication-failed");
}

static void
test_retry_after (void)
{
  g_autoptr (Rig) rig = rig_new_with_url (NULL);
  g_autoptr (GError) error = g_error_new_literal (g_quark_from_static_string ("network"), 1, "HTTP 429");

  g_test_summary ("CON-14: Retry-After is the least delay, also when there is an address from before");
  dgw_engine_start (rig->engine, rig->now_us);
  rig_answer (rig, RIG_MAIN, 10);
  rig_connect_failed (rig, 0);
  rig_tick (rig);
  g_free (rig_take (rig));
  dgw_engine_looked_up (rig->engine, NULL, 429, 300 * SECOND, error, rig->now_us);
  rig_expect (rig, "ERROR network, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 2");
  g_assert_cmpint (rig->delay_us, ==, 300 * SECOND);
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, LOOKUP");
}

static void
test_start_limit (void)
{
  g_autoptr (Rig) rig = rig_new_with_url (NULL);

  g_test_summary ("ID-08: no session start left: waits until the limit is reset, then asks again");
  dgw_engine_start (rig->engine, rig->now_us);
  rig_answer (rig, RIG_MAIN, 0);
  rig_expect (rig, "STATUS connecting, LOOKUP, ERROR session-start-limit, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 1");
  g_assert_cmpint (rig->delay_us, ==, 3600 * SECOND);
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, LOOKUP");

  rig->options.auto_reconnect = FALSE;
  rig_set_options (rig);
  rig_answer (rig, RIG_MAIN, 0);
  rig_expect (rig, "ERROR session-start-limit, DISCONNECTED 0 0, STATUS unconnected, FAILED session-start-limit");
}

static void
test_start_limit_used_up (void)
{
  g_autoptr (Rig) rig = rig_new_with_url (NULL);

  g_test_summary ("ID-08, BO-04: its own identifies count, and when the last start is used it asks before the next");
  dgw_engine_start (rig->engine, rig->now_us);
  rig_answer (rig, RIG_MAIN, 2);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_ready (rig, "S1", 1);
  rig_advance (rig, 5 * SECOND);
  rig_closed (rig, 4009);
  rig_identify_again (rig, "S2");
  rig_advance (rig, 5 * SECOND);
  rig_closed (rig, 4009);
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, LOOKUP");

  rig_connect_failed (rig, 503);
  dgw_engine_looked_up (rig->engine, NULL, 503, -1, NULL, rig->now_us);
  rig_expect (rig, "ERROR failed, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 2");
  rig_tick (rig);
  rig_answer (rig, RIG_MAIN, 0);
  rig_expect (rig, "STATUS connecting, LOOKUP, ERROR session-start-limit, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 3");
}

static void
test_start_limit_lost_session (void)
{
  g_autoptr (Rig) rig = rig_new_with_url (NULL);
  DgwResumeState state = {.session_id = (char *)"S9", .sequence = 9};

  g_test_summary ("ID-08: a resume that is refused when no start is left is not followed by an identify");
  dgw_engine_set_session (rig->engine, &state);
  dgw_engine_start (rig->engine, rig->now_us);
  rig_answer (rig, RIG_MAIN, 0);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_frame (rig, "{\"op\":9,\"d\":false}");
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, LOOKUP");
}

static void
test_start_limit_resume (void)
{
  g_autoptr (Rig) rig = rig_new_with_url (NULL);
  DgwResumeState state = {.session_id = (char *)"S9", .sequence = 9};

  g_test_summary ("RES-10, RES-16: a resume needs no session start and no slot; the session may come from elsewhere");
  dgw_engine_set_session (rig->engine, &state);
  dgw_engine_start (rig->engine, rig->now_us);
  rig_answer (rig, RIG_MAIN, 0);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_expect (rig, "STATUS connecting, LOOKUP, CONNECT " RIG_MAIN ", STATUS waiting-for-hello, HELLO 40000, SEND 6 S9 9, STATUS resuming");
  rig_resumed (rig, 10);
  rig_expect (rig, "STATUS ready, DISPATCH RESUMED 10");
}

static void
test_timeouts (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("CON-15: connecting, HELLO, READY and RESUMED each have their time");
  dgw_engine_start (rig->engine, rig->now_us);
  g_free (rig_take (rig));
  rig_advance (rig, 10 * SECOND - 1);
  rig_expect (rig, "");
  rig_advance (rig, 1);
  rig_expect (rig, "DROP, ERROR timed-out, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 1");

  rig_reconnect (rig);
  rig_advance (rig, 10 * SECOND);
  rig_expect (rig, "CLOSE 4904, DROP, ERROR timed-out, DISCONNECTED 4904 1, STATUS disconnected, RECONNECTING 2");

  rig_reconnect (rig);
  rig_hello (rig, 100000);
  rig_frame (rig, "{\"op\":11}");
  g_free (rig_take (rig));
  for (guint i = 0; i < 12; i++)
    {
      rig_advance (rig, 10 * SECOND);
      rig_ack (rig);
      g_free (rig_take (rig));
    }
  rig_advance (rig, 5 * SECOND - 1);
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_WAITING_FOR_READY);
  rig_advance (rig, 1); /* HB-12: 1.25 intervals */
  rig_expect (rig, "CLOSE 4904, DROP, ERROR timed-out, DISCONNECTED 4904 1, STATUS disconnected, RECONNECTING 3");

  rig_identify_again (rig, "S1");
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 1000);
  g_free (rig_take (rig));
  for (guint i = 0; i < 59; i++)
    {
      rig_advance (rig, SECOND / 2);
      rig_ack (rig);
    }
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_RESUMING);
  g_free (rig_take (rig));
  rig_advance (rig, SECOND / 2);
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_DISCONNECTED);
}

static void
test_upgrade_refused (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("CON-16, CON-10, CON-08: a refused upgrade keeps the session, which goes to the main address");
  rig_go_stable (rig);
  rig_closed (rig, 4000);
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, CONNECT " RIG_RESUME);
  rig_connect_failed (rig, 503);
  rig_expect (rig, "ERROR network, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 2");
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, CONNECT " RIG_MAIN);
  rig_connect_failed (rig, 0); /* they alternate */
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, CONNECT " RIG_RESUME);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_expect (rig, "STATUS waiting-for-hello, HELLO 40000, SEND 6 S1 5, STATUS resuming");
}

static void
test_same_query (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *query = NULL;

  g_test_summary ("CON-09: a resume connection has the query of the first one");
  rig->options.compression = DGW_COMPRESSION_ZSTD_STREAM;
  rig_set_options (rig);
  rig_go_stable (rig);
  query = g_strdup (strchr (rig->url, '?'));
  g_assert_nonnull (strstr (query, "compress=zstd-stream"));
  rig_closed (rig, 0);
  rig_reconnect (rig);
  g_assert_cmpstr (strchr (rig->url, '?'), ==, query);
  g_assert_true (g_str_has_prefix (rig->url, RIG_RESUME));
}

/* Security: RESUME-URL */
static void
test_insecure_resume_url (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("A resume URL that would send the token in the clear is ignored with a warning");
  rig_take_warnings ();
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_frame (rig, "{\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":{\"session_id\":\"S1\",\"resume_gateway_url\":\"ws://example.org\"}}");
  g_assert_cmpuint (rig_take_warnings (), ==, 1);
  rig_closed (rig, 0);
  g_free (rig_take (rig));
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, CONNECT " RIG_MAIN);
  g_assert_cmpuint (rig_take_warnings (), ==, 0);
}

/* Security: TLS-ONLY */
static void
test_insecure_main_url (void)
{
  g_autoptr (Rig) rig = rig_new_with_url ("ws://example.org");

  g_test_summary ("CON-11: no connection without TLS but to loopback or when allowed");
  dgw_engine_start (rig->engine, rig->now_us);
  rig_expect (rig, "STATUS connecting, ERROR failed, DISCONNECTED 0 1, STATUS disconnected, RECONNECTING 1");
  rig->options.allow_insecure = TRUE;
  rig_set_options (rig);
  rig_tick (rig);
  rig_expect (rig, "STATUS connecting, CONNECT ws://example.org");
}

/* Security: RESUME-URL */
static void
test_use_resume_url (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("use-resume-url FALSE: the main address takes the resume");
  rig->options.use_resume_url = FALSE;
  rig_set_options (rig);
  rig_go_stable (rig);
  rig_closed (rig, 0);
  rig_reconnect (rig);
  g_assert_true (g_str_has_prefix (rig->url, RIG_MAIN));
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
}

static void
test_own_limit (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("ID-13, F3: one identify per 5 s, counted from op 2, also over reconnects; a waiting one dies with its connection");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, STATUS identifying");
  rig_closed (rig, 0);
  g_free (rig_take (rig));
  rig_reconnect (rig);
  rig_hello (rig, 400000);
  rig_expect (rig, "HELLO 400000, STATUS identifying");
  rig_advance (rig, 5 * SECOND);
  rig_expect (rig, "SEND 2, STATUS waiting-for-ready");
}

static void
test_permits (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("ID-09, ID-13: the limiter is asked at HELLO and gets its slot back, used or not; a resume asks nobody");
  rig->options.external_permits = TRUE;
  rig_set_options (rig);
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  g_free (rig_take (rig));
  rig_hello (rig, 400000);
  rig_expect (rig, "HELLO 400000, STATUS identifying, WANT_PERMIT");
  rig_closed (rig, 0);
  rig_expect (rig, "ERROR closed, DISCONNECTED 0 1, END_PERMIT, STATUS disconnected, RECONNECTING 1");
  dgw_engine_permit_granted (rig->engine, rig->now_us);
  rig_expect (rig, "");
  rig_reconnect (rig);
  rig_hello (rig, 400000);
  g_free (rig_take (rig));
  rig_advance (rig, 20 * SECOND);
  dgw_engine_permit_granted (rig->engine, rig->now_us);
  rig_expect (rig, "SEND 2, END_PERMIT, STATUS waiting-for-ready");
  dgw_engine_permit_granted (rig->engine, rig->now_us); /* ID-11 */
  rig_expect (rig, "");
  rig_ready (rig, "S1", 1);
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 400000);
  rig_expect (rig, "HELLO 400000, SEND 6 S1 1, STATUS resuming");
}

static void
test_noise (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("ID-11, ENV-05, ENV-02: second READY, RESUMED and HELLO, unknown opcodes, missing s: one op 2, one connection");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  g_free (rig_take (rig));
  rig_hello (rig, 40000);
  rig_frame (rig, "{\"op\":99,\"d\":1}");
  rig_frame (rig, "{\"op\":-1}");
  rig_frame (rig, "{}");
  rig_frame (rig, "{\"op\":\"x\",\"d\":{}}");
  rig_expect (rig, "");
  rig_resumed (rig, 1);
  rig_ready (rig, "S1", 2);
  rig_ready (rig, "S1", 3);
  rig_resumed (rig, 4);
  rig_frame (rig, "{\"op\":0,\"t\":\"TYPING_START\",\"d\":[]}");
  rig_frame (rig, "{\"op\":0,\"t\":\"TYPING_START\",\"s\":null,\"d\":null}");
  rig_frame (rig, "{\"op\":0,\"s\":7}");
  rig_hello (rig, 10);
  rig_expect (rig, "DISPATCH RESUMED 1, SESSION S1, STATUS ready, DISPATCH READY 2, SESSION S1, DISPATCH READY 3, DISPATCH RESUMED 4, "
                   "DISPATCH TYPING_START -1, DISPATCH TYPING_START -1");
  rig_closed (rig, 0);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 7, STATUS resuming");
}

static void
test_bad_hello (void)
{
  const char *const hellos[] = {
    "{\"op\":10}",
    "{\"op\":10,\"d\":null}",
    "{\"op\":10,\"d\":{\"heartbeat_interval\":0}}",
    "{\"op\":10,\"d\":{\"heartbeat_interval\":-5}}",
    "{\"op\":10,\"d\":{\"heartbeat_interval\":\"x\"}}",
    "{\"op\":10,\"d\":{\"heartbeat_interval\":9223372036854775807}}",
    "{\"op\":0,\"t\":\"MESSAGE_CREATE\",\"s\":1,\"d\":{}}",
    "{\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":{\"session_id\":\"S1\"}}",
  };

  g_test_summary ("What is no HELLO, or a dispatch before one, ends the connection; the next one is made");
  for (guint i = 0; i < G_N_ELEMENTS (hellos); i++)
    {
      g_autoptr (Rig) rig = rig_new ();

      dgw_engine_start (rig->engine, rig->now_us);
      dgw_engine_opened (rig->engine, rig->now_us);
      g_free (rig_take (rig));
      rig_frame (rig, hellos[i]);
      rig_expect (rig, "CLOSE 4905, DROP, ERROR protocol, DISCONNECTED 4905 1, STATUS disconnected, RECONNECTING 1");
    }
}

static void
test_bad_ready (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("READY without a session id: identify again, later");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  g_free (rig_take (rig));
  rig_frame (rig, "{\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":{\"session_id\":5}}");
  rig_expect (rig, "CLOSE 4905, DROP, ERROR protocol, DISCONNECTED 4905 1, STATUS disconnected, RECONNECTING 1");
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_advance (rig, 5 * SECOND);
  rig_ready (rig, "S1", 1);
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_READY);
}

static void
test_no_auto_reconnect (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("Without auto-reconnect the first end is the failure; the session stays for the next open");
  rig->options.auto_reconnect = FALSE;
  rig_set_options (rig);
  rig_go_stable (rig);
  rig_frame (rig, "{\"op\":7,\"d\":null}");
  rig_expect (rig, "CLOSE 4901, DROP, ERROR reconnect-requested, DISCONNECTED 4901 0, STATUS unconnected, FAILED reconnect-requested");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  g_free (rig_take (rig));
  rig_hello (rig, 40000);
  rig_expect (rig, "HELLO 40000, SEND 6 S1 5, STATUS resuming");
  rig_resumed (rig, 6);
  rig_expect (rig, "ERROR -, STATUS ready, DISPATCH RESUMED 6");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();
  g_test_add_func ("/dgw/engine/engine/first-light", test_first_light);
  g_test_add_func ("/dgw/engine/engine/logs", test_logs);
  g_test_add_func ("/dgw/engine/engine/identify-content", test_identify_content);
  g_test_add_func ("/dgw/engine/engine/payload-compression", test_payload_compression);
  g_test_add_func ("/dgw/engine/engine/lookup", test_lookup);
  g_test_add_func ("/dgw/engine/engine/lookup-fails", test_lookup_fails);
  g_test_add_func ("/dgw/engine/engine/unauthorized", test_unauthorized);
  g_test_add_func ("/dgw/engine/engine/retry-after", test_retry_after);
  g_test_add_func ("/dgw/engine/engine/start-limit", test_start_limit);
  g_test_add_func ("/dgw/engine/engine/start-limit-used-up", test_start_limit_used_up);
  g_test_add_func ("/dgw/engine/engine/start-limit-lost-session", test_start_limit_lost_session);
  g_test_add_func ("/dgw/engine/engine/start-limit-resume", test_start_limit_resume);
  g_test_add_func ("/dgw/engine/engine/timeouts", test_timeouts);
  g_test_add_func ("/dgw/engine/engine/upgrade-refused", test_upgrade_refused);
  g_test_add_func ("/dgw/engine/engine/same-query", test_same_query);
  g_test_add_func ("/dgw/engine/engine/insecure-resume-url", test_insecure_resume_url);
  g_test_add_func ("/dgw/engine/engine/insecure-main-url", test_insecure_main_url);
  g_test_add_func ("/dgw/engine/engine/use-resume-url", test_use_resume_url);
  g_test_add_func ("/dgw/engine/engine/own-limit", test_own_limit);
  g_test_add_func ("/dgw/engine/engine/permits", test_permits);
  g_test_add_func ("/dgw/engine/engine/noise", test_noise);
  g_test_add_func ("/dgw/engine/engine/bad-hello", test_bad_hello);
  g_test_add_func ("/dgw/engine/engine/bad-ready", test_bad_ready);
  g_test_add_func ("/dgw/engine/engine/no-auto-reconnect", test_no_auto_reconnect);

  return g_test_run ();
}
