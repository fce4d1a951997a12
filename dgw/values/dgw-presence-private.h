/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "values/dgw-presence.h"

G_BEGIN_DECLS

/* The data of opcode 3, which identify carries too. */
char *dgw_presence_to_json (DgwPresence *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
