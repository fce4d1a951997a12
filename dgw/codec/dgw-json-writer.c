/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-json-writer-private.h"

static void
append_escape (GString *text,
               guchar   character)
{
  static const char plain[] = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";

  for (guint i = 0; plain[i] != '\0'; i++)
    if (plain[i] == (char)character)
      {
        g_string_append_c (text, '\\');
        g_string_append_c (text, letters[i]);

        return;
      }

  g_string_append_printf (text, "\\u%04x", character);
}

void
dgw_json_append_string (GString    *text,
                        const char *string)
{
  const char *start = string;

  g_string_append_c (text, '"');
  for (; *string != '\0'; string++)
    {
      guchar character = (guchar)*string;

      if (character >= 0x20 && character != '"' && character != '\\')
        continue;

      g_string_append_len (text, start, string - start);
      append_escape (text, character);
      start = string + 1;
    }
  g_string_append_len (text, start, string - start);
  g_string_append_c (text, '"');
}

void
dgw_json_append_strings (GString           *text,
                         const char *const *strings)
{
  g_string_append_c (text, '[');
  for (guint i = 0; strings[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      dgw_json_append_string (text, strings[i]);
    }
  g_string_append_c (text, ']');
}
