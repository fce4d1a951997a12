/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/dgw-clean-private.h"
#include "base/dgw-secret-private.h"
#include "dgw-protocol-table-private.h"
#include "engine/dgw-engine-internal-private.h"

/* Theory of operation.
 *
 * HELLO starts the heartbeats and decides: with a session, opcode 6 goes out at
 * once, as resumes are not limited; without one, opcode 2 waits for its slot.
 * READY brings the session, RESUMED confirms it. The sequence follows every
 * dispatch, known or not, before anybody looks into it: it is what a resume
 * starts from, and an event that the library cannot read must not come again
 * for ever.
 *
 * https://discord.com/developers/docs/events/gateway#connection-lifecycle */

#define IDENTIFY_WINDOW_US (DGW_LIMIT_IDENTIFY_WINDOW_MS * G_TIME_SPAN_MILLISECOND)
/* Far above what Discord sends. */
#define MAX_SESSION_ID_BYTES 256
#define MAX_RESUME_URL_BYTES 1024

#define MAX_INTERVAL_MS (G_TIME_SPAN_DAY / G_TIME_SPAN_MILLISECOND)

static char *
write_identify (DgwEngine  *self,
                const char *presence)
{
  const DgwEngineOptions *options = &self->options;

  DgwIdentify identify = {
    .token = options->token,
    .intents = options->intents,
    .shard_id = options->shard_id,
    .shard_count = options->shard_count,
    .os = options->os,
    .browser = options->browser,
    .device = options->device,
    .compress = self->connection.compression == DGW_COMPRESSION_ZLIB_PAYLOAD,
    /* The least is Discord's default. */
    .large_threshold = options->large_threshold > DGW_LIMIT_LARGE_THRESHOLD_MIN ? options->large_threshold : 0,
    .capabilities = options->capabilities,
    .presence = presence,
  };

  return dgw_frame_write_identify (&identify);
}

/* The session is awaited for longer than one heartbeat interval: READY may be
 * late in an outage, and heartbeats tell meanwhile whether anybody is there. */
static gint64
get_session_due (DgwEngine *self,
                 guint      timeout_ms)
{
  gint64 interval_us = self->connection.heartbeat.interval_us;

  if (timeout_ms == 0)
    return G_MAXINT64;

  return self->now_us + MAX ((gint64)timeout_ms * G_TIME_SPAN_MILLISECOND, interval_us + interval_us / 4);
}

/* A presence that does not fit beside the rest is sent after READY instead. */
static void
identify (DgwEngine *self)
{
  g_autoptr (DgwSecret) text = write_identify (self, self->presence.data);

  self->identify_us = self->now_us + IDENTIFY_WINDOW_US;
  self->session_is_outdated = FALSE;
  self->stats.identifies++;
  dgw_engine_renew_starts (self);
  self->address.starts_left -= MIN (self->address.starts_left, 1);

  if (strlen (text) <= DGW_LIMIT_PAYLOAD_BYTES)
    {
      dgw_engine_send (self, g_steal_pointer (&text));
      dgw_engine_presence_identified (self);
    }
  else
    {
      dgw_engine_send (self, write_identify (self, NULL));
      dgw_engine_presence_renew (self);
    }

  dgw_engine_set_phase (self, DGW_PHASE_AWAIT_READY, get_session_due (self, self->options.ready_timeout_ms));
}

static void
resume (DgwEngine *self)
{
  self->stats.resumes_tried++;
  self->connection.resumed_from = self->session.sequence;
  dgw_engine_send (self, dgw_frame_write_resume (self->options.token, self->session.session_id, self->session.sequence));
  dgw_engine_set_phase (self, DGW_PHASE_AWAIT_RESUMED, get_session_due (self, self->options.resume_timeout_ms));
}

static void
want_permit (DgwEngine *self)
{
  self->connection.wants_permit = self->options.external_permits;
  if (self->connection.wants_permit)
    {
      dgw_engine_set_phase (self, DGW_PHASE_AWAIT_PERMIT, G_MAXINT64);
      dgw_engine_push (self, DGW_ACTION_WANT_PERMIT);
    }
  else if (self->now_us < self->identify_us)
    {
      dgw_engine_set_phase (self, DGW_PHASE_AWAIT_PERMIT, self->identify_us);
    }
  else
    {
      identify (self);
    }
}

void
dgw_engine_on_hello (DgwEngine         *self,
                     const DgwStimulus *stimulus)
{
  DgwJsonView view = dgw_json_view_get_member (dgw_json_get_data (stimulus->frame->json), "heartbeat_interval");
  double      wanted_ms = dgw_json_view_get_double (view, 0);
  guint       interval_ms = wanted_ms >= 1 && wanted_ms <= MAX_INTERVAL_MS ? (guint)wanted_ms : 0;

  if (interval_ms == 0)
    {
      dgw_engine_on_protocol_error (self, stimulus);
      return;
    }

  dgw_heartbeat_start (&self->connection.heartbeat,
                       interval_ms * G_TIME_SPAN_MILLISECOND,
                       g_rand_double (self->rand),
                       self->now_us);
  dgw_engine_reserve_beats (self);
  dgw_engine_push (self, DGW_ACTION_HELLO)->interval_ms = interval_ms;

  if (dgw_engine_can_resume (self))
    resume (self);
  else
    want_permit (self);
}

