/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-pace.h"

#include <string.h>

#include "sim-shard.h"
#include "sim-watch.h"
#include "sim-world.h"

/* BO-02, BO-03, IS-05, IS-07, in the rules' own terms. */
#define STABLE_US        SIM_SECOND
#define QUICK_US         (100 * SIM_MS)
#define FIRST_US         SIM_SECOND
#define LONGEST_US       SIM_MINUTE
#define INVALID_LEAST_US SIM_SECOND
#define INVALID_MOST_US  (5 * SIM_SECOND)
#define OFFLINE_LEAST_US (30 * SIM_SECOND)
#define OFFLINE_MOST_US  (60 * SIM_SECOND)
#define BETWEEN_HURRIES  SIM_SECOND
#define ROUNDING_US      SIM_MS
#define CLOSE_TIMEOUT_US (2 * SIM_SECOND)
#define IDENTIFY_US      (5 * SIM_SECOND)
#define MOST_PER_MINUTE  90
#define MAIN_PREFIX      SIM_MAIN_URL "/?v=10&encoding=json"
#define RESUME_PREFIX    SIM_RESUME_URL "/?v=10&encoding=json"

typedef struct
{
  gint64 least_us;
  gint64 most_us;
} Span;

void
sim_pace_init (SimWatch *watch)
{
  watch->pace = (SimPace){.attempts = g_array_new (FALSE, FALSE, sizeof (gint64)), .must_look_up = TRUE};
}

void
sim_pace_clear (SimWatch *watch)
{
  g_array_unref (watch->pace.attempts);
}

void
sim_pace_start (SimWatch *watch)
{
  SimPace *self = &watch->pace;

  self->n_failed = self->n_invalidated = 0;
  self->was_invalidated = self->was_requested = FALSE;
  self->live_us = self->demanded_us = self->due_us = 0;
  self->is_held = FALSE;
  self->must_look_up = TRUE;
  self->is_resume_url_bad = FALSE;
  self->is_resume_url_good = FALSE;
}

void
sim_pace_live (SimWatch *watch)
{
  watch->pace.live_us = sim_watch_get_now (watch);
  watch->pace.is_resume_url_good = TRUE;
  watch->pace.is_resume_url_bad = FALSE;
}

void
sim_pace_demand (SimWatch *watch,
                 gint64    wait_us)
{
  watch->pace.demanded_us = MAX (watch->pace.demanded_us, wait_us);
}

static void
check_rate (SimWatch *watch,
            gint64    now_us)
{
  GArray *attempts = watch->pace.attempts;

  g_array_append_val (attempts, now_us);
  while (now_us - g_array_index (attempts, gint64, 0) >= SIM_MINUTE)
    g_array_remove_index (attempts, 0);
  if (attempts->len > MOST_PER_MINUTE)
    sim_world_fail (watch->world, SIM_RULE_SPIN, "%u attempts within a minute", attempts->len);
}

static void
check_resume_url (SimWatch *watch)
{
  if (watch->memory.session == NULL || !watch->shard->options.use_resume_url)
    sim_world_fail (watch->world, SIM_RULE_ADDRESS, "the address to resume at, and nothing to resume");
  if (watch->pace.is_resume_url_bad)
    sim_world_fail (watch->world, SIM_RULE_ADDRESS, "the address that could not be reached just before");
}

static void
check_main_url (SimWatch *watch)
{
  SimPace                *self = &watch->pace;
  const DgwEngineOptions *options = &watch->shard->options;

  if (watch->memory.session && options->use_resume_url && self->is_resume_url_good)
    sim_world_fail (watch->world, SIM_RULE_ADDRESS, "a resume at the main address");
  if (options->url == NULL && self->must_look_up && !self->looks_up)
    sim_world_fail (watch->world, SIM_RULE_ADDRESS, "the address is not looked up again");
}

static void
check_address (SimWatch   *watch,
               const char *url)
{
  DgwCompression compression = watch->shard->options.compression;
  gboolean       is_stream =
    compression == DGW_COMPRESSION_ZLIB_STREAM || compression == DGW_COMPRESSION_ZSTD_STREAM;

  if (is_stream != (strstr (url, "&compress=z") != NULL))
    sim_world_fail (watch->world, SIM_RULE_ADDRESS, "%s with compression %d", url, compression);
  if (strstr (url, SIM_TOKEN))
    sim_world_fail (watch->world, SIM_RULE_TOKEN, "the token in %s", url);

  if (g_str_has_prefix (url, MAIN_PREFIX))
    check_main_url (watch);
  else if (g_str_has_prefix (url, RESUME_PREFIX))
    check_resume_url (watch);
  else
    sim_world_fail (watch->world, SIM_RULE_ADDRESS, "%s is no address of the gateway", url);
}

