/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/dgw-gateway-info-private.h"

#define TOKEN   "MTIzNDU2.Secret.part-of-it"
#define HOUR_MS (60 * 60 * 1000)

static int n_warnings; /* atomic */

/* They come from a worker. */
static GLogWriterOutput
count_warning (GLogLevelFlags   level,
               const GLogField *fields,
               gsize            n_fields,
               gpointer         user_data)
{
  if (level != G_LOG_LEVEL_WARNING)
    return g_log_writer_default (level, fields, n_fields, NULL);

  g_atomic_int_inc (&n_warnings);
  g_main_context_wakeup (NULL);
  return G_LOG_WRITER_HANDLED;
}

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->folder = g_dir_make_tmp ("dgw-limits-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  g_atomic_int_set (&n_warnings, 0);
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

static DgwIdentifyLimiter *
make_limiter (Fixture    *self,
              const char *token,
              guint       max_concurrency,
              guint       window_ms)
{
  return g_object_new (DGW_TYPE_FILE_IDENTIFY_LIMITER, "token", token, "folder", self->folder,
                       "max-concurrency", max_concurrency, "window", window_ms, NULL);
}

typedef struct
{
  gboolean is_done;
  gboolean is_granted;
  GError  *error;
} Wait;

static void
acquired_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Wait *self = user_data;

  self->is_granted = dgw_identify_limiter_acquire_finish (DGW_IDENTIFY_LIMITER (source), result, &self->error);
  self->is_done = TRUE;
}

static void
acquire (DgwIdentifyLimiter *limiter,
         guint               shard_id,
         GCancellable       *cancellable,
         Wait               *wait)
{
  *wait = (Wait){FALSE};
  dgw_identify_limiter_acquire_async (limiter, shard_id, cancellable, acquired_cb, wait);
}

static void
wait_for_grant (Wait *wait)
{
  while (!wait->is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (wait->error);
  g_assert_true (wait->is_granted);
}

static void
assert_granted (DgwIdentifyLimiter *limiter,
                guint               shard_id)
{
  Wait wait;

  acquire (limiter, shard_id, NULL, &wait);
  wait_for_grant (&wait);
}

static void
cancel (GCancellable *cancellable,
        Wait         *wait)
{
  g_assert_false (wait->is_done);
  g_cancellable_cancel (cancellable);
  while (!wait->is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (wait->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&wait->error);
}

static void
update (DgwIdentifyLimiter *limiter,
        guint               total,
        guint               remaining,
        guint               max_concurrency)
{
  const DgwGatewayAnswer answer = {(char *)"wss://gateway.example", 1, total, remaining, 20 * HOUR_MS, max_concurrency};
  g_autoptr (DgwGatewayInfo) info = dgw_gateway_info_new (&answer);

  dgw_identify_limiter_update (limiter, info);
}

static void
wait_for_warning (void)
{
  while (g_atomic_int_get (&n_warnings) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_atomic_int_get (&n_warnings), ==, 1);
}

/* The ledger and its lock. */
static char *
find_ledger (Fixture *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)))
    if (!g_str_has_suffix (name, ".lock"))
      return g_build_filename (self->folder, name, NULL);

  return NULL;
}

static void
test_shared (Fixture      *self,
             gconstpointer data)
{
  g_autoptr (DgwIdentifyLimiter) first = make_limiter (self, TOKEN, 2, HOUR_MS);
  g_autoptr (DgwIdentifyLimiter) second = make_limiter (self, "Bot " TOKEN, 2, HOUR_MS);
  g_autoptr (DgwIdentifyLimiter) other = make_limiter (self, "another.bots.token", 2, HOUR_MS);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait wait;

  g_test_summary ("ID-09, ID-13: limiters of one token share the buckets, those of another do not");
  assert_granted (first, 0);
  acquire (second, 2, cancellable, &wait);
  wait_for_warning ();
  assert_granted (second, 1);
  assert_granted (other, 0);
  cancel (cancellable, &wait);
}

static void
test_release (Fixture      *self,
              gconstpointer data)
{
  g_autoptr (DgwIdentifyLimiter) limiter = make_limiter (self, TOKEN, 1, HOUR_MS);
  Wait waits[2];

  g_test_summary ("ID-13: a slot that was not used goes to the next in line");
  assert_granted (limiter, 0);
  acquire (limiter, 1, NULL, &waits[0]);
  acquire (limiter, 2, NULL, &waits[1]);
  wait_for_warning ();
  dgw_identify_limiter_release (limiter, 7);
  dgw_identify_limiter_release (limiter, 0);
  wait_for_grant (&waits[0]);
  g_assert_false (waits[1].is_done);
  dgw_identify_limiter_release (limiter, 1);
  wait_for_grant (&waits[1]);
}

static void
test_window (Fixture      *self,
             gconstpointer data)
{
  g_autoptr (DgwIdentifyLimiter) limiter = make_limiter (self, TOKEN, 1, 1);

  g_test_summary ("ID-09: when the window is over the next one is granted");
  for (guint i = 0; i < 5; i++)
    assert_granted (limiter, i);
  g_assert_cmpint (g_atomic_int_get (&n_warnings), ==, 0);
}

static void
test_crash_loop (Fixture      *self,
                 gconstpointer data)
{
  g_autoptr (DgwIdentifyLimiter) limiter = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait wait;

  g_test_summary ("ID-08, BO-04, peers F1: each start is a new process, and all are counted");
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (DgwIdentifyLimiter) started = make_limiter (self, TOKEN, 1, 1);

      update (started, 20, 20 - i, 1);
      assert_granted (started, 0);
    }

  limiter = make_limiter (self, TOKEN, 1, 1);
  acquire (limiter, 0, cancellable, &wait);
  wait_for_warning ();
  cancel (cancellable, &wait);
}

