/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define DGW_INSIDE

#include "dgw-version.h"

#include "base/dgw-types.h"

#include "dgw-enums.h"
#include "dgw-protocol-enums.h"

#include "base/dgw-close-code.h"
#include "base/dgw-gateway-error.h"
#include "base/dgw-intents.h"
#include "base/dgw-runtime-version.h"
#include "base/dgw-snowflake.h"
#include "base/dgw-status.h"

#include "values/dgw-entity.h"
#include "values/dgw-event.h"
#include "values/dgw-member-query.h"
#include "values/dgw-member-result.h"
#include "values/dgw-metrics.h"
#include "values/dgw-presence-activity.h"
#include "values/dgw-presence.h"
#include "values/dgw-session.h"
#include "values/dgw-voice-state-flags.h"

#include "dgw-entity-types.h"

#include "dgw-entities-application.h"
#include "dgw-entities-channel.h"
#include "dgw-entities-component.h"
#include "dgw-entities-embed.h"
#include "dgw-entities-expression.h"
#include "dgw-entities-guild.h"
#include "dgw-entities-interaction.h"
#include "dgw-entities-member.h"
#include "dgw-entities-message.h"
#include "dgw-entities-moderation.h"
#include "dgw-entities-schedule.h"
#include "dgw-entities-session.h"
#include "dgw-entities-user.h"
#include "dgw-entities-voice.h"

#include "values/dgw-channel.h"

#include "gateway/dgw-file-identify-limiter.h"
#include "gateway/dgw-file-session-store.h"
#include "gateway/dgw-gateway-info.h"
#include "gateway/dgw-gateway.h"
#include "gateway/dgw-guild-arrival.h"
#include "gateway/dgw-identify-limiter.h"
#include "gateway/dgw-local-identify-limiter.h"
#include "gateway/dgw-session-store.h"
#include "gateway/dgw-shard-manager.h"

#undef DGW_INSIDE
