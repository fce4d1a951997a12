/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The smallest program: prints the name of each event. DISCORD_TOKEN=... hello */
#include <dgw.h>

static void
event_cb (DgwGateway *gateway, DgwEvent *event)
{
  g_print ("%s\n", dgw_event_get_name (event));
}

int
main (void)
{
  DgwGateway *gateway = dgw_gateway_new (g_getenv ("DISCORD_TOKEN"), DGW_INTENTS_GUILD_MESSAGES);

  dgw_gateway_set_url (gateway, g_getenv ("DGW_URL")); /* NULL: Discord is asked for it */
  g_signal_connect (gateway, "event", G_CALLBACK (event_cb), NULL);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
}
