/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "entity-oracle.h"

G_BEGIN_DECLS

/* What the files of the oracle share. Values are compared as texts, "-" for none.
 *
 *   entity-oracle.c             the entity as a whole, getter and property of a row
 *   entity-oracle-text.c        values as texts
 *   entity-oracle-plain.c       what fields without entities in them must read as
 *   entity-oracle-containers.c  entities within entities */

/* The key's value, counted in the coverage; NULL when it is absent. is_fitting
 * says whether a value is of a kind that the field may have. */
JsonNode *oracle_get_node (Frame     *frame,
                           const Row *row,
                           gboolean (*is_fitting) (JsonNode *node));

/* Compares the getter's value and the property's. Takes both texts. */
void oracle_compare (Frame     *frame,
                     const Row *row,
                     char      *expected,
                     char      *got);
/* For what was compared in another way: only the property against the getter. */
void oracle_compare_property (Frame     *frame,
                              const Row *row,
                              char      *got);

char *oracle_text_of_string (const char *string);
char *oracle_text_of_strings (const char *const *strings);
char *oracle_text_of_time (GDateTime *time);
char *oracle_text_of_instant (gint64 us,
                              int    offset_s);
char *oracle_text_of_variant (GVariant *variant);
char *oracle_text_of_node (JsonNode *node);
char *oracle_text_of_pointer (gpointer pointer);
char *oracle_text_of_value (const GValue *value);

gboolean oracle_is_object (JsonNode *node);
gboolean oracle_is_array (JsonNode *node);
gboolean oracle_is_string (JsonNode *node);

G_END_DECLS