static void
begin_attempt (SimWatch *watch,
               gint64    now_us)
{
  SimPace *self = &watch->pace;

  if (watch->input != SIM_INPUT_START && (self->due_us == 0 || now_us < self->due_us))
    sim_world_fail (watch->world, SIM_RULE_BACK_OFF, "an attempt before its time");

  self->due_us = 0;
  self->begun_us = now_us;
  self->looks_up = FALSE;
  check_rate (watch, now_us);
  if (watch->memory.is_outdated)
    sim_memory_forget (watch);
}

void
sim_pace_attempt (SimWatch   *watch,
                  const char *url)
{
  SimPace *self = &watch->pace;
  gint64   now_us = sim_watch_get_now (watch);

  if (watch->line.is_attached && (url == NULL || !self->looks_up || watch->line.opened_us > 0))
    sim_world_fail (watch->world, SIM_RULE_ONE_CONNECTION, "an attempt beside another one");
  if (!watch->line.is_attached)
    begin_attempt (watch, now_us);

  self->attempt_us = now_us;
  self->curbed_us = 0;
  if (url == NULL)
    self->looks_up = TRUE;
  else
    check_address (watch, url);

  sim_line_begin (watch);
  watch->line.is_at_resume_url = url && g_str_has_prefix (url, SIM_RESUME_URL);
}

static void
note_address (SimWatch *watch)
{
  SimPace *self = &watch->pace;

  self->is_resume_url_good = self->is_resume_url_good && self->live_us > 0;
  self->is_resume_url_bad =
    watch->line.is_at_resume_url && watch->line.opened_us == 0 && watch->input != SIM_INPUT_HOLD;
  if (!watch->line.is_at_resume_url && watch->status == DGW_STATUS_CONNECTING)
    self->must_look_up = TRUE;
}

void
sim_pace_ended (SimWatch *watch,
                gboolean  was_requested)
{
  SimPace *self = &watch->pace;
  gboolean was_stable = self->live_us > 0 && sim_watch_get_now (watch) - self->live_us >= STABLE_US;

  note_address (watch);
  self->live_us = 0;
  if (was_stable)
    {
      self->n_failed = 0;
      self->n_invalidated = self->was_invalidated ? 1 : 0;
      self->was_requested = FALSE;
    }
  else if (was_requested && self->n_failed == 0 && !self->was_requested)
    self->was_requested = TRUE;
  else
    self->n_failed++;
}

static Span
grow (gint64 first_us,
      guint  n)
{
  gint64 most_us = MIN (first_us << MIN (n - 1, 10), LONGEST_US);

  return (Span){most_us / 2, most_us};
}

static Span
at_least (Span a,
          Span b)
{
  return (Span){MAX (a.least_us, b.least_us), MAX (a.most_us, b.most_us)};
}

static Span
get_delay (SimWatch *watch)
{
  SimPace *self = &watch->pace;
  Span     delay = {0, QUICK_US};

  if (self->is_held)
    {
      gint64 left_us = MAX (self->held_until_us - sim_watch_get_now (watch), 0);

      return at_least (delay, (Span){left_us, left_us});
    }

  if (self->n_failed > 0)
    delay = grow (FIRST_US, self->n_failed);
  if (self->was_invalidated && self->n_invalidated == 1)
    delay = at_least (delay, (Span){INVALID_LEAST_US, INVALID_MOST_US});
  else if (self->was_invalidated)
    delay = at_least (delay, grow (INVALID_MOST_US, self->n_invalidated));
  delay = at_least (delay, (Span){self->demanded_us, self->demanded_us});
  if (self->network != DGW_NETWORK_AVAILABLE)
    delay = at_least (delay, (Span){OFFLINE_LEAST_US, OFFLINE_MOST_US});

  return delay;
}

static void
check_delay (SimWatch        *watch,
             const DgwAction *action)
{
  Span   span = get_delay (watch);
  gint64 delay_us = action->retry.due_us - sim_watch_get_now (watch);

  if (delay_us < span.least_us - ROUNDING_US || delay_us > span.most_us + ROUNDING_US)
    sim_world_fail (watch->world, SIM_RULE_BACK_OFF,
                    "shard %u: %.3f s to the next attempt, and not %.3f to %.3f", watch->shard->id,
                    (double)delay_us / SIM_SECOND, (double)span.least_us / SIM_SECOND,
                    (double)span.most_us / SIM_SECOND);
}

