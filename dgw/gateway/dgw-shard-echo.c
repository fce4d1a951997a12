/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-shard-echo-private.h"

/* Theory of operation.
 *
 * Nothing on the wire says that an event of one session is that of another:
 * sequences differ. But its content is the same, and Discord sends the events of
 * a guild in the same order to all sessions. So there is a queue for each guild
 * of what was handed on. An event of the new set is looked for from the front;
 * when it is found, it goes, with what stands before it: the new session did
 * not get that, as it began later.
 *
 * Content is compared by a hash over the JSON values that does not depend on the
 * order of members. Two events of the same content that came as close together
 * as one may come to two connections can be told apart by their place in the
 * queue only. */

typedef struct
{
  guint64 hash;
  gint64  received_us;
} Record;

struct _DgwShardEcho
{
  GHashTable *queues; /* guint64 of the guild -> GQueue of Record */
  gsize       n_records;
};

static void
free_queue (gpointer data)
{
  g_queue_free_full (data, g_free);
}

DgwShardEcho *
dgw_shard_echo_new (void)
{
  DgwShardEcho *self = g_new0 (DgwShardEcho, 1);

  self->queues = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, free_queue);

  return self;
}

void
dgw_shard_echo_free (DgwShardEcho *self)
{
  g_hash_table_unref (self->queues);
  g_free (self);
}

static guint64
mix (guint64 hash,
     guint64 value)
{
  hash ^= value + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);

  return hash * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
}

static guint64
hash_text (const char *text)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (const char *c = text; c != NULL && *c != '\0'; c++)
    hash = (hash ^ (guchar)*c) * G_GUINT64_CONSTANT (0x100000001b3);

  return hash;
}

static guint64
hash_number (DgwJsonView view)
{
  double number = dgw_json_view_get_double (view, 0);

  if (dgw_json_view_is_integer (view))
    return (guint64)dgw_json_view_get_int64 (view, 0);

  return g_double_hash (&number);
}

static guint64
hash_view (DgwJsonView view);

/* Members add up, so that their order does not count; elements are mixed. */
static guint64
hash_container (DgwJsonView view,
                guint64     hash)
{
  DgwJsonIter iter;
  DgwJsonView value;
  const char *name;
  guint64     sum = 0;

  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, &name, &value))
    {
      if (name != NULL)
        sum += mix (hash_text (name), hash_view (value));
      else
        sum = mix (sum, hash_view (value));
    }

  return mix (hash, sum);
}

/* The documents are no deeper than their parser allows. */
static guint64
hash_view (DgwJsonView view)
{
  DgwJsonKind kind = dgw_json_view_get_kind (view);

  switch (kind)
    {
    case DGW_JSON_BOOLEAN:
      return mix (kind, (guint64)dgw_json_view_get_boolean (view, FALSE));
    case DGW_JSON_NUMBER:
      return mix (kind, hash_number (view));
    case DGW_JSON_STRING:
      return mix (kind, hash_text (dgw_json_view_get_string (view)));
    case DGW_JSON_ARRAY:
    case DGW_JSON_OBJECT:
      return hash_container (view, kind);
    case DGW_JSON_MISSING:
    case DGW_JSON_NULL:
    default:
      return mix (kind, 0);
    }
}

static guint64
get_hash (const DgwAction *action)
{
  return mix (hash_text (action->dispatch.name), hash_view (dgw_json_get_data (action->dispatch.json)));
}

/* What belongs to no guild has no order to keep: its own id is as good. */
static guint64
get_queue_key (const DgwAction *action)
{
  DgwJsonView data = dgw_json_get_data (action->dispatch.json);
  const char *id = dgw_json_view_get_string (dgw_json_view_get_member (data, "guild_id"));

  if (id == NULL)
    id = dgw_json_view_get_string (dgw_json_view_get_member (data, "id"));

  return hash_text (id);
}

static void
drop_first (DgwShardEcho *self,
            GQueue       *queue)
{
  g_free (g_queue_pop_head (queue));
  self->n_records--;
}

static void
drop_before (DgwShardEcho *self,
             GQueue       *queue,
             gint64        time_us)
{
  Record *record;

  while ((record = g_queue_peek_head (queue)) != NULL && record->received_us < time_us)
    drop_first (self, queue);
}

void
dgw_shard_echo_record (DgwShardEcho    *self,
                       const DgwAction *action,
                       gint64           since_us)
{
  guint64 key = get_queue_key (action);
  GQueue *queue = g_hash_table_lookup (self->queues, &key);
  Record *record = g_new (Record, 1);

  if (queue == NULL)
    {
      queue = g_queue_new ();
      g_hash_table_insert (self->queues, g_memdup2 (&key, sizeof key), queue);
    }

  record->hash = get_hash (action);
  record->received_us = action->dispatch.received_us;
  drop_before (self, queue, since_us);
  g_queue_push_tail (queue, record);
  self->n_records++;
}

static gboolean
take_from (DgwShardEcho    *self,
           GQueue          *queue,
           const DgwAction *action,
           gint64           apart_us)
{
  guint64 hash = get_hash (action);
  gint64  received_us = action->dispatch.received_us;
  guint   n_before = 0;

  drop_before (self, queue, received_us - apart_us);
  for (GList *l = queue->head; l != NULL; l = l->next, n_before++)
    {
      const Record *record = l->data;

      if (record->hash != hash || record->received_us > received_us + apart_us)
        continue;

      for (guint i = 0; i <= n_before; i++)
        drop_first (self, queue);

      return TRUE;
    }

  return FALSE;
}

gboolean
dgw_shard_echo_take (DgwShardEcho    *self,
                     const DgwAction *action,
                     gint64           apart_us)
{
  guint64  key = get_queue_key (action);
  GQueue  *queue = g_hash_table_lookup (self->queues, &key);
  gboolean is_found;

  if (queue == NULL)
    return FALSE;

  is_found = take_from (self, queue, action, apart_us);
  if (g_queue_is_empty (queue))
    g_hash_table_remove (self->queues, &key);

  return is_found;
}

gsize
dgw_shard_echo_get_size (DgwShardEcho *self)
{
  return self->n_records * (sizeof (Record) + sizeof (GList));
}
