/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-engine-private.h"

G_BEGIN_DECLS

typedef enum
{
  DGW_PHASE_IDLE,
  DGW_PHASE_LOOKUP,        /* asking for the address */
  DGW_PHASE_CONNECTING,    /* until the WebSocket is open */
  DGW_PHASE_AWAIT_HELLO,   /* open */
  DGW_PHASE_AWAIT_PERMIT,  /* HELLO came, there is no session: waiting for the slot to identify in */
  DGW_PHASE_AWAIT_READY,   /* opcode 2 was sent */
  DGW_PHASE_AWAIT_RESUMED, /* opcode 6 was sent */
  DGW_PHASE_READY,
  DGW_PHASE_BACKOFF, /* no connection, waiting to make the next */
  DGW_PHASE_HELD,    /* no connection, waiting for the application to catch up */
  DGW_PHASE_CLOSING, /* the application wants an end: waiting for the peer's close frame */
  DGW_N_PHASES,
} DgwPhase;

/* HELLO may come, has come, or more: there is a connection. */
#define DGW_PHASE_IS_OPEN(phase) ((phase) >= DGW_PHASE_AWAIT_HELLO && (phase) <= DGW_PHASE_READY)

typedef enum
{
  DGW_INPUT_START,
  DGW_INPUT_STOP,
  DGW_INPUT_LOOKED_UP,
  DGW_INPUT_LOOKUP_FAILED,
  DGW_INPUT_OPENED,
  DGW_INPUT_CONNECT_FAILED,
  DGW_INPUT_CLOSED,
  DGW_INPUT_HELLO,
  DGW_INPUT_BEAT_REQUEST,
  DGW_INPUT_ACK,
  DGW_INPUT_RECONNECT,
  DGW_INPUT_INVALID_SESSION,
  DGW_INPUT_READY,
  DGW_INPUT_RESUMED,
  DGW_INPUT_DISPATCH,
  DGW_INPUT_UNKNOWN_OP,
  DGW_INPUT_BAD_PAYLOAD,
  DGW_INPUT_PERMIT,
  DGW_INPUT_PERMIT_DENIED,
  DGW_INPUT_COMMAND,
  DGW_INPUT_PRESENCE,
  DGW_INPUT_HOLD,
  DGW_INPUT_RELEASE,
  DGW_INPUT_PHASE_DUE, /* the phase has lasted as long as it may */
  DGW_INPUT_BEAT_DUE,
  DGW_INPUT_SEND_DUE,   /* the limits allow what is queued */
  DGW_INPUT_ANSWER_DUE, /* a request may have waited long enough */
  DGW_INPUT_DEAF,       /* no dispatch for too long */
  DGW_INPUT_SLEPT,      /* the clock jumped: the host was suspended */
  DGW_INPUT_ROUTE,      /* the host has a network, a new one, or woke up */
  DGW_INPUT_PROBE_DUE,  /* no answer */
  DGW_N_INPUTS,
} DgwInput;

/* What came with an input; which fields count depends on it. */
typedef struct
{
  const DgwFrame         *frame;
  const DgwGatewayAnswer *answer;
  const GError           *error;
  const char             *text; /* close reason, or JSON text of a command */
  guint64                 id;
  gint64                  retry_after_us;
  guint                   code;         /* close code, HTTP status or opcode */
  gboolean                wants_answer; /* the command is done when it was answered */
  DgwStopKind             kind;
} DgwStimulus;

typedef void (*DgwHandler) (DgwEngine         *self,
                            const DgwStimulus *stimulus);

/* What an input does in a phase. */
typedef struct
{
  const char *name;
  DgwHandler  handler;  /* NULL: the input is ignored */
  guint       leads_to; /* bits 1 << DgwPhase of all phases it may end in, besides the present one */
} DgwEngineReaction;

const DgwEngineReaction *dgw_engine_table_lookup (DgwPhase phase,
                                                  DgwInput input);

const char *dgw_phase_to_string (DgwPhase phase);
const char *dgw_input_to_string (DgwInput input);

/* The table as the text of a Mermaid state diagram. */
char *dgw_engine_table_to_mermaid (void) G_GNUC_WARN_UNUSED_RESULT;

/* What DgwStatus the application sees in a phase; CLOSING shows the one from
 * before: *status is left as it is. */
void dgw_phase_get_status (DgwPhase   phase,
                           DgwStatus *status);

/* What the peer is told when the engine closes for this cause. The codes keep
 * the session: only 1000 and 1001 would end it. */
typedef struct
{
  guint       code;
  const char *reason; /* goes over the wire: not translated */
} DgwOwnClose;

const DgwOwnClose *dgw_engine_get_own_close (DgwCause cause);

/* For a suspend whose caller names a code that would end the session. */
#define DGW_OWN_CLOSE_SUSPEND 4907

G_END_DECLS
