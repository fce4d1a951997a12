/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-gateway-error.h"
#include "link-rig.h"
#include "raw-server.h"

static void
test_ready (LinkRig      *rig,
            gconstpointer data)
{
  g_test_summary ("CON-01, CON-12: REST is asked first, with the token, and the connection goes where it says");
  link_rig_get_ready (rig);
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (rig->simulator), ==, 1);
  g_assert_cmpstr (dgw_testing_simulator_get_request_header (rig->simulator, "Authorization"), ==, "Bot token");
  g_assert_cmpstr (dgw_testing_simulator_get_request_header (rig->simulator, "User-Agent"), ==, rig->options.user_agent);
  g_assert_cmpstr (dgw_testing_simulator_get_upgrade_header (rig->simulator, "User-Agent"), ==, rig->options.user_agent);
  g_assert_null (dgw_testing_simulator_get_upgrade_header (rig->simulator, "Authorization"));
  g_assert_null (dgw_testing_simulator_get_upgrade_header (rig->simulator, "Sec-WebSocket-Extensions"));
  g_assert_cmpuint (link_rig_count_lines (rig, "status connecting"), ==, 1);
  g_assert_cmpuint (link_rig_count_lines (rig, "status waiting-for-hello"), ==, 1);
  g_assert_cmpuint (link_rig_count_lines (rig, "status waiting-for-ready"), ==, 1);
  g_assert_cmpuint (link_rig_count_lines (rig, "dispatch READY"), ==, 1);
  g_assert_nonnull (rig->session.session_id);
}

static void
test_events (LinkRig      *rig,
             gconstpointer data)
{
  DgwLinkMetrics metrics;

  g_test_summary ("CMP-01, CMP-08, CMP-09: events come in order under each compression, and the metrics count them");
  rig->options.engine.compression = GPOINTER_TO_INT (data);
  link_rig_get_ready (rig);
  link_rig_dispatch (rig, 3000);
  LINK_RIG_WAIT (rig->sequence >= 3001);
  g_assert_cmpuint (rig->n_dispatches, >=, 3001);
  g_assert_cmpuint (rig->n_disconnected, ==, 0);

  dgw_link_get_metrics (rig->link, &metrics);
  g_assert_cmpuint (metrics.events, ==, rig->n_dispatches);
  g_assert_cmpuint (metrics.payloads, >, metrics.events);
  g_assert_cmpuint (metrics.bytes_inflated, >, 3000 * 20);
  g_assert_cmpuint (metrics.bytes_in, >, 3000);
  g_assert_cmpuint (metrics.bytes_out, >, 50);
  g_assert_cmpuint (metrics.engine.connects, ==, 1);
  g_assert_cmpuint (metrics.engine.identifies, ==, 1);
  g_assert_cmpuint (metrics.backlog_events, ==, 0);
  g_assert_cmpuint (metrics.backlog_bytes, ==, 0);
}

static void
test_split (LinkRig      *rig,
            gconstpointer data)
{
  g_test_summary ("CMP-03, CMP-04: a payload split over messages of 1 to 3 bytes, in frames and writes of a few bytes, is whole again");
  rig->options.engine.compression = DGW_COMPRESSION_ZLIB_STREAM;
  g_object_set (rig->simulator, "fragment-size", 3, "frame-size", 2, "write-size", 7, NULL);
  link_rig_get_ready (rig);
  link_rig_dispatch (rig, 20);
  LINK_RIG_WAIT (rig->sequence >= 21);
  g_assert_cmpuint (rig->n_disconnected, ==, 0);
}

static void
test_garbage (LinkRig      *rig,
              gconstpointer data)
{
  g_autoptr (GBytes) garbage = g_bytes_new_static ("\xff\xfe\xfd\x00\x00\xff\xff", 7);

  g_test_summary ("CMP-07, CMP-02: a stream that cannot be inflated ends in a resume on a new context, and no event is lost");
  rig->options.engine.compression = GPOINTER_TO_INT (data);
  link_rig_get_ready (rig);
  dgw_testing_simulator_send_garbage (rig->simulator, garbage);
  link_rig_dispatch (rig, 5);
  LINK_RIG_WAIT (rig->sequence >= 6);
  g_assert_cmpuint (rig->n_disconnected, ==, 1);
  g_assert_cmpuint (rig->close_code, >=, 4000);
  LINK_RIG_WAIT (dgw_testing_simulator_get_n_resumes (rig->simulator) == 1);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (rig->simulator), ==, 1);
}

