/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY "0123abcd-5-0-1"

typedef struct
{
  char                *folder;
  DgwFileSessionStore *store;
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->folder = g_dir_make_tmp ("dgw-store-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->store = g_object_new (DGW_TYPE_FILE_SESSION_STORE, "folder", self->folder, NULL);
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
  g_object_unref (self->store);
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

static DgwSession *
load (DgwFileSessionStore *store,
      const char          *key)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  DgwSession *session;

  dgw_session_store_load_async (DGW_SESSION_STORE (store), key, NULL, result_cb, &result);
  session = dgw_session_store_load_finish (DGW_SESSION_STORE (store), wait_for (&result), &error);
  g_assert_no_error (error);
  return session;
}

static void
save (DgwFileSessionStore *store,
      const char          *key,
      gint64               sequence)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DgwSession) session = dgw_session_new ("S1", sequence, "wss://resume.example", 0, 1);

  dgw_session_store_save_async (DGW_SESSION_STORE (store), key, session, NULL, result_cb, &result);
  g_assert_true (dgw_session_store_save_finish (DGW_SESSION_STORE (store), wait_for (&result), &error));
  g_assert_no_error (error);
}

static void
clear (DgwFileSessionStore *store,
       const char          *key)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  dgw_session_store_clear_async (DGW_SESSION_STORE (store), key, NULL, result_cb, &result);
  g_assert_true (dgw_session_store_clear_finish (DGW_SESSION_STORE (store), wait_for (&result), &error));
  g_assert_no_error (error);
}

static void
assert_loads (DgwFileSessionStore *store,
              gint64               sequence)
{
  g_autoptr (DgwSession) expected = dgw_session_new ("S1", sequence, "wss://resume.example", 0, 1);
  g_autoptr (DgwSession) session = load (store, KEY);

  g_assert_nonnull (session);
  g_assert_true (dgw_session_equal (session, expected));
}

static void
test_round_trip (Fixture      *self,
                 gconstpointer data)
{
  g_test_summary ("RES-16: what was saved last is loaded, until it is cleared");
  g_assert_null (load (self->store, KEY));
  save (self->store, KEY, 5);
  save (self->store, KEY, 6);
  assert_loads (self->store, 6);
  clear (self->store, KEY);
  g_assert_null (load (self->store, KEY));
  clear (self->store, KEY);
}

static void
test_other_key (Fixture      *self,
                gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, KEY, NULL);
  g_autoptr (DgwFileSessionStore) single = dgw_file_session_store_new_for_file (path);

  g_test_summary ("RES-13: another token, other intents, another shard: no session, in a folder and in a file");
  save (self->store, KEY, 5);
  g_assert_null (load (self->store, "0123abcd-7-0-1"));
  g_assert_null (load (single, "0123abcd-7-0-1"));
  assert_loads (single, 5);
  save (single, "0123abcd-7-0-1", 9);
  g_assert_null (load (single, KEY));
  g_assert_cmpstr (dgw_file_session_store_get_file (single), ==, path);
  g_assert_null (dgw_file_session_store_get_folder (single));
}

/* Security: FILE-MODE */
static void
test_private (Fixture      *self,
              gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, KEY, NULL);
  g_autofree char *state = g_build_filename (self->folder, "state", NULL);
  g_autofree char *sessions = g_build_filename (state, "sessions", NULL);
  g_autofree char *inner = g_build_filename (sessions, KEY, NULL);
  g_autoptr (DgwFileSessionStore) deep = g_object_new (DGW_TYPE_FILE_SESSION_STORE, "folder", sessions, NULL);
  GStatBuf status;

  g_test_summary ("peers K4: nobody else reads it: 0600, also where a file with another mode was, in folders of 0700");
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_no_errno (g_chmod (path, 0644));
  save (self->store, KEY, 5);
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  save (deep, KEY, 5);
  g_assert_no_errno (g_stat (inner, &status));
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_no_errno (g_stat (sessions, &status));
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  g_remove (inner);
  g_rmdir (sessions);
  g_rmdir (state);
}

/* Security: FILE-LINK */
static void
test_links (Fixture      *self,
            gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, KEY, NULL);
  g_autofree char *target = g_build_filename (self->folder, "target", NULL);
  g_autofree char *content = NULL;
  g_autofree char *session = NULL;

  g_test_summary ("peers K4: a symbolic link is neither read nor written through");
  save (self->store, KEY, 5);
  g_assert_true (g_file_get_contents (path, &session, NULL, NULL));
  g_assert_true (g_file_set_contents (target, session, -1, NULL));
  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (symlink (target, path));
  g_assert_null (load (self->store, KEY));
  save (self->store, KEY, 6);
  assert_loads (self->store, 6);
  g_assert_true (g_file_get_contents (target, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, session);
}

/* Security: FILE-TRUST */
static void
test_writable_by_others (Fixture      *self,
                         gconstpointer data)
{
  static const int modes[] = {0620, 0602, 0666};
  g_autofree char *path = g_build_filename (self->folder, KEY, NULL);

  g_test_summary ("Where others could have put an address of their own, there is no session to be trusted");
  save (self->store, KEY, 5);
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_assert_no_errno (g_chmod (path, modes[i]));
      g_assert_null (load (self->store, KEY));
    }
  g_assert_no_errno (g_chmod (path, 0644));
  assert_loads (self->store, 5);
}

