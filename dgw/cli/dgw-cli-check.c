/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One step after the other, each on top of those before, so that the first
 * that fails is the one to mend. */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "cli/dgw-cli-remote-private.h"

#define COMMAND           "dgw check"
#define CONNECT_TIMEOUT_S 10

typedef struct
{
  DgwGateway     *gateway;
  DgwGatewayInfo *info; /* after the token's step */
  GUri           *uri;  /* of the REST API */
  gboolean        json;
} Check;

/* A step returns what it found, or sets an error whose text says what to do. */
typedef char *(*StepFunc) (Check *self, GError **error);

static char *
check_address (Check   *self,
               GError **error)
{
  const char *url = dgw_gateway_get_api_url (self->gateway);

  self->uri = g_uri_parse (url, G_URI_FLAGS_SCHEME_NORMALIZE, error);
  if (!self->uri)
    return NULL;
  if (!g_uri_get_host (self->uri) || !*g_uri_get_host (self->uri))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” names no host; give the API's root with --api-url"), url);
      return NULL;
    }
  return g_strdup (url);
}

static char *
check_proxy (Check   *self,
             GError **error)
{
  g_autofree char *address = g_uri_to_string_partial (self->uri, G_URI_HIDE_USERINFO);
  g_auto (GStrv) proxies = g_proxy_resolver_lookup (g_proxy_resolver_get_default (), address, NULL, error);

  if (!proxies)
    return NULL;
  if (!proxies[0] || g_str_has_prefix (proxies[0], "direct"))
    return g_strdup (_ ("none"));
  {
    g_autoptr (GUri) proxy = g_uri_parse (proxies[0], G_URI_FLAGS_HAS_PASSWORD, NULL);

    return proxy ? g_uri_to_string_partial (proxy, G_URI_HIDE_USERINFO | G_URI_HIDE_PASSWORD) : g_strdup (_ ("set"));
  }
}

static char *
check_dns (Check   *self,
           GError **error)
{
  GList *addresses = g_resolver_lookup_by_name (g_resolver_get_default (), g_uri_get_host (self->uri), NULL, error);
  char  *first;

  if (!addresses)
    {
      g_prefix_error (error, _ ("The name of the host is not known; look at the network and its name server: "));
      return NULL;
    }
  first = g_inet_address_to_string (addresses->data);
  g_resolver_free_addresses (addresses);
  return first;
}

static char *
check_connection (Check   *self,
                  GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  gboolean         tls = g_str_equal (g_uri_get_scheme (self->uri), "https");
  guint16          port = tls ? 443 : 80;
  g_autofree char *address = g_uri_to_string_partial (self->uri, G_URI_HIDE_USERINFO);
  GTlsDatabase    *database = dgw_gateway_get_tls_database (self->gateway);

  g_socket_client_set_timeout (client, CONNECT_TIMEOUT_S);
  connection = g_socket_client_connect_to_uri (client, address, port, NULL, error);
  if (!connection)
    {
      g_prefix_error (error, _ ("No connection; look at the firewall and the proxy: "));
      return NULL;
    }
  if (!tls)
    return g_strdup (_ ("without TLS"));

  {
    g_autoptr (GSocketConnectable) identity = g_network_address_parse_uri (address, port, error);
    g_autoptr (GIOStream) stream = identity ? g_tls_client_connection_new (G_IO_STREAM (connection), identity, error) : NULL;

    if (!stream)
      return NULL;
    if (database)
      g_tls_connection_set_database (G_TLS_CONNECTION (stream), database);
    if (!g_tls_connection_handshake (G_TLS_CONNECTION (stream), NULL, error))
      {
        g_prefix_error (error, _ ("The host is not trusted; look at the clock, and for a proxy that needs --ca-file: "));
        return NULL;
      }
    return g_tls_connection_get_ciphersuite_name (G_TLS_CONNECTION (stream));
  }
}

