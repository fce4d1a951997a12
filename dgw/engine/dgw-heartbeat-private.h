/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DGW_HEARTBEAT_MAX_OUTSTANDING 8

/* What the beats sent and acknowledged so far say when the next one is due. */
typedef enum
{
  DGW_HEARTBEAT_OK,   /* acknowledged, or the first: beat */
  DGW_HEARTBEAT_WAIT, /* one ACK is missing, but other frames came: beat, and wait one interval more */
  DGW_HEARTBEAT_DEAD, /* do not beat: close, resume */
} DgwHeartbeatVerdict;

/* The heartbeats of one connection; a value, all zero while there is none. The
 * fields are read through the functions only. */
typedef struct
{
  gint64 interval_us; /* 0: not running */
  gint64 next_us;     /* when the next scheduled beat is due */
  gint64 time_us;     /* newest time that was passed in */
  guint  n_missed;    /* scheduled beats since the last ACK */
  gint64 missed_us;   /* when the first of them was sent */
  gint64 alive_us;    /* newest sign of life */

  gint64 sent_us[DGW_HEARTBEAT_MAX_OUTSTANDING]; /* oldest first */
  guint  n_sent;
  guint  n_lost; /* beats given up: whose the next ACK is cannot be told */

  gint64 latency_us; /* of the last matched pair */
  gint64 latency_sum_us;
  guint  n_latencies;
} DgwHeartbeat;

/* Starts anew with HELLO; the first beat is due after interval x random01. */
void dgw_heartbeat_start (DgwHeartbeat *self,
                          gint64        interval_us,
                          double        random01,
                          gint64        now_us);

/* To be called first with each input. TRUE when more than an interval (and a
 * second for lateness) passed since the last call: the host slept, and the
 * connection is to be given up at once. */
gboolean dgw_heartbeat_has_jumped (DgwHeartbeat *self,
                                   gint64        now_us);

/* When the next scheduled beat is due; G_MAXINT64 when not running. */
gint64   dgw_heartbeat_get_deadline (const DgwHeartbeat *self);
gboolean dgw_heartbeat_is_due (const DgwHeartbeat *self,
                               gint64              now_us);
/* For the scheduled beat that is due now. */
DgwHeartbeatVerdict dgw_heartbeat_check (const DgwHeartbeat *self);

/* A scheduled beat went out: the next one is due an interval after this one
 * was, however late it was sent. */
void dgw_heartbeat_sent_scheduled (DgwHeartbeat *self,
                                   gint64        now_us);
/* The answer to opcode 1 went out: the schedule stays as it is. */
void dgw_heartbeat_sent_requested (DgwHeartbeat *self,
                                   gint64        now_us);
/* Opcode 11. TRUE when it belongs to one certain beat: the latency is new. */
gboolean dgw_heartbeat_acked (DgwHeartbeat *self,
                              gint64        now_us);
/* Whether the beat that was sent then, and all before it, are acknowledged. */
gboolean dgw_heartbeat_is_answered (const DgwHeartbeat *self,
                                    gint64              sent_us);
/* Any complete message came. */
void dgw_heartbeat_alive (DgwHeartbeat *self,
                          gint64        now_us);

/* Both -1 before the first matched pair of this connection. */
gint64 dgw_heartbeat_get_latency (const DgwHeartbeat *self);
gint64 dgw_heartbeat_get_average_latency (const DgwHeartbeat *self);

G_END_DECLS
