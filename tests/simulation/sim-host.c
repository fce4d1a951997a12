/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-host.h"

#include "sim-network.h"
#include "sim-shard.h"
#include "sim-world.h"

gboolean
sim_host_defers (SimWorld  *world,
                 SimHandler run,
                 gpointer   target,
                 guint64    serial)
{
  if (world->now_us >= world->host.away_until_us)
    return FALSE;

  sim_world_at (world, world->host.away_until_us, run, target, serial);

  return TRUE;
}

gint64
sim_host_get_now (SimWorld *world)
{
  return world->now_us - world->host.slept_us;
}

static void
for_each_shard (SimWorld *world,
                void (*function) (SimShard *shard, gint64 value),
                gint64 value)
{
  for (guint i = 0; i < world->shards->len; i++)
    function (g_ptr_array_index (world->shards, i), value);
}

static void
cut_all (SimWorld *world)
{
  for (guint i = 0; i < world->conns->len; i++)
    sim_conn_block (g_ptr_array_index (world->conns, i));
}

static void
woke (gpointer target,
      guint64  slept_us)
{
  SimWorld *world = target;

  if (sim_host_defers (world, woke, target, slept_us))
    return;

  sim_world_note (world, "host: awake after %.3f s", (double)slept_us / SIM_SECOND);
  for_each_shard (world, sim_shard_woke, (gint64)slept_us);
}

void
sim_host_sleep (SimWorld *world)
{
  gint64 slept_us = sim_rand_scale (&world->rand, SIM_SECOND, 30 * SIM_MINUTE);

  if (world->now_us < world->host.away_until_us)
    return;

  sim_world_note (world, "host: sleeps");
  world->host.slept_us += slept_us;
  world->host.away_until_us = world->now_us + slept_us;
  if (sim_rand_chance (&world->rand, 0.5))
    cut_all (world);
  /* Some hosts do not tell, and then nobody knows that time has passed. */
  if (sim_rand_chance (&world->rand, 0.8))
    sim_world_at (world, world->host.away_until_us, woke, world, (guint64)slept_us);
  else
    world->host.is_secretive = TRUE;
}

void
sim_host_freeze (SimWorld *world)
{
  if (world->now_us < world->host.away_until_us)
    return;

  sim_world_note (world, "host: frozen");
  world->host.away_until_us = world->now_us + sim_rand_scale (&world->rand, SIM_SECOND / 10, 5 * SIM_MINUTE);
}

static void
tell_network (gpointer target,
              guint64  serial)
{
  SimWorld  *world = target;
  DgwNetwork network = world->host.is_offline ? DGW_NETWORK_UNAVAILABLE : DGW_NETWORK_AVAILABLE;

  if (sim_host_defers (world, tell_network, target, serial))
    return;

  sim_world_note (world, "host: %s", world->host.is_offline ? "no network" : "network");
  for_each_shard (world, sim_shard_set_network, network);
}

void
sim_host_change_route (SimWorld *world)
{
  cut_all (world);
  sim_world_at (world, world->now_us + sim_rand_between (&world->rand, 0, SIM_SECOND), tell_network, world, 0);
}

static void
go_online (gpointer target,
           guint64  serial)
{
  SimWorld *world = target;

  world->host.is_offline = FALSE;
  tell_network (world, 0);
}

void
sim_host_go_offline (SimWorld *world)
{
  if (world->host.is_offline)
    return;

  world->host.is_offline = TRUE;
  cut_all (world);
  tell_network (world, 0);
  sim_world_at (world, world->now_us + sim_rand_scale (&world->rand, SIM_SECOND, 10 * SIM_MINUTE), go_online,
                world, 0);
}

void
sim_host_heal (SimWorld *world)
{
  if (world->host.is_offline)
    go_online (world, 0);
}
