/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

static void
test_parts (void)
{
  g_autoptr (DgwSession) session = dgw_session_new ("S1", 42, "wss://resume.example", 1, 4);
  g_autoptr (DgwSession) bare = dgw_session_new ("S2", 0, NULL, 0, 1);

  g_test_summary ("RES-01: a session holds id, sequence and address, and the shard beside them");
  g_assert_cmpstr (dgw_session_get_id (session), ==, "S1");
  g_assert_cmpint (dgw_session_get_sequence (session), ==, 42);
  g_assert_cmpstr (dgw_session_get_resume_url (session), ==, "wss://resume.example");
  g_assert_cmpuint (dgw_session_get_shard_id (session), ==, 1);
  g_assert_cmpuint (dgw_session_get_shard_count (session), ==, 4);
  g_assert_null (dgw_session_get_resume_url (bare));
}

static void
test_equal (void)
{
  g_autoptr (DgwSession) session = dgw_session_new ("S1", 42, "wss://a.example", 1, 4);
  g_autoptr (DgwSession) same = dgw_session_new ("S1", 42, "wss://a.example", 1, 4);
  DgwSession *others[] = {
    dgw_session_new ("S2", 42, "wss://a.example", 1, 4),
    dgw_session_new ("S1", 43, "wss://a.example", 1, 4),
    dgw_session_new ("S1", 42, "wss://b.example", 1, 4),
    dgw_session_new ("S1", 42, NULL, 1, 4),
    dgw_session_new ("S1", 42, "wss://a.example", 2, 4),
    dgw_session_new ("S1", 42, "wss://a.example", 1, 5),
  };

  g_assert_true (dgw_session_equal (session, session));
  g_assert_true (dgw_session_equal (session, same));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_false (dgw_session_equal (session, others[i]));
      g_assert_false (dgw_session_equal (others[i], session));
      dgw_session_unref (others[i]);
    }
}

static void
test_boxed (void)
{
  g_autoptr (DgwSession) session = dgw_session_new ("S1", 42, NULL, 0, 1);
  g_autoptr (DgwSession) copy = g_boxed_copy (DGW_TYPE_SESSION, session);

  g_assert_true (copy == session);
}

static void
test_variant (void)
{
  const char *urls[] = {"wss://resume.example/?x=1", NULL};

  g_test_summary ("RES-16: a session can be stored and read again in another process");
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (DgwSession) session = dgw_session_new ("S1", G_MAXINT64, urls[i], 1, 4);
      g_autoptr (DgwSession) again = NULL;
      g_autoptr (GVariant) stored = g_variant_ref_sink (dgw_session_to_variant (session));
      g_autoptr (GVariant) parsed = NULL;
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpstr (g_variant_get_type_string (stored), ==, "a{sv}");
      text = g_variant_print (stored, TRUE);
      parsed = g_variant_parse (NULL, text, NULL, NULL, &error);
      g_assert_no_error (error);
      again = dgw_session_from_variant (parsed);
      g_assert_nonnull (again);
      g_assert_true (dgw_session_equal (session, again));
    }
}

static void
test_foreign_variant (void)
{
  static const char *const texts[] = {
    "'S1'",
    "('S1', 42)",
    "@a{sv} {}",
    "{'id': <'S1'>, 'sequence': <int64 1>, 'shard-id': <uint32 0>}",
    "{'id': <'S1'>, 'sequence': <'1'>, 'shard-id': <uint32 0>, 'shard-count': <uint32 1>}",
    "{'id': <''>, 'sequence': <int64 1>, 'shard-id': <uint32 0>, 'shard-count': <uint32 1>}",
    "{'id': <'S1'>, 'sequence': <int64 -1>, 'shard-id': <uint32 0>, 'shard-count': <uint32 1>}",
    "{'id': <'S1'>, 'sequence': <int64 1>, 'shard-id': <uint32 1>, 'shard-count': <uint32 1>}",
    "{'id': <'S1'>, 'sequence': <int64 1>, 'shard-id': <uint32 0>, 'shard-count': <uint32 0>}",
  };

  g_test_summary ("What is no session reads as NULL");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GVariant) variant = g_variant_parse (NULL, texts[i], NULL, NULL, NULL);

      g_assert_nonnull (variant);
      g_assert_null (dgw_session_from_variant (variant));
    }
}

static void
test_later_keys (void)
{
  g_autoptr (GVariant) variant =
    g_variant_parse (NULL,
                     "{'id': <'S1'>, 'sequence': <int64 1>, 'resume-url': <5>, 'of-later': <true>,"
                     " 'shard-id': <uint32 0>, 'shard-count': <uint32 1>}",
                     NULL, NULL, NULL);
  g_autoptr (DgwSession) session = dgw_session_from_variant (variant);

  g_test_summary ("Keys of a later version and an unreadable address do no harm");
  g_assert_nonnull (session);
  g_assert_null (dgw_session_get_resume_url (session));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/values/session/parts", test_parts);
  g_test_add_func ("/dgw/values/session/equal", test_equal);
  g_test_add_func ("/dgw/values/session/boxed", test_boxed);
  g_test_add_func ("/dgw/values/session/variant", test_variant);
  g_test_add_func ("/dgw/values/session/foreign-variant", test_foreign_variant);
  g_test_add_func ("/dgw/values/session/later-keys", test_later_keys);

  return g_test_run ();
}
