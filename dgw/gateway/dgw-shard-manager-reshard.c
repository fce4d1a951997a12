/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "dgw-protocol-enums.h"
#include "base/dgw-log-private.h"
#include "gateway/dgw-shard-echo-private.h"
#include "gateway/dgw-shard-manager-private.h"

/* Theory of operation.
 *
 * The new shards connect beside the old ones, which go on serving. What the new
 * ones get is held back in their gateways. Guilds fall into classes: by the rest
 * that their number leaves by the greatest common divisor of all counts, old and
 * new. A class is served by certain old shards and will be by certain new ones,
 * so it is handed over by itself as soon as its new shards have all their
 * guilds: the old ones are suspended, which delivers what they have received,
 * and then what the new ones held is let go. The old
 * ones handed on a part of that already; dgw-shard-echo.c knows which, and also
 * what is still on its way to the new ones. */

#define RESULT_IS(result, self, function) \
  (g_task_is_valid (result, self) && g_task_get_source_tag (G_TASK (result)) == (function))

/* Guilds that have not come after so long without another are in an outage. */
#define QUIET_US (5 * G_USEC_PER_SEC)

/* How long after the hand-over an event of the old shards may still come. */
#define ECHO_US (30 * G_USEC_PER_SEC)

typedef enum
{
  CLASS_CONNECTING,
  CLASS_LIVE,     /* the first of its new shards has a session */
  CLASS_DRAINING, /* its old shards hand on the last of what they got */
  CLASS_HANDED_OVER,
} ClassPhase;

typedef struct
{
  guint         rest;
  gboolean      is_ours; /* has shards in this process */
  ClassPhase    phase;
  gint64        live_us;
  guint         n_draining; /* old shards */
  gint64        echo_until_us;
  DgwShardEcho *echo; /* NULL: over */
} GuildClass;

struct _DgwReshard
{
  DgwShardManager *manager; /* borrowed */
  GTask           *task;    /* NULL: all are handed over, or it failed */
  guint            count;
  GArray          *classes; /* of GuildClass */
  GPtrArray       *fresh;   /* of DgwShard: not handed over yet */
  DgwTimer        *timer;
};

static guint
get_gcd (guint a,
         guint b)
{
  while (b != 0)
    {
      guint rest = a % b;

      a = b;
      b = rest;
    }

  return a;
}

static GuildClass *
get_class (DgwReshard *self,
           guint       id)
{
  return &g_array_index (self->classes, GuildClass, id % self->classes->len);
}

GPtrArray *
dgw_reshard_get_fresh (DgwReshard *self)
{
  return self ? self->fresh : NULL;
}

/* Judges. They run amid the drain of a gateway: what they find out is acted upon
 * by the timer. */

static DgwGatewayVerdict
record_judge (DgwGateway *gateway,
              DgwAction  *action,
              gpointer    user_data)
{
  DgwReshard *self = user_data;
  GuildClass *class = get_class (self, dgw_gateway_get_shard_id (gateway));

  if (class->echo)
    dgw_shard_echo_record (class->echo, action,
                           class->phase == CLASS_CONNECTING ? action->dispatch.received_us : class->live_us);

  return DGW_GATEWAY_EMIT;
}

static DgwGatewayVerdict
echo_judge (DgwGateway *gateway,
            DgwAction  *action,
            gpointer    user_data)
{
  DgwReshard *self = user_data;
  GuildClass *class = get_class (self, dgw_gateway_get_shard_id (gateway));

  return class->echo && dgw_shard_echo_take (class->echo, action) ? DGW_GATEWAY_SKIP : DGW_GATEWAY_EMIT;
}

static void
expect_guilds (DgwShard  *shard,
               DgwAction *action)
{
  DgwJsonView guilds = dgw_json_view_get_member (dgw_json_get_data (action->dispatch.json), "guilds");
  DgwJsonIter iter;
  DgwJsonView guild;

  g_clear_pointer (&shard->missing, g_hash_table_unref);
  shard->missing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!(dgw_gateway_get_intents (shard->gateway) & DGW_INTENTS_GUILDS))
    return;

  dgw_json_iter_init (&iter, guilds);
  while (dgw_json_iter_next (&iter, NULL, &guild))
    {
      const char *id = dgw_json_view_get_string (dgw_json_view_get_member (guild, "id"));

      if (id != NULL)
        g_hash_table_add (shard->missing, g_strdup (id));
    }
}

