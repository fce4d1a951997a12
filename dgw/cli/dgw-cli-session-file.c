/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When to save, of a store in a file. It is not the gateway's own, which counts
 * an event when its handler returns: here one counts that was printed, and it
 * is saved also while a line waits for its reader. */
#include "config.h"

#include "cli/dgw-cli-session-file-private.h"

#include <glib/gi18n.h>

#include "cli/dgw-cli-private.h"

#define SAVE_INTERVAL_US G_USEC_PER_SEC

struct _DgwCliSessionFile
{
  DgwSessionStore *store;
  char            *key;
  DgwSession      *session; /* what the file should hold; NULL: nothing noted yet */
  gint64           sequence;
  gboolean         dirty;
  gboolean         complained;
  gint64           saved_us;
  guint            timer_id;
};

/* An operation of the store, waited for in a context of its own. */
typedef struct
{
  GMainContext *context;
  GAsyncResult *result;
} Wait;

static void
wait_begin (Wait *self)
{
  *self = (Wait){g_main_context_new (), NULL};
  g_main_context_push_thread_default (self->context);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Wait *self = user_data;

  self->result = g_object_ref (result);
}

static GAsyncResult *
wait_end (Wait *self)
{
  while (!self->result)
    g_main_context_iteration (self->context, TRUE);

  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  return self->result;
}

DgwCliSessionFile *
dgw_cli_session_file_new (const char *path,
                          const char *owner)
{
  DgwCliSessionFile *self = g_new0 (DgwCliSessionFile, 1);

  self->store = DGW_SESSION_STORE (dgw_file_session_store_new_for_file (path));
  self->key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, owner, -1);
  return self;
}

void
dgw_cli_session_file_free (DgwCliSessionFile *self)
{
  dgw_cli_session_file_save (self);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_pointer (&self->session, dgw_session_unref);
  g_object_unref (self->store);
  g_free (self->key);
  g_free (self);
}

DgwSession *
dgw_cli_session_file_load (DgwCliSessionFile *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  Wait wait;

  wait_begin (&wait);
  dgw_session_store_load_async (self->store, self->key, NULL, done_cb, &wait);
  result = wait_end (&wait);
  return dgw_session_store_load_finish (self->store, result, NULL);
}

static DgwSession *
make_session (DgwCliSessionFile *self)
{
  return dgw_session_new (dgw_session_get_id (self->session),
                          self->sequence,
                          dgw_session_get_resume_url (self->session),
                          dgw_session_get_shard_id (self->session),
                          dgw_session_get_shard_count (self->session));
}

void
dgw_cli_session_file_save (DgwCliSessionFile *self)
{
  g_autoptr (DgwSession) session = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Wait wait;

  if (!self->dirty)
    return;

  self->dirty = FALSE;
  self->saved_us = g_get_monotonic_time ();
  session = make_session (self);
  wait_begin (&wait);
  dgw_session_store_save_async (self->store, self->key, session, NULL, done_cb, &wait);
  result = wait_end (&wait);
  if (dgw_session_store_save_finish (self->store, result, &error) || self->complained)
    return;

  self->complained = TRUE;
  dgw_cli_complain (_ ("The session cannot be saved, so the next start may miss events: %s"), error->message);
}

void
dgw_cli_session_file_save_if_due (DgwCliSessionFile *self)
{
  if (g_get_monotonic_time () - self->saved_us >= SAVE_INTERVAL_US)
    dgw_cli_session_file_save (self);
}

static gboolean
save_cb (gpointer user_data)
{
  DgwCliSessionFile *self = user_data;

  self->timer_id = 0;
  dgw_cli_session_file_save (self);
  return G_SOURCE_REMOVE;
}

void
dgw_cli_session_file_note (DgwCliSessionFile *self,
                           DgwSession        *session,
                           gint64             sequence)
{
  if (self->session != session)
    {
      g_clear_pointer (&self->session, dgw_session_unref);
      self->session = dgw_session_ref (session);
    }
  self->sequence = sequence;
  self->dirty = TRUE;
  if (self->timer_id == 0)
    self->timer_id = g_timeout_add (SAVE_INTERVAL_US / 1000, save_cb, self);
}

void
dgw_cli_session_file_remove (DgwCliSessionFile *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  Wait wait;

  self->dirty = FALSE;
  g_clear_pointer (&self->session, dgw_session_unref);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  wait_begin (&wait);
  dgw_session_store_clear_async (self->store, self->key, NULL, done_cb, &wait);
  result = wait_end (&wait);
  dgw_session_store_clear_finish (self->store, result, NULL);
}
