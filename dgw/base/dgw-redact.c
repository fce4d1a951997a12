/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-redact-private.h"

#include <string.h>

#define REPLACEMENT "[redacted]"

#define BOT_PREFIX "Bot "

/* Anything shorter is no secret of Discord's, and replacing it would only garble the text. */
#define MIN_SECRET_LENGTH 4

/* A token is the bot's id, a time and a signature, each in URL-safe base64; accounts with
 * two factors had "mfa." and one long part. The bounds are looser than what Discord makes.
 * The look-behind and the possessive counts keep the search linear in long texts. */
#define LETTER        "A-Za-z0-9_" /* \w would take in bytes of other characters, and cut those in two */
#define DIGIT         "[" LETTER "-]"
#define TOKEN_PATTERN "(?:(?<!" DIGIT ")" DIGIT "{18,}+\\." DIGIT "{4,12}+\\." DIGIT "{20,}+|(?<![" LETTER "])mfa\\." DIGIT "{20,}+)"

static char *
replace_token_like (const char *text)
{
  static GRegex *regex = NULL;
  char          *clean = NULL;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new (TOKEN_PATTERN, G_REGEX_RAW, 0, NULL));

  clean = g_regex_replace_literal (g_atomic_pointer_get (&regex), text, -1, 0, REPLACEMENT, 0, NULL);

  /* A text that cannot be searched may hold anything. */
  return clean ? clean : g_strdup (REPLACEMENT);
}

const char *
dgw_token_bare (const char *token)
{
  return g_str_has_prefix (token, BOT_PREFIX) ? token + strlen (BOT_PREFIX) : token;
}

char *
dgw_redact_all (const char *text, const char *const *secrets)
{
  g_autoptr (GString) clean = g_string_new (text);

  for (gsize i = 0; secrets[i] != NULL; i++)
    {
      const char *bare = dgw_token_bare (secrets[i]);

      if (strlen (bare) >= MIN_SECRET_LENGTH)
        g_string_replace (clean, bare, REPLACEMENT, 0);
    }

  return replace_token_like (clean->str);
}

char *
dgw_redact (const char *text, const char *token)
{
  const char *const secrets[] = {token, NULL};

  return dgw_redact_all (text, secrets);
}
