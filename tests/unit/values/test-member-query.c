/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static void
test_defaults (void)
{
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new ("1");
  g_autoptr (DgwMemberQuery) all = dgw_member_query_new_for_all ("1");
  g_autoptr (DgwMemberQuery) users = dgw_member_query_new_for_users ("1", (const char *const[]){"2", NULL});

  g_test_summary ("GM-02, GM-03: what the constructors set, and what they leave");
  g_assert_cmpstr (dgw_member_query_get_guild_id (query), ==, "1");
  g_assert_null (dgw_member_query_get_query (query));
  g_assert_null (dgw_member_query_get_user_ids (query));
  g_assert_cmpuint (dgw_member_query_get_limit (query), ==, 0);
  g_assert_false (dgw_member_query_get_presences (query));
  g_assert_null (dgw_member_query_get_nonce (query));
  g_assert_cmpstr (dgw_member_query_get_query (all), ==, "");
  g_assert_null (dgw_member_query_get_query (users));
  g_assert_cmpstr (dgw_member_query_get_user_ids (users)[0], ==, "2");
}

static void
set_all (DgwMemberQuery *query,
         const char     *guild_id,
         const char     *text,
         char          **user_ids,
         guint           limit)
{
  g_object_set (query, "guild-id", guild_id, "query", text, "user-ids", user_ids, "limit", limit, "presences", limit > 0,
                "nonce", text, NULL);
}

static void
test_properties (void)
{
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new ("1");
  char *ids[] = {(char *)"3", NULL};
  char *others[] = {(char *)"4", NULL};
  g_auto (GStrv) user_ids = NULL;
  g_autofree char *guild_id = NULL;
  g_autofree char *text = NULL;
  g_autofree char *nonce = NULL;
  gboolean         presences = FALSE;
  guint            limit = 0;
  guint            n_notified = 0;

  g_test_summary ("Properties notify of changes only, and read what was set");
  g_signal_connect (query, "notify", G_CALLBACK (count_cb), &n_notified);
  set_all (query, "2", "a", ids, 7);
  g_assert_cmpuint (n_notified, ==, 6);
  set_all (query, "2", "a", ids, 7);
  g_assert_cmpuint (n_notified, ==, 6);
  g_object_get (query, "guild-id", &guild_id, "query", &text, "user-ids", &user_ids, "limit", &limit, "presences",
                &presences, "nonce", &nonce, NULL);
  g_assert_cmpstr (guild_id, ==, "2");
  g_assert_cmpstr (text, ==, "a");
  g_assert_cmpstr (user_ids[0], ==, "3");
  g_assert_cmpuint (limit, ==, 7);
  g_assert_true (presences);
  g_assert_cmpstr (nonce, ==, "a");
  dgw_member_query_set_user_ids (query, (const char *const *)others);
  dgw_member_query_set_user_ids (query, dgw_member_query_get_user_ids (query));
  g_assert_cmpstr (dgw_member_query_get_user_ids (query)[0], ==, "4");
  set_all (query, NULL, NULL, NULL, 0);
  g_assert_cmpuint (n_notified, ==, 13);
  g_assert_null (dgw_member_query_get_user_ids (query));
}

static void
test_wrong_arguments (void)
{
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new ("1");

  g_test_summary ("Text that is no UTF-8 is refused at once");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_member_query_set_query*");
  dgw_member_query_set_query (query, "\xff");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_member_query_set_nonce*");
  dgw_member_query_set_nonce (query, "\xff");
  g_test_assert_expected_messages ();
  g_assert_null (dgw_member_query_get_query (query));
}

static void
test_voice_flags (void)
{
  g_autoptr (GFlagsClass) class = g_type_class_ref (DGW_TYPE_VOICE_STATE_FLAGS);

  g_test_summary ("VS-01: the flags by their names");
  g_assert_cmpuint (g_flags_get_value_by_nick (class, "self-mute")->value, ==, DGW_VOICE_STATE_FLAGS_SELF_MUTE);
  g_assert_cmpuint (g_flags_get_value_by_nick (class, "self-deaf")->value, ==, DGW_VOICE_STATE_FLAGS_SELF_DEAF);
  g_assert_cmpuint (g_flags_get_value_by_nick (class, "none")->value, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/values/member-query/defaults", test_defaults);
  g_test_add_func ("/dgw/values/member-query/properties", test_properties);
  g_test_add_func ("/dgw/values/member-query/wrong-arguments", test_wrong_arguments);
  g_test_add_func ("/dgw/values/member-query/voice-flags", test_voice_flags);

  return g_test_run ();
}
