/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

#define DGW_TYPE_MEMBER_RESULT (dgw_member_result_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwMemberResult, dgw_member_result, DGW, MEMBER_RESULT, GObject)

DGW_AVAILABLE_IN_0_1
GListModel *dgw_member_result_get_members (DgwMemberResult *self);

DGW_AVAILABLE_IN_0_1
GListModel *dgw_member_result_get_presences (DgwMemberResult *self);

DGW_AVAILABLE_IN_0_1
const char *const *dgw_member_result_get_not_found (DgwMemberResult *self);

G_END_DECLS
