/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints who gets a role and who loses one. DISCORD_TOKEN=... role-watcher */
#include <dgw.h>
#include <locale.h>

typedef struct
{
  GHashTable *role_names; /* by id */
  GHashTable *roles;      /* ids of the roles a member had, GStrv by id of the user */
} Watcher;

static void
learn_roles (Watcher *self, DgwGuildMember *member)
{
  const char *user_id = dgw_user_get_id (dgw_guild_member_get_user (member));

  g_hash_table_replace (self->roles, g_strdup (user_id), g_strdupv ((char **)dgw_guild_member_get_roles (member)));
}

/* Those of @roles that are not in @others. */
static void
print_difference (Watcher *self, const char *name, const char *verb, const char *const *roles, const char *const *others)
{
  for (guint i = 0; roles && roles[i]; i++)
    {
      if (!others || !g_strv_contains (others, roles[i]))
        g_print ("%s %s %s\n", name, verb, (char *)g_hash_table_lookup (self->role_names, roles[i]));
    }
}

static void
guild_member_update_cb (DgwGateway *gateway, DgwGuildMember *member, Watcher *self)
{
  DgwUser           *user = dgw_guild_member_get_user (member);
  const char *const *roles = dgw_guild_member_get_roles (member);
  const char *const *old = g_hash_table_lookup (self->roles, dgw_user_get_id (user));

  print_difference (self, dgw_user_get_username (user), "gets", roles, old);
  print_difference (self, dgw_user_get_username (user), "loses", old, roles);
  learn_roles (self, member);
}

static void
guild_create_cb (DgwGateway *gateway, DgwGuild *guild, Watcher *self)
{
  GListModel *roles = dgw_guild_get_roles (guild);
  GListModel *members = dgw_guild_get_members (guild);

  for (guint i = 0; roles && i < g_list_model_get_n_items (roles); i++)
    {
      g_autoptr (DgwRole) role = g_list_model_get_item (roles, i);
      g_hash_table_replace (self->role_names, g_strdup (dgw_role_get_id (role)), g_strdup (dgw_role_get_name (role)));
    }
  for (guint i = 0; members && i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (DgwGuildMember) member = g_list_model_get_item (members, i);
      learn_roles (self, member);
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
  DgwGateway *gateway = dgw_gateway_new (g_getenv ("DISCORD_TOKEN"), DGW_INTENTS_GUILDS | DGW_INTENTS_GUILD_MEMBERS);
  Watcher     self = {
        .role_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
        .roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev),
  };

  /* Else g_print() knows ASCII only. */
  setlocale (LC_ALL, "");
  dgw_gateway_set_url (gateway, g_getenv ("DGW_URL")); /* NULL: Discord is asked for it */
  g_signal_connect (gateway, "guild-create", G_CALLBACK (guild_create_cb), &self);
  g_signal_connect (gateway, "guild-member-update", G_CALLBACK (guild_member_update_cb), &self);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), NULL);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
}
