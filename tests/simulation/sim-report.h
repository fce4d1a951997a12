/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

/* What a person reads. Everything is a comment of TAP. */
void sim_report_failure (const SimConfig *config,
                         gboolean         is_minimised);
void sim_report_counts (guint64          n_seeds,
                        const SimCounts *counts);

G_END_DECLS
