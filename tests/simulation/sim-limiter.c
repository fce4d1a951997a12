/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-limiter.h"

#include "engine/dgw-identify-buckets-private.h"
#include "sim-host.h"
#include "sim-shard.h"
#include "sim-world.h"

#define WINDOW_US (5 * SIM_SECOND)

struct _SimLimiter
{
  SimWorld           *world;
  DgwIdentifyBuckets *buckets;
  GHashTable         *waiting; /* guint64 -> SimShard */
  guint64             timer;
  gboolean            knows_budget;
  gboolean            was_blind;
};

SimLimiter *
sim_limiter_new (SimWorld *world)
{
  SimLimiter *self = g_new0 (SimLimiter, 1);

  self->world = world;
  self->buckets = dgw_identify_buckets_new (1, WINDOW_US);
  self->waiting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  return self;
}

void
sim_limiter_free (SimLimiter *self)
{
  dgw_identify_buckets_free (self->buckets);
  g_hash_table_unref (self->waiting);
  g_free (self);
}

static void
settle (SimLimiter *self);

static void
due (gpointer target,
     guint64  serial)
{
  SimLimiter *self = target;

  if (serial == self->timer && !sim_host_defers (self->world, due, target, serial))
    settle (self);
}

static void
set_timer (SimLimiter *self)
{
  gint64 due_us = dgw_identify_buckets_get_deadline (self->buckets);

  self->timer++;
  if (due_us != SIM_NEVER)
    sim_world_at (self->world, MAX (due_us + self->world->host.slept_us, self->world->now_us), due, self,
                  self->timer);
}

static void
settle (SimLimiter *self)
{
  guint64 id;

  while ((id = dgw_identify_buckets_pop (self->buckets, sim_host_get_now (self->world))) != 0)
    {
      SimShard *shard = g_hash_table_lookup (self->waiting, &id);

      g_hash_table_remove (self->waiting, &id);
      self->was_blind |= !self->knows_budget;
      sim_world_at (self->world, self->world->now_us, sim_shard_permitted, shard, id);
    }
  set_timer (self);
}

void
sim_limiter_update (SimLimiter             *self,
                    const DgwGatewayAnswer *answer)
{
  gint64 now_us = sim_host_get_now (self->world);

  self->knows_budget = TRUE;
  dgw_identify_buckets_set_budget (self->buckets, answer->total, answer->remaining,
                                   now_us + answer->reset_after_ms * SIM_MS, now_us);
  dgw_identify_buckets_set_max_concurrency (self->buckets, answer->max_concurrency);
  settle (self);
}

gboolean
sim_limiter_was_blind (SimLimiter *self)
{
  return self->was_blind;
}

guint64
sim_limiter_acquire (SimLimiter *self,
                     SimShard   *shard)
{
  guint64 id = dgw_identify_buckets_add (self->buckets, shard->id);

  g_hash_table_insert (self->waiting, g_memdup2 (&id, sizeof id), shard);
  settle (self);

  return id;
}

void
sim_limiter_give_back (SimLimiter *self,
                       SimShard   *shard,
                       guint64     id,
                       gboolean    is_used)
{
  if (g_hash_table_remove (self->waiting, &id))
    dgw_identify_buckets_cancel (self->buckets, id);
  else if (!is_used)
    dgw_identify_buckets_release (self->buckets, shard->id);
  settle (self);
}