static void
note_guild (DgwShard  *shard,
            DgwAction *action)
{
  const char *id = dgw_json_view_get_string (dgw_json_view_get_member (dgw_json_get_data (action->dispatch.json), "id"));

  if (id != NULL && shard->missing != NULL)
    g_hash_table_remove (shard->missing, id);
}

/* A new session, should it lose the first one, begins with READY again: what was
 * held of the first is served by the old shards still. */
static void
note_ready (DgwReshard *self,
            DgwShard   *shard,
            DgwAction  *action)
{
  GuildClass *class = get_class (self, shard->id);

  dgw_gateway_drop_events (shard->gateway);
  expect_guilds (shard, action);
  if (class->phase == CLASS_CONNECTING)
    {
      class->phase = CLASS_LIVE;
      class->live_us = action->dispatch.received_us;
    }
}

static DgwGatewayVerdict
hold_judge (DgwGateway *gateway,
            DgwAction  *action,
            gpointer    user_data)
{
  DgwReshard *self = user_data;
  DgwShard   *shard = dgw_shard_get (gateway);
  gint64      now_us = g_get_monotonic_time ();

  switch ((int)action->dispatch.type)
    {
    case DGW_EVENT_TYPE_READY:
      note_ready (self, shard, action);
      break;
    case DGW_EVENT_TYPE_GUILD_CREATE:
    case DGW_EVENT_TYPE_GUILD_DELETE:
      note_guild (shard, action);
      break;
    default:
      return DGW_GATEWAY_HOLD;
    }

  shard->settled_us = shard->missing && g_hash_table_size (shard->missing) == 0 ? now_us : now_us + QUIET_US;
  dgw_timer_set (self->timer, now_us);

  return DGW_GATEWAY_HOLD;
}

/* The hand-over. */

static gboolean
is_settled (DgwReshard *self,
            GuildClass *class,
            gint64 now_us)
{
  for (guint i = 0; i < self->fresh->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->fresh, i);

      if (get_class (self, shard->id) == class && (shard->missing == NULL || shard->settled_us > now_us))
        return FALSE;
    }

  return TRUE;
}

static GPtrArray *
take_fresh (DgwReshard *self,
            GuildClass *class)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = self->fresh->len; i-- > 0;)
    {
      DgwShard *shard = g_ptr_array_index (self->fresh, i);

      if (get_class (self, shard->id) != class)
        continue;

      g_ptr_array_remove_index (self->fresh, i);
      g_ptr_array_insert (taken, 0, g_object_ref (shard->gateway));
      g_clear_pointer (&shard->missing, g_hash_table_unref);
      dgw_gateway_set_judge (shard->gateway, echo_judge, self);
      dgw_shard_manager_insert (self->manager, shard);
    }

  return taken;
}

static void
remove_old (DgwReshard *self,
            GuildClass *class)
{
  DgwShardManager *manager = self->manager;

  for (guint i = manager->shards->len; i-- > 0;)
    {
      DgwShard *shard = g_ptr_array_index (manager->shards, i);

      if (!shard->is_new && get_class (self, shard->id) == class)
        dgw_shard_manager_remove (manager, shard);
      i = MIN (i, manager->shards->len);
    }
}

/* Handlers may do anything as soon as events are let go: the class, and self,
 * may be gone afterwards. */
static void
hand_over (DgwReshard *self,
           GuildClass *class)
{
  g_autoptr (GPtrArray) gateways = NULL;

  dgw_debug (NULL, "manager: shards with rest %u of %u handed over", class->rest, self->classes->len);
  class->phase = CLASS_HANDED_OVER;
  class->echo_until_us = g_get_monotonic_time () + ECHO_US;
  remove_old (self, class);
  gateways = take_fresh (self, class);
  for (guint i = 0; i < gateways->len; i++)
    dgw_gateway_release_events (g_ptr_array_index (gateways, i));
}

typedef struct
{
  DgwShardManager *manager;
  DgwReshard      *reshard; /* to compare only: it may be gone */
  guint            rest;
} Drain;

static void
drained_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Drain *drain = user_data;
  g_autoptr (DgwShardManager) manager = drain->manager;
  DgwSession *session = dgw_gateway_suspend_finish (DGW_GATEWAY (source), result, NULL);
  GuildClass *class;

  g_clear_pointer (&session, dgw_session_unref);
  if (manager->reshard != drain->reshard)
    return;

  class = get_class (manager->reshard, drain->rest);
  if (--class->n_draining > 0 || class->phase != CLASS_DRAINING)
    return;

  hand_over (manager->reshard, class);
  if (manager->reshard == drain->reshard)
    dgw_timer_set (manager->reshard->timer, g_get_monotonic_time ());
}

