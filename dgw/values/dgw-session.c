/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-session.h"

/* The keys of the stored form. Readers of other versions look for them by
 * name, so that what is added later does no harm. */
#define KEY_ID          "id"
#define KEY_SEQUENCE    "sequence"
#define KEY_RESUME_URL  "resume-url"
#define KEY_SHARD_ID    "shard-id"
#define KEY_SHARD_COUNT "shard-count"

/**
 * DgwSession:
 *
 * What it takes to resume a session: in the same gateway, in another one or in
 * another process.
 *
 * Sessions are immutable and may be used from any thread. Discord keeps a
 * session for some minutes after its connection is lost and then sends what
 * was missed; a connection closed with code 1000 or 1001 ends it at once.
 * A session is worth as much as a token to whoever can read it together with
 * one: store it with the same care.
 *
 * Discord's documentation: [Resuming](https://discord.com/developers/docs/events/gateway#resuming).
 *
 * Since: 0.1
 */
struct _DgwSession
{
  char  *id;
  char  *resume_url; /* nullable */
  gint64 sequence;
  guint  shard_id;
  guint  shard_count;
};

G_DEFINE_BOXED_TYPE (DgwSession, dgw_session, dgw_session_ref, dgw_session_unref)

static void
session_clear (gpointer data)
{
  DgwSession *self = data;

  g_free (self->id);
  g_free (self->resume_url);
}

/**
 * dgw_session_new:
 * @id: the session's id, not empty
 * @sequence: the number of the last event that was handled, 0 or more
 * @resume_url: (nullable): where to resume, or `NULL` for the usual address
 * @shard_id: the shard
 * @shard_count: of how many, at least 1
 *
 * Makes a session from parts that were stored in a form of one's own.
 *
 * Returns: (transfer full): a session
 *
 * Since: 0.1
 */
DgwSession *
dgw_session_new (const char *id,
                 gint64      sequence,
                 const char *resume_url,
                 guint       shard_id,
                 guint       shard_count)
{
  DgwSession *self;

  g_return_val_if_fail (id != NULL && *id != '\0', NULL);
  g_return_val_if_fail (sequence >= 0, NULL);
  g_return_val_if_fail (shard_id < shard_count, NULL);

  self = g_atomic_rc_box_new0 (DgwSession);
  self->id = g_strdup (id);
  self->resume_url = g_strdup (resume_url);
  self->sequence = sequence;
  self->shard_id = shard_id;
  self->shard_count = shard_count;

  return self;
}

/**
 * dgw_session_from_variant:
 * @variant: what [method@Session.to_variant] made, in this or another process
 *
 * Makes a session from its stored form.
 *
 * A floating @variant is consumed.
 *
 * Returns: (transfer full) (nullable): the session, or `NULL` when @variant is
 *   something else
 *
 * Since: 0.1
 */
DgwSession *
dgw_session_from_variant (GVariant *variant)
{
  g_autoptr (GVariant) owned = NULL;
  const char *id = NULL;
  const char *resume_url = NULL;
  gint64      sequence = -1;
  guint       shard_id = 0;
  guint       shard_count = 0;

  g_return_val_if_fail (variant != NULL, NULL);

  owned = g_variant_ref_sink (variant);
  if (!g_variant_is_of_type (owned, G_VARIANT_TYPE_VARDICT))
    return NULL;

  if (!g_variant_lookup (owned, KEY_ID, "&s", &id) ||
      !g_variant_lookup (owned, KEY_SEQUENCE, "x", &sequence) ||
      !g_variant_lookup (owned, KEY_SHARD_ID, "u", &shard_id) ||
      !g_variant_lookup (owned, KEY_SHARD_COUNT, "u", &shard_count))
    return NULL;
  if (*id == '\0' || sequence < 0 || shard_id >= shard_count)
    return NULL;

  g_variant_lookup (owned, KEY_RESUME_URL, "&s", &resume_url);
  return dgw_session_new (id, sequence, resume_url, shard_id, shard_count);
}

/**
 * dgw_session_ref:
 * @self: a session
 *
 * Takes a reference; from any thread.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
DgwSession *
dgw_session_ref (DgwSession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * dgw_session_unref:
 * @self: (transfer full): a session
 *
 * Drops a reference; from any thread.
 *
 * Since: 0.1
 */
void
dgw_session_unref (DgwSession *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, session_clear);
}

/**
 * dgw_session_equal:
 * @self: a session
 * @other: another one
 *
 * Compares all parts of two sessions.
 *
 * Returns: `TRUE` if they are the same
 *
 * Since: 0.1
 */
gboolean
dgw_session_equal (DgwSession *self,
                   DgwSession *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  return self == other ||
         (g_str_equal (self->id, other->id) &&
          self->sequence == other->sequence &&
          g_strcmp0 (self->resume_url, other->resume_url) == 0 &&
          self->shard_id == other->shard_id &&
          self->shard_count == other->shard_count);
}

/**
 * dgw_session_get_id:
 * @self: a session
 *
 * Gets the id that Discord gave the session.
 *
 * Returns: the id, owned by the session
 *
 * Since: 0.1
 */
const char *
dgw_session_get_id (DgwSession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

/**
 * dgw_session_get_sequence:
 * @self: a session
 *
 * Gets the number of the last event that was handled; a resume brings those
 * after it.
 *
 * Returns: the number, 0 or more
 *
 * Since: 0.1
 */
gint64
dgw_session_get_sequence (DgwSession *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->sequence;
}

/**
 * dgw_session_get_resume_url:
 * @self: a session
 *
 * Gets the address to resume at.
 *
 * Returns: (nullable): the address, owned by the session, or `NULL` for the
 *   usual one
 *
 * Since: 0.1
 */
const char *
dgw_session_get_resume_url (DgwSession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->resume_url;
}

/**
 * dgw_session_get_shard_id:
 * @self: a session
 *
 * Gets the shard that the session belongs to.
 *
 * Returns: the shard's id, less than the count
 *
 * Since: 0.1
 */
guint
dgw_session_get_shard_id (DgwSession *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->shard_id;
}

/**
 * dgw_session_get_shard_count:
 * @self: a session
 *
 * Gets how many shards there were.
 *
 * Returns: the count, at least 1
 *
 * Since: 0.1
 */
guint
dgw_session_get_shard_count (DgwSession *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->shard_count;
}

/**
 * dgw_session_to_variant:
 * @self: a session
 *
 * Makes the form to store a session in: a dictionary of type `a{sv}` with the
 * keys `id` (`s`), `sequence` (`x`), `resume-url` (`s`, left out when there is
 * none), `shard-id` and `shard-count` (`u`). Later versions may add keys.
 *
 * Returns: (transfer none): a floating variant
 *
 * Since: 0.1
 */
GVariant *
dgw_session_to_variant (DgwSession *self)
{
  GVariantDict dict;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, KEY_ID, "s", self->id);
  g_variant_dict_insert (&dict, KEY_SEQUENCE, "x", self->sequence);
  if (self->resume_url)
    g_variant_dict_insert (&dict, KEY_RESUME_URL, "s", self->resume_url);
  g_variant_dict_insert (&dict, KEY_SHARD_ID, "u", self->shard_id);
  g_variant_dict_insert (&dict, KEY_SHARD_COUNT, "u", self->shard_count);

  return g_variant_dict_end (&dict);
}
