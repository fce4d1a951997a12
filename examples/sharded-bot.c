/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a bot on several shards and prints which shard each message came from;
 * ends after COUNT of them.
 *
 *   DISCORD_TOKEN=... sharded-bot [SHARDS [COUNT]]
 *
 * Without a number, or with 0, Discord is asked how many shards to use. With a
 * URL in DGW_URL the number has to be given. */
#include <dgw.h>
#include <stdlib.h>

typedef struct
{
  GMainLoop *loop;
  guint64    left; /* 0: without end */
  int        exit_status;
} Bot;

/* The place to set up each shard before it opens. */
static void
shard_added_cb (DgwShardManager *manager,
                DgwGateway      *shard,
                gpointer         user_data)
{
  g_autofree char *text = g_strdup_printf ("on shard %u", dgw_gateway_get_shard_id (shard));
  g_autoptr (DgwPresenceActivity) activity = dgw_presence_activity_new_playing (text);
  g_autoptr (DgwPresence) presence = dgw_presence_new ();

  dgw_presence_add_activity (presence, activity);
  dgw_gateway_set_presence (shard, presence);
}

static void
ready_cb (DgwShardManager *manager,
          DgwGateway      *shard,
          DgwEvent        *event,
          gpointer         user_data)
{
  g_print ("shard %u is ready\n", dgw_gateway_get_shard_id (shard));
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Bot *self = user_data;

  dgw_shard_manager_close_finish (DGW_SHARD_MANAGER (source), result, NULL);
  g_main_loop_quit (self->loop);
}

static void
message_cb (DgwShardManager *manager,
            DgwGateway      *shard,
            DgwEvent        *event,
            gpointer         user_data)
{
  Bot *self = user_data;
  g_autoptr (JsonNode) message = dgw_event_dup_json (event);
  const char *guild = json_object_get_string_member_with_default (json_node_get_object (message), "guild_id", "");

  g_print ("shard %u: a message in guild %s\n", dgw_gateway_get_shard_id (shard), guild);
  if (self->left > 0 && --self->left == 0)
    dgw_shard_manager_close_async (manager, NULL, closed_cb, self);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Bot *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dgw_shard_manager_open_finish (DGW_SHARD_MANAGER (source), result, &error))
    {
      g_print ("all %u shards are ready\n", g_list_model_get_n_items (G_LIST_MODEL (source)));
      return;
    }

  g_printerr ("%s\n", error->message);
  self->exit_status = EXIT_FAILURE;
  g_main_loop_quit (self->loop);
}

int
main (int    argc,
      char **argv)
{
  const char *token = g_getenv ("DISCORD_TOKEN");
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (DgwShardManager) manager = NULL;
  Bot bot = {.loop = loop};

  if (token == NULL || *token == '\0')
    {
      g_printerr ("Put the bot's token into DISCORD_TOKEN\n");
      return EXIT_FAILURE;
    }

  bot.left = argc > 2 ? g_ascii_strtoull (argv[2], NULL, 10) : 0;
  manager = dgw_shard_manager_new (token, DGW_INTENTS_GUILDS | DGW_INTENTS_GUILD_MESSAGES);
  dgw_shard_manager_set_shard_count (manager, argc > 1 ? (guint)g_ascii_strtoull (argv[1], NULL, 10) : 0);
  dgw_shard_manager_set_url (manager, g_getenv ("DGW_URL"));
  g_signal_connect (manager, "shard-added", G_CALLBACK (shard_added_cb), NULL);
  g_signal_connect (manager, "event::READY", G_CALLBACK (ready_cb), NULL);
  g_signal_connect (manager, "event::MESSAGE_CREATE", G_CALLBACK (message_cb), &bot);
  dgw_shard_manager_open_async (manager, NULL, opened_cb, &bot);
  g_main_loop_run (loop);

  return bot.exit_status;
}
