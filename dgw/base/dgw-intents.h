/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

DGW_AVAILABLE_IN_0_1
gboolean dgw_intents_from_string (const char *string, guint *intents, GError **error);

DGW_AVAILABLE_IN_0_1
char *dgw_intents_to_string (guint intents) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
