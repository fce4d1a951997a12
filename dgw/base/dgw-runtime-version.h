/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

DGW_AVAILABLE_IN_0_1
guint dgw_get_major_version (void) G_GNUC_CONST;

DGW_AVAILABLE_IN_0_1
guint dgw_get_minor_version (void) G_GNUC_CONST;

DGW_AVAILABLE_IN_0_1
guint dgw_get_micro_version (void) G_GNUC_CONST;

G_END_DECLS
