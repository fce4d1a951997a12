/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

/* Takes away what the failure does not need: kinds of faults, and time. */
SimConfig sim_minimise (const SimConfig  *config,
                        const SimVerdict *verdict);

G_END_DECLS
