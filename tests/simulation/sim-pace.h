/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-action-private.h"
#include "engine/dgw-engine-private.h"
#include "sim-types.h"

G_BEGIN_DECLS

/* When attempts to connect are made, and where to. */
typedef struct
{
  gint64     begun_us;    /* the attempt */
  gint64     attempt_us;  /* LOOKUP or CONNECT */
  gint64     curbed_us;   /* it gets no more time than this; 0: its whole */
  gint64     due_us;      /* the next; 0: not waiting */
  gint64     earliest_us; /* however much a network hurries it */
  gboolean   is_held;
  gint64     held_until_us;
  gboolean   has_crashed; /* and forgot what it did before */
  DgwNetwork network;

  guint    n_failed;      /* in a row */
  guint    n_invalidated; /* in a row */
  gboolean was_invalidated;
  gboolean was_requested;
  gint64   live_us;
  gint64   demanded_us; /* what the server wants before the next attempt */

  gboolean looks_up; /* the attempt at hand has */
  gboolean must_look_up;
  gboolean is_resume_url_bad;
  gboolean is_resume_url_good;
  GArray  *attempts; /* gint64, of the last minute */
} SimPace;

void sim_pace_init (SimWatch *watch);
void sim_pace_clear (SimWatch *watch);
void sim_pace_start (SimWatch *watch);
void sim_pace_live (SimWatch *watch);
void sim_pace_demand (SimWatch *watch,
                      gint64    wait_us);
void sim_pace_attempt (SimWatch   *watch,
                       const char *url); /* NULL: it is a lookup */
void sim_pace_ended (SimWatch *watch,
                     gboolean  was_requested);
void sim_pace_retry (SimWatch        *watch,
                     const DgwAction *action);
void sim_pace_hold (SimWatch *watch);
/* The network has changed, or the host was asleep. */
void sim_pace_curb (SimWatch *watch);
void sim_pace_settled (SimWatch *watch);
/* When the engine has to do something about its state at the latest. */
gint64 sim_pace_get_bound (SimWatch *watch);

G_END_DECLS
