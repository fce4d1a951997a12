/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dgw-status.h"
#include "codec/dgw-frame-private.h"
#include "engine/dgw-gateway-answer-private.h"

G_BEGIN_DECLS

/* What the engine wants done or known. The first group is for the link, which
 * carries it out; the second goes on to the application's side, in order. */
typedef enum
{
  DGW_ACTION_LOOKUP,      /* ask api-url for the gateway's address */
  DGW_ACTION_CONNECT,     /* drop any transport, then connect: url */
  DGW_ACTION_SEND,        /* text */
  DGW_ACTION_CLOSE,       /* send a close frame: code, reason; the engine waits for `closed` itself */
  DGW_ACTION_DROP,        /* forget transport and lookup at once; only a CLOSE from before still goes out */
  DGW_ACTION_WANT_PERMIT, /* ask the identify limiter */
  DGW_ACTION_END_PERMIT,  /* permit: identify was sent, or is no longer wanted: give the slot back */

  DGW_ACTION_STATUS,       /* status */
  DGW_ACTION_DISPATCH,     /* dispatch */
  DGW_ACTION_SESSION,      /* session: id or URL changed, or NULLs: there is none now */
  DGW_ACTION_HELLO,        /* interval_ms */
  DGW_ACTION_ACKED,        /* latency */
  DGW_ACTION_INVALIDATED,  /* resumable */
  DGW_ACTION_DISCONNECTED, /* end */
  DGW_ACTION_RECONNECTING, /* retry */
  DGW_ACTION_ERROR,        /* error: last-error; NULL clears it */
  DGW_ACTION_RESCHEDULED,  /* retry: the attempt that was announced comes sooner */
  DGW_ACTION_FAILED,       /* error: down for good, the engine is idle again */
  DGW_ACTION_COMMAND_DONE, /* command: handed to the socket, a request answered, or failed with its error */
  DGW_ACTION_ANSWER,       /* answer: of a lookup; the link's, for a limiter that the application has to tell */
  DGW_ACTION_SLEEPING,     /* hold: the link's; the host is about to, it waits for the lock's release, not for long */
  DGW_ACTION_STOPPED,      /* close, suspend or cancel is complete, the engine is idle again */
} DgwActionKind;

#define DGW_ACTION_IS_FOR_LINK(kind) ((kind) < DGW_ACTION_STATUS)

typedef struct
{
  DgwActionKind kind;
  union
  {
    char             *url;
    char             *text;
    DgwStatus         status;
    guint             interval_ms;
    gboolean          resumable;
    GError           *error;
    DgwGatewayAnswer *answer;
    struct
    {
      guint64  serial; /* the link's, when it has the application ask */
      gboolean is_used;
    } permit;
    struct
    {
      guint code;
      char *reason;
    } close;
    struct
    {
      DgwJson     *json;
      const char  *name; /* static or owned by json */
      DgwEventType type;
      gint64       sequence; /* -1: the payload had none */
      gint64       received_us;
    } dispatch;
    struct
    {
      char  *id;  /* nullable */
      char  *url; /* nullable */
      gint64 sequence;
    } session;
    struct
    {
      gint64 last_us;
      gint64 average_us;
      gint64 sent_us; /* when the beat that was acknowledged was sent */
    } latency;
    struct
    {
      guint    code; /* of the side that closed first; 0: none */
      char    *reason;
      gboolean will_reconnect;
    } end;
    struct
    {
      guint  attempt; /* from 1 */
      guint  delay_ms;
      gint64 due_us;
    } retry;
    struct
    {
      gpointer       lock;
      GDestroyNotify release;
    } hold;
    struct
    {
      guint64    id;
      GError    *error;   /* nullable */
      GPtrArray *answers; /* of DgwJson, in order; NULL unless it is a request that was answered */
    } command;
  };
} DgwAction;

/* Frees what the action owns and leaves it empty. */
void dgw_action_clear (DgwAction *self);

G_END_DECLS
