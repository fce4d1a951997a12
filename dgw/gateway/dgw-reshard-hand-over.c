/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-log-private.h"
#include "gateway/dgw-reshard-private.h"

/* How long after the hand-over an event of the old shards may still come. */
#define ECHO_US (30 * G_USEC_PER_SEC)

static gboolean
is_settled (DgwReshard *self,
            DgwGuildClass *class,
            gint64 now_us)
{
  for (guint i = 0; i < self->fresh->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->fresh, i);

      if (dgw_reshard_get_class (self, shard->id) == class && (shard->missing == NULL || shard->settled_us > now_us))
        return FALSE;
    }

  return TRUE;
}

static GPtrArray *
take_fresh (DgwReshard *self,
            DgwGuildClass *class)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = self->fresh->len; i-- > 0;)
    {
      DgwShard *shard = g_ptr_array_index (self->fresh, i);

      if (dgw_reshard_get_class (self, shard->id) != class)
        continue;

      g_ptr_array_remove_index (self->fresh, i);
      g_ptr_array_insert (taken, 0, g_object_ref (shard->gateway));
      g_clear_pointer (&shard->missing, g_tree_unref);
      dgw_gateway_set_judge (shard->gateway, dgw_reshard_skip_echo, self);
      dgw_shard_manager_insert (self->manager, shard);
    }

  return taken;
}

static void
remove_old (DgwReshard *self,
            DgwGuildClass *class)
{
  DgwShardManager *manager = self->manager;

  for (guint i = manager->shards->len; i-- > 0;)
    {
      DgwShard *shard = g_ptr_array_index (manager->shards, i);

      if (!shard->is_new && dgw_reshard_get_class (self, shard->id) == class)
        dgw_shard_manager_remove (manager, shard);
      i = MIN (i, manager->shards->len);
    }
}

/* Handlers may do anything as soon as events are let go: the class, and self,
 * may be gone afterwards. */
static void
change_over (DgwReshard *self,
             DgwGuildClass *class)
{
  g_autoptr (GPtrArray) gateways = NULL;

  dgw_debug (NULL, "manager: shards with rest %u of %u handed over", class->rest, self->classes->len);
  class->phase = DGW_GUILD_CLASS_HANDED_OVER;
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
  DgwGuildClass *class;

  g_clear_pointer (&session, dgw_session_unref);
  if (manager->reshard != drain->reshard)
    return;

  class = dgw_reshard_get_class (manager->reshard, drain->rest);
  if (--class->n_draining > 0 || class->phase != DGW_GUILD_CLASS_DRAINING)
    return;

  change_over (manager->reshard, class);
  if (manager->reshard == drain->reshard)
    dgw_timer_set (manager->reshard->timer, g_get_monotonic_time ());
}

/* What the old shards have received and not handed on yet may be from before the
 * new sessions began: it has to be waited for. That is what suspending does. */
static void
drain (DgwReshard *self,
       DgwGuildClass *class)
{
  DgwShardManager *manager = self->manager;
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (manager->context);

  class->phase = DGW_GUILD_CLASS_DRAINING;
  for (guint i = 0; i < manager->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (manager->shards, i);
      Drain     data = {manager, self, class->rest};

      if (shard->is_new || dgw_reshard_get_class (self, shard->id) != class)
        continue;

      class->n_draining++;
      g_object_ref (manager);
      dgw_gateway_suspend_async (shard->gateway, NULL, drained_cb, g_memdup2 (&data, sizeof data));
    }
}

static DgwGuildClass *
find_settled (DgwReshard *self,
              gint64      now_us)
{
  for (guint i = 0; i < self->classes->len; i++)
    {
      DgwGuildClass *class = &g_array_index (self->classes, DgwGuildClass, i);

      if (class->is_ours && class->phase == DGW_GUILD_CLASS_LIVE && is_settled (self, class, now_us))
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
      DgwGuildClass *class = &g_array_index (self->classes, DgwGuildClass, i);

      if (class->phase == DGW_GUILD_CLASS_HANDED_OVER && class->echo_until_us <= now_us)
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
      DgwGuildClass *class = &g_array_index (self->classes, DgwGuildClass, i);

      if (class->phase == DGW_GUILD_CLASS_HANDED_OVER && class->echo != NULL)
        due_us = MIN (due_us, class->echo_until_us);
    }

  return due_us;
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

void
dgw_reshard_look_cb (gpointer user_data)
{
  DgwShardManager *manager = user_data;
  g_autoptr (DgwShardManager) kept = g_object_ref (manager);
  gint64      now_us = g_get_monotonic_time ();
  DgwReshard *self = manager->reshard;
  DgwGuildClass *class;

  while (manager->reshard == self && (class = find_settled (self, now_us)) != NULL)
    {
      drain (self, class);
      if (class->n_draining == 0)
        change_over (self, class);
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

/* For classes whose old shards are being stopped there is no way back. */
void
dgw_reshard_complete_drains (DgwReshard *self)
{
  for (guint i = 0; i < self->classes->len; i++)
    {
      DgwGuildClass *class = &g_array_index (self->classes, DgwGuildClass, i);

      if (class->phase == DGW_GUILD_CLASS_DRAINING)
        change_over (self, class);
    }
}
