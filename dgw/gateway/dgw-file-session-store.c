/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-file-session-store.h"

#include <string.h>

#include "gateway/dgw-state-file-private.h"
#include "worker/dgw-worker-private.h"

/**
 * DgwFileSessionStore:
 *
 * Keeps sessions in files of the user.
 *
 * Each session is a small file in `dgw/sessions` below the user's state folder
 * ([func@GLib.get_user_state_dir]), or in another folder, or in a file of its
 * own. It is replaced as a whole, so that a crash leaves the old one or the new
 * one, and only its user may read it (mode 0600). Symbolic links, files of
 * other users and what cannot be read count as no session.
 *
 * A file holds the key that it was saved with: a session of another token, with
 * other intents or of another shard is not found. Nor is one that was saved
 * longer ago than [property@FileSessionStore:max-age]; gateways save theirs
 * every minute even when nothing happens.
 *
 * Files are read and written on a thread of the library, in the order of the
 * calls. A store may be used from any thread, by any number of gateways.
 *
 * Since: 0.1
 */
struct _DgwFileSessionStore
{
  GObject parent_instance;

  char      *folder; /* nullable */
  char      *file;   /* nullable */
  guint      max_age_s;
  DgwWorker *worker;
};

#define GROUP             "session"
#define DEFAULT_MAX_AGE   3600
#define MAX_KEY_LENGTH    80
#define CLOCK_TOLERANCE_S 60

static gboolean
is_key (const char *key)
{
  for (const char *c = key; *c; c++)
    if (!g_ascii_isalnum (*c) && *c != '-')
      return FALSE;

  return strlen (key) <= MAX_KEY_LENGTH;
}

static char *
get_path (DgwFileSessionStore *self,
          const char          *key)
{
  return self->file ? g_strdup (self->file) : g_build_filename (self->folder, key, NULL);
}

/* All that is done with files, on the worker for files. */

typedef struct
{
  enum
  {
    LOAD,
    SAVE,
    CLEAR,
  } kind;
  DgwFileSessionStore *store; /* held by the task */
  GTask               *task;
  char                *key;
  char                *text; /* to save; nullable */
} Errand;

static void
errand_free (gpointer data)
{
  Errand *self = data;

  g_object_unref (self->task);
  g_free (self->text);
  g_free (self->key);
  g_free (self);
}

static gboolean
is_fresh (DgwFileSessionStore *self,
          GKeyFile            *content)
{
  gint64 age_s = g_get_real_time () / G_USEC_PER_SEC - g_key_file_get_int64 (content, GROUP, "saved", NULL);

  return age_s >= -CLOCK_TOLERANCE_S && age_s <= (gint64)self->max_age_s;
}

static DgwSession *
parse (DgwFileSessionStore *self,
       const char          *key,
       const char          *text)
{
  g_autoptr (GKeyFile) content = g_key_file_new ();
  g_autofree char *owner = NULL;
  g_autofree char *id = NULL;
  g_autofree char *url = NULL;
  gint64           sequence;
  guint64          shard_id;
  guint64          shard_count;

  if (!g_key_file_load_from_data (content, text, (gsize)-1, G_KEY_FILE_NONE, NULL))
    return NULL;

  owner = g_key_file_get_string (content, GROUP, "owner", NULL);
  id = g_key_file_get_string (content, GROUP, "id", NULL);
  url = g_key_file_get_string (content, GROUP, "resume-url", NULL);
  sequence = g_key_file_get_int64 (content, GROUP, "sequence", NULL);
  shard_id = g_key_file_get_uint64 (content, GROUP, "shard-id", NULL);
  shard_count = g_key_file_get_uint64 (content, GROUP, "shard-count", NULL);
  if (!id || !*id || sequence < 0 || shard_count > G_MAXUINT || shard_id >= shard_count)
    return NULL;
  if (g_strcmp0 (owner, key) != 0 || !is_fresh (self, content))
    return NULL;

  return dgw_session_new (id, sequence, url, (guint)shard_id, (guint)shard_count);
}

