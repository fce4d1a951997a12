/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-watch.h"

#include <string.h>

#include "sim-commands.h"
#include "sim-ends.h"
#include "sim-host.h"
#include "sim-shard.h"
#include "sim-world.h"

#define CLOSE_TIMEOUT_US (2 * SIM_SECOND)
#define OWN_SUSPEND      4907
#define FIRST_PRIVATE    4000

SimWatch *
sim_watch_new (SimShard *shard)
{
  SimWatch *self = g_new0 (SimWatch, 1);

  self->shard = shard;
  self->world = shard->world;
  self->status = DGW_STATUS_UNCONNECTED;
  sim_memory_init (self);
  sim_pace_init (self);

  return self;
}

void
sim_watch_free (SimWatch *self)
{
  sim_memory_clear (self);
  sim_line_clear (self);
  sim_pace_clear (self);
  g_free (self);
}

gint64
sim_watch_get_now (SimWatch *self)
{
  return sim_host_get_now (self->world);
}

void
sim_watch_input (SimWatch *self,
                 SimInput  input)
{
  gint64 now_us = sim_watch_get_now (self);

  self->input = input;
  self->gap_us = 0;
  if (input == SIM_INPUT_TICK || input == SIM_INPUT_MESSAGE)
    {
      self->gap_us = self->line.hello_us > 0 ? now_us - MAX (self->clock_us, self->line.hello_us) : 0;
      self->clock_us = now_us;
    }
  else if (input == SIM_INPUT_START && !self->is_running)
    {
      self->is_running = TRUE;
      self->memory.n_failed = 0;
      sim_pace_start (self);
    }
  else if (input == SIM_INPUT_OPENED)
    {
      self->line.opened_us = now_us;
      self->pace.curbed_us = 0;
    }
  else if (input == SIM_INPUT_HOLD)
    {
      sim_pace_hold (self);
    }
}

static gboolean
is_open (SimWatch *self)
{
  return self->line.is_attached && self->line.opened_us > 0;
}

static guint
get_close_code (DgwStopKind kind,
                guint       code)
{
  return kind == DGW_STOP_SUSPEND && code < FIRST_PRIVATE ? OWN_SUSPEND : code;
}

void
sim_watch_stop (SimWatch   *self,
                DgwStopKind kind,
                guint       code)
{
  sim_world_note (self->world, "shard %u: stop, kind %d, code %u", self->shard->id, kind, code);
  sim_watch_input (self, SIM_INPUT_STOP);
  if (kind == DGW_STOP_CLOSE && (code == 1000 || code == 1001))
    self->stop.ends_session = TRUE;
  if (self->stop.is_under_way)
    return;

  self->stop.is_under_way = TRUE;
  self->stop.code = get_close_code (kind, code);
  self->stop.due_us =
    sim_watch_get_now (self) + (is_open (self) && kind != DGW_STOP_CANCEL ? CLOSE_TIMEOUT_US : 0);
}

void
sim_watch_options (SimWatch *self,
                   gboolean  is_other_session)
{
  sim_watch_input (self, SIM_INPUT_OPTIONS);
  if (is_other_session)
    self->memory.is_outdated = TRUE;
}

void
sim_watch_looked_up (SimWatch               *self,
                     const DgwGatewayAnswer *answer,
                     guint                   http_status,
                     gint64                  retry_after_us)
{
  sim_world_note (self->world, "shard %u: looked up, HTTP %u", self->shard->id, http_status);
  sim_watch_input (self, SIM_INPUT_LOOKED_UP);
  self->code = http_status;
  if (answer)
    self->pace.must_look_up = FALSE;
  if (answer && answer->remaining == 0 && self->memory.session == NULL)
    {
      self->pace.must_look_up = TRUE;
      sim_pace_demand (self, answer->reset_after_ms * SIM_MS);
    }
  sim_pace_demand (self, retry_after_us);
}

void
sim_watch_connect_failed (SimWatch *self,
                          guint     http_status,
                          gint64    retry_after_us)
{
  sim_world_note (self->world, "shard %u: connect failed, HTTP %u", self->shard->id, http_status);
  sim_watch_input (self, SIM_INPUT_CONNECT_FAILED);
  self->code = http_status;
  sim_pace_demand (self, retry_after_us);
}

