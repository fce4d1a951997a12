/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "cli/dgw-cli-remote-private.h"

#define COMMAND     "dgw info"
#define TITLE_WIDTH 22

static void
add_int (JsonBuilder *builder,
         const char  *name,
         gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* The shape of Discord's own answer. */
static void
print_json (DgwGatewayInfo *info)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "url");
  json_builder_add_string_value (builder, dgw_gateway_info_get_url (info));
  add_int (builder, "shards", dgw_gateway_info_get_shards (info));
  json_builder_set_member_name (builder, "session_start_limit");
  json_builder_begin_object (builder);
  add_int (builder, "total", dgw_gateway_info_get_total (info));
  add_int (builder, "remaining", dgw_gateway_info_get_remaining (info));
  add_int (builder, "reset_after", dgw_gateway_info_get_reset_after (info));
  add_int (builder, "max_concurrency", dgw_gateway_info_get_max_concurrency (info));
  json_builder_end_object (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  dgw_cli_print_json (root);
}

static void
print_text (DgwGatewayInfo *info)
{
  gint64           minutes = dgw_gateway_info_get_reset_after (info) / 60000;
  g_autofree char *shards = g_strdup_printf ("%u", dgw_gateway_info_get_shards (info));
  g_autofree char *concurrency = g_strdup_printf ("%u", dgw_gateway_info_get_max_concurrency (info));
  /* TRANSLATORS: session starts: how many are left, of how many, and when the count starts anew. */
  g_autofree char *budget = g_strdup_printf (_ ("%u of %u, new ones in %d h %d min"),
                                             dgw_gateway_info_get_remaining (info),
                                             dgw_gateway_info_get_total (info),
                                             (int)(minutes / 60),
                                             (int)(minutes % 60));

  dgw_cli_print_field (_ ("Gateway"), TITLE_WIDTH, dgw_gateway_info_get_url (info));
  dgw_cli_print_field (_ ("Recommended shards"), TITLE_WIDTH, shards);
  dgw_cli_print_field (_ ("Session starts left"), TITLE_WIDTH, budget);
  /* TRANSLATORS: how many shards may start a session at once, every five seconds. */
  dgw_cli_print_field (_ ("At once, per 5 s"), TITLE_WIDTH, concurrency);
}

int
dgw_cli_info (int    argc,
              char **argv)
{
  g_auto (DgwCliRemote) remote = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (DgwGateway) gateway = NULL;
  g_autoptr (DgwGatewayInfo) info = NULL;

  gateway = dgw_cli_remote_parse (&remote,
                                  COMMAND,
                                  _ ("Prints the gateway's address, the recommended shards and the session start limit."),
                                  argc,
                                  argv);
  if (!gateway)
    return DGW_CLI_USAGE;

  info = dgw_cli_remote_fetch_info (gateway, &error);
  if (!info)
    {
      dgw_cli_complain ("%s: %s", COMMAND, error->message);
      return DGW_CLI_FAILED;
    }

  if (remote.json)
    print_json (info);
  else
    print_text (info);
  return DGW_CLI_DONE;
}
