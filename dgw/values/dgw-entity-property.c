/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-entity-slots-private.h"

/* Rows as read-only properties. */

GParamSpec *
dgw_field_make_param_spec (const DgwField *field)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const char       *name = field->property;

  switch (field->kind)
    {
    case DGW_FIELD_BOOLEAN:
    case DGW_FIELD_PRESENCE:
      return g_param_spec_boolean (name, NULL, NULL, FALSE, flags);
    case DGW_FIELD_INT:
      return g_param_spec_int (name, NULL, NULL, G_MININT, G_MAXINT, field->missing, flags);
    case DGW_FIELD_UINT:
      return g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, 0, flags);
    case DGW_FIELD_UINT64:
      return g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0, flags);
    case DGW_FIELD_INT64:
      return g_param_spec_int64 (name, NULL, NULL, G_MININT64, G_MAXINT64, field->missing, flags);
    case DGW_FIELD_DOUBLE:
      return g_param_spec_double (name, NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, field->missing, flags);
    case DGW_FIELD_STRING:
    case DGW_FIELD_ID:
      return g_param_spec_string (name, NULL, NULL, NULL, flags);
    case DGW_FIELD_TIME:
    case DGW_FIELD_TIME_MS:
      return g_param_spec_boxed (name, NULL, NULL, G_TYPE_DATE_TIME, flags);
    case DGW_FIELD_OBJECT:
      return g_param_spec_object (name, NULL, NULL, field->item_type (), flags);
    case DGW_FIELD_LIST:
    case DGW_FIELD_MAP:
      return g_param_spec_object (name, NULL, NULL, G_TYPE_LIST_MODEL, flags);
    case DGW_FIELD_STRINGS:
      return g_param_spec_boxed (name, NULL, NULL, G_TYPE_STRV, flags);
    case DGW_FIELD_INTS:
      return g_param_spec_variant (name, NULL, NULL, G_VARIANT_TYPE ("ai"), NULL, flags);
    case DGW_FIELD_STRING_MAP:
      return g_param_spec_variant (name, NULL, NULL, G_VARIANT_TYPE ("a{ss}"), NULL, flags);
    case DGW_FIELD_NODE:
      return g_param_spec_boxed (name, NULL, NULL, JSON_TYPE_NODE, flags);
    default:
      g_assert_not_reached ();
    }
}

void
dgw_field_get_property (const DgwField *field,
                        gpointer        entity,
                        GValue         *value)
{
  switch (field->kind)
    {
    case DGW_FIELD_BOOLEAN:
    case DGW_FIELD_PRESENCE:
      g_value_set_boolean (value, dgw_entity_read_boolean (entity, field));
      break;
    case DGW_FIELD_INT:
      g_value_set_int (value, dgw_entity_read_int (entity, field));
      break;
    case DGW_FIELD_UINT:
      g_value_set_uint (value, dgw_entity_read_uint (entity, field));
      break;
    case DGW_FIELD_UINT64:
      g_value_set_uint64 (value, dgw_entity_read_uint64 (entity, field));
      break;
    case DGW_FIELD_INT64:
      g_value_set_int64 (value, dgw_entity_read_int64 (entity, field));
      break;
    case DGW_FIELD_DOUBLE:
      g_value_set_double (value, dgw_entity_read_double (entity, field));
      break;
    case DGW_FIELD_STRING:
      g_value_set_string (value, dgw_entity_read_string (entity, field));
      break;
    case DGW_FIELD_ID:
      g_value_set_string (value, dgw_entity_read_kept (entity, field));
      break;
    case DGW_FIELD_OBJECT:
    case DGW_FIELD_LIST:
    case DGW_FIELD_MAP:
      g_value_set_object (value, dgw_entity_read_kept (entity, field));
      break;
    case DGW_FIELD_INTS:
    case DGW_FIELD_STRING_MAP:
      g_value_set_variant (value, dgw_entity_read_kept (entity, field));
      break;
    case DGW_FIELD_TIME:
    case DGW_FIELD_TIME_MS:
    case DGW_FIELD_STRINGS:
    case DGW_FIELD_NODE:
      g_value_set_boxed (value, dgw_entity_read_kept (entity, field));
      break;
    default:
      g_assert_not_reached ();
    }
}
