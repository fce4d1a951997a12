/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entity-oracle-private.h"

char *
oracle_text_of_string (const char *string)
{
  return string != NULL ? g_strconcat ("\"", string, "\"", NULL) : g_strdup ("-");
}

char *
oracle_text_of_strings (const char *const *strings)
{
  GString *text;

  if (strings == NULL)
    return g_strdup ("-");

  text = g_string_new ("[");
  for (guint i = 0; strings[i] != NULL; i++)
    g_string_append_printf (text, "\"%s\",", strings[i]);

  return g_string_free (text, FALSE);
}

char *
oracle_text_of_instant (gint64 us,
                        int    offset_s)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " us %+d s", us, offset_s);
}

char *
oracle_text_of_time (GDateTime *time)
{
  if (time == NULL)
    return g_strdup ("-");

  return oracle_text_of_instant (g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time),
                                 (int)(g_date_time_get_utc_offset (time) / G_TIME_SPAN_SECOND));
}

char *
oracle_text_of_variant (GVariant *variant)
{
  return variant != NULL ? g_variant_print (variant, TRUE) : g_strdup ("-");
}

char *
oracle_text_of_node (JsonNode *node)
{
  return node != NULL ? json_to_string (node, FALSE) : g_strdup ("-");
}

char *
oracle_text_of_pointer (gpointer pointer)
{
  return pointer != NULL ? g_strdup_printf ("%p", pointer) : g_strdup ("-");
}

static char *
text_of_boxed (const GValue *value)
{
  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    return oracle_text_of_strings (g_value_get_boxed (value));
  if (G_VALUE_HOLDS (value, G_TYPE_DATE_TIME))
    return oracle_text_of_time (g_value_get_boxed (value));

  g_assert_true (G_VALUE_HOLDS (value, JSON_TYPE_NODE));
  return oracle_text_of_node (g_value_get_boxed (value));
}

char *
oracle_text_of_value (const GValue *value)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_BOOLEAN:
      return g_strdup (g_value_get_boolean (value) ? "yes" : "no");
    case G_TYPE_INT:
      return g_strdup_printf ("%d", g_value_get_int (value));
    case G_TYPE_UINT:
      return g_strdup_printf ("%u", g_value_get_uint (value));
    case G_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, g_value_get_int64 (value));
    case G_TYPE_UINT64:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, g_value_get_uint64 (value));
    case G_TYPE_DOUBLE:
      return g_strdup_printf ("%.17g", g_value_get_double (value));
    case G_TYPE_STRING:
      return oracle_text_of_string (g_value_get_string (value));
    case G_TYPE_VARIANT:
      return oracle_text_of_variant (g_value_get_variant (value));
    case G_TYPE_OBJECT:
    case G_TYPE_INTERFACE:
      return oracle_text_of_pointer (g_value_get_object (value));
    case G_TYPE_BOXED:
      return text_of_boxed (value);
    default:
      g_assert_not_reached ();
    }
}
