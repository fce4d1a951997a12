/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/dgw-gateway-error.h"
#include "transport-fixture.h"

/* How a server refuses the upgrade, and what is made of it. */
typedef struct
{
  const char *answer;
  guint       http_status;
  gint64      retry_after_us;
  const char *text; /* in the error */
} Refusal;

static void
serve_refusal (RawPeer *peer,
               gpointer data)
{
  const Refusal   *refusal = data;
  g_autofree char *head = raw_peer_read_head (peer);

  if (head == NULL)
    return;
  raw_peer_write (peer, refusal->answer, -1);
}

/* Security: NO-REDIRECT */
static void
test_refusals (Fixture      *fixture,
               gconstpointer data)
{
  static const Refusal refusals[] = {
    {"HTTP/1.1 503 Überlastet\r\nContent-Length: 0\r\n\r\n",                                                             503, -1,                             "upgrade with HTTP 503 (Service Unavailable)"},
    {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0.3\r\nContent-Length: 0\r\n\r\n",                                   429, 300000,                         "HTTP 429"                                   },
    {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1e99\r\nContent-Length: 0\r\n\r\n",                                  429, 24 * 3600 * G_TIME_SPAN_SECOND, "HTTP 429"                                   },
    {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: nan\r\nContent-Length: 0\r\n\r\n",                                   429, 0,                              "HTTP 429"                                   },
    {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: -5\r\nContent-Length: 0\r\n\r\n",                                    429, 0,                              "HTTP 429"                                   },
    {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n",                                  429, -1,                             "HTTP 429"                                   },
    {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\nContent-Length: 0\r\n\r\n",         429, 0,                              "HTTP 429"                                   },
    {"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n",                         401, -1,                             "HTTP 401"                                   },
    {"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",                                    302, -1,                             "redirect to “ws://127.0.0.1:9”"         },
    {"HTTP/1.1 302 Found\r\nLocation: /\xff\x1b[7m\r\nContent-Length: 0\r\n\r\n",                                         302, -1,                             "redirect to “ws://localhost:"             },
    {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",                                                               403, -1,                             "bars"                                       },
    {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nLogin!",                                     200, -1,                             "login"                                      },
    {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n", 101, -1,                             "Sec-WebSocket-Accept"                       },
    {"\x01\x02garbage\r\n\r\n",                                                                                           0,   -1,                             "HTTP response"                              },
    {"",                                                                                                                  0,   -1,                             "terminated"                                 },
  };

  g_test_summary ("CON-16, CON-14: whatever answers the upgrade with something else is a failure with a clear text, and no redirect is followed");
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      RawServer *server = raw_server_new (NULL, serve_refusal, (gpointer)&refusals[i]);

      start (fixture, server, "ws");
      WAIT (fixture->n_failed == 1);
      g_assert_cmpuint (fixture->http_status, ==, refusals[i].http_status);
      g_assert_cmpint (fixture->retry_after_us, ==, refusals[i].retry_after_us);
      g_assert_nonnull (strstr (fixture->error->message, refusals[i].text));
      g_assert_true (g_utf8_validate (fixture->error->message, -1, NULL));
      reset (fixture);
      g_assert_cmpuint (fixture->n_opened, ==, 0);
      raw_server_free (server);
    }
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  static const DgwSoupTransportHandlers handlers = {0};
  static const char *const              bad[] = {"", "no address", "ws://", "ftp://localhost/", "ws://localhost:99999/", NULL};
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint            port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("ws://127.0.0.1:%u/", port);

  g_test_summary ("CON-10: TCP refused passes GIO's error through; an address that is none is an error at once");
  g_socket_listener_close (listener);
  start_url (fixture, url);
  WAIT (fixture->n_failed == 1);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpuint (fixture->http_status, ==, 0);
  reset (fixture);

  for (guint i = 0; bad[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (dgw_soup_transport_new (&fixture->options, bad[i], 0, &handlers, fixture, &error));
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED);
    }
}

static void
test_no_more_files (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint            port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("ws://127.0.0.1:%u/", port);
  struct rlimit    usual, none;
  int              next_fd;

  g_test_summary ("Where the process may open no more files the error says so, and what to do");
  g_socket_listener_close (listener);
  start_url (fixture, url);
  WAIT (fixture->n_failed == 1);
  reset (fixture);

  next_fd = dup (STDERR_FILENO);
  close (next_fd);
  getrlimit (RLIMIT_NOFILE, &usual);
  none = usual;
  none.rlim_cur = (rlim_t)next_fd;
  setrlimit (RLIMIT_NOFILE, &none);
  start_url (fixture, url);
  WAIT (fixture->n_failed == 1);
  setrlimit (RLIMIT_NOFILE, &usual);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
  g_assert_nonnull (strstr (fixture->error->message, "RLIMIT_NOFILE"));
}

static void
serve_bad_text (RawPeer *peer,
                gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);

  raw_peer_send (peer, 0x81, "\xc3\x28", 2);
  raw_peer_send (peer, 0x81, "{}", 2);
  tell_frame (data, peer);
}

/* Security: BOUND-JSON */
static void
test_bad_text (Fixture      *fixture,
               gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_bad_text, fixture);
  g_autofree char *last = NULL;

  g_test_summary ("SUP-09: a text that is no UTF-8 ends the connection before the next message, with a code of our choice");
  fixture->close_code = 4905;
  fixture->free_in = IN_CLOSED;
  start (fixture, server, "ws");
  WAIT (fixture->n_closed == 1);
  g_assert_error (fixture->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL);
  last = wait_seen (fixture);
  g_assert_cmpstr (last, ==, "8 4905 unreadable");
  g_assert_cmpuint (fixture->messages->len, ==, 0);
  raw_server_free (server);
}

static void
serve_bad_opcode (RawPeer *peer,
                  gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);

  raw_peer_send (peer, 0x83, "x", 1);
  tell_frame (data, peer);
  raw_peer_send_close (peer, 1002, "");
  raw_peer_wait_end (peer);
}

static void
test_own_end (Fixture      *fixture,
              gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_bad_opcode, fixture);
  g_autofree char *last = NULL;

  g_test_summary ("DIS-04: a close frame that only answers ours does not hide why we closed");
  start (fixture, server, "ws");
  WAIT (fixture->n_closed == 1);
  last = wait_seen (fixture);
  g_assert_cmpstr (last, ==, "8 1002 ");
  g_assert_cmpuint (fixture->code, ==, 0);
  g_assert_nonnull (fixture->error);
  raw_server_free (server);
}

/* How a connection ends, and what is made of it. */
typedef struct
{
  const char *what;
  const char *frame; /* raw bytes; NULL: a reset */
  gsize       length;
  guint       code;
  const char *reason;
  gboolean    has_error;
} End;

#define FRAME(bytes) (bytes), sizeof (bytes) - 1

static void
serve_end (RawPeer *peer,
           gpointer data)
{
  const End       *end = data;
  g_autofree char *head = raw_peer_accept (peer);

  if (end->frame == NULL)
    {
      raw_peer_reset (peer);
      return;
    }
  raw_peer_write (peer, end->frame, end->length);
  if (end->length == 0)
    return;
  /* The client answers with a close frame of its own. */
  for (int opcode = 0; opcode != 8 && opcode != -1;)
    {
      g_autoptr (GByteArray) content = NULL;

      opcode = raw_peer_receive (peer, &content);
    }
}

static void
test_ends (Fixture      *fixture,
           gconstpointer data)
{
  static const End ends[] = {
    {"EOF",   FRAME (""),                      0,                                               NULL,       FALSE                       },
    {"reset", NULL,                            0,                                               0,          NULL,                         TRUE},
    {"empty close",       FRAME ("\x88\x00"),                          0,                                                 NULL,                                 FALSE        },
    {"close 1000",       FRAME ("\x88\x02\x03\xe8"),                           1000,                                          NULL,                      FALSE},
    {"close 4004",       FRAME ("\x88\x08\x0f\xa4no way"),                           4004,                                    "no way",                FALSE    },
    {"close 1012, unknown to libsoup",       FRAME ("\x88\x02\x03\xf4"),       1012,                      NULL,                      FALSE                    },
    {"close 1005, reserved",       FRAME ("\x88\x02\x03\xed"),                 0,                                NULL,                         TRUE},
    {"close 1006, reserved",       FRAME ("\x88\x02\x03\xee"),                 0,                                NULL,                         TRUE                    },
    {"close with half a code",       FRAME ("\x88\x01\x03"),               0,                                  NULL,                             TRUE},
    {"close with a reason that is no UTF-8",       FRAME ("\x88\x03\x0f\xa0\xff"), 4000,            NULL,                  FALSE                               },
    {"text that is no UTF-8",       FRAME ("\x81\x02\xc3\x28"),                0,                               NULL,                         TRUE},
    {"masked frame",       FRAME ("\x81\x81\x01\x02\x03\x04\x05"),                         0,                            NULL,             TRUE                      },
    {"reserved bits",       FRAME ("\xc1\x01x"),                        0,                                              NULL,                                TRUE},
    {"unknown opcode",       FRAME ("\x83\x01x"),                       0,                                             NULL,                                TRUE                       },
    {"continuation of nothing",       FRAME ("\x80\x01x"),              0,                                    NULL,                                TRUE},
    {"length that no memory holds",       FRAME ("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"),          0, NULL, TRUE                           },
    {"negative length",       FRAME ("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff"),                      0,             NULL, TRUE},
  };

  g_test_summary ("SUP-04, SUP-05, SUP-06, SUP-09: each way to end is reported once, by closed, with 0 for no code");
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      RawServer *server = raw_server_new (NULL, serve_end, (gpointer)&ends[i]);

      g_test_message ("%s", ends[i].what);
      start (fixture, server, "ws");
      WAIT (fixture->n_closed == 1);
      g_assert_cmpuint (fixture->n_opened, ==, 1);
      g_assert_cmpuint (fixture->code, ==, ends[i].code);
      if (ends[i].reason != NULL)
        g_assert_cmpstr (fixture->reason, ==, ends[i].reason);
      g_assert_cmpint (fixture->error != NULL, ==, ends[i].has_error);
      g_assert_cmpuint (fixture->messages->len, ==, 0);
      reset (fixture);
      raw_server_free (server);
    }
}

static void
serve_after_close (RawPeer *peer,
                   gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);

  raw_peer_send (peer, 0x81, "before", 6);
  raw_peer_send_close (peer, 4000, "");
  raw_peer_send (peer, 0x81, "after", 5);
  raw_peer_send_close (peer, 4001, "");
  raw_peer_wait_end (peer);
}

static void
test_frames_after_close (Fixture      *fixture,
                         gconstpointer data)
{
  RawServer *server = raw_server_new (NULL, serve_after_close, fixture);

  g_test_summary ("Frames after the peer's close frame are ignored");
  start (fixture, server, "ws");
  WAIT (fixture->n_closed == 1);
  g_assert_cmpuint (fixture->messages->len, ==, 1);
  raw_server_free (server);
}

static void
test_free_in_handlers (Fixture      *fixture,
                       gconstpointer data)
{
  static const Refusal refusal = {"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", 500, -1, ""};
  static const End     end = {"close", FRAME ("\x88\x02\x0f\xa0"), 4000, NULL, FALSE};
  RawServer           *refusing = raw_server_new (NULL, serve_refusal, (gpointer)&refusal);
  RawServer           *flooding = raw_server_new (NULL, serve_flood, fixture);
  RawServer           *ending = raw_server_new (NULL, serve_end, (gpointer)&end);

  g_test_summary ("Each handler may free the transport");
  for (fixture->free_in = IN_OPENED; fixture->free_in <= IN_CLOSED; fixture->free_in++)
    {
      start (fixture, fixture->free_in == IN_FAILED ? refusing : fixture->free_in == IN_CLOSED ? ending
                                                                                               : flooding,
             "ws");
      WAIT (fixture->transport == NULL);
      WAIT (g_atomic_int_get (&fixture->n_owners) == 0);
      g_assert_cmpuint (fixture->n_opened + fixture->n_failed, ==, 1);
      g_assert_cmpuint (fixture->messages->len, ==, fixture->free_in == IN_MESSAGE ? 1 : 0);
    }
  raw_server_free (refusing);
  raw_server_free (flooding);
  raw_server_free (ending);
}

int
main (int    argc,
      char **argv)
{
  static const FixtureCase cases[] = {
    {"/dgw/transport/soup-transport-ends/refusals",           test_refusals          },
    {"/dgw/transport/soup-transport-ends/refused",            test_refused           },
    {"/dgw/transport/soup-transport-ends/no-more-files",      test_no_more_files     },
    {"/dgw/transport/soup-transport-ends/bad-text",           test_bad_text          },
    {"/dgw/transport/soup-transport-ends/own-end",            test_own_end           },
    {"/dgw/transport/soup-transport-ends/ends",               test_ends              },
    {"/dgw/transport/soup-transport-ends/frames-after-close", test_frames_after_close},
    {"/dgw/transport/soup-transport-ends/free-in-handlers",   test_free_in_handlers  },
  };

  return run_cases (argc, argv, cases, G_N_ELEMENTS (cases));
}
