/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/dgw-identify-ledger-private.h"
#include "gateway/dgw-gateway-info-private.h"

/* This program as another process: it writes one of the files again and again
 * and tells of each time on stdout, until it is killed in the middle of it. */

#define KEY      "0123abcd-5-0-1"
#define TOKEN    "MTIzNDU2.Secret.part-of-it"
#define TOTAL    1000000
#define DAY_MS   (24 * 60 * 60 * 1000)
#define N_ROUNDS 100

static const char *program;

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->folder = g_dir_make_tmp ("dgw-killed-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)))
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (!*result)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static DgwSessionStore *
make_store (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "session", NULL);

  return DGW_SESSION_STORE (dgw_file_session_store_new_for_file (path));
}

static void
tell (guint number)
{
  printf ("%u\n", number);
  fflush (stdout);
}

static void
save_for_ever (const char *folder,
               guint       from)
{
  g_autoptr (DgwSessionStore) store = make_store (folder);

  for (guint i = from;; i++)
    {
      g_autoptr (DgwSession) session = dgw_session_new ("S1", i, "wss://resume.example", 0, 1);
      g_autoptr (GAsyncResult) result = NULL;

      dgw_session_store_save_async (store, KEY, session, NULL, result_cb, &result);
      g_assert_true (dgw_session_store_save_finish (store, wait_for (&result), NULL));
      tell (i);
    }
}

static void
identify_for_ever (const char *folder,
                   guint       from)
{
  const DgwGatewayAnswer answer = {(char *)"wss://gateway.example", 1, TOTAL, TOTAL, DAY_MS, 1};
  g_autoptr (DgwGatewayInfo) info = dgw_gateway_info_new (&answer);
  g_autoptr (DgwIdentifyLimiter) limiter = NULL;

  limiter = g_object_new (DGW_TYPE_FILE_IDENTIFY_LIMITER, "token", TOKEN, "folder", folder, "window", 1, NULL);
  dgw_identify_limiter_update (limiter, info);
  for (guint i = from;; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      dgw_identify_limiter_acquire_async (limiter, 0, NULL, result_cb, &result);
      g_assert_true (dgw_identify_limiter_acquire_finish (limiter, wait_for (&result), NULL));
      tell (i);
    }
}

static gboolean
read_number (GDataInputStream *lines,
             guint            *number)
{
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

  if (line == NULL)
    return FALSE;

  *number = (guint)g_ascii_strtoull (line, NULL, 10);

  return TRUE;
}

/* Returns the last number that the process told. */
static guint
run_and_kill (const char *what,
              const char *folder,
              guint       from)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *number = g_strdup_printf ("%u", from);
  int              n_lines = g_test_rand_int_range (1, 8);
  guint            last = 0;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, what, folder, number, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  for (int i = 0; i < n_lines; i++)
    g_assert_true (read_number (lines, &last));

  /* Not to wait for anything: somewhere in the next write or between two. */
  for (int n_turns = g_test_rand_int_range (0, 200); n_turns > 0; n_turns--)
    g_thread_yield ();
  g_subprocess_force_exit (process);
  while (read_number (lines, &last))
    ;
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_term_sig (process), ==, SIGKILL);

  return last;
}

static void
assert_private (const char *path)
{
  GStatBuf status;

  g_assert_no_errno (g_stat (path, &status));
  g_assert_true (S_ISREG (status.st_mode));
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* What was begun and not finished is no file of anybody's, but private too. */
static char *
check_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  char       *found = NULL;
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      assert_private (path);
      if (name[0] == '.' || g_str_has_suffix (name, ".lock"))
        continue;
      g_assert_null (found);
      found = g_steal_pointer (&path);
    }

  return found;
}

static void
test_session (Fixture      *self,
              gconstpointer data)
{
  g_autoptr (DgwSessionStore) store = make_store (self->folder);
  guint last = 0;

  g_test_summary ("RES-16, requirement 6: killed while it saves, the session is the old one or the new one, whole and private");
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autofree char *path = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (DgwSession) session = NULL;

      last = run_and_kill ("--save", self->folder, last + 1);
      path = check_folder (self->folder);
      g_assert_nonnull (path);

      dgw_session_store_load_async (store, KEY, NULL, result_cb, &result);
      session = dgw_session_store_load_finish (store, wait_for (&result), NULL);
      g_assert_nonnull (session);
      g_assert_cmpstr (dgw_session_get_id (session), ==, "S1");
      g_assert_cmpstr (dgw_session_get_resume_url (session), ==, "wss://resume.example");
      g_assert_cmpint (dgw_session_get_sequence (session), >=, last);
      g_assert_cmpint (dgw_session_get_sequence (session), <=, last + 1);
    }
}

static void
test_ledger (Fixture      *self,
             gconstpointer data)
{
  guint last = 0;

  g_test_summary ("ID-08, requirement 6: killed while it takes a slot, the ledger is whole and private, and forgets no slot that was used");
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_auto (DgwIdentifyLedger) ledger = {0};
      g_autofree char *path = NULL;
      g_autofree char *text = NULL;

      last = run_and_kill ("--identify", self->folder, last + 1);
      path = check_folder (self->folder);
      g_assert_nonnull (path);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      dgw_identify_ledger_parse (&ledger, text, g_get_real_time ());
      g_assert_cmpuint (ledger.total, ==, TOTAL);
      g_assert_cmpuint (ledger.remaining, <=, TOTAL - last);
      g_assert_cmpuint (ledger.remaining, >=, TOTAL - last - (i + 1));
    }
}

int
main (int    argc,
      char **argv)
{
  if (argc == 4 && strcmp (argv[1], "--save") == 0)
    save_for_ever (argv[2], (guint)g_ascii_strtoull (argv[3], NULL, 10));
  if (argc == 4 && strcmp (argv[1], "--identify") == 0)
    identify_for_ever (argv[2], (guint)g_ascii_strtoull (argv[3], NULL, 10));

  program = argv[0];
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/dgw/gateway/killed/session", Fixture, NULL, set_up, test_session, tear_down);
  g_test_add ("/dgw/gateway/killed/ledger", Fixture, NULL, set_up, test_ledger, tear_down);

  return g_test_run ();
}
