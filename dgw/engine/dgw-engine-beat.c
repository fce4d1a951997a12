/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "engine/dgw-engine-internal-private.h"

/* A gateway that wants so many beats that they alone would take half of the
 * limit, as a simulated one in a hurry, cannot mean them to count. */
static gboolean
counts_beats (DgwEngine *self)
{
  return self->connection.heartbeat.interval_us * self->options.commands_per_minute / 2 >= DGW_RATE_LIMIT_WINDOW_US;
}

/* How many of the schedule may fall into one window. */
static guint
get_most_beats (DgwEngine *self)
{
  return counts_beats (self) ? (guint)(DGW_RATE_LIMIT_WINDOW_US / self->connection.heartbeat.interval_us) + 1 : 0;
}

/* Commands leave room for all beats, whatever the gateway's interval is, and
 * for one that is asked for. */
void
dgw_engine_reserve_beats (DgwEngine *self)
{
  guint most_beats = self->connection.heartbeat.interval_us > 0 ? get_most_beats (self) : 0;

  dgw_rate_limit_set_limit (&self->sends, self->options.commands_per_minute, MAX (self->options.reserved_commands, most_beats + 1));
}

/* Heartbeats never wait for the send limit: part of it is kept for them. */
static void
send_beat (DgwEngine *self)
{
  char *text = dgw_frame_write_heartbeat (self->session.sequence);

  if (counts_beats (self))
    dgw_engine_send (self, text);
  else
    dgw_engine_push (self, DGW_ACTION_SEND)->text = text;
}

/* The peer of a dead connection would not answer a close frame either: the next
 * connection does not wait for it. */
void
dgw_engine_on_beat_due (DgwEngine         *self,
                        const DgwStimulus *stimulus)
{
  if (dgw_heartbeat_check (&self->connection.heartbeat) == DGW_HEARTBEAT_DEAD)
    {
      dgw_engine_close_and_end (self,
                                DGW_CAUSE_HEARTBEAT_LOST,
                                g_error_new_literal (DGW_GATEWAY_ERROR,
                                                     DGW_GATEWAY_ERROR_HEARTBEAT_LOST,
                                                     _ ("The gateway did not acknowledge a heartbeat. The connection is made anew.")));
      return;
    }

  send_beat (self);
  dgw_heartbeat_sent_scheduled (&self->connection.heartbeat, self->now_us);
}

/* A peer that asks without end does not make this side break the send limit:
 * there has to be room left for the beats of the schedule, which go out all the
 * same. */
gboolean
dgw_engine_send_extra_beat (DgwEngine *self)
{
  if (counts_beats (self) && !dgw_rate_limit_has_room (&self->sends, get_most_beats (self) + 1, self->now_us))
    return FALSE;

  send_beat (self);
  dgw_heartbeat_sent_requested (&self->connection.heartbeat, self->now_us);

  return TRUE;
}

void
dgw_engine_on_beat_request (DgwEngine         *self,
                            const DgwStimulus *stimulus)
{
  dgw_engine_send_extra_beat (self);
}

void
dgw_engine_on_ack (DgwEngine         *self,
                   const DgwStimulus *stimulus)
{
  DgwHeartbeat *heartbeat = &self->connection.heartbeat;
  DgwAction    *action;

  if (!dgw_heartbeat_acked (heartbeat, self->now_us))
    return;

  action = dgw_engine_push (self, DGW_ACTION_ACKED);
  action->latency.last_us = dgw_heartbeat_get_latency (heartbeat);
  action->latency.average_us = dgw_heartbeat_get_average_latency (heartbeat);
  action->latency.sent_us = self->now_us - action->latency.last_us;
}
