/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "engine/dgw-address-private.h"
#include "engine/dgw-engine-internal-private.h"

/* Theory of operation.
 *
 * What the host says of its network is a hint and no more: hosts are wrong about
 * it, behind VPNs and in containers. Without a network the attempts are
 * stretched, but one is made every minute all the same; an address of this very
 * host needs no network. When a route comes, and when the host wakes, an attempt
 * that waits is made at once, unless the wait is what the gateway asked for.
 *
 * A connection that stood through a change of the network or through sleep may
 * be dead without anybody having told: a heartbeat asks. What is read in the
 * first second may have arrived before the sleep, so only the ACK counts then;
 * later everything does. If nothing comes for PROBE_US it is resumed, instead of
 * an interval later; and an attempt that is under way gets no more than that.
 * After a sleep longer than an interval there is nothing to ask: the gateway has
 * given it up. */

#define PROBE_US            (5 * G_USEC_PER_SEC)
#define OLD_DATA_US         G_USEC_PER_SEC
#define QUICK_US            (100 * G_TIME_SPAN_MILLISECOND)
#define BETWEEN_ATTEMPTS_US G_USEC_PER_SEC
#define LONGEST_US          (60 * G_USEC_PER_SEC)

static gboolean
is_local_target (DgwEngine *self)
{
  const char *address = self->options.url ? self->options.url : self->address.url;

  if (dgw_engine_can_resume (self) && self->session.resume_url && self->options.use_resume_url && !self->resume.avoid_url)
    address = self->session.resume_url;

  return address ? dgw_address_is_loopback (address) : self->lookup_is_local;
}

static gboolean
needs_network (DgwEngine *self)
{
  return self->network != DGW_NETWORK_AVAILABLE && !is_local_target (self);
}

/* Never longer than a minute, unless it was before. */
gint64
dgw_engine_stretch (DgwEngine *self,
                    gint64     delay_us)
{
  gint64 stretched_us;

  if (!needs_network (self))
    return delay_us;

  stretched_us = LONGEST_US / 2 + (gint64)(g_rand_double (self->rand) * LONGEST_US / 2);

  return MAX (delay_us, stretched_us);
}

/* Who has to log in somewhere first had better know. */
GError *
dgw_engine_explain_network (DgwEngine *self,
                            GError    *error)
{
  if (self->network == DGW_NETWORK_PORTAL && !is_local_target (self))
    g_prefix_error (&error, "%s ", _ ("This network wants to be logged in to: open any web page in a browser."));

  return error;
}

/* Once per second at most: a network that comes and goes is no reason to hurry. */
void
dgw_engine_on_hurry (DgwEngine         *self,
                     const DgwStimulus *stimulus)
{
  gint64 quick_us = self->now_us + (gint64)(g_rand_double (self->rand) * QUICK_US);
  gint64 due_us = MAX (quick_us, MAX (self->not_before_us, self->attempt_us + BETWEEN_ATTEMPTS_US));

  if (due_us >= self->phase_due_us)
    return;

  self->phase_due_us = due_us;
  dgw_engine_push_rescheduled (self, due_us);
}

/* It may go where there is no way any more. From the first such change on, so
 * that a network that flaps leaves it time enough. */
void
dgw_engine_on_curb (DgwEngine         *self,
                    const DgwStimulus *stimulus)
{
  self->phase_due_us = MIN (self->phase_due_us, self->now_us + PROBE_US);
}

void
dgw_engine_on_probe (DgwEngine         *self,
                     const DgwStimulus *stimulus)
{
  DgwConnection *connection = &self->connection;

  if (connection->probe_us > 0)
    return;

  /* When commands have filled the limit, the next beat of the schedule tells. */
  if (dgw_engine_send_extra_beat (self))
    connection->probe_us = self->now_us;
}

gint64
dgw_engine_get_probe_due (DgwEngine *self)
{
  return self->connection.probe_us > 0 ? self->connection.probe_us + PROBE_US : G_MAXINT64;
}

static gboolean
is_probe_answered (const DgwConnection *connection)
{
  return connection->heartbeat.alive_us > connection->probe_us + OLD_DATA_US ||
         dgw_heartbeat_is_answered (&connection->heartbeat, connection->probe_us);
}

void
dgw_engine_on_probe_due (DgwEngine         *self,
                         const DgwStimulus *stimulus)
{
  if (is_probe_answered (&self->connection))
    {
      self->connection.probe_us = 0;
      return;
    }

  dgw_engine_close_and_end (self, DGW_CAUSE_HEARTBEAT_LOST,
                            g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_HEARTBEAT_LOST,
                                                 _ ("The gateway did not answer when it was asked whether it is there. The connection is made anew.")));
}

void
dgw_engine_set_network (DgwEngine *self,
                        DgwNetwork network,
                        gboolean   lookup_is_local,
                        gint64     now_us)
{
  self->now_us = MAX (self->now_us, now_us);
  self->network = network;
  self->lookup_is_local = lookup_is_local;
  if (network == DGW_NETWORK_AVAILABLE && !is_local_target (self))
    dgw_engine_feed (self, DGW_INPUT_ROUTE, &(DgwStimulus){0});
}

void
dgw_engine_woke (DgwEngine *self,
                 gint64     slept_us,
                 gint64     now_us)
{
  gint64 interval_us = self->connection.heartbeat.interval_us;

  self->now_us = MAX (self->now_us, now_us);
  /* Waiting is what the gateway saw, whatever this side's clock did. */
  self->not_before_us -= slept_us;
  self->address.reset_us -= slept_us;
  if (interval_us > 0 && slept_us > interval_us)
    dgw_engine_feed (self, DGW_INPUT_SLEPT, &(DgwStimulus){0});
  else
    dgw_engine_feed (self, DGW_INPUT_ROUTE, &(DgwStimulus){0});
}

/* Who asks while another question is under way wants a heartbeat of its own. */
void
dgw_engine_probe (DgwEngine *self,
                  gint64     now_us)
{
  self->now_us = MAX (self->now_us, now_us);
  if (self->connection.probe_us > 0)
    dgw_engine_feed (self, DGW_INPUT_BEAT_REQUEST, &(DgwStimulus){0});
  else
    dgw_engine_feed (self, DGW_INPUT_ROUTE, &(DgwStimulus){0});
}