static void
test_too_large (LinkRig      *rig,
                gconstpointer data)
{
  g_autofree char *blanks = g_strnfill (2 * 1024 * 1024, ' ');
  g_autofree char *text = g_strdup_printf ("{\"n\":1%s}", blanks);

  g_test_summary ("CMP-11, SUP-01: an event above max-payload-size is an error and a resume, twice, then it is skipped: no loop");
  rig->options.engine.compression = GPOINTER_TO_INT (data);
  rig->options.max_payload_size = 1024 * 1024;
  link_rig_get_ready (rig);
  dgw_testing_simulator_dispatch_text (rig->simulator, "TEST", text);
  LINK_RIG_WAIT (rig->n_disconnected >= 1);
  dgw_testing_simulator_dispatch_text (rig->simulator, "AFTER", "{}");
  LINK_RIG_WAIT (link_rig_count_lines (rig, "dispatch AFTER") == 1);
  g_assert_cmpuint (rig->n_disconnected, ==, 2);
  g_assert_cmpuint (link_rig_count_lines (rig, "dispatch TEST"), ==, 0);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (rig->simulator), ==, 1);
}

static void
test_unauthorized (LinkRig      *rig,
                   gconstpointer data)
{
  g_test_summary ("CON-13: HTTP 401 is final, after one request");
  g_object_set (rig->simulator, "token", "another", NULL);
  link_rig_open (rig);
  LINK_RIG_WAIT (rig->failure != NULL);
  g_assert_error (rig->failure, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (rig->simulator), ==, 1);
  g_assert_cmpint (rig->status, ==, DGW_STATUS_UNCONNECTED);
}

static void
test_retry_after (LinkRig      *rig,
                  gconstpointer data)
{
  gint64 start_us = g_get_monotonic_time ();

  g_test_summary ("CON-14: after HTTP 429 the next request waits for Retry-After");
  dgw_testing_simulator_fail_requests (rig->simulator, 429, 1, "1.3");
  link_rig_get_ready (rig);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 1300000);
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (rig->simulator), ==, 2);
}

/* Between them a busy machine may stop everything for a while. */
#define HEARTBEAT_MS 1000

/* A connection that was READY for a second is followed by the next at once.
 * With these heartbeats, the second ACK tells that it was. */
static void
wait_until_stable (LinkRig *rig)
{
  guint n_acked = rig->n_acked;

  LINK_RIG_WAIT (rig->n_acked >= n_acked + 2);
}

static void
test_address_kept (LinkRig      *rig,
                   gconstpointer data)
{
  g_test_summary ("CON-02, CON-08, RES-12: the address is asked for once; resumes go to the resume address");
  g_object_set (rig->simulator, "resume-listener", TRUE, "heartbeat-interval", HEARTBEAT_MS, NULL);
  link_rig_get_ready (rig);
  g_assert_cmpstr (rig->session.resume_url, ==, dgw_testing_simulator_get_resume_url (rig->simulator));
  for (guint i = 1; i <= 3; i++)
    {
      wait_until_stable (rig);
      dgw_testing_simulator_drop_clients (rig->simulator);
      LINK_RIG_WAIT (rig->n_disconnected >= i);
      LINK_RIG_WAIT (rig->status == DGW_STATUS_READY);
      g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (rig->simulator), ==, i);
    }
  g_assert_cmpuint (rig->close_code, ==, 0);
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (rig->simulator), ==, 1);
}

static void
test_resume_refused (LinkRig      *rig,
                     gconstpointer data)
{
  g_test_summary ("CON-10: when the resume address refuses TCP, the first address is used for the resume");
  g_object_set (rig->simulator, "resume-listener", TRUE, NULL);
  link_rig_get_ready (rig);
  g_object_set (rig->simulator, "accept-resume-connections", FALSE, NULL);
  dgw_testing_simulator_drop_clients (rig->simulator);
  LINK_RIG_WAIT (rig->n_disconnected >= 1);
  LINK_RIG_WAIT (rig->status == DGW_STATUS_READY);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (rig->simulator), ==, 1);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (rig->simulator), ==, 1);
}

