/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "transport/dgw-soup-transport-private.h"

#include "base/dgw-gateway-error.h"
#include "raw-server.h"

typedef struct
{
  DgwNetOptions     options;
  guint64           max_message_size;
  DgwSoupTransport *transport;
  guint             n_opened;
  guint             n_failed;
  guint             http_status;
  gint64            retry_after_us;
  guint             n_closed;
  guint             code;
  char             *reason;
  GError           *error;
  GPtrArray        *messages; /* of GBytes */
  gboolean          is_text;
  guint             free_in;    /* which handler frees the transport */
  guint             close_code; /* what closed() closes with; 0: it does not */
  int               n_owners;   /* atomic */
  GAsyncQueue      *seen;       /* what the server's thread tells */
} Fixture;

enum
{
  IN_OPENED = 1,
  IN_FAILED,
  IN_MESSAGE,
  IN_CLOSED,
};

static void
maybe_free (Fixture *fixture,
            guint    handler)
{
  if (fixture->free_in == handler)
    g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
}

static void
opened (gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_opened++;
  maybe_free (fixture, IN_OPENED);
}

static void
failed (guint         http_status,
        gint64        retry_after_us,
        const GError *error,
        gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_nonnull (error);
  g_test_message ("failed: %s", error->message);
  fixture->n_failed++;
  fixture->http_status = http_status;
  fixture->retry_after_us = retry_after_us;
  fixture->error = g_error_copy (error);
  maybe_free (fixture, IN_FAILED);
}

static void
message (GBytes  *bytes,
         gboolean is_text,
         gpointer user_data)
{
  Fixture *fixture = user_data;

  g_ptr_array_add (fixture->messages, g_bytes_ref (bytes));
  fixture->is_text = is_text;
  maybe_free (fixture, IN_MESSAGE);
}

static void
closed (guint         code,
        const char   *reason,
        const GError *error,
        gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_test_message ("closed: %u %s %s", code, reason, error != NULL ? error->message : "");
  fixture->n_closed++;
  fixture->code = code;
  fixture->reason = g_strdup (reason);
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
  if (fixture->close_code != 0)
    g_assert_true (dgw_soup_transport_close (fixture->transport, fixture->close_code, "unreadable"));
  maybe_free (fixture, IN_CLOSED);
}

static gpointer
owner_ref (gpointer owner)
{
  g_atomic_int_inc ((int *)owner);

  return owner;
}

static void
owner_unref (gpointer owner)
{
  /* The last reference to a TLS connection may go in a thread of GIO's. */
  g_atomic_int_add ((int *)owner, -1);
  g_main_context_wakeup (NULL);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->options = (DgwNetOptions){
    .user_agent = "DiscordBot (https://example.org, 1)",
    .owner = &fixture->n_owners,
    .owner_ref = owner_ref,
    .owner_unref = owner_unref,
  };
  fixture->max_message_size = 16 * 1024 * 1024;
  fixture->messages = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  fixture->seen = g_async_queue_new_full (g_free);
}

