/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-rand.h"

G_BEGIN_DECLS

/* What may go wrong. Of the first group the model asks at each place where it
 * could strike; the second comes by itself, now and then. */
typedef enum
{
  SIM_FAULT_DELAY,
  SIM_FAULT_LOSS, /* of a TCP segment: it comes, late, and holds up all behind it */
  SIM_FAULT_FRAGMENT,
  SIM_FAULT_GARBLE,
  SIM_FAULT_REORDER,
  SIM_FAULT_LATE_TIMER,
  SIM_FAULT_DNS,
  SIM_FAULT_NO_ANSWER,
  SIM_FAULT_HTTP_401,
  SIM_FAULT_HTTP_429,
  SIM_FAULT_HTTP_5XX,
  SIM_FAULT_PORTAL,
  SIM_FAULT_NO_HELLO,
  SIM_FAULT_ODD_HELLO,
  SIM_FAULT_NO_READY,
  SIM_FAULT_NO_ACK,
  SIM_FAULT_LATE_ACK,
  SIM_FAULT_REFUSED_IDENTIFY,
  SIM_FAULT_REFUSED_RESUME,
  SIM_FAULT_CLOSED_LOGIN,
  SIM_FAULT_RATE_LIMITED,
  SIM_FAULT_NO_CHUNKS,

  SIM_FAULT_RESET,
  SIM_FAULT_HALF_OPEN,
  SIM_FAULT_CLOSE,
  SIM_FAULT_FATAL_CLOSE,
  SIM_FAULT_RECONNECT,
  SIM_FAULT_INVALID_SESSION,
  SIM_FAULT_BEAT_REQUEST,
  SIM_FAULT_ODD_PAYLOAD,
  SIM_FAULT_RESTART,
  SIM_FAULT_HOST_DOWN,
  SIM_FAULT_SESSION_LOSS,
  SIM_FAULT_SLEEP,
  SIM_FAULT_FREEZE,
  SIM_FAULT_ROUTE,
  SIM_FAULT_OFFLINE,
  SIM_FAULT_CRASH,
  SIM_FAULT_SLOW_APPLICATION,
  SIM_FAULT_STOP,
  SIM_FAULT_OPTIONS,
  SIM_N_FAULTS,
} SimFault;

#define SIM_FIRST_TIMED_FAULT SIM_FAULT_RESET
#define SIM_ALL_FAULTS        ((G_GUINT64_CONSTANT (1) << SIM_N_FAULTS) - 1)

/* Each seed has a few kinds of faults, at rates of its own: seeds in which all
 * happens at once are all alike, and never get far. */
typedef struct
{
  SimRand rands[SIM_N_FAULTS]; /* one each: to switch a kind off leaves the others what they were */
  double  rates[SIM_N_FAULTS]; /* 0: not in this seed */
  gint64  means_us[SIM_N_FAULTS];
  guint64 injected[SIM_N_FAULTS];
} SimFaults;

void        sim_faults_init (SimFaults *self,
                             guint64    seed,
                             guint64    allowed);
gboolean    sim_faults_strike (SimFaults *self,
                               SimFault   fault); /* and counts it */
void        sim_faults_end (SimFaults *self);   /* none from now on */
const char *sim_fault_get_name (SimFault fault);
gboolean    sim_fault_from_name (const char *name,
                                 SimFault   *fault);

G_END_DECLS
