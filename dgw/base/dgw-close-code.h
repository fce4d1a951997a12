/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

DGW_AVAILABLE_IN_0_1
gboolean dgw_close_code_can_reconnect (guint code);

DGW_AVAILABLE_IN_0_1
gboolean dgw_close_code_can_resume (guint code);

DGW_AVAILABLE_IN_0_1
const char *dgw_close_code_to_string (guint code);

DGW_AVAILABLE_IN_0_1
char *dgw_close_code_describe (guint code) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
