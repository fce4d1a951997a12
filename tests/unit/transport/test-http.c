/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "transport/dgw-http-private.h"

#include "base/dgw-gateway-error.h"
#include "raw-server.h"

typedef struct
{
  DgwNetOptions options;
  DgwHttp      *http;
  guint         n_answers;
  guint         status;
  gint64        retry_after_us;
  GBytes       *body;
  GError       *error;
  gboolean      frees_itself;
  int           n_owners; /* atomic */
  char         *head;     /* of the request; the server's thread, read after the answer */
  const char   *answer;   /* what the server says */
  gsize         padding;
} Fixture;

static void
answered (guint         status,
          gint64        retry_after_us,
          GBytes       *body,
          const GError *error,
          gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpint (body == NULL, ==, error != NULL);
  if (error != NULL)
    g_test_message ("%s", error->message);
  fixture->n_answers++;
  fixture->status = status;
  fixture->retry_after_us = retry_after_us;
  fixture->body = body != NULL ? g_bytes_ref (body) : NULL;
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
  if (fixture->frees_itself)
    g_clear_pointer (&fixture->http, dgw_http_free);
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
  fixture->options = (DgwNetOptions){"DiscordBot (https://example.org, 1)", NULL, NULL, FALSE, &fixture->n_owners, owner_ref, owner_unref};
}