static void
test_upgrade_fails (LinkRig      *rig,
                    gconstpointer data)
{
  g_test_summary ("CON-16: an upgrade answered with 503 is retried, and the session survives it");
  link_rig_get_ready (rig);
  dgw_testing_simulator_fail_upgrades (rig->simulator, 503, 1, NULL);
  dgw_testing_simulator_drop_clients (rig->simulator);
  LINK_RIG_WAIT (rig->n_disconnected >= 2);
  LINK_RIG_WAIT (rig->status == DGW_STATUS_READY);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (rig->simulator), ==, 1);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (rig->simulator), ==, 1);
}

static void
test_time_limits (LinkRig      *rig,
                  gconstpointer data)
{
  g_test_summary ("CON-15: an upgrade that is never answered and a HELLO that never comes each end in a new attempt");
  rig->options.engine.connect_timeout_ms = 200;
  rig->options.engine.hello_timeout_ms = 200;
  g_object_set (rig->simulator, "hold-upgrade", TRUE, NULL);
  link_rig_open (rig);
  LINK_RIG_WAIT (rig->n_disconnected >= 1);
  g_assert_error (rig->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT);
  g_object_set (rig->simulator, "hold-upgrade", FALSE, "hold-hello", TRUE, NULL);
  LINK_RIG_WAIT (rig->n_disconnected >= 2);
  g_assert_error (rig->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT);
  g_object_set (rig->simulator, "hold-hello", FALSE, NULL);
  LINK_RIG_WAIT (rig->status == DGW_STATUS_READY);
}

static void
test_half_open (LinkRig      *rig,
                gconstpointer data)
{
  gint64 start_us;

  g_test_summary ("HB-07, HB-09, SUP-08: a peer that is dead is noticed by the heartbeat, and nobody waits for its close frame");
  g_object_set (rig->simulator, "heartbeat-interval", 100, NULL);
  link_rig_get_ready (rig);
  LINK_RIG_WAIT (rig->n_acked >= 2);
  start_us = g_get_monotonic_time ();
  dgw_testing_simulator_cut_clients (rig->simulator, DGW_TESTING_CUT_HALF_OPEN);
  LINK_RIG_WAIT (rig->n_disconnected >= 1);
  LINK_RIG_WAIT (rig->status == DGW_STATUS_READY);
  /* libsoup alone would wait 5 s. */
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 4 * G_USEC_PER_SEC);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (rig->simulator), ==, 1);
}

static void
test_zombie_code (LinkRig      *rig,
                  gconstpointer data)
{
  g_test_summary ("HB-08, DIS-04: the close for a missing ACK carries a code that keeps the session, and its echo changes nothing");
  g_object_set (rig->simulator, "heartbeat-interval", 100, NULL);
  link_rig_get_ready (rig);
  g_object_set (rig->simulator, "acknowledge-heartbeats", FALSE, NULL);
  LINK_RIG_WAIT (rig->n_disconnected >= 1);
  g_object_set (rig->simulator, "acknowledge-heartbeats", TRUE, NULL);
  LINK_RIG_WAIT (rig->status == DGW_STATUS_READY && rig->peer_code != 1);
  g_assert_cmpuint (rig->peer_code, >=, 4000);
  g_assert_cmpuint (rig->peer_code, <=, 4999);
  g_assert_cmpuint (rig->close_code, ==, rig->peer_code);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (rig->simulator), ==, 1);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (rig->simulator), ==, 1);
}

static void
test_peer_codes (LinkRig      *rig,
                 gconstpointer data)
{
  static const guint codes[] = {1000, 1001, 1012, 4000};

  g_test_summary ("SUP-06, SUP-04, CC-NONE: whatever resumable code the peer closes with, one resume follows");
  g_object_set (rig->simulator, "heartbeat-interval", HEARTBEAT_MS, NULL);
  link_rig_get_ready (rig);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      wait_until_stable (rig);
      dgw_testing_simulator_close_clients (rig->simulator, codes[i], "test");
      LINK_RIG_WAIT (rig->n_disconnected >= i + 1);
      g_assert_cmpuint (rig->close_code, ==, codes[i]);
      LINK_RIG_WAIT (rig->status == DGW_STATUS_READY);
      g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (rig->simulator), ==, i + 1);
    }
}

