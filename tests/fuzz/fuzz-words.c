/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <gio/gio.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/dgw-cli-private.h"
#include "fuzz.h"

/* What people type: intents, and the command line of dgw. The first byte says
 * which, then each line is a word. No command gets as far as to do anything: there
 * is no token, and the port to listen on is taken. */

#define MAX_WORDS 32

static char *port_word;
static int   first_free_fd;

static void
discard_cb (const char *text)
{
}

static int
choose_command (int    kind,
                int    argc,
                char **argv)
{
  switch (kind)
    {
    case 'l':
      return dgw_cli_listen (argc, argv);
    case 'i':
      return dgw_cli_info (argc, argv);
    case 'c':
      return dgw_cli_check (argc, argv);
    default:
      return dgw_cli_simulate (argc, argv);
    }
}

static int
run_command (int    kind,
             int    argc,
             char **argv)
{
  const GPrintFunc print = g_set_print_handler (discard_cb);
  const GPrintFunc print_error = g_set_printerr_handler (discard_cb);
  const int        status = choose_command (kind, argc, argv);

  g_set_print_handler (print);
  g_set_printerr_handler (print_error);

  return status;
}

/* The simulator has GIO make what it keeps for good. */
static void
warm_up (void)
{
  char *argv[] = {(char *)"simulate", port_word, NULL};

  g_assert_cmpint (run_command ('s', 2, argv), ==, DGW_CLI_FAILED);
  first_free_fd = dup (STDERR_FILENO);
  close (first_free_fd);
}

/* Nobody types, and there is no file to be found by chance, nor a place for one. */
static void
empty_surroundings (void)
{
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  const int        nobody = open ("/dev/null", O_RDONLY);

  g_assert_cmpint (dup2 (nobody, STDIN_FILENO), ==, STDIN_FILENO);
  close (nobody);
  g_assert_cmpint (chdir (folder), ==, 0);
  g_assert_cmpint (rmdir (folder), ==, 0);
}

void
fuzz_target_init (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  const guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_assert_cmpuint (port, !=, 0);
  g_object_ref (listener); /* as long as the process lives */
  port_word = g_strdup_printf ("--port=%u", port);

  fuzz_write_no_log ();
  setlocale (LC_ALL, "C.UTF-8");
  clearenv ();
  empty_surroundings ();
  warm_up ();
}

/* --help ends the program; other folders are not to be looked into. */
static gboolean
is_harmless (const char *word)
{
  if (strchr (word, '/') != NULL)
    return FALSE;
  if (g_str_has_prefix (word, "--"))
    return !g_str_has_prefix (word, "--help") && !g_str_has_prefix (word, "--port");

  return *word != '-' || strpbrk (word, "h?") == NULL;
}

static void
try_intents (const char *text)
{
  guint            intents = 0;
  guint            again = 0;
  g_autofree char *written = NULL;
  g_autoptr (GError) error = NULL;

  if (!dgw_intents_from_string (text, &intents, &error))
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      return;
    }

  g_assert_no_error (error);
  written = dgw_intents_to_string (intents);
  g_assert_true (dgw_intents_from_string (written, &again, NULL));
  g_assert_cmpuint (intents, ==, again);
}

/* What commands leave to the end of the process. */
static void
clean_up (const sigset_t *mask)
{
  sigprocmask (SIG_SETMASK, mask, NULL);
  for (int fd = first_free_fd; close (fd) == 0; fd++)
    continue;
}

static void
try_command (int        kind,
             FuzzInput *input)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree gpointer *argv = NULL;
  sigset_t             mask;
  int                  status;

  g_ptr_array_add (words, g_strdup ("dgw"));
  while (input->size > 0 && words->len < MAX_WORDS)
    {
      char *word = fuzz_take_text (input, '\n');

      g_ptr_array_add (words, word);
      if (!is_harmless (word))
        return;
    }
  if (kind == 's')
    g_ptr_array_insert (words, 1, g_strdup (port_word));
  g_ptr_array_add (words, NULL);

  /* Options are taken out of it. */
  argv = g_memdup2 (words->pdata, words->len * sizeof (gpointer));
  sigprocmask (SIG_SETMASK, NULL, &mask);
  status = run_command (kind, (int)words->len - 1, (char **)argv);
  g_assert_cmpint (status, !=, DGW_CLI_DONE);
  clean_up (&mask);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput        input = {data, size};
  const char       kinds[] = "lics";
  const guint8     kind = fuzz_take_byte (&input);
  g_autofree char *text = NULL;

  if (kind == 'n')
    {
      text = fuzz_take_text (&input, 0);
      try_intents (text);
    }
  else
    {
      try_command (strchr (kinds, kind) != NULL && kind != 0 ? kind : kinds[kind % 4], &input);
    }

  return 0;
}
