/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

#define DGW_TYPE_GATEWAY_INFO (dgw_gateway_info_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwGatewayInfo, dgw_gateway_info, DGW, GATEWAY_INFO, GObject)

DGW_AVAILABLE_IN_0_1
const char *dgw_gateway_info_get_url (DgwGatewayInfo *self);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_info_get_shards (DgwGatewayInfo *self);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_info_get_total (DgwGatewayInfo *self);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_info_get_remaining (DgwGatewayInfo *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_gateway_info_get_reset_after (DgwGatewayInfo *self);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_info_get_max_concurrency (DgwGatewayInfo *self);

G_END_DECLS