static void
test_stop (LinkRig      *rig,
           gconstpointer data)
{
  g_test_summary ("DIS-01, DIS-06: close says 1000 and ends the session, suspend keeps it, and the next open resumes");
  link_rig_get_ready (rig);
  dgw_link_stop (rig->link, DGW_STOP_SUSPEND, 4999, "later");
  LINK_RIG_WAIT (rig->n_stopped == 1 && rig->peer_code != 1);
  g_assert_cmpuint (rig->peer_code, ==, 4999);
  g_assert_nonnull (rig->session.session_id);

  dgw_link_open (rig->link);
  LINK_RIG_WAIT (rig->status == DGW_STATUS_READY);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (rig->simulator), ==, 1);

  rig->peer_code = 1;
  dgw_link_stop (rig->link, DGW_STOP_CLOSE, 1000, NULL);
  LINK_RIG_WAIT (rig->n_stopped == 2 && rig->peer_code != 1);
  g_assert_cmpuint (rig->peer_code, ==, 1000);
  g_assert_null (rig->session.session_id);
  g_assert_cmpint (rig->status, ==, DGW_STATUS_UNCONNECTED);
}

static void
test_stop_early (LinkRig      *rig,
                 gconstpointer data)
{
  g_test_summary ("DIS-05: cancelled while REST, upgrade or HELLO are awaited, no later connection follows");
  link_rig_open (rig);
  dgw_link_stop (rig->link, DGW_STOP_CANCEL, 0, NULL);
  LINK_RIG_WAIT (rig->n_stopped == 1);
  g_assert_cmpuint (dgw_testing_simulator_get_n_connections (rig->simulator), ==, 0);

  g_object_set (rig->simulator, "hold-upgrade", TRUE, NULL);
  dgw_link_open (rig->link);
  LINK_RIG_WAIT (dgw_testing_simulator_get_n_requests (rig->simulator) > 0);
  dgw_link_stop (rig->link, DGW_STOP_CANCEL, 0, NULL);
  LINK_RIG_WAIT (rig->n_stopped == 2);

  g_object_set (rig->simulator, "hold-upgrade", FALSE, "hold-hello", TRUE, NULL);
  dgw_link_open (rig->link);
  LINK_RIG_WAIT (rig->status == DGW_STATUS_WAITING_FOR_HELLO);
  dgw_link_stop (rig->link, DGW_STOP_CANCEL, 0, NULL);
  LINK_RIG_WAIT (rig->n_stopped == 3);
  g_assert_cmpint (rig->status, ==, DGW_STATUS_UNCONNECTED);
}

static void
test_send (LinkRig      *rig,
           gconstpointer data)
{
  g_test_summary ("A command is done when it is handed to the socket, and arrives");
  link_rig_open (rig);
  dgw_link_send (rig->link, 7, 31, "{\"guild_ids\":[\"1\"]}");
  LINK_RIG_WAIT (rig->command_done == 7);
  g_assert_cmpint (rig->status, ==, DGW_STATUS_READY);
  LINK_RIG_WAIT (rig->n_commands == 1);
}

static void
test_free_anywhere (LinkRig      *rig,
                    gconstpointer data)
{
  static const int kinds[] = {
    DGW_ACTION_STATUS,
    DGW_ACTION_DISPATCH,
    DGW_ACTION_SESSION,
    DGW_ACTION_HELLO,
    DGW_ACTION_ACKED,
    DGW_ACTION_ERROR,
    DGW_ACTION_DISCONNECTED,
    DGW_ACTION_RECONNECTING,
  };

  g_test_summary ("DIS-07: the link may be freed in the handler of any action, with batches in flight");
  g_object_set (rig->simulator, "heartbeat-interval", 50, "guild-count", 50, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      guint n_disconnected = rig->n_disconnected;

      rig->free_at = kinds[i];
      rig->sequence = -1;
      link_rig_open (rig);
      if (kinds[i] >= DGW_ACTION_INVALIDATED)
        {
          LINK_RIG_WAIT (rig->status == DGW_STATUS_READY || rig->link == NULL);
          dgw_testing_simulator_drop_clients (rig->simulator);
        }
      LINK_RIG_WAIT (rig->link == NULL);
      g_assert_cmpuint (rig->n_disconnected, <=, n_disconnected + 1);
      LINK_RIG_WAIT (dgw_testing_simulator_get_n_clients (rig->simulator) == 0);
      rig->status = DGW_STATUS_UNCONNECTED;
    }
}