void
dgw_engine_on_permit (DgwEngine         *self,
                      const DgwStimulus *stimulus)
{
  identify (self);
}

/* Without a slot this connection is of no use. */
void
dgw_engine_on_permit_denied (DgwEngine         *self,
                             const DgwStimulus *stimulus)
{
  dgw_engine_close_and_end (self, DGW_CAUSE_CONNECT_FAILED,
                            dgw_engine_error_with_prefix (stimulus->error, _ ("The identify limiter gave no slot:")));
}

/* A sequence that is not above the newest comes from a replay that overlaps:
 * the event is delivered, the newest stays. */
void
dgw_engine_on_dispatch (DgwEngine         *self,
                        const DgwStimulus *stimulus)
{
  const DgwFrame *frame = stimulus->frame;
  DgwAction      *action;

  self->connection.dispatch_us = self->now_us;
  if (frame->sequence > self->session.sequence)
    self->session.sequence = frame->sequence;

  if (frame->name == NULL)
    return;

  action = dgw_engine_push (self, DGW_ACTION_DISPATCH);
  action->dispatch.json = dgw_json_ref (frame->json);
  action->dispatch.name = frame->name;
  action->dispatch.type = frame->type;
  action->dispatch.sequence = frame->sequence;
  action->dispatch.received_us = self->now_us;
  dgw_engine_take_answer (self, frame);
}

void
dgw_engine_on_replay (DgwEngine         *self,
                      const DgwStimulus *stimulus)
{
  self->stats.replayed_events++;
  dgw_engine_on_dispatch (self, stimulus);
}

/* The status comes before the event, so that a handler of READY sees READY. */
static void
go_live (DgwEngine         *self,
         const DgwStimulus *stimulus)
{
  self->resume.n_failed = 0;
  self->resume.avoid_url = FALSE;
  dgw_backoff_live (&self->backoff, self->now_us);

  dgw_engine_push_error (self, NULL);
  if (self->phase != DGW_PHASE_READY)
    dgw_engine_set_phase (self, DGW_PHASE_READY, G_MAXINT64);
  dgw_engine_requests_live (self);
  dgw_engine_on_dispatch (self, stimulus);
  dgw_engine_flush (self);
}

/* It is kept in files and shown in logs, and has to fit into a payload. */
static gboolean
is_session_id (DgwEngine  *self,
               const char *text)
{
  return text != NULL && *text != '\0' && strlen (text) <= MAX_SESSION_ID_BYTES && !dgw_has_secret (text, self->options.token);
}

void
dgw_engine_on_ready (DgwEngine         *self,
                     const DgwStimulus *stimulus)
{
  const DgwFrame *frame = stimulus->frame;
  DgwJsonView     data = dgw_json_get_data (frame->json);
  const char     *session_id = dgw_json_view_get_string (dgw_json_view_get_member (data, "session_id"));
  const char     *resume_url = dgw_json_view_get_string (dgw_json_view_get_member (data, "resume_gateway_url"));

  if (!is_session_id (self, session_id))
    {
      dgw_engine_on_protocol_error (self, stimulus);
      return;
    }

  if (resume_url != NULL && (strlen (resume_url) > MAX_RESUME_URL_BYTES || dgw_has_secret (resume_url, self->options.token)))
    resume_url = NULL;
  dgw_resume_state_set (&self->session, session_id, resume_url, frame->sequence);
  self->bad_sequence = -2;
  dgw_engine_check_resume_url (self);
  dgw_engine_push_session (self);
  dgw_engine_repeat_requests (self);
  go_live (self, stimulus);
}

void
dgw_engine_on_resumed (DgwEngine         *self,
                       const DgwStimulus *stimulus)
{
  self->stats.resumes_won++;
  go_live (self, stimulus);
}

/* A new connection, also where Discord would take a resume on this one: it is
 * the case that works for both values. */
void
dgw_engine_on_invalid_session (DgwEngine         *self,
                               const DgwStimulus *stimulus)
{
  gboolean resumable = dgw_json_view_get_boolean (dgw_json_get_data (stimulus->frame->json), FALSE) && dgw_engine_can_resume (self);

  dgw_engine_push (self, DGW_ACTION_INVALIDATED)->resumable = resumable;
  if (!resumable)
    {
      dgw_engine_drop_session (self, "opcode 9");
      dgw_backoff_invalidated (&self->backoff);
    }

  dgw_engine_close_and_end (self,
                            DGW_CAUSE_INVALID_SESSION,
                            g_error_new_literal (DGW_GATEWAY_ERROR,
                                                 DGW_GATEWAY_ERROR_SESSION_INVALIDATED,
                                                 resumable ? _ ("Discord interrupted the session (opcode 9). It is resumed.")
                                                           : _ ("Discord ended the session (opcode 9). Events in between are lost; a new session has to be started.")));
}
