/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-heartbeat-private.h"

/* Theory of operation.
 *
 * Discord wants a beat each interval, the first after a random part of one, and
 * acknowledges each. A connection whose beats are not acknowledged is dead,
 * although nothing else may tell: that is what `n_missed` counts. A reader that
 * is busy with a long backlog sees the ACK late, so one missing ACK is forgiven
 * as long as other messages come; two are not.
 *
 * Latency needs to know which beat an ACK belongs to. ACKs carry no number but
 * come in order, so the oldest beat outstanding is meant. A beat that had no
 * ACK for a whole interval is given up, and as the next ACK may still be the
 * one for it, that one gives no latency.
 *
 * https://discord.com/developers/docs/events/gateway#sustaining-a-connection */

#define MAX_MISSED  2
#define LATENESS_US G_USEC_PER_SEC

void
dgw_heartbeat_start (DgwHeartbeat *self,
                     gint64        interval_us,
                     double        random01,
                     gint64        now_us)
{
  g_assert (interval_us > 0);

  *self = (DgwHeartbeat){
    .interval_us = interval_us,
    .next_us = now_us + (gint64)((double)interval_us * CLAMP (random01, 0.0, 1.0)),
    .time_us = now_us,
    .alive_us = now_us,
    .latency_us = -1,
  };
}

gboolean
dgw_heartbeat_has_jumped (DgwHeartbeat *self,
                          gint64        now_us)
{
  gint64 passed_us = now_us - self->time_us;

  if (self->interval_us == 0)
    return FALSE;

  self->time_us = MAX (self->time_us, now_us);

  return passed_us > self->interval_us + LATENESS_US;
}

gint64
dgw_heartbeat_get_deadline (const DgwHeartbeat *self)
{
  return self->interval_us > 0 ? self->next_us : G_MAXINT64;
}

gboolean
dgw_heartbeat_is_due (const DgwHeartbeat *self,
                      gint64              now_us)
{
  return dgw_heartbeat_get_deadline (self) <= now_us;
}

DgwHeartbeatVerdict
dgw_heartbeat_check (const DgwHeartbeat *self)
{
  if (self->n_missed == 0)
    return DGW_HEARTBEAT_OK;
  if (self->n_missed >= MAX_MISSED || self->alive_us <= self->missed_us)
    return DGW_HEARTBEAT_DEAD;

  return DGW_HEARTBEAT_WAIT;
}

static void
push_sent (DgwHeartbeat *self,
           gint64        now_us)
{
  if (self->n_sent == G_N_ELEMENTS (self->sent_us))
    {
      self->n_lost += self->n_sent;
      self->n_sent = 0;
    }
  self->sent_us[self->n_sent++] = now_us;
}

static void
remove_oldest (DgwHeartbeat *self)
{
  self->n_sent--;
  for (guint i = 0; i < self->n_sent; i++)
    self->sent_us[i] = self->sent_us[i + 1];
}

static void
give_up_old_beats (DgwHeartbeat *self,
                   gint64        now_us)
{
  while (self->n_sent > 0 && now_us - self->sent_us[0] >= self->interval_us)
    {
      remove_oldest (self);
      self->n_lost++;
    }
}

void
dgw_heartbeat_sent_scheduled (DgwHeartbeat *self,
                              gint64        now_us)
{
  if (self->interval_us == 0)
    return;

  give_up_old_beats (self, now_us);
  push_sent (self, now_us);
  if (self->n_missed++ == 0)
    self->missed_us = now_us;

  /* Beats that were overslept are not made up for: no bursts. */
  self->next_us += self->interval_us;
  if (self->next_us <= now_us)
    self->next_us += (now_us - self->next_us) / self->interval_us * self->interval_us + self->interval_us;
}

void
dgw_heartbeat_sent_requested (DgwHeartbeat *self,
                              gint64        now_us)
{
  if (self->interval_us > 0)
    push_sent (self, now_us);
}

gboolean
dgw_heartbeat_acked (DgwHeartbeat *self,
                     gint64        now_us)
{
  gboolean certain = self->n_lost == 0;

  if (self->n_sent == 0 && certain)
    return FALSE;

  self->n_missed = 0;
  if (!certain)
    {
      self->n_sent = 0;
      self->n_lost = 0;
      return FALSE;
    }

  self->latency_us = MAX (now_us - self->sent_us[0], 0);
  self->latency_sum_us += self->latency_us;
  self->n_latencies++;
  remove_oldest (self);

  return TRUE;
}

gboolean
dgw_heartbeat_is_answered (const DgwHeartbeat *self,
                           gint64              sent_us)
{
  return self->n_lost == 0 && (self->n_sent == 0 || self->sent_us[0] > sent_us);
}

void
dgw_heartbeat_alive (DgwHeartbeat *self,
                     gint64        now_us)
{
  self->alive_us = MAX (self->alive_us, now_us);
}

gint64
dgw_heartbeat_get_latency (const DgwHeartbeat *self)
{
  return self->n_latencies > 0 ? self->latency_us : -1;
}

gint64
dgw_heartbeat_get_average_latency (const DgwHeartbeat *self)
{
  return self->n_latencies > 0 ? self->latency_sum_us / self->n_latencies : -1;
}
