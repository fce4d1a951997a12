/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dgw-gateway-error.h"
#include "base/dgw-log-private.h"
#include "engine/dgw-action-queue-private.h"
#include "engine/dgw-backoff-private.h"
#include "engine/dgw-close-policy-private.h"
#include "engine/dgw-engine-private.h"
#include "engine/dgw-engine-table-private.h"
#include "engine/dgw-heartbeat-private.h"
#include "engine/dgw-holds-private.h"
#include "engine/dgw-rate-limit-private.h"
#include "engine/dgw-request-private.h"

G_BEGIN_DECLS

/* What the files of the engine share; nobody else includes this.
 *
 *   dgw-engine.c          inputs, outputs, the clock
 *   dgw-engine-options.c  settings as a value
 *   dgw-engine-table.c    which input does what in which phase
 *   dgw-engine-phase.c    the one writer of the phase; session, errors, actions
 *   dgw-engine-connect.c  start, address, connecting
 *   dgw-engine-session.c  HELLO, identify, resume, dispatch, opcode 9
 *   dgw-engine-beat.c     heartbeats
 *   dgw-engine-send.c     commands, presence
 *   dgw-engine-request.c  commands that have an answer
 *   dgw-engine-end.c      how connections end, and what follows
 *   dgw-engine-stop.c     stop, hold, release
 *   dgw-engine-host.c     network and sleep of the host
 *   dgw-engine-error.c    what the application is told about each end */

#define DGW_ENGINE_CLOSE_TIMEOUT_US (2 * G_USEC_PER_SEC)
#define DGW_ENGINE_MAX_COMMANDS     256

/* The answer to a wrong token. */
#define DGW_ENGINE_HTTP_UNAUTHORIZED 401

/* Data of the one connection, or attempt at one: reset when it is over. */
typedef struct
{
  DgwHeartbeat   heartbeat;
  DgwCompression compression;
  gboolean       at_resume_url;
  gboolean       wants_permit;
  gint64         resumed_from; /* sequence that opcode 6 named */
  gint64         dispatch_us;  /* newest dispatch */
  gint64         probe_us;     /* when it was asked whether anybody is there; 0: not */
} DgwConnection;

typedef struct
{
  guint64     id;
  gint64      given_us;
  char       *text;    /* whole payload */
  char      **kinds;   /* for the holds */
  DgwRequest *request; /* what it waits for once it was sent; nullable */
} DgwCommand;

struct _DgwEngine
{
  DgwEngineOptions options;
  GRand           *rand;
  DgwActionQueue   actions;
  DgwEngineStats   stats;
  gint64           now_us; /* of the input at hand */

  DgwPhase  phase;
  gint64    phase_due_us; /* G_MAXINT64: it may last */
  DgwInput  input;        /* the one at hand */
  guint     may_lead_to;  /* what the table says of it */
  DgwStatus status;       /* as announced */
  gboolean  has_error;    /* last-error as announced */

  DgwConnection connection;
  DgwBackoff    backoff;
  guint         n_attempts;  /* in a row, as announced */
  gint64        identify_us; /* when the next identify may go out, without external permits */

  struct
  {
    char    *url;           /* last answer of the lookup */
    gboolean is_stale;      /* to be asked for again; still better than none */
    guint    starts_left;   /* identifies that it allows still */
    guint    starts_in_all; /* of a day; 0: not known */
    gint64   reset_us;      /* when there are as many again */
  } address;

  DgwResumeState session;
  gboolean       session_is_outdated; /* by options that changed */
  struct
  {
    guint    n_failed; /* connections in a row that ended before RESUMED */
    gint64   first_failed_us;
    gboolean avoid_url;
  } resume;
  gint64 bad_sequence; /* where the last bad payload came; -2: nowhere */

  GQueue       commands;      /* of DgwCommand, to be sent */
  GQueue       requests;      /* of DgwCommand, sent and not answered yet */
  gint64       answer_due_us; /* no request is given up before; G_MAXINT64: there is none */
  DgwHolds     holds;
  DgwRateLimit sends;
  DgwRateLimit presences;
  struct
  {
    char   *data;
    char   *text; /* whole payload, while it is to be sent */
    GArray *ids;  /* guint64 of the calls that wait for it */
  } presence;

  struct
  {
    guint    code;
    char    *reason;
    gboolean ends_session;
  } closing;
  DgwNetwork network;
  gboolean   lookup_is_local;
  gint64     attempt_us;    /* when the last one began */
  gint64     not_before_us; /* BACKOFF: what the gateway asked for */

  gint64 held_until_us; /* HELD: the next attempt is not due before */
};

/* phase */
void       dgw_engine_feed (DgwEngine         *self,
                            DgwInput           input,
                            const DgwStimulus *stimulus);
void       dgw_engine_set_phase (DgwEngine *self,
                                 DgwPhase   phase,
                                 gint64     due_us);
DgwAction *dgw_engine_push (DgwEngine    *self,
                            DgwActionKind kind);
gint64     dgw_engine_after_ms (DgwEngine *self,
                                guint      ms); /* 0: G_MAXINT64 */
gboolean   dgw_engine_can_resume (DgwEngine *self);
void       dgw_engine_push_session (DgwEngine *self);
void       dgw_engine_drop_session (DgwEngine  *self,
                                    const char *why);
gboolean   dgw_engine_check_resume_url (DgwEngine *self);

#define DGW_ENGINE_LOG(self) \
  (&(const DgwLogContext){(self)->options.shard_id, (self)->session.session_id, (self)->options.token})

