/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-backoff-private.h"

/* Theory of operation.
 *
 * A session that lived for a second wipes the slate: disconnects are normal, and
 * the first reconnect comes almost at once, spread a little so that the shards
 * of a bot do not arrive together. Whatever ends sooner is a failure and doubles
 * the delay, also a session that was RESUMED and lost within the second, or a
 * gateway that greets every connection with opcode 7: neither may spin.
 *
 * Opcode 9 has a delay of its own, since the answer to too many identifies is
 * opcode 9 again: Discord's older documentation asks for 1 to 5 s. */

#define QUICK_US           (100 * G_TIME_SPAN_MILLISECOND)
#define FIRST_US           (1 * G_USEC_PER_SEC)
#define LONGEST_US         (60 * G_USEC_PER_SEC)
#define INVALID_LEAST_US   (1 * G_USEC_PER_SEC)
#define INVALID_LONGEST_US (5 * G_USEC_PER_SEC)
#define MAX_DOUBLINGS      16

void
dgw_backoff_reset (DgwBackoff *self)
{
  *self = (DgwBackoff){0};
}

void
dgw_backoff_live (DgwBackoff *self,
                  gint64      now_us)
{
  self->live_us = now_us;
}

static void
forget_failures (DgwBackoff *self)
{
  self->n_failed = 0;
  self->n_invalidated = self->invalidated ? 1 : 0;
  self->was_requested = FALSE;
}

void
dgw_backoff_ended (DgwBackoff      *self,
                   DgwBackoffReason reason,
                   gint64           now_us)
{
  gboolean was_stable = self->live_us > 0 && now_us - self->live_us >= DGW_BACKOFF_STABLE_US;

  self->live_us = 0;
  if (was_stable)
    forget_failures (self);
  else if (reason == DGW_BACKOFF_REQUESTED && self->n_failed == 0 && !self->was_requested)
    self->was_requested = TRUE;
  else
    self->n_failed++;
}

void
dgw_backoff_invalidated (DgwBackoff *self)
{
  self->n_invalidated++;
  self->invalidated = TRUE;
}

void
dgw_backoff_require (DgwBackoff *self,
                     gint64      minimum_us)
{
  self->minimum_us = MAX (self->minimum_us, minimum_us);
}

static gint64
part_of (gint64 duration_us,
         double part)
{
  return (gint64)((double)duration_us * part);
}

/* Half of it to all of it, doubled with each try. */
static gint64
grown (gint64 first_us,
       guint  n_tries,
       double random01)
{
  gint64 longest_us = first_us << MIN (n_tries - 1, MAX_DOUBLINGS);

  return part_of (MIN (longest_us, LONGEST_US), 0.5 + random01 / 2);
}

static gint64
get_invalidated_delay (const DgwBackoff *self,
                       double            random01)
{
  if (self->n_invalidated == 1)
    return INVALID_LEAST_US + part_of (INVALID_LONGEST_US - INVALID_LEAST_US, random01);

  return grown (INVALID_LONGEST_US, self->n_invalidated, random01);
}

gint64
dgw_backoff_next (DgwBackoff *self,
                  double      random01)
{
  gint64 delay_us;

  random01 = CLAMP (random01, 0.0, 1.0);
  if (self->n_failed > 0)
    delay_us = grown (FIRST_US, self->n_failed, random01);
  else
    delay_us = part_of (QUICK_US, random01);
  if (self->invalidated)
    delay_us = MAX (delay_us, get_invalidated_delay (self, random01));
  delay_us = MAX (delay_us, self->minimum_us);

  self->minimum_us = 0;
  self->invalidated = FALSE;

  return delay_us;
}
