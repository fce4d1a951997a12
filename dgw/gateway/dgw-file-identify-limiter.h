/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "gateway/dgw-identify-limiter.h"

G_BEGIN_DECLS

#define DGW_TYPE_FILE_IDENTIFY_LIMITER (dgw_file_identify_limiter_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwFileIdentifyLimiter, dgw_file_identify_limiter, DGW, FILE_IDENTIFY_LIMITER, GObject)

DGW_AVAILABLE_IN_0_1
DgwFileIdentifyLimiter *dgw_file_identify_limiter_new (const char *token) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
const char *dgw_file_identify_limiter_get_folder (DgwFileIdentifyLimiter *self);

DGW_AVAILABLE_IN_0_1
guint dgw_file_identify_limiter_get_max_concurrency (DgwFileIdentifyLimiter *self);

DGW_AVAILABLE_IN_0_1
guint dgw_file_identify_limiter_get_window (DgwFileIdentifyLimiter *self);

G_END_DECLS
