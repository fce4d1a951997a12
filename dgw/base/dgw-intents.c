/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-intents.h"

#include <glib/gi18n-lib.h>

#include "dgw-protocol-table-private.h"

#define SEPARATORS ", |\t\r\n"

static gboolean
parse_number (const char *word, guint *mask)
{
  gboolean    is_hex = g_ascii_strncasecmp (word, "0x", 2) == 0;
  const char *digits = is_hex ? word + 2 : word;
  guint64     value;

  if (!g_ascii_string_to_unsigned (digits, is_hex ? 16 : 10, 0, G_MAXUINT, &value, NULL))
    return FALSE;

  *mask = (guint)value;

  return TRUE;
}

static gboolean
parse_name (const char *word, guint *mask)
{
  gsize                n_names;
  const DgwIntentName *names = dgw_intent_names (&n_names);
  g_autofree char     *name = g_strdelimit (g_ascii_strup (word, -1), "-", '_');

  for (gsize i = 0; i < n_names; i++)
    if (g_str_equal (names[i].name, name))
      {
        *mask = names[i].mask;
        return TRUE;
      }

  return FALSE;
}

/**
 * dgw_intents_from_string:
 * @string: names or numbers, with commas, spaces or `|` between them
 * @intents: (out): the bits of all of them together
 * @error: where to put the error
 *
 * Reads intents as people write them, for settings and for command lines.
 *
 * A name is one of Discord's, such as `GUILD_MESSAGES`, or one of the groups
 * `NONE`, `GUILD`, `DIRECT_MESSAGE`, `NON_PRIVILEGED`, `PRIVILEGED` and `ALL`, in
 * upper or lower case, with `_` or `-`. A number is decimal, or hexadecimal with
 * `0x`; its bits need not be known. Other words, and no word at all, are
 * `G_IO_ERROR_INVALID_ARGUMENT`.
 *
 * Returns: (skip): `TRUE` on success
 *
 * Since: 0.1
 */
gboolean
dgw_intents_from_string (const char *string, guint *intents, GError **error)
{
  g_auto (GStrv) words = NULL;
  guint    all = 0;
  gboolean any = FALSE;

  g_return_val_if_fail (string != NULL, FALSE);
  g_return_val_if_fail (intents != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  words = g_strsplit_set (string, SEPARATORS, -1);
  for (gsize i = 0; words[i] != NULL; i++)
    {
      guint mask = 0;

      if (*words[i] == '\0')
        continue;

      if (!parse_number (words[i], &mask) && !parse_name (words[i], &mask))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is no intent"), words[i]);
          return FALSE;
        }
      all |= mask;
      any = TRUE;
    }

  if (!any)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("No intents are given; for none, say NONE"));
      return FALSE;
    }
  *intents = all;

  return TRUE;
}

/**
 * dgw_intents_to_string:
 * @intents: bits of [flags@Intents], and others
 *
 * Writes intents so that people can read them: Discord's names with commas
 * between them, in the order of the bits. Bits that this version does not know
 * follow as one hexadecimal number.
 *
 * [func@Intents.from_string] reads it back to the same bits.
 *
 * Returns: (transfer full): the text; `NONE` for 0
 *
 * Since: 0.1
 */
char *
dgw_intents_to_string (guint intents)
{
  gsize                n_names;
  const DgwIntentName *names = dgw_intent_names (&n_names);
  GString             *text = NULL;
  guint                rest = intents;

  if (intents == 0)
    return g_strdup ("NONE");

  text = g_string_new (NULL);
  for (gsize i = 0; i < n_names; i++)
    if (names[i].canonical && (intents & names[i].mask) != 0)
      {
        g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", names[i].name);
        rest &= ~names[i].mask;
      }
  if (rest != 0)
    g_string_append_printf (text, "%s0x%x", text->len > 0 ? "," : "", rest);

  return g_string_free (text, FALSE);
}