void
sim_pace_retry (SimWatch        *watch,
                const DgwAction *action)
{
  SimPace *self = &watch->pace;
  gint64   now_us = sim_watch_get_now (watch);

  sim_world_note (watch->world, "shard %u: retry in %.3f s", watch->shard->id,
                  (double)(action->retry.due_us - now_us) / SIM_SECOND);
  if (action->kind == DGW_ACTION_RESCHEDULED)
    {
      if (action->retry.due_us < MAX (self->earliest_us, self->begun_us + BETWEEN_HURRIES) ||
          action->retry.due_us > self->due_us)
        sim_world_fail (watch->world, SIM_RULE_BACK_OFF, "moved too far");
      self->due_us = action->retry.due_us;
      return;
    }

  check_delay (watch, action);
  self->due_us = action->retry.due_us;
  self->earliest_us = now_us + self->demanded_us;
  if (self->was_invalidated)
    self->earliest_us = MAX (self->earliest_us, now_us + INVALID_LEAST_US);
  self->is_held = FALSE;
  if (watch->input == SIM_INPUT_RELEASE)
    return;

  self->demanded_us = 0;
  self->was_invalidated = FALSE;
}

/* What waited for its time still does after the release. */
void
sim_pace_hold (SimWatch *watch)
{
  SimPace *self = &watch->pace;

  if (!watch->is_running || watch->stop.is_under_way || self->is_held)
    return;

  self->is_held = TRUE;
  self->held_until_us = MAX (self->due_us, sim_watch_get_now (watch));
  self->due_us = 0;
}

void
sim_pace_curb (SimWatch *watch)
{
  if (watch->pace.curbed_us == 0)
    watch->pace.curbed_us = sim_watch_get_now (watch) + SIM_PROBE_US;
}

/* A step on the way to HELLO. */
static gint64
get_step_bound (SimWatch *watch,
                gint64    since_us,
                guint     timeout_ms)
{
  gint64 bound_us = since_us + timeout_ms * SIM_MS;

  return watch->pace.curbed_us > 0 ? MIN (bound_us, watch->pace.curbed_us) : bound_us;
}

static gint64
get_session_bound (SimWatch *watch,
                   guint     timeout_ms)
{
  gint64 interval_us = watch->line.interval_us;

  return watch->line.login_us + MAX (timeout_ms * SIM_MS, interval_us + interval_us / 4);
}

gint64
sim_pace_get_bound (SimWatch *watch)
{
  const DgwEngineOptions *options = &watch->shard->options;

  if (watch->stop.is_under_way)
    return watch->stop.due_us;

  switch (watch->status)
    {
    case DGW_STATUS_CONNECTING:
      return get_step_bound (watch, watch->pace.attempt_us, options->connect_timeout_ms);
    case DGW_STATUS_WAITING_FOR_HELLO:
      return get_step_bound (watch, watch->line.opened_us, options->hello_timeout_ms);
    case DGW_STATUS_IDENTIFYING:
      return options->external_permits ? SIM_NEVER : watch->line.hello_us + IDENTIFY_US;
    case DGW_STATUS_WAITING_FOR_READY:
      return get_session_bound (watch, options->ready_timeout_ms);
    case DGW_STATUS_RESUMING:
      return get_session_bound (watch, options->resume_timeout_ms);
    case DGW_STATUS_DISCONNECTED:
      return watch->pace.is_held ? SIM_NEVER : watch->pace.due_us;
    case DGW_STATUS_UNCONNECTED:
    case DGW_STATUS_READY:
    default:
      return SIM_NEVER;
    }
}

void
sim_pace_settled (SimWatch *watch)
{
  gint64 deadline_us = dgw_engine_get_deadline (watch->shard->engine);
  gint64 bound_us = sim_pace_get_bound (watch);

  if (deadline_us <= sim_watch_get_now (watch))
    sim_world_fail (watch->world, SIM_RULE_DEADLINE, "shard %u: something is due still", watch->shard->id);
  if (deadline_us > bound_us)
    sim_world_fail (watch->world, SIM_RULE_WAIT_ENDS, "shard %u: the wait for %s is not over in time",
                    watch->shard->id, dgw_status_to_string (watch->status));
  if (!watch->stop.is_under_way && deadline_us > sim_line_get_beat_due (watch) && watch->line.is_attached)
    sim_world_fail (watch->world, SIM_RULE_HEARTBEAT_LATE, "shard %u: will not wake for the next heartbeat",
                    watch->shard->id);
}