static char *
format (const char *key,
        DgwSession *session)
{
  g_autoptr (GKeyFile) content = g_key_file_new ();
  const char *url = dgw_session_get_resume_url (session);

  g_key_file_set_string (content, GROUP, "owner", key);
  g_key_file_set_int64 (content, GROUP, "saved", g_get_real_time () / G_USEC_PER_SEC);
  g_key_file_set_string (content, GROUP, "id", dgw_session_get_id (session));
  g_key_file_set_int64 (content, GROUP, "sequence", dgw_session_get_sequence (session));
  if (url)
    g_key_file_set_string (content, GROUP, "resume-url", url);
  g_key_file_set_uint64 (content, GROUP, "shard-id", dgw_session_get_shard_id (session));
  g_key_file_set_uint64 (content, GROUP, "shard-count", dgw_session_get_shard_count (session));

  return g_key_file_to_data (content, NULL, NULL);
}

static void
load (const Errand *errand,
      const char   *path)
{
  g_autofree char *text = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  GError *error = NULL;

  text = dgw_state_file_read (path, &error);
  if (error)
    {
      g_task_return_error (errand->task, error);
      return;
    }

  g_value_init (&value, DGW_TYPE_SESSION);
  if (text)
    g_value_take_boxed (&value, parse (errand->store, errand->key, text));
  g_task_return_value (errand->task, &value);
}

/* The state folder is made when there is something to put in; where a file is
 * given, its folder is the caller's. */
static gboolean
save (const Errand *errand,
      const char   *path,
      GError      **error)
{
  return (errand->store->file || dgw_state_file_make_folder (errand->store->folder, error)) &&
         dgw_state_file_write (path, errand->text, DGW_STATE_FILE_NONE, error);
}

static void
errand_run (gpointer data)
{
  const Errand    *errand = data;
  g_autofree char *path = get_path (errand->store, errand->key);
  GError          *error = NULL;
  gboolean         is_done;

  if (g_task_return_error_if_cancelled (errand->task))
    return;

  if (errand->kind == LOAD)
    {
      load (errand, path);
      return;
    }

  is_done = errand->kind == SAVE ? save (errand, path, &error) : dgw_state_file_remove (path, &error);
  if (is_done)
    g_task_return_boolean (errand->task, TRUE);
  else
    g_task_return_error (errand->task, error);
}

/* Takes the text. */
static void
run (DgwSessionStore *store,
     int              kind,
     const char      *key,
     char            *text,
     GTask           *task)
{
  DgwFileSessionStore *self = DGW_FILE_SESSION_STORE (store);
  Errand              *errand;

  g_return_if_fail (is_key (key));

  errand = g_new0 (Errand, 1);
  *errand = (Errand){kind, self, g_object_ref (task), g_strdup (key), text};
  dgw_worker_post (self->worker, errand_run, errand, errand_free);
}

static void
dgw_file_session_store_load (DgwSessionStore *store,
                             const char      *key,
                             GTask           *task)
{
  run (store, LOAD, key, NULL, task);
}

static void
dgw_file_session_store_save (DgwSessionStore *store,
                             const char      *key,
                             DgwSession      *session,
                             GTask           *task)
{
  run (store, SAVE, key, format (key, session), task);
}

static void
dgw_file_session_store_clear (DgwSessionStore *store,
                              const char      *key,
                              GTask           *task)
{
  run (store, CLEAR, key, NULL, task);
}

static void
store_init (DgwSessionStoreInterface *iface)
{
  iface->load = dgw_file_session_store_load;
  iface->save = dgw_file_session_store_save;
  iface->clear = dgw_file_session_store_clear;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DgwFileSessionStore,
                               dgw_file_session_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DGW_TYPE_SESSION_STORE, store_init))

