/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-clean-private.h"

static void
assert_clean (const char *text,
              const char *secret,
              const char *expected)
{
  g_autofree char *clean = dgw_clean_text (text, secret);

  g_assert_cmpstr (clean, ==, expected);
}

/* Security: LOG-LINES */
static void
test_controls (void)
{
  g_test_summary ("Nothing in a peer's text breaks a line, moves the cursor or turns the direction of writing");
  assert_clean ("plain “text” ü", NULL, "plain “text” ü");
  assert_clean ("a\nb\r\nc\td", NULL, "a b  c d");
  assert_clean ("\033[2J\033]0;title\007", NULL, " [2J ]0;title ");
  assert_clean ("\xc2\x9b[31m", NULL, " [31m");
  assert_clean ("\x7f", NULL, " ");
  assert_clean ("a\xe2\x80\xae"
                "b\xe2\x81\xa6"
                "c\xe2\x80\x8f",
                NULL, "a b c ");
  assert_clean ("a\xe2\x80\xa8"
                "b\xe2\x80\xa9",
                NULL, "a b ");
  assert_clean ("\xff\xfe", NULL, "\xef\xbf\xbd\xef\xbf\xbd");
  assert_clean ("", NULL, "");
  g_assert_null (dgw_clean_text (NULL, "secret"));
}

/* Security: ERR-TOKEN */
static void
test_secret (void)
{
  g_test_summary ("The secret is not in it, with or without the word in front");
  assert_clean ("you sent the secret", "secret", "you sent the [redacted]");
  assert_clean ("you sent Bot secret\n", "Bot secret", "you sent Bot [redacted] ");
  assert_clean ("MTA1NDM0NTY3ODkwMTIzNDU2.GaBcDe.0123456789abcdefghijklmnopqrst", NULL, "[redacted]");
}

static void
test_error (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_FILE_ERROR, 3, "no\nsecret");
  g_autoptr (GError) clean = dgw_clean_error (error, "secret");

  g_test_summary ("An error stays the same but for its text");
  g_assert_error (clean, G_FILE_ERROR, 3);
  g_assert_cmpstr (clean->message, ==, "no [redacted]");
  g_assert_cmpstr (error->message, ==, "no\nsecret");
  g_assert_null (dgw_clean_error (NULL, "secret"));
}

static void
test_has_secret (void)
{
  g_assert_true (dgw_has_secret ("wss://secret.example", "secret"));
  g_assert_false (dgw_has_secret ("wss://gateway.example", "secret"));
  g_assert_false (dgw_has_secret ("wss://gateway.example", ""));
  g_assert_false (dgw_has_secret ("wss://gateway.example", NULL));
  g_assert_false (dgw_has_secret (NULL, "secret"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/clean/security/controls", test_controls);
  g_test_add_func ("/dgw/base/clean/security/secret", test_secret);
  g_test_add_func ("/dgw/base/clean/error", test_error);
  g_test_add_func ("/dgw/base/clean/has-secret", test_has_secret);

  return g_test_run ();
}
