/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include <json-glib/json-glib.h>

#include "base/dgw-types.h"

G_BEGIN_DECLS

#define DGW_TYPE_ENTITY (dgw_entity_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (DgwEntity, dgw_entity, DGW, ENTITY, GObject)

struct _DgwEntityClass
{
  GObjectClass parent_class;

  /*< private >*/
  gconstpointer fields;
  guint         n_fields;
  guint         n_slots;
  gpointer      padding[6];
};

DGW_AVAILABLE_IN_0_1
char *dgw_entity_to_string (DgwEntity *self);
DGW_AVAILABLE_IN_0_1
JsonNode *dgw_entity_dup_json (DgwEntity *self);
DGW_AVAILABLE_IN_0_1
gboolean dgw_entity_has_field (DgwEntity  *self,
                               const char *name);
DGW_AVAILABLE_IN_0_1
gboolean dgw_entity_equal (DgwEntity *self,
                           DgwEntity *other);
DGW_AVAILABLE_IN_0_1
const char *dgw_entity_get_event_guild_id (DgwEntity *self);

G_END_DECLS