void
sim_watch_message (SimWatch         *self,
                   const SimMeaning *meaning)
{
  static const char *const names[] = {"part", "broken", "HELLO", "odd HELLO",
                                      "ACK", "beat request", "reconnect", "invalid session",
                                      "READY", "RESUMED", "event", "odd"};

  sim_world_note (self->world, "shard %u: <- %s %" G_GINT64_FORMAT, self->shard->id, names[meaning->says],
                  meaning->sequence);
  sim_watch_input (self, SIM_INPUT_MESSAGE);
  self->meaning = *meaning;
  sim_line_message (self);
  self->expects_event = meaning->session != NULL && !self->stop.is_under_way;
}

/* Past the first unreadable message of a connection nothing can be expected. */
void
sim_watch_is_read (SimWatch   *self,
                   gboolean    is_read,
                   const char *message)
{
  if (self->line.was_broken)
    return;

  self->line.was_broken = self->meaning.says == SIM_SAYS_BROKEN;
  if (is_read == self->line.was_broken)
    sim_world_fail (self->world, SIM_RULE_EVENT_TEXT, "shard %u: a payload was %s %s", self->shard->id,
                    is_read ? "garbled, and was read" : "not read:", message);
}

/* CC-NONE: some of them stand for none. */
static guint
get_real_code (guint code)
{
  return code == 1005 || code == 1006 ? 0 : code;
}

void
sim_watch_closed (SimWatch *self,
                  guint     code)
{
  sim_world_note (self->world, "shard %u: <- close %u", self->shard->id, code);
  sim_watch_input (self, SIM_INPUT_CLOSED);
  self->code = get_real_code (code);
}

static void
note_route (SimWatch *self)
{
  sim_line_probed (self);
  sim_pace_curb (self);
}

void
sim_watch_network (SimWatch  *self,
                   DgwNetwork network)
{
  sim_watch_input (self, SIM_INPUT_NETWORK);
  self->pace.network = network;
  if (network == DGW_NETWORK_AVAILABLE)
    note_route (self);
}

void
sim_watch_woke (SimWatch *self,
                gint64    slept_us)
{
  sim_watch_input (self, SIM_INPUT_WOKE);
  self->slept_us = slept_us;
  self->pace.earliest_us -= slept_us;
  if (slept_us <= self->line.interval_us || self->line.hello_us == 0)
    note_route (self);
}

void
sim_watch_crash (SimWatch       *self,
                 gboolean        has_stored,
                 DgwResumeState *state)
{
  SimMemory *memory = &self->memory;
  DgwNetwork network = self->pace.network;

  if (!has_stored || memory->is_outdated)
    sim_memory_forget (self);
  *state = (DgwResumeState){memory->session ? memory->session->id : NULL,
                            memory->session ? (char *)SIM_RESUME_URL : NULL, memory->sequence};
  memory->n_failed = 0;
  memory->bad_at = -2;
  memory->is_outdated = FALSE;
  g_free (memory->announced);
  memory->announced = g_strdup (state->session_id);

  sim_pace_clear (self);
  sim_pace_init (self);
  self->pace.has_crashed = TRUE;
  self->pace.network = network;
  self->line.is_attached = FALSE;
  self->line.hello_us = 0;
  self->is_running = FALSE;
  self->expects_event = FALSE;
  self->stop.is_under_way = FALSE;
  self->stop.ends_session = FALSE;
  self->status = DGW_STATUS_UNCONNECTED;
  sim_watch_input (self, SIM_INPUT_OPTIONS);
}

static void
take_status (SimWatch *self,
             DgwStatus status)
{
  sim_world_note (self->world, "shard %u: %s", self->shard->id, dgw_status_to_string (status));
  if (status == self->status)
    sim_world_fail (self->world, SIM_RULE_STATUS, "shard %u: %s again", self->shard->id,
                    dgw_status_to_string (status));
  self->status = status;
}

static void
take_event (SimWatch        *self,
            const DgwAction *action)
{
  if (self->meaning.says != SIM_SAYS_EVENT)
    sim_pace_live (self);
  sim_memory_event (self, action);
}

/* STOPPED or FAILED: nothing is left of it. */
static void
finish (SimWatch   *self,
        const char *what,
        gboolean    is_right)
{
  sim_world_note (self->world, "shard %u: %s", self->shard->id, what);
  if (!is_right)
    sim_world_fail (self->world, SIM_RULE_FATAL, "shard %u %s for no reason", self->shard->id, what);
  if (self->stop.ends_session)
    sim_memory_forget (self);

  self->expects_failed = FALSE;
  self->is_running = FALSE;
  self->stop.is_under_way = FALSE;
  self->stop.ends_session = FALSE;
  self->line.is_attached = FALSE;
  self->pace.due_us = 0;
  self->pace.is_held = FALSE;
}

