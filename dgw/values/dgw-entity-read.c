/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-log-private.h"
#include "values/dgw-entity-slots-private.h"

/* Fields whose values are read from the document each time. */

void
dgw_entity_log_misfit (DgwEntity      *self,
                       const DgwField *field)
{
  dgw_debug (NULL, "%s: the field %s is not as documented and is taken as missing", G_OBJECT_TYPE_NAME (self),
             field->key);
}

DgwJsonView
dgw_entity_get_field (DgwEntity      *self,
                      const DgwField *field,
                      DgwJsonKind     expected)
{
  DgwJsonView       view = dgw_json_view_get_member (dgw_entity_get_view (self), field->key);
  const DgwJsonKind kind = dgw_json_view_get_kind (view);

  if (G_LIKELY (kind == expected))
    return view;

  if (kind != DGW_JSON_MISSING && kind != DGW_JSON_NULL)
    dgw_entity_log_misfit (self, field);

  return (DgwJsonView){view.json, NULL};
}

gboolean
dgw_entity_read_boolean (gpointer        self,
                         const DgwField *field)
{
  if (field->kind == DGW_FIELD_PRESENCE)
    {
      DgwJsonView view = dgw_json_view_get_member (dgw_entity_get_view (self), field->key);

      if (dgw_json_view_get_kind (view) == DGW_JSON_NULL)
        return TRUE;
    }

  return dgw_json_view_get_boolean (dgw_entity_get_field (self, field, DGW_JSON_BOOLEAN), FALSE);
}

/* No number is free to stand for none: two fallbacks tell. */
static gboolean
get_integer (DgwJsonView view,
             gint64     *number)
{
  *number = dgw_json_view_get_int64 (view, 0);

  return *number != 0 || dgw_json_view_get_int64 (view, 1) == 0;
}

/* A number without a place in the range is none. */
static gint64
read_integer (DgwEntity      *self,
              const DgwField *field,
              gint64          least,
              gint64          most)
{
  DgwJsonView view = dgw_entity_get_field (self, field, DGW_JSON_NUMBER);
  gint64      number;

  if (get_integer (view, &number) && number >= least && number <= most)
    return number;

  if (view.value != NULL)
    dgw_entity_log_misfit (self, field);

  return field->missing;
}

int
dgw_entity_read_int (gpointer        self,
                     const DgwField *field)
{
  return (int)read_integer (self, field, G_MININT, G_MAXINT);
}

/* Of more than 32 flags the first 32 are as good as they were. */
guint
dgw_entity_read_uint (gpointer        self,
                      const DgwField *field)
{
  return (guint)read_integer (self, field, 0, G_MAXINT64);
}

gint64
dgw_entity_read_int64 (gpointer        self,
                       const DgwField *field)
{
  return read_integer (self, field, G_MININT64, G_MAXINT64);
}

guint64
dgw_entity_read_uint64 (gpointer        self,
                        const DgwField *field)
{
  DgwJsonView       view = dgw_json_view_get_member (dgw_entity_get_view (self), field->key);
  const DgwJsonKind kind = dgw_json_view_get_kind (view);
  guint64           number;

  if (kind == DGW_JSON_NUMBER)
    return dgw_json_view_get_uint64 (view, 0);
  if (kind == DGW_JSON_STRING &&
      g_ascii_string_to_unsigned (dgw_json_view_get_string (view), 10, 0, G_MAXUINT64, &number, NULL))
    return number;

  if (kind != DGW_JSON_MISSING && kind != DGW_JSON_NULL)
    dgw_entity_log_misfit (self, field);

  return 0;
}

double
dgw_entity_read_double (gpointer        self,
                        const DgwField *field)
{
  return dgw_json_view_get_double (dgw_entity_get_field (self, field, DGW_JSON_NUMBER), field->missing);
}

const char *
dgw_entity_read_string (gpointer        self,
                        const DgwField *field)
{
  return dgw_json_view_get_string (dgw_entity_get_field (self, field, DGW_JSON_STRING));
}
