/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entity-oracle-private.h"

#define MAX_MESSAGES 40

/* The whole text of an entity is searched for in its payload's: only near the
 * root, or it takes too long. */
#define MAX_TEXT_DEPTH 1

void
check_init (Check     *self,
            const Row *rows,
            guint      n_rows)
{
  *self = (Check){.rows = rows, .n_rows = n_rows};
  self->coverage = g_new0 (Coverage, n_rows);
  self->classes = g_hash_table_new (NULL, NULL);
}

void
check_clear (Check *self)
{
  g_free (self->coverage);
  g_hash_table_unref (self->classes);
}

void
check_fail (Check      *self,
            const char *format,
            ...)
{
  g_autofree char *text = NULL;
  va_list          arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (self->n_failures++ < MAX_MESSAGES)
    g_test_message ("%s: %s", self->what != NULL ? self->what : "at the end", text);
  g_test_fail ();
}

static const char *
find_gap (const Row      *row,
          const Coverage *seen)
{
  if (seen->fitting == 0)
    return "with a value";
  if (row->can_be_wrong && seen->wrong == 0)
    return "with a value of a wrong kind";
  if (!row->is_vital && seen->null == 0)
    return "with null";
  if (!row->is_vital && seen->absent == 0)
    return "when it is absent";

  return NULL;
}

gboolean
check_is_complete (Check *self)
{
  guint n_gaps = 0;

  self->what = NULL;
  for (guint i = 0; i < self->n_rows; i++)
    {
      const Row  *row = &self->rows[i];
      const char *gap = find_gap (row, &self->coverage[i]);

      if (gap != NULL)
        {
          check_fail (self, "%s.%s was never read %s", row->owner, row->property, gap);
          n_gaps++;
        }
    }

  return n_gaps == 0;
}

gboolean
oracle_is_object (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node);
}

gboolean
oracle_is_array (JsonNode *node)
{
  return JSON_NODE_HOLDS_ARRAY (node);
}

gboolean
oracle_is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

JsonNode *
oracle_get_node (Frame     *frame,
                 const Row *row,
                 gboolean (*is_fitting) (JsonNode *node))
{
  Coverage *seen = &frame->check->coverage[row - frame->check->rows];
  JsonNode *node;

  if (frame->json == NULL)
    return NULL;

  node = json_object_get_member (frame->json, row->key);
  frame->check->n_others++;
  if (dgw_entity_has_field (frame->entity, row->key) != (node != NULL))
    check_fail (frame->check, "%s: has_field (%s) is wrong", row->owner, row->key);

  if (node == NULL)
    seen->absent++;
  else if (JSON_NODE_HOLDS_NULL (node))
    seen->null++;
  else if (is_fitting (node))
    seen->fitting++;
  else
    seen->wrong++;

  return node;
}

static void
compare_text (Frame      *frame,
              const Row  *row,
              const char *by,
              const char *expected,
              const char *got)
{
  if (g_strcmp0 (expected, got) != 0)
    check_fail (frame->check, "%s.%s by its %s is %s, and by json-glib %s", row->owner, row->property, by, got, expected);
}

void
oracle_compare_property (Frame     *frame,
                         const Row *row,
                         char      *got)
{
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *expected = got;
  g_autofree char *by_property = NULL;

  g_object_get_property (frame->entity, row->property, &value);
  if (G_VALUE_TYPE (&value) != row->get_value_type ())
    check_fail (frame->check, "%s.%s is a %s", row->owner, row->property, G_VALUE_TYPE_NAME (&value));

  by_property = oracle_text_of_value (&value);
  if (frame->json == NULL)
    {
      frame->check->n_left_out++;
      return;
    }
  frame->check->n_properties++;
  compare_text (frame, row, "property", expected, by_property);
}

void
oracle_compare (Frame     *frame,
                const Row *row,
                char      *expected,
                char      *got)
{
  if (frame->json != NULL)
    {
      frame->check->n_getters++;
      compare_text (frame, row, "getter", expected, got);
      g_free (got);
      oracle_compare_property (frame, row, expected);
      return;
    }

  frame->check->n_left_out++;
  g_free (expected);
  oracle_compare_property (frame, row, got);
}

/* The properties of a class are those of the catalogue, no more and no fewer. */
static void
check_class (Frame     *frame,
             const Row *rows,
             guint      n_rows)
{
  GObjectClass           *klass = G_OBJECT_GET_CLASS (frame->entity);
  guint                   n_properties;
  g_autofree GParamSpec **properties = g_object_class_list_properties (klass, &n_properties);

  if (!g_hash_table_add (frame->check->classes, klass))
    return;

  for (guint i = 0; i < n_rows; i++)
    {
      GParamSpec *property = g_object_class_find_property (klass, rows[i].property);

      frame->check->n_others++;
      if (property == NULL)
        check_fail (frame->check, "%s has no property %s", rows[i].owner, rows[i].property);
      else if (property->flags & G_PARAM_WRITABLE)
        check_fail (frame->check, "%s.%s can be written", rows[i].owner, rows[i].property);
    }
  if (n_properties != n_rows)
    check_fail (frame->check, "%s has %u properties, and should have %u", G_OBJECT_TYPE_NAME (frame->entity), n_properties, n_rows);
}

static void
check_text (Frame *frame)
{
  g_autofree char *text = dgw_entity_to_string (frame->entity);
  g_autoptr (JsonNode) copy = dgw_entity_dup_json (frame->entity);
  g_autoptr (JsonNode) expected = json_node_init_object (json_node_alloc (), frame->json);
  g_autoptr (JsonNode) parsed = json_from_string (text, NULL);

  frame->check->n_others += 2;
  if (parsed == NULL || !json_node_equal (parsed, expected))
    check_fail (frame->check, "to_string of a %s: %s", G_OBJECT_TYPE_NAME (frame->entity), text);
  if (!json_node_equal (copy, expected))
    check_fail (frame->check, "dup_json of a %s differs", G_OBJECT_TYPE_NAME (frame->entity));
}

const char *
check_get_string (JsonObject *json,
                  const char *key)
{
  JsonNode *node = key != NULL ? json_object_get_member (json, key) : NULL;

  return node != NULL && oracle_is_string (node) ? json_node_get_string (node) : NULL;
}

/* What names no guild is of the event's. */
static void
check_guild (Frame *frame)
{
  const char *owner = G_OBJECT_TYPE_NAME (frame->entity);
  gboolean    is_guild = g_str_equal (owner, "DgwGuild") || g_str_equal (owner, "DgwUnavailableGuild");
  const char *own = check_get_string (frame->json, is_guild ? "id" : "guild_id");
  const char *expected = own != NULL ? own : frame->check->guild;
  const char *got = dgw_entity_get_event_guild_id (frame->entity);

  frame->check->n_others++;
  if (g_strcmp0 (expected, got) != 0)
    check_fail (frame->check, "the guild of a %s is %s and not %s", owner, got, expected);
}

/* Whether the entity is one whose fields can be looked at. */
gboolean
check_entity (Frame     *frame,
              GType      type,
              const Row *rows,
              guint      n_rows)
{
  if (frame->entity == NULL || G_OBJECT_TYPE (frame->entity) != type)
    {
      check_fail (frame->check, "there is a %s for a %s", frame->entity ? G_OBJECT_TYPE_NAME (frame->entity) : "NULL",
                  g_type_name (type));
      return FALSE;
    }

  check_class (frame, rows, n_rows);
  if (frame->json != NULL)
    check_guild (frame);
  if (frame->json != NULL && frame->depth <= MAX_TEXT_DEPTH)
    check_text (frame);

  return TRUE;
}
