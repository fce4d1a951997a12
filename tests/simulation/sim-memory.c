/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-memory.h"

#include "sim-json.h"
#include "sim-shard.h"
#include "sim-watch.h"
#include "sim-world.h"

/* RES-15 */
#define MOST_RESUMES       5
#define MOST_RESUMING_TIME (90 * SIM_SECOND)

#define NOWHERE -2

void
sim_memory_init (SimWatch *watch)
{
  watch->memory = (SimMemory){.sequence = -1, .bad_at = NOWHERE};
}

void
sim_memory_clear (SimWatch *watch)
{
  g_clear_pointer (&watch->memory.announced, g_free);
}

void
sim_memory_forget (SimWatch *watch)
{
  SimMemory *self = &watch->memory;

  if (self->session)
    watch->world->counts.events_gone += (guint64)(sim_session_get_newest (self->session) - self->sequence);

  self->session = NULL;
  self->sequence = -1;
  self->bad_at = NOWHERE;
  self->is_outdated = FALSE;
}

/* Numbers between two events that are delivered one after the other belong to
 * what is not sent again. */
static void
check_gap (SimWatch *watch,
           gint64    sequence)
{
  SimMemory *self = &watch->memory;

  for (gint64 missing = self->sequence + 1; missing < sequence; missing++)
    if (sim_session_get_event (self->session, missing)->text != NULL)
      sim_world_fail (watch->world, SIM_RULE_EVENT_LOST,
                      "shard %u: event %" G_GINT64_FORMAT " of session %s was not delivered",
                      watch->shard->id, missing, self->session->id);
}

static void
begin_session (SimWatch *watch)
{
  SimMemory *self = &watch->memory;
  gboolean   is_outdated = self->is_outdated; /* since the identify */

  sim_memory_forget (watch);
  self->is_outdated = is_outdated;
  self->session = watch->meaning.session;
  self->sequence = watch->meaning.sequence;
  self->n_failed = 0;
}

static void
go_on (SimWatch *watch)
{
  SimMemory *self = &watch->memory;
  gint64     sequence = watch->meaning.sequence;
  gboolean   is_resumed = watch->meaning.says == SIM_SAYS_RESUMED;

  if (watch->meaning.session != self->session)
    sim_world_fail (watch->world, SIM_RULE_SESSION_DROPPED, "an event of a session that is over");
  else if (sequence < self->sequence || (sequence == self->sequence && !is_resumed))
    sim_world_fail (watch->world, SIM_RULE_EVENT_TWICE, "event %" G_GINT64_FORMAT " after %" G_GINT64_FORMAT,
                    sequence, self->sequence);
  else
    check_gap (watch, sequence);

  self->sequence = MAX (self->sequence, sequence);
  if (is_resumed)
    self->n_failed = 0;
}

void
sim_memory_event (SimWatch        *watch,
                  const DgwAction *action)
{
  const SimMeaning *meaning = &watch->meaning;

  if (!watch->expects_event)
    {
      sim_world_fail (watch->world, SIM_RULE_EVENT_TWICE,
                      "event %" G_GINT64_FORMAT " is delivered, which did not come",
                      action->dispatch.sequence);
      return;
    }

  watch->expects_event = FALSE;
  watch->world->counts.events_delivered++;
  if (action->dispatch.sequence != meaning->sequence)
    sim_world_fail (watch->world, SIM_RULE_SEQUENCE,
                    "event %" G_GINT64_FORMAT " is delivered as %" G_GINT64_FORMAT, meaning->sequence,
                    action->dispatch.sequence);
  if (meaning->text && g_strcmp0 (dgw_json_get_text (action->dispatch.json, NULL), meaning->text) != 0)
    sim_world_fail (watch->world, SIM_RULE_EVENT_TEXT,
                    "event %" G_GINT64_FORMAT " has another text than was sent", meaning->sequence);

  if (meaning->says == SIM_SAYS_READY)
    begin_session (watch);
  else
    go_on (watch);
}

void
sim_memory_session (SimWatch        *watch,
                    const DgwAction *action)
{
  g_free (watch->memory.announced);
  watch->memory.announced = g_strdup (action->session.id);
}

void
sim_memory_resume (SimWatch   *watch,
                   const char *data)
{
  SimMemory       *self = &watch->memory;
  g_autofree char *id = sim_json_dup_string (data, "session_id");
  gint64           sequence = sim_json_int (data, "seq", -1);

  if (self->session == NULL)
    sim_world_fail (watch->world, SIM_RULE_SESSION_DROPPED, "session %s is resumed, which is over", id);
  else if (g_strcmp0 (id, self->session->id) != 0)
    sim_world_fail (watch->world, SIM_RULE_SESSION_DROPPED, "session %s is resumed and not %s", id,
                    self->session->id);
  else if (sequence != self->sequence)
    sim_world_fail (watch->world, SIM_RULE_SEQUENCE,
                    "resumed from %" G_GINT64_FORMAT " and not %" G_GINT64_FORMAT, sequence, self->sequence);

  self->resumed_from = sequence;
}

/* ENV-08: what cannot be read a second time is left out. */
void
sim_memory_bad_payload (SimWatch *watch)
{
  SimMemory *self = &watch->memory;

  if (self->session == NULL || (watch->status != DGW_STATUS_READY && watch->status != DGW_STATUS_RESUMING))
    return;

  if (self->bad_at != self->sequence)
    {
      self->bad_at = self->sequence;
      return;
    }

  self->sequence++;
  watch->world->counts.events_skipped++;
}

static void
count_failed_resume (SimWatch *watch)
{
  SimMemory *self = &watch->memory;
  gint64     now_us = sim_watch_get_now (watch);

  if (watch->status == DGW_STATUS_RESUMING && self->sequence > self->resumed_from)
    self->n_failed = 0;
  if (self->n_failed++ == 0)
    self->first_failed_us = now_us;

  if (self->n_failed >= MOST_RESUMES ||
      (self->n_failed >= 2 && now_us - self->first_failed_us >= MOST_RESUMING_TIME))
    sim_memory_forget (watch);
}

void
sim_memory_ended (SimWatch  *watch,
                  SimEndKind kind)
{
  if (kind != SIM_END_RESUME)
    sim_memory_forget (watch);
  else if (watch->memory.session &&
           (watch->status == DGW_STATUS_WAITING_FOR_HELLO || watch->status == DGW_STATUS_RESUMING))
    count_failed_resume (watch);
}

void
sim_memory_settled (SimWatch *watch)
{
  const char *expected = watch->memory.session ? watch->memory.session->id : NULL;
  const char *announced = watch->memory.announced;

  if (g_strcmp0 (expected, announced) != 0)
    sim_world_fail (watch->world, announced ? SIM_RULE_SESSION_DROPPED : SIM_RULE_SESSION_KEPT,
                    "shard %u has session %s and should have %s", watch->shard->id,
                    announced ? announced : "none", expected ? expected : "none");
}
