/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-json-glib-private.h"
#include "values/dgw-entity-list-private.h"
#include "values/dgw-entity-slots-private.h"

/* Fields whose values are made at the first read and kept in a slot.
 *
 * Two threads that read a field for the first time at once both make the value;
 * one of them wins the slot, and both get the winner's. What is missing is not
 * kept: finding out again costs little. */

static gpointer
make_id (DgwEntity      *self,
         const DgwField *field)
{
  DgwJsonView view = dgw_entity_get_field (self, field, DGW_JSON_NUMBER);
  gint64      number = dgw_json_view_get_int64 (view, -1);

  return number >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : NULL;
}

static gpointer
make_time (DgwEntity      *self,
           const DgwField *field)
{
  const char *text = dgw_entity_read_string (self, field);
  g_autoptr (GTimeZone) utc = NULL;
  GDateTime *time;

  if (text == NULL)
    return NULL;

  utc = g_time_zone_new_utc ();
  time = g_date_time_new_from_iso8601 (text, utc);
  if (time == NULL)
    dgw_entity_log_misfit (self, field);

  return time;
}

static gpointer
make_time_from_ms (DgwEntity      *self,
                   const DgwField *field)
{
  DgwJsonView  view = dgw_entity_get_field (self, field, DGW_JSON_NUMBER);
  const gint64 ms = dgw_json_view_get_int64 (view, -1);
  g_autoptr (GDateTime) seconds = NULL;

  if (ms < 0 || (seconds = g_date_time_new_from_unix_utc (ms / 1000)) == NULL)
    return NULL;

  return g_date_time_add (seconds, ms % 1000 * G_TIME_SPAN_MILLISECOND);
}

static gpointer
make_strings (DgwEntity      *self,
              const DgwField *field)
{
  DgwJsonView  view = dgw_entity_get_field (self, field, DGW_JSON_ARRAY);
  const char **strings;
  guint        n = 0;
  DgwJsonIter  iter;
  DgwJsonView  element;

  if (view.value == NULL)
    return NULL;

  strings = g_new0 (const char *, dgw_json_view_get_length (view) + 1);
  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, NULL, &element))
    if (dgw_json_view_get_kind (element) == DGW_JSON_STRING)
      strings[n++] = dgw_json_view_get_string (element);
    else
      dgw_entity_log_misfit (self, field);

  return strings;
}

static gpointer
make_ints (DgwEntity      *self,
           const DgwField *field)
{
  DgwJsonView     view = dgw_entity_get_field (self, field, DGW_JSON_ARRAY);
  GVariantBuilder builder;
  DgwJsonIter     iter;
  DgwJsonView     element;

  if (view.value == NULL)
    return NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("ai"));
  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, NULL, &element))
    {
      const gint64 number = dgw_json_view_get_int64 (element, G_MAXINT64);

      if (number >= G_MININT32 && number <= G_MAXINT32)
        g_variant_builder_add (&builder, "i", (gint32)number);
      else
        dgw_entity_log_misfit (self, field);
    }

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static gpointer
make_string_map (DgwEntity      *self,
                 const DgwField *field)
{
  DgwJsonView     view = dgw_entity_get_field (self, field, DGW_JSON_OBJECT);
  GVariantBuilder builder;
  const char     *key;
  DgwJsonIter     iter;
  DgwJsonView     value;

  if (view.value == NULL)
    return NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, &key, &value))
    if (dgw_json_view_get_kind (value) == DGW_JSON_STRING)
      g_variant_builder_add (&builder, "{ss}", key, dgw_json_view_get_string (value));
    else
      dgw_entity_log_misfit (self, field);

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static gpointer
make_node (DgwEntity      *self,
           const DgwField *field)
{
  DgwJsonView       view = dgw_json_view_get_member (dgw_entity_get_view (self), field->key);
  const DgwJsonKind kind = dgw_json_view_get_kind (view);
  JsonNode         *node;

  if (kind == DGW_JSON_MISSING || kind == DGW_JSON_NULL)
    return NULL;

  node = dgw_json_view_dup_node (view);
  json_node_seal (node);

  return node;
}

