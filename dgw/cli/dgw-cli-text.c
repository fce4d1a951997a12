/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What others wrote is shown on a terminal: it must not move the cursor, break
 * the line or turn the direction of writing. */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <string.h>

/* The bot's id begins it, in base64, so that it starts with one of three letters. */
#define TOKEN_PATTERN "(\\b[MNO][\\w-]{17,}\\.[\\w-]{4,12}\\.[\\w-]{20,}|\\bmfa\\.[\\w-]{20,})"

gboolean
dgw_cli_is_harmless (gunichar character)
{
  switch ((int)g_unichar_type (character))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

char *
dgw_cli_clean_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString         *clean = g_string_sized_new (strlen (valid) + 1);

  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      g_string_append_unichar (clean, dgw_cli_is_harmless (character) ? character : ' ');
    }
  return g_string_free (clean, FALSE);
}

static void
append_escape (GString *line,
               gunichar character)
{
  if (character <= 0xffff)
    {
      g_string_append_printf (line, "\\u%04x", character);
      return;
    }

  character -= 0x10000;
  g_string_append_printf (line, "\\u%04x\\u%04x", 0xd800 | character >> 10, 0xdc00 | (character & 0x3ff));
}

/* Outside of its strings JSON has none of these, so the value stays the same. */
void
dgw_cli_escape_json (GString *line)
{
  g_autofree char *text = g_strdup (line->str);

  g_string_truncate (line, 0);
  for (const char *p = text; *p; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      if (character == '\t' || dgw_cli_is_harmless (character))
        g_string_append_unichar (line, character);
      else
        append_escape (line, character);
    }
}

gboolean
dgw_cli_has_token (const char *word)
{
  return g_regex_match_simple (TOKEN_PATTERN, word, G_REGEX_RAW, 0);
}
