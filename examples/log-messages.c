/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs what people write, what they change of it and what they delete. DISCORD_TOKEN=... log-messages */
#include <dgw.h>
#include <locale.h>

static void
log_message (DgwMessage *message, const char *note)
{
  DgwUser *author = dgw_message_get_author (message);
  g_autoptr (GDateTime) local = g_date_time_to_local (dgw_message_get_timestamp (message));
  g_autofree char *time = g_date_time_format (local, "%H:%M");

  g_print ("%s %s%s: %s\n", time, dgw_user_get_username (author), note, dgw_message_get_content (message));
}

static void
message_create_cb (DgwGateway *gateway, DgwMessage *message)
{
  log_message (message, "");
}

/* It also comes when Discord has added a preview of a link. */
static void
message_update_cb (DgwGateway *gateway, DgwMessage *message)
{
  if (dgw_message_get_edited_timestamp (message))
    log_message (message, " (edited)");
}

static void
message_delete_cb (DgwGateway *gateway, DgwMessageDeleteEvent *event)
{
  g_print ("deleted: %s\n", dgw_message_delete_event_get_id (event));
}

static void
failed_cb (DgwGateway *gateway, GError *error)
{
  g_error ("%s", error->message);
}

int
main (void)
{
  DgwGateway *gateway = dgw_gateway_new (g_getenv ("DISCORD_TOKEN"), DGW_INTENTS_GUILD_MESSAGES | DGW_INTENTS_MESSAGE_CONTENT);

  /* Else g_print() knows ASCII only. */
  setlocale (LC_ALL, "");
  dgw_gateway_set_url (gateway, g_getenv ("DGW_URL")); /* NULL: Discord is asked for it */
  g_signal_connect (gateway, "message-create", G_CALLBACK (message_create_cb), NULL);
  g_signal_connect (gateway, "message-update", G_CALLBACK (message_update_cb), NULL);
  g_signal_connect (gateway, "message-delete", G_CALLBACK (message_delete_cb), NULL);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), NULL);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_main_loop_run (g_main_loop_new (NULL, FALSE));
}