static void
take_error (SimWatch     *self,
            const GError *error)
{
  if (error && strstr (error->message, SIM_TOKEN))
    sim_world_fail (self->world, SIM_RULE_TOKEN, "the token in an error: %s", error->message);
}

static void
take_for_link (SimWatch        *self,
               const DgwAction *action)
{
  switch ((guint)action->kind)
    {
    case DGW_ACTION_LOOKUP:
      sim_pace_attempt (self, NULL);
      break;
    case DGW_ACTION_CONNECT:
      sim_pace_attempt (self, action->url);
      break;
    case DGW_ACTION_SEND:
      sim_line_sent (self, action->text);
      break;
    case DGW_ACTION_CLOSE:
      sim_ends_close (self, action);
      break;
    case DGW_ACTION_WANT_PERMIT:
      if (self->shard->permit != 0 || self->world->limiter == NULL)
        sim_world_fail (self->world, SIM_RULE_PERMIT, "a permit is wanted twice");
      break;
    case DGW_ACTION_END_PERMIT:
      if (self->shard->permit == 0)
        sim_world_fail (self->world, SIM_RULE_PERMIT, "no permit is given back");
      break;
    default:
      break;
    }
}

void
sim_watch_action (SimWatch        *self,
                  const DgwAction *action)
{
  switch ((guint)action->kind)
    {
    case DGW_ACTION_STATUS:
      take_status (self, action->status);
      break;
    case DGW_ACTION_DISPATCH:
      take_event (self, action);
      break;
    case DGW_ACTION_SESSION:
      sim_memory_session (self, action);
      break;
    case DGW_ACTION_DISCONNECTED:
      sim_ends_judge (self, action);
      break;
    case DGW_ACTION_RECONNECTING:
    case DGW_ACTION_RESCHEDULED:
      sim_pace_retry (self, action);
      break;
    case DGW_ACTION_ERROR:
      take_error (self, action->error);
      break;
    case DGW_ACTION_FAILED:
      take_error (self, action->error);
      finish (self, "fails", self->expects_failed);
      break;
    case DGW_ACTION_STOPPED:
      finish (self, "stops", self->stop.is_under_way);
      break;
    case DGW_ACTION_COMMAND_DONE:
      take_error (self, action->command.error);
      sim_commands_done (self->shard->commands, action);
      break;
    default:
      take_for_link (self, action);
      break;
    }
}

static void
check_idle (SimWatch *self)
{
  if (self->status != DGW_STATUS_UNCONNECTED || dgw_engine_get_deadline (self->shard->engine) != SIM_NEVER ||
      self->shard->permit != 0)
    sim_world_fail (self->world, SIM_RULE_IDLE, "shard %u is not idle", self->shard->id);
  if (sim_commands_get_open (self->shard->commands) > 0)
    sim_world_fail (self->world, SIM_RULE_IDLE, "shard %u: commands wait for ever", self->shard->id);
}

void
sim_watch_settled (SimWatch *self)
{
  if (dgw_engine_get_status (self->shard->engine) != self->status)
    sim_world_fail (self->world, SIM_RULE_STATUS, "shard %u: the status was not announced", self->shard->id);
  if (self->expects_event && self->line.is_attached)
    sim_world_fail (self->world, SIM_RULE_EVENT_LOST, "shard %u: event %" G_GINT64_FORMAT " is not delivered",
                    self->shard->id, self->meaning.sequence);
  if (self->expects_failed)
    sim_world_fail (self->world, SIM_RULE_FATAL, "shard %u does not fail", self->shard->id);

  self->expects_event = FALSE;
  sim_memory_settled (self);
  sim_line_settled (self);
  sim_pace_settled (self);
  if (!self->is_running)
    check_idle (self);
}

gboolean
sim_watch_is_up_to_date (SimWatch *self)
{
  SimSession *session = self->memory.session;

  if (self->status != DGW_STATUS_READY || session == NULL)
    return FALSE;

  for (gint64 sequence = self->memory.sequence + 1; sequence <= sim_session_get_newest (session); sequence++)
    if (sim_session_get_event (session, sequence)->text)
      return FALSE;

  return TRUE;
}
