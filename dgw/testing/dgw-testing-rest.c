/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The HTTP side on one port: GET /gateway, GET /gateway/bot, and the upgrade
 * that makes a connection a client of the gateway.
 */

#include "config.h"

#include "testing/dgw-testing-rest-private.h"

#include <string.h>
#include <sys/socket.h>

#include "testing/dgw-testing-json-private.h"
#include "testing/dgw-testing-peer-private.h"
#include "testing/dgw-testing-scenario-private.h"

#define PATH_GATEWAY     "/api/v10/gateway"
#define PATH_GATEWAY_BOT "/api/v10/gateway/bot"
#define STATUS_TOO_MANY  429 /* libsoup has no name for it */
#define JSON_TYPE        "application/json"
#define BODY_401         "{\"message\": \"401: Unauthorized\", \"code\": 0}"
#define BODY_404         "{\"message\": \"404: Not Found\", \"code\": 0}"
#define BODY_429         "{\"message\": \"You are being rate limited.\", \"retry_after\": %s, \"global\": false}"
#define BODY_OTHER       "<!DOCTYPE html><html><body>%u</body></html>"

struct _DgwTestingRest
{
  SoupServer         *server;
  DgwTestingRealm    *realm;
  SoupMessageHeaders *headers; /* of the newest request */
  SoupMessageHeaders *upgrade_headers;
  GPtrArray          *held; /* upgrades that wait for ever */
};

static void
copy_header (const char *name, const char *value, gpointer user_data)
{
  soup_message_headers_append (user_data, name, value);
}

static void
remember_headers (SoupMessageHeaders **place, SoupServerMessage *message)
{
  g_clear_pointer (place, soup_message_headers_unref);
  *place = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), copy_header, *place);
}

static void
answer (SoupServerMessage *message, guint status, const char *type, const char *body)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
}

/* A failure as the service or what stands before it would answer. */
static void
answer_fault (SoupServerMessage *message, const DgwTestingFault *fault, const char *url)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char    *body = NULL;

  if (fault->retry_after != NULL)
    soup_message_headers_replace (headers, "Retry-After", fault->retry_after);
  if (fault->status >= 300 && fault->status < 400)
    soup_message_headers_replace (headers, "Location", url);

  if (fault->status == SOUP_STATUS_UNAUTHORIZED)
    body = g_strdup (BODY_401);
  else if (fault->status == STATUS_TOO_MANY)
    body = g_strdup_printf (BODY_429, fault->retry_after != NULL ? fault->retry_after : "1");
  else
    body = g_strdup_printf (BODY_OTHER, fault->status);
  answer (message, fault->status, *body == '{' ? JSON_TYPE : "text/html", body);
}

static gboolean
is_authorized (DgwTestingRealm *realm, SoupServerMessage *message)
{
  const char *value = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Authorization");

  if (value == NULL || !g_str_has_prefix (value, "Bot ") || value[4] == '\0')
    return FALSE;

  return realm->options.token == NULL || strcmp (value + 4, realm->options.token) == 0;
}

static char *
describe_gateway (DgwTestingRealm *realm, gboolean for_bot)
{
  DgwTestingOptions *options = &realm->options;
  GString           *out = g_string_new ("{\"url\":");

  dgw_testing_json_append_string (out, options->gateway_url != NULL ? options->gateway_url : realm->url);
  if (for_bot)
    g_string_append_printf (out,
                            ",\"shards\":%u,\"session_start_limit\":{\"total\":%u,\"remaining\":%u,"
                            "\"reset_after\":%u,\"max_concurrency\":%u}",
                            options->shards,
                            options->session_start_total,
                            options->session_start_remaining,
                            options->session_start_reset_after,
                            options->max_concurrency);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static void
handle_rest (DgwTestingRest *rest, SoupServerMessage *message, const char *path)
{
  DgwTestingRealm *realm = rest->realm;
  gboolean         for_bot = strcmp (path, PATH_GATEWAY_BOT) == 0;
  DgwTestingFault  fault = {0};
  g_autofree char *body = NULL;

  realm->n_rest_requests++;
  remember_headers (&rest->headers, message);
  dgw_testing_realm_log (realm, "%s %s", soup_server_message_get_method (message), path);
  if (dgw_testing_realm_take_fault (&realm->rest_fault))
    {
      answer_fault (message, &realm->rest_fault, realm->url);
      return;
    }
  if (realm->scenario != NULL && dgw_testing_scenario_answer_request (realm->scenario, &fault, &body))
    {
      if (body != NULL)
        answer (message, SOUP_STATUS_OK, JSON_TYPE, body);
      else
        answer_fault (message, &fault, realm->url);
      g_free (fault.retry_after);
      return;
    }
  if (!for_bot && strcmp (path, PATH_GATEWAY) != 0)
    {
      answer (message, SOUP_STATUS_NOT_FOUND, JSON_TYPE, BODY_404);
      return;
    }
  if (for_bot && !is_authorized (realm, message))
    {
      answer (message, SOUP_STATUS_UNAUTHORIZED, JSON_TYPE, BODY_401);
      return;
    }

  body = realm->options.rest_body != NULL ? g_strdup (realm->options.rest_body) : describe_gateway (realm, for_bot);
  answer (message, SOUP_STATUS_OK, JSON_TYPE, body);
}

static void
upgraded_cb (SoupServerMessage *message, gpointer user_data)
{
  DgwTestingRest *rest = user_data;
  const char     *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) fields = soup_form_decode (query != NULL ? query : "");
  g_autoptr (GSocket) socket = g_object_ref (soup_server_message_get_socket (message));
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  g_autoptr (DgwTestingPeer) peer = dgw_testing_peer_new (rest->realm, stream, socket, fields);
  g_autoptr (DgwTestingRealm) realm = dgw_testing_realm_ref (rest->realm);

  dgw_testing_realm_add_peer (realm, peer);
  dgw_testing_realm_log (realm, "client %u: connected, %s", peer->number, query != NULL ? query : "no query");
  if (realm->hooks != NULL)
    realm->hooks->connected (query, realm->user_data);
  if (peer->state != DGW_TESTING_PEER_LEAVING)
    dgw_testing_peer_start (peer);
}

