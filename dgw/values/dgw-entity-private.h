/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-json-private.h"
#include "values/dgw-entity.h"

G_BEGIN_DECLS

/* How a generated class describes its fields. Readers and properties work from
 * these rows alone: the generated code is rows and one-line getters. */
typedef enum
{
  DGW_FIELD_BOOLEAN,
  DGW_FIELD_PRESENCE, /* null stands for TRUE, and a missing key for FALSE */
  DGW_FIELD_INT,
  DGW_FIELD_UINT,   /* flags */
  DGW_FIELD_UINT64, /* flags past 32 bits: a number, or a string of decimal digits */
  DGW_FIELD_INT64,
  DGW_FIELD_DOUBLE,
  DGW_FIELD_STRING, /* const char *, of the document */
  /* The following are made at the first read and kept in the slot. */
  DGW_FIELD_ID,         /* const char *, from a string or a number */
  DGW_FIELD_TIME,       /* GDateTime, from ISO 8601 */
  DGW_FIELD_TIME_MS,    /* GDateTime, from milliseconds since 1970 */
  DGW_FIELD_OBJECT,     /* DgwEntity of item_type */
  DGW_FIELD_LIST,       /* GListModel of item_type, from an array */
  DGW_FIELD_MAP,        /* GListModel of item_type, from the values of an object */
  DGW_FIELD_STRINGS,    /* GStrv */
  DGW_FIELD_INTS,       /* GVariant "ai" */
  DGW_FIELD_STRING_MAP, /* GVariant "a{ss}" */
  DGW_FIELD_NODE,       /* JsonNode, sealed */
} DgwFieldKind;

typedef struct
{
  const char  *key;      /* as on the wire */
  const char  *property; /* "global-name" */
  DgwFieldKind kind;
  int          missing; /* what a number reads as when there is none: 0 or -1 */
  guint        slot;    /* from 0 in each class; 0 for kinds that need none */
  GType (*item_type) (void);
} DgwField;

/* For a class's init: makes a read-only property of each row, in their order,
 * and answers all of them. */
void dgw_entity_class_set_fields (DgwEntityClass *klass,
                                  const DgwField *fields,
                                  guint           n_fields,
                                  guint           n_slots);

/* The view is of an object; the entity keeps its document. */
gpointer dgw_entity_new (GType       type,
                         DgwJsonView view) G_GNUC_WARN_UNUSED_RESULT;
/* With a document of its own, for what outlives a large one. */
gpointer dgw_entity_new_apart (GType       type,
                               DgwJsonView view) G_GNUC_WARN_UNUSED_RESULT;
/* As with dgw_event_reclaim(): an entity that nobody else knows is emptied, for
 * new contents, and with it those within it that nobody knows. FALSE: it is as
 * it was. */
gboolean dgw_entity_reclaim (DgwEntity *self);
/* Fills an entity that was reclaimed. */
void        dgw_entity_renew (DgwEntity  *self,
                              DgwJsonView view);
DgwJsonView dgw_entity_get_view (DgwEntity *self);

/* What the getters return: field is a row of self's class, of a fitting kind. */
gboolean    dgw_entity_read_boolean (gpointer        self,
                                     const DgwField *field);
int         dgw_entity_read_int (gpointer        self,
                                 const DgwField *field);
guint       dgw_entity_read_uint (gpointer        self,
                                  const DgwField *field);
gint64      dgw_entity_read_int64 (gpointer        self,
                                   const DgwField *field);
guint64     dgw_entity_read_uint64 (gpointer        self,
                                    const DgwField *field);
double      dgw_entity_read_double (gpointer        self,
                                    const DgwField *field);
const char *dgw_entity_read_string (gpointer        self,
                                    const DgwField *field);
/* Owned by self, NULL when missing: for each kind with a slot, DGW_FIELD_ID too. */
gpointer dgw_entity_read_kept (gpointer        self,
                               const DgwField *field);

/* Of maps. The keys are NULL when the map is missing; the value is a DgwEntity
 * or a string, owned by self, or NULL. */
char   **dgw_entity_dup_keys (gpointer        self,
                              const DgwField *field) G_GNUC_WARN_UNUSED_RESULT;
gpointer dgw_entity_lookup (gpointer        self,
                            const DgwField *field,
                            const char     *key);

G_END_DECLS
