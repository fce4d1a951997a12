/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <math.h>
#include <string.h>

#include "codec/dgw-json-glib-private.h"
#include "codec/dgw-json-span-private.h"
#include "fuzz.h"

/* Any text as JSON: what is accepted is what strict readers accept, every getter
 * answers whatever it is asked, and json-glib finds the same. */

static gboolean
is_same_number (DgwJsonView view,
                JsonNode   *node)
{
  if (dgw_json_view_is_integer (view))
    return json_node_get_value_type (node) == G_TYPE_INT64 && json_node_get_int (node) == dgw_json_view_get_int64 (view, 0);

  return json_node_get_double (node) == dgw_json_view_get_double (view, 0);
}

static gboolean is_same (DgwJsonView view,
                         JsonNode   *node);

static gboolean
is_same_array (DgwJsonView view,
               JsonArray  *array)
{
  DgwJsonIter iter;
  DgwJsonView value;
  guint       n = 0;

  if (json_array_get_length (array) != dgw_json_view_get_length (view))
    return FALSE;

  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, NULL, &value))
    if (!is_same (value, json_array_get_element (array, n++)))
      return FALSE;

  return TRUE;
}

static gboolean
is_same_object (DgwJsonView view,
                JsonObject *object)
{
  DgwJsonIter iter;
  const char *name;
  DgwJsonView value;

  if (json_object_get_size (object) != dgw_json_view_get_length (view))
    return FALSE;

  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, &name, &value))
    if (!json_object_has_member (object, name) || !is_same (value, json_object_get_member (object, name)))
      return FALSE;

  return TRUE;
}

/* Recursion as deep as 512 levels is. */
static gboolean
is_same (DgwJsonView view,
         JsonNode   *node)
{
  switch (dgw_json_view_get_kind (view))
    {
    case DGW_JSON_NULL:
      return JSON_NODE_HOLDS_NULL (node);
    case DGW_JSON_BOOLEAN:
      return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
             !json_node_get_boolean (node) == !dgw_json_view_get_boolean (view, FALSE);
    case DGW_JSON_NUMBER:
      return JSON_NODE_HOLDS_VALUE (node) && is_same_number (view, node);
    case DGW_JSON_STRING:
      return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
             strcmp (json_node_get_string (node), dgw_json_view_get_string (view)) == 0;
    case DGW_JSON_ARRAY:
      return JSON_NODE_HOLDS_ARRAY (node) && is_same_array (view, json_node_get_array (node));
    case DGW_JSON_OBJECT:
      return JSON_NODE_HOLDS_OBJECT (node) && is_same_object (view, json_node_get_object (node));
    case DGW_JSON_MISSING:
    default:
      return FALSE;
    }
}

/* json-glib 1.6 does not follow RFC 8259 in these: it ends a string at U+0000,
 * cannot read half of a surrogate pair, wraps integers past 64 bits, and of a key
 * that comes twice it keeps the last. */
static gboolean
is_odd (DgwJsonView view)
{
  DgwJsonIter iter;
  const char *name;
  DgwJsonView value;

  if (dgw_json_view_get_kind (view) == DGW_JSON_NUMBER && !dgw_json_view_is_integer (view))
    {
      gsize       length;
      const char *text = dgw_json_view_get_span (view, &length);

      return !isfinite (g_ascii_strtod (text, NULL)) ||
             (memchr (text, '.', length) == NULL && memchr (text, 'e', length) == NULL && memchr (text, 'E', length) == NULL);
    }

  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, &name, &value))
    {
      if (is_odd (value))
        return TRUE;
      if (name != NULL && dgw_json_view_get_member (view, name).value != value.value)
        return TRUE;
    }

  return FALSE;
}

static void
compare_with_json_glib (DgwJson *json)
{
  gsize       length;
  const char *text = dgw_json_get_text (json, &length);
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) error = NULL;

  if (g_strstr_len (text, (gssize)length, "\\u") != NULL || is_odd (dgw_json_get_root (json)))
    return;

  parser = json_parser_new ();
  json_parser_load_from_data (parser, text, (gssize)length, &error);
  g_assert_no_error (error);
  g_assert_true (is_same (dgw_json_get_root (json), json_parser_get_root (parser)));
}

/* The text of a value is a document of the same value. */
static void
check_span (DgwJsonView view)
{
  gsize       length;
  const char *text = dgw_json_view_get_span (view, &length);
  g_autoptr (DgwJson) copy = dgw_json_new_copy (text, length);

  g_assert_true (dgw_json_parse (copy, NULL));
  g_assert_true (dgw_json_view_equal (view, dgw_json_get_root (copy)));
}

/* Reads every value by every getter, as an application could. */
static void
walk (DgwJsonView view,
      guint       depth)
{
  const char *string = dgw_json_view_get_string (view);
  const char *name;
  DgwJsonView value;
  DgwJsonIter iter;
  guint       n = 0;

  g_assert_true ((string != NULL) == (dgw_json_view_get_kind (view) == DGW_JSON_STRING));
  g_assert_true (string == NULL || g_utf8_validate (string, -1, NULL));
  dgw_json_view_get_int64 (view, 0);
  dgw_json_view_get_uint64 (view, 0);
  g_assert_true (isfinite (dgw_json_view_get_double (view, 0)));
  dgw_json_view_get_boolean (view, FALSE);
  dgw_json_view_get_member (view, "d");
  dgw_json_view_get_element (view, dgw_json_view_get_length (view) / 2);
  if (depth < 2 && view.value != NULL)
    check_span (view);

  dgw_json_iter_init (&iter, view);
  for (; dgw_json_iter_next (&iter, &name, &value); n++)
    {
      g_assert_true (name == NULL || g_utf8_validate (name, -1, NULL));
      walk (value, depth + 1);
    }
  g_assert_cmpuint (n, ==, dgw_json_view_get_length (view));
}

static void
assert_node_is_json (DgwJson *json)
{
  g_autoptr (JsonNode) node = dgw_json_view_dup_node (dgw_json_get_root (json));
  g_autofree char *text = dgw_json_node_to_text (node);
  g_autoptr (DgwJson) again = dgw_json_new_copy (text, strlen (text));
  g_autoptr (GError) error = NULL;

  dgw_json_parse (again, &error);
  g_assert_no_error (error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput input = {data, size};
  g_autoptr (GBytes) bytes = fuzz_take_rest (&input);
  g_autoptr (DgwJson) json = dgw_json_new (bytes);
  g_autoptr (GError) error = NULL;

  if (dgw_json_parse (json, &error))
    {
      g_assert_true (g_utf8_validate_len ((const char *)data, size, NULL));
      assert_node_is_json (json);
      compare_with_json_glib (json);
    }
  else
    {
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL);
    }
  walk (dgw_json_get_root (json), 0);

  return 0;
}
