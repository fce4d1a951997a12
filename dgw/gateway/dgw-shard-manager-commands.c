/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "dgw-entities-expression.h"
#include "gateway/dgw-shard-manager-private.h"

/* Commands that go to several shards: each does its part, and the whole is done
 * when all are. The first error is that of the whole. */

#define RESULT_IS(result, self, function) \
  (g_task_is_valid (result, self) && g_task_get_source_tag (G_TASK (result)) == (function))

typedef struct
{
  guint       n_pending;
  GError     *error;     /* nullable */
  char      **guild_ids; /* as asked for; NULL: nothing is */
  GHashTable *answers;   /* id of a guild -> what it answered; NULL: as above */
} Whole;

static void
whole_free (gpointer data)
{
  Whole *self = data;

  g_clear_error (&self->error);
  g_strfreev (self->guild_ids);
  g_clear_pointer (&self->answers, g_hash_table_unref);
  g_free (self);
}

static GTask *
whole_new (DgwShardManager    *self,
           GCancellable       *cancellable,
           GAsyncReadyCallback callback,
           gpointer            user_data,
           gpointer            tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_new0 (Whole, 1), whole_free);

  return task;
}

static GListModel *
list_answers (Whole *self)
{
  GListStore *list = g_list_store_new (DGW_TYPE_SOUNDBOARD_SOUNDS_EVENT);

  for (guint i = 0; self->guild_ids[i]; i++)
    {
      gpointer answer = g_hash_table_lookup (self->answers, self->guild_ids[i]);

      /* One that is named twice is answered once. */
      if (answer == NULL)
        continue;

      g_list_store_append (list, answer);
      g_hash_table_remove (self->answers, self->guild_ids[i]);
    }

  return G_LIST_MODEL (list);
}

/* Takes the error. */
static void
part_done (GTask  *task,
           GError *error)
{
  Whole *whole = g_task_get_task_data (task);

  if (whole->error == NULL)
    whole->error = error;
  else
    g_clear_error (&error);
  if (--whole->n_pending > 0)
    return;

  if (whole->error)
    g_task_return_error (task, g_steal_pointer (&whole->error));
  else if (whole->answers)
    g_task_return_pointer (task, list_answers (whole), g_object_unref);
  else
    g_task_return_boolean (task, TRUE);
}

static void
shown_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  dgw_gateway_update_presence_finish (DGW_GATEWAY (source), result, &error);
  part_done (task, error);
}

gboolean
dgw_shard_manager_take_presence (DgwShardManager *self,
                                 DgwPresence     *presence)
{
  if (!g_set_object (&self->presence, presence))
    return FALSE;

  dgw_shard_manager_notify (self, DGW_SHARD_MANAGER_PROP_PRESENCE);

  return TRUE;
}

/**
 * dgw_shard_manager_update_presence_async:
 * @self: a manager
 * @presence: (nullable): a presence, or `NULL` to leave it to Discord
 * @cancellable: (nullable): stops the wait; the presence is sent all the same
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Shows a presence on all shards, as [method@Gateway.update_presence_async] does
 * on one. Shards that are made later, by a split, a reshard or an open, have it
 * from their first identify on.
 *
 * For another presence on one shard use that of its gateway, from
 * [method@ShardManager.get_shard].
 *
 * Errors: those of [method@Gateway.update_presence_async]: that of the first
 * shard that has one, when all are done.
 *
 * Discord's documentation: [Update Presence](https://discord.com/developers/docs/events/gateway-events#update-presence).
 *
 * Since: 0.1
 */
void
dgw_shard_manager_update_presence_async (DgwShardManager    *self,
                                         DgwPresence        *presence,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GPtrArray) gateways = NULL;
  Whole *whole;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (presence == NULL || DGW_IS_PRESENCE (presence));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = whole_new (self, cancellable, callback, user_data, dgw_shard_manager_update_presence_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  dgw_shard_manager_take_presence (self, presence);
  gateways = dgw_shard_manager_list_gateways (self);
  whole = g_task_get_task_data (task);
  whole->n_pending = gateways->len;
  if (gateways->len == 0)
    g_task_return_boolean (task, TRUE);
  for (guint i = 0; i < gateways->len; i++)
    dgw_gateway_update_presence_async (g_ptr_array_index (gateways, i), presence, cancellable,
                                       shown_cb, g_object_ref (task));
}

