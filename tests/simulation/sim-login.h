/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-peer.h"

G_BEGIN_DECLS

/* What the server makes of opcodes 2 and 6. */
void sim_login_identify (SimPeer    *peer,
                         const char *text);
void sim_login_resume (SimPeer    *peer,
                       const char *text);

G_END_DECLS
