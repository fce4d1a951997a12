/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-action-private.h"
#include "engine/dgw-gateway-answer-private.h"
#include "engine/dgw-resume-state-private.h"

G_BEGIN_DECLS

/* The Discord gateway protocol without I/O: inputs in, actions out. It reads no
 * clock and no random source: each input brings the time (monotonic
 * microseconds), and the seed decides every random choice. After each input
 * the owner takes all actions and arms one timer for the deadline. */
typedef struct _DgwEngine DgwEngine;

typedef struct
{
  char          *token; /* bare, without "Bot " */
  guint          intents;
  guint          shard_id;
  guint          shard_count;
  DgwCompression compression;
  char          *url;       /* NULL: looked up */
  char          *first_url; /* without url: what was looked up for this one before; nullable */
  gboolean       allow_insecure;
  gboolean       auto_reconnect;
  gboolean       use_resume_url;
  guint          large_threshold;
  guint          capabilities;
  char          *os;
  char          *browser;
  char          *device;
  guint          connect_timeout_ms;
  guint          hello_timeout_ms;
  guint          ready_timeout_ms;
  guint          resume_timeout_ms;
  guint          deaf_timeout_ms;    /* 0: off */
  guint          command_timeout_ms; /* how long a command may wait to be sent; 0: for ever */
  guint          commands_per_minute;
  guint          reserved_commands;
  gboolean       external_permits; /* WANT_PERMIT goes out; FALSE: one identify per 5 s by itself */
} DgwEngineOptions;

void dgw_engine_options_copy (const DgwEngineOptions *options,
                              DgwEngineOptions       *copy);
void dgw_engine_options_clear (DgwEngineOptions *options);

/* Why a connection ended or could not be made; the metrics count by it. */
typedef enum
{
  DGW_CAUSE_CONNECT_FAILED,
  DGW_CAUSE_CLOSED,    /* by the peer, with or without a code */
  DGW_CAUSE_REQUESTED, /* opcode 7 */
  DGW_CAUSE_INVALID_SESSION,
  DGW_CAUSE_HEARTBEAT_LOST,
  DGW_CAUSE_TIMED_OUT, /* connect, HELLO, READY or RESUMED */
  DGW_CAUSE_BAD_PAYLOAD,
  DGW_CAUSE_BACKLOG,
  DGW_CAUSE_DEAF,
  DGW_N_CAUSES,
} DgwCause;

typedef struct
{
  guint64 connects; /* WebSocket connections opened */
  guint64 identifies;
  guint64 resumes_tried;
  guint64 resumes_won;
  guint64 replayed_events;
  guint64 skipped_events;
  guint64 reconnects[DGW_N_CAUSES];
} DgwEngineStats;

typedef enum
{
  DGW_NETWORK_AVAILABLE,
  DGW_NETWORK_UNAVAILABLE,
  DGW_NETWORK_PORTAL, /* a captive portal is in the way */
} DgwNetwork;

typedef enum
{
  DGW_STOP_CLOSE,   /* close frame with the code; 1000 and 1001 end the session */
  DGW_STOP_SUSPEND, /* as CLOSE with a code that keeps the session; no further dispatch */
  DGW_STOP_CANCEL,  /* give up an open that is under way; a session from before is kept */
} DgwStopKind;

DgwEngine *dgw_engine_new (const DgwEngineOptions *options,
                           guint32                 seed) G_GNUC_WARN_UNUSED_RESULT;
void       dgw_engine_free (DgwEngine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwEngine, dgw_engine_free)

/* Settings. A changed token, intents or shard drops the session at the next
 * connection; the rest applies when it is next looked at. */
void dgw_engine_set_options (DgwEngine              *self,
                             const DgwEngineOptions *options);
/* The session to resume at the next start; NULL drops it. Only while idle. */
void dgw_engine_set_session (DgwEngine            *self,
                             const DgwResumeState *state);

/* Inputs. */
void dgw_engine_start (DgwEngine *self,
                       gint64     now_us);
void dgw_engine_stop (DgwEngine  *self,
                      DgwStopKind kind,
                      guint       code,
                      const char *reason,
                      gint64      now_us);
