/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-agenda.h"
#include "sim-types.h"

G_BEGIN_DECLS

/* The machine that the bot runs on. */
typedef struct
{
  gint64   slept_us;      /* by so much its monotonic clock is behind */
  gboolean is_secretive;  /* it has slept without telling */
  gint64   away_until_us; /* asleep or frozen */
  gboolean is_offline;
} SimHost;

/* TRUE: nothing of the host runs now; the handler will be called when it does. */
gboolean sim_host_defers (SimWorld  *world,
                          SimHandler run,
                          gpointer   target,
                          guint64    serial);
/* The monotonic clock of the host. */
gint64 sim_host_get_now (SimWorld *world);

void sim_host_sleep (SimWorld *world);
void sim_host_freeze (SimWorld *world);
/* Another route: what stands on the old one hangs. */
void sim_host_change_route (SimWorld *world);
void sim_host_go_offline (SimWorld *world);
/* All of that is over. */
void sim_host_heal (SimWorld *world);

G_END_DECLS
