/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "base/dgw-log-private.h"
#include "base/dgw-set-private.h"
#include "gateway/dgw-local-identify-limiter.h"
#include "gateway/dgw-shard-manager-private.h"

/* Opening: Discord is asked, once for all shards, where its gateway is, how many
 * shards to use and how many may identify at once. The first shard's gateway
 * asks, so that its settings for TLS and proxies count. A question that fails
 * for a reason that may pass is asked again, as a gateway does by itself. */

#define RESULT_IS(result, self, function) \
  (g_task_is_valid (result, self) && g_task_get_source_tag (G_TASK (result)) == (function))

void
dgw_shard_manager_fail_open (DgwShardManager *self,
                             const GError    *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->open_task);

  if (task)
    dgw_gateway_task_fail (task, g_error_copy (error));
}

/* Succeeds once nothing is awaited any more. */
void
dgw_shard_manager_check_open (DgwShardManager *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->open_task == NULL || self->phase != DGW_SHARD_MANAGER_OPEN)
    return;

  for (guint i = 0; i < self->shards->len; i++)
    if (((DgwShard *)g_ptr_array_index (self->shards, i))->is_opening)
      return;

  task = g_steal_pointer (&self->open_task);
  dgw_gateway_task_succeed (task);
}

static gboolean
check_count (DgwShardManager *self,
             GError         **error)
{
  if (self->shard_count > 0 || self->url == NULL)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("With an address of the gateway, the number of shards has to be set as well"));
  return FALSE;
}

/* Of the shards to run in this process, whatever their count is. */
static GArray *
list_ids (DgwShardManager *self,
          guint            count)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint));

  if (self->shard_ids)
    {
      gsize          n = 0;
      const guint32 *numbers = g_variant_get_fixed_array (self->shard_ids, &n, sizeof (guint32));

      g_array_append_vals (ids, numbers, (guint)n);
    }
  else
    {
      for (guint id = 0; id < count; id++)
        g_array_append_val (ids, id);
    }

  return ids;
}

static gboolean
check_ids (DgwShardManager *self,
           GArray          *ids,
           guint            count,
           GError         **error)
{
  if (ids->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("There is no shard to open: name one at least"));
      return FALSE;
    }

  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, guint, i) >= count)
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                     _ ("Shard %u does not exist: there are %u, counted from 0. Set an id below the count."),
                     g_array_index (ids, guint, i), count);
        return FALSE;
      }

  return TRUE;
}

static gboolean
has_id (GArray *ids,
        guint   id)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, guint, i) == id)
      return TRUE;

  return FALSE;
}

static void
remove_unwanted (DgwShardManager *self,
                 GArray          *ids,
                 guint            count)
{
  for (guint i = self->shards->len; i-- > 0;)
    {
      DgwShard *shard = g_ptr_array_index (self->shards, i);

      if (!has_id (ids, shard->id) && dgw_shard_is_idle (shard))
        dgw_shard_manager_remove (self, shard);
      i = MIN (i, self->shards->len);
    }
}

/* One that is there is used again; the session of another count is dropped. */
static void
want (DgwShardManager *self,
      guint            id,
      guint            count)
{
  DgwShard *shard = dgw_shard_manager_find (self, id, 0);

  if (shard == NULL)
    shard = dgw_shard_manager_add (self, id, count);
  else if (shard->count != count && dgw_shard_is_idle (shard))
    dgw_shard_manager_set_count_of (self, shard, count);

  if (shard && dgw_shard_is_idle (shard))
    dgw_shard_manager_enqueue (self, shard);
}

static void
open_all (DgwShardManager *self)
{
  const guint count = self->found_count;
  g_autoptr (GArray) ids = list_ids (self, count);
  g_autoptr (GError) error = NULL;

  self->phase = DGW_SHARD_MANAGER_IDLE;
  if (!check_ids (self, ids, count, &error))
    {
      dgw_shard_manager_fail_open (self, error);
      return;
    }

  dgw_debug (NULL, "manager: opening %u of %u shards, %u at once", ids->len, count, self->max_concurrency);
  self->phase = DGW_SHARD_MANAGER_OPEN;
  remove_unwanted (self, ids, count);
  /* A handler may stop it all. */
  for (guint i = 0; i < ids->len && self->phase == DGW_SHARD_MANAGER_OPEN; i++)
    want (self, g_array_index (ids, guint, i), count);
  if (self->phase != DGW_SHARD_MANAGER_OPEN)
    return;

  dgw_shard_manager_advance (self);
  dgw_shard_manager_check_open (self);
}

static void ask (DgwShardManager *self);

static void
ask_again_cb (gpointer user_data)
{
  ask (user_data);
}

/* What no second question would change. */
static gboolean
is_final (DgwGateway   *gateway,
          const GError *error)
{
  return g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED) ||
         !dgw_gateway_get_auto_reconnect (gateway) ||
         !dgw_gateway_check_api_options (gateway, NULL);
}

static void
ask_later (DgwShardManager *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 delay_us;

  dgw_backoff_ended (&self->backoff, DGW_BACKOFF_FAILED, now_us);
  delay_us = dgw_backoff_next (&self->backoff, g_random_double ());
  if (self->retry == NULL)
    self->retry = dgw_timer_new (self->context, ask_again_cb, self);
  dgw_timer_set (self->retry, now_us + delay_us);
}

/* A limiter with a concurrency of its own knows better. */
static guint
find_concurrency (DgwShardManager *self,
                  guint            told)
{
  guint own = 0;

  if (DGW_IS_LOCAL_IDENTIFY_LIMITER (self->identify_limiter))
    own = dgw_local_identify_limiter_get_max_concurrency (DGW_LOCAL_IDENTIFY_LIMITER (self->identify_limiter));

  return MAX (own > 0 ? own : told, 1);
}

