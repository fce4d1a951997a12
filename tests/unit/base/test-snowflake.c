/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

static void
test_to_uint64 (void)
{
  g_test_summary ("DAT-01: ids are unsigned decimals of 64 bits");
  g_assert_cmpuint (dgw_snowflake_to_uint64 ("175928847299117063"), ==, G_GUINT64_CONSTANT (175928847299117063));
  g_assert_cmpuint (dgw_snowflake_to_uint64 ("18446744073709551615"), ==, G_MAXUINT64);
  g_assert_cmpuint (dgw_snowflake_to_uint64 ("0"), ==, 0);
}

static void
test_not_a_snowflake (void)
{
  static const char *const bad[] = {"", " 1", "1 ", "+1", "-1", "0x10", "1a", "18446744073709551616", "99999999999999999999999", "١"};

  g_test_summary ("DAT-01: anything else is no id");
  g_assert_cmpuint (dgw_snowflake_to_uint64 (NULL), ==, 0);
  g_assert_null (dgw_snowflake_get_time (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_cmpuint (dgw_snowflake_to_uint64 (bad[i]), ==, 0);
      g_assert_null (dgw_snowflake_get_time (bad[i]));
    }
}

static void
assert_time (const char *snowflake, const char *expected)
{
  g_autoptr (GDateTime) time = dgw_snowflake_get_time (snowflake);
  g_autofree char *text = NULL;

  g_assert_nonnull (time);
  text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.%f%z");
  g_assert_cmpstr (text, ==, expected);
}

static void
test_time (void)
{
  g_test_summary ("DAT-01: the time is (id >> 22) + 1420070400000 ms, in UTC");
  assert_time ("175928847299117063", "2016-04-30T11:18:25.796000+0000");
  assert_time ("0", "2015-01-01T00:00:00.000000+0000");
  assert_time ("18446744073709551615", "2154-05-15T07:35:11.103000+0000");
}

static void
test_shard_id (void)
{
  g_test_summary ("SHD-02: (guild_id >> 22) % count on the unsigned id");
  g_assert_cmpuint (dgw_shard_id_for_guild ("197038439483310086", 16), ==, 2);
  g_assert_cmpuint (dgw_shard_id_for_guild ("18446744073709551615", 10), ==, 3);
  g_assert_cmpuint (dgw_shard_id_for_guild ("9223372036854775808", 7), ==, (G_GUINT64_CONSTANT (1) << 41) % 7);
  g_assert_cmpuint (dgw_shard_id_for_guild ("197038439483310086", 1), ==, 0);
}

static void
test_no_guild (void)
{
  g_test_summary ("SHD-03: what belongs to no guild goes to shard 0");
  g_assert_cmpuint (dgw_shard_id_for_guild (NULL, 16), ==, 0);
  g_assert_cmpuint (dgw_shard_id_for_guild ("", 16), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/snowflake/to-uint64", test_to_uint64);
  g_test_add_func ("/dgw/base/snowflake/not-a-snowflake", test_not_a_snowflake);
  g_test_add_func ("/dgw/base/snowflake/time", test_time);
  g_test_add_func ("/dgw/base/snowflake/shard-id", test_shard_id);
  g_test_add_func ("/dgw/base/snowflake/no-guild", test_no_guild);

  return g_test_run ();
}