/**
 * dgw_shard_manager_update_presence_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@ShardManager.update_presence_async] went.
 *
 * Returns: `TRUE` if all shards have sent the presence or a newer one, or stored
 *   it while they were not open
 *
 * Since: 0.1
 */
gboolean
dgw_shard_manager_update_presence_finish (DgwShardManager *self,
                                          GAsyncResult    *result,
                                          GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_update_presence_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sounds_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Whole  *whole = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GListModel) answers = dgw_gateway_request_soundboard_sounds_finish (DGW_GATEWAY (source), result, &error);

  for (guint i = 0; answers != NULL && i < g_list_model_get_n_items (answers); i++)
    {
      DgwSoundboardSoundsEvent *answer = g_list_model_get_item (answers, i);

      g_hash_table_insert (whole->answers, g_strdup (dgw_soundboard_sounds_event_get_guild_id (answer)), answer);
    }
  part_done (task, error);
}

/* DgwGateway -> GStrvBuilder; NULL with an error. */
static GHashTable *
deal_out (DgwShardManager   *self,
          const char *const *guild_ids,
          GError           **error)
{
  g_autoptr (GHashTable) parts = g_hash_table_new_full (NULL, NULL, g_object_unref, (GDestroyNotify)g_strv_builder_unref);

  if (guild_ids[0] == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("There is no guild to ask for: name one at least"));

  for (guint i = 0; guild_ids[i]; i++)
    {
      DgwGateway   *gateway = dgw_shard_manager_get_shard_for_guild (self, guild_ids[i]);
      GStrvBuilder *part;

      if (gateway == NULL)
        {
          g_autofree char *shown = g_utf8_make_valid (guild_ids[i], -1);

          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("No shard of this process has the guild “%s”"), shown);
          return NULL;
        }

      part = g_hash_table_lookup (parts, gateway);
      if (part == NULL)
        {
          part = g_strv_builder_new ();
          g_hash_table_insert (parts, g_object_ref (gateway), part);
        }
      g_strv_builder_add (part, guild_ids[i]);
    }

  return guild_ids[0] ? g_steal_pointer (&parts) : NULL;
}

/**
 * dgw_shard_manager_request_soundboard_sounds_async:
 * @self: a manager
 * @guild_ids: (array zero-terminated=1): ids of guilds, one at least
 * @cancellable: (nullable): stops the wait; requests may have been sent
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Asks for the soundboard sounds of guilds, each on its own shard, and waits
 * until all of them have answered.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for a guild that is on no shard here, and
 * those of [method@Gateway.request_soundboard_sounds_async]: that of the first
 * shard that has one, when all are done.
 *
 * Discord's documentation: [Request Soundboard Sounds](https://discord.com/developers/docs/events/gateway-events#request-soundboard-sounds).
 *
 * Since: 0.1
 */
void
dgw_shard_manager_request_soundboard_sounds_async (DgwShardManager    *self,
                                                   const char *const  *guild_ids,
                                                   GCancellable       *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GHashTable) parts = NULL;
  GHashTableIter iter;
  gpointer       gateway, part;
  GError        *error = NULL;
  Whole         *whole;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (guild_ids != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = whole_new (self, cancellable, callback, user_data, dgw_shard_manager_request_soundboard_sounds_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  parts = deal_out (self, guild_ids, &error);
  if (parts == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  whole = g_task_get_task_data (task);
  whole->n_pending = g_hash_table_size (parts);
  whole->guild_ids = g_strdupv ((char **)guild_ids);
  whole->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_hash_table_iter_init (&iter, parts);
  while (g_hash_table_iter_next (&iter, &gateway, &part))
    {
      g_auto (GStrv) ids = g_strv_builder_end (part);

      dgw_gateway_request_soundboard_sounds_async (gateway, (const char *const *)ids, cancellable,
                                                   sounds_cb, g_object_ref (task));
    }
}

/**
 * dgw_shard_manager_request_soundboard_sounds_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets the answer to [method@ShardManager.request_soundboard_sounds_async].
 *
 * Returns: (transfer full): a list of [class@SoundboardSoundsEvent], one for
 *   each guild in the order of the request, or `NULL` with an error
 *
 * Since: 0.1
 */
GListModel *
dgw_shard_manager_request_soundboard_sounds_finish (DgwShardManager *self,
                                                    GAsyncResult    *result,
                                                    GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_request_soundboard_sounds_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