/* What the old shards have received and not handed on yet may be from before the
 * new sessions began: it has to be waited for. That is what suspending does. */
static void
drain (DgwReshard *self,
       GuildClass *class)
{
  DgwShardManager *manager = self->manager;
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (manager->context);

  class->phase = CLASS_DRAINING;
  for (guint i = 0; i < manager->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (manager->shards, i);
      Drain     data = {manager, self, class->rest};

      if (shard->is_new || get_class (self, shard->id) != class)
        continue;

      class->n_draining++;
      g_object_ref (manager);
      dgw_gateway_suspend_async (shard->gateway, NULL, drained_cb, g_memdup2 (&data, sizeof data));
    }
}

static GuildClass *
find_settled (DgwReshard *self,
              gint64      now_us)
{
  for (guint i = 0; i < self->classes->len; i++)
    {
      GuildClass *class = &g_array_index (self->classes, GuildClass, i);

      if (class->is_ours && class->phase == CLASS_LIVE && is_settled (self, class, now_us))
        return class;
    }

  return NULL;
}

static void
end_echoes (DgwReshard *self,
            gint64      now_us)
{
  for (guint i = 0; i < self->classes->len; i++)
    {
      GuildClass *class = &g_array_index (self->classes, GuildClass, i);

      if (class->phase == CLASS_HANDED_OVER && class->echo_until_us <= now_us)
        g_clear_pointer (&class->echo, dgw_shard_echo_free);
    }
}

static gint64
get_deadline (DgwReshard *self,
              gint64      now_us)
{
  gint64 due_us = DGW_TIMER_NEVER;

  for (guint i = 0; i < self->fresh->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->fresh, i);

      if (shard->missing != NULL && shard->settled_us > now_us)
        due_us = MIN (due_us, shard->settled_us);
    }
  for (guint i = 0; i < self->classes->len; i++)
    {
      GuildClass *class = &g_array_index (self->classes, GuildClass, i);

      if (class->phase == CLASS_HANDED_OVER && class->echo != NULL)
        due_us = MIN (due_us, class->echo_until_us);
    }

  return due_us;
}

static void
unset_judges (DgwReshard *self)
{
  for (guint i = 0; i < self->manager->shards->len; i++)
    dgw_gateway_set_judge (((DgwShard *)g_ptr_array_index (self->manager->shards, i))->gateway, NULL, NULL);
}

void
dgw_reshard_free (DgwReshard *self)
{
  unset_judges (self);
  for (guint i = 0; i < self->classes->len; i++)
    g_clear_pointer (&g_array_index (self->classes, GuildClass, i).echo, dgw_shard_echo_free);
  for (guint i = 0; i < self->fresh->len; i++)
    dgw_shard_free (g_ptr_array_index (self->fresh, i));
  g_array_unref (self->classes);
  g_ptr_array_unref (self->fresh);
  g_clear_pointer (&self->timer, dgw_timer_free);
  g_free (self);
}

static void
finish (DgwShardManager *manager)
{
  DgwReshard *self = manager->reshard;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  for (guint i = 0; i < manager->shards->len; i++)
    ((DgwShard *)g_ptr_array_index (manager->shards, i))->is_new = FALSE;
  manager->found_count = self->count;
  dgw_shard_manager_take_layout (manager, self->count);
  dgw_gateway_task_succeed (task);
}

static void
look_cb (gpointer user_data)
{
  DgwShardManager *manager = user_data;
  g_autoptr (DgwShardManager) kept = g_object_ref (manager);
  gint64      now_us = g_get_monotonic_time ();
  DgwReshard *self = manager->reshard;
  GuildClass *class;

  while (manager->reshard == self && (class = find_settled (self, now_us)) != NULL)
    {
      drain (self, class);
      if (class->n_draining == 0)
        hand_over (self, class);
    }
  if (manager->reshard != self)
    return;

  end_echoes (self, now_us);
  if (self->task && self->fresh->len == 0)
    finish (manager);
  if (manager->reshard == self && (self->task || get_deadline (self, now_us) != DGW_TIMER_NEVER))
    dgw_timer_set (self->timer, get_deadline (self, now_us));
  else if (manager->reshard == self)
    g_clear_pointer (&manager->reshard, dgw_reshard_free);
}

