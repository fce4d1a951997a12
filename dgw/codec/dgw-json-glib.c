/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-json-glib-private.h"

#include <math.h>

#include "codec/dgw-json-writer-private.h"

static JsonNode *
build_array (DgwJsonView view)
{
  JsonNode   *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray  *array = json_array_sized_new (dgw_json_view_get_length (view));
  DgwJsonView element;
  DgwJsonIter iter;

  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, NULL, &element))
    json_array_add_element (array, dgw_json_view_dup_node (element));
  json_node_take_array (node, array);

  return node;
}

static JsonNode *
build_object (DgwJsonView view)
{
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  const char *name;
  DgwJsonView value;
  DgwJsonIter iter;

  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, &name, &value))
    if (!json_object_has_member (object, name)) /* of a key that comes twice the first counts */
      json_object_set_member (object, name, dgw_json_view_dup_node (value));
  json_node_take_object (node, object);

  return node;
}

/* The parse has bounded the depth. */
JsonNode *
dgw_json_view_dup_node (DgwJsonView view)
{
  switch (dgw_json_view_get_kind (view))
    {
    case DGW_JSON_NULL:
      return json_node_new (JSON_NODE_NULL);
    case DGW_JSON_BOOLEAN:
      return json_node_init_boolean (json_node_alloc (), dgw_json_view_get_boolean (view, FALSE));
    case DGW_JSON_NUMBER:
      if (dgw_json_view_is_integer (view))
        return json_node_init_int (json_node_alloc (), dgw_json_view_get_int64 (view, 0));
      return json_node_init_double (json_node_alloc (), dgw_json_view_get_double (view, 0));
    case DGW_JSON_STRING:
      return json_node_init_string (json_node_alloc (), dgw_json_view_get_string (view));
    case DGW_JSON_ARRAY:
      return build_array (view);
    case DGW_JSON_OBJECT:
      return build_object (view);
    case DGW_JSON_MISSING:
    default:
      return NULL;
    }
}

static void
append_double (GString *text,
               double   number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  /* JSON has no word for infinity and NaN. */
  g_string_append (text, isfinite (number) ? g_ascii_dtostr (digits, sizeof digits, number) : "null");
}

static void
append_value (GString  *text,
              JsonNode *node)
{
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_BOOLEAN:
      g_string_append (text, json_node_get_boolean (node) ? "true" : "false");
      break;
    case G_TYPE_DOUBLE:
      append_double (text, json_node_get_double (node));
      break;
    case G_TYPE_STRING:
      if (json_node_get_string (node) != NULL)
        dgw_json_append_string (text, json_node_get_string (node));
      else
        g_string_append (text, "null");
      break;
    default:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (node));
      break;
    }
}

static void
append_node (GString  *text,
             JsonNode *node)
{
  const char    *separator = "";
  const char    *name;
  JsonNode      *member;
  JsonArray     *array;
  JsonObjectIter iter;

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      g_string_append_c (text, '{');
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      for (; json_object_iter_next_ordered (&iter, &name, &member); separator = ",")
        {
          g_string_append (text, separator);
          dgw_json_append_string (text, name);
          g_string_append_c (text, ':');
          append_node (text, member);
        }
      g_string_append_c (text, '}');
      break;
    case JSON_NODE_ARRAY:
      g_string_append_c (text, '[');
      array = json_node_get_array (node);
      for (guint i = 0; i < json_array_get_length (array); i++, separator = ",")
        {
          g_string_append (text, separator);
          append_node (text, json_array_get_element (array, i));
        }
      g_string_append_c (text, ']');
      break;
    case JSON_NODE_VALUE:
      append_value (text, node);
      break;
    case JSON_NODE_NULL:
    default:
      g_string_append (text, "null");
      break;
    }
}

char *
dgw_json_node_to_text (JsonNode *node)
{
  GString *text = g_string_new (NULL);

  append_node (text, node);

  return g_string_free (text, FALSE);
}
