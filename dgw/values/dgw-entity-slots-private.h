/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "values/dgw-entity-private.h"

G_BEGIN_DECLS

/* What the files of the entities share; nobody else includes this.
 *
 *   dgw-entity.c           the type
 *   dgw-entity-read.c      the readers of plain values
 *   dgw-entity-keep.c      values that are made once and kept
 *   dgw-entity-property.c  rows as properties
 *   dgw-entity-list.c      arrays as list models */

/* dgw-entity.c: atomic; NULL until the value is made. */
gpointer *dgw_entity_get_slot (DgwEntity      *self,
                               const DgwField *field);

/* dgw-entity-read.c: the field's value, with a debug line when it is neither
 * missing nor null nor of the expected kind; its kind then is MISSING. */
DgwJsonView dgw_entity_get_field (DgwEntity      *self,
                                  const DgwField *field,
                                  DgwJsonKind     expected);
void        dgw_entity_log_misfit (DgwEntity      *self,
                                   const DgwField *field);

/* dgw-entity-keep.c */
gboolean dgw_field_has_slot (const DgwField *field);
void     dgw_field_free_value (const DgwField *field,
                               gpointer        value);

/* dgw-entity-property.c */
GParamSpec *dgw_field_make_param_spec (const DgwField *field) G_GNUC_WARN_UNUSED_RESULT;
void        dgw_field_get_property (const DgwField *field,
                                    gpointer        entity,
                                    GValue         *value);

G_END_DECLS
