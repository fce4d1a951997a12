/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-world.h"

#include <string.h>

#include "sim-application.h"
#include "sim-commands.h"
#include "sim-limiter.h"
#include "sim-log.h"
#include "sim-network.h"
#include "sim-server.h"
#include "sim-shard.h"
#include "sim-storm.h"
#include "sim-watch.h"

/* Theory of operation.
 *
 * A world is one bot: a server, a network, a host and a few shards, and an
 * agenda of what happens when. For some minutes of its own time a few kinds of
 * faults strike at rates that the seed decides; then the world is well, and
 * every shard has to be ready again, with every event, before long; then all is
 * closed, and nothing may be left.
 *
 * Nothing but the seed decides anything: no clock, no thread, no socket. */

#define STREAM     1
#define MAX_SHARDS 4
#define LOOK_EVERY (500 * SIM_MS)
#define USE_EVERY  (30 * SIM_SECOND)
#define MOST_STEPS 1000000

/* After the last thing that the server demands: the longest back-off, a
 * connection that is found dead, a login that is not answered, and one that
 * takes its turn. */
#define RECOVERY_US (10 * SIM_MINUTE)

void
sim_world_at (SimWorld  *self,
              gint64     at_us,
              SimHandler run,
              gpointer   target,
              guint64    serial)
{
  guint64 order = self->n_entries++;

  if (self->grid_us > 0)
    {
      at_us = (at_us + self->grid_us - 1) / self->grid_us * self->grid_us;
      order = sim_rand_next (&self->faults.rands[SIM_FAULT_REORDER]);
      self->faults.injected[SIM_FAULT_REORDER]++;
    }
  sim_agenda_add (self->agenda, (SimEntry){at_us, order, run, target, serial});
}

gboolean
sim_world_strikes (SimWorld *self,
                   SimFault  fault)
{
  gboolean strikes = sim_faults_strike (&self->faults, fault);

  if (strikes && fault > SIM_FAULT_REORDER)
    sim_world_note (self, "*** %s", sim_fault_get_name (fault));

  return strikes;
}

void
sim_world_fail (SimWorld   *self,
                SimRule     rule,
                const char *format,
                ...)
{
  va_list args;

  if (self->verdict.is_failure)
    return;

  self->verdict = (SimVerdict){.is_failure = TRUE, .rule = rule, .at_us = self->now_us - self->start_us};
  va_start (args, format);
  g_vsnprintf (self->verdict.message, sizeof self->verdict.message, format, args);
  va_end (args);
  sim_world_note (self, "FAILED %s: %s", sim_rule_get_name (rule), self->verdict.message);
}

void
sim_world_write (SimWorld   *self,
                 const char *format,
                 ...)
{
  va_list args;

  g_string_append_printf (self->trace, "%12.6f ", (double)(self->now_us - self->start_us) / SIM_SECOND);
  va_start (args, format);
  g_string_append_vprintf (self->trace, format, args);
  va_end (args);
  g_string_append_c (self->trace, '\n');
}

static void
finish (gpointer target,
        guint64  serial)
{
  SimWorld *self = target;

  for (guint i = 0; i < self->shards->len; i++)
    {
      SimShard *shard = g_ptr_array_index (self->shards, i);

      if (shard->watch->is_running || sim_commands_get_open (shard->commands) > 0)
        sim_world_fail (self, SIM_RULE_IDLE, "shard %u does not stop", i);
    }
  self->is_over = TRUE;
}

/* A presence that was sent on a connection that hung is lost, and nobody knows:
 * only one that was set since counts. */
static gboolean
is_shard_up_to_date (SimShard *shard,
                     gboolean  with_presence)
{
  return sim_watch_is_up_to_date (shard->watch) && sim_commands_get_open (shard->commands) == 0 &&
         (!with_presence || sim_commands_is_presence_up_to_date (shard->commands));
}

static gboolean
is_up_to_date (SimWorld *self,
               gboolean  with_presence)
{
  for (guint i = 0; i < self->shards->len; i++)
    if (!is_shard_up_to_date (g_ptr_array_index (self->shards, i), with_presence))
      return FALSE;

  return TRUE;
}

static void
for_each_application (SimWorld *self,
                      void (*function) (SimApplication *application))
{
  for (guint i = 0; i < self->shards->len; i++)
    function (((SimShard *)g_ptr_array_index (self->shards, i))->application);
}

/* An event and a presence for each: both ways have to be open. */
static void
use_all (SimWorld *self)
{
  self->used_us = self->now_us;
  for (guint i = 0; i < self->shards->len; i++)
    {
      SimShard *shard = g_ptr_array_index (self->shards, i);

      sim_session_emit_some (shard->watch->memory.session);
      sim_commands_set_presence (shard->commands);
    }
}

/* The client may have counted session starts that the server did not, and its
 * clock stood still whenever the host slept. */
static gint64
get_demanded (SimWorld *self)
{
  gint64 demanded_us =
    self->server->is_short ? MAX (self->demanded_us, self->server->reset_us) : self->demanded_us;

  return demanded_us + self->host.slept_us;
}

static void
explain_late (SimWorld *self,
              gboolean  with_presence)
{
  for (guint i = 0; i < self->shards->len; i++)
    {
      SimShard *shard = g_ptr_array_index (self->shards, i);

      if (!is_shard_up_to_date (shard, with_presence))
        sim_world_fail (self, SIM_RULE_RECOVERS,
                        "%.0f s after the world is well: shard %u is %s, its events are %s, its presence is "
                        "%s, %u commands are open",
                        (double)(self->now_us - self->well_us) / SIM_SECOND, shard->id,
                        dgw_status_to_string (shard->watch->status),
                        sim_watch_is_up_to_date (shard->watch) ? "there" : "missing",
                        sim_commands_is_presence_up_to_date (shard->commands) ? "there" : "missing",
                        sim_commands_get_open (shard->commands));
    }
}

