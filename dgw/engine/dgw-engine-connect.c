/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "engine/dgw-address-private.h"
#include "engine/dgw-engine-internal-private.h"

/* Theory of operation.
 *
 * An attempt with a session to resume goes to the URL that came with it, any
 * other to the main address: the one that is set, or the one that was looked
 * up. The looked-up address is kept until connecting to it fails; if the lookup
 * fails then, the old address is better than none. When the resume URL cannot
 * be connected to, the next attempt takes the session to the main address, and
 * when that fails too, the attempts alternate.
 *
 * The lookup also tells how many identifies are left. When they are used up it
 * is asked again, and if there are none, waited for.
 *
 * https://discord.com/developers/docs/events/gateway#connecting */

#define HTTP_TOO_MANY_REQUESTS 429

/* No server has a good reason to ask for more. */
#define MAX_WAIT_US G_TIME_SPAN_DAY

static void
connect_to (DgwEngine  *self,
            const char *address,
            gboolean    is_resume_url)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  dgw_engine_set_phase (self, DGW_PHASE_CONNECTING, dgw_engine_after_ms (self, self->options.connect_timeout_ms));
  self->connection.at_resume_url = is_resume_url;
  self->connection.compression = self->options.compression;

  if (dgw_address_check (address, self->options.allow_insecure, &error))
    url = dgw_address_build (address, self->options.compression);

  if (url)
    dgw_engine_push (self, DGW_ACTION_CONNECT)->url = g_steal_pointer (&url);
  else
    dgw_engine_fail_attempt (self, DGW_CAUSE_CONNECT_FAILED, 0, g_steal_pointer (&error));
}

/* A limiter knows better, as it sees the other shards. */
static gboolean
may_identify (DgwEngine *self)
{
  return self->options.external_permits || self->address.starts_left > 0;
}

static void
connect_to_main (DgwEngine *self)
{
  if (self->options.url)
    {
      connect_to (self, self->options.url, FALSE);
    }
  else if (self->address.url && !self->address.is_stale && (may_identify (self) || dgw_engine_can_resume (self)))
    {
      connect_to (self, self->address.url, FALSE);
    }
  else
    {
      dgw_engine_set_phase (self, DGW_PHASE_LOOKUP, dgw_engine_after_ms (self, self->options.connect_timeout_ms));
      dgw_engine_push (self, DGW_ACTION_LOOKUP);
    }
}

void
dgw_engine_begin_attempt (DgwEngine *self)
{
  self->attempt_us = self->now_us;
  if (self->session_is_outdated)
    dgw_engine_drop_session (self, "token, intents or shard were changed");

  if (!dgw_engine_check_resume_url (self))
    dgw_engine_push_session (self);

  if (dgw_engine_can_resume (self) && self->session.resume_url && self->options.use_resume_url && !self->resume.avoid_url)
    connect_to (self, self->session.resume_url, TRUE);
  else
    connect_to_main (self);
}

/* The address of the last run is good, but what came with it may be old. */
static void
choose_first_address (DgwEngine *self)
{
  self->address.is_stale = self->options.first_url == NULL;
  if (self->address.is_stale)
    return;

  g_free (self->address.url);
  self->address.url = g_strdup (self->options.first_url);
  self->address.starts_left = G_MAXUINT;
  self->address.starts_in_all = 0;
}

void
dgw_engine_on_start (DgwEngine         *self,
                     const DgwStimulus *stimulus)
{
  dgw_backoff_reset (&self->backoff);
  self->n_attempts = 0;
  self->resume.n_failed = 0;
  self->resume.avoid_url = FALSE;

  choose_first_address (self);
  dgw_engine_begin_attempt (self);
}

void
dgw_engine_on_retry (DgwEngine         *self,
                     const DgwStimulus *stimulus)
{
  dgw_engine_begin_attempt (self);
}

