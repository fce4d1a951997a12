/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "base/dgw-log-private.h"
#include "gateway/dgw-reshard-private.h"

/* How long after the hand-over an event of the old shards may still come. */
#define ECHO_US (30 * G_USEC_PER_SEC)

/* While a new shard is away. */
#define RETRY_US G_USEC_PER_SEC

/* An old shard that does not come back for so long has nothing more to tell. */
#define ASK_US (60 * G_USEC_PER_SEC)

static gboolean
is_settled (DgwReshard *self,
            DgwGuildClass *class,
            gint64 now_us)
{
  for (guint i = 0; i < self->fresh->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->fresh, i);

      if (dgw_reshard_get_class (self, shard->id) == class &&
          (shard->up_us == 0 || shard->missing == NULL || shard->settled_us > now_us))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_old (DgwReshard *self,
        DgwShard   *shard,
        DgwGuildClass *class)
{
  return !shard->is_new && dgw_reshard_get_class (self, shard->id) == class;
}

static GPtrArray *
list_old (DgwReshard *self,
          DgwGuildClass *class)
{
  GPtrArray *old = g_ptr_array_new ();

  for (guint i = 0; i < self->manager->shards->len; i++)
    if (is_old (self, g_ptr_array_index (self->manager->shards, i), class))
      g_ptr_array_add (old, g_ptr_array_index (self->manager->shards, i));

  return old;
}

static GPtrArray *
take_fresh (DgwReshard *self,
            DgwGuildClass *class)
{
  GPtrArray *taken = g_ptr_array_new ();

  for (guint i = self->fresh->len; i-- > 0;)
    {
      DgwShard *shard = g_ptr_array_index (self->fresh, i);

      if (dgw_reshard_get_class (self, shard->id) != class)
        continue;

      g_ptr_array_remove_index (self->fresh, i);
      g_ptr_array_insert (taken, 0, shard);
      self->by_id[shard->id] = NULL;
      g_clear_pointer (&shard->missing, g_tree_unref);
      dgw_gateway_set_judge (shard->gateway, dgw_reshard_skip_echo, self);
    }

  return taken;
}

static GPtrArray *
list_gateways (GPtrArray *shards)
{
  GPtrArray *gateways = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < shards->len; i++)
    g_ptr_array_add (gateways, g_object_ref (((DgwShard *)g_ptr_array_index (shards, i))->gateway));

  return gateways;
}

/* Handlers may do anything as soon as the list has changed: the class, and self,
 * may be gone afterwards. */
static void
change_over (DgwReshard *self,
             DgwGuildClass *class)
{
  g_autoptr (GPtrArray) old = list_old (self, class);
  g_autoptr (GPtrArray) fresh = take_fresh (self, class);
  g_autoptr (GPtrArray) gateways = list_gateways (fresh);

  dgw_debug (NULL, "manager: shards with rest %u of %u handed over", class->rest, self->classes->len);
  class->phase = DGW_GUILD_CLASS_HANDED_OVER;
  class->echo_until_us = g_get_monotonic_time () + ECHO_US;
  dgw_shard_manager_replace (self->manager, old, fresh);
  for (guint i = 0; i < gateways->len; i++)
    dgw_gateway_release_events (g_ptr_array_index (gateways, i));
}

typedef struct
{
  DgwShardManager *manager;
  DgwReshard      *reshard; /* to compare only: it may be gone */
  guint            rest;
  gint64           asked_us; /* of the class, then */
} Wait;

static Wait *
wait_copy (Wait wait)
{
  g_object_ref (wait.manager);

  return g_memdup2 (&wait, sizeof wait);
}

static void
drained_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Wait *wait = user_data;
  g_autoptr (DgwShardManager) manager = wait->manager;
  DgwSession *session = dgw_gateway_suspend_finish (DGW_GATEWAY (source), result, NULL);
  DgwGuildClass *class;

  g_clear_pointer (&session, dgw_session_unref);
  if (manager->reshard != wait->reshard)
    return;

  class = dgw_reshard_get_class (manager->reshard, wait->rest);
  if (--class->n_draining > 0 || class->phase != DGW_GUILD_CLASS_DRAINING)
    return;

  change_over (manager->reshard, class);
  if (manager->reshard == wait->reshard)
    dgw_timer_set (manager->reshard->timer, g_get_monotonic_time ());
}

/* What the old shards have received and not handed on yet may be from before the
 * new sessions began: it has to be waited for. That is what suspending does. */
