/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/objects/session.toml by dgw/schema/generate.py: edit those instead. */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "dgw-entity-types.h"
#include "values/dgw-entity.h"

G_BEGIN_DECLS

#define DGW_TYPE_READY_EVENT (dgw_ready_event_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwReadyEvent, dgw_ready_event, DGW, READY_EVENT, DgwEntity)

DGW_AVAILABLE_IN_0_1
int dgw_ready_event_get_v (DgwReadyEvent *self);

DGW_AVAILABLE_IN_0_1
DgwUser *dgw_ready_event_get_user (DgwReadyEvent *self);

DGW_AVAILABLE_IN_0_1
GListModel *dgw_ready_event_get_guilds (DgwReadyEvent *self);

DGW_AVAILABLE_IN_0_1
const char *dgw_ready_event_get_session_id (DgwReadyEvent *self);

DGW_AVAILABLE_IN_0_1
const char *dgw_ready_event_get_resume_gateway_url (DgwReadyEvent *self);

DGW_AVAILABLE_IN_0_1
GVariant *dgw_ready_event_get_shard (DgwReadyEvent *self);

DGW_AVAILABLE_IN_0_1
DgwApplication *dgw_ready_event_get_application (DgwReadyEvent *self);

#define DGW_TYPE_RATE_LIMITED_EVENT (dgw_rate_limited_event_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwRateLimitedEvent, dgw_rate_limited_event, DGW, RATE_LIMITED_EVENT, DgwEntity)

DGW_AVAILABLE_IN_0_1
int dgw_rate_limited_event_get_opcode (DgwRateLimitedEvent *self);

DGW_AVAILABLE_IN_0_1
double dgw_rate_limited_event_get_retry_after (DgwRateLimitedEvent *self);

DGW_AVAILABLE_IN_0_1
DgwRateLimitMetadata *dgw_rate_limited_event_get_meta (DgwRateLimitedEvent *self);

#define DGW_TYPE_RATE_LIMIT_METADATA (dgw_rate_limit_metadata_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwRateLimitMetadata, dgw_rate_limit_metadata, DGW, RATE_LIMIT_METADATA, DgwEntity)

DGW_AVAILABLE_IN_0_1
const char *dgw_rate_limit_metadata_get_guild_id (DgwRateLimitMetadata *self);

DGW_AVAILABLE_IN_0_1
const char *dgw_rate_limit_metadata_get_nonce (DgwRateLimitMetadata *self);

G_END_DECLS
