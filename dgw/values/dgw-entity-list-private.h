/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "codec/dgw-json-private.h"

G_BEGIN_DECLS

#define DGW_TYPE_ENTITY_LIST (dgw_entity_list_get_type ())

G_DECLARE_FINAL_TYPE (DgwEntityList, dgw_entity_list, DGW, ENTITY_LIST, GObject)

/* The objects in an array, or among the values of an object, as entities; each is
 * wrapped when it is first asked for. Whatever else stands there is left out. */
DgwEntityList *dgw_entity_list_new (GType       item_type,
                                    DgwJsonView container) G_GNUC_WARN_UNUSED_RESULT;
/* For the values of an object; owned by the list, nullable. */
gpointer dgw_entity_list_lookup (DgwEntityList *self,
                                 const char    *key);

G_END_DECLS
