/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "values/dgw-entity-private.h"

G_BEGIN_DECLS

/* A class with a field of each kind, as the generator writes them. */
typedef enum
{
  FIELD_ANY,
  FIELD_BOOLEAN,
  FIELD_PRESENCE,
  FIELD_INT,
  FIELD_UINT,
  FIELD_UINT64,
  FIELD_INT64,
  FIELD_DOUBLE,
  FIELD_STRING,
  FIELD_ID,
  FIELD_TIME,
  FIELD_TIME_MS,
  FIELD_OBJECT,
  FIELD_LIST,
  FIELD_MAP,
  FIELD_STRINGS,
  FIELD_INTS,
  FIELD_STRING_MAP,
  N_FIELDS
} SampleField;

extern const DgwField sample_fields[N_FIELDS];

#define SAMPLE_TYPE_ENTITY (sample_entity_get_type ())

G_DECLARE_FINAL_TYPE (SampleEntity, sample_entity, SAMPLE, ENTITY, DgwEntity)

/* Of a JSON object. */
SampleEntity *sample_entity_new (const char *text);

G_END_DECLS
