/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-redact-private.h"

/* Made up: the shape of a token, of no bot. */
#define TOKEN "MTA1NDM0NTY3ODkwMTIzNDU2.GaBcDe.0123456789abcdefghijklmnopqrstuvwxyz-_"

static void
assert_redacted (const char *text, const char *token, const char *expected)
{
  g_autofree char *clean = dgw_redact (text, token);

  g_assert_cmpstr (clean, ==, expected);
}

static void
test_given_token (void)
{
  g_test_summary ("The token goes wherever it stands, given and found with or without Bot");
  assert_redacted ("a secret b", "secret", "a [redacted] b");
  assert_redacted ("Bot secret", "Bot secret", "Bot [redacted]");
  assert_redacted ("x=secret", "Bot secret", "x=[redacted]");
  assert_redacted ("secretsecret", "secret", "[redacted][redacted]");
  assert_redacted ("nothing here", "secret", "nothing here");
  assert_redacted ("", "secret", "");
}

static void
test_token_like (void)
{
  g_test_summary ("What looks like a token goes also when it is not known");
  assert_redacted ("Authorization: Bot " TOKEN "\r\n", NULL, "Authorization: Bot [redacted]\r\n");
  assert_redacted ("{\"token\":\"" TOKEN "\"}", "other-token", "{\"token\":\"[redacted]\"}");
  assert_redacted ("mfa.0123456789abcdefghijklmnopqrstuvwxyz", NULL, "[redacted]");
  assert_redacted ("\xf0\x9f\x98\x80" TOKEN "\xf0\x9f\x98\x80", NULL, "\xf0\x9f\x98\x80[redacted]\xf0\x9f\x98\x80");
  assert_redacted ("\u00eamfa.0123456789abcdefghijklmnopqrstuvwxyz\u00ea", NULL, "\u00ea[redacted]\u00ea");
}

static void
test_ordinary_text (void)
{
  static const char *const texts[] = {
    "wss://gateway-us-east1-b.discord.gg/?v=10&encoding=json",
    "175928847299117063.1.2",
    "Error resolving “gateway.discord.gg”: Name or service not known",
    "\xff\xfe is no UTF-8",
  };

  g_test_summary ("Addresses, ids and messages stay as they are");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_redacted (texts[i], NULL, texts[i]);
}

static void
test_short_token (void)
{
  g_test_summary ("An empty or tiny token would take the text apart and is left alone");
  assert_redacted ("a Bot is a bot", "", "a Bot is a bot");
  assert_redacted ("a Bot is a bot", "Bot ", "a Bot is a bot");
  assert_redacted ("a Bot is a bot", "bot", "a Bot is a bot");
}

/* Security: BOUND-REGEX */
static void
test_long_text (void)
{
  g_autofree char *text = g_strnfill (4 * 1024 * 1024, 'a');
  g_autofree char *clean = dgw_redact (text, NULL);

  g_test_summary ("A long text without a token is searched once, not from each of its letters");
  g_assert_cmpstr (clean, ==, text);
}

static void
test_several (void)
{
  static const char *const secrets[] = {"first-secret", "second-secret", NULL};
  g_autofree char         *clean = dgw_redact_all ("first-secret second-secret third", secrets);

  g_test_summary ("Session ids go with the token");
  g_assert_cmpstr (clean, ==, "[redacted] [redacted] third");
}

static void
test_bare (void)
{
  g_test_summary ("The prefix is taken off once, and only as Discord writes it");
  g_assert_cmpstr (dgw_token_bare ("Bot abc"), ==, "abc");
  g_assert_cmpstr (dgw_token_bare ("abc"), ==, "abc");
  g_assert_cmpstr (dgw_token_bare ("Bottle"), ==, "Bottle");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/redact/given-token", test_given_token);
  g_test_add_func ("/dgw/base/redact/token-like", test_token_like);
  g_test_add_func ("/dgw/base/redact/ordinary-text", test_ordinary_text);
  g_test_add_func ("/dgw/base/redact/short-token", test_short_token);
  g_test_add_func ("/dgw/base/redact/long-text", test_long_text);
  g_test_add_func ("/dgw/base/redact/several", test_several);
  g_test_add_func ("/dgw/base/redact/bare", test_bare);

  return g_test_run ();
}