/* Starting. */

static gboolean
check_classes (DgwReshard *self,
               GError    **error)
{
  g_autofree double *parts = g_new0 (double, self->classes->len);

  for (guint i = 0; i < self->manager->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->manager->shards, i);

      get_class (self, shard->id)->is_ours = TRUE;
      parts[shard->id % self->classes->len] += (double)self->classes->len / shard->count;
    }

  for (guint i = 0; i < self->classes->len; i++)
    if (parts[i] > 0 && parts[i] < 0.999999)
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                     _ ("The guilds of the shards here would go to shards of other processes when there are %u. Take a multiple of the present number, or restart the processes one by one"),
                     self->count);
        return FALSE;
      }

  return TRUE;
}

static DgwReshard *
prepare (DgwShardManager *manager,
         guint            count,
         GError         **error)
{
  DgwReshard *self = g_new0 (DgwReshard, 1);
  guint       n_classes = count;

  for (guint i = 0; i < manager->shards->len; i++)
    n_classes = get_gcd (n_classes, ((DgwShard *)g_ptr_array_index (manager->shards, i))->count);

  self->manager = manager;
  self->count = count;
  self->fresh = g_ptr_array_new ();
  self->classes = g_array_new (FALSE, TRUE, sizeof (GuildClass));
  g_array_set_size (self->classes, n_classes);
  for (guint i = 0; i < n_classes; i++)
    g_array_index (self->classes, GuildClass, i).rest = i;
  if (check_classes (self, error))
    return self;

  dgw_reshard_free (self);
  return NULL;
}

static void
add_fresh (DgwReshard *self,
           guint       id)
{
  DgwShard *shard = dgw_shard_new (self->manager, id, self->count);

  shard->is_fresh = TRUE;
  shard->is_new = TRUE;
  g_ptr_array_add (self->fresh, shard);
  dgw_gateway_set_judge (shard->gateway, hold_judge, self);
  dgw_shard_manager_enqueue (self->manager, shard);
  dgw_shard_manager_emit_added (self->manager, shard);
}

static void
start (DgwShardManager *manager)
{
  DgwReshard *self = manager->reshard;

  self->timer = dgw_timer_new ("[dgw] reshard", manager->context, look_cb, manager);
  for (guint i = 0; i < self->classes->len; i++)
    {
      GuildClass *class = &g_array_index (self->classes, GuildClass, i);

      if (class->is_ours)
        class->echo = dgw_shard_echo_new ();
    }
  for (guint i = 0; i < manager->shards->len; i++)
    dgw_gateway_set_judge (((DgwShard *)g_ptr_array_index (manager->shards, i))->gateway, record_judge, self);
  for (guint id = 0; id < self->count && manager->reshard == self && self->task; id++)
    if (get_class (self, id)->is_ours)
      add_fresh (self, id);
  if (manager->reshard == self)
    dgw_shard_manager_advance (manager);
}

/* For classes whose old shards are being stopped there is no way back. */
static void
complete_drains (DgwReshard *self)
{
  for (guint i = 0; i < self->classes->len; i++)
    {
      GuildClass *class = &g_array_index (self->classes, GuildClass, i);
      g_autoptr (GPtrArray) gateways = NULL;

      if (class->phase != CLASS_DRAINING)
        continue;

      class->phase = CLASS_HANDED_OVER;
      remove_old (self, class);
      gateways = take_fresh (self, class);
      for (guint k = 0; k < gateways->len; k++)
        dgw_gateway_release_events (g_ptr_array_index (gateways, k));
    }
}

/* Those that were handed over stay; the others' old shards never stopped. */
void
dgw_shard_manager_abort_reshard (DgwShardManager *self,
                                 const GError    *error)
{
  DgwReshard *reshard = g_steal_pointer (&self->reshard);
  g_autoptr (GTask) task = NULL;

  if (reshard == NULL)
    return;

  complete_drains (reshard);
  task = g_steal_pointer (&reshard->task);
  for (guint i = 0; i < reshard->fresh->len; i++)
    {
      DgwGateway *gateway = ((DgwShard *)g_ptr_array_index (reshard->fresh, i))->gateway;

      dgw_gateway_set_judge (gateway, NULL, NULL);
      dgw_gateway_close_async (gateway, NULL, NULL, NULL);
      dgw_gateway_drop_events (gateway);
    }
  for (guint i = 0; i < self->shards->len; i++)
    ((DgwShard *)g_ptr_array_index (self->shards, i))->is_new = FALSE;
  dgw_reshard_free (reshard);
  if (task)
    dgw_gateway_task_fail (task, g_error_copy (error));
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  DgwShardManager *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (self->reshard && self->reshard->task == task)
    {
      g_cancellable_set_error_if_cancelled (cancellable, &error);
      dgw_shard_manager_abort_reshard (self, error);
    }

  return G_SOURCE_REMOVE;
}