static void
reset (Fixture *fixture)
{
  g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
  g_ptr_array_set_size (fixture->messages, 0);
  g_clear_error (&fixture->error);
  g_clear_pointer (&fixture->reason, g_free);
  fixture->n_opened = fixture->n_failed = fixture->n_closed = fixture->code = 0;
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  reset (fixture);
  g_clear_object (&fixture->options.tls_database);
  g_clear_object (&fixture->options.proxy_resolver);
  /* Nothing of the connection is left, so nobody holds the owner. */
  while (g_atomic_int_get (&fixture->n_owners) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_ptr_array_unref (fixture->messages);
  g_async_queue_unref (fixture->seen);
}

static void
start (Fixture    *fixture,
       RawServer  *server,
       const char *scheme)
{
  static const DgwSoupTransportHandlers handlers = {opened, failed, message, closed};
  g_autofree char                      *url = raw_server_dup_url (server, scheme, "/?v=10");
  g_autoptr (GError) error = NULL;

  reset (fixture);
  fixture->transport = dgw_soup_transport_new (&fixture->options, url, fixture->max_message_size, &handlers, fixture, &error);
  g_assert_no_error (error);
}

#define WAIT(condition)                      \
  G_STMT_START                               \
  {                                          \
    while (!(condition))                     \
      g_main_context_iteration (NULL, TRUE); \
  }                                          \
  G_STMT_END

/* Runs the context until the server's thread has told something. */
static char *
wait_seen (Fixture *fixture)
{
  char *text;

  while ((text = g_async_queue_try_pop (fixture->seen)) == NULL)
    g_main_context_iteration (NULL, TRUE);

  return text;
}

static void
tell (Fixture *fixture,
      char    *text)
{
  g_async_queue_push (fixture->seen, text);
  g_main_context_wakeup (NULL);
}

/* Opens and tells the first frame's opcode and content. */
static void
tell_frame (Fixture *fixture,
            RawPeer *peer)
{
  GByteArray *content = NULL;
  int         opcode = raw_peer_receive (peer, &content);

  if (opcode == 8 && content->len >= 2)
    tell (fixture, g_strdup_printf ("8 %u %s", content->data[0] << 8 | content->data[1], content->data + 2));
  else
    tell (fixture, g_strdup_printf ("%d %s", opcode, content != NULL ? (char *)content->data : ""));
  g_clear_pointer (&content, g_byte_array_unref);
}

static void
serve_echo (RawPeer *peer,
            gpointer data)
{
  Fixture *fixture = data;
  char    *head = raw_peer_accept (peer);

  if (head == NULL)
    return;
  tell (fixture, head);
  raw_peer_send (peer, 0x89, "ping", 4);
  tell_frame (fixture, peer);
  raw_peer_send (peer, 0x81, "text", 4);
  raw_peer_send (peer, 0x82, "binary", 6);
  tell_frame (fixture, peer);
  tell_frame (fixture, peer);
  raw_peer_send_close (peer, 4000, "bye");
  raw_peer_wait_end (peer);
}

static void
test_talk (Fixture      *fixture,
           gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_echo, fixture);
  g_autofree char *head = NULL;
  g_autofree char *pong = NULL;
  g_autofree char *text = NULL;
  g_autofree char *last = NULL;

  g_test_summary ("SUP-10: the upgrade offers no extension, a ping gets its pong, text and binary pass; SUP-03: a code goes out as given");
  start (fixture, server, "ws");
  g_assert_false (dgw_soup_transport_send (fixture->transport, "too early"));
  head = wait_seen (fixture);
  g_assert_nonnull (strstr (head, "GET /?v=10 HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (head, "User-Agent: DiscordBot (https://example.org, 1)\r\n"));
  g_assert_null (strstr (head, "Sec-WebSocket-Extensions"));
  g_assert_null (strstr (head, "Cookie"));
  g_assert_null (strstr (head, "Authorization"));
  pong = wait_seen (fixture);
  g_assert_cmpstr (pong, ==, "10 ping");

  WAIT (fixture->messages->len == 2);
  g_assert_cmpuint (fixture->n_opened, ==, 1);
  g_assert_false (fixture->is_text);
  g_assert_true (dgw_soup_transport_send (fixture->transport, "häi"));
  text = wait_seen (fixture);
  g_assert_cmpstr (text, ==, "1 häi");

  g_assert_true (dgw_soup_transport_close (fixture->transport, 4000, "zombie"));
  g_assert_false (dgw_soup_transport_close (fixture->transport, 4000, "twice is a critical of libsoup's"));
  g_assert_false (dgw_soup_transport_send (fixture->transport, "so is this"));
  last = wait_seen (fixture);
  g_assert_cmpstr (last, ==, "8 4000 zombie");
  WAIT (fixture->n_closed == 1);
  g_assert_cmpuint (fixture->code, ==, 4000);
  g_assert_cmpstr (fixture->reason, ==, "bye");
  g_assert_no_error (fixture->error);
  g_assert_false (dgw_soup_transport_close (fixture->transport, 4000, NULL));
  g_assert_false (dgw_soup_transport_send (fixture->transport, "and this"));
  raw_server_free (server);
}

static void
serve_large (RawPeer *peer,
             gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);
  g_autofree char *text = g_malloc (2 * 1024 * 1024);

  memset (text, 'x', 2 * 1024 * 1024);
  raw_peer_send (peer, 0x81, text, 200 * 1024);
  raw_peer_send (peer, 0x82, text, 2 * 1024 * 1024);
  raw_peer_send (peer, 0x01, text, 1024 * 1024);
  raw_peer_send (peer, 0x00, text, 512 * 1024);
  raw_peer_send (peer, 0x80, text, 512 * 1024);
  raw_peer_wait_end (peer);
}

static void
test_large (Fixture      *fixture,
            gconstpointer data)
{
  RawServer *server = raw_server_new (NULL, serve_large, fixture);

  g_test_summary ("SUP-01, SUP-02, RDY-06: messages far above libsoup's default of 128 KiB, in one frame and in fragments");
  start (fixture, server, "ws");
  WAIT (fixture->messages->len == 3);
  g_assert_cmpuint (g_bytes_get_size (fixture->messages->pdata[0]), ==, 200 * 1024);
  g_assert_cmpuint (g_bytes_get_size (fixture->messages->pdata[1]), ==, 2 * 1024 * 1024);
  g_assert_cmpuint (g_bytes_get_size (fixture->messages->pdata[2]), ==, 2 * 1024 * 1024);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  reset (fixture);
  raw_server_free (server);
}

static void
test_too_large (Fixture      *fixture,
                gconstpointer data)
{
  RawServer *server = raw_server_new (NULL, serve_large, fixture);

  g_test_summary ("SUP-01: a frame above our own limit is refused before it is buffered, and the error says so");
  fixture->max_message_size = 100 * 1024;
  start (fixture, server, "ws");
  WAIT (fixture->n_closed == 1);
  g_assert_cmpuint (fixture->messages->len, ==, 0);
  g_assert_cmpuint (fixture->code, ==, 0);
  g_assert_error (fixture->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
  raw_server_free (server);
}

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
    {"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",                                    302, -1,                             "redirect to “ws://127.0.0.1:9/”"        },
    {"HTTP/1.1 302 Found\r\nLocation: /\xff\x1b[7m\r\nContent-Length: 0\r\n\r\n",                                         302, -1,                             "redirect to “/\357\277\275 [7m”"        },
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
  static const DgwSoupTransportHandlers handlers = {opened, failed, message, closed};
  static const char *const              bad[] = {"", "no address", "ws://", "ftp://localhost/", "ws://localhost:99999/", NULL};
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint            port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("ws://127.0.0.1:%u/", port);

  g_test_summary ("CON-10: TCP refused passes GIO's error through; an address that is none is an error at once");
  g_socket_listener_close (listener);
  fixture->transport = dgw_soup_transport_new (&fixture->options, url, 0, &handlers, fixture, NULL);
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
serve_bad_text (RawPeer *peer,
                gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);

  raw_peer_send (peer, 0x81, "\xc3\x28", 2);
  raw_peer_send (peer, 0x81, "{}", 2);
  tell_frame (data, peer);
}

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
  g_assert_cmpuint (fixture->code, ==, 1002);
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
serve_flood (RawPeer *peer,
             gpointer data)
{
  Fixture         *fixture = data;
  g_autofree char *head = raw_peer_accept (peer);

  if (head == NULL)
    return;
  for (guint i = 0; i < 50; i++)
    raw_peer_send (peer, 0x81, "flood", 5);
  for (int opcode = 0; opcode != -1;)
    {
      g_autoptr (GByteArray) content = NULL;

      opcode = raw_peer_receive (peer, &content);
      if (opcode == 8)
        tell (fixture, g_strdup_printf ("8 %u", content->data[0] << 8 | content->data[1]));
    }
  tell (fixture, g_strdup ("end"));
}

static void
test_close_keeps_quiet (Fixture      *fixture,
                        gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_flood, fixture);
  g_autofree char *close = NULL;
  g_autofree char *end = NULL;

  g_test_summary ("SUP-08, SUP-11, HB-09: after close no message comes; freed then, the frame still goes out, and nobody waits for a mute peer");
  start (fixture, server, "ws");
  WAIT (fixture->messages->len > 0);
  g_ptr_array_set_size (fixture->messages, 0);
  dgw_soup_transport_close (fixture->transport, 4901, NULL);
  g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
  close = wait_seen (fixture);
  g_assert_cmpstr (close, ==, "8 4901");
  end = wait_seen (fixture);
  g_assert_cmpuint (fixture->messages->len, ==, 0);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  raw_server_free (server);
}

static void
test_free (Fixture      *fixture,
           gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_flood, fixture);
  g_autofree char *end = NULL;

  g_test_summary ("DIS-07, SUP-11: freed without a close, TCP ends without a close frame and no handler is called");
  start (fixture, server, "ws");
  WAIT (fixture->messages->len > 0);
  g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
  end = wait_seen (fixture);
  g_assert_cmpstr (end, ==, "end");
  g_assert_cmpuint (fixture->n_closed, ==, 0);
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

static void
serve_never (RawPeer *peer,
             gpointer data)
{
  g_autofree char *head = raw_peer_read_head (peer);

  tell (data, g_strdup ("asked"));
  raw_peer_wait_end (peer);
  tell (data, g_strdup ("gone"));
}

static void
test_free_in_handshake (Fixture      *fixture,
                        gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_never, fixture);
  g_autofree char *asked = NULL;
  g_autofree char *gone = NULL;

  g_test_summary ("CON-15, DIS-05: freed while it connects, the attempt ends at once and says nothing");
  start (fixture, server, "ws");
  g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
  WAIT (g_atomic_int_get (&fixture->n_owners) == 0);

  start (fixture, server, "ws");
  asked = wait_seen (fixture);
  g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
  gone = wait_seen (fixture);
  WAIT (g_atomic_int_get (&fixture->n_owners) == 0);
  g_assert_cmpuint (fixture->n_failed + fixture->n_opened, ==, 0);
  raw_server_free (server);
}

