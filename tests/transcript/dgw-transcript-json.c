/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <json-glib/json-glib.h>

#include "dgw-transcript.h"

#define ANY  "*"
#define MORE "..."

static gboolean match_node (JsonNode *pattern, JsonNode *actual);

static gboolean
is_string (JsonNode   *node,
           const char *string)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
         g_str_equal (json_node_get_string (node), string);
}

static gboolean
match_object (JsonObject *pattern,
              JsonObject *actual)
{
  gboolean       may_have_more = json_object_has_member (pattern, MORE);
  guint          n_members = json_object_get_size (pattern) - (may_have_more ? 1 : 0);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  json_object_iter_init (&iter, pattern);
  while (json_object_iter_next (&iter, &name, &value))
    {
      if (g_str_equal (name, MORE))
        continue;
      if (!json_object_has_member (actual, name) || !match_node (value, json_object_get_member (actual, name)))
        return FALSE;
    }

  return may_have_more || json_object_get_size (actual) == n_members;
}

static gboolean
match_array (JsonArray *pattern,
             JsonArray *actual)
{
  guint length = json_array_get_length (pattern);

  if (json_array_get_length (actual) != length)
    return FALSE;

  for (guint i = 0; i < length; i++)
    if (!match_node (json_array_get_element (pattern, i), json_array_get_element (actual, i)))
      return FALSE;

  return TRUE;
}

static gboolean
match_node (JsonNode *pattern,
            JsonNode *actual)
{
  if (is_string (pattern, ANY))
    return TRUE;
  if (JSON_NODE_TYPE (pattern) != JSON_NODE_TYPE (actual))
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (pattern))
    return match_object (json_node_get_object (pattern), json_node_get_object (actual));
  if (JSON_NODE_HOLDS_ARRAY (pattern))
    return match_array (json_node_get_array (pattern), json_node_get_array (actual));

  return json_node_equal (pattern, actual);
}

static JsonNode *
parse (const char *what,
       const char *text,
       GError    **error)
{
  g_autoptr (JsonNode) node = json_from_string (text, error);

  if (node == NULL)
    g_prefix_error (error, "%s %s: ", what, text);

  return g_steal_pointer (&node);
}

gboolean
dgw_transcript_match_json (const char *pattern,
                           const char *actual,
                           GError    **error)
{
  g_autoptr (JsonNode) pattern_node = parse ("pattern", pattern, error);
  g_autoptr (JsonNode) actual_node = pattern_node ? parse ("payload", actual, error) : NULL;

  if (actual_node == NULL)
    return FALSE;

  if (!match_node (pattern_node, actual_node))
    {
      g_set_error (error, DGW_TRANSCRIPT_ERROR, 0, "%s is not %s", actual, pattern);
      return FALSE;
    }

  return TRUE;
}
