/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-engine-table-private.h"

#include "engine/dgw-engine-internal-private.h"

/* Theory of operation.
 *
 * The life of a gateway is one phase; what may happen to it is one input; the
 * table below says for each pair what the engine does. There is no other place
 * where a phase decides whether something is allowed. A reaction names the
 * function that carries it out and all phases that this may end in; the engine
 * checks itself against that, and the diagram in the documentation is printed
 * from it.
 *
 * Two reactions need no function of their own: what is merely late or of no use
 * is ignored, and what a sane peer never sends ends the connection and resumes. */

#define TO(phase) (1u << DGW_PHASE_##phase)

/* The connection ended: try again, or stop for good. */
#define TO_END (TO (BACKOFF) | TO (IDLE))

typedef enum
{
  NONE, /* no reaction at all: a hole in the table, which a test looks for */
  _IGN_,
  START,
  STOP_,
  ABORT,
  CLOSE,
  AGAIN,
  FOUND,
  UNFND,
  LATE_,
  OPEN_,
  UNCON,
  LOST_,
  DONE_,
  HELLO,
  BEAT_,
  ASKED,
  ACKED,
  RECON,
  INVAL,
  READY,
  RESUM,
  EVENT,
  REPLY,
  BAD__,
  PROTO,
  IDENT,
  DENY_,
  QUEUE,
  SEND_,
  REFUS,
  ENDED,
  STORE,
  PRESC,
  PRSND,
  HOLD_,
  WAIT_,
  PAUSE,
  RELSE,
  RETRY,
  SLOW_,
  FLUSH,
  LATEA,
  DEAF_,
  SLEPT,
  HURRY,
  PROBE,
  CURB_,
  DEAD_,
  N_REACTIONS,
} Reaction;

