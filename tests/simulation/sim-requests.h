/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-peer.h"

G_BEGIN_DECLS

/* What the server makes of commands and requests. */
void sim_requests_take (SimPeer    *peer,
                        guint       opcode,
                        const char *text);

G_END_DECLS
