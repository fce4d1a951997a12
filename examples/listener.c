/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the messages that a bot sees, and ends after COUNT of them.
 *
 *   DISCORD_TOKEN=... listener [URL [COUNT]]
 *
 * Without a URL, here or in DGW_URL, Discord is asked for it. */
#include <dgw.h>
#include <locale.h>
#include <stdlib.h>

typedef struct
{
  GMainLoop *loop;
  guint64    count; /* 0: without end */
  guint64    n_seen;
  int        exit_status;
} Listener;

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Listener *self = user_data;

  dgw_gateway_close_finish (DGW_GATEWAY (source), result, NULL);
  g_main_loop_quit (self->loop);
}

static void
message_cb (DgwGateway *gateway,
            DgwMessage *message,
            Listener   *self)
{
  DgwUser *author = dgw_message_get_author (message);

  g_print ("%s: %s\n", dgw_user_get_username (author), dgw_message_get_content (message));

  self->n_seen++;
  if (self->n_seen == self->count) /* no event comes after this call */
    dgw_gateway_close_async (gateway, NULL, closed_cb, self);
}

static void
reconnecting_cb (DgwGateway *gateway,
                 guint       attempt,
                 guint       delay,
                 Listener   *self)
{
  const GError *error = dgw_gateway_get_last_error (gateway);

  g_printerr ("%s (attempt %u in %u ms)\n", error ? error->message : "Connecting again", attempt, delay);
}

static void
failed_cb (DgwGateway *gateway,
           GError     *error,
           Listener   *self)
{
  g_printerr ("%s\n", error->message);
  self->exit_status = EXIT_FAILURE;
  g_main_loop_quit (self->loop);
}

int
main (int    argc,
      char **argv)
{
  const char *token = g_getenv ("DISCORD_TOKEN");
  const char *url = argc > 1 ? argv[1] : g_getenv ("DGW_URL");
  Listener    self = {.exit_status = EXIT_SUCCESS};
  g_autoptr (DgwGateway) gateway = NULL;
  g_autoptr (GMainLoop) main_loop = g_main_loop_new (NULL, FALSE);

  /* Else g_print() knows ASCII only. */
  setlocale (LC_ALL, "");
  if (!token || !*token)
    {
      g_printerr ("Put the bot's token into DISCORD_TOKEN\n");
      return 2;
    }
  self.loop = main_loop;
  self.count = argc > 2 ? g_ascii_strtoull (argv[2], NULL, 10) : 0;

  gateway = dgw_gateway_new (token, DGW_INTENTS_GUILD_MESSAGES | DGW_INTENTS_MESSAGE_CONTENT);
  dgw_gateway_set_url (gateway, url);
  g_signal_connect (gateway, "message-create", G_CALLBACK (message_cb), &self);
  g_signal_connect (gateway, "reconnecting", G_CALLBACK (reconnecting_cb), &self);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), &self);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (main_loop);

  return self.exit_status;
}
