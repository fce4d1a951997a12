/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "transport-fixture.h"

/* Security: TLS-VERIFY */
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

/* Security: TLS-PLAIN */
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

/* Security: PROXY */
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

int
main (int    argc,
      char **argv)
{
  static const FixtureCase cases[] = {
    {"/dgw/transport/soup-transport-secure/tls",          test_tls         },
    {"/dgw/transport/soup-transport-secure/tls-to-plain", test_tls_to_plain},
    {"/dgw/transport/soup-transport-secure/proxy",        test_proxy       },
  };

  return run_cases (argc, argv, cases, G_N_ELEMENTS (cases));
}
