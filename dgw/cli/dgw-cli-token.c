/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <glib/gi18n.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

/* FALSE when a signal waits to be delivered. */
static gboolean
read_line_or_signal (GString *line,
                     int      signal_fd)
{
  struct pollfd fds[] = {
    {STDIN_FILENO, POLLIN, 0},
    {signal_fd,    POLLIN, 0},
  };
  char byte;

  while (TRUE)
    {
      if (poll (fds, G_N_ELEMENTS (fds), -1) < 0)
        continue;
      if (fds[1].revents)
        return FALSE;
      /* Not through stdio, whose buffer would keep a copy of the token. */
      if (read (STDIN_FILENO, &byte, 1) != 1 || byte == '\n')
        return TRUE;
      g_string_append_c (line, byte);
    }
}

/* Signals that would end or stop the process are held back until the terminal
 * shows again what is typed. */
static gboolean
read_hidden_line (GString *line)
{
  struct termios shown, hidden;
  sigset_t       held, before;
  gboolean       whole;
  int            signal_fd;

  sigemptyset (&held);
  sigaddset (&held, SIGHUP);
  sigaddset (&held, SIGINT);
  sigaddset (&held, SIGQUIT);
  sigaddset (&held, SIGTERM);
  sigaddset (&held, SIGTSTP);
  sigprocmask (SIG_BLOCK, &held, &before);
  signal_fd = signalfd (-1, &held, SFD_CLOEXEC);

  tcgetattr (STDIN_FILENO, &shown);
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  g_printerr (_ ("Bot token (not shown): "));
  whole = read_line_or_signal (line, signal_fd);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
  g_printerr ("\n");

  close (signal_fd);
  sigprocmask (SIG_SETMASK, &before, NULL);
  return whole;
}

static char *
ask_for_token (void)
{
  g_autoptr (GString) line = g_string_new (NULL);

  /* What comes back from a signal was only stopped, and has scrolled away. */
  while (!read_hidden_line (line))
    g_string_truncate (line, 0);

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

  typed = ask_for_token ();
  if (!*typed)
    {
      dgw_cli_usage_error (command, _ ("no token was typed"));
      return NULL;
    }
  return g_steal_pointer (&typed);
}
