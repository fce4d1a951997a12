/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-action-private.h"
#include "sim-types.h"

G_BEGIN_DECLS

/* Whether there was a reason to end a connection, and what follows from it. */
void sim_ends_judge (SimWatch        *watch,
                     const DgwAction *action); /* DISCONNECTED */
void sim_ends_close (SimWatch        *watch,
                     const DgwAction *action); /* CLOSE */

G_END_DECLS
