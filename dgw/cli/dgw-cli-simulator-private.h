/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw-testing.h>

G_BEGIN_DECLS

/* Events per second that the generator is asked for at most. */
#define DGW_CLI_MAX_RATE 1e6

/* Starts it, iterating the default main context meanwhile. */
gboolean dgw_cli_simulator_start (DgwTestingSimulator *simulator,
                                  GError             **error);

G_END_DECLS
