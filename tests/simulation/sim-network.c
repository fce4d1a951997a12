/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-network.h"

#include <string.h>

#include "sim-host.h"
#include "sim-peer.h"
#include "sim-server.h"
#include "sim-shard.h"
#include "sim-world.h"

#define LONGEST_LOSS (20 * SIM_SECOND)

static void
free_parcel (SimParcel *parcel)
{
  g_clear_pointer (&parcel->bytes, g_bytes_unref);
  g_free (parcel);
}

static void
establish (gpointer target,
           guint64  serial)
{
  SimConn *self = target;

  if (self->is_over || sim_host_defers (self->world, establish, target, serial))
    return;

  if (self->is_refused)
    {
      self->is_over = TRUE;
      sim_shard_connect_failed (self->shard, self, self->http_status,
                                self->http_status == 429 ? sim_server_make_retry_after (self->world->server)
                                                         : -1);
      return;
    }

  self->is_open = TRUE;
  self->world->counts.connections++;
  self->peer = sim_peer_new (self);
  sim_shard_opened (self->shard, self);
}

static void
choose_refusal (SimConn *self)
{
  SimWorld *world = self->world;

  self->is_refused = TRUE;
  if (world->host.is_offline || sim_server_is_down (world->server, self->is_at_resume_host) ||
      sim_world_strikes (world, SIM_FAULT_DNS))
    self->http_status = 0;
  else if (sim_world_strikes (world, SIM_FAULT_HTTP_429))
    self->http_status = 429;
  else if (sim_world_strikes (world, SIM_FAULT_HTTP_5XX))
    self->http_status = 503;
  else if (sim_world_strikes (world, SIM_FAULT_HTTP_401))
    self->http_status = 401;
  else
    self->is_refused = FALSE;
}

SimConn *
sim_conn_new (SimShard   *shard,
              const char *url)
{
  SimConn  *self = g_new0 (SimConn, 1);
  SimWorld *world = shard->world;

  self->world = world;
  self->shard = shard;
  self->is_at_resume_host = g_str_has_prefix (url, SIM_RESUME_URL);
  self->delay_us = sim_rand_scale (&world->rand, SIM_MS, 200 * SIM_MS);
  for (guint side = 0; side < SIM_N_SIDES; side++)
    self->lanes[side].least_us = SIM_NEVER;
  g_ptr_array_add (world->conns, self);

  choose_refusal (self);
  if (sim_world_strikes (world, SIM_FAULT_NO_ANSWER))
    return self;

  sim_world_at (world, world->now_us + 3 * self->delay_us, establish, self, 0);

  return self;
}

void
sim_conn_free (SimConn *self)
{
  for (guint side = 0; side < SIM_N_SIDES; side++)
    g_queue_clear_full (&self->lanes[side].parcels, (GDestroyNotify)free_parcel);
  g_clear_pointer (&self->peer, sim_peer_free);
  g_free (self);
}

static void
deliver_to_client (SimConn   *self,
                   SimParcel *parcel)
{
  if (!parcel->is_close)
    {
      sim_shard_message (self->shard, self, parcel);
      return;
    }

  self->is_over = TRUE;
  sim_shard_closed (self->shard, self, parcel->code);
}

static void
deliver_to_server (SimConn   *self,
                   SimParcel *parcel)
{
  if (!parcel->is_close)
    {
      sim_peer_receive (self->peer, g_bytes_get_data (parcel->bytes, NULL));
      return;
    }

  self->is_over_there = TRUE;
  sim_peer_closed (self->peer, parcel->code);
}

static void
deliver (gpointer target,
         guint64  side)
{
  SimConn   *self = target;
  SimParcel *parcel;
  gboolean   is_over = side == SIM_TO_CLIENT ? self->is_over : self->is_over_there;

  if (side == SIM_TO_CLIENT && !is_over && sim_host_defers (self->world, deliver, target, side))
    return;

  parcel = g_queue_pop_head (&self->lanes[side].parcels);
  if (parcel == NULL)
    return;

  if (!is_over && !self->lanes[side].is_blocked && self->peer)
    {
      if (side == SIM_TO_CLIENT)
        deliver_to_client (self, parcel);
      else
        deliver_to_server (self, parcel);
    }
  free_parcel (parcel);
}

static gint64
get_delay (SimConn *self)
{
  SimWorld *world = self->world;
  gint64    delay_us = self->delay_us;

  if (sim_world_strikes (world, SIM_FAULT_DELAY))
    delay_us += sim_rand_scale (&world->rand, SIM_MS, 2 * SIM_SECOND);
  if (sim_world_strikes (world, SIM_FAULT_LOSS))
    delay_us += sim_rand_scale (&world->rand, 200 * SIM_MS, LONGEST_LOSS);

  return delay_us;
}

void
sim_conn_send (SimConn   *self,
               SimSide    side,
               SimParcel *parcel)
{
  SimParcel *copy = g_memdup2 (parcel, sizeof *parcel);
  gint64     sent_us = self->world->now_us;

  copy->at_us = MAX (self->lanes[side].last_us, sent_us + get_delay (self));
  self->lanes[side].last_us = copy->at_us;
  self->lanes[side].least_us = MIN (self->lanes[side].least_us, copy->at_us - sent_us);
  self->lanes[side].most_us = MAX (self->lanes[side].most_us, copy->at_us - sent_us);
  g_queue_push_tail (&self->lanes[side].parcels, copy);
  sim_world_at (self->world, copy->at_us, deliver, self, side);
}

void
sim_conn_close (SimConn *self,
                SimSide  side,
                guint    code)
{
  sim_conn_send (self, side, &(SimParcel){.is_close = TRUE, .code = code});
}

void
sim_conn_drop (SimConn *self)
{
  gboolean was_open = self->is_open && !self->is_over;

  self->is_over = TRUE;
  if (was_open)
    sim_conn_close (self, SIM_TO_SERVER, 0);
}

/* A part of what was sent arrives before the end of it all. */
static void
cut (SimConn *self,
     SimSide  side)
{
  GQueue *parcels = &self->lanes[side].parcels;
  guint   n_left = sim_rand_below (&self->world->rand, g_queue_get_length (parcels) + 1);

  while (g_queue_get_length (parcels) > n_left)
    free_parcel (g_queue_pop_tail (parcels));
  sim_conn_close (self, side, 0);
}

void
sim_conn_reset (SimConn *self)
{
  cut (self, SIM_TO_CLIENT);
  cut (self, SIM_TO_SERVER);
}

void
sim_conn_block (SimConn *self)
{
  for (guint side = 0; side < SIM_N_SIDES; side++)
    self->lanes[side].is_blocked = TRUE;
}

gboolean
sim_conn_is_live (SimConn *self)
{
  return self->is_open && !self->is_over && !self->is_over_there;
}