static void
handle_upgrade (DgwTestingRest *rest, SoupServerMessage *message)
{
  DgwTestingRealm *realm = rest->realm;
  DgwTestingFault  fault = {0};

  remember_headers (&rest->upgrade_headers, message);
  if (dgw_testing_realm_take_fault (&realm->upgrade_fault))
    {
      dgw_testing_realm_log (realm, "upgrade refused, HTTP %u", realm->upgrade_fault.status);
      answer_fault (message, &realm->upgrade_fault, realm->url);
    }
  else if (realm->scenario != NULL && dgw_testing_scenario_answer_upgrade (realm->scenario, &fault))
    {
      answer_fault (message, &fault, realm->url);
      g_free (fault.retry_after);
    }
  else if (realm->options.hold_upgrade)
    {
      dgw_testing_realm_log (realm, "upgrade held");
      soup_server_message_pause (message);
      g_ptr_array_add (rest->held, g_object_ref (message));
    }
  else if (soup_websocket_server_process_handshake (message, NULL, NULL, NULL, NULL))
    {
      g_signal_connect (message, "wrote-informational", G_CALLBACK (upgraded_cb), rest);
    }
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  DgwTestingRest     *rest = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (soup_message_headers_header_contains (headers, "Upgrade", "websocket"))
    handle_upgrade (rest, message);
  else
    handle_rest (rest, message, path);
}

DgwTestingRest *
dgw_testing_rest_new (DgwTestingRealm *realm, GTlsCertificate *certificate)
{
  DgwTestingRest *rest = g_new0 (DgwTestingRest, 1);

  rest->realm = realm;
  rest->server = soup_server_new ("server-header", "dgw-testing", NULL);
  rest->held = g_ptr_array_new_with_free_func (g_object_unref);
  if (certificate != NULL)
    soup_server_set_tls_certificate (rest->server, certificate);
  soup_server_add_handler (rest->server, NULL, request_cb, rest, NULL);
  return rest;
}

void
dgw_testing_rest_free (DgwTestingRest *rest)
{
  dgw_testing_rest_hang_up (rest);
  g_object_unref (rest->server);
  g_clear_pointer (&rest->headers, soup_message_headers_unref);
  g_clear_pointer (&rest->upgrade_headers, soup_message_headers_unref);
  g_ptr_array_unref (rest->held);
  g_free (rest);
}

static gboolean
listen_on (DgwTestingRest *rest, const char *host, guint port, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  SoupServerListenOptions options = soup_server_get_tls_certificate (rest->server) != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0;

  return soup_server_listen (rest->server, address, options, error);
}

/* GIO's queue of ten makes a crowd of clients try again after a second, and then
 * after three: a bot's shards come all at once. */
static void
allow_crowds (SoupServer *server)
{
  GSList *listeners = soup_server_get_listeners (server);

  for (GSList *each = listeners; each != NULL; each = each->next)
    listen (g_socket_get_fd (each->data), SOMAXCONN);
  g_slist_free (listeners);
}

/* Opens the port, any with 0; returns it, or 0 and an error. */
guint
dgw_testing_rest_listen (DgwTestingRest *rest, guint port, GError **error)
{
  GSList *listeners;
  g_autoptr (GSocketAddress) address = NULL;

  if (!listen_on (rest, "127.0.0.1", port, error))
    return 0;

  listeners = soup_server_get_listeners (rest->server);
  address = g_socket_get_local_address (listeners->data, error);
  g_slist_free (listeners);
  if (address == NULL)
    return 0;

  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  /* "localhost" may mean this one first; there may be no IPv6 at all. */
  listen_on (rest, "::1", port, NULL);
  allow_crowds (rest->server);
  return port;
}

/* Closes the port; the clients that were upgraded stay. */
void
dgw_testing_rest_hang_up (DgwTestingRest *rest)
{
  g_ptr_array_set_size (rest->held, 0);
  soup_server_disconnect (rest->server);
}

const char *
dgw_testing_rest_get_header (DgwTestingRest *rest, const char *name)
{
  return rest->headers != NULL ? soup_message_headers_get_list (rest->headers, name) : NULL;
}

const char *
dgw_testing_rest_get_upgrade_header (DgwTestingRest *rest, const char *name)
{
  return rest->upgrade_headers != NULL ? soup_message_headers_get_list (rest->upgrade_headers, name) : NULL;
}
