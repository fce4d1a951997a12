/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-remote-private.h"

#include <glib/gi18n.h>

#include "cli/dgw-cli-private.h"

void
dgw_cli_remote_clear (DgwCliRemote *self)
{
  g_clear_pointer (&self->api_url, g_free);
  g_clear_pointer (&self->ca_file, g_free);
  g_clear_pointer (&self->env_token, g_free);
}

DgwGateway *
dgw_cli_remote_parse (DgwCliRemote *self,
                      const char   *command,
                      const char   *summary,
                      int           argc,
                      char        **argv)
{
  /* clang-format off */
  const GOptionEntry entries[] = {
    {"api-url", 0, 0, G_OPTION_ARG_STRING, &self->api_url,
     N_ ("Root of the REST API"), "URL"},
    {"ca-file", 0, 0, G_OPTION_ARG_FILENAME, &self->ca_file,
     N_ ("Trust the certificate authorities in this file instead of the system's"), "PEM"},
    {"env-token", 0, 0, G_OPTION_ARG_STRING, &self->env_token,
     N_ ("Environment variable with the bot's token (default: DISCORD_TOKEN)"), "NAME"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &self->json,
     N_ ("Print JSON"), NULL},
    {NULL},
  };
  /* clang-format on */
  g_autoptr (DgwGateway) gateway = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DgwCliToken) token = NULL;

  if (!dgw_cli_parse (command, summary, entries, argc, argv))
    return NULL;
  token = dgw_cli_get_token (command, self->env_token);
  if (!token)
    return NULL;

  gateway = dgw_gateway_new (token, DGW_INTENTS_NON_PRIVILEGED);
  dgw_gateway_set_auto_reconnect (gateway, FALSE);
  if (self->api_url)
    dgw_gateway_set_api_url (gateway, self->api_url);
  if (!dgw_cli_set_ca_file (gateway, self->ca_file, &error))
    {
      dgw_cli_usage_error (command, "%s", error->message);
      return NULL;
    }
  return g_steal_pointer (&gateway);
}

DgwGatewayInfo *
dgw_cli_remote_fetch_info (DgwGateway *gateway,
                           GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  dgw_gateway_fetch_info_async (gateway, NULL, dgw_cli_store_result_cb, &result);
  return dgw_gateway_fetch_info_finish (gateway, dgw_cli_wait_for_result (&result), error);
}

gboolean
dgw_cli_remote_open (DgwGateway *gateway,
                     GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  dgw_gateway_open_async (gateway, NULL, dgw_cli_store_result_cb, &result);
  return dgw_gateway_open_finish (gateway, dgw_cli_wait_for_result (&result), error);
}

void
dgw_cli_remote_close (DgwGateway *gateway)
{
  g_autoptr (GAsyncResult) result = NULL;

  dgw_gateway_close_async (gateway, NULL, dgw_cli_store_result_cb, &result);
  dgw_gateway_close_finish (gateway, dgw_cli_wait_for_result (&result), NULL);
}