/* Security: FILE-TRUST */
static void
test_unreadable (Fixture      *self,
                 gconstpointer data)
{
  static const char *const contents[] = {
    "",
    "\n\xff garbage",
    "[session]\nowner=" KEY "\n",
    "[session]\nowner=" KEY "\nsaved=99999999999\nid=S\nsequence=1\nshard-id=0\nshard-count=1\n",
    "[session]\nowner=" KEY "\nsaved=1\nid=S\nsequence=1\nshard-id=0\nshard-count=1\n",
    "[session]\nowner=" KEY "\nid=S\nsequence=99999999999999999999\nshard-id=0\nshard-count=1\n",
    "[session]\nowner=" KEY "\nid=S\nsequence=1\nshard-id=1\nshard-count=1\n",
  };
  g_autofree char *path = g_build_filename (self->folder, KEY, NULL);

  g_test_summary ("RES-16: what cannot be read, and what is too old or of the future, is no session, without a word");
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_assert_true (g_file_set_contents (path, contents[i], -1, NULL));
      g_assert_null (load (self->store, KEY));
    }
  g_remove (path);
  g_assert_no_errno (g_mkdir (path, 0700));
  g_assert_null (load (self->store, KEY));
  g_rmdir (path);
  g_assert_no_errno (mkfifo (path, 0600));
  g_assert_null (load (self->store, KEY));
}

static void
test_max_age (Fixture      *self,
              gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, KEY, NULL);
  g_autoptr (DgwFileSessionStore) patient = g_object_new (DGW_TYPE_FILE_SESSION_STORE, "folder", self->folder, "max-age", 7300, NULL);
  gint64           saved_s = g_get_real_time () / G_USEC_PER_SEC - 7200;
  g_autofree char *content = g_strdup_printf ("[session]\nowner=" KEY "\nsaved=%" G_GINT64_FORMAT "\nid=S1\nsequence=7\n"
                                              "resume-url=wss://resume.example\nshard-id=0\nshard-count=1\n",
                                              saved_s);

  g_test_summary ("RES-11: an hour is the most, by default");
  g_assert_cmpuint (dgw_file_session_store_get_max_age (self->store), ==, 3600);
  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  g_assert_null (load (self->store, KEY));
  assert_loads (patient, 7);
}

static void
test_order (Fixture      *self,
            gconstpointer data)
{
  g_autoptr (DgwSession) first = dgw_session_new ("S1", 1, "wss://resume.example", 0, 1);
  g_autoptr (DgwSession) second = dgw_session_new ("S1", 2, "wss://resume.example", 0, 1);
  DgwSessionStore *store = DGW_SESSION_STORE (self->store);

  g_test_summary ("RES-16: operations take effect in the order of their calls");
  dgw_session_store_save_async (store, KEY, first, NULL, NULL, NULL);
  dgw_session_store_clear_async (store, KEY, NULL, NULL, NULL);
  dgw_session_store_save_async (store, KEY, second, NULL, NULL, NULL);
  assert_loads (self->store, 2);
}

static void
test_fails (Fixture      *self,
            gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "no-such-folder", "session", NULL);
  g_autoptr (DgwFileSessionStore) store = dgw_file_session_store_new_for_file (path);
  g_autoptr (DgwSession) session = dgw_session_new ("S1", 1, NULL, 0, 1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (load (store, KEY));
  clear (store, KEY);
  dgw_session_store_save_async (DGW_SESSION_STORE (store), KEY, session, NULL, result_cb, &result);
  g_assert_false (dgw_session_store_save_finish (DGW_SESSION_STORE (store), wait_for (&result), &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, path));

  g_clear_error (&error);
  g_clear_object (&result);
  g_cancellable_cancel (cancellable);
  dgw_session_store_load_async (DGW_SESSION_STORE (store), KEY, cancellable, result_cb, &result);
  g_assert_null (dgw_session_store_load_finish (DGW_SESSION_STORE (store), wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_default (void)
{
  g_autoptr (DgwFileSessionStore) store = dgw_file_session_store_new ();
  g_autofree char *expected = g_build_filename (g_get_user_state_dir (), "dgw", "sessions", NULL);

  g_assert_cmpstr (dgw_file_session_store_get_folder (store), ==, expected);
  g_assert_null (dgw_file_session_store_get_file (store));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dgw/gateway/file-session-store/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/dgw/gateway/file-session-store/other-key", Fixture, NULL, set_up, test_other_key, tear_down);
  g_test_add ("/dgw/gateway/file-session-store/private", Fixture, NULL, set_up, test_private, tear_down);
  g_test_add ("/dgw/gateway/file-session-store/links", Fixture, NULL, set_up, test_links, tear_down);
  g_test_add ("/dgw/gateway/file-session-store/security/writable-by-others", Fixture, NULL, set_up, test_writable_by_others, tear_down);
  g_test_add ("/dgw/gateway/file-session-store/unreadable", Fixture, NULL, set_up, test_unreadable, tear_down);
  g_test_add ("/dgw/gateway/file-session-store/max-age", Fixture, NULL, set_up, test_max_age, tear_down);
  g_test_add ("/dgw/gateway/file-session-store/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/dgw/gateway/file-session-store/fails", Fixture, NULL, set_up, test_fails, tear_down);
  g_test_add_func ("/dgw/gateway/file-session-store/default", test_default);

  return g_test_run ();
}
