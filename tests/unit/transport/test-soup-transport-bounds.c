/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-gateway-error.h"
#include "transport-fixture.h"

/* A letter for each message: its text is that letter, so many times. */
static const struct
{
  char  letter;
  gsize length;
} mixture[] = {
  {'a', 100 * 1024},
  {'b', 1         },
  {'c', 33 * 1024 },
  {'d', 0         },
  {'e', 300 * 1024},
  {'f', 20        },
};

static void
append_frame (GByteArray *bytes,
              char        letter,
              gsize       length)
{
  const guint8     header[] = {0x81, 127, 0, 0, 0, 0, 0, (guint8)(length >> 16), (guint8)(length >> 8), (guint8)length};
  g_autofree char *text = g_malloc (length + 1);

  memset (text, letter, length);
  g_byte_array_append (bytes, header, sizeof header);
  g_byte_array_append (bytes, (const guint8 *)text, (guint)length);
}

static void
serve_mixture (RawPeer *peer,
               gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (mixture); i++)
    append_frame (bytes, mixture[i].letter, mixture[i].length);
  raw_peer_write (peer, bytes->data, bytes->len);
  raw_peer_wait_end (peer);
}

static void
test_mixture (Fixture      *fixture,
              gconstpointer data)
{
  RawServer *server = raw_server_new (NULL, serve_mixture, fixture);

  g_test_summary ("RDY-06: large and small texts that come at once are told apart");
  start (fixture, server, "ws");
  WAIT (fixture->messages->len == G_N_ELEMENTS (mixture));
  for (gsize i = 0; i < G_N_ELEMENTS (mixture); i++)
    {
      gsize       length;
      const char *text = g_bytes_get_data (fixture->messages->pdata[i], &length);

      g_assert_cmpuint (length, ==, mixture[i].length);
      for (gsize at = 0; at < length; at++)
        g_assert_cmpint (text[at], ==, mixture[i].letter);
    }
  reset (fixture);
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

/* Security: BOUND-MESSAGE */
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

/* More than what the kernel keeps of a connection at both its ends. */
#define KERNEL_BYTES (64 * 1024 * 1024)
#define LIMIT        (1024 * 1024)

static void
serve_fragments (RawPeer *peer,
                 gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);
  g_autofree char *text = g_malloc0 (LIMIT);

  for (guint i = 0; i < 3; i++)
    {
      raw_peer_send (peer, 0x02, text, LIMIT / 2);
      raw_peer_send (peer, 0x89, "between", 7);
      raw_peer_send (peer, 0x00, text, LIMIT / 4);
      raw_peer_send (peer, 0x8a, "unasked", 7);
      raw_peer_send (peer, 0x80, text, LIMIT / 4);
      tell_frame (data, peer);
    }
  raw_peer_wait_end (peer);
}

static void
test_fragments (Fixture      *fixture,
                gconstpointer data)
{
  RawServer *server = raw_server_new (NULL, serve_fragments, fixture);

  g_test_summary ("SUP-02: messages in fragments of just the limit pass, with control frames between");
  fixture->max_message_size = LIMIT;
  start (fixture, server, "ws");
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *pong = wait_seen (fixture);

      g_assert_cmpstr (pong, ==, "10 between");
      WAIT (fixture->messages->len >= i);
      g_assert_cmpuint (g_bytes_get_size (fixture->messages->pdata[i - 1]), ==, LIMIT);
    }
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  reset (fixture);
  raw_server_free (server);
}

static void
serve_empty_fragments (RawPeer *peer,
                       gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);

  raw_peer_send (peer, 0x01, "", 0);
  raw_peer_send (peer, 0x80, "", 0);
  raw_peer_wait_end (peer);
}

static void
test_empty_fragments (Fixture      *fixture,
                      gconstpointer data)
{
  RawServer *server = raw_server_new (NULL, serve_empty_fragments, fixture);

  g_test_summary ("SUP-02: a text of empty fragments is an empty text");
  start (fixture, server, "ws");
  WAIT (fixture->messages->len == 1);
  g_assert_cmpuint (g_bytes_get_size (fixture->messages->pdata[0]), ==, 0);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  reset (fixture);
  raw_server_free (server);
}

/* What a server sends first, then again and again until it is cut. */
typedef struct
{
  const char *first;
  gsize       first_size;
  const char *again;
  gsize       again_size;
  Fixture    *fixture;
  gsize       n_sent;
} Flood;