static void
take_info (DgwShardManager *self,
           DgwGatewayInfo  *info)
{
  dgw_set_str (&self->found_url, dgw_gateway_info_get_url (info));
  self->found_count = self->shard_count > 0 ? self->shard_count : MAX (dgw_gateway_info_get_shards (info), 1);
  self->max_concurrency = find_concurrency (self, dgw_gateway_info_get_max_concurrency (info));
  dgw_identify_limiter_update (dgw_shard_manager_ensure_limiter (self), info);
}

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (DgwShardManager) self = user_data;
  DgwGateway *gateway = DGW_GATEWAY (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (DgwGatewayInfo) info = dgw_gateway_fetch_info_finish (gateway, result, &error);

  /* Stopped meanwhile, and maybe asked anew. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->phase != DGW_SHARD_MANAGER_ASKING)
    return;

  g_clear_object (&self->asking);
  if (info)
    {
      take_info (self, info);
      open_all (self);
    }
  else if (is_final (gateway, error))
    {
      self->phase = DGW_SHARD_MANAGER_IDLE;
      dgw_shard_manager_fail_open (self, error);
    }
  else
    {
      dgw_debug (NULL, "manager: asking again: %s", error->message);
      ask_later (self);
    }
}

static DgwGateway *
ensure_first (DgwShardManager *self)
{
  g_autoptr (GArray) ids = list_ids (self, 1);
  guint     id = ids->len > 0 ? g_array_index (ids, guint, 0) : 0;
  DgwShard *shard = dgw_shard_manager_find (self, id, 0);

  if (shard == NULL)
    shard = dgw_shard_manager_add (self, id, self->shard_count);

  return shard ? shard->gateway : NULL;
}

static void
ask (DgwShardManager *self)
{
  DgwGateway *gateway;
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (self->context);

  self->phase = DGW_SHARD_MANAGER_ASKING;
  gateway = ensure_first (self);
  if (self->phase != DGW_SHARD_MANAGER_ASKING || gateway == NULL)
    return;

  g_clear_object (&self->asking);
  self->asking = g_cancellable_new ();
  dgw_gateway_fetch_info_async (gateway, self->asking, asked_cb, g_object_ref (self));
}

void
dgw_shard_manager_stop_asking (DgwShardManager *self)
{
  if (self->asking)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_pointer (&self->retry, dgw_timer_free);
}

/* One that has failed, or was closed by itself. */
static gboolean
has_idle (DgwShardManager *self)
{
  for (guint i = 0; i < self->shards->len; i++)
    if (dgw_shard_is_idle (g_ptr_array_index (self->shards, i)))
      return TRUE;

  return FALSE;
}

/* Nothing is being stopped, and open_task waits. */
void
dgw_shard_manager_begin (DgwShardManager *self)
{
  g_autoptr (GError) error = NULL;

  dgw_backoff_reset (&self->backoff);
  if (!check_count (self, &error))
    {
      dgw_shard_manager_fail_open (self, error);
    }
  else if (self->url)
    {
      self->found_count = self->shard_count;
      self->max_concurrency = find_concurrency (self, 1);
      g_clear_pointer (&self->found_url, g_free);
      open_all (self);
    }
  else
    {
      ask (self);
    }
}

static gboolean
open_cancelled_cb (GCancellable *cancellable,
                   gpointer      user_data)
{
  GTask           *task = user_data;
  DgwShardManager *self = g_task_get_source_object (task);

  if (self->open_task == task)
    dgw_shard_manager_cancel_open (self);

  return G_SOURCE_REMOVE;
}

/**
 * dgw_shard_manager_open_async:
 * @self: a manager
 * @cancellable: (nullable): gives up: all shards are suspended
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Opens all shards of this process, in their order and at the pace that Discord
 * allows; each resumes its session if it has one.
 *
 * This finishes when all sessions are live. With
 * [property@Gateway:auto-reconnect] the shards go on trying through all faults
 * that may pass; it finishes with an error when trying again is of no use for
 * one of them. The others go on then, but for what is wrong with all: a wrong
 * token, or intents that are not allowed.
 *
 * While the manager is closing this waits for the close, then opens. When it is
 * open but some shards have failed or were closed, it opens those.
 *
 * Errors: `DGW_GATEWAY_ERROR_ALREADY_OPEN`; `G_IO_ERROR_INVALID_ARGUMENT` for
 * settings that contradict each other; `DGW_GATEWAY_ERROR_CLOSED` when it is
 * closed meanwhile; `G_IO_ERROR_CANCELLED`; and those of
 * [method@Gateway.open_async].
 *
 * Since: 0.1
 */
void
dgw_shard_manager_open_async (DgwShardManager    *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_shard_manager_open_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->open_task || self->phase == DGW_SHARD_MANAGER_ASKING || (self->phase == DGW_SHARD_MANAGER_OPEN && !has_idle (self)))
    {
      g_task_return_new_error (task, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_ALREADY_OPEN, "%s",
                               _ ("The shards are open or opening already. Close them before opening them again."));
      return;
    }

  dgw_gateway_task_watch (task, open_cancelled_cb);
  self->open_task = g_steal_pointer (&task);
  if (self->phase != DGW_SHARD_MANAGER_STOPPING)
    dgw_shard_manager_begin (self);
}

/**
 * dgw_shard_manager_open_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@ShardManager.open_async] went.
 *
 * Returns: `TRUE` if all sessions are live
 *
 * Since: 0.1
 */
gboolean
dgw_shard_manager_open_finish (DgwShardManager *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_open_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
