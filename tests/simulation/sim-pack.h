/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>

#include "sim-network.h"

G_BEGIN_DECLS

/* Makes messages of payloads: compressed, in parts, or broken. */
typedef struct _SimPack SimPack;

SimPack *sim_pack_new (DgwCompression compression);
void     sim_pack_free (SimPack *self);
void     sim_pack_send (SimPack          *self,
                        SimConn          *conn,
                        const char       *text,
                        const SimMeaning *meaning);

G_END_DECLS
