/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-gateway-answer-private.h"
#include "gateway/dgw-gateway-info.h"

G_BEGIN_DECLS

DgwGatewayInfo *dgw_gateway_info_new (const DgwGatewayAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
