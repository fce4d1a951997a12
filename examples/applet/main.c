/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A window that shows how a bot is connected, and the latest messages that it sees.
 *
 *   DISCORD_TOKEN=... applet [--url=URL]
 *
 * Without a URL, here or in DGW_URL, Discord is asked for it. */
#include "applet-window.h"

#include <glib/gi18n.h>

static char *url;

static const GOptionEntry options[] = {
  {"url", 0, 0, G_OPTION_ARG_STRING, &url, N_ ("Gateway to connect to"), "URL"},
  {NULL   }
};

static void
activate_cb (GtkApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (application);

  if (!window)
    {
      const char *token = g_getenv ("DISCORD_TOKEN");
      g_autoptr (DgwGateway) gateway = dgw_gateway_new (
        token ? token : "", DGW_INTENTS_GUILD_MESSAGES | DGW_INTENTS_MESSAGE_CONTENT);

      dgw_gateway_set_url (gateway, url ? url : g_getenv ("DGW_URL"));
      window = applet_window_new (application, gateway);
      gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle", NULL);
    }
  gtk_window_present (window);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.example.DgwApplet", G_APPLICATION_DEFAULT_FLAGS);
  GtkApplication *gtk_application = GTK_APPLICATION (application);

  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_application_add_main_option_entries (G_APPLICATION (application), options);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  gtk_application_set_accels_for_action (gtk_application, "win.toggle", (const char *[]){"<Control>d", NULL});
  gtk_application_set_accels_for_action (gtk_application, "window.close", (const char *[]){"<Control>q", "<Control>w", NULL});
  return g_application_run (G_APPLICATION (application), argc, argv);
}