/* options */
gboolean dgw_engine_options_is_other_session (const DgwEngineOptions *a, const DgwEngineOptions *b);

/* connect */
void dgw_engine_begin_attempt (DgwEngine *self);
void dgw_engine_renew_starts (DgwEngine *self);
void dgw_engine_on_start (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_retry (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_looked_up (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_lookup_failed (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_lookup_timeout (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_opened (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_connect_failed (DgwEngine *self, const DgwStimulus *stimulus);

/* session */
void dgw_engine_on_hello (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_permit (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_permit_denied (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_ready (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_resumed (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_dispatch (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_replay (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_invalid_session (DgwEngine *self, const DgwStimulus *stimulus);

/* host */
gint64  dgw_engine_stretch (DgwEngine *self, gint64 delay_us);
GError *dgw_engine_explain_network (DgwEngine *self, GError *error);
gint64  dgw_engine_get_probe_due (DgwEngine *self);
void    dgw_engine_on_hurry (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_curb (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_probe (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_probe_due (DgwEngine *self, const DgwStimulus *stimulus);

/* beat */
void     dgw_engine_reserve_beats (DgwEngine *self);
gboolean dgw_engine_send_extra_beat (DgwEngine *self);
void     dgw_engine_on_beat_due (DgwEngine *self, const DgwStimulus *stimulus);
void     dgw_engine_on_beat_request (DgwEngine *self, const DgwStimulus *stimulus);
void     dgw_engine_on_ack (DgwEngine *self, const DgwStimulus *stimulus);

/* send */
void    dgw_engine_send (DgwEngine *self, char *text);
gint64  dgw_engine_get_send_due (DgwEngine *self);
gint64  dgw_engine_get_expiry_due (DgwEngine *self);
void    dgw_engine_expire_commands (DgwEngine *self);
void    dgw_engine_flush (DgwEngine *self);
void    dgw_engine_presence_identified (DgwEngine *self);
void    dgw_engine_presence_renew (DgwEngine *self);
void    dgw_engine_fail_commands (DgwEngine *self);
void    dgw_engine_cancel (DgwEngine *self, guint64 id);
void    dgw_engine_on_command (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_command_live (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_command_idle (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_command_closing (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_presence (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_presence_live (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_presence_idle (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_on_send_due (DgwEngine *self, const DgwStimulus *stimulus);
void    dgw_engine_push_done (DgwEngine *self, guint64 id, GError *error);
void    dgw_engine_command_free (DgwCommand *command);
GError *dgw_engine_error_closed (void) G_GNUC_WARN_UNUSED_RESULT;

/* request */
void     dgw_engine_request_sent (DgwEngine *self, DgwCommand *command);
void     dgw_engine_take_answer (DgwEngine *self, const DgwFrame *frame);
void     dgw_engine_repeat_requests (DgwEngine *self);
void     dgw_engine_requests_live (DgwEngine *self);
void     dgw_engine_fail_requests (DgwEngine *self);
gboolean dgw_engine_drop_request (DgwEngine *self, guint64 id);
gboolean dgw_engine_drop_command (GQueue *queue, guint64 id);
void     dgw_engine_on_answer_due (DgwEngine *self, const DgwStimulus *stimulus);

/* How a connection or an attempt ended. */
typedef struct
{
  DgwCause        cause;
  DgwCloseVerdict verdict;
  guint           code; /* of the side that closed first; 0: none */
  const char     *reason;
  GError         *error; /* taken */
} DgwEnd;

/* end */
void dgw_engine_end (DgwEngine *self, const DgwEnd *end);
void dgw_engine_note_backoff (DgwEngine *self, DgwCause cause);
void dgw_engine_fail_attempt (DgwEngine *self, DgwCause cause, guint http_status, GError *error);
void dgw_engine_close_and_end (DgwEngine *self, DgwCause cause, GError *error);
void dgw_engine_push_close (DgwEngine *self, guint code, const char *reason);
void dgw_engine_push_disconnected (DgwEngine *self, guint code, const char *reason, gboolean will_reconnect);
void dgw_engine_push_error (DgwEngine *self, const GError *error);
void dgw_engine_push_failed (DgwEngine *self, GError *error);
void dgw_engine_push_reconnecting (DgwEngine *self, gint64 delay_us);
void dgw_engine_push_rescheduled (DgwEngine *self, gint64 due_us);
void dgw_engine_on_closed (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_timeout (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_reconnect (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_bad_payload (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_protocol_error (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_deaf (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_slept (DgwEngine *self, const DgwStimulus *stimulus);

/* stop */
void dgw_engine_on_stop_waiting (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_stop_attempt (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_stop_connected (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_stop_closing (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_close_done (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_hold_connected (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_hold_attempt (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_hold_backoff (DgwEngine *self, const DgwStimulus *stimulus);
void dgw_engine_on_release (DgwEngine *self, const DgwStimulus *stimulus);

/* error: what happened and what to do; the caller owns the result. */
GError *dgw_engine_error_timed_out (DgwPhase phase) G_GNUC_WARN_UNUSED_RESULT;
GError *dgw_engine_error_unauthorized (void) G_GNUC_WARN_UNUSED_RESULT;
GError *dgw_engine_error_session_start_limit (gint64 reset_after_ms) G_GNUC_WARN_UNUSED_RESULT;
GError *dgw_engine_error_with_prefix (const GError *error, const char *prefix) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