static gpointer
make_value (DgwEntity      *self,
            const DgwField *field)
{
  DgwJsonView view;

  switch ((int)field->kind)
    {
    case DGW_FIELD_ID:
      return make_id (self, field);
    case DGW_FIELD_TIME:
      return make_time (self, field);
    case DGW_FIELD_TIME_MS:
      return make_time_from_ms (self, field);
    case DGW_FIELD_OBJECT:
      view = dgw_entity_get_field (self, field, DGW_JSON_OBJECT);
      return view.value != NULL ? dgw_entity_new (field->item_type (), view) : NULL;
    case DGW_FIELD_LIST:
      view = dgw_entity_get_field (self, field, DGW_JSON_ARRAY);
      return view.value != NULL ? dgw_entity_list_new (field->item_type (), view) : NULL;
    case DGW_FIELD_MAP:
      view = dgw_entity_get_field (self, field, DGW_JSON_OBJECT);
      return view.value != NULL ? dgw_entity_list_new (field->item_type (), view) : NULL;
    case DGW_FIELD_STRINGS:
      return make_strings (self, field);
    case DGW_FIELD_INTS:
      return make_ints (self, field);
    case DGW_FIELD_STRING_MAP:
      return make_string_map (self, field);
    case DGW_FIELD_NODE:
      return make_node (self, field);
    default:
      g_assert_not_reached ();
    }
}

gboolean
dgw_field_has_slot (const DgwField *field)
{
  return field->kind >= DGW_FIELD_ID;
}

void
dgw_field_free_value (const DgwField *field,
                      gpointer        value)
{
  if (value == NULL)
    return;

  switch ((int)field->kind)
    {
    case DGW_FIELD_ID:
    case DGW_FIELD_STRINGS: /* the strings are the document's */
      g_free (value);
      break;
    case DGW_FIELD_TIME:
    case DGW_FIELD_TIME_MS:
      g_date_time_unref (value);
      break;
    case DGW_FIELD_OBJECT:
    case DGW_FIELD_LIST:
    case DGW_FIELD_MAP:
      g_object_unref (value);
      break;
    case DGW_FIELD_INTS:
    case DGW_FIELD_STRING_MAP:
      g_variant_unref (value);
      break;
    case DGW_FIELD_NODE:
      json_node_unref (value);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* A string needs no keeping: the document does. */
static const char *
get_id_string (DgwEntity      *self,
               const DgwField *field)
{
  return dgw_json_view_get_string (dgw_json_view_get_member (dgw_entity_get_view (self), field->key));
}

gpointer
dgw_entity_read_kept (gpointer        self,
                      const DgwField *field)
{
  const char *id = field->kind == DGW_FIELD_ID ? get_id_string (self, field) : NULL;
  gpointer   *slot;
  gpointer    value;

  if (id != NULL)
    return (gpointer)id;

  slot = dgw_entity_get_slot (self, field);
  value = g_atomic_pointer_get (slot);
  if (value != NULL)
    return value;

  value = make_value (self, field);
  if (value != NULL && !g_atomic_pointer_compare_and_exchange (slot, NULL, value))
    {
      dgw_field_free_value (field, value);
      value = g_atomic_pointer_get (slot);
    }

  return value;
}

/* Whether the map's list or variant has it. */
static gboolean
is_map_value (const DgwField *field,
              DgwJsonView     value)
{
  return dgw_json_view_get_kind (value) == (field->kind == DGW_FIELD_MAP ? DGW_JSON_OBJECT : DGW_JSON_STRING);
}

char **
dgw_entity_dup_keys (gpointer        self,
                     const DgwField *field)
{
  DgwJsonView view = dgw_entity_get_field (self, field, DGW_JSON_OBJECT);
  char      **keys;
  const char *key;
  guint       n = 0;
  DgwJsonIter iter;
  DgwJsonView value;

  if (view.value == NULL)
    return NULL;

  keys = g_new0 (char *, dgw_json_view_get_length (view) + 1);
  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, &key, &value))
    if (is_map_value (field, value))
      keys[n++] = g_strdup (key);

  return keys;
}

gpointer
dgw_entity_lookup (gpointer        self,
                   const DgwField *field,
                   const char     *key)
{
  DgwJsonView map = dgw_entity_get_field (self, field, DGW_JSON_OBJECT);

  if (field->kind == DGW_FIELD_STRING_MAP)
    return (gpointer)dgw_json_view_get_string (dgw_json_view_get_member (map, key));

  return map.value != NULL ? dgw_entity_list_lookup (dgw_entity_read_kept (self, field), key) : NULL;
}
