/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include <json-glib/json-glib.h>

#include "base/dgw-types.h"
#include "values/dgw-entity.h"

G_BEGIN_DECLS

#define DGW_TYPE_EVENT (dgw_event_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwEvent, dgw_event, DGW, EVENT, GObject)

DGW_AVAILABLE_IN_0_1
const char *dgw_event_get_name (DgwEvent *self);

DGW_AVAILABLE_IN_0_1
guint dgw_event_get_event_type (DgwEvent *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_event_get_sequence (DgwEvent *self);

DGW_AVAILABLE_IN_0_1
guint dgw_event_get_shard_id (DgwEvent *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_event_get_received_at (DgwEvent *self);

DGW_AVAILABLE_IN_0_1
DgwEntity *dgw_event_get_entity (DgwEvent *self);

DGW_AVAILABLE_IN_0_1
JsonNode *dgw_event_dup_json (DgwEvent *self) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
const char *dgw_event_get_text (DgwEvent *self);

G_END_DECLS
