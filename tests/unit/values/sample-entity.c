/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sample-entity.h"

#include <string.h>

struct _SampleEntity
{
  DgwEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (SampleEntity, sample_entity, DGW_TYPE_ENTITY)

const DgwField sample_fields[N_FIELDS] = {
  {"any",      "any",        DGW_FIELD_NODE,       0,  0, NULL                  },
  {"boolean",  "boolean",    DGW_FIELD_BOOLEAN,    0,  0, NULL                  },
  {"presence", "presence",   DGW_FIELD_PRESENCE,   0,  0, NULL                  },
  {"int",      "int",        DGW_FIELD_INT,        -1, 0, NULL                  },
  {"uint",     "uint",       DGW_FIELD_UINT,       0,  0, NULL                  },
  {"uint64",   "uint64",     DGW_FIELD_UINT64,     0,  0, NULL                  },
  {"int64",    "int64",      DGW_FIELD_INT64,      -1, 0, NULL                  },
  {"double",   "double",     DGW_FIELD_DOUBLE,     -1, 0, NULL                  },
  {"a_string", "a-string",   DGW_FIELD_STRING,     0,  0, NULL                  },
  {"id",       "id",         DGW_FIELD_ID,         0,  1, NULL                  },
  {"time",     "time",       DGW_FIELD_TIME,       0,  2, NULL                  },
  {"time_ms",  "time-ms",    DGW_FIELD_TIME_MS,    0,  3, NULL                  },
  {"object",   "object",     DGW_FIELD_OBJECT,     0,  4, sample_entity_get_type},
  {"list",     "list",       DGW_FIELD_LIST,       0,  5, sample_entity_get_type},
  {"map",      "map",        DGW_FIELD_MAP,        0,  6, sample_entity_get_type},
  {"strings",  "strings",    DGW_FIELD_STRINGS,    0,  7, NULL                  },
  {"ints",     "ints",       DGW_FIELD_INTS,       0,  8, NULL                  },
  {"names",    "string-map", DGW_FIELD_STRING_MAP, 0,  9, NULL                  },
};

static void
sample_entity_class_init (SampleEntityClass *klass)
{
  dgw_entity_class_set_fields (DGW_ENTITY_CLASS (klass), sample_fields, N_FIELDS, 10);
}

static void
sample_entity_init (SampleEntity *self)
{
}

SampleEntity *
sample_entity_new (const char *text)
{
  g_autoptr (DgwJson) json = dgw_json_new_copy (text, strlen (text));

  return dgw_entity_new (SAMPLE_TYPE_ENTITY, dgw_json_get_root (json));
}
