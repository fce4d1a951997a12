/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

static char *
read_without_echo (void)
{
  g_autoptr (GString) line = g_string_new (NULL);
  struct termios shown, hidden;
  gboolean       has_terminal = tcgetattr (STDIN_FILENO, &shown) == 0;
  char           byte;

  if (has_terminal)
    {
      hidden = shown;
      hidden.c_lflag &= ~(tcflag_t)ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
    }

  /* Not through stdio, whose buffer would keep a copy of the token. */
  while (read (STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
    g_string_append_c (line, byte);

  if (has_terminal)
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
  g_printerr ("\n");

  return g_strstrip (g_string_free (g_steal_pointer (&line), FALSE));
}

char *
dgw_cli_get_token (const char *command,
                   const char *variable)
{
  const char      *name = variable ? variable : "DISCORD_TOKEN";
  const char      *value = g_getenv (name);
  g_autofree char *typed = NULL;

  if (value && *value)
    return g_strdup (value);

  if (!isatty (STDIN_FILENO))
    {
      dgw_cli_usage_error (command, _ ("no token: set the environment variable %s"), name);
      return NULL;
    }

  g_printerr (_ ("Bot token (not shown): "));
  typed = read_without_echo ();
  if (!*typed)
    {
      dgw_cli_usage_error (command, _ ("no token was typed"));
      return NULL;
    }
  return g_steal_pointer (&typed);
}
