/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define DGW_INSIDE

#include "dgw-version.h"

#include "base/dgw-types.h"

#include "dgw-protocol-enums.h"

#include "base/dgw-close-code.h"
#include "base/dgw-gateway-error.h"
#include "base/dgw-intents.h"
#include "base/dgw-runtime-version.h"
#include "base/dgw-snowflake.h"
#include "base/dgw-status.h"

#include "values/dgw-activity-type.h"
#include "values/dgw-entity.h"
#include "values/dgw-event.h"
#include "values/dgw-metrics.h"
#include "values/dgw-presence-activity.h"
#include "values/dgw-presence.h"
#include "values/dgw-session.h"

#include "gateway/dgw-gateway-info.h"
#include "gateway/dgw-gateway.h"

#undef DGW_INSIDE
