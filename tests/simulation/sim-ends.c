/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-ends.h"

#include <string.h>

#include "sim-shard.h"
#include "sim-watch.h"
#include "sim-world.h"

#define UNAUTHORIZED   401
#define RATE_LIMITED   4008
#define PAUSE_US       (5 * SIM_SECOND)
#define FIRST_OWN_CODE 4900

/* What the library says when it closes by itself. */
enum
{
  OWN_BACKLOG = FIRST_OWN_CODE,
  OWN_REQUESTED,
  OWN_INVALID_SESSION,
  OWN_HEARTBEAT_LOST,
  OWN_TIMED_OUT,
  OWN_BAD_PAYLOAD,
  OWN_DEAF,
  OWN_SUSPEND,
};

/* The rows of section 7 of the rules that are not "reconnect and resume". */
static SimEndKind
judge_code (SimWatch *watch,
            guint     code)
{
  switch (code)
    {
    case 4004:
    case 4010:
    case 4011:
    case 4012:
    case 4013:
    case 4014:
      return SIM_END_FATAL;
    case 4001:
    case 4003:
    case 4007:
    case 4009:
      return SIM_END_IDENTIFY;
    case 1000:
      return watch->status == DGW_STATUS_RESUMING ? SIM_END_IDENTIFY : SIM_END_RESUME;
    default:
      return SIM_END_RESUME;
    }
}

static gboolean
has_timed_out (SimWatch *watch)
{
  gboolean is_told = watch->input == SIM_INPUT_TICK || watch->input == SIM_INPUT_MESSAGE;

  return is_told && sim_watch_get_now (watch) >= sim_pace_get_bound (watch);
}

static gboolean
is_deaf (SimWatch *watch)
{
  gint64 timeout_us = watch->shard->options.deaf_timeout_ms * SIM_MS;

  return timeout_us > 0 && watch->status == DGW_STATUS_READY &&
         sim_watch_get_now (watch) - watch->line.event_us >= timeout_us;
}

/* Whether the world gave cause for closing with it. */
static gboolean
has_cause (SimWatch *watch,
           guint     code)
{
  gboolean is_message = watch->input == SIM_INPUT_MESSAGE;

  switch (code)
    {
    case OWN_BACKLOG:
      return watch->input == SIM_INPUT_HOLD;
    case OWN_REQUESTED:
      return is_message && watch->meaning.says == SIM_SAYS_RECONNECT;
    case OWN_INVALID_SESSION:
      return is_message && watch->meaning.says == SIM_SAYS_INVALID_SESSION;
    case OWN_HEARTBEAT_LOST:
      return sim_line_is_dead (watch);
    case OWN_TIMED_OUT:
      return has_timed_out (watch);
    case OWN_BAD_PAYLOAD:
      return is_message &&
             (watch->meaning.says == SIM_SAYS_BROKEN || watch->meaning.says == SIM_SAYS_ODD_HELLO);
    case OWN_DEAF:
      return is_deaf (watch);
    case 0:
      return watch->input == SIM_INPUT_CONNECT_FAILED || watch->input == SIM_INPUT_LOOKED_UP ||
             watch->input == SIM_INPUT_HOLD || has_timed_out (watch);
    default:
      return FALSE;
    }
}

static SimEndKind
judge_own (SimWatch *watch,
           guint     code)
{
  gboolean is_attempt = watch->input == SIM_INPUT_CONNECT_FAILED || watch->input == SIM_INPUT_LOOKED_UP;

  if (!has_cause (watch, code))
    sim_world_fail (watch->world, SIM_RULE_GIVEN_UP,
                    "shard %u: a connection is given up with %u for no reason", watch->shard->id, code);
  if (code == 0 && is_attempt && watch->code == UNAUTHORIZED)
    return SIM_END_FATAL;
  if (code == OWN_BAD_PAYLOAD && watch->meaning.says == SIM_SAYS_BROKEN)
    sim_memory_bad_payload (watch);
  if (code != OWN_INVALID_SESSION || (watch->meaning.is_resumable && watch->memory.session))
    return SIM_END_RESUME;

  watch->pace.n_invalidated++;
  watch->pace.was_invalidated = TRUE;

  return SIM_END_IDENTIFY;
}

static SimEndKind
judge (SimWatch *watch,
       guint     code)
{
  if (watch->input != SIM_INPUT_CLOSED)
    return judge_own (watch, code);

  if (code != watch->code)
    sim_world_fail (watch->world, SIM_RULE_CLOSE_CODE, "%u is said to have come and not %u", code,
                    watch->code);
  if (watch->code == RATE_LIMITED)
    sim_pace_demand (watch, PAUSE_US);

  return judge_code (watch, watch->code);
}

void
sim_ends_judge (SimWatch        *watch,
                const DgwAction *action)
{
  guint      code = action->end.code;
  gboolean   is_requested = code == OWN_REQUESTED || watch->input == SIM_INPUT_HOLD;
  SimEndKind kind;

  sim_world_note (watch->world, "shard %u: disconnected, %u", watch->shard->id, code);
  if (strstr (action->end.reason, SIM_TOKEN))
    sim_world_fail (watch->world, SIM_RULE_TOKEN, "the token in %s", action->end.reason);
  watch->line.is_attached = FALSE;
  if (watch->stop.is_under_way)
    return;

  kind = judge (watch, code);
  if (watch->input != SIM_INPUT_HOLD)
    sim_memory_ended (watch, kind);
  sim_pace_ended (watch, is_requested);
  watch->expects_failed = kind == SIM_END_FATAL;
  if (action->end.will_reconnect != (kind != SIM_END_FATAL))
    sim_world_fail (watch->world, SIM_RULE_FATAL, "shard %u: after %u it %s", watch->shard->id, code,
                    action->end.will_reconnect ? "goes on" : "gives up");
}

void
sim_ends_close (SimWatch        *watch,
                const DgwAction *action)
{
  guint    code = action->close.code;
  gboolean is_stop = watch->stop.is_under_way;

  sim_world_note (watch->world, "shard %u: closes with %u", watch->shard->id, code);
  if (action->close.reason && strstr (action->close.reason, SIM_TOKEN))
    sim_world_fail (watch->world, SIM_RULE_TOKEN, "the token in a close reason");
  if (!watch->line.is_attached || watch->line.was_closed)
    sim_world_fail (watch->world, SIM_RULE_ONE_CONNECTION, "a close frame without a connection");
  if (is_stop ? code != watch->stop.code : (code < FIRST_OWN_CODE || code >= OWN_SUSPEND))
    sim_world_fail (watch->world, SIM_RULE_CLOSE_CODE, "shard %u closes with %u", watch->shard->id, code);
  watch->line.was_closed = TRUE;
}