static const DgwEngineReaction reactions[N_REACTIONS] = {
  [_IGN_] = {"ignored",               NULL,                          0                                                                 },
  [START] = {"start",                 dgw_engine_on_start,           TO (LOOKUP) | TO (CONNECTING) | TO_END                            },
  [STOP_] = {"stop",                  dgw_engine_on_stop_waiting,    TO (IDLE)                                                         },
  [ABORT] = {"stop the attempt",      dgw_engine_on_stop_attempt,    TO (IDLE)                                                         },
  [CLOSE] = {"close",                 dgw_engine_on_stop_connected,  TO (CLOSING) | TO (IDLE)                                          },
  [AGAIN] = {"stop again",            dgw_engine_on_stop_closing,    0                                                                 },
  [FOUND] = {"connect",               dgw_engine_on_looked_up,       TO (CONNECTING) | TO_END                                          },
  [UNFND] = {"lookup failed",         dgw_engine_on_lookup_failed,   TO (CONNECTING) | TO_END                                          },
  [LATE_] = {"lookup timed out",      dgw_engine_on_lookup_timeout,  TO (CONNECTING) | TO_END                                          },
  [OPEN_] = {"opened",                dgw_engine_on_opened,          TO (AWAIT_HELLO)                                                  },
  [UNCON] = {"connect failed",        dgw_engine_on_connect_failed,  TO_END                                                            },
  [LOST_] = {"closed by the peer",    dgw_engine_on_closed,          TO_END                                                            },
  [DONE_] = {"close is complete",     dgw_engine_on_close_done,      TO (IDLE)                                                         },
  [HELLO] = {"hello",                 dgw_engine_on_hello,           TO (AWAIT_PERMIT) | TO (AWAIT_READY) | TO (AWAIT_RESUMED) | TO_END},
  [BEAT_] = {"beat",                  dgw_engine_on_beat_due,        TO_END                                                            },
  [ASKED] = {"answer with a beat",    dgw_engine_on_beat_request,    0                                                                 },
  [ACKED] = {"acknowledged",          dgw_engine_on_ack,             0                                                                 },
  [RECON] = {"reconnect",             dgw_engine_on_reconnect,       TO_END                                                            },
  [INVAL] = {"invalid session",       dgw_engine_on_invalid_session, TO_END                                                            },
  [READY] = {"ready",                 dgw_engine_on_ready,           TO (READY) | TO_END                                               },
  [RESUM] = {"resumed",               dgw_engine_on_resumed,         TO (READY)                                                        },
  [EVENT] = {"dispatch",              dgw_engine_on_dispatch,        0                                                                 },
  [REPLY] = {"replay",                dgw_engine_on_replay,          0                                                                 },
  [BAD__] = {"bad payload",           dgw_engine_on_bad_payload,     TO_END                                                            },
  [PROTO] = {"protocol error",        dgw_engine_on_protocol_error,  TO_END                                                            },
  [IDENT] = {"identify",              dgw_engine_on_permit,          TO (AWAIT_READY)                                                  },
  [DENY_] = {"refused a slot",        dgw_engine_on_permit_denied,   TO_END                                                            },
  [QUEUE] = {"queue",                 dgw_engine_on_command,         0                                                                 },
  [SEND_] = {"send",                  dgw_engine_on_command_live,    0                                                                 },
  [REFUS] = {"refuse",                dgw_engine_on_command_idle,    0                                                                 },
  [ENDED] = {"refuse at the end",     dgw_engine_on_command_closing, 0                                                                 },
  [STORE] = {"store the presence",    dgw_engine_on_presence_idle,   0                                                                 },
  [PRESC] = {"queue the presence",    dgw_engine_on_presence,        0                                                                 },
  [PRSND] = {"send the presence",     dgw_engine_on_presence_live,   0                                                                 },
  [HOLD_] = {"hold",                  dgw_engine_on_hold_connected,  TO (HELD) | TO (IDLE)                                             },
  [WAIT_] = {"hold the attempt",      dgw_engine_on_hold_attempt,    TO (HELD) | TO (IDLE)                                             },
  [PAUSE] = {"hold the next attempt", dgw_engine_on_hold_backoff,    TO (HELD)                                                         },
  [RELSE] = {"release",               dgw_engine_on_release,         TO (BACKOFF)                                                      },
  [RETRY] = {"try again",             dgw_engine_on_retry,           TO (LOOKUP) | TO (CONNECTING) | TO_END                            },
  [SLOW_] = {"timed out",             dgw_engine_on_timeout,         TO_END                                                            },
  [FLUSH] = {"send what waits",       dgw_engine_on_send_due,        0                                                                 },
  [LATEA] = {"give up requests",      dgw_engine_on_answer_due,      0                                                                 },
  [DEAF_] = {"resume to hear again",  dgw_engine_on_deaf,            TO_END                                                            },
  [SLEPT] = {"reconnect after sleep", dgw_engine_on_slept,           TO_END                                                            },
  [HURRY] = {"try sooner",            dgw_engine_on_hurry,           0                                                                 },
  [PROBE] = {"probe",                 dgw_engine_on_probe,           0                                                                 },
  [CURB_] = {"allow less time",       dgw_engine_on_curb,            0                                                                 },
  [DEAD_] = {"reconnect if dead",     dgw_engine_on_probe_due,       TO_END                                                            },
};

