/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the guilds of a bot, and how they come and go. DISCORD_TOKEN=... guild-log */
#include <dgw.h>
#include <locale.h>

static const char *
describe_arrival (DgwGuildArrival arrival)
{
  switch (arrival)
    {
    case DGW_GUILD_ARRIVAL_LOADED:
      return "is there";
    case DGW_GUILD_ARRIVAL_RECOVERED:
      return "is back";
    case DGW_GUILD_ARRIVAL_JOINED:
    default:
      return "was joined";
    }
}

static void
print_channels (DgwGuild *guild)
{
  GListModel *channels = dgw_guild_get_channels (guild);
  const guint n_channels = channels ? g_list_model_get_n_items (channels) : 0;

  for (guint i = 0; i < n_channels; i++)
    {
      g_autoptr (DgwChannel) channel = g_list_model_get_item (channels, i);

      if (!dgw_channel_is_obfuscated (channel))
        g_print ("  %s\n", dgw_channel_get_name (channel));
    }
}

static void
guild_create_cb (DgwGateway *gateway, DgwGuild *guild)
{
  const char *id = dgw_guild_get_id (guild);

  if (dgw_guild_get_unavailable (guild)) /* nothing else is known of it */
    {
      g_print ("%s has an outage\n", id);
      return;
    }
  g_print ("%s %s\n", dgw_guild_get_name (guild), describe_arrival (dgw_gateway_get_guild_arrival (gateway, id)));
  print_channels (guild);
}

static void
guild_delete_cb (DgwGateway *gateway, DgwUnavailableGuild *guild)
{
  const char *what = dgw_unavailable_guild_get_unavailable (guild) ? "has an outage" : "was left";

  g_print ("%s %s\n", dgw_unavailable_guild_get_id (guild), what);
}

static void
failed_cb (DgwGateway *gateway, GError *error)
{
  g_error ("%s", error->message);
}

int
main (void)
{
  DgwGateway *gateway = dgw_gateway_new (g_getenv ("DISCORD_TOKEN"), DGW_INTENTS_GUILDS);

  /* Else g_print() knows ASCII only. */
  setlocale (LC_ALL, "");
  dgw_gateway_set_url (gateway, g_getenv ("DGW_URL")); /* NULL: Discord is asked for it */
  g_signal_connect (gateway, "guild-create", G_CALLBACK (guild_create_cb), NULL);
  g_signal_connect (gateway, "guild-delete", G_CALLBACK (guild_delete_cb), NULL);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), NULL);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
}
