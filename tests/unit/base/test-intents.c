/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

static void
assert_reads (const char *string, guint expected)
{
  g_autoptr (GError) error = NULL;
  guint intents = 0xdead;

  g_test_message ("%s", string);
  g_assert_true (dgw_intents_from_string (string, &intents, &error));
  g_assert_no_error (error);
  g_assert_cmphex (intents, ==, expected);
}

static void
assert_refuses (const char *string, const char *word)
{
  g_autoptr (GError) error = NULL;
  guint intents = 0xdead;

  g_test_message ("%s", string);
  g_assert_false (dgw_intents_from_string (string, &intents, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_true (word == NULL || g_strstr_len (error->message, -1, word) != NULL);
  g_assert_cmphex (intents, ==, 0xdead);
}

static void
test_names (void)
{
  g_test_summary ("Names in any case, with - or _, with commas, spaces or bars; old names too");
  assert_reads ("GUILDS", DGW_INTENTS_GUILDS);
  assert_reads ("guild-messages,Message_Content", DGW_INTENTS_GUILD_MESSAGES | DGW_INTENTS_MESSAGE_CONTENT);
  assert_reads (" GUILDS | direct_messages\n", DGW_INTENTS_GUILDS | DGW_INTENTS_DIRECT_MESSAGES);
  assert_reads (",,GUILDS,", DGW_INTENTS_GUILDS);
  assert_reads ("GUILD_BANS", DGW_INTENTS_GUILD_MODERATION);
  assert_reads ("GUILD_EMOJIS_AND_STICKERS", DGW_INTENTS_GUILD_EXPRESSIONS);
}

static void
test_groups (void)
{
  g_test_summary ("Groups are names as well");
  assert_reads ("NONE", 0);
  assert_reads ("none,guilds", DGW_INTENTS_GUILDS);
  assert_reads ("non-privileged", DGW_INTENTS_NON_PRIVILEGED);
  assert_reads ("PRIVILEGED", DGW_INTENTS_PRIVILEGED);
  assert_reads ("guild", DGW_INTENTS_GUILD);
  assert_reads ("direct_message", DGW_INTENTS_DIRECT_MESSAGE);
  assert_reads ("All", DGW_INTENTS_ALL);
}

static void
test_numbers (void)
{
  g_test_summary ("INT-04: numbers pass with bits that nobody knows");
  assert_reads ("0", 0);
  assert_reads ("513", 513);
  assert_reads ("0x4000000", 1 << 26);
  assert_reads ("0XFFffFFff", G_MAXUINT);
  assert_reads ("4294967295", G_MAXUINT);
  assert_reads ("guilds,0x80000000", 0x80000001);
}

static void
test_refused (void)
{
  g_test_summary ("A bad word is named, and the result untouched");
  assert_refuses ("GUILDS,NONSENSE", "NONSENSE");
  assert_refuses ("guild messages", "messages");
  assert_refuses ("-1", "-1");
  assert_refuses ("4294967296", "4294967296");
  assert_refuses ("0x", "0x");
  assert_refuses ("0x-1", "0x-1");
  assert_refuses ("12monkeys", "12monkeys");
  assert_refuses ("ＧＵＩＬＤＳ", NULL);
  assert_refuses ("", NULL);
  assert_refuses (" , ", NULL);
}

static void
assert_writes (guint intents, const char *expected)
{
  g_autofree char *string = dgw_intents_to_string (intents);
  guint            again = 0;

  g_assert_true (expected == NULL || g_str_equal (string, expected));
  g_assert_true (dgw_intents_from_string (string, &again, NULL));
  g_assert_cmphex (again, ==, intents);
}

static void
test_to_string (void)
{
  g_test_summary ("Wire names in the order of the bits, unknown bits as hex; reading it back gives the same");
  assert_writes (0, "NONE");
  assert_writes (DGW_INTENTS_GUILD_MESSAGES | DGW_INTENTS_GUILDS, "GUILDS,GUILD_MESSAGES");
  assert_writes (DGW_INTENTS_GUILDS | 1 << 26, "GUILDS,0x4000000");
  assert_writes (1u << 31, "0x80000000");
  assert_writes (DGW_INTENTS_GUILD_MODERATION, "GUILD_MODERATION");
  for (guint bit = 0; bit < 32; bit++)
    {
      assert_writes (1u << bit, NULL);
      assert_writes (~(1u << bit), NULL);
    }
}

static void
test_constants (void)
{
  g_test_summary ("INT-02, INT-03: the constants are those of the protocol");
  g_assert_cmphex (DGW_INTENTS_NONE, ==, 0);
  g_assert_cmphex (DGW_INTENTS_ALL, ==, 0x1ffff | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25);
  g_assert_cmphex (DGW_INTENTS_PRIVILEGED, ==, 1 << 1 | 1 << 8 | 1 << 15);
  g_assert_cmphex (DGW_INTENTS_NON_PRIVILEGED, ==, DGW_INTENTS_ALL & ~DGW_INTENTS_PRIVILEGED);
  g_assert_cmphex (DGW_INTENTS_DIRECT_MESSAGE, ==, 1 << 12 | 1 << 13 | 1 << 14 | 1 << 25);
  g_assert_cmphex (DGW_INTENTS_GUILD,
                   ==,
                   DGW_INTENTS_ALL & ~(DGW_INTENTS_DIRECT_MESSAGE | DGW_INTENTS_MESSAGE_CONTENT));
  g_assert_cmphex (DGW_INTENTS_GUILD_MEMBERS, ==, 1 << 1);
  g_assert_cmphex (DGW_INTENTS_DIRECT_MESSAGE_POLLS, ==, 1 << 25);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/intents/names", test_names);
  g_test_add_func ("/dgw/base/intents/groups", test_groups);
  g_test_add_func ("/dgw/base/intents/numbers", test_numbers);
  g_test_add_func ("/dgw/base/intents/refused", test_refused);
  g_test_add_func ("/dgw/base/intents/to-string", test_to_string);
  g_test_add_func ("/dgw/base/intents/constants", test_constants);

  return g_test_run ();
}
