/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/objects/chest.toml by dgw/schema/generate.py: edit those instead. */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "dgw-entity-types.h"
#include "values/dgw-entity.h"

G_BEGIN_DECLS

#define DGW_TYPE_CHEST (dgw_chest_get_type ())

DGW_AVAILABLE_IN_0_2
G_DECLARE_FINAL_TYPE (DgwChest, dgw_chest, DGW, CHEST, DgwEntity)

DGW_AVAILABLE_IN_0_2
const char *dgw_chest_get_kind (DgwChest *self);

DGW_AVAILABLE_IN_0_3
DgwRoom *dgw_chest_get_entity (DgwChest *self);

DGW_AVAILABLE_IN_0_2
guint dgw_chest_get_marks (DgwChest *self);

DGW_AVAILABLE_IN_0_2
const char *dgw_chest_get_sound (DgwChest *self);

DGW_AVAILABLE_IN_0_2
GDateTime *dgw_chest_get_made_at (DgwChest *self);

DGW_AVAILABLE_IN_0_2
GDateTime *dgw_chest_get_opened_at (DgwChest *self);

DGW_AVAILABLE_IN_0_2
double dgw_chest_get_weight (DgwChest *self);

DGW_AVAILABLE_IN_0_2
gboolean dgw_chest_get_open (DgwChest *self);

DGW_AVAILABLE_IN_0_2
const char *const *dgw_chest_get_words (DgwChest *self);

DGW_AVAILABLE_IN_0_2
GVariant *dgw_chest_get_kinds (DgwChest *self);

DGW_AVAILABLE_IN_0_2
GListModel *dgw_chest_get_chests (DgwChest *self);

DGW_AVAILABLE_IN_0_2
char **dgw_chest_dup_chests_keys (DgwChest *self) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_2
DgwChest *dgw_chest_lookup_chests (DgwChest *self, const char *key);

DGW_AVAILABLE_IN_0_2
JsonNode *dgw_chest_get_rest (DgwChest *self);

G_END_DECLS
