/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "transport-fixture.h"

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
  static const FixtureCase cases[] = {
    {"/dgw/transport/soup-transport/talk",              test_talk             },
    {"/dgw/transport/soup-transport/close-keeps-quiet", test_close_keeps_quiet},
    {"/dgw/transport/soup-transport/free",              test_free             },
    {"/dgw/transport/soup-transport/free-in-handshake", test_free_in_handshake},
    {"/dgw/transport/soup-transport/long-reason",       test_long_reason      },
  };

  return run_cases (argc, argv, cases, G_N_ELEMENTS (cases));
}
