/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-types.h"

G_BEGIN_DECLS

/* Lets the faults come that come by themselves, until the world is well. */
void sim_storm_begin (SimWorld *world);

G_END_DECLS