/* An identify beyond the limit would reset the bot's token. A resume is free. */
void
dgw_engine_on_looked_up (DgwEngine         *self,
                         const DgwStimulus *stimulus)
{
  const DgwGatewayAnswer *answer = stimulus->answer;
  gint64                  reset_after_ms = CLAMP (answer->reset_after_ms, 0, MAX_WAIT_US / G_TIME_SPAN_MILLISECOND);

  g_free (self->address.url);
  self->address.url = g_strdup (answer->url);
  self->address.is_stale = FALSE;
  self->address.starts_left = answer->remaining;
  self->address.starts_in_all = MAX (answer->total, 1);
  self->address.reset_us = self->now_us + reset_after_ms * G_TIME_SPAN_MILLISECOND;

  if (answer->remaining > 0 || dgw_engine_can_resume (self))
    {
      connect_to (self, self->address.url, FALSE);
      return;
    }

  self->address.is_stale = TRUE; /* it is the answer that has to be asked for anew */
  dgw_backoff_require (&self->backoff, reset_after_ms * G_TIME_SPAN_MILLISECOND);
  dgw_engine_fail_attempt (self, DGW_CAUSE_CONNECT_FAILED, 0, dgw_engine_error_session_start_limit (reset_after_ms));
}

static void
obey_retry_after (DgwEngine         *self,
                  const DgwStimulus *stimulus)
{
  if (stimulus->retry_after_us > 0)
    dgw_backoff_require (&self->backoff, MIN (stimulus->retry_after_us, MAX_WAIT_US));
}

/* When a day is over all are there again, although nobody says so. */
void
dgw_engine_renew_starts (DgwEngine *self)
{
  gint64 over_us = self->now_us - self->address.reset_us;

  if (self->address.starts_in_all == 0 || over_us < 0)
    return;

  self->address.starts_left = self->address.starts_in_all;
  self->address.reset_us += (1 + over_us / G_TIME_SPAN_DAY) * G_TIME_SPAN_DAY;
}

static gboolean
can_do_without_lookup (DgwEngine *self,
                       guint      http_status)
{
  if (http_status == DGW_ENGINE_HTTP_UNAUTHORIZED || http_status == HTTP_TOO_MANY_REQUESTS)
    return FALSE;

  dgw_engine_renew_starts (self);

  return self->address.url && (may_identify (self) || dgw_engine_can_resume (self));
}

static void
lookup_failed (DgwEngine *self,
               DgwCause   cause,
               guint      http_status,
               GError    *error)
{
  self->resume.avoid_url = FALSE;
  if (can_do_without_lookup (self, http_status))
    {
      dgw_debug (DGW_ENGINE_LOG (self), "using the address from before: %s", error->message);
      g_error_free (error);
      connect_to (self, self->address.url, FALSE);
      return;
    }

  dgw_engine_fail_attempt (self, cause, http_status, error);
}

/* Unlike those of a connection, these errors say themselves what they are about. */
static GError *
copy_lookup_error (const GError *error)
{
  return error ? g_error_copy (error)
               : g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED, _ ("The gateway's address is not known"));
}

void
dgw_engine_on_lookup_failed (DgwEngine         *self,
                             const DgwStimulus *stimulus)
{
  obey_retry_after (self, stimulus);
  lookup_failed (self, DGW_CAUSE_CONNECT_FAILED, stimulus->code, copy_lookup_error (stimulus->error));
}

void
dgw_engine_on_lookup_timeout (DgwEngine         *self,
                              const DgwStimulus *stimulus)
{
  dgw_engine_push (self, DGW_ACTION_DROP);
  lookup_failed (self, DGW_CAUSE_TIMED_OUT, 0, dgw_engine_error_timed_out (self->phase));
}

void
dgw_engine_on_opened (DgwEngine         *self,
                      const DgwStimulus *stimulus)
{
  self->stats.connects++;
  dgw_rate_limit_reset (&self->sends);
  dgw_engine_set_phase (self, DGW_PHASE_AWAIT_HELLO, dgw_engine_after_ms (self, self->options.hello_timeout_ms));
}

void
dgw_engine_on_connect_failed (DgwEngine         *self,
                              const DgwStimulus *stimulus)
{
  obey_retry_after (self, stimulus);
  dgw_engine_fail_attempt (self,
                           DGW_CAUSE_CONNECT_FAILED,
                           stimulus->code,
                           dgw_engine_error_with_prefix (stimulus->error, _ ("Cannot connect to the gateway:")));
}
