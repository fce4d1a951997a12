/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "gateway/dgw-identify-limiter.h"

G_BEGIN_DECLS

#define DGW_TYPE_LOCAL_IDENTIFY_LIMITER (dgw_local_identify_limiter_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwLocalIdentifyLimiter, dgw_local_identify_limiter, DGW, LOCAL_IDENTIFY_LIMITER, GObject)

DGW_AVAILABLE_IN_0_1
DgwLocalIdentifyLimiter *dgw_local_identify_limiter_new (guint max_concurrency) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
guint dgw_local_identify_limiter_get_max_concurrency (DgwLocalIdentifyLimiter *self);

DGW_AVAILABLE_IN_0_1
guint dgw_local_identify_limiter_get_window (DgwLocalIdentifyLimiter *self);

G_END_DECLS
