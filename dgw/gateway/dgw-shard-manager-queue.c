/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "base/dgw-log-private.h"
#include "gateway/dgw-shard-manager-private.h"

/* Opening in order and pace.
 *
 * Discord wants shards to identify by groups: as many at once as max_concurrency
 * says, in their order. Shards whose numbers leave the same rest share a bucket.
 * A shard is started when the one before it in its bucket has identified or
 * resumed, or has failed for the first time: then it goes on by itself, and the
 * others need not wait for it. The identify limiter does the rest. */

/* A bot that was told to split again and again would spend its identifies for
 * nothing. */
#define MAX_SPLIT_COUNT 16384

GError *
dgw_shard_manager_new_closed_error (void)
{
  return g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED, _ ("The shard was closed"));
}

/* Takes the error; NULL: success. */
void
dgw_shard_finish_task (DgwShard *shard,
                       GError   *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&shard->task);

  if (task == NULL)
    g_clear_error (&error);
  else if (error)
    dgw_gateway_task_fail (task, error);
  else
    dgw_gateway_task_succeed (task);
}

static guint
get_bucket (DgwShardManager *self,
            DgwShard        *shard)
{
  return shard->id % MAX (self->max_concurrency, 1);
}

static gboolean
is_expected (const GError *error)
{
  return g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (DgwShardManager) self = user_data;
  DgwShard *shard = dgw_shard_get (DGW_GATEWAY (source));
  g_autoptr (GError) error = NULL;

  dgw_gateway_open_finish (DGW_GATEWAY (source), result, &error);
  /* Removed meanwhile, or closed and queued again. */
  if (shard == NULL || shard->stage == DGW_SHARD_WAITING)
    return;

  shard->is_opening = FALSE;
  shard->stage = DGW_SHARD_STARTED;
  dgw_shard_finish_task (shard, error ? g_error_copy (error) : NULL);
  if (error && !is_expected (error) && shard->is_fresh)
    dgw_shard_manager_abort_reshard (self, error);
  else if (error && !is_expected (error))
    dgw_shard_manager_fail_open (self, error);
  dgw_shard_manager_advance (self);
  dgw_shard_manager_check_open (self);
}

static void
start (DgwShardManager *self,
       DgwShard        *shard)
{
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (self->context);

  shard->stage = DGW_SHARD_STARTING;
  dgw_gateway_set_first_url (shard->gateway, self->found_url);
  dgw_gateway_open_async (shard->gateway, shard->task ? g_task_get_cancellable (shard->task) : NULL,
                          opened_cb, g_object_ref (self));
}

static void
find_busy (DgwShardManager *self,
           GPtrArray       *shards,
           GHashTable      *busy)
{
  for (guint i = 0; shards != NULL && i < shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (shards, i);

      if (shard->stage == DGW_SHARD_STARTING)
        g_hash_table_add (busy, GUINT_TO_POINTER (get_bucket (self, shard)));
    }
}

static void
start_free (DgwShardManager *self,
            GPtrArray       *shards,
            GHashTable      *busy)
{
  for (guint i = 0; shards != NULL && i < shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (shards, i);

      if (shard->stage == DGW_SHARD_WAITING && g_hash_table_add (busy, GUINT_TO_POINTER (get_bucket (self, shard))))
        start (self, shard);
    }
}

void
dgw_shard_manager_advance (DgwShardManager *self)
{
  g_autoptr (GHashTable) busy = g_hash_table_new (NULL, NULL);
  GPtrArray *fresh = dgw_reshard_get_fresh (self->reshard);

  find_busy (self, self->shards, busy);
  find_busy (self, fresh, busy);
  start_free (self, self->shards, busy);
  start_free (self, fresh, busy);
}

void
dgw_shard_manager_enqueue (DgwShardManager *self,
                           DgwShard        *shard)
{
  shard->stage = DGW_SHARD_WAITING;
  shard->is_opening = TRUE;
}

/* Those that have not been started never will be. */
void
dgw_shard_manager_clear_queue (DgwShardManager *self)
{
  for (guint i = 0; i < self->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->shards, i);

      if (shard->stage != DGW_SHARD_WAITING)
        continue;

      shard->stage = DGW_SHARD_IDLE;
      shard->is_opening = FALSE;
      dgw_shard_finish_task (shard, dgw_shard_manager_new_closed_error ());
    }
}

/* The shard has another status. */
void
dgw_shard_manager_progress (DgwShardManager *self,
                            DgwShard        *shard)
{
  gboolean is_on_its_way = shard->status == DGW_STATUS_CONNECTING ||
                           shard->status == DGW_STATUS_WAITING_FOR_HELLO ||
                           shard->status == DGW_STATUS_IDENTIFYING;

  if (shard->stage != DGW_SHARD_STARTING || is_on_its_way)
    return;

  shard->stage = DGW_SHARD_STARTED;
  dgw_shard_manager_advance (self);
}

/* Its guilds are dealt out to the new ones exactly: what leaves the rest id by
 * count, leaves one of these rests by the multiple of count. */
static void
split (DgwShardManager *self,
       DgwShard        *shard)
{
  const guint id = shard->id, count = shard->count;

  dgw_debug (&(DgwLogContext){id}, "Shard %u of %u has too many guilds. It is split into %u.", id, count, self->split_count);
  dgw_shard_manager_remove (self, shard);
  for (guint i = 0; i < self->split_count; i++)
    {
      DgwShard *part = dgw_shard_manager_add (self, id + i * count, count * self->split_count);

      if (part)
        dgw_shard_manager_enqueue (self, part);
    }
  dgw_shard_manager_advance (self);
}

/* What is wrong with one of them is wrong with all. */
static gboolean
dooms_all (const GError *error)
{
  return g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED) ||
         g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_INVALID_API_VERSION) ||
         g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_INVALID_INTENTS) ||
         g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_DISALLOWED_INTENTS);
}

/* The shard is down for good. */
void
dgw_shard_manager_failed (DgwShardManager *self,
                          DgwShard        *shard,
                          const GError    *error)
{
  if (shard->is_fresh)
    {
      dgw_shard_manager_abort_reshard (self, error);
      return;
    }

  if (self->auto_scale &&
      g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_SHARDING_REQUIRED) &&
      shard->count <= MAX_SPLIT_COUNT / self->split_count)
    {
      dgw_shard_finish_task (shard, g_error_copy (error));
      split (self, shard);
      return;
    }

  dgw_shard_manager_emit_failed (self, shard->gateway, error);
  dgw_shard_manager_fail_open (self, error);
  if (dooms_all (error) && self->phase != DGW_SHARD_MANAGER_STOPPING)
    dgw_shard_manager_suspend_all (self);
}
