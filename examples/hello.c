/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The smallest program: prints the messages that a bot sees. DISCORD_TOKEN=... hello */
#include <dgw.h>
#include <locale.h>

static void
message_cb (DgwGateway *gateway, DgwMessage *message)
{
  g_print ("%s: %s\n", dgw_user_get_username (dgw_message_get_author (message)), dgw_message_get_content (message));
}

int
main (void)
{
  DgwIntents  intents = DGW_INTENTS_GUILD_MESSAGES | DGW_INTENTS_MESSAGE_CONTENT;
  DgwGateway *gateway = dgw_gateway_new (g_getenv ("DISCORD_TOKEN"), intents);

  /* Else g_print() knows ASCII only. */
  setlocale (LC_ALL, "");
  dgw_gateway_set_url (gateway, g_getenv ("DGW_URL")); /* NULL: Discord is asked for it */
  g_signal_connect (gateway, "message-create", G_CALLBACK (message_cb), NULL);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
}