static void
test_many (LinkRig      *rig,
           gconstpointer data)
{
  static LinkRig rigs[20];

  g_test_summary ("Many links share one worker, each with its own events");
  for (guint i = 0; i < G_N_ELEMENTS (rigs); i++)
    {
      rigs[i] = (LinkRig){.lines = g_ptr_array_new_with_free_func (g_free), .sequence = -1, .free_at = -1};
      dgw_link_options_copy (&rig->options, &rigs[i].options);
      link_rig_open (&rigs[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rigs); i++)
    LINK_RIG_WAIT (rigs[i].status == DGW_STATUS_READY);
  link_rig_dispatch (rig, 200);
  for (guint i = 0; i < G_N_ELEMENTS (rigs); i++)
    {
      LINK_RIG_WAIT (rigs[i].n_dispatches >= 201);
      g_assert_cmpuint (rigs[i].n_disconnected, ==, 0);
      dgw_link_free (rigs[i].link);
      dgw_link_options_clear (&rigs[i].options);
      dgw_resume_state_clear (&rigs[i].session);
      g_clear_error (&rigs[i].error);
      g_ptr_array_unref (rigs[i].lines);
    }
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char   *path;
    gconstpointer data;
    void (*func) (LinkRig *, gconstpointer);
  } cases[] = {
    {"/dgw/worker/link/ready",                 NULL,                                           test_ready         },
    {"/dgw/worker/link/events/none",           GINT_TO_POINTER (DGW_COMPRESSION_NONE),         test_events        },
    {"/dgw/worker/link/events/zlib-payload",   GINT_TO_POINTER (DGW_COMPRESSION_ZLIB_PAYLOAD), test_events        },
    {"/dgw/worker/link/events/zlib-stream",    GINT_TO_POINTER (DGW_COMPRESSION_ZLIB_STREAM),  test_events        },
    {"/dgw/worker/link/events/zstd-stream",    GINT_TO_POINTER (DGW_COMPRESSION_ZSTD_STREAM),  test_events        },
    {"/dgw/worker/link/split",                 NULL,                                           test_split         },
    {"/dgw/worker/link/garbage/zlib-stream",   GINT_TO_POINTER (DGW_COMPRESSION_ZLIB_STREAM),  test_garbage       },
    {"/dgw/worker/link/garbage/zstd-stream",   GINT_TO_POINTER (DGW_COMPRESSION_ZSTD_STREAM),  test_garbage       },
    {"/dgw/worker/link/too-large/none",        GINT_TO_POINTER (DGW_COMPRESSION_NONE),         test_too_large     },
    {"/dgw/worker/link/too-large/zstd-stream", GINT_TO_POINTER (DGW_COMPRESSION_ZSTD_STREAM),  test_too_large     },
    {"/dgw/worker/link/unauthorized",          NULL,                                           test_unauthorized  },
    {"/dgw/worker/link/retry-after",           NULL,                                           test_retry_after   },
    {"/dgw/worker/link/address-kept",          NULL,                                           test_address_kept  },
    {"/dgw/worker/link/resume-refused",        NULL,                                           test_resume_refused},
    {"/dgw/worker/link/upgrade-fails",         NULL,                                           test_upgrade_fails },
    {"/dgw/worker/link/time-limits",           NULL,                                           test_time_limits   },
    {"/dgw/worker/link/half-open",             NULL,                                           test_half_open     },
    {"/dgw/worker/link/zombie-code",           NULL,                                           test_zombie_code   },
    {"/dgw/worker/link/peer-codes",            NULL,                                           test_peer_codes    },
    {"/dgw/worker/link/stop",                  NULL,                                           test_stop          },
    {"/dgw/worker/link/stop-early",            NULL,                                           test_stop_early    },
    {"/dgw/worker/link/send",                  NULL,                                           test_send          },
    {"/dgw/worker/link/free-anywhere",         NULL,                                           test_free_anywhere },
    {"/dgw/worker/link/many",                  NULL,                                           test_many          },
  };

  g_test_init (&argc, &argv, NULL);
  raw_server_silence_logs ();
  /* A skipped event is worth a warning, and here it is wanted. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, LinkRig, cases[i].data, link_rig_set_up, cases[i].func, link_rig_tear_down);

  return g_test_run ();
}