#define FRAMES(bytes) (bytes), sizeof (bytes) - 1

static void
serve_endless (RawPeer *peer,
               gpointer data)
{
  Flood           *flood = data;
  g_autofree char *head = raw_peer_accept (peer);
  g_autoptr (GByteArray) many = g_byte_array_new ();

  while (many->len < 64 * 1024)
    g_byte_array_append (many, (const guint8 *)flood->again, flood->again_size);
  raw_peer_write (peer, flood->first, flood->first_size);
  while (flood->n_sent < 2 * KERNEL_BYTES && raw_peer_write (peer, many->data, many->len))
    flood->n_sent += many->len;
  tell (flood->fixture, g_strdup ("cut"));
}

static void
check_endless (Fixture    *fixture,
               const char *certificate,
               Flood       flood)
{
  RawServer       *server = raw_server_new (certificate, serve_endless, &flood);
  g_autofree char *end = NULL;

  flood.fixture = fixture;
  fixture->max_message_size = LIMIT;
  start (fixture, server, certificate != NULL ? "wss" : "ws");
  WAIT (fixture->n_closed == 1);
  g_assert_cmpuint (fixture->code, ==, 0);
  g_assert_cmpuint (fixture->messages->len, ==, 0);
  end = wait_seen (fixture);
  g_test_message ("%zu bytes went out", flood.n_sent);
  g_assert_cmpuint (flood.n_sent, <, KERNEL_BYTES);
  raw_server_free (server);
}

/* Security: BOUND-MESSAGE */
static void
test_endless_message (Fixture      *fixture,
                      gconstpointer data)
{
  static const char large[10 + 65536 + 1] = {0x00, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0};
  const Flood       floods[] = {
          {FRAMES ("\x02\x00"),  FRAMES (large)                       },
          {FRAMES ("\x02\x00"),  FRAMES ("\x00\x03xxx")               },
          {FRAMES ("\x01\x01x"), FRAMES ("\x00\x01x\x8a\x01x\x00\x00")},
          {FRAMES ("\x01\x00"),  FRAMES ("\x00\x00")                  },
  };

  g_test_summary ("SUP-02, CMP-11: a message in fragments without an end ends the connection at the limit, not when memory is full");
  for (gsize i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      check_endless (fixture, NULL, floods[i]);
      g_assert_error (fixture->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
    }

  trust_authority (fixture);
  fixture->free_in = IN_CLOSED;
  check_endless (fixture, "localhost.pem", floods[0]);
  g_assert_error (fixture->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
}

/* Security: BOUND-CONTROL */
static void
test_endless_pings (Fixture      *fixture,
                    gconstpointer data)
{
  const Flood pings = {FRAMES (""), FRAMES ("\x89\x04ping")};

  g_test_summary ("SUP-10: pings are not answered without end when the server reads no answer");
  check_endless (fixture, NULL, pings);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);

  trust_authority (fixture);
  fixture->free_in = IN_CLOSED;
  check_endless (fixture, "localhost.pem", pings);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

/* Security: BOUND-END */
static void
test_endless_after_close (Fixture      *fixture,
                          gconstpointer data)
{
  Flood            flood = {FRAMES ("\x81\x01x\x02\x00"), FRAMES ("\x00\x04xxxx"), fixture};
  RawServer       *server = raw_server_new (NULL, serve_endless, &flood);
  g_autofree char *end = NULL;

  g_test_summary ("SUP-08: nor does a server that sends on after our close frame fill the memory");
  fixture->max_message_size = LIMIT;
  start (fixture, server, "ws");
  WAIT (fixture->messages->len == 1);
  dgw_soup_transport_close (fixture->transport, 4900, NULL);
  g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
  end = wait_seen (fixture);
  g_test_message ("%zu bytes went out", flood.n_sent);
  g_assert_cmpuint (flood.n_sent, <, KERNEL_BYTES);
  raw_server_free (server);
}

static void
serve_drip (RawPeer *peer,
            gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);

  raw_peer_send (peer, 0x81, "x", 1);
  tell_frame (data, peer);
  /* Never an answer to the close frame, never a silence of a second. */
  while (raw_peer_write (peer, "\x89\x00", 2))
    g_socket_condition_timed_wait (peer->socket, G_IO_HUP, G_USEC_PER_SEC / 2, NULL, NULL);
}

/* Security: BOUND-END */
static void
test_drip_after_close (Fixture      *fixture,
                       gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_drip, fixture);
  g_autofree char *close = NULL;

  g_test_summary ("SUP-08: nor does one that pings on for ever keep the connection for ever");
  start (fixture, server, "ws");
  WAIT (fixture->messages->len == 1);
  dgw_soup_transport_close (fixture->transport, 4900, NULL);
  g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
  close = wait_seen (fixture);
  g_assert_cmpstr (close, ==, "8 4900 ");
  WAIT (g_atomic_int_get (&fixture->n_owners) == 0);
  raw_server_free (server);
}

