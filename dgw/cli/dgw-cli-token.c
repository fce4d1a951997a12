/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <glib/gi18n.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#define LINE_BYTES 4096

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
      /* One that grows leaves copies behind; no token is as long. */
      if (line->len + 1 < LINE_BYTES)
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

void
dgw_cli_token_free (char *token)
{
  if (token)
    explicit_bzero (token, strlen (token));
  g_free (token);
}

static char *
ask_for_token (void)
{
  g_autoptr (GString) line = g_string_sized_new (LINE_BYTES);

  /* What comes back from a signal was only stopped, and has scrolled away. */
  while (!read_hidden_line (line))
    {
      explicit_bzero (line->str, line->len);
      g_string_truncate (line, 0);
    }

  return g_strstrip (g_string_free (g_steal_pointer (&line), FALSE));
}

/* Others of this user can read the environment that a process was started with,
 * so the token is taken out of it. NULL when there is none. */
static char *
take_from_environment (const char *name)
{
  char *value = (char *)g_getenv (name);
  char *token;

  if (!value || !*value)
    return NULL;

  token = g_strdup (value);
  explicit_bzero (value, strlen (value));
  g_unsetenv (name);

  return token;
}

/* A crash writes no memory with the token to a disk. Whoever wants that all the
 * same can raise the limit again with prlimit. */
static void
keep_out_of_core_files (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_CORE, &limit) == 0)
    {
      limit.rlim_cur = 0;
      setrlimit (RLIMIT_CORE, &limit);
    }
}

char *
dgw_cli_get_token (const char *command,
                   const char *variable)
{
  const char *name = variable ? variable : "DISCORD_TOKEN";
  g_autoptr (DgwCliToken) token = take_from_environment (name);

  if (token)
    {
      keep_out_of_core_files ();
      return g_steal_pointer (&token);
    }

  if (!isatty (STDIN_FILENO))
    {
      dgw_cli_usage_error (command, _ ("no token: set the environment variable %s"), name);
      return NULL;
    }

  keep_out_of_core_files ();
  token = ask_for_token ();
  if (!*token)
    {
      dgw_cli_usage_error (command, _ ("no token was typed"));
      return NULL;
    }
  return g_steal_pointer (&token);
}
