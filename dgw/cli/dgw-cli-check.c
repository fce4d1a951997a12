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
#define HTTP_PORT         80
#define HTTPS_PORT        443
#define TITLE_WIDTH       14

/* https://discord.com/developers/docs/resources/application#application-object-application-flags:
 * each of them for large bots, and for bots in few guilds. */
static const struct
{
  guint  intent;
  gint64 flags;
} privileged[] = {
  {DGW_INTENTS_GUILD_PRESENCES, 1 << 12 | 1 << 13},
  {DGW_INTENTS_GUILD_MEMBERS,   1 << 14 | 1 << 15},
  {DGW_INTENTS_MESSAGE_CONTENT, 1 << 18 | 1 << 19},
};

typedef struct
{
  DgwGateway     *gateway;
  DgwGatewayInfo *info; /* after the token's step */
  GUri           *uri;  /* of the REST API */
  gboolean        behind_proxy;
  gint64          application_flags; /* of READY, -1: not known */
  gboolean        json;
} Check;

/* A step returns what it found, or sets an error whose text says what to do. */
typedef char *(*StepFunc) (Check *self, GError **error);

/* As the library sees it, which refuses to send a token anywhere else in the clear. */
static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost");
}

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
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” names no host; give the API's root with --api-url"), url);
      return NULL;
    }
  if (!g_str_equal (g_uri_get_scheme (self->uri), "https") && !is_loopback (g_uri_get_host (self->uri)))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” would send the token without encryption; give an address with “https://”"), url);
      return NULL;
    }
  return g_strdup (url);
}

/* As it can be shown: without a password. */
static char *
describe_proxy (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_HAS_PASSWORD, NULL);

  return uri ? g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO | G_URI_HIDE_PASSWORD) : g_strdup (_ ("set"));
}

static char *
check_proxy (Check   *self,
             GError **error)
{
  g_autofree char *address = g_uri_to_string_partial (self->uri, G_URI_HIDE_USERINFO);
  g_auto (GStrv) proxies = g_proxy_resolver_lookup (g_proxy_resolver_get_default (), address, NULL, error);

  if (!proxies)
    return NULL;
  self->behind_proxy = proxies[0] && !g_str_has_prefix (proxies[0], "direct");
  return self->behind_proxy ? describe_proxy (proxies[0]) : g_strdup (_ ("none"));
}

