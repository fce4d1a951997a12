/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the members of a guild whose names begin with PREFIX. DISCORD_TOKEN=... member-search GUILD_ID PREFIX */
#include <dgw.h>
#include <locale.h>
#include <stdlib.h>

#define LIMIT 20

typedef struct
{
  GMainLoop      *loop;
  DgwMemberQuery *query;
  int             exit_status;
} Search;

static void
print_members (GListModel *members)
{
  guint n_members = g_list_model_get_n_items (members);

  for (guint i = 0; i < n_members; i++)
    {
      g_autoptr (DgwGuildMember) member = g_list_model_get_item (members, i);
      g_print ("%s\n", dgw_user_get_username (dgw_guild_member_get_user (member)));
    }
  g_print ("%u found\n", n_members);
}

static void
end (Search *self, const GError *error)
{
  if (error)
    g_printerr ("%s\n", error->message);
  self->exit_status = error ? EXIT_FAILURE : EXIT_SUCCESS;
  g_main_loop_quit (self->loop);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DgwMemberResult) found = dgw_gateway_request_guild_members_finish (DGW_GATEWAY (source), result, &error);

  if (found)
    print_members (dgw_member_result_get_members (found));
  end (user_data, error);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Search *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dgw_gateway_open_finish (DGW_GATEWAY (source), result, &error))
    dgw_gateway_request_guild_members_async (DGW_GATEWAY (source), self->query, NULL, found_cb, self);
  else
    end (self, error);
}

int
main (int argc, char **argv)
{
  Search self = {.exit_status = EXIT_FAILURE};
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (DgwMemberQuery) query = NULL;
  g_autoptr (DgwGateway) gateway = NULL;

  /* Else g_print() knows ASCII only. */
  setlocale (LC_ALL, "");
  if (argc != 3)
    {
      g_printerr ("Usage: member-search GUILD_ID PREFIX\n");
      return EXIT_FAILURE;
    }
  query = dgw_member_query_new_for_prefix (argv[1], argv[2], LIMIT);
  self.loop = main_loop;
  self.query = query;

  gateway = dgw_gateway_new (g_getenv ("DISCORD_TOKEN"), DGW_INTENTS_GUILDS);
  dgw_gateway_set_url (gateway, g_getenv ("DGW_URL")); /* NULL: Discord is asked for it */
  dgw_gateway_open_async (gateway, NULL, opened_cb, &self);
  g_main_loop_run (main_loop);

  return self.exit_status;
}