/* clang-format off */
static const guint8 table[DGW_N_INPUTS][DGW_N_PHASES] = {
  /*                             IDLE   LOOKUP CONNEC A_HELL A_PERM A_READ A_RESU READY  BACKOF HELD   CLOSING */
  [DGW_INPUT_START]           = {START, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_STOP]            = {STOP_, ABORT, ABORT, CLOSE, CLOSE, CLOSE, CLOSE, CLOSE, STOP_, STOP_, AGAIN},
  [DGW_INPUT_LOOKED_UP]       = {_IGN_, FOUND, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_LOOKUP_FAILED]   = {_IGN_, UNFND, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_OPENED]          = {_IGN_, _IGN_, OPEN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_CONNECT_FAILED]  = {_IGN_, _IGN_, UNCON, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_CLOSED]          = {_IGN_, _IGN_, LOST_, LOST_, LOST_, LOST_, LOST_, LOST_, _IGN_, _IGN_, DONE_},
  [DGW_INPUT_HELLO]           = {_IGN_, _IGN_, _IGN_, HELLO, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_BEAT_REQUEST]    = {_IGN_, _IGN_, _IGN_, _IGN_, ASKED, ASKED, ASKED, ASKED, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_ACK]             = {_IGN_, _IGN_, _IGN_, _IGN_, ACKED, ACKED, ACKED, ACKED, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_RECONNECT]       = {_IGN_, _IGN_, _IGN_, RECON, RECON, RECON, RECON, RECON, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_INVALID_SESSION] = {_IGN_, _IGN_, _IGN_, INVAL, INVAL, INVAL, INVAL, INVAL, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_READY]           = {_IGN_, _IGN_, _IGN_, PROTO, PROTO, READY, READY, READY, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_RESUMED]         = {_IGN_, _IGN_, _IGN_, PROTO, PROTO, EVENT, RESUM, EVENT, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_DISPATCH]        = {_IGN_, _IGN_, _IGN_, PROTO, PROTO, EVENT, REPLY, EVENT, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_UNKNOWN_OP]      = {_IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_BAD_PAYLOAD]     = {_IGN_, _IGN_, _IGN_, BAD__, BAD__, BAD__, BAD__, BAD__, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_PERMIT]          = {_IGN_, _IGN_, _IGN_, _IGN_, IDENT, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_PERMIT_DENIED]   = {_IGN_, _IGN_, _IGN_, _IGN_, DENY_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_COMMAND]         = {REFUS, QUEUE, QUEUE, QUEUE, QUEUE, QUEUE, QUEUE, SEND_, QUEUE, QUEUE, ENDED},
  [DGW_INPUT_PRESENCE]        = {STORE, PRESC, PRESC, PRESC, PRESC, PRESC, PRESC, PRSND, PRESC, PRESC, STORE},
  [DGW_INPUT_HOLD]            = {_IGN_, WAIT_, WAIT_, HOLD_, HOLD_, HOLD_, HOLD_, HOLD_, PAUSE, _IGN_, _IGN_},
  [DGW_INPUT_RELEASE]         = {_IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, RELSE, _IGN_},
  [DGW_INPUT_PHASE_DUE]       = {_IGN_, LATE_, SLOW_, SLOW_, IDENT, SLOW_, SLOW_, _IGN_, RETRY, _IGN_, DONE_},
  [DGW_INPUT_BEAT_DUE]        = {_IGN_, _IGN_, _IGN_, _IGN_, BEAT_, BEAT_, BEAT_, BEAT_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_SEND_DUE]        = {_IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, FLUSH, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_ANSWER_DUE]      = {_IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, LATEA, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_DEAF]            = {_IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, _IGN_, DEAF_, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_SLEPT]           = {_IGN_, _IGN_, _IGN_, SLEPT, SLEPT, SLEPT, SLEPT, SLEPT, _IGN_, _IGN_, _IGN_},
  [DGW_INPUT_ROUTE]           = {_IGN_, CURB_, CURB_, CURB_, PROBE, PROBE, PROBE, PROBE, HURRY, _IGN_, _IGN_},
  [DGW_INPUT_PROBE_DUE]       = {_IGN_, _IGN_, _IGN_, _IGN_, DEAD_, DEAD_, DEAD_, DEAD_, _IGN_, _IGN_, _IGN_},
};
/* clang-format on */

const DgwEngineReaction *
dgw_engine_table_lookup (DgwPhase phase,
                         DgwInput input)
{
  return &reactions[table[input][phase]];
}

static const struct
{
  const char *name;
  DgwStatus   status;
} phases[DGW_N_PHASES] = {
  [DGW_PHASE_IDLE] = {"IDLE",          DGW_STATUS_UNCONNECTED      },
  [DGW_PHASE_LOOKUP] = {"LOOKUP",        DGW_STATUS_CONNECTING       },
  [DGW_PHASE_CONNECTING] = {"CONNECTING",    DGW_STATUS_CONNECTING       },
  [DGW_PHASE_AWAIT_HELLO] = {"AWAIT_HELLO",   DGW_STATUS_WAITING_FOR_HELLO},
  [DGW_PHASE_AWAIT_PERMIT] = {"AWAIT_PERMIT",  DGW_STATUS_IDENTIFYING      },
  [DGW_PHASE_AWAIT_READY] = {"AWAIT_READY",   DGW_STATUS_WAITING_FOR_READY},
  [DGW_PHASE_AWAIT_RESUMED] = {"AWAIT_RESUMED", DGW_STATUS_RESUMING         },
  [DGW_PHASE_READY] = {"READY",         DGW_STATUS_READY            },
  [DGW_PHASE_BACKOFF] = {"BACKOFF",       DGW_STATUS_DISCONNECTED     },
  [DGW_PHASE_HELD] = {"HELD",          DGW_STATUS_DISCONNECTED     },
  [DGW_PHASE_CLOSING] = {"CLOSING",       DGW_STATUS_UNCONNECTED      },
};

const char *
dgw_phase_to_string (DgwPhase phase)
{
  return phases[phase].name;
}

