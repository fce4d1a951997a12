/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/dgw-cli-private.h"

static const struct
{
  const char *name;
  int (*run) (int argc, char **argv);
  const char *summary;
} commands[] = {
  {"listen",   dgw_cli_listen,   N_ ("Print the events of a bot as they happen")                },
  {"info",     dgw_cli_info,     N_ ("Print the gateway's address and the identify budget")     },
  {"check",    dgw_cli_check,    N_ ("Find out why it does not connect")                        },
  {"simulate", dgw_cli_simulate, N_ ("Run a gateway on this machine, without Discord")          },
  {"demo",     dgw_cli_demo,     N_ ("Watch a simulated gateway; needs no token and no network")},
};

/* Whoever starts a program without one of these would have the next file or
 * socket take its number, and lines be written there. Opened the wrong way
 * round, each still fails as if it were closed. */
static void
occupy_standard_descriptors (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    {
      if (fcntl (fd, F_GETFD) == -1 && errno == EBADF)
        (void)open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

static void
print_help (void)
{
  g_print ("%s\n  dgw %s\n\n%s\n",
           _ ("Usage:"),
           _ ("COMMAND [OPTION…]"),
           _ ("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-10s %s\n", commands[i].name, _ (commands[i].summary));
  g_print ("\n%s\n", _ ("“dgw COMMAND --help” lists the options of a command, “dgw --version” prints the version."));
}

static int
run_command (const char *name,
             int         argc,
             char      **argv)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (g_str_equal (commands[i].name, name))
        return commands[i].run (argc, argv);
    }
  return dgw_cli_usage_error ("dgw", _ ("“%s” is not a command"), name);
}

static int
run (int    argc,
     char **argv)
{
  if (argc < 2)
    return dgw_cli_usage_error ("dgw", _ ("no command given; “dgw demo” is a good first one"));

  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("dgw %s\n", DGW_VERSION_S);
      return DGW_CLI_DONE;
    }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help"))
    {
      print_help ();
      return DGW_CLI_DONE;
    }

  if (!dgw_cli_refuse_tokens ("dgw", NULL, argc, argv))
    return DGW_CLI_USAGE;

  return run_command (argv[1], argc - 1, argv + 1);
}

int
main (int    argc,
      char **argv)
{
  int status;

  occupy_standard_descriptors ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, DGW_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* stdout is for what was asked for, and nothing else. */
  g_log_writer_default_set_use_stderr (TRUE);

  status = run (argc, argv);
  /* An answer that never got out, to a full disk for one, is none. */
  if (ferror (stdout) && status == DGW_CLI_DONE)
    {
      dgw_cli_complain (_ ("dgw: the output could not be written"));
      status = DGW_CLI_FAILED;
    }
  return status;
}
