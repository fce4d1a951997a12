/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <glib/gstdio.h>
#include <string.h>

#include "fuzz.h"

/* A session as an application kept it. The first byte says how: as the bytes of
 * a variant, as its text, or in the store's file. */

#define KEY "0123456789abcdef-0-1"

static char            *folder;
static char            *path;
static DgwSessionStore *store;

static void
remove_folder (void)
{
  g_unlink (path);
  g_rmdir (folder);
}

void
fuzz_target_init (void)
{
  fuzz_write_no_log ();
  folder = g_dir_make_tmp ("dgw-fuzz-XXXXXX", NULL);
  g_assert_nonnull (folder);
  path = g_build_filename (folder, KEY, NULL);
  store = g_object_new (DGW_TYPE_FILE_SESSION_STORE, "folder", folder, "max-age", G_MAXUINT, NULL);
  atexit (remove_folder);
}

static void
check_session (DgwSession *session)
{
  g_autoptr (GVariant) variant = g_variant_ref_sink (dgw_session_to_variant (session));
  g_autoptr (DgwSession) again = dgw_session_from_variant (variant);

  g_assert_nonnull (again);
  g_assert_true (dgw_session_equal (session, again));
  g_assert_cmpint (*dgw_session_get_id (session), !=, '\0');
  g_assert_cmpint (dgw_session_get_sequence (session), >=, 0);
  g_assert_cmpuint (dgw_session_get_shard_id (session), <, dgw_session_get_shard_count (session));
  g_assert_true (g_utf8_validate (dgw_session_get_id (session), -1, NULL));
  g_assert_true (dgw_session_get_resume_url (session) == NULL ||
                 g_utf8_validate (dgw_session_get_resume_url (session), -1, NULL));
}

static void
try_variant (GVariant *variant)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (variant);
  g_autoptr (DgwSession) session = dgw_session_from_variant (owned);

  if (session != NULL)
    check_session (session);
}

/* GLib makes of an escape whatever it says, half of a surrogate pair for one. */
static void
try_variant_text (const char *text)
{
  GVariant *variant = g_utf8_validate (text, -1, NULL) && strchr (text, '\\') == NULL ? g_variant_parse (NULL, text, NULL, NULL, NULL) : NULL;

  if (variant != NULL)
    try_variant (variant);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      slot)
{
  *(GAsyncResult **)slot = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *slot;
}

static DgwSession *
load (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  DgwSession *session;

  dgw_session_store_load_async (store, KEY, NULL, done_cb, &result);
  session = dgw_session_store_load_finish (store, wait_for (&result), &error);
  g_assert_no_error (error);

  return session;
}

static void
save (DgwSession *session)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  dgw_session_store_save_async (store, KEY, session, NULL, done_cb, &result);
  dgw_session_store_save_finish (store, wait_for (&result), &error);
  g_assert_no_error (error);
}

static void
try_file (const FuzzInput *input)
{
  g_autoptr (DgwSession) session = NULL;
  g_autoptr (DgwSession) again = NULL;

  g_assert_true (g_file_set_contents_full (path, (const char *)input->data, (gssize)input->size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  session = load ();
  if (session == NULL)
    return;

  check_session (session);
  save (session);
  again = load ();
  g_assert_nonnull (again);
  g_assert_true (dgw_session_equal (session, again));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput    input = {data, size};
  const guint8 kind = fuzz_take_byte (&input);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  if (kind == 'f')
    {
      try_file (&input);
    }
  else if (kind == 't')
    {
      text = fuzz_take_text (&input, 0);
      try_variant_text (text);
    }
  else
    {
      bytes = fuzz_take_rest (&input);
      try_variant (g_variant_new_from_bytes (kind & 1 ? G_VARIANT_TYPE_VARDICT : G_VARIANT_TYPE_VARIANT, bytes, FALSE));
    }

  return 0;
}
