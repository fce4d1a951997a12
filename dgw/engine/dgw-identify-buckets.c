/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-identify-buckets-private.h"

/* Kept are the slots taken and not the times at which buckets are free: which
 * bucket a shard is in changes with the concurrency. Slots older than the
 * window are forgotten, so there are never many.
 *
 * https://discord.com/developers/docs/events/gateway#rate-limiting */

/* Resets that lie no further apart are those of one day, told twice. */
#define SAME_RESET_US (10 * G_TIME_SPAN_MINUTE)

typedef struct
{
  guint64 id;
  guint   shard_id;
} Request;

typedef struct
{
  guint  shard_id;
  gint64 free_us; /* when the bucket is free again */
} Slot;

struct _DgwIdentifyBuckets
{
  guint   max_concurrency;
  gint64  window_us;
  GArray *requests; /* of Request, first come first */
  GArray *slots;    /* of Slot, in the order they were taken */
  guint64 last_id;

  gboolean knows_budget;
  guint    total;
  guint    remaining;
  gint64   reset_us;
};

DgwIdentifyBuckets *
dgw_identify_buckets_new (guint  max_concurrency,
                          gint64 window_us)
{
  DgwIdentifyBuckets *self = g_new0 (DgwIdentifyBuckets, 1);

  self->max_concurrency = MAX (max_concurrency, 1);
  self->window_us = window_us;
  self->requests = g_array_new (FALSE, FALSE, sizeof (Request));
  self->slots = g_array_new (FALSE, FALSE, sizeof (Slot));

  return self;
}

void
dgw_identify_buckets_free (DgwIdentifyBuckets *self)
{
  g_array_unref (self->requests);
  g_array_unref (self->slots);
  g_free (self);
}

void
dgw_identify_buckets_set_max_concurrency (DgwIdentifyBuckets *self,
                                          guint               max_concurrency)
{
  self->max_concurrency = MAX (max_concurrency, 1);
}

/* A day is over: there are as many session starts as before. */
static void
renew_budget (DgwIdentifyBuckets *self,
              gint64              now_us)
{
  if (!self->knows_budget || now_us < self->reset_us)
    return;

  self->remaining = self->total;
  self->reset_us = now_us + G_TIME_SPAN_DAY;
}

void
dgw_identify_buckets_set_budget (DgwIdentifyBuckets *self,
                                 guint               total,
                                 guint               remaining,
                                 gint64              reset_us,
                                 gint64              now_us)
{
  renew_budget (self, now_us);
  if (self->knows_budget && ABS (reset_us - self->reset_us) < SAME_RESET_US)
    remaining = MIN (remaining, self->remaining);

  self->knows_budget = TRUE;
  self->total = MAX (total, 1);
  self->remaining = remaining;
  self->reset_us = reset_us;
}

guint64
dgw_identify_buckets_add (DgwIdentifyBuckets *self,
                          guint               shard_id)
{
  Request request = {++self->last_id, shard_id};

  g_array_append_val (self->requests, request);

  return request.id;
}

gboolean
dgw_identify_buckets_cancel (DgwIdentifyBuckets *self,
                             guint64             id)
{
  for (guint i = 0; i < self->requests->len; i++)
    if (g_array_index (self->requests, Request, i).id == id)
      {
        g_array_remove_index (self->requests, i);
        return TRUE;
      }

  return FALSE;
}

static void
forget_slots (DgwIdentifyBuckets *self,
              gint64              now_us)
{
  guint n_old = 0;

  while (n_old < self->slots->len && g_array_index (self->slots, Slot, n_old).free_us <= now_us)
    n_old++;
  if (n_old > 0)
    g_array_remove_range (self->slots, 0, n_old);
}

/* When the shard's bucket is free; G_MININT64: it is. */
static gint64
get_free_us (DgwIdentifyBuckets *self,
             guint               shard_id)
{
  gint64 free_us = G_MININT64;

  for (guint i = 0; i < self->slots->len; i++)
    {
      const Slot *slot = &g_array_index (self->slots, Slot, i);

      if (slot->shard_id % self->max_concurrency == shard_id % self->max_concurrency)
        free_us = MAX (free_us, slot->free_us);
    }

  return free_us;
}

guint64
dgw_identify_buckets_pop (DgwIdentifyBuckets *self,
                          gint64              now_us)
{
  forget_slots (self, now_us);
  renew_budget (self, now_us);
  if (self->knows_budget && self->remaining == 0)
    return 0;

  for (guint i = 0; i < self->requests->len; i++)
    {
      Request request = g_array_index (self->requests, Request, i);
      Slot    slot = {request.shard_id, now_us + self->window_us};

      if (get_free_us (self, request.shard_id) > now_us)
        continue;

      g_array_remove_index (self->requests, i);
      g_array_append_val (self->slots, slot);
      if (self->knows_budget)
        self->remaining--;

      return request.id;
    }

  return 0;
}

void
dgw_identify_buckets_release (DgwIdentifyBuckets *self,
                              guint               shard_id)
{
  for (guint i = self->slots->len; i-- > 0;)
    if (g_array_index (self->slots, Slot, i).shard_id == shard_id)
      {
        g_array_remove_index (self->slots, i);
        if (self->knows_budget)
          self->remaining = MIN (self->remaining + 1, self->total);
        return;
      }
}

gint64
dgw_identify_buckets_get_deadline (DgwIdentifyBuckets *self)
{
  gint64 due_us = G_MAXINT64;

  for (guint i = 0; i < self->requests->len; i++)
    due_us = MIN (due_us, get_free_us (self, g_array_index (self->requests, Request, i).shard_id));
  if (self->requests->len > 0 && self->knows_budget && self->remaining == 0)
    due_us = MAX (due_us, self->reset_us);

  return due_us;
}
