/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-application.h"

#include "sim-commands.h"
#include "sim-host.h"
#include "sim-shard.h"
#include "sim-watch.h"
#include "sim-world.h"

#define MOST_AT_ONCE 300
#define MOST_IN_ALL  600

static void
work (gpointer target,
      guint64  serial);

static void
schedule_work (SimApplication *self)
{
  SimWorld *world = self->shard->world;

  if (world->now_us < world->well_us && sim_commands_get_total (self->shard->commands) < MOST_IN_ALL)
    sim_world_at (world, world->now_us + sim_rand_wait (&world->rand, self->command_mean_us), work, self, 0);
}

static void
work (gpointer target,
      guint64  serial)
{
  SimApplication *self = target;
  SimRand        *rand = &self->shard->world->rand;
  guint           n = sim_rand_chance (rand, 0.02) ? sim_rand_below (rand, MOST_AT_ONCE) : 1;

  if (sim_host_defers (self->shard->world, work, target, serial))
    return;

  if (sim_rand_chance (rand, 0.2))
    for (guint i = MIN (n, 20); i > 0; i--)
      sim_commands_set_presence (self->shard->commands);
  else if (sim_rand_chance (rand, 0.1))
    sim_commands_cancel_some (self->shard->commands);
  else
    for (guint i = n; i > 0; i--)
      sim_commands_make_some (self->shard->commands);
  schedule_work (self);
}

SimApplication *
sim_application_new (SimShard *shard)
{
  SimApplication *self = g_new0 (SimApplication, 1);
  SimRand        *rand = &shard->world->rand;

  self->shard = shard;
  self->command_mean_us = sim_rand_chance (rand, 0.4) ? sim_rand_scale (rand, 200 * SIM_MS, SIM_MINUTE) : 0;
  if (self->command_mean_us > 0)
    schedule_work (self);

  return self;
}

void
sim_application_free (SimApplication *self)
{
  g_free (self);
}

static void
open (gpointer target,
      guint64  serial)
{
  SimApplication *self = target;

  if (sim_host_defers (self->shard->world, open, target, serial))
    return;

  self->is_opening = FALSE;
  if (!self->is_done)
    sim_shard_start (self->shard);
}

void
sim_application_open (SimApplication *self,
                      gint64          most_us)
{
  SimWorld *world = self->shard->world;

  if (self->is_opening || self->is_done)
    return;

  self->is_opening = TRUE;
  sim_world_at (world, world->now_us + sim_rand_between (&world->rand, 0, most_us), open, self, 0);
}

static void
catch_up (gpointer target,
          guint64  serial)
{
  SimApplication *self = target;

  if (sim_host_defers (self->shard->world, catch_up, target, serial))
    return;

  if (self->shard->world->now_us >= self->slow_until_us)
    sim_shard_catch_up (self->shard);
}

/* Whatever ended it, it opens again. */
void
sim_application_settled (SimApplication *self)
{
  SimWorld *world = self->shard->world;

  if (!self->shard->watch->is_running)
    sim_application_open (self, 20 * SIM_SECOND);
  if (world->now_us >= self->slow_until_us && !self->shard->is_held)
    self->shard->n_waiting = 0;
}

void
sim_application_be_slow (SimApplication *self)
{
  SimWorld *world = self->shard->world;

  self->slow_until_us = world->now_us + sim_rand_scale (&world->rand, SIM_SECOND, 5 * SIM_MINUTE);
  sim_world_at (world, self->slow_until_us, catch_up, self, 0);
}

void
sim_application_stop (SimApplication *self)
{
  static const struct
  {
    DgwStopKind kind;
    guint       code;
  } ways[] = {
    {DGW_STOP_CLOSE,   1000},
    {DGW_STOP_CLOSE,   1001},
    {DGW_STOP_CLOSE,   4000},
    {DGW_STOP_SUSPEND, 1000},
    {DGW_STOP_SUSPEND, 4500},
    {DGW_STOP_CANCEL,  0   }
  };
  guint way = sim_rand_below (&self->shard->world->rand, G_N_ELEMENTS (ways));

  sim_shard_stop (self->shard, ways[way].kind, ways[way].code);
}

void
sim_application_change_options (SimApplication *self)
{
  sim_shard_set_intents (self->shard, sim_rand_chance (&self->shard->world->rand, 0.8)
                                        ? 512 + sim_rand_below (&self->shard->world->rand, 4)
                                        : 513);
}

void
sim_application_crash (SimApplication *self)
{
  sim_shard_crash (self->shard, sim_rand_chance (&self->shard->world->rand, 0.7));
}

void
sim_application_finish (SimApplication *self)
{
  self->is_done = TRUE;
  sim_shard_stop (self->shard, DGW_STOP_CLOSE, 1000);
}