static void
test_update (Fixture      *self,
             gconstpointer data)
{
  g_autoptr (DgwIdentifyLimiter) first = make_limiter (self, TOKEN, 0, HOUR_MS);
  g_autoptr (DgwIdentifyLimiter) second = make_limiter (self, TOKEN, 0, HOUR_MS);
  Wait wait;

  g_test_summary ("ID-15: what one limiter learns counts for the others");
  assert_granted (first, 0);
  acquire (first, 1, NULL, &wait);
  wait_for_warning ();
  update (first, 1000, 1000, 16);
  wait_for_grant (&wait);
  assert_granted (second, 2);
  assert_granted (second, 3);
}

/* Security: FILE-MODE, STATE-TOKEN */
static void
test_private (Fixture      *self,
              gconstpointer data)
{
  g_autoptr (DgwIdentifyLimiter) limiter = make_limiter (self, TOKEN, 1, 1);
  g_autofree char *path = NULL;
  g_autofree char *lock_path = NULL;
  g_autofree char *content = NULL;
  GStatBuf         status;

  g_test_summary ("ID-14, peers K4: 0600, and the token is neither in the name nor in the file");
  assert_granted (limiter, 0);
  path = find_ledger (self);
  g_assert_nonnull (path);
  g_assert_null (strstr (path, "Secret"));
  g_assert_no_errno (g_stat (path, &status));
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  lock_path = g_strconcat (path, ".lock", NULL);
  g_assert_no_errno (g_stat (lock_path, &status));
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_null (strstr (content, "Secret"));
}

/* Security: FILE-LINK */
static void
test_link (Fixture      *self,
           gconstpointer data)
{
  g_autoptr (DgwIdentifyLimiter) limiter = make_limiter (self, TOKEN, 1, 1);
  g_autofree char *path = NULL;
  g_autofree char *lock_path = NULL;
  g_autofree char *target = g_build_filename (self->folder, "target.lock", NULL);
  g_autoptr (DgwIdentifyLimiter) misled = make_limiter (self, TOKEN, 1, 1);

  g_test_summary ("peers K4: a lock that is a symbolic link is not followed; the limiter goes on alone, with a warning");
  assert_granted (limiter, 0);
  path = find_ledger (self);
  lock_path = g_strconcat (path, ".lock", NULL);
  g_assert_no_errno (g_unlink (lock_path));
  g_assert_no_errno (symlink (target, lock_path));
  assert_granted (misled, 0);
  assert_granted (misled, 0);
  wait_for_warning ();
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

/* Security: FILE-LOCK */
static void
test_locked (Fixture      *self,
             gconstpointer data)
{
  g_autoptr (DgwIdentifyLimiter) limiter = make_limiter (self, TOKEN, 1, 1);
  g_autofree char *path = NULL;
  g_autofree char *lock_path = NULL;
  Wait             wait;
  int              fd;

  g_test_summary ("peers F2: while another process has the lock, nothing is granted; then it is");
  assert_granted (limiter, 0);
  path = find_ledger (self);
  lock_path = g_strconcat (path, ".lock", NULL);
  fd = g_open (lock_path, O_RDWR | O_CLOEXEC);
  g_assert_no_errno (fd);
  g_assert_no_errno (flock (fd, LOCK_EX));
  acquire (limiter, 0, NULL, &wait);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (wait.is_done);
  close (fd);
  wait_for_grant (&wait);
  g_assert_cmpint (g_atomic_int_get (&n_warnings), ==, 0);
}

static void
test_default (void)
{
  g_autoptr (DgwFileIdentifyLimiter) limiter = dgw_file_identify_limiter_new (TOKEN);
  g_autofree char *expected = g_build_filename (g_get_user_state_dir (), "dgw", "limits", NULL);
  guint            max_concurrency;
  guint            window;

  g_object_get (limiter, "max-concurrency", &max_concurrency, "window", &window, NULL);
  g_assert_cmpuint (max_concurrency, ==, 0);
  g_assert_cmpuint (window, ==, 5000);
  g_assert_cmpstr (dgw_file_identify_limiter_get_folder (limiter), ==, expected);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (count_warning, NULL, NULL);
  g_test_add ("/dgw/gateway/file-identify-limiter/shared", Fixture, NULL, set_up, test_shared, tear_down);
  g_test_add ("/dgw/gateway/file-identify-limiter/release", Fixture, NULL, set_up, test_release, tear_down);
  g_test_add ("/dgw/gateway/file-identify-limiter/window", Fixture, NULL, set_up, test_window, tear_down);
  g_test_add ("/dgw/gateway/file-identify-limiter/crash-loop", Fixture, NULL, set_up, test_crash_loop, tear_down);
  g_test_add ("/dgw/gateway/file-identify-limiter/update", Fixture, NULL, set_up, test_update, tear_down);
  g_test_add ("/dgw/gateway/file-identify-limiter/private", Fixture, NULL, set_up, test_private, tear_down);
  g_test_add ("/dgw/gateway/file-identify-limiter/link", Fixture, NULL, set_up, test_link, tear_down);
  g_test_add ("/dgw/gateway/file-identify-limiter/locked", Fixture, NULL, set_up, test_locked, tear_down);
  g_test_add_func ("/dgw/gateway/file-identify-limiter/default", test_default);

  return g_test_run ();
}