static char *
check_token (Check   *self,
             GError **error)
{
  self->info = dgw_cli_remote_fetch_info (self->gateway, error);
  return self->info ? g_strdup (_ ("accepted")) : NULL;
}

static char *
check_budget (Check   *self,
              GError **error)
{
  guint  remaining = dgw_gateway_info_get_remaining (self->info);
  gint64 minutes = dgw_gateway_info_get_reset_after (self->info) / 60000;

  if (remaining == 0)
    {
      g_set_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_SESSION_START_LIMIT,
                   _ ("No session may be started for %d minutes; something restarts the bot in a loop"), (int)minutes);
      return NULL;
    }
  return g_strdup_printf (_ ("%u of %u session starts left"), remaining, dgw_gateway_info_get_total (self->info));
}

static char *
check_gateway (Check   *self,
               GError **error)
{
  gint64 started_us = g_get_monotonic_time ();

  if (!dgw_cli_remote_open (self->gateway, error))
    return NULL;

  /* 1000: the session that this took is given back at once. */
  dgw_cli_remote_close (self->gateway);
  return g_strdup_printf (_ ("ready after %d ms, with the intents that need no approval"),
                          (int)((g_get_monotonic_time () - started_us) / 1000));
}

static const struct
{
  const char *name;
  const char *title;
  StepFunc    run;
} steps[] = {
  {"address", N_ ("Address"),    check_address   },
  {"proxy",   N_ ("Proxy"),      check_proxy     },
  {"dns",     N_ ("DNS"),        check_dns       },
  {"tls",     N_ ("Connection"), check_connection},
  {"token",   N_ ("Token"),      check_token     },
  {"budget",  N_ ("Budget"),     check_budget    },
  {"gateway", N_ ("Gateway"),    check_gateway   },
};

static void
print_step (Check      *self,
            guint       step,
            gboolean    ok,
            const char *detail)
{
  if (self->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();
      g_autoptr (JsonNode) root = NULL;
      g_autofree char *text = NULL;

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "check");
      json_builder_add_string_value (builder, steps[step].name);
      json_builder_set_member_name (builder, "ok");
      json_builder_add_boolean_value (builder, ok);
      json_builder_set_member_name (builder, "detail");
      json_builder_add_string_value (builder, detail);
      json_builder_end_object (builder);
      root = json_builder_get_root (builder);
      text = json_to_string (root, FALSE);
      g_print ("%s\n", text);
    }
  else
    {
      g_print ("%s %-12s %s\n", ok ? "✓" : "✗", _ (steps[step].title), detail);
    }
}

/* A proxy looks the name up itself, so here it need not be known. */
static gboolean
is_behind_proxy (Check *self)
{
  g_autofree char *address = g_uri_to_string_partial (self->uri, G_URI_HIDE_USERINFO);
  g_auto (GStrv) proxies = g_proxy_resolver_lookup (g_proxy_resolver_get_default (), address, NULL, NULL);

  return proxies && proxies[0] && !g_str_has_prefix (proxies[0], "direct");
}

static gboolean
run_steps (Check *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *detail = NULL;

      if (steps[i].run == check_dns && is_behind_proxy (self))
        continue;

      detail = steps[i].run (self, &error);
      print_step (self, i, error == NULL, error ? error->message : detail);
      if (error)
        return FALSE;
    }
  return TRUE;
}

int
dgw_cli_check (int    argc,
               char **argv)
{
  g_auto (DgwCliRemote) remote = {0};
  g_autoptr (DgwGateway) gateway = NULL;
  Check    check = {0};
  gboolean ok;

  gateway = dgw_cli_remote_parse (&remote, COMMAND, _ ("Finds out why a bot does not connect, and says what to do."), argc, argv);
  if (!gateway)
    return DGW_CLI_USAGE;

  check.gateway = gateway;
  check.json = remote.json;
  ok = run_steps (&check);

  g_clear_pointer (&check.uri, g_uri_unref);
  g_clear_object (&check.info);
  return ok ? DGW_CLI_DONE : DGW_CLI_FAILED;
}
