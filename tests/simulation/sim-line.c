/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-line.h"

#include <string.h>

#include "sim-commands.h"
#include "sim-json.h"
#include "sim-limiter.h"
#include "sim-peer.h"
#include "sim-server.h"
#include "sim-shard.h"
#include "sim-watch.h"
#include "sim-world.h"

#define OLD_DATA_US   SIM_SECOND
#define SLOT_US       (5 * SIM_SECOND)
#define LATENESS_US   SIM_SECOND
#define PAYLOAD_BYTES 4096
#define ROUNDING_US   SIM_MS

void
sim_line_begin (SimWatch *watch)
{
  GArray *sends = watch->line.sends ? watch->line.sends : g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_set_size (sends, 0);
  watch->line = (SimLine){.is_attached = TRUE, .sends = sends};
}

void
sim_line_clear (SimWatch *watch)
{
  g_clear_pointer (&watch->line.sends, g_array_unref);
}

static void
hear_hello (SimWatch *watch,
            gint64    now_us)
{
  if (watch->line.hello_us > 0)
    return;

  watch->line.hello_us = now_us;
  watch->line.interval_us = watch->meaning.interval_us;
}

static void
hear_ack (SimWatch *watch)
{
  watch->line.n_acks++;
  watch->line.acked_us = sim_watch_get_now (watch);
  watch->line.late_us = watch->line.unacked_us;
  watch->line.unacked_us = 0;
  watch->line.was_asked = FALSE;
}

void
sim_line_message (SimWatch *watch)
{
  SimLine *self = &watch->line;
  gint64   now_us = sim_watch_get_now (watch);

  self->message_us = now_us;
  if (watch->meaning.says == SIM_SAYS_HELLO)
    hear_hello (watch, now_us);
  else if (watch->meaning.says == SIM_SAYS_ACK)
    hear_ack (watch);
  else if (watch->meaning.says == SIM_SAYS_BEAT_REQUEST)
    sim_line_asked (watch);
  else if (watch->meaning.session)
    self->event_us = now_us;
}

void
sim_line_asked (SimWatch *watch)
{
  watch->line.n_asked++;
  watch->line.was_asked = TRUE;
}

/* The host wants to know whether the connection still stands. */
void
sim_line_probed (SimWatch *watch)
{
  if (watch->line.hello_us == 0 || watch->line.probe_us > 0)
    return;

  sim_line_asked (watch);
  watch->line.probe_us = sim_watch_get_now (watch);
  watch->line.n_probe_beats = 0;
}

/* What comes soon after may have come before the host noticed. */
static gboolean
is_probe_answered (SimLine *self)
{
  return self->message_us > self->probe_us + OLD_DATA_US || self->n_acks >= self->n_beats;
}

static void
check_limit (SimWatch *watch,
             gint64    now_us)
{
  GArray *sends = watch->line.sends;

  g_array_append_val (sends, now_us);
  while (now_us - g_array_index (sends, gint64, 0) >= SIM_MINUTE)
    g_array_remove_index (sends, 0);
  if (sends->len > SIM_SEND_LIMIT)
    sim_world_fail (watch->world, SIM_RULE_SEND_LIMIT, "%u payloads were sent within a minute", sends->len);
}

static void
check_text (SimWatch   *watch,
            const char *text,
            gboolean    is_login)
{
  if (strlen (text) > PAYLOAD_BYTES || !sim_json_is_valid (text))
    sim_world_fail (watch->world, SIM_RULE_PAYLOAD, "too long, or no JSON: %.100s", text);
  if (!is_login && strstr (text, SIM_TOKEN))
    sim_world_fail (watch->world, SIM_RULE_TOKEN, "the token in %.100s", text);
}

