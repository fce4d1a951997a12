/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-agenda.h"
#include "sim-faults.h"
#include "sim-host.h"
#include "sim-rules.h"
#include "sim-types.h"

G_BEGIN_DECLS

/* What is to be run; the same config gives the same run, to the last step. */
typedef struct
{
  guint64  seed;
  guint64  allowed;   /* bits of SimFault */
  gint64   length_us; /* of the part with faults; 0: the seed says */
  gboolean is_traced;
} SimConfig;

typedef struct
{
  guint64 steps;
  guint64 connections;
  guint64 events_sent;
  guint64 events_delivered;
  guint64 events_skipped; /* unreadable twice */
  guint64 events_gone;    /* with a session that ended, before they were delivered */
  guint64 identifies;
  guint64 resumes;
  guint64 commands;
  guint64 faults[SIM_N_FAULTS];
  gint64  virtual_us;
} SimCounts;

void sim_counts_add (SimCounts       *self,
                     const SimCounts *counts);

typedef struct
{
  gboolean is_failure;
  SimRule  rule;
  gint64   at_us; /* since the start */
  char     message[400];
} SimVerdict;

struct _SimWorld
{
  SimConfig  config;
  SimRand    rand; /* for what is no fault */
  SimFaults  faults;
  SimAgenda *agenda;
  gint64     start_us;
  gint64     now_us;
  gint64     well_us;          /* when the faults end */
  gint64     used_us;          /* when every shard was last made use of */
  gint64     demanded_us;      /* the client was told not to come before */
  gint64     grid_us;          /* with reordering, many things happen at the same time; else 0 */
  gint64     lateness_us;      /* of the client's timers at most */
  gint64     identified_us[8]; /* when the client last did, by bucket */
  guint64    n_entries;
  gboolean   is_over;

  SimServer  *server;
  SimLimiter *limiter; /* NULL: each shard sees to itself */
  SimHost     host;
  GPtrArray  *conns;  /* of SimConn */
  GPtrArray  *shards; /* of SimShard */

  SimCounts  counts;
  SimVerdict verdict;
  GString   *trace; /* nullable */
};

void sim_world_run (const SimConfig *config,
                    SimVerdict      *verdict,
                    SimCounts       *counts, /* added to */
                    GString         *trace);         /* nullable */

void     sim_world_at (SimWorld  *self,
                       gint64     at_us,
                       SimHandler run,
                       gpointer   target,
                       guint64    serial);
gboolean sim_world_strikes (SimWorld *self,
                            SimFault  fault);

/* The first one counts, and the run ends. */
void sim_world_fail (SimWorld   *self,
                     SimRule     rule,
                     const char *format,
                     ...) G_GNUC_PRINTF (3, 4);

void sim_world_write (SimWorld   *self,
                      const char *format,
                      ...) G_GNUC_PRINTF (2, 3);
#define sim_world_note(world, ...)          \
  G_STMT_START                              \
  {                                         \
    if ((world)->trace)                     \
      sim_world_write (world, __VA_ARGS__); \
  }                                         \
  G_STMT_END

G_END_DECLS
