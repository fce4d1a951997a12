/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints who is in a voice channel, each time somebody comes or goes. DISCORD_TOKEN=... who-is-in-voice */
#include <dgw.h>
#include <locale.h>

typedef struct
{
  GHashTable *names;  /* of users and channels, by id */
  GTree      *places; /* id of the channel, by id of the user */
} Voice;

static int
compare_ids (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return g_strcmp0 (a, b);
}

static void
print_channel (Voice *self, const char *channel_id)
{
  g_autoptr (GString) users = g_string_new (NULL);

  for (GTreeNode *node = g_tree_node_first (self->places); node; node = g_tree_node_next (node))
    {
      if (g_str_equal (g_tree_node_value (node), channel_id))
        g_string_append_printf (users,
                                "%s%s",
                                users->len ? ", " : "",
                                (char *)g_hash_table_lookup (self->names, g_tree_node_key (node)));
    }
  g_print ("%s: %s\n", (char *)g_hash_table_lookup (self->names, channel_id), users->len ? users->str : "nobody");
}

static void
learn_name (Voice *self, const char *id, const char *name)
{
  g_hash_table_replace (self->names, g_strdup (id), g_strdup (name));
}

static void
learn_member (Voice *self, DgwGuildMember *member)
{
  DgwUser *user = dgw_guild_member_get_user (member);

  learn_name (self, dgw_user_get_id (user), dgw_user_get_username (user));
}

static void
take_state (Voice *self, DgwVoiceState *state)
{
  const char      *user_id = dgw_voice_state_get_user_id (state);
  const char      *channel_id = dgw_voice_state_get_channel_id (state); /* NULL: in none */
  g_autofree char *old = g_strdup (g_tree_lookup (self->places, user_id));

  if (g_strcmp0 (old, channel_id) == 0)
    return; /* muted, for example */

  if (channel_id)
    g_tree_replace (self->places, g_strdup (user_id), g_strdup (channel_id));
  else
    g_tree_remove (self->places, user_id);
  if (old)
    print_channel (self, old);
  if (channel_id)
    print_channel (self, channel_id);
}

static void
voice_state_update_cb (DgwGateway *gateway, DgwVoiceState *state, Voice *self)
{
  if (dgw_voice_state_get_member (state))
    learn_member (self, dgw_voice_state_get_member (state));
  take_state (self, state);
}

static void
guild_create_cb (DgwGateway *gateway, DgwGuild *guild, Voice *self)
{
  GListModel *channels = dgw_guild_get_channels (guild);
  GListModel *members = dgw_guild_get_members (guild);
  GListModel *states = dgw_guild_get_voice_states (guild);

  for (guint i = 0; channels && i < g_list_model_get_n_items (channels); i++)
    {
      g_autoptr (DgwChannel) channel = g_list_model_get_item (channels, i);
      learn_name (self, dgw_channel_get_id (channel), dgw_channel_get_name (channel));
    }
  for (guint i = 0; members && i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (DgwGuildMember) member = g_list_model_get_item (members, i);
      learn_member (self, member);
    }
  for (guint i = 0; states && i < g_list_model_get_n_items (states); i++)
    {
      g_autoptr (DgwVoiceState) state = g_list_model_get_item (states, i);
      take_state (self, state);
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
  DgwGateway *gateway = dgw_gateway_new (g_getenv ("DISCORD_TOKEN"), DGW_INTENTS_GUILDS | DGW_INTENTS_GUILD_VOICE_STATES);
  Voice       self = {
          .names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
          .places = g_tree_new_full (compare_ids, NULL, g_free, g_free),
  };

  /* Else g_print() knows ASCII only. */
  setlocale (LC_ALL, "");
  dgw_gateway_set_url (gateway, g_getenv ("DGW_URL")); /* NULL: Discord is asked for it */
  g_signal_connect (gateway, "guild-create", G_CALLBACK (guild_create_cb), &self);
  g_signal_connect (gateway, "voice-state-update", G_CALLBACK (voice_state_update_cb), &self);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), NULL);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
}