static void
beat (SimWatch   *watch,
      const char *text,
      gint64      now_us)
{
  SimLine *self = &watch->line;
  gint64   sequence = sim_json_is_null (text, "d") ? -1 : sim_json_int (text, "d", -2);

  if (sequence != watch->memory.sequence)
    sim_world_fail (watch->world, SIM_RULE_SEQUENCE,
                    "a heartbeat with %" G_GINT64_FORMAT " and not %" G_GINT64_FORMAT, sequence,
                    watch->memory.sequence);
  if (++self->n_beats > self->n_asked + 1 + (now_us - self->hello_us) / self->interval_us)
    sim_world_fail (watch->world, SIM_RULE_HEARTBEAT_EARLY, "%u heartbeats", self->n_beats);

  self->beat_us = now_us;
  if (self->probe_us == now_us && (watch->input == SIM_INPUT_NETWORK || watch->input == SIM_INPUT_WOKE))
    self->n_probe_beats = self->n_beats;
  if (self->unacked_us == 0)
    self->unacked_us = now_us;
}

/* Not when it forgot in a crash, or when the host stood still between the slot
 * and its use. */
static gboolean
can_know_slot (SimWatch *watch,
               gint64    sent_us)
{
  if (sent_us <= watch->world->host.away_until_us + watch->world->grid_us)
    return FALSE;

  return watch->world->limiter || !watch->pace.has_crashed;
}

/* Not when slots went to shards that look nothing up, before another one did, nor
 * when a day was over before the host's clock said so. */
static gboolean
can_know_budget (SimWatch *watch)
{
  SimLimiter *limiter = watch->world->limiter;

  if (watch->world->host.is_secretive)
    return FALSE;

  return watch->shard->options.url == NULL && (limiter == NULL || !sim_limiter_was_blind (limiter));
}

/* By what the server goes by: whatever the client believes, this is too soon. */
static void
check_slot (SimWatch *watch)
{
  SimServer *server = watch->world->server;
  gint64    *sent_us = &watch->world->identified_us[watch->shard->id % server->max_concurrency];

  if (watch->world->now_us - *sent_us < SLOT_US && can_know_slot (watch, *sent_us))
    sim_world_fail (watch->world, SIM_RULE_IDENTIFY_SLOT,
                    "shard %u identifies %.3f s after another of its bucket", watch->shard->id,
                    (double)(watch->world->now_us - *sent_us) / SIM_SECOND);
  if (can_know_budget (watch) && server->remaining == 0 &&
      watch->world->now_us < server->reset_us - ROUNDING_US)
    sim_world_fail (watch->world, SIM_RULE_IDENTIFY_BUDGET,
                    "shard %u identifies although no session start is left", watch->shard->id);
  *sent_us = watch->world->now_us;
}

static void
log_in (SimWatch   *watch,
        gint64      op,
        const char *text,
        gint64      now_us)
{
  if (watch->line.login_us > 0)
    sim_world_fail (watch->world, SIM_RULE_ONE_LOGIN, "a second login");
  watch->line.login_us = now_us;
  watch->line.event_us = now_us;

  if (op == 6)
    {
      sim_memory_resume (watch, sim_json_member (text, "d"));
      return;
    }

  if (watch->memory.session)
    sim_world_fail (watch->world, SIM_RULE_SESSION_KEPT, "an identify although session %s could be resumed",
                    watch->memory.session->id);
  if (sim_json_int (sim_json_member (text, "d"), "intents", -1) != watch->shard->options.intents)
    sim_world_fail (watch->world, SIM_RULE_PAYLOAD, "other intents than were set");
  watch->memory.is_outdated = FALSE;
  check_slot (watch);
  sim_commands_identified (watch->shard->commands, sim_json_member (text, "d"));
}

static void
check_time (SimWatch *watch,
            gint64    op)
{
  SimLine *self = &watch->line;

  if (!self->is_attached || self->opened_us == 0 || self->was_closed)
    sim_world_fail (watch->world, SIM_RULE_ONE_CONNECTION, "opcode %d without a connection", (int)op);
  else if (self->hello_us == 0)
    sim_world_fail (watch->world, SIM_RULE_BEFORE_HELLO, "opcode %d before HELLO", (int)op);
  else if (op != 1 && op != 2 && op != 6 && (self->login_us == 0 || watch->status != DGW_STATUS_READY))
    sim_world_fail (watch->world, SIM_RULE_BEFORE_READY, "opcode %d before READY", (int)op);
}

