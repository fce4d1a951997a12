/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A key file, replaced as a whole each time: a crash leaves the old one or the
 * new one. What is saved is never ahead of what was handed on, so a crash can
 * repeat events of the last second but lose none. */
#include "config.h"

#include "cli/dgw-cli-session-file-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "cli/dgw-cli-private.h"

#define GROUP            "session"
#define SAVE_INTERVAL_US G_USEC_PER_SEC

struct _DgwCliSessionFile
{
  char       *path;
  char       *owner;
  DgwSession *session; /* what the file should hold; NULL: nothing noted yet */
  gint64      sequence;
  gboolean    dirty;
  gboolean    complained;
  gint64      saved_us;
  guint       timer_id;
};

static char *
hash_owner (const char *owner)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, owner, -1);
}

DgwCliSessionFile *
dgw_cli_session_file_new (const char *path,
                          const char *owner)
{
  DgwCliSessionFile *self = g_new0 (DgwCliSessionFile, 1);

  self->path = g_strdup (path);
  self->owner = hash_owner (owner);
  return self;
}

void
dgw_cli_session_file_free (DgwCliSessionFile *self)
{
  dgw_cli_session_file_save (self);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_pointer (&self->session, dgw_session_unref);
  g_free (self->path);
  g_free (self->owner);
  g_free (self);
}

DgwSession *
dgw_cli_session_file_load (DgwCliSessionFile *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *owner = NULL;
  g_autofree char *id = NULL;
  g_autofree char *url = NULL;
  gint64           sequence;

  if (!g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, NULL))
    return NULL;

  owner = g_key_file_get_string (file, GROUP, "owner", NULL);
  id = g_key_file_get_string (file, GROUP, "id", NULL);
  url = g_key_file_get_string (file, GROUP, "resume-url", NULL);
  sequence = g_key_file_get_int64 (file, GROUP, "sequence", NULL);
  if (!id || !*id || sequence < 1 || g_strcmp0 (owner, self->owner) != 0)
    return NULL;

  return dgw_session_new (id,
                          sequence,
                          url,
                          (guint)g_key_file_get_uint64 (file, GROUP, "shard-id", NULL),
                          MAX (1, (guint)g_key_file_get_uint64 (file, GROUP, "shard-count", NULL)));
}

static GKeyFile *
to_key_file (DgwCliSessionFile *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  const char *url = dgw_session_get_resume_url (self->session);

  g_key_file_set_string (file, GROUP, "owner", self->owner);
  g_key_file_set_string (file, GROUP, "id", dgw_session_get_id (self->session));
  g_key_file_set_int64 (file, GROUP, "sequence", self->sequence);
  if (url)
    g_key_file_set_string (file, GROUP, "resume-url", url);
  g_key_file_set_uint64 (file, GROUP, "shard-id", dgw_session_get_shard_id (self->session));
  g_key_file_set_uint64 (file, GROUP, "shard-count", dgw_session_get_shard_count (self->session));
  return g_steal_pointer (&file);
}

void
dgw_cli_session_file_save (DgwCliSessionFile *self)
{
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize            length;

  if (!self->dirty)
    return;

  file = to_key_file (self);
  text = g_key_file_to_data (file, &length, NULL);
  self->dirty = FALSE;
  self->saved_us = g_get_monotonic_time ();
  /* Newer versions of GLib keep the mode of a file that is replaced. */
  g_chmod (self->path, 0600);
  if (g_file_set_contents_full (self->path, text, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    return;

  if (!self->complained)
    {
      self->complained = TRUE;
      dgw_cli_complain (_ ("The session cannot be saved, so the next start may miss events: %s"), error->message);
    }
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
  self->dirty = FALSE;
  g_clear_pointer (&self->session, dgw_session_unref);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_remove (self->path);
}