/* The answer to LOOKUP: either answer or error. http_status is 0 when no HTTP
 * answer came; retry_after_us is -1 without such a header. */
void dgw_engine_looked_up (DgwEngine              *self,
                           const DgwGatewayAnswer *answer,
                           guint                   http_status,
                           gint64                  retry_after_us,
                           const GError           *error,
                           gint64                  now_us);
void dgw_engine_opened (DgwEngine *self,
                        gint64     now_us);
void dgw_engine_connect_failed (DgwEngine    *self,
                                guint         http_status,
                                gint64        retry_after_us,
                                const GError *error,
                                gint64        now_us);
/* Any complete WebSocket message counts as a sign of life, also one that does
 * not complete a payload. */
void dgw_engine_alive (DgwEngine *self,
                       gint64     now_us);
void dgw_engine_frame (DgwEngine      *self,
                       const DgwFrame *frame,
                       gint64          now_us);
/* A payload that could not be inflated, was too large or had no envelope. */
void dgw_engine_bad_payload (DgwEngine    *self,
                             const GError *error,
                             gint64        now_us);
/* The WebSocket is closed. code is 0 without a close frame. */
void dgw_engine_closed (DgwEngine    *self,
                        guint         code,
                        const char   *reason,
                        const GError *error,
                        gint64        now_us);
/* The answers to WANT_PERMIT. */
void dgw_engine_permit_granted (DgwEngine *self,
                                gint64     now_us);
void dgw_engine_permit_denied (DgwEngine    *self,
                               const GError *error,
                               gint64        now_us);
/* Whether it is one that applications may send. */
gboolean dgw_engine_is_command (guint opcode);
/* data: JSON text. Ends in a COMMAND_DONE with this id (0: none wanted). */
void dgw_engine_command (DgwEngine  *self,
                         guint64     id,
                         guint       opcode,
                         const char *data,
                         gint64      now_us);
/* The same for opcodes 8, 31 and 43, done when the whole answer has come: its
 * COMMAND_DONE brings the documents. Requests are told apart by the nonce or
 * the guilds in their data. */
void dgw_engine_request (DgwEngine  *self,
                         guint64     id,
                         guint       opcode,
                         const char *data,
                         gint64      now_us);
void dgw_engine_cancel_command (DgwEngine *self,
                                guint64    id,
                                gint64     now_us);
/* Opcode 3: newest wins; data NULL: no presence any more. Superseded ids are
 * done together with the one that replaced them. Also goes with identify. */
void dgw_engine_set_presence (DgwEngine  *self,
                              guint64     id,
                              const char *data,
                              gint64      now_us);
/* The application's backlog is full: close with 4900, keep the session; and
 * it is down to half: resume. */
void dgw_engine_hold (DgwEngine *self,
                      gint64     now_us);
void dgw_engine_release (DgwEngine *self,
                         gint64     now_us);
/* What the host knows of its network, each time that it changes: also when there
 * was one before, of which the routes are others now. lookup_is_local: LOOKUP
 * asks this very host. */
void dgw_engine_set_network (DgwEngine *self,
                             DgwNetwork network,
                             gboolean   lookup_is_local,
                             gint64     now_us);
/* The host was asleep, and the monotonic clock with it. */
void dgw_engine_woke (DgwEngine *self,
                      gint64     slept_us,
                      gint64     now_us);
/* The application wants to know whether anybody is there. */
void dgw_engine_probe (DgwEngine *self,
                       gint64     now_us);
void dgw_engine_tick (DgwEngine *self,
                      gint64     now_us);

/* Outputs. The action taken is the caller's to clear. */
gboolean  dgw_engine_pop_action (DgwEngine *self,
                                 DgwAction *action);
gint64    dgw_engine_get_deadline (DgwEngine *self); /* G_MAXINT64: none */
DgwStatus dgw_engine_get_status (DgwEngine *self);
void      dgw_engine_get_stats (DgwEngine      *self,
                                DgwEngineStats *stats);

G_END_DECLS