void
sim_line_sent (SimWatch   *watch,
               const char *text)
{
  gint64 now_us = sim_watch_get_now (watch);
  gint64 op = sim_json_int (text, "op", -1);

  sim_world_note (watch->world, "shard %u: -> %s", watch->shard->id, op == 2 || op == 6 ? "login" : text);
  check_text (watch, text, op == 2 || op == 6);
  check_time (watch, op);
  check_limit (watch, now_us);
  if (watch->world->verdict.is_failure)
    return;

  if (op == 1)
    beat (watch, text, now_us);
  else if (op == 2 || op == 6)
    log_in (watch, op, text, now_us);
  else
    sim_commands_sent (watch->shard->commands, (guint)op, text);
}

gint64
sim_line_get_beat_due (SimWatch *watch)
{
  if (watch->line.hello_us == 0)
    return SIM_NEVER;

  return MAX (watch->line.beat_us, watch->line.hello_us) + watch->line.interval_us;
}

static gboolean
has_slept (SimWatch *watch)
{
  return watch->gap_us > watch->line.interval_us + LATENESS_US ||
         (watch->input == SIM_INPUT_WOKE && watch->slept_us > watch->line.interval_us);
}

/* By how much a beat may have been late, which the next one is not. */
static gint64
get_lateness (SimWatch *watch)
{
  SimWorld *world = watch->world;
  gboolean  was_away =
    world->faults.injected[SIM_FAULT_FREEZE] > 0 || world->faults.injected[SIM_FAULT_SLEEP] > 0;

  return world->lateness_us + world->grid_us + (was_away ? watch->line.interval_us : 0);
}

gboolean
sim_line_is_dead (SimWatch *watch)
{
  SimLine *self = &watch->line;
  gint64   now_us = sim_watch_get_now (watch);
  /* An ACK at the moment at which a beat is due comes too late: what is due is done first. */
  gint64 unacked_us = self->unacked_us == 0 && self->acked_us == now_us ? self->late_us : self->unacked_us;

  if (has_slept (watch))
    return TRUE;
  if (self->probe_us > 0 && now_us >= self->probe_us + SIM_PROBE_US && !is_probe_answered (self))
    return TRUE;
  if (unacked_us == 0)
    return FALSE;

  return now_us - unacked_us + get_lateness (watch) >=
         self->interval_us * (self->message_us > unacked_us && !self->was_asked ? 2 : 1);
}

/* What has to have been given up by now. */
static gboolean
is_overdue (SimWatch *watch,
            gint64    now_us)
{
  SimLine *self = &watch->line;

  if (self->probe_us > 0 && now_us >= self->probe_us + SIM_PROBE_US)
    {
      if (self->message_us < self->probe_us)
        return TRUE;
      self->probe_us = 0;
    }
  if (self->unacked_us == 0)
    return FALSE;
  if (now_us - self->unacked_us >= self->interval_us * (self->was_asked ? 3 : 2))
    return TRUE;

  return !self->was_asked && self->message_us < self->unacked_us &&
         now_us - self->unacked_us >= self->interval_us;
}

void
sim_line_settled (SimWatch *watch)
{
  gint64 now_us = sim_watch_get_now (watch);

  if (!watch->line.is_attached || watch->line.hello_us == 0 || watch->stop.is_under_way)
    return;

  /* No beat goes out when commands have filled the minute. */
  if (watch->line.probe_us == now_us && watch->line.n_probe_beats == 0)
    watch->line.probe_us = 0;

  if (now_us > sim_line_get_beat_due (watch))
    sim_world_fail (watch->world, SIM_RULE_HEARTBEAT_LATE, "shard %u: no heartbeat", watch->shard->id);
  if (is_overdue (watch, now_us))
    sim_world_fail (watch->world, SIM_RULE_ZOMBIE, "shard %u keeps a connection that is dead",
                    watch->shard->id);
}