static char *
check_dns (Check   *self,
           GError **error)
{
  GList *addresses;
  char  *first;

  /* Which would look it up itself. */
  if (self->behind_proxy)
    return g_strdup (_ ("left to the proxy"));

  addresses = g_resolver_lookup_by_name (g_resolver_get_default (), g_uri_get_host (self->uri), NULL, error);
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
check_tls (Check     *self,
           GIOStream *connection,
           GError   **error)
{
  g_autofree char *address = g_uri_to_string_partial (self->uri, G_URI_HIDE_USERINFO);
  GTlsDatabase    *database = dgw_gateway_get_tls_database (self->gateway);
  g_autoptr (GSocketConnectable) identity = g_network_address_parse_uri (address, HTTPS_PORT, error);
  g_autoptr (GIOStream) stream = identity ? g_tls_client_connection_new (connection, identity, error) : NULL;
  GError *local = NULL;

  if (!stream)
    return NULL;
  if (database)
    g_tls_connection_set_database (G_TLS_CONNECTION (stream), database);
  if (g_tls_connection_handshake (G_TLS_CONNECTION (stream), NULL, &local))
    return g_tls_connection_get_ciphersuite_name (G_TLS_CONNECTION (stream));

  if (g_error_matches (local, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    g_prefix_error (&local, _ ("The host is not trusted; look at the clock, and for a proxy that needs --ca-file: "));
  else
    g_prefix_error (&local, _ ("No TLS with this host; look for a proxy or a firewall in between: "));
  g_propagate_error (error, local);
  return NULL;
}

static char *
check_connection (Check   *self,
                  GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  gboolean         tls = g_str_equal (g_uri_get_scheme (self->uri), "https");
  g_autofree char *address = g_uri_to_string_partial (self->uri, G_URI_HIDE_USERINFO);

  g_socket_client_set_timeout (client, CONNECT_TIMEOUT_S);
  connection = g_socket_client_connect_to_uri (client, address, tls ? HTTPS_PORT : HTTP_PORT, NULL, error);
  if (!connection)
    {
      g_prefix_error (error,
                      "%s",
                      self->behind_proxy ? _ ("No connection through the proxy; look at its rules and at what it is set to: ")
                                         : _ ("No connection; look at the network and the firewall: "));
      return NULL;
    }
  return tls ? check_tls (self, G_IO_STREAM (connection), error) : g_strdup (_ ("without TLS"));
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

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          Check      *self)
{
  g_autoptr (JsonNode) data = NULL;
  JsonNode *application = NULL;

  if (dgw_event_get_event_type (event) != DGW_EVENT_TYPE_READY)
    return;

  data = dgw_event_dup_json (event);
  if (data && JSON_NODE_HOLDS_OBJECT (data))
    application = json_object_get_member (json_node_get_object (data), "application");
  if (application && JSON_NODE_HOLDS_OBJECT (application))
    self->application_flags = json_object_get_int_member_with_default (json_node_get_object (application), "flags", -1);
}

static char *
check_gateway (Check   *self,
               GError **error)
{
  gint64 started_us = g_get_monotonic_time ();
  gint64 ready_us;

  g_signal_connect (self->gateway, "event", G_CALLBACK (event_cb), self);
  if (!dgw_cli_remote_open (self->gateway, error))
    return NULL;
  ready_us = g_get_monotonic_time ();

  /* 1000: the session that this took is given back at once. */
  dgw_cli_remote_close (self->gateway);
  return g_strdup_printf (_ ("ready after %d ms, with the intents that need no approval"),
                          (int)((ready_us - started_us) / 1000));
}

/* Which of them Discord allows is told with READY. */
static char *
check_intents (Check   *self,
               GError **error)
{
  guint            missing = DGW_INTENTS_NONE;
  g_autofree char *names = NULL;

  if (self->application_flags < 0)
    return g_strdup (_ ("not told which of the privileged ones are allowed"));

  for (guint i = 0; i < G_N_ELEMENTS (privileged); i++)
    {
      if (!(self->application_flags & privileged[i].flags))
        missing |= privileged[i].intent;
    }
  if (!missing)
    return g_strdup (_ ("all are allowed, the privileged ones too"));

  names = dgw_intents_to_string (missing);
  /* Most bots need none of these: it is nothing to mend, unless this one does. */
  return g_strdup_printf (_ ("not allowed: %s; if the bot needs them, turn them on in Discord's developer portal"), names);
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
  {"intents", N_ ("Intents"),    check_intents   },
};

static void
print_step_json (guint       step,
                 gboolean    ok,
                 const char *detail)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "check");
  json_builder_add_string_value (builder, steps[step].name);
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, ok);
  json_builder_set_member_name (builder, "detail");
  json_builder_add_string_value (builder, detail);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  dgw_cli_print_json (root);
}

static void
print_step_text (guint       step,
                 gboolean    ok,
                 const char *detail)
{
  gboolean         utf8 = g_get_charset (NULL);
  const char      *mark = ok ? (utf8 ? "✓" : "+") : (utf8 ? "✗" : "-");
  g_autofree char *title = g_strdup_printf ("%s %s", mark, _ (steps[step].title));

  dgw_cli_print_field (title, TITLE_WIDTH, detail);
}

static void
print_step (Check      *self,
            guint       step,
            gboolean    ok,
            const char *detail)
{
  if (self->json)
    print_step_json (step, ok, detail);
  else
    print_step_text (step, ok, detail);
}

static gboolean
run_steps (Check *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *detail = NULL;

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
  Check    check = {.application_flags = -1};
  gboolean ok;

  gateway = dgw_cli_remote_parse (&remote,
                                  COMMAND,
                                  _ ("Finds out why a bot does not connect, and says what to do."),
                                  argc,
                                  argv);
  if (!gateway)
    return DGW_CLI_USAGE;

  check.gateway = gateway;
  check.json = remote.json;
  ok = run_steps (&check);

  g_clear_pointer (&check.uri, g_uri_unref);
  g_clear_object (&check.info);
  return ok ? DGW_CLI_DONE : DGW_CLI_FAILED;
}
