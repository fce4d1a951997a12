/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints who is online and what they do, as it changes. DISCORD_TOKEN=... presence-board */
#include <dgw.h>
#include <locale.h>

/* A presence has of its user nothing but the id; names come with the guild. */
static void
print_presence (GHashTable *names, DgwPresenceUpdate *presence)
{
  const char *name = g_hash_table_lookup (names, dgw_user_get_id (dgw_presence_update_get_user (presence)));
  GListModel *activities = dgw_presence_update_get_activities (presence);
  g_autoptr (DgwActivity) activity = activities ? g_list_model_get_item (activities, 0) : NULL;

  g_print ("%s: %s", name ? name : "somebody", dgw_presence_update_get_status (presence));
  if (activity)
    g_print (" (%s)", dgw_activity_get_name (activity));
  g_print ("\n");
}

static void
presence_update_cb (DgwGateway *gateway, DgwPresenceUpdate *presence, GHashTable *names)
{
  print_presence (names, presence);
}

static void
guild_create_cb (DgwGateway *gateway, DgwGuild *guild, GHashTable *names)
{
  GListModel *members = dgw_guild_get_members (guild);
  GListModel *presences = dgw_guild_get_presences (guild);

  for (guint i = 0; members && i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (DgwGuildMember) member = g_list_model_get_item (members, i);
      DgwUser *user = dgw_guild_member_get_user (member);
      g_hash_table_replace (names, g_strdup (dgw_user_get_id (user)), g_strdup (dgw_user_get_username (user)));
    }
  for (guint i = 0; presences && i < g_list_model_get_n_items (presences); i++)
    {
      g_autoptr (DgwPresenceUpdate) presence = g_list_model_get_item (presences, i);
      print_presence (names, presence);
    }
}

static void
failed_cb (DgwGateway *gateway, GError *error)
{
  g_error ("%s", error->message);
}

int
main (void)
{
  /* A privileged intent: to be switched on in the developer portal. */
  DgwGateway *gateway = dgw_gateway_new (g_getenv ("DISCORD_TOKEN"), DGW_INTENTS_GUILDS | DGW_INTENTS_GUILD_PRESENCES);
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  /* Else g_print() knows ASCII only. */
  setlocale (LC_ALL, "");
  dgw_gateway_set_url (gateway, g_getenv ("DGW_URL")); /* NULL: Discord is asked for it */
  g_signal_connect (gateway, "guild-create", G_CALLBACK (guild_create_cb), names);
  g_signal_connect (gateway, "presence-update", G_CALLBACK (presence_update_cb), names);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), NULL);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
}