static void
trust_authority (Fixture *fixture)
{
  g_autofree char *path = raw_certificate_path ("authority.pem");
  g_autoptr (GError) error = NULL;

  fixture->options.tls_database = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
}

static void
test_tls (Fixture      *fixture,
          gconstpointer data)
{
  RawServer       *server = raw_server_new ("localhost.pem", serve_flood, fixture);
  RawServer       *elsewhere = raw_server_new ("elsewhere.pem", serve_flood, fixture);
  g_autofree char *end = NULL;

  g_test_summary ("CON-11: TLS verifies by the database given; an unknown authority and another host's certificate are errors");
  start (fixture, server, "wss");
  WAIT (fixture->n_failed == 1);
  g_assert_error (fixture->error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_assert_nonnull (strstr (fixture->error->message, "“localhost” is signed by an authority that is not trusted"));
  g_assert_cmpuint (fixture->http_status, ==, 0);

  trust_authority (fixture);
  start (fixture, elsewhere, "wss");
  WAIT (fixture->n_failed == 1);
  g_assert_error (fixture->error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_assert_nonnull (strstr (fixture->error->message, "made out to another host"));

  start (fixture, server, "wss");
  WAIT (fixture->messages->len == 50);
  reset (fixture);
  end = wait_seen (fixture);
  g_assert_cmpstr (end, ==, "end");
  raw_server_free (server);
  raw_server_free (elsewhere);
}

static void
serve_plain (RawPeer *peer,
             gpointer data)
{
  char byte;

  raw_peer_read (peer, &byte, 1);
  /* A record of TLS begins like this. */
  g_assert_cmpint (byte, ==, 0x16);
  raw_peer_write (peer, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", -1);
}

static void
test_tls_to_plain (Fixture      *fixture,
                   gconstpointer data)
{
  RawServer *server = raw_server_new (NULL, serve_plain, fixture);

  g_test_summary ("CON-11: a server that speaks no TLS gets nothing of the request");
  start (fixture, server, "wss");
  WAIT (fixture->n_failed == 1);
  g_assert_cmpuint (fixture->http_status, ==, 0);
  raw_server_free (server);
}

typedef struct
{
  Fixture    *fixture;
  const char *answer;
  guint       port;
} Proxy;

static void
serve_proxy (RawPeer *peer,
             gpointer data)
{
  Proxy *proxy = data;
  char  *head = raw_peer_read_head (peer);

  if (head == NULL)
    return;
  tell (proxy->fixture, head);
  raw_peer_write (peer, proxy->answer, -1);
  if (proxy->port != 0)
    raw_peer_relay (peer, proxy->port);
}

static void
use_proxy (Fixture   *fixture,
           RawServer *proxy)
{
  g_autofree char *url = raw_server_dup_url (proxy, "http", "");

  g_clear_object (&fixture->options.proxy_resolver);
  fixture->options.proxy_resolver = g_simple_proxy_resolver_new (url, NULL);
}

static void
test_proxy (Fixture      *fixture,
            gconstpointer data)
{
  RawServer       *server = raw_server_new ("localhost.pem", serve_flood, fixture);
  Proxy            open = {fixture, "HTTP/1.1 200 Connection established\r\n\r\n", raw_server_get_port (server)};
  Proxy            shut = {fixture, "HTTP/1.1 401 Unauthorized\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 0};
  RawServer       *open_proxy = raw_server_new (NULL, serve_proxy, &open);
  RawServer       *shut_proxy = raw_server_new (NULL, serve_proxy, &shut);
  g_autofree char *expected = g_strdup_printf ("CONNECT localhost:%u HTTP/1.1\r\n", raw_server_get_port (server));
  g_autofree char *head = NULL;
  g_autofree char *refused = NULL;

  g_test_summary ("The proxy resolver is asked, wss goes through CONNECT, and a proxy's 401 is not taken for the gateway's");
  trust_authority (fixture);
  use_proxy (fixture, open_proxy);
  start (fixture, server, "wss");
  head = wait_seen (fixture);
  g_assert_true (g_str_has_prefix (head, expected));
  WAIT (fixture->messages->len == 50);
  reset (fixture);

  use_proxy (fixture, shut_proxy);
  start (fixture, server, "wss");
  WAIT (fixture->n_failed == 1);
  g_assert_cmpuint (fixture->http_status, ==, 0);
  g_assert_cmpint (fixture->retry_after_us, ==, -1);
  g_assert_nonnull (strstr (fixture->error->message, "The proxy answered with HTTP 401"));
  reset (fixture);
  raw_server_free (open_proxy);
  raw_server_free (shut_proxy);
  raw_server_free (server);
}

static void
serve_reason (RawPeer *peer,
              gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);

  tell_frame (data, peer);
}

static void
test_long_reason (Fixture      *fixture,
                  gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_reason, fixture);
  g_autofree char *seen = NULL;
  g_autoptr (GString) reason = g_string_new ("x");

  g_test_summary ("SUP-07: a reason that no close frame holds is cut between characters");
  for (guint i = 0; i < 100; i++)
    g_string_append (reason, "ä");
  start (fixture, server, "ws");
  WAIT (fixture->n_opened == 1);
  dgw_soup_transport_close (fixture->transport, 4000, reason->str);
  seen = wait_seen (fixture);
  g_assert_true (g_utf8_validate (seen, -1, NULL));
  g_assert_cmpuint (strlen (seen), ==, strlen ("8 4000 ") + 123);
  WAIT (fixture->n_closed == 1);
  raw_server_free (server);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } cases[] = {
    {"/dgw/transport/soup-transport/talk",               test_talk              },
    {"/dgw/transport/soup-transport/large",              test_large             },
    {"/dgw/transport/soup-transport/too-large",          test_too_large         },
    {"/dgw/transport/soup-transport/refusals",           test_refusals          },
    {"/dgw/transport/soup-transport/refused",            test_refused           },
    {"/dgw/transport/soup-transport/ends",               test_ends              },
    {"/dgw/transport/soup-transport/bad-text",           test_bad_text          },
    {"/dgw/transport/soup-transport/own-end",            test_own_end           },
    {"/dgw/transport/soup-transport/frames-after-close", test_frames_after_close},
    {"/dgw/transport/soup-transport/close-keeps-quiet",  test_close_keeps_quiet },
    {"/dgw/transport/soup-transport/free",               test_free              },
    {"/dgw/transport/soup-transport/free-in-handlers",   test_free_in_handlers  },
    {"/dgw/transport/soup-transport/free-in-handshake",  test_free_in_handshake },
    {"/dgw/transport/soup-transport/tls",                test_tls               },
    {"/dgw/transport/soup-transport/tls-to-plain",       test_tls_to_plain      },
    {"/dgw/transport/soup-transport/proxy",              test_proxy             },
    {"/dgw/transport/soup-transport/long-reason",        test_long_reason       },
  };

  g_test_init (&argc, &argv, NULL);
  raw_server_silence_logs ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].func, tear_down);

  return g_test_run ();
}
