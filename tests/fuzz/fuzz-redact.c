/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-redact-private.h"
#include "fuzz.h"

/* Up to four secrets, a line each, up to an empty line; then the text, in which
 * a byte of 1 to 4 stands for the secret with that number. */

#define N_SECRETS   4
#define REPLACEMENT "[redacted]"

static char *
insert_secrets (const char *text,
                char      **secrets)
{
  GString *full = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (*text >= 1 && *text <= N_SECRETS)
      g_string_append (full, *text <= (int)g_strv_length (secrets) ? secrets[*text - 1] : "");
    else
      g_string_append_c (full, *text);

  return g_string_free (full, FALSE);
}

/* Nobody's token is so short, or a part of the word that takes its place. */
static gboolean
is_secret (const char *bare)
{
  return strlen (bare) >= 8 && strpbrk (bare, "[]") == NULL && strstr (REPLACEMENT, bare) == NULL;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput input = {data, size};
  g_autoptr (GPtrArray) secrets = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *pattern = NULL;
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;

  /* What is no UTF-8 never got into a property. */
  for (guint i = 0; i < N_SECRETS; i++)
    {
      g_autofree char *bytes = fuzz_take_text (&input, '\n');
      char            *secret = g_utf8_make_valid (bytes, -1);

      g_ptr_array_add (secrets, secret);
      if (*secret == '\0')
        break;
    }
  g_ptr_array_add (secrets, NULL);
  pattern = fuzz_take_text (&input, 0);
  text = insert_secrets (pattern, (char **)secrets->pdata);

  clean = dgw_redact_all (text, (const char *const *)secrets->pdata);
  for (guint i = 0; i < secrets->len - 1; i++)
    {
      const char *bare = dgw_token_bare (secrets->pdata[i]);

      if (is_secret (bare))
        g_assert_null (strstr (clean, bare));
    }
  g_assert_true (!g_utf8_validate (text, -1, NULL) || g_utf8_validate (clean, -1, NULL));

  return 0;
}