/* Takes the task. */
static void
reshard_to (DgwShardManager *self,
            GTask           *task,
            guint            count)
{
  g_autoptr (GTask) owned = task;
  GError     *error = NULL;
  DgwReshard *reshard;

  if (self->reshard && self->reshard->task)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "%s", _ ("The shards are being replaced already"));
      return;
    }

  /* The echoes of the last time. */
  g_clear_pointer (&self->reshard, dgw_reshard_free);
  reshard = prepare (self, count, &error);
  if (reshard == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->reshard = reshard;
  reshard->task = g_steal_pointer (&owned);
  dgw_gateway_task_watch (task, cancelled_cb);
  start (self);
}

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  DgwShardManager *self = g_task_get_source_object (task);
  GError          *error = NULL;
  g_autoptr (DgwGatewayInfo) info = dgw_gateway_fetch_info_finish (DGW_GATEWAY (source), result, &error);

  if (info == NULL)
    g_task_return_error (task, error);
  else if (self->phase != DGW_SHARD_MANAGER_OPEN)
    g_task_return_error (task, dgw_shard_manager_new_closed_error ());
  else
    reshard_to (self, g_steal_pointer (&task), MAX (dgw_gateway_info_get_shards (info), 1));
}

/**
 * dgw_shard_manager_reshard_async:
 * @self: a manager that is open
 * @shard_count: how many shards there shall be, or 0 to ask Discord
 * @cancellable: (nullable): gives up: shards that were not replaced yet stay
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Replaces the shards by another number of them, without a gap.
 *
 * The new shards connect and get their guilds while the old ones go on. Then
 * those that serve the same guilds change over, all at once or, where the two
 * numbers have a common divisor, group by group: the old ones leave the list,
 * and the new ones enter it. Each event is emitted once, by an old shard or
 * by a new one; the events of a guild stay in order. READY and the GUILD_CREATE
 * that follow it come anew, with the sessions of the new shards.
 *
 * [signal@ShardManager::shard-added] is emitted for the new shards before they
 * open, when they are not in the list yet. Requests that wait for their answer
 * on an old shard fail with `DGW_GATEWAY_ERROR_CLOSED`. Each new shard takes one
 * of the day's session starts.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` when the guilds would go to shards of
 * other processes; `G_IO_ERROR_PENDING` when this goes on already;
 * `DGW_GATEWAY_ERROR_NOT_READY` when the manager is not open; and what makes a
 * new shard fail for good. After an error the old shards go on, and those that
 * were replaced already stay replaced.
 *
 * Discord's documentation: [Sharding](https://discord.com/developers/docs/events/gateway#sharding).
 *
 * Since: 0.1
 */
void
dgw_shard_manager_reshard_async (DgwShardManager    *self,
                                 guint               shard_count,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (dgw_shard_manager_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_shard_manager_reshard_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->phase != DGW_SHARD_MANAGER_OPEN || self->shards->len == 0)
    g_task_return_new_error (task, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY, "%s",
                             _ ("There are no shards to replace: open the manager first"));
  else if (shard_count > 0)
    reshard_to (self, g_steal_pointer (&task), shard_count);
  else
    dgw_gateway_fetch_info_async (((DgwShard *)g_ptr_array_index (self->shards, 0))->gateway, cancellable,
                                  asked_cb, g_steal_pointer (&task));
}

/**
 * dgw_shard_manager_reshard_finish:
 * @self: a manager
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@ShardManager.reshard_async] went.
 *
 * Returns: `TRUE` if all shards are replaced
 *
 * Since: 0.1
 */
gboolean
dgw_shard_manager_reshard_finish (DgwShardManager *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  g_return_val_if_fail (RESULT_IS (result, self, dgw_shard_manager_reshard_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