static void
reset (Fixture *fixture)
{
  g_clear_pointer (&fixture->http, dgw_http_free);
  g_clear_pointer (&fixture->body, g_bytes_unref);
  g_clear_pointer (&fixture->head, g_free);
  g_clear_error (&fixture->error);
  fixture->n_answers = 0;
  while (g_atomic_int_get (&fixture->n_owners) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  reset (fixture);
  g_clear_object (&fixture->options.tls_database);
}

static void
serve_answer (RawPeer *peer,
              gpointer data)
{
  Fixture         *fixture = data;
  g_autofree char *padding = g_malloc0 (fixture->padding);

  fixture->head = raw_peer_read_head (peer);
  raw_peer_write (peer, fixture->answer, -1);
  raw_peer_write (peer, padding, (gssize)fixture->padding);
}

static void
get (Fixture    *fixture,
     const char *answer)
{
  RawServer       *server = raw_server_new (NULL, serve_answer, fixture);
  g_autofree char *url = raw_server_dup_url (server, "http", "/api/v10/gateway/bot");
  g_autoptr (GError) error = NULL;

  reset (fixture);
  fixture->answer = answer;
  fixture->http = dgw_http_get (&fixture->options, url, "tok.en", answered, fixture, &error);
  g_assert_no_error (error);
  while (fixture->n_answers == 0)
    g_main_context_iteration (NULL, TRUE);
  raw_server_free (server);
}

static void
test_answer (Fixture      *fixture,
             gconstpointer data)
{
  g_test_summary ("CON-12: the request carries token and user agent; the body comes as it is");
  get (fixture, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n");
  g_assert_cmpuint (fixture->status, ==, 200);
  g_assert_no_error (fixture->error);
  g_assert_cmpmem (g_bytes_get_data (fixture->body, NULL), g_bytes_get_size (fixture->body), "{\"a\":1}", 7);
  g_assert_true (g_str_has_prefix (fixture->head, "GET /api/v10/gateway/bot HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (fixture->head, "Authorization: Bot tok.en\r\n"));
  g_assert_nonnull (strstr (fixture->head, "User-Agent: DiscordBot (https://example.org, 1)\r\n"));
}

/* Security: NO-REDIRECT */
static void
test_refusals (Fixture      *fixture,
               gconstpointer data)
{
  g_test_summary ("CON-13, CON-14: 401 and 429 have codes of their own; no redirect is followed; the rest is told with its status");
  get (fixture, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
  g_assert_cmpuint (fixture->status, ==, 401);
  g_assert_error (fixture->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);

  get (fixture, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0.3\r\nContent-Length: 0\r\n\r\n");
  g_assert_cmpuint (fixture->status, ==, 429);
  g_assert_cmpint (fixture->retry_after_us, ==, 300000);
  g_assert_error (fixture->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_RATE_LIMITED);

  get (fixture, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n");
  g_assert_cmpuint (fixture->status, ==, 302);
  g_assert_error (fixture->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED);
  g_assert_nonnull (strstr (fixture->error->message, "redirect"));

  get (fixture, "HTTP/1.1 204 No Content\r\n\r\n");
  g_assert_error (fixture->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED);
}

/* Security: BOUND-REST */
static void
test_broken (Fixture      *fixture,
             gconstpointer data)
{
  g_test_summary ("An answer that breaks off, is none or is too large is an error");
  get (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
  g_assert_cmpuint (fixture->n_answers, ==, 1);
  g_assert_cmpuint (fixture->status, ==, 200);

  get (fixture, "");
  g_assert_nonnull (fixture->error);
  g_assert_cmpuint (fixture->status, ==, 0);

  get (fixture, "SSH-2.0-OpenSSH\r\n\r\n");
  g_assert_nonnull (fixture->error);

  fixture->padding = 1024 * 1024;
  get (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n");
  g_assert_no_error (fixture->error);
  fixture->padding++;
  get (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n");
  g_assert_error (fixture->error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
}

static void
serve_promises (RawPeer *peer,
                gpointer data)
{
  g_autofree char *head = raw_peer_read_head (peer);

  while (raw_peer_write (peer, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", -1))
    continue;
}

/* Security: BOUND-REST */
static void
test_promises (Fixture      *fixture,
               gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_promises, fixture);
  g_autofree char *url = raw_server_dup_url (server, "http", "/");

  g_test_summary ("A few answers before the answer are skipped; without an end they do not keep the context busy for ever");
  get (fixture, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  g_assert_no_error (fixture->error);
  reset (fixture);

  fixture->http = dgw_http_get (&fixture->options, url, "token", answered, fixture, NULL);
  while (fixture->n_answers == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (fixture->error);
  reset (fixture);
  raw_server_free (server);
}

static void
serve_never (RawPeer *peer,
             gpointer data)
{
  g_autofree char *head = raw_peer_read_head (peer);

  raw_peer_write (peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", -1);
  raw_peer_wait_end (peer);
}

static void
test_free (Fixture      *fixture,
           gconstpointer data)
{
  RawServer       *server = raw_server_new (NULL, serve_never, fixture);
  g_autofree char *url = raw_server_dup_url (server, "http", "/");

  g_test_summary ("DIS-05: freed at any time, the request ends at once and the function is not called; it may free it too");
  for (guint turns = 0; turns < 12; turns++)
    {
      fixture->http = dgw_http_get (&fixture->options, url, "token", answered, fixture, NULL);
      for (guint i = 0; i < turns; i++)
        g_main_context_iteration (NULL, FALSE);
      g_clear_pointer (&fixture->http, dgw_http_free);
      while (g_atomic_int_get (&fixture->n_owners) > 0)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (fixture->n_answers, ==, 0);
    }
  raw_server_free (server);

  fixture->frees_itself = TRUE;
  get (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  g_assert_null (fixture->http);
}

/* Security: HEADER */
static void
test_mistakes (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (GError) header = NULL;
  g_autoptr (GError) address = NULL;

  g_test_summary ("A token that would break the header and an address that is none are errors, not requests");
  g_assert_null (dgw_http_get (&fixture->options, "http://127.0.0.1:9/", "token\r\nX-Evil: 1", answered, fixture, &header));
  g_assert_error (header, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  g_assert_null (strstr (header->message, "Evil"));
  g_assert_null (dgw_http_get (&fixture->options, "nowhere", "token", answered, fixture, &address));
  g_assert_error (address, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED);
}

/* Security: TLS-VERIFY */
static void
test_tls (Fixture      *fixture,
          gconstpointer data)
{
  RawServer       *server = raw_server_new ("localhost.pem", serve_answer, fixture);
  g_autofree char *url = raw_server_dup_url (server, "https", "/gateway/bot");
  g_autofree char *path = raw_certificate_path ("authority.pem");

  g_test_summary ("CON-11: REST verifies TLS too");
  fixture->answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  fixture->http = dgw_http_get (&fixture->options, url, "token", answered, fixture, NULL);
  while (fixture->n_answers == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (fixture->error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  reset (fixture);

  fixture->options.tls_database = g_tls_file_database_new (path, NULL);
  fixture->http = dgw_http_get (&fixture->options, url, "token", answered, fixture, NULL);
  while (fixture->n_answers == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (g_bytes_get_size (fixture->body), ==, 2);
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
    {"/dgw/transport/http/answer",            test_answer  },
    {"/dgw/transport/http/refusals",          test_refusals},
    {"/dgw/transport/http/broken",            test_broken  },
    {"/dgw/transport/http/security/promises", test_promises},
    {"/dgw/transport/http/free",              test_free    },
    {"/dgw/transport/http/mistakes",          test_mistakes},
    {"/dgw/transport/http/tls",               test_tls     },
  };

  g_test_init (&argc, &argv, NULL);
  raw_server_silence_logs ();
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].func, tear_down);

  return g_test_run ();
}
