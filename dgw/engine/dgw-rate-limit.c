/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-rate-limit-private.h"

/* Theory of operation.
 *
 * The send times of the last `limit` payloads stand in a ring. A payload may go
 * out while fewer than `limit` of them are younger than the window; a fixed
 * window would let twice the limit through around its edge. Commands see a
 * limit that is smaller by the reserve, so that a flood of them never holds up
 * a heartbeat.
 *
 * A limit of 0 is none.
 *
 * https://discord.com/developers/docs/events/gateway#rate-limiting */

static guint
ring_index (const DgwRateLimit *self,
            guint               nth)
{
  return (self->first + nth) % self->limit;
}

static guint
cut_reserve (guint limit,
             guint reserved)
{
  return limit > 0 ? MIN (reserved, limit - 1) : 0;
}

void
dgw_rate_limit_init (DgwRateLimit *self,
                     guint         limit,
                     guint         reserved,
                     gint64        window_us)
{
  *self = (DgwRateLimit){
    .sent_us = g_new0 (gint64, limit),
    .limit = limit,
    .reserved = cut_reserve (limit, reserved),
    .window_us = window_us,
  };
}

void
dgw_rate_limit_clear (DgwRateLimit *self)
{
  g_clear_pointer (&self->sent_us, g_free);
  *self = (DgwRateLimit){0};
}

void
dgw_rate_limit_set_limit (DgwRateLimit *self,
                          guint         limit,
                          guint         reserved)
{
  gint64 *sent_us;
  guint   n_kept;

  self->reserved = cut_reserve (limit, reserved);
  if (limit == self->limit)
    return;

  sent_us = g_new0 (gint64, limit);
  n_kept = MIN (self->n_sent, limit);
  for (guint i = 0; i < n_kept; i++)
    sent_us[i] = self->sent_us[ring_index (self, self->n_sent - n_kept + i)];

  g_free (self->sent_us);
  self->sent_us = sent_us;
  self->first = 0;
  self->n_sent = n_kept;
  self->limit = limit;
}

void
dgw_rate_limit_reset (DgwRateLimit *self)
{
  self->first = 0;
  self->n_sent = 0;
}

static void
remove_oldest (DgwRateLimit *self)
{
  self->first = ring_index (self, 1);
  self->n_sent--;
}

static void
forget_old (DgwRateLimit *self,
            gint64        now_us)
{
  while (self->n_sent > 0 && self->sent_us[self->first] + self->window_us <= now_us)
    remove_oldest (self);
}

gint64
dgw_rate_limit_next_slot_us (DgwRateLimit   *self,
                             DgwRateLimitUse use,
                             gint64          now_us)
{
  guint usable = use == DGW_RATE_LIMIT_INTERNAL ? self->limit : self->limit - self->reserved;

  if (self->limit == 0)
    return now_us;

  forget_old (self, now_us);
  if (self->n_sent < usable)
    return now_us;

  return self->sent_us[ring_index (self, self->n_sent - usable)] + self->window_us;
}

gboolean
dgw_rate_limit_can_send (DgwRateLimit   *self,
                         DgwRateLimitUse use,
                         gint64          now_us)
{
  return dgw_rate_limit_next_slot_us (self, use, now_us) <= now_us;
}

gboolean
dgw_rate_limit_has_room (DgwRateLimit *self,
                         guint         n,
                         gint64        now_us)
{
  forget_old (self, now_us);

  return self->limit == 0 || self->n_sent + n <= self->limit;
}

void
dgw_rate_limit_sent (DgwRateLimit *self,
                     gint64        now_us)
{
  if (self->limit == 0)
    return;

  if (self->n_sent == self->limit)
    remove_oldest (self);
  self->sent_us[ring_index (self, self->n_sent)] = now_us;
  self->n_sent++;
}