enum
{
  PROP_0,
  PROP_FOLDER,
  PROP_FILE,
  PROP_MAX_AGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
dgw_file_session_store_constructed (GObject *object)
{
  DgwFileSessionStore *self = DGW_FILE_SESSION_STORE (object);

  G_OBJECT_CLASS (dgw_file_session_store_parent_class)->constructed (object);

  if (!self->folder && !self->file)
    self->folder = g_build_filename (g_get_user_state_dir (), "dgw", "sessions", NULL);
  self->worker = dgw_worker_acquire_for_files ();
}

/* The last reference may be dropped in any thread. */
static void
dgw_file_session_store_finalize (GObject *object)
{
  DgwFileSessionStore *self = DGW_FILE_SESSION_STORE (object);

  dgw_worker_unref (self->worker);
  g_free (self->folder);
  g_free (self->file);

  G_OBJECT_CLASS (dgw_file_session_store_parent_class)->finalize (object);
}

static void
dgw_file_session_store_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  DgwFileSessionStore *self = DGW_FILE_SESSION_STORE (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      g_value_set_string (value, dgw_file_session_store_get_folder (self));
      break;
    case PROP_FILE:
      g_value_set_string (value, dgw_file_session_store_get_file (self));
      break;
    case PROP_MAX_AGE:
      g_value_set_uint (value, dgw_file_session_store_get_max_age (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_file_session_store_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  DgwFileSessionStore *self = DGW_FILE_SESSION_STORE (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      self->folder = g_value_dup_string (value);
      break;
    case PROP_FILE:
      self->file = g_value_dup_string (value);
      break;
    case PROP_MAX_AGE:
      self->max_age_s = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_file_session_store_class_init (DgwFileSessionStoreClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = dgw_file_session_store_constructed;
  object_class->finalize = dgw_file_session_store_finalize;
  object_class->get_property = dgw_file_session_store_get_property;
  object_class->set_property = dgw_file_session_store_set_property;

  /**
   * DgwFileSessionStore:folder: (getter get_folder)
   *
   * The folder of the files, one for each session. By default `dgw/sessions`
   * below the user's state folder. It is made when it is needed.
   *
   * Since: 0.1
   */
  properties[PROP_FOLDER] = g_param_spec_string ("folder", NULL, NULL, NULL, flags);

  /**
   * DgwFileSessionStore:file: (getter get_file)
   *
   * The one file of the store, if it has only one session; `NULL` for a folder.
   *
   * Since: 0.1
   */
  properties[PROP_FILE] = g_param_spec_string ("file", NULL, NULL, NULL, flags);

  /**
   * DgwFileSessionStore:max-age: (getter get_max_age)
   *
   * How long ago a session may have been saved, in seconds.
   *
   * Discord keeps a session only for some minutes without a connection. Trying
   * to resume an older one does no harm, but takes some seconds.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_AGE] = g_param_spec_uint ("max-age", NULL, NULL, 1, G_MAXUINT, DEFAULT_MAX_AGE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dgw_file_session_store_init (DgwFileSessionStore *self)
{
}

/**
 * dgw_file_session_store_new:
 *
 * Makes a store in the user's state folder, which all programs of the user and
 * all shards may share.
 *
 * Returns: (transfer full): a store
 *
 * Since: 0.1
 */
DgwFileSessionStore *
dgw_file_session_store_new (void)
{
  return g_object_new (DGW_TYPE_FILE_SESSION_STORE, NULL);
}

/**
 * dgw_file_session_store_new_for_file:
 * @file: (type filename): the path of a file
 *
 * Makes a store of one session, in a file of one's choice.
 *
 * The session of another key is not found in it, and is replaced. The folder
 * has to be there.
 *
 * Returns: (transfer full): a store
 *
 * Since: 0.1
 */
DgwFileSessionStore *
dgw_file_session_store_new_for_file (const char *file)
{
  g_return_val_if_fail (file != NULL && *file != '\0', NULL);

  return g_object_new (DGW_TYPE_FILE_SESSION_STORE, "file", file, NULL);
}

/**
 * dgw_file_session_store_get_folder: (get-property folder)
 * @self: a store
 *
 * Gets the folder of the files.
 *
 * Returns: (type filename) (nullable): the path, owned by the store, or `NULL`
 *   when it has a single file
 *
 * Since: 0.1
 */
const char *
dgw_file_session_store_get_folder (DgwFileSessionStore *self)
{
  g_return_val_if_fail (DGW_IS_FILE_SESSION_STORE (self), NULL);

  return self->file ? NULL : self->folder;
}

/**
 * dgw_file_session_store_get_file: (get-property file)
 * @self: a store
 *
 * Gets the one file of the store.
 *
 * Returns: (type filename) (nullable): the path, owned by the store, or `NULL`
 *   when it has a folder
 *
 * Since: 0.1
 */
const char *
dgw_file_session_store_get_file (DgwFileSessionStore *self)
{
  g_return_val_if_fail (DGW_IS_FILE_SESSION_STORE (self), NULL);

  return self->file;
}

/**
 * dgw_file_session_store_get_max_age: (get-property max-age)
 * @self: a store
 *
 * Gets how long ago a session may have been saved.
 *
 * Returns: seconds
 *
 * Since: 0.1
 */
guint
dgw_file_session_store_get_max_age (DgwFileSessionStore *self)
{
  g_return_val_if_fail (DGW_IS_FILE_SESSION_STORE (self), 0);

  return self->max_age_s;
}
