/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-types.h"

G_BEGIN_DECLS

/* Reads what the library logs: no secret, and nothing critical. Debug lines
 * are written in some seeds only, as they take longer than all else. */
void sim_log_init (void);
void sim_log_begin (SimWorld *world);
void sim_log_end (void);

G_END_DECLS
