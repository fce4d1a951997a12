/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-clean-private.h"

#include <string.h>

#include "base/dgw-redact-private.h"

static gboolean
is_harmless (gunichar character)
{
  switch ((int)g_unichar_type (character))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT: /* the marks that turn the direction are among them */
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

char *
dgw_clean_text (const char *text, const char *secret)
{
  g_autofree char *valid = NULL;
  g_autoptr (GString) clean = NULL;

  if (text == NULL)
    return NULL;

  valid = g_utf8_make_valid (text, -1);
  clean = g_string_sized_new (strlen (valid) + 1);
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (clean, is_harmless (g_utf8_get_char (p)) ? g_utf8_get_char (p) : ' ');

  return dgw_redact (clean->str, secret != NULL ? secret : "");
}

GError *
dgw_clean_error (const GError *error, const char *secret)
{
  g_autofree char *message = NULL;

  if (error == NULL)
    return NULL;

  message = dgw_clean_text (error->message, secret);

  return g_error_new_literal (error->domain, error->code, message);
}

gboolean
dgw_has_secret (const char *text, const char *secret)
{
  return text != NULL && secret != NULL && *secret != '\0' && strstr (text, secret) != NULL;
}