static void
drain (DgwReshard *self,
       DgwGuildClass *class)
{
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (self->manager->context);
  g_autoptr (GPtrArray) old = list_old (self, class);
  g_autoptr (GPtrArray) gateways = list_gateways (old);
  const Wait wait = {self->manager, self, class->rest, class->asked_us};

  class->phase = DGW_GUILD_CLASS_DRAINING;
  class->n_draining = gateways->len;
  if (gateways->len == 0)
    change_over (self, class);
  for (guint i = 0; i < gateways->len; i++)
    dgw_gateway_suspend_async (g_ptr_array_index (gateways, i), NULL, drained_cb, wait_copy (wait));
}

static void
heard_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree Wait *wait = user_data;
  g_autoptr (DgwShardManager) manager = wait->manager;
  gint64    latency_us = dgw_gateway_probe_finish (DGW_GATEWAY (source), result, NULL);
  DgwShard *shard = dgw_shard_get (DGW_GATEWAY (source));

  if (manager->reshard != wait->reshard || shard == NULL || shard->is_new)
    return;

  shard->is_asked = FALSE;
  shard->is_heard = latency_us >= 0 && wait->asked_us == dgw_reshard_get_class (manager->reshard, wait->rest)->asked_us;
  dgw_timer_set (manager->reshard->timer, g_get_monotonic_time ());
}

/* One that has lost its connection, or has and nobody knows yet, will resume and
 * get what the new sessions were too late for. One that answers now has it. */
static gboolean
have_heard_all (DgwReshard *self,
                DgwGuildClass *class)
{
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (self->manager->context);
  g_autoptr (GPtrArray) old = list_old (self, class);
  gboolean have_all = TRUE;

  for (guint i = 0; i < old->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (old, i);

      if (shard->is_heard || shard->gateway->phase == DGW_GATEWAY_IDLE)
        continue;

      have_all = FALSE;
      if (shard->up_us == 0 || shard->is_asked)
        continue;

      shard->is_asked = TRUE;
      dgw_gateway_probe_async (shard->gateway, NULL, heard_cb, wait_copy ((Wait){self->manager, self, class->rest, class->asked_us}));
    }

  return have_all;
}

static void
begin_asking (DgwReshard *self,
              DgwGuildClass *class,
              gint64 now_us)
{
  g_autoptr (GPtrArray) old = list_old (self, class);

  class->phase = DGW_GUILD_CLASS_ASKING;
  class->asked_us = now_us;
  for (guint i = 0; i < old->len; i++)
    ((DgwShard *)g_ptr_array_index (old, i))->is_heard = FALSE;
}

static gboolean
can_drain (DgwReshard *self,
           DgwGuildClass *class,
           gint64 now_us)
{
  if (class->phase == DGW_GUILD_CLASS_LIVE && is_settled (self, class, now_us))
    begin_asking (self, class, now_us);
  if (class->phase == DGW_GUILD_CLASS_ASKING && !is_settled (self, class, now_us))
    class->phase = DGW_GUILD_CLASS_LIVE;

  return class->phase == DGW_GUILD_CLASS_ASKING &&
         (have_heard_all (self, class) || now_us >= class->asked_us + ASK_US);
}

static DgwGuildClass *
find_to_drain (DgwReshard *self,
               gint64      now_us)
{
  for (guint i = 0; i < self->classes->len; i++)
    {
      DgwGuildClass *class = &g_array_index (self->classes, DgwGuildClass, i);

      if (class->is_ours && can_drain (self, class, now_us))
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

      if (class->phase != DGW_GUILD_CLASS_HANDED_OVER || class->echo == NULL)
        continue;

      /* A new shard that is away will get what it missed. */
      if (class->down_us > 0)
        class->echo_until_us = MAX (class->echo_until_us, now_us + RETRY_US);
      if (class->echo_until_us <= now_us)
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
      else if (class->phase == DGW_GUILD_CLASS_ASKING)
        due_us = MIN (due_us, class->asked_us + ASK_US);
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

/* The old shards have all of it, too. */
static void
give_up (DgwReshard *self)
{
  g_autoptr (GError) error = g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED,
                                                  _ ("The new shards got more than may be held back until they take over. Raise their backlog limits, or take a number with a larger common divisor"));

  dgw_shard_manager_abort_reshard (self->manager, error);
}

void
dgw_reshard_look_cb (gpointer user_data)
{
  DgwShardManager *manager = user_data;
  g_autoptr (DgwShardManager) kept = g_object_ref (manager);
  gint64      now_us = g_get_monotonic_time ();
  DgwReshard *self = manager->reshard;
  DgwGuildClass *class;

  if (self->is_full && self->task)
    give_up (self);
  while (manager->reshard == self && (class = find_to_drain (self, now_us)) != NULL)
    drain (self, class);
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
