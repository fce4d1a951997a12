/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

typedef struct
{
  guint64   first_seed;
  guint64   n_seeds;
  guint     n_jobs;
  guint     most_failures;
  SimConfig config; /* but for the seed */
  gboolean  minimises;
} SimPlan;

/* Runs the seeds, in several processes. The number of failures. */
guint sim_jobs_run (const SimPlan *plan,
                    SimCounts     *counts); /* added to */

G_END_DECLS
