/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "gateway/dgw-reshard-private.h"

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

/* One event reaches two connections at about the same time, unless one of them is
 * cut off meanwhile. */
#define APART_US (10 * G_USEC_PER_SEC)

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

DgwGuildClass *
dgw_reshard_get_class (DgwReshard *self,
                       guint       id)
{
  return &g_array_index (self->classes, DgwGuildClass, id % self->classes->len);
}

/* How much later than one set the other may get the same event. */
gint64
dgw_guild_class_get_apart (DgwGuildClass *self)
{
  gint64 outage_us = self->down_us > 0 ? g_get_monotonic_time () - self->down_us : 0;

  return APART_US + MAX (outage_us, self->outage_us);
}

GPtrArray *
dgw_reshard_get_fresh (DgwReshard *self)
{
  return self ? self->fresh : NULL;
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
    g_clear_pointer (&g_array_index (self->classes, DgwGuildClass, i).echo, dgw_shard_echo_free);
  for (guint i = 0; i < self->fresh->len; i++)
    dgw_shard_free (g_ptr_array_index (self->fresh, i));
  g_array_unref (self->classes);
  g_ptr_array_unref (self->fresh);
  g_free (self->by_id);
  g_clear_pointer (&self->timer, dgw_timer_free);
  g_free (self);
}

static gboolean
check_classes (DgwReshard *self,
               GError    **error)
{
  g_autofree double *parts = g_new0 (double, self->classes->len);

  for (guint i = 0; i < self->manager->shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (self->manager->shards, i);

      dgw_reshard_get_class (self, shard->id)->is_ours = TRUE;
      dgw_reshard_get_class (self, shard->id)->n_old++;
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

DgwReshard *
dgw_reshard_new (DgwShardManager *manager,
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
  self->by_id = g_new0 (DgwShard *, count);
  self->classes = g_array_new (FALSE, TRUE, sizeof (DgwGuildClass));
  g_array_set_size (self->classes, n_classes);
  for (guint i = 0; i < n_classes; i++)
    g_array_index (self->classes, DgwGuildClass, i).rest = i;
  if (check_classes (self, error))
    return self;

  dgw_reshard_free (self);
  return NULL;
}

static gint64
get_down_since (GPtrArray  *shards,
                DgwReshard *self,
                DgwGuildClass *class,
                gint64 since_us)
{
  for (guint i = 0; i < shards->len; i++)
    {
      DgwShard *shard = g_ptr_array_index (shards, i);

      if (shard->down_us > 0 && dgw_reshard_get_class (self, shard->id) == class)
        since_us = since_us > 0 ? MIN (since_us, shard->down_us) : shard->down_us;
    }

  return since_us;
}

/* An outage begins with the last sign of life, long before it shows. What is
 * sent again after it comes before the shard is READY. */
void
dgw_reshard_take_status (DgwReshard *self,
                         DgwShard   *shard)
{
  DgwGuildClass *class = dgw_reshard_get_class (self, shard->id);
  gint64   now_us = g_get_monotonic_time ();
  gboolean is_up = shard->status == DGW_STATUS_READY;

  if (is_up == (shard->up_us > 0))
    return;

  if (is_up && shard->down_us > 0)
    class->outage_us = MAX (class->outage_us, now_us - shard->down_us);
  shard->down_us = is_up ? 0 : MAX (shard->up_us, shard->gateway->heard_us);
  shard->up_us = is_up ? now_us : 0;
  shard->is_heard = FALSE;
  class->down_us = get_down_since (self->manager->shards, self, class, 0);
  class->down_us = get_down_since (self->fresh, self, class, class->down_us);
  dgw_timer_set (self->timer, now_us);
}

static void
watch_old (DgwReshard *self,
           DgwShard   *shard)
{
  gint64 now_us = g_get_monotonic_time ();

  shard->is_asked = FALSE;
  shard->up_us = 0;
  shard->down_us = now_us;
  dgw_reshard_get_class (self, shard->id)->down_us = now_us;
  dgw_gateway_set_judge (shard->gateway, dgw_reshard_record, self);
  dgw_reshard_take_status (self, shard);
}

static void
add_fresh (DgwReshard *self,
           guint       id)
{
  DgwShard *shard = dgw_shard_new (self->manager, id, self->count);

  shard->is_fresh = TRUE;
  shard->is_new = TRUE;
  g_ptr_array_add (self->fresh, shard);
  self->by_id[id] = shard;
  dgw_gateway_hold_events (shard->gateway, dgw_reshard_hold, self);
  dgw_shard_manager_enqueue (self->manager, shard);
  dgw_shard_manager_emit_added (self->manager, shard);
}

void
dgw_reshard_start (DgwReshard *self)
{
  DgwShardManager *manager = self->manager;

  self->timer = dgw_timer_new (manager->context, dgw_reshard_look_cb, manager);
  for (guint i = 0; i < self->classes->len; i++)
    {
      DgwGuildClass *class = &g_array_index (self->classes, DgwGuildClass, i);

      if (class->is_ours)
        class->echo = dgw_shard_echo_new ();
    }
  for (guint i = 0; i < manager->shards->len; i++)
    watch_old (self, g_ptr_array_index (manager->shards, i));
  for (guint id = 0; id < self->count && manager->reshard == self && self->task; id++)
    if (dgw_reshard_get_class (self, id)->is_ours)
      add_fresh (self, id);
  if (manager->reshard == self)
    dgw_shard_manager_advance (manager);
}
