/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the simulator needs of JSON beside json-glib: it sends texts byte for
 * byte, so it finds and replaces values in the text itself. The texts are the
 * simulator's own or an application's; what clients send goes to json-glib.
 */

#include "config.h"

#include "testing/dgw-testing-json-private.h"

#include <string.h>

/* A scanner of trees this deep would recurse too far in json-glib. */
#define MAX_DEPTH 512

static gsize
skip_space (const char *text, gsize at)
{
  return at + strspn (text + at, " \t\r\n");
}

static gsize
skip_string (const char *text, gsize at)
{
  for (at++; text[at] != '\0' && text[at] != '"'; at++)
    {
      if (text[at] == '\\' && text[at + 1] != '\0')
        at++;
    }
  return text[at] == '\0' ? at : at + 1;
}

static gsize
skip_value (const char *text, gsize at)
{
  int depth = 0;

  do
    {
      switch (text[at])
        {
        case '\0':
          return at;
        case '"':
          at = skip_string (text, at);
          break;
        case '{':
        case '[':
          depth++;
          at++;
          break;
        case '}':
        case ']':
          depth--;
          at++;
          break;
        default:
          at += depth > 0 ? 1 : MAX (strcspn (text + at, ",}] \t\r\n"), 1);
          break;
        }
    }
  while (depth > 0);

  return at;
}

/* Finds the value of one key of the object that starts at @at. */
static gboolean
find_member (const char *text, gsize at, const char *key, gsize key_length, gsize *value)
{
  if (text[at] != '{')
    return FALSE;

  at = skip_space (text, at + 1);
  while (text[at] == '"')
    {
      gsize name = at + 1;

      at = skip_string (text, at);
      *value = skip_space (text, at);
      if (text[*value] != ':')
        return FALSE;
      *value = skip_space (text, *value + 1);
      if (at - 1 - name == key_length && strncmp (text + name, key, key_length) == 0)
        return TRUE;
      at = skip_space (text, skip_value (text, *value));
      if (text[at] != ',')
        return FALSE;
      at = skip_space (text, at + 1);
    }

  return FALSE;
}

/* Where in @text the value at @path (keys joined by dots; 0: the first element
 * of an array) begins and ends.
 */
gboolean
dgw_testing_json_find (const char *text, const char *path, gsize *start, gsize *end)
{
  gsize at = skip_space (text, 0);

  while (TRUE)
    {
      gsize length = strcspn (path, ".");

      if (text[at] == '[' && length == 1 && *path == '0')
        {
          at = skip_space (text, at + 1);
          if (text[at] == ']')
            return FALSE;
        }
      else if (!find_member (text, at, path, length, &at))
        return FALSE;
      if (path[length] == '\0')
        break;
      path += length + 1;
    }

  *start = at;
  *end = skip_value (text, at);
  return TRUE;
}

/* Takes out the white space between the tokens, as the service sends it. */
char *
dgw_testing_json_compact (const char *text, gssize length)
{
  GString *out = g_string_new (NULL);
  gsize    size = length < 0 ? strlen (text) : (gsize)length;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < size; i++)
    {
      if (!in_string && strchr (" \t\r\n", text[i]) != NULL)
        continue;
      g_string_append_c (out, text[i]);
      if (in_string && text[i] == '\\' && i + 1 < size)
        g_string_append_c (out, text[++i]);
      else if (text[i] == '"')
        in_string = !in_string;
    }

  return g_string_free (out, FALSE);
}

static gboolean
is_too_deep (const char *text, gsize size)
{
  gsize    depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < size; i++)
    {
      if (in_string)
        {
          if (text[i] == '\\')
            i++;
          else if (text[i] == '"')
            in_string = FALSE;
        }
      else if (text[i] == '"')
        in_string = TRUE;
      else if ((text[i] == '{' || text[i] == '[') && ++depth > MAX_DEPTH)
        return TRUE;
      else if (text[i] == '}' || text[i] == ']')
        depth -= depth > 0;
    }

  return FALSE;
}

JsonNode *
dgw_testing_json_parse (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize size = length < 0 ? strlen (text) : (gsize)length;

  if (is_too_deep (text, size))
    {
      g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE, "nested too deeply");
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text, size, error))
    return NULL;
  if (json_parser_get_root (parser) == NULL)
    {
      g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_PARSE, "no JSON");
      return NULL;
    }

  return json_parser_steal_root (parser);
}

gint64
dgw_testing_json_node_get_int (JsonNode *node, gint64 fallback)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return fallback;

  return json_node_get_int (node);
}

gint64
dgw_testing_json_get_int (JsonObject *object, const char *name, gint64 fallback)
{
  return dgw_testing_json_node_get_int (object != NULL ? json_object_get_member (object, name) : NULL, fallback);
}

gboolean
dgw_testing_json_get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

const char *
dgw_testing_json_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

JsonObject *
dgw_testing_json_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
dgw_testing_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
matches_object (JsonObject *pattern, JsonObject *object)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  if (!json_object_has_member (pattern, "...") && json_object_get_size (pattern) != json_object_get_size (object))
    return FALSE;

  json_object_iter_init (&iter, pattern);
  while (json_object_iter_next (&iter, &name, &member))
    {
      if (g_str_equal (name, "..."))
        continue;
      if (!json_object_has_member (object, name) ||
          !dgw_testing_json_matches (member, json_object_get_member (object, name)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
matches_array (JsonArray *pattern, JsonArray *array)
{
  if (json_array_get_length (pattern) != json_array_get_length (array))
    return FALSE;

  for (guint i = 0; i < json_array_get_length (pattern); i++)
    {
      if (!dgw_testing_json_matches (json_array_get_element (pattern, i), json_array_get_element (array, i)))
        return FALSE;
    }

  return TRUE;
}

/* Equality by value, where the string "*" in @pattern stands for anything, and
 * an object with the key "..." for one that may have more keys.
 */
gboolean
dgw_testing_json_matches (JsonNode *pattern, JsonNode *node)
{
  if (JSON_NODE_HOLDS_VALUE (pattern) && g_strcmp0 (json_node_get_string (pattern), "*") == 0)
    return TRUE;
  if (JSON_NODE_TYPE (pattern) != JSON_NODE_TYPE (node))
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (pattern))
    return matches_object (json_node_get_object (pattern), json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (pattern))
    return matches_array (json_node_get_array (pattern), json_node_get_array (node));

  return json_node_equal (pattern, node);
}

/* json-glib leaves out one of the control characters that have to be escaped. */
char *
dgw_testing_json_write (JsonNode *node)
{
  g_autofree char *written = json_to_string (node, FALSE);
  g_auto (GStrv) parts = g_strsplit (written, "\x1f", -1);

  return g_strjoinv ("\\u001f", parts);
}

/* Appends @text as a JSON string with its quotes. */
void
dgw_testing_json_append_string (GString *out, const char *text)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), text);
  g_autofree char *quoted = dgw_testing_json_write (node);

  g_string_append (out, quoted);
}