static void
serve_deaf (RawPeer *peer,
            gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);

  /* Reads nothing until the connection is over. */
  while (raw_peer_write (peer, "\x8a\x00", 2))
    g_socket_condition_timed_wait (peer->socket, G_IO_HUP, G_USEC_PER_SEC / 20, NULL, NULL);
}

/* Security: BOUND-UNSENT */
static void
test_deaf (Fixture      *fixture,
           gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_deaf, fixture);
  g_autofree char *text = g_strnfill (4000, 'x');
  gsize            n_sent = 0;

  g_test_summary ("SND-07: what waits for a server that reads nothing does not fill the memory");
  start (fixture, server, "ws");
  WAIT (fixture->n_opened == 1);
  while (n_sent < KERNEL_BYTES && dgw_soup_transport_send (fixture->transport, text))
    n_sent += 4000;
  g_test_message ("%zu bytes were taken", n_sent);
  g_assert_cmpuint (n_sent, <, KERNEL_BYTES);
  WAIT (fixture->n_closed == 1);
  g_assert_false (dgw_soup_transport_send (fixture->transport, text));
  raw_server_free (server);
}

/* Of these the kernel takes 4 MB at most, and the transport as many again. */
#define LEFT_OVER_BYTES (9 * 1024 * 1024 / 2)

static void
serve_one_way (RawPeer *peer,
               gpointer data)
{
  g_autofree char *head = raw_peer_accept (peer);
  g_autofree char *is_sent = g_async_queue_pop (((Fixture *)data)->seen);

  for (char letter = 'a'; letter <= 'e'; letter++)
    raw_peer_send (peer, 0x81, &letter, 1);
  raw_peer_wait_end (peer);
}

static void
test_one_way (Fixture      *fixture,
              gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_one_way, fixture);
  g_autofree char *text = g_strnfill (4000, 'x');

  g_test_summary ("Peers I6: messages come in although nothing goes out any more");
  start (fixture, server, "ws");
  WAIT (fixture->n_opened == 1);
  for (gsize n_sent = 0; n_sent < LEFT_OVER_BYTES; n_sent += 4000)
    g_assert_true (dgw_soup_transport_send (fixture->transport, text));
  tell (fixture, g_strdup ("sent"));
  WAIT (fixture->messages->len == 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (*(const char *)g_bytes_get_data (g_ptr_array_index (fixture->messages, i), NULL), ==, (int)('a' + i));
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  reset (fixture);
  raw_server_free (server);
}

int
main (int    argc,
      char **argv)
{
  static const FixtureCase cases[] = {
    {"/dgw/transport/soup-transport-bounds/mixture",             test_mixture            },
    {"/dgw/transport/soup-transport-bounds/large",               test_large              },
    {"/dgw/transport/soup-transport-bounds/too-large",           test_too_large          },
    {"/dgw/transport/soup-transport-bounds/fragments",           test_fragments          },
    {"/dgw/transport/soup-transport-bounds/empty-fragments",     test_empty_fragments    },
    {"/dgw/transport/soup-transport-bounds/endless-message",     test_endless_message    },
    {"/dgw/transport/soup-transport-bounds/endless-pings",       test_endless_pings      },
    {"/dgw/transport/soup-transport-bounds/endless-after-close", test_endless_after_close},
    {"/dgw/transport/soup-transport-bounds/deaf",                test_deaf               },
    {"/dgw/transport/soup-transport-bounds/one-way",             test_one_way            },
    {"/dgw/transport/soup-transport-bounds/drip-after-close",    test_drip_after_close   },
  };

  return run_cases (argc, argv, cases, G_N_ELEMENTS (cases));
}
