/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-summary-private.h"

#include <string.h>

#include "cli/dgw-cli-private.h"

#define NAME_WIDTH 28
#define TEXT_WIDTH 72 /* characters */

#define STYLE_NONE      "\033[0m"
#define STYLE_DIM       "\033[2m"
#define STYLE_NAME      "\033[36m"
#define STYLE_LIFECYCLE "\033[33m"

/* What is worth a look, in this order, wherever an event has it. A dot goes
 * one object down. */
static const char *const interesting[] = {
  "author.username",
  "user.username",
  "member.user.username",
  "name",
  "username",
  "content",
  "status",
  "emoji.name",
  "channel_id",
  "guild_id",
  "user_id",
  "user.id",
  "id",
};

#define MAX_ITEMS 3

static void
append_styled (GString    *line,
               const char *style,
               const char *text,
               gboolean    colour)
{
  if (colour)
    g_string_append (line, style);
  g_string_append (line, text);
  if (colour)
    g_string_append (line, STYLE_NONE);
}

/* A user's text cannot move the cursor or break the line. */
static void
append_text (GString    *line,
             const char *text)
{
  guint n_chars = 0;

  for (const char *p = text; *p; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      if (n_chars++ == TEXT_WIDTH)
        {
          g_string_append (line, "…");
          return;
        }
      g_string_append_unichar (line, dgw_cli_is_harmless (character) ? character : ' ');
    }
}

static void
append_name (GString    *line,
             const char *style,
             const char *name,
             gboolean    colour)
{
  g_autoptr (GString) column = g_string_new (NULL);

  append_text (column, name);
  while (column->len < NAME_WIDTH)
    g_string_append_c (column, ' ');
  append_styled (line, style, column->str, colour);
}

static const char *
lookup_string (JsonObject *object,
               const char *path)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", -1);
  guint last = g_strv_length (steps) - 1;

  for (guint i = 0; i < last; i++)
    {
      JsonNode *node = json_object_get_member (object, steps[i]);

      if (!node || !JSON_NODE_HOLDS_OBJECT (node))
        return NULL;
      object = json_node_get_object (node);
    }

  {
    JsonNode *node = json_object_get_member (object, steps[last]);

    if (!node || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
      return NULL;
    return json_node_get_string (node);
  }
}

static void
append_data (GString  *line,
             JsonNode *data)
{
  guint n_items = 0;

  if (!data || !JSON_NODE_HOLDS_OBJECT (data))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (interesting) && n_items < MAX_ITEMS; i++)
    {
      const char *dot = strrchr (interesting[i], '.');
      const char *value = lookup_string (json_node_get_object (data), interesting[i]);

      if (!value || !*value)
        continue;
      g_string_append_c (line, ' ');
      if (g_str_has_suffix (interesting[i], "id"))
        g_string_append_printf (line, "%s=", dot ? dot + 1 : interesting[i]);
      append_text (line, value);
      n_items++;
    }
}

static void
append_time (GString *line,
             gint64   monotonic_us,
             gboolean colour)
{
  gint64 age_us = g_get_monotonic_time () - monotonic_us;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = g_date_time_add (now, -age_us);
  g_autofree char *text = g_date_time_format (then, "%H:%M:%S");

  append_styled (line, STYLE_DIM, text, colour);
  g_string_append_c (line, ' ');
}

void
dgw_cli_summary_append (GString  *line,
                        DgwEvent *event,
                        gboolean  colour)
{
  g_autoptr (JsonNode) data = dgw_event_dup_json (event);

  append_time (line, dgw_event_get_received_at (event), colour);
  append_name (line, STYLE_NAME, dgw_event_get_name (event), colour);
  append_data (line, data);
}

void
dgw_cli_summary_append_lifecycle (GString  *line,
                                  JsonNode *lifecycle,
                                  gboolean  colour)
{
  JsonObject    *object = json_node_get_object (lifecycle);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  append_time (line, g_get_monotonic_time (), colour);
  append_name (line, STYLE_LIFECYCLE, json_object_get_string_member (object, "lifecycle"), colour);

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (g_str_equal (name, "lifecycle"))
        continue;
      g_string_append_c (line, ' ');
      if (json_node_get_value_type (value) == G_TYPE_STRING)
        {
          append_text (line, json_node_get_string (value));
        }
      else
        {
          g_autofree char *text = json_to_string (value, FALSE);

          g_string_append_printf (line, "%s=%s", name, text);
        }
    }
}
