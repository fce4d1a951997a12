/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

void
dgw_cli_complain (const char *format,
                  ...)
{
  g_autofree char *line = NULL;
  g_autofree char *clean = NULL;
  va_list          args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);

  /* A server's words may be in it. */
  clean = dgw_cli_clean_text (line);
  g_printerr ("%s\n", clean);
}

int
dgw_cli_usage_error (const char *command,
                     const char *format,
                     ...)
{
  g_autofree char *line = NULL;
  g_autofree char *clean = NULL;
  va_list          args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);

  clean = dgw_cli_clean_text (line);
  /* TRANSLATORS: the first %s is a command such as “dgw listen”. */
  g_printerr (_ ("%s: %s (see “%s --help”)"), command, clean, command);
  g_printerr ("\n");
  return DGW_CLI_USAGE;
}

static gboolean
has_option (const GOptionEntry *entries,
            const char         *name)
{
  for (; entries->long_name; entries++)
    {
      if (g_str_equal (entries->long_name, name))
        return TRUE;
    }
  return FALSE;
}

gboolean
dgw_cli_refuse_tokens (const char         *command,
                       const GOptionEntry *entries,
                       int                 argc,
                       char              **argv)
{
  gboolean is_expected = entries && has_option (entries, "token");

  for (int i = 1; i < argc; i++)
    {
      if (!dgw_cli_has_token (argv[i]) && (!entries || is_expected || !g_str_has_prefix (argv[i], "--token")))
        continue;

      /* Not even here is it shown. */
      dgw_cli_usage_error (command, _ ("a token is never given on the command line, where others of this machine can read it: set DISCORD_TOKEN in the environment, or type it when asked. If that was the real one, reset it in the developer portal"));
      return FALSE;
    }
  return TRUE;
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

  g_set_prgname (command);
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  if (!dgw_cli_refuse_tokens (command, entries, argc, argv))
    return FALSE;
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
dgw_cli_bad_value (GError    **error,
                   const char *format,
                   ...)
{
  va_list args;

  va_start (args, format);
  if (error)
    *error = g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, args);
  va_end (args);
  return FALSE;
}

gboolean
dgw_cli_check_ends (gint64   count,
                    double   duration,
                    GError **error)
{
  if (count != DGW_CLI_UNSET && count < 1)
    return dgw_cli_bad_value (error, _ ("--count takes a number from 1"));
  if (duration != DGW_CLI_UNSET && !(duration > 0 && duration < G_MAXINT / 1000))
    return dgw_cli_bad_value (error, _ ("--duration takes a number of seconds"));
  return TRUE;
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

int
dgw_cli_read_signal (int fd)
{
  struct signalfd_siginfo info;

  return read (fd, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

void
dgw_cli_store_result_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      slot)
{
  *(GAsyncResult **)slot = g_object_ref (result);
}

GAsyncResult *
dgw_cli_wait_for_result (GAsyncResult **slot)
{
  while (!*slot)
    g_main_context_iteration (NULL, TRUE);
  return *slot;
}

char *
dgw_cli_json_to_text (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);
  g_auto (GStrv) parts = g_strsplit (text, "\x1f", -1);

  /* The one control character that json-glib leaves as it is. */
  return g_strjoinv ("\\u001f", parts);
}

void
dgw_cli_print_json (JsonNode *node)
{
  g_autofree char *text = dgw_cli_json_to_text (node);

  if (isatty (STDOUT_FILENO))
    {
      g_autoptr (GString) line = g_string_new (text);

      dgw_cli_escape_json (line);
      puts (line->str);
    }
  else
    {
      puts (text);
    }
  fflush (stdout);
}

void
dgw_cli_print_field (const char *title,
                     guint       width,
                     const char *text)
{
  g_autofree char *clean = dgw_cli_clean_text (text);
  guint            n_columns = 0;

  for (const char *p = title; *p; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (character))
        n_columns += g_unichar_iswide (character) ? 2 : 1;
    }
  g_print ("%s%*s %s\n", title, (int)(width - MIN (width, n_columns)), "", clean);
}