/* n_rounds: how often all was well, and used once more. */
static void
look (gpointer target,
      guint64  n_rounds)
{
  SimWorld *self = target;

  gboolean is_fine = is_up_to_date (self, n_rounds > 0);

  if (is_fine && ++n_rounds > 2)
    {
      for_each_application (self, sim_application_finish);
      sim_world_at (self, self->now_us + 4 * SIM_SECOND, finish, self, 0);
      return;
    }
  if (is_fine || (self->now_us > self->used_us + USE_EVERY && is_up_to_date (self, FALSE)))
    use_all (self);
  if (self->now_us > MAX (self->well_us, get_demanded (self)) + RECOVERY_US)
    explain_late (self, n_rounds > 0);

  sim_world_at (self, self->now_us + MAX (LOOK_EVERY, (self->now_us - self->well_us) / 50), look, self,
                n_rounds);
}

static void
end_slowness (SimApplication *application)
{
  application->slow_until_us = 0;
  sim_shard_catch_up (application->shard);
}

static void
heal (gpointer target,
      guint64  serial)
{
  SimWorld *self = target;

  if (sim_host_defers (self, heal, target, serial))
    return;

  sim_world_note (self, "--- the world is well");
  self->well_us = self->now_us;
  sim_faults_end (&self->faults);
  sim_host_heal (self);
  sim_server_heal (self->server);
  for_each_application (self, end_slowness);
  look (self, 0);
}

static void
open_soon (SimApplication *application)
{
  sim_application_open (application, 2 * SIM_SECOND);
}

static void
build (SimWorld *self)
{
  guint n_shards = sim_rand_chance (&self->rand, 0.7) ? 1 : 2 + sim_rand_below (&self->rand, MAX_SHARDS - 1);

  self->conns = g_ptr_array_new_with_free_func ((GDestroyNotify)sim_conn_free);
  self->shards = g_ptr_array_new_with_free_func ((GDestroyNotify)sim_shard_free);
  self->server = sim_server_new (self, n_shards);
  for (guint i = 0; i < G_N_ELEMENTS (self->identified_us); i++)
    self->identified_us[i] = G_MININT64 / 2;
  if (n_shards > 1 || sim_rand_chance (&self->rand, 0.3))
    self->limiter = sim_limiter_new (self);
  for (guint i = 0; i < n_shards; i++)
    g_ptr_array_add (self->shards, sim_shard_new (self, i, n_shards));
}

static void
begin (SimWorld        *self,
       const SimConfig *config,
       GString         *trace)
{
  gint64 length_us;

  *self = (SimWorld){.config = *config, .trace = trace, .agenda = sim_agenda_new ()};
  sim_rand_init (&self->rand, config->seed, STREAM);
  sim_faults_init (&self->faults, config->seed, config->allowed);
  self->start_us = self->now_us = sim_rand_between (&self->rand, SIM_SECOND, 1000000 * SIM_SECOND);
  length_us = sim_rand_scale (&self->rand, 10 * SIM_SECOND, 30 * SIM_MINUTE);
  self->well_us = self->now_us + (config->length_us > 0 ? config->length_us : length_us);
  self->lateness_us = sim_rand_scale (&self->rand, SIM_MS, 30 * SIM_SECOND);
  if (self->faults.rates[SIM_FAULT_REORDER] > 0)
    self->grid_us = sim_rand_scale (&self->rand, SIM_MS, 200 * SIM_MS);

  build (self);
  sim_world_at (self, self->well_us, heal, self, 0);
  for_each_application (self, open_soon);
  sim_server_start (self->server);
  sim_storm_begin (self);
}

void
sim_counts_add (SimCounts       *self,
                const SimCounts *counts)
{
  self->steps += counts->steps;
  self->connections += counts->connections;
  self->events_sent += counts->events_sent;
  self->events_delivered += counts->events_delivered;
  self->events_skipped += counts->events_skipped;
  self->events_gone += counts->events_gone;
  self->identifies += counts->identifies;
  self->resumes += counts->resumes;
  self->commands += counts->commands;
  self->virtual_us += counts->virtual_us;
  for (guint i = 0; i < SIM_N_FAULTS; i++)
    self->faults[i] += counts->faults[i];
}

static void
add_counts (SimWorld  *self,
            SimCounts *counts)
{
  self->counts.virtual_us = self->now_us - self->start_us;
  memcpy (self->counts.faults, self->faults.injected, sizeof self->counts.faults);
  sim_counts_add (counts, &self->counts);
}

static void
clear (SimWorld *self)
{
  g_ptr_array_unref (self->shards);
  g_ptr_array_unref (self->conns);
  g_clear_pointer (&self->limiter, sim_limiter_free);
  sim_server_free (self->server);
  sim_agenda_free (self->agenda);
}

void
sim_world_run (const SimConfig *config,
               SimVerdict      *verdict,
               SimCounts       *counts,
               GString         *trace)
{
  SimWorld world;
  SimEntry entry;

  begin (&world, config, trace);
  sim_log_begin (&world);
  while (!world.is_over && !world.verdict.is_failure && sim_agenda_pop (world.agenda, &entry))
    {
      world.now_us = entry.at_us;
      entry.run (entry.target, entry.serial);
      if (++world.counts.steps > MOST_STEPS)
        sim_world_fail (&world, SIM_RULE_SPIN, "the run does not end");
    }
  sim_log_end ();

  *verdict = world.verdict;
  add_counts (&world, counts);
  clear (&world);
}
