/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entity-oracle-private.h"

/* Entities are compared one by one by their own checks; the property has to give
 * the very instance that the getter gives. */

/* Both there, or neither; whether there is something to look into. */
static gboolean
compare_presence (Frame     *frame,
                  const Row *row,
                  gboolean   expected,
                  gboolean   got)
{
  if (frame->json == NULL)
    {
      frame->check->n_left_out++;
      return got;
    }

  frame->check->n_getters++;
  if (expected != got)
    check_fail (frame->check, "%s.%s is %s, and by json-glib %s", row->owner, row->property, got ? "there" : "missing",
                expected ? "there" : "missing");

  return expected && got;
}

void
check_object (Frame     *frame,
              const Row *row,
              gpointer   got,
              CheckFunc  func)
{
  JsonNode *node = oracle_get_node (frame, row, oracle_is_object);
  gboolean  fits = node != NULL && oracle_is_object (node);

  if (compare_presence (frame, row, fits, got != NULL))
    func (frame->check, got, fits ? json_node_get_object (node) : NULL, frame->depth + 1);
  oracle_compare_property (frame, row, oracle_text_of_pointer (got));
}

/* json: the objects that the items have to be of, NULL when nothing is compared. */
static void
check_items (Frame      *frame,
             const Row  *row,
             GListModel *got,
             GType       item_type,
             CheckFunc   func,
             GPtrArray  *json)
{
  const guint n_items = g_list_model_get_n_items (got);

  if (g_list_model_get_item_type (got) != item_type)
    check_fail (frame->check, "%s.%s has items of %s", row->owner, row->property, g_type_name (g_list_model_get_item_type (got)));
  if (json != NULL && json->len != n_items)
    {
      check_fail (frame->check, "%s.%s has %u items, and by json-glib %u", row->owner, row->property, n_items, json->len);
      return;
    }

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (got, i);
      g_autoptr (GObject) again = g_list_model_get_item (got, i);

      frame->check->n_others++;
      if (item != again)
        check_fail (frame->check, "%s.%s makes its items anew", row->owner, row->property);
      func (frame->check, item, json != NULL ? g_ptr_array_index (json, i) : NULL, frame->depth + 1);
    }
  if (g_list_model_get_item (got, n_items) != NULL)
    check_fail (frame->check, "%s.%s has an item past its end", row->owner, row->property);
}

void
check_list (Frame      *frame,
            const Row  *row,
            GListModel *got,
            GType       item_type,
            CheckFunc   func)
{
  JsonNode *node = oracle_get_node (frame, row, oracle_is_array);
  gboolean  fits = node != NULL && oracle_is_array (node);
  g_autoptr (GPtrArray) objects = g_ptr_array_new ();

  for (guint i = 0; fits && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (node), i);

      if (oracle_is_object (element))
        g_ptr_array_add (objects, json_node_get_object (element));
    }

  if (compare_presence (frame, row, fits, got != NULL))
    check_items (frame, row, got, item_type, func, frame->json != NULL ? objects : NULL);
  oracle_compare_property (frame, row, oracle_text_of_pointer (got));
}

/* The members of a map that are of the kind it is of. */
static GPtrArray *
list_keys (JsonNode *node,
           gboolean (*is_value) (JsonNode *node))
{
  GPtrArray     *keys = g_ptr_array_new ();
  JsonObjectIter iter;
  const char    *key;
  JsonNode      *value;

  if (node != NULL && oracle_is_object (node))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &key, &value))
        if (is_value (value))
          g_ptr_array_add (keys, (gpointer)key);
    }
  g_ptr_array_add (keys, NULL);

  return keys;
}

static void
compare_keys (Frame     *frame,
              const Row *row,
              GPtrArray *expected,
              gboolean   fits,
              char     **keys,
              gpointer   absent)
{
  g_autofree char *by_json = oracle_text_of_strings (fits ? (const char *const *)expected->pdata : NULL);
  g_autofree char *got = oracle_text_of_strings ((const char *const *)keys);

  frame->check->n_others += 2;
  if (frame->json != NULL && g_strcmp0 (by_json, got) != 0)
    check_fail (frame->check, "%s.%s has the keys %s, and by json-glib %s", row->owner, row->property, got, by_json);
  if (absent != NULL)
    check_fail (frame->check, "%s.%s finds a key that it lacks", row->owner, row->property);
}

void
check_map (Frame      *frame,
           const Row  *row,
           GListModel *got,
           GType       item_type,
           CheckFunc   func,
           char      **keys,
           LookupFunc  lookup)
{
  JsonNode *node = oracle_get_node (frame, row, oracle_is_object);
  gboolean  fits = node != NULL && oracle_is_object (node);
  g_autoptr (GPtrArray) expected = list_keys (node, oracle_is_object);
  g_autoptr (GPtrArray) objects = g_ptr_array_new ();

  compare_keys (frame, row, expected, fits, keys, lookup (frame->entity, "no such key"));
  for (guint i = 0; i < expected->len - 1; i++)
    g_ptr_array_add (objects, json_object_get_object_member (json_node_get_object (node), g_ptr_array_index (expected, i)));

  if (compare_presence (frame, row, fits, got != NULL))
    {
      check_items (frame, row, got, item_type, func, frame->json != NULL ? objects : NULL);
      for (guint i = 0; keys[i] != NULL; i++)
        {
          g_autoptr (GObject) item = g_list_model_get_item (got, i);

          frame->check->n_others++;
          if (lookup (frame->entity, keys[i]) != (gpointer)item)
            check_fail (frame->check, "%s.%s finds another value of %s", row->owner, row->property, keys[i]);
        }
    }
  oracle_compare_property (frame, row, oracle_text_of_pointer (got));
  g_strfreev (keys);
}

void
check_string_map (Frame     *frame,
                  const Row *row,
                  GVariant  *got,
                  char     **keys,
                  LookupFunc lookup)
{
  JsonNode *node = oracle_get_node (frame, row, oracle_is_object);
  gboolean  fits = node != NULL && oracle_is_object (node);
  g_autoptr (GPtrArray) expected = list_keys (node, oracle_is_string);
  g_autoptr (GVariant) variant = NULL;
  GVariantBuilder builder;

  compare_keys (frame, row, expected, fits, keys, lookup (frame->entity, "no such key"));
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < expected->len - 1; i++)
    {
      const char *key = g_ptr_array_index (expected, i);
      const char *value = json_object_get_string_member (json_node_get_object (node), key);

      g_variant_builder_add (&builder, "{ss}", key, value);
      frame->check->n_others++;
      if (g_strcmp0 (lookup (frame->entity, key), value) != 0)
        check_fail (frame->check, "%s.%s finds another value of %s", row->owner, row->property, key);
    }
  variant = g_variant_ref_sink (g_variant_builder_end (&builder));

  oracle_compare (frame, row, oracle_text_of_variant (fits ? variant : NULL), oracle_text_of_variant (got));
  g_strfreev (keys);
}
