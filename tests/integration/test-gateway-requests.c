/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

#include <string.h>

#define FIRST_MEMBER "900000000000100000"

#define HELLO "< {\"op\":10,\"d\":{\"heartbeat_interval\":41250}}\n"
#define READY(id)                                                                \
  "> {\"op\":2,\"d\":\"*\"}\n"                                                   \
  "< {\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":{\"v\":10,\"user\":{\"id\":\"1\"}," \
  "\"guilds\":[],\"session_id\":\"" id "\",\"resume_gateway_url\":\"$gateway\"}}\n"
#define CHUNK(s, index)                                                               \
  "< {\"op\":0,\"t\":\"GUILD_MEMBERS_CHUNK\",\"s\":" #s ",\"d\":{\"guild_id\":\"1\"," \
  "\"members\":[{\"user\":{\"id\":\"" #s #index "\"}}],\"chunk_index\":" #index       \
  ",\"chunk_count\":2,\"nonce\":\"n\"}}\n"
#define ASKED "> {\"op\":8,\"d\":{\"nonce\":\"n\",\"...\":\"*\"}}\n"

static DgwGateway *
make_gateway_for_members (DgwTestingSimulator *simulator)
{
  DgwGateway *gateway = make_gateway (simulator);

  dgw_gateway_set_intents (gateway, DGW_INTENTS_GUILDS | DGW_INTENTS_GUILD_MEMBERS | DGW_INTENTS_GUILD_PRESENCES);
  return gateway;
}

static DgwMemberResult *
ask (DgwGateway     *gateway,
     DgwMemberQuery *query,
     GError        **error)
{
  g_auto (Outcome) asked = {0};

  dgw_gateway_request_guild_members_async (gateway, query, NULL, outcome_cb, &asked);
  WAIT_UNTIL (asked.is_done);
  return dgw_gateway_request_guild_members_finish (gateway, asked.result, error);
}

static char *
dup_member_id (DgwMemberResult *result,
               guint            position)
{
  g_autoptr (DgwGuildMember) member = g_list_model_get_item (dgw_member_result_get_members (result), position);

  g_assert_nonnull (member);
  return g_strdup (dgw_user_get_id (dgw_guild_member_get_user (member)));
}

static void
end (DgwGateway          *gateway,
     DgwTestingSimulator *simulator)
{
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_all (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway_for_members (simulator);
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_all ("1");
  g_autoptr (DgwMemberResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *last = NULL;
  g_auto (Record) record = {0};

  g_test_summary ("GM-01, GM-03, GM-05, GM-07: 2,500 members in three chunks; each is an event first");
  g_object_set (simulator, "member-count", 2500, NULL);
  dgw_member_query_set_presences (query, TRUE);
  open_gateway (gateway);
  record_start (&record, gateway);
  result = ask (gateway, query, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (record.text->str, ==, "event GUILD_MEMBERS_CHUNK 2\nevent GUILD_MEMBERS_CHUNK 3\nevent GUILD_MEMBERS_CHUNK 4\n");
  g_assert_cmpuint (g_list_model_get_n_items (dgw_member_result_get_members (result)), ==, 2500);
  g_assert_cmpuint (g_list_model_get_n_items (dgw_member_result_get_presences (result)), ==, 2500);
  last = dup_member_id (result, 2499);
  g_assert_cmpstr (last, ==, "900000000000102499");
  end (gateway, simulator);
  g_assert_cmpuint (g_strv_length ((char **)dgw_member_result_get_not_found (result)), ==, 0);
}

static void
test_some (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (DgwMemberQuery) users = dgw_member_query_new_for_users ("1", (const char *const[]){FIRST_MEMBER, "77", NULL});
  g_autoptr (DgwMemberQuery) prefix = dgw_member_query_new_for_prefix ("1", "user_9", 2);
  g_autoptr (DgwMemberResult) found = NULL;
  g_autoptr (DgwMemberResult) searched = NULL;
  g_autofree char *id = NULL;

  g_test_summary ("GM-02, GM-04, GM-08: by ids, with those that were not found, and by the start of the name");
  open_gateway (gateway);
  found = ask (gateway, users, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (dgw_member_result_get_members (found)), ==, 1);
  id = dup_member_id (found, 0);
  g_assert_cmpstr (id, ==, FIRST_MEMBER);
  g_assert_true (g_strv_equal (dgw_member_result_get_not_found (found), (const char *const[]){"77", NULL}));
  searched = ask (gateway, prefix, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (dgw_member_result_get_members (searched)), ==, 2);
  end (gateway, simulator);
}

static void
test_limited (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *first = make_gateway_for_members (simulator);
  DgwGateway          *second = make_gateway_for_members (simulator);
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_all ("1");
  g_autoptr (DgwMemberResult) one = NULL;
  g_autoptr (DgwMemberResult) two = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Record) record = {0};

  g_test_summary ("GM-10, RL-01: another process of this bot has just asked: RATE_LIMITED, then the answer");
  g_object_set (simulator, "member-request-window", 300, NULL);
  open_gateway (first);
  one = ask (first, query, NULL);
  open_gateway (second);
  record_start (&record, second);
  two = ask (second, query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (dgw_member_result_get_members (two)), ==, 5);
  g_assert_true (g_str_has_prefix (record.text->str, "event RATE_LIMITED 2\n"));
  close_gateway (first);
  g_assert_finalize_object (first);
  end (second, simulator);
}

/* One request over connections that end in its middle. */
static DgwMemberResult *
play (const char *scenario)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway_for_members (simulator);
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_prefix ("1", "a", 100);
  g_autoptr (GError) error = NULL;
  DgwMemberResult *result;

  dgw_testing_simulator_load_scenario (simulator, scenario, &error);
  g_assert_no_error (error);
  dgw_member_query_set_nonce (query, "n");
  open_gateway (gateway);
  result = ask (gateway, query, &error);
  g_assert_no_error (error);
  end (gateway, simulator);
  return result;
}

static void
test_resumed (void)
{
  g_autoptr (DgwMemberResult) result = play ("! opened\n" HELLO READY ("S1") ASKED CHUNK (2, 0) "! closed 4000\n"
                                                                                                "! opened\n" HELLO "> {\"op\":6,\"d\":\"*\"}\n" CHUNK (3, 1) "< {\"op\":0,\"t\":\"RESUMED\",\"s\":4,\"d\":{}}\n");
  g_autofree char *first = dup_member_id (result, 0);
  g_autofree char *second = dup_member_id (result, 1);

  g_test_summary ("GM-11: a resume in the middle takes nothing away");
  g_assert_cmpstr (first, ==, "20");
  g_assert_cmpstr (second, ==, "31");
}

static void
test_repeated (void)
{
  g_autoptr (DgwMemberResult) result = play ("! opened\n" HELLO READY ("S1") ASKED CHUNK (2, 0) "! closed 4009\n"
                                                                                                "! opened\n" HELLO READY ("S2") ASKED CHUNK (3, 1) CHUNK (4, 0));
  g_autofree char *first = dup_member_id (result, 0);
  g_autofree char *second = dup_member_id (result, 1);

  g_test_summary ("GM-11: with a new session it is asked again, and what had come is dropped");
  g_assert_cmpuint (g_list_model_get_n_items (dgw_member_result_get_members (result)), ==, 2);
  g_assert_cmpstr (first, ==, "40");
  g_assert_cmpstr (second, ==, "31");
}

static void
test_cancelled (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway_for_members (simulator);
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_all ("1");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) closed = NULL;
  g_auto (Outcome) first = {0};
  g_auto (Outcome) second = {0};

  g_test_summary ("SND-07: a request that is cancelled or whose gateway is closed ends once");
  open_gateway (gateway);
  dgw_gateway_request_guild_members_async (gateway, query, cancellable, outcome_cb, &first);
  dgw_gateway_request_guild_members_async (gateway, query, NULL, outcome_cb, &second); /* held back for 30 s */
  g_cancellable_cancel (cancellable);
  WAIT_UNTIL (first.is_done);
  g_assert_null (dgw_gateway_request_guild_members_finish (gateway, first.result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  close_gateway (gateway);
  WAIT_UNTIL (second.is_done);
  g_assert_null (dgw_gateway_request_guild_members_finish (gateway, second.result, &closed));
  g_assert_error (closed, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  outcome_clear (&first);
  outcome_clear (&second);
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_sounds (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GListModel) answers = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Outcome) asked = {0};

  g_test_summary ("SB-01, SB-02: 500 guilds, 500 answers in order");
  for (guint i = 0; i < 500; i++)
    g_ptr_array_add (ids, g_strdup_printf ("%" G_GUINT64_FORMAT, G_GUINT64_CONSTANT (910000000000000000) + i));
  g_ptr_array_add (ids, NULL);
  open_gateway (gateway);
  dgw_gateway_request_soundboard_sounds_async (gateway, (const char *const *)ids->pdata, NULL, outcome_cb, &asked);
  WAIT_UNTIL (asked.is_done);
  answers = dgw_gateway_request_soundboard_sounds_finish (gateway, asked.result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (answers), ==, 500);
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (DgwSoundboardSoundsEvent) sounds = g_list_model_get_item (answers, i);

      g_assert_cmpstr (dgw_soundboard_sounds_event_get_guild_id (sounds), ==, g_ptr_array_index (ids, i));
      g_assert_cmpuint (g_list_model_get_n_items (dgw_soundboard_sounds_event_get_soundboard_sounds (sounds)), ==, 2);
    }
  outcome_clear (&asked);
  end (gateway, simulator);
}

static void
test_channel_info (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  const char *const    fields[] = {"status", "voice_start_time", "of_later", NULL};
  g_autoptr (DgwChannelInfoEvent) info = NULL;
  g_autoptr (DgwChannelInfoChannel) channel = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Outcome) asked = {0};

  g_test_summary ("CI-01, CI-03, CI-04: a round trip; the start time is in seconds");
  open_gateway (gateway);
  dgw_gateway_request_channel_info_async (gateway, "1", fields, NULL, outcome_cb, &asked);
  WAIT_UNTIL (asked.is_done);
  info = dgw_gateway_request_channel_info_finish (gateway, asked.result, &error);
  g_assert_no_error (error);
  channel = g_list_model_get_item (dgw_channel_info_event_get_channels (info), 0);
  g_assert_cmpstr (dgw_channel_info_channel_get_status (channel), ==, "raid at nine");
  g_assert_cmpint (dgw_channel_info_channel_get_voice_start_time (channel), ==, 1772236618);
  outcome_clear (&asked);
  end (gateway, simulator);
}

static void
move (DgwGateway *gateway,
      const char *channel_id)
{
  g_auto (Outcome) moved = {0};
  g_autoptr (GError) error = NULL;

  dgw_gateway_update_voice_state_async (gateway, "1", channel_id, DGW_VOICE_STATE_FLAGS_SELF_MUTE, NULL, outcome_cb, &moved);
  WAIT_UNTIL (moved.is_done);
  g_assert_true (dgw_gateway_update_voice_state_finish (gateway, moved.result, &error));
  g_assert_no_error (error);
}

static void
test_voice (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  g_auto (Record) record = {0};

  g_test_summary ("VS-01, VS-02: two answers to each join, in both orders, one to leaving; no other connection is made");
  open_gateway (gateway);
  record_start (&record, gateway);
  move (gateway, "2");
  move (gateway, "3");
  move (gateway, NULL);
  WAIT_UNTIL (record.n_events == 5);
  g_assert_cmpstr (record.text->str, ==,
                   "event VOICE_STATE_UPDATE 2\nevent VOICE_SERVER_UPDATE 3\n"
                   "event VOICE_SERVER_UPDATE 4\nevent VOICE_STATE_UPDATE 5\nevent VOICE_STATE_UPDATE 6\n");
  g_assert_cmpuint (dgw_testing_simulator_get_n_connections (simulator), ==, 1);
  end (gateway, simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/gateway/requests/all", test_all);
  g_test_add_func ("/dgw/gateway/requests/some", test_some);
  g_test_add_func ("/dgw/gateway/requests/limited", test_limited);
  g_test_add_func ("/dgw/gateway/requests/resumed", test_resumed);
  g_test_add_func ("/dgw/gateway/requests/repeated", test_repeated);
  g_test_add_func ("/dgw/gateway/requests/cancelled", test_cancelled);
  g_test_add_func ("/dgw/gateway/requests/sounds", test_sounds);
  g_test_add_func ("/dgw/gateway/requests/channel-info", test_channel_info);
  g_test_add_func ("/dgw/gateway/requests/voice", test_voice);

  return g_test_run ();
}
