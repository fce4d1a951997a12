/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <sys/signalfd.h>

void
dgw_cli_complain (const char *format,
                  ...)
{
  g_autofree char *line = NULL;
  va_list          args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);

  g_printerr ("%s\n", line);
}

int
dgw_cli_usage_error (const char *command,
                     const char *format,
                     ...)
{
  g_autofree char *line = NULL;
  va_list          args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);

  /* TRANSLATORS: the first %s is a command such as “dgw listen”. */
  g_printerr (_ ("%s: %s (see “%s --help”)"), command, line, command);
  g_printerr ("\n");
  return DGW_CLI_USAGE;
}

gboolean
dgw_cli_parse (const char         *command,
               const char         *summary,
               const GOptionEntry *entries,
               int                 argc,
               char              **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup (command);

  g_set_prgname (name);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      dgw_cli_usage_error (command, "%s", error->message);
      return FALSE;
    }
  if (argc > 1)
    {
      dgw_cli_usage_error (command, _ ("“%s” is not an option"), argv[1]);
      return FALSE;
    }
  return TRUE;
}

gboolean
dgw_cli_set_ca_file (DgwGateway *gateway,
                     const char *path,
                     GError    **error)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autofree char *absolute = NULL;

  if (!path)
    return TRUE;

  absolute = g_canonicalize_filename (path, NULL);
  database = g_tls_file_database_new (absolute, error);
  if (!database)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  dgw_gateway_set_tls_database (gateway, database);
  return TRUE;
}

gboolean
dgw_cli_check_ends (gint64   count,
                    double   duration,
                    GError **error)
{
  if (count != -1 && count < 1)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("--count takes a number from 1"));
  else if (duration != -1 && !(duration > 0 && duration < G_MAXINT / 1000))
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("--duration takes a number of seconds"));
  else
    return TRUE;
  return FALSE;
}

int
dgw_cli_catch_signals (void)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGINT);
  sigaddset (&set, SIGTERM);
  sigprocmask (SIG_BLOCK, &set, NULL);

  /* A reader that went away shows as EPIPE where the line is written. */
  signal (SIGPIPE, SIG_IGN);

  return signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
