/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "testing/dgw-testing-peer-private.h"

G_BEGIN_DECLS

gboolean dgw_testing_answer_command (DgwTestingPeer *peer,
                                     guint           opcode,
                                     JsonObject     *data);

G_END_DECLS