void
dgw_phase_get_status (DgwPhase   phase,
                      DgwStatus *status)
{
  if (phase != DGW_PHASE_CLOSING)
    *status = phases[phase].status;
}

static const char *const input_names[DGW_N_INPUTS] = {
  [DGW_INPUT_START] = "start",
  [DGW_INPUT_STOP] = "stop",
  [DGW_INPUT_LOOKED_UP] = "looked up",
  [DGW_INPUT_LOOKUP_FAILED] = "lookup failed",
  [DGW_INPUT_OPENED] = "opened",
  [DGW_INPUT_CONNECT_FAILED] = "connect failed",
  [DGW_INPUT_CLOSED] = "closed",
  [DGW_INPUT_HELLO] = "HELLO",
  [DGW_INPUT_BEAT_REQUEST] = "heartbeat request",
  [DGW_INPUT_ACK] = "ACK",
  [DGW_INPUT_RECONNECT] = "reconnect request",
  [DGW_INPUT_INVALID_SESSION] = "invalid session",
  [DGW_INPUT_READY] = "READY",
  [DGW_INPUT_RESUMED] = "RESUMED",
  [DGW_INPUT_DISPATCH] = "dispatch",
  [DGW_INPUT_UNKNOWN_OP] = "unknown opcode",
  [DGW_INPUT_BAD_PAYLOAD] = "bad payload",
  [DGW_INPUT_PERMIT] = "permit",
  [DGW_INPUT_PERMIT_DENIED] = "permit denied",
  [DGW_INPUT_COMMAND] = "command",
  [DGW_INPUT_PRESENCE] = "presence",
  [DGW_INPUT_HOLD] = "hold",
  [DGW_INPUT_RELEASE] = "release",
  [DGW_INPUT_PHASE_DUE] = "time is up",
  [DGW_INPUT_BEAT_DUE] = "heartbeat due",
  [DGW_INPUT_SEND_DUE] = "send slot",
  [DGW_INPUT_ANSWER_DUE] = "answer overdue",
  [DGW_INPUT_DEAF] = "deaf",
  [DGW_INPUT_SLEPT] = "slept",
  [DGW_INPUT_ROUTE] = "network",
  [DGW_INPUT_PROBE_DUE] = "no answer",
};

const char *
dgw_input_to_string (DgwInput input)
{
  return input_names[input];
}

/* All inputs that lead from one phase to another stand on one arrow. */
static void
append_arrow (GString *text,
              DgwPhase from,
              DgwPhase to)
{
  const char *separator = "";
  gsize       length = text->len;

  g_string_append_printf (text, "    %s --> %s : ", phases[from].name, phases[to].name);
  for (guint input = 0; input < DGW_N_INPUTS; input++)
    if (dgw_engine_table_lookup (from, input)->leads_to & (1u << to))
      {
        g_string_append_printf (text, "%s%s", separator, input_names[input]);
        separator = ", ";
      }

  if (*separator != '\0')
    g_string_append_c (text, '\n');
  else
    g_string_truncate (text, length);
}

char *
dgw_engine_table_to_mermaid (void)
{
  GString *text = g_string_new ("stateDiagram-v2\n    [*] --> IDLE\n");

  for (guint from = 0; from < DGW_N_PHASES; from++)
    for (guint to = 0; to < DGW_N_PHASES; to++)
      if (from != to)
        append_arrow (text, from, to);

  return g_string_free (text, FALSE);
}

static const DgwOwnClose own_closes[DGW_N_CAUSES] = {
  [DGW_CAUSE_CONNECT_FAILED] = {4999, "not connected"             },
  [DGW_CAUSE_CLOSED] = {4999, "closed"                    },
  [DGW_CAUSE_REQUESTED] = {4901, "reconnect requested"       },
  [DGW_CAUSE_INVALID_SESSION] = {4902, "invalid session"           },
  [DGW_CAUSE_HEARTBEAT_LOST] = {4903, "heartbeat not acknowledged"},
  [DGW_CAUSE_TIMED_OUT] = {4904, "timed out"                 },
  [DGW_CAUSE_BAD_PAYLOAD] = {4905, "bad payload"               },
  [DGW_CAUSE_BACKLOG] = {4900, "backlog full"              },
  [DGW_CAUSE_DEAF] = {4906, "no events"                 },
};

const DgwOwnClose *
dgw_engine_get_own_close (DgwCause cause)
{
  return &own_closes[cause];
}
