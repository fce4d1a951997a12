/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

#define DGW_TYPE_ENTITY (dgw_entity_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (DgwEntity, dgw_entity, DGW, ENTITY, GObject)

struct _DgwEntityClass
{
  GObjectClass parent_class;

  /*< private >*/
  gpointer padding[8];
};

G_END_DECLS
