/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-gateway-error.h"
#include "transport-fixture.h"

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

int
main (int    argc,
      char **argv)
{
  static const FixtureCase cases[] = {
    {"/dgw/transport/soup-transport-bounds/large",     test_large    },
    {"/dgw/transport/soup-transport-bounds/too-large", test_too_large},
  };

  return run_cases (argc, argv, cases, G_N_ELEMENTS (cases));
}
