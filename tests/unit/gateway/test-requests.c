/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "fake-link.h"

typedef struct
{
  guint    n_done;
  gpointer result;
  GError  *error;
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_clear_object (&self->result);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
take_result (Outcome *outcome,
             gpointer result)
{
  g_assert_cmpint (result != NULL, ==, outcome->error == NULL);
  outcome->result = result;
  outcome->n_done++;
}

static void
members_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;

  take_result (outcome, dgw_gateway_request_guild_members_finish (DGW_GATEWAY (source), result, &outcome->error));
}

static void
sounds_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;

  take_result (outcome, dgw_gateway_request_soundboard_sounds_finish (DGW_GATEWAY (source), result, &outcome->error));
}

static void
info_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Outcome *outcome = user_data;

  take_result (outcome, dgw_gateway_request_channel_info_finish (DGW_GATEWAY (source), result, &outcome->error));
}

static void
moved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Outcome *outcome = user_data;
  gboolean succeeded = dgw_gateway_update_voice_state_finish (DGW_GATEWAY (source), result, &outcome->error);

  g_assert_cmpint (succeeded, ==, outcome->error == NULL);
  outcome->n_done++;
}

static void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static DgwGateway *
make_open_gateway (guint intents)
{
  DgwGateway *gateway = dgw_gateway_new ("token-of-test", intents);

  dgw_gateway_set_url (gateway, "ws://127.0.0.1:1");
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("new\nsession none\nopen\n");
  return gateway;
}

static void
finish (DgwGateway *gateway)
{
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
  iterate ();
  g_assert_finalize_object (gateway);
  fake_link_assert_calls ("close 1000 -\nfree\n");
}

static void
play_answers (guint64           id,
              const char *const texts[])
{
  DgwAction action = {.kind = DGW_ACTION_COMMAND_DONE};

  action.command.id = id;
  action.command.answers = g_ptr_array_new_with_free_func ((GDestroyNotify)dgw_json_unref);
  for (guint i = 0; texts[i]; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"op\":0,\"d\":%s}", texts[i]);

      g_ptr_array_add (action.command.answers, dgw_json_new_copy (text, strlen (text)));
    }
  fake_link_play (action);
}

static void
test_members (void)
{
  DgwGateway *gateway = make_open_gateway (DGW_INTENTS_GUILD_MEMBERS | DGW_INTENTS_GUILD_PRESENCES);
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_all ("1");
  g_auto (Outcome) asked = {0};
  g_autoptr (DgwGuildMember) third = NULL;
  g_autoptr (DgwPresenceUpdate) presence = NULL;
  GListModel *members, *presences;

  g_test_summary ("GM-01, GM-03, GM-05, GM-07, GM-08: all chunks are one result");
  dgw_member_query_set_nonce (query, "n");
  dgw_member_query_set_presences (query, TRUE);
  dgw_gateway_request_guild_members_async (gateway, query, NULL, members_cb, &asked);
  fake_link_assert_calls ("request 8 {\"guild_id\":\"1\",\"query\":\"\",\"limit\":0,\"presences\":true,\"nonce\":\"n\"}\n");
  play_answers (fake_link_take_id (),
                (const char *const[]){
                  "{\"members\":[{\"user\":{\"id\":\"7\"}},3,{\"user\":{\"id\":\"8\"}}],\"not_found\":[\"1\",123,null],"
                  "\"presences\":[{\"user\":{\"id\":\"7\"},\"status\":\"idle\"}]}",
                  "{\"members\":[]}",
                  "{}",
                  "{\"members\":[{\"user\":{\"id\":\"9\"}}],\"not_found\":[\"2\"],\"presences\":[]}",
                  NULL,
                });
  iterate ();
  g_assert_cmpuint (asked.n_done, ==, 1);
  g_assert_no_error (asked.error);

  members = dgw_member_result_get_members (asked.result);
  g_assert_cmpuint (g_list_model_get_n_items (members), ==, 3);
  g_assert_true (g_list_model_get_item_type (members) == DGW_TYPE_GUILD_MEMBER);
  third = g_list_model_get_item (members, 2);
  g_assert_cmpstr (dgw_user_get_id (dgw_guild_member_get_user (third)), ==, "9");
  g_assert_null (g_list_model_get_item (members, 3));
  presences = dgw_member_result_get_presences (asked.result);
  g_assert_cmpuint (g_list_model_get_n_items (presences), ==, 1);
  presence = g_list_model_get_item (presences, 0);
  g_assert_cmpstr (dgw_presence_update_get_status (presence), ==, "idle");
  g_assert_true (g_strv_equal (dgw_member_result_get_not_found (asked.result), (const char *const[]){"1", "123", "2", NULL}));
  finish (gateway);
}

static void
test_nonces (void)
{
  DgwGateway *gateway = make_open_gateway (0);
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_prefix ("1", "ada", 5);
  g_auto (Outcome) first = {0};
  g_auto (Outcome) second = {0};
  g_auto (Outcome) third = {0};

  g_test_summary ("GM-06: the library finds a nonce; one's own is used once at a time");
  dgw_gateway_request_guild_members_async (gateway, query, NULL, members_cb, &first);
  dgw_member_query_set_nonce (query, "my own");
  g_assert_cmpstr (dgw_member_query_get_nonce (query), ==, "my own");
  dgw_gateway_request_guild_members_async (gateway, query, NULL, members_cb, &second);
  dgw_gateway_request_guild_members_async (gateway, query, NULL, members_cb, &third);
  iterate ();
  g_assert_cmpuint (second.n_done, ==, 0);
  g_assert_error (third.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  outcome_clear (&third);
  fake_link_take_id ();
  play_answers (fake_link_take_id (), (const char *const[]){"{}", NULL});
  dgw_gateway_request_guild_members_async (gateway, query, NULL, members_cb, &third);
  iterate ();
  g_assert_cmpuint (second.n_done, ==, 1);
  g_assert_cmpuint (third.n_done, ==, 1);
  g_free (fake_link_take_calls ());
  fake_link_take_id ();
  finish (gateway);
  g_assert_error (first.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  g_assert_error (third.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
}

static void
refuse (DgwGateway     *gateway,
        DgwMemberQuery *query,
        const char     *part)
{
  g_auto (Outcome) asked = {0};

  dgw_gateway_request_guild_members_async (gateway, query, NULL, members_cb, &asked);
  iterate ();
  g_assert_error (asked.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (asked.error->message, part));
  fake_link_assert_calls ("");
}

static void
test_bad_queries (void)
{
  DgwGateway *gateway = make_open_gateway (0);
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new ("");
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  g_test_summary ("GM-02, GM-03, GM-04, GM-05, GM-06: what Discord would not take is refused at once");
  refuse (gateway, query, "guild");
  dgw_member_query_set_guild_id (query, "x1");
  refuse (gateway, query, "guild");
  dgw_member_query_set_guild_id (query, "1");
  refuse (gateway, query, "either");
  dgw_member_query_set_query (query, "a");
  dgw_member_query_set_user_ids (query, (const char *const[]){"1", NULL});
  refuse (gateway, query, "either");
  dgw_member_query_set_query (query, NULL);
  dgw_member_query_set_user_ids (query, (const char *const[]){NULL});
  refuse (gateway, query, "0 user ids");
  for (guint i = 0; i < 101; i++)
    g_ptr_array_add (ids, (gpointer) "1");
  g_ptr_array_add (ids, NULL);
  dgw_member_query_set_user_ids (query, (const char *const *)ids->pdata);
  refuse (gateway, query, "101 user ids");
  dgw_member_query_set_user_ids (query, (const char *const[]){"1", "me", NULL});
  refuse (gateway, query, "me");
  dgw_member_query_set_user_ids (query, (const char *const[]){"1", NULL});
  dgw_member_query_set_presences (query, TRUE);
  refuse (gateway, query, "GUILD_PRESENCES");
  dgw_member_query_set_presences (query, FALSE);
  dgw_member_query_set_nonce (query, "123456789012345678901234567890\xc3\xa9\xc3\xa9");
  refuse (gateway, query, "32 bytes");
  dgw_member_query_set_nonce (query, NULL);
  dgw_member_query_set_user_ids (query, NULL);
  dgw_member_query_set_query (query, "");
  refuse (gateway, query, "GUILD_MEMBERS");
  finish (gateway);
}

static void
test_good_queries (void)
{
  DgwGateway *gateway = make_open_gateway (0);
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_users ("1", (const char *const[]){"5", "6", NULL});
  g_auto (Outcome) asked = {0};

  g_test_summary ("GM-02, GM-06: ids without a limit; 32 bytes of nonce; a limited search needs no intent");
  dgw_member_query_set_nonce (query, "1234567890123456789012345678\xc3\xa9\xc3\xa9");
  dgw_gateway_request_guild_members_async (gateway, query, NULL, NULL, NULL);
  fake_link_assert_calls ("request 8 {\"guild_id\":\"1\",\"user_ids\":[\"5\",\"6\"],\"nonce\":\"1234567890123456789012345678\xc3\xa9\xc3\xa9\"}\n");
  dgw_member_query_set_user_ids (query, NULL);
  dgw_member_query_set_query (query, "");
  dgw_member_query_set_limit (query, 7);
  dgw_member_query_set_nonce (query, "n");
  dgw_gateway_request_guild_members_async (gateway, query, NULL, members_cb, &asked);
  fake_link_assert_calls ("request 8 {\"guild_id\":\"1\",\"query\":\"\",\"limit\":7,\"nonce\":\"n\"}\n");
  fake_link_take_id ();
  fake_link_play_done (fake_link_take_id (), g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT, "x"));
  iterate ();
  g_assert_error (asked.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT);
  finish (gateway);
}

static void
test_not_open (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("token-of-test", 0);
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_prefix ("1", "a", 1);
  const char *const ids[] = {"1", NULL};
  g_auto (Outcome) members = {0};
  g_auto (Outcome) sounds = {0};
  g_auto (Outcome) info = {0};
  g_auto (Outcome) moved = {0};

  g_test_summary ("SND-07: nothing is asked while the gateway is not open");
  dgw_gateway_request_guild_members_async (gateway, query, NULL, members_cb, &members);
  dgw_gateway_request_soundboard_sounds_async (gateway, ids, NULL, sounds_cb, &sounds);
  dgw_gateway_request_channel_info_async (gateway, "1", ids, NULL, info_cb, &info);
  dgw_gateway_update_voice_state_async (gateway, "1", NULL, DGW_VOICE_STATE_FLAGS_NONE, NULL, moved_cb, &moved);
  iterate ();
  g_assert_error (members.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY);
  g_assert_error (sounds.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY);
  g_assert_error (info.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY);
  g_assert_error (moved.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY);
}

/* Every other id is one that came already. */
static char **
make_ids (guint n_ids)
{
  char **ids = g_new0 (char *, n_ids * 2 + 1);

  for (guint i = 0; i < n_ids * 2; i++)
    ids[i] = g_strdup_printf ("%" G_GUINT64_FORMAT, G_GUINT64_CONSTANT (10000000000000000000) + i / 2);

  return ids;
}

/* The ids of each payload that was sent; the payloads fit. */
static GPtrArray *
take_asked (void)
{
  g_autofree char *calls = fake_link_take_calls ();
  g_auto (GStrv) lines = g_strsplit (calls, "\n", -1);
  GPtrArray *asked = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; *lines[i]; i++)
    {
      JsonNode *node;

      g_assert_true (g_str_has_prefix (lines[i], "request 31 "));
      g_assert_cmpuint (strlen (lines[i]) - strlen ("request 31 ") + strlen ("{\"op\":31,\"d\":}"), <=, 4096);
      node = json_from_string (lines[i] + strlen ("request 31 "), NULL);
      g_assert_nonnull (node);
      g_ptr_array_add (asked, node);
    }

  return asked;
}

static void
play_sounds (guint64   id,
             JsonNode *asked)
{
  JsonArray *ids = json_object_get_array_member (json_node_get_object (asked), "guild_ids");
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < json_array_get_length (ids); i++)
    g_ptr_array_add (texts, g_strdup_printf ("{\"guild_id\":\"%s\",\"soundboard_sounds\":[]}", json_array_get_string_element (ids, i)));
  g_ptr_array_add (texts, NULL);
  play_answers (id, (const char *const *)texts->pdata);
}

static void
test_sounds (void)
{
  DgwGateway *gateway = make_open_gateway (0);
  g_auto (GStrv) ids = make_ids (500);
  g_auto (Outcome) outcome = {0};
  g_autoptr (GPtrArray) asked = NULL;
  guint64 command_ids[3];

  g_test_summary ("SB-01, SB-02: 500 guilds (each named twice) are three payloads that fit, and one answer in order");
  dgw_gateway_request_soundboard_sounds_async (gateway, (const char *const *)ids, NULL, sounds_cb, &outcome);
  asked = take_asked ();
  g_assert_cmpuint (asked->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    command_ids[i] = fake_link_take_id ();
  for (guint i = 3; i-- > 0;)
    {
      g_assert_cmpuint (outcome.n_done, ==, 0);
      play_sounds (command_ids[i], g_ptr_array_index (asked, i));
      iterate ();
    }

  g_assert_cmpuint (outcome.n_done, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (outcome.result), ==, 500);
  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (DgwSoundboardSoundsEvent) sounds = g_list_model_get_item (outcome.result, i);

      g_assert_cmpstr (dgw_soundboard_sounds_event_get_guild_id (sounds), ==, ids[i * 2]);
    }
  finish (gateway);
}

static void
test_sounds_end (void)
{
  DgwGateway *gateway = make_open_gateway (0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (GStrv) ids = make_ids (400);
  const char *const none[] = {NULL};
  const char *const odd[] = {"1", "two", NULL};
  g_auto (Outcome) failed = {0};
  g_auto (Outcome) cancelled = {0};
  g_auto (Outcome) refused = {0};
  g_auto (Outcome) closed = {0};

  g_test_summary ("SB-02, SND-07: when one payload fails the others are taken back, as with a cancel; the end is told once");
  dgw_gateway_request_soundboard_sounds_async (gateway, (const char *const *)ids, NULL, sounds_cb, &failed);
  g_free (fake_link_take_calls ());
  fake_link_take_id ();
  fake_link_play_done (fake_link_take_id (), g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT, "x"));
  fake_link_assert_calls ("cancel-send\ncancel-send\n");
  fake_link_take_id ();
  iterate ();
  g_assert_error (failed.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT);

  dgw_gateway_request_soundboard_sounds_async (gateway, (const char *const *)ids, cancellable, sounds_cb, &cancelled);
  g_free (fake_link_take_calls ());
  g_cancellable_cancel (cancellable);
  iterate ();
  fake_link_assert_calls ("cancel-send\ncancel-send\ncancel-send\n");
  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  dgw_gateway_request_soundboard_sounds_async (gateway, none, NULL, sounds_cb, &refused);
  iterate ();
  g_assert_error (refused.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  outcome_clear (&refused);
  dgw_gateway_request_soundboard_sounds_async (gateway, odd, NULL, sounds_cb, &refused);
  iterate ();
  g_assert_error (refused.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  fake_link_assert_calls ("");

  dgw_gateway_request_soundboard_sounds_async (gateway, (const char *const *)ids, NULL, sounds_cb, &closed);
  g_free (fake_link_take_calls ());
  finish (gateway);
  g_assert_cmpuint (closed.n_done, ==, 1);
  g_assert_error (closed.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
}

static void
test_info (void)
{
  DgwGateway       *gateway = make_open_gateway (0);
  const char *const fields[] = {"status", "x\"", NULL};
  const char *const broken[] = {"\xff", NULL};
  g_auto (Outcome) asked = {0};
  g_auto (Outcome) refused = {0};
  GListModel *channels;

  g_test_summary ("CI-01, CI-04: unknown fields pass; the answer is the event");
  dgw_gateway_request_channel_info_async (gateway, "1", fields, NULL, info_cb, &asked);
  fake_link_assert_calls ("request 43 {\"guild_id\":\"1\",\"fields\":[\"status\",\"x\\\"\"]}\n");
  play_answers (fake_link_take_id (), (const char *const[]){"{\"guild_id\":\"1\",\"channels\":[{\"id\":\"2\"}]}", NULL});
  iterate ();
  g_assert_cmpuint (asked.n_done, ==, 1);
  g_assert_cmpstr (dgw_channel_info_event_get_guild_id (asked.result), ==, "1");
  channels = dgw_channel_info_event_get_channels (asked.result);
  g_assert_cmpuint (g_list_model_get_n_items (channels), ==, 1);

  dgw_gateway_request_channel_info_async (gateway, "1", broken, NULL, info_cb, &refused);
  iterate ();
  g_assert_error (refused.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  outcome_clear (&refused);
  dgw_gateway_request_channel_info_async (gateway, "\xff", fields, NULL, info_cb, &refused);
  iterate ();
  g_assert_error (refused.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_true (g_utf8_validate (refused.error->message, -1, NULL));
  finish (gateway);
}

static void
test_voice (void)
{
  DgwGateway *gateway = make_open_gateway (0);
  g_auto (Outcome) moved = {0};
  g_auto (Outcome) refused = {0};

  g_test_summary ("VS-01: all four keys are always there, null too");
  dgw_gateway_update_voice_state_async (gateway, "1", "2", DGW_VOICE_STATE_FLAGS_SELF_DEAF, NULL, moved_cb, &moved);
  fake_link_assert_calls ("send 4 {\"guild_id\":\"1\",\"channel_id\":\"2\",\"self_mute\":false,\"self_deaf\":true}\n");
  dgw_gateway_update_voice_state_async (gateway, "1", NULL, DGW_VOICE_STATE_FLAGS_SELF_MUTE, NULL, NULL, NULL);
  fake_link_assert_calls ("send 4 {\"guild_id\":\"1\",\"channel_id\":null,\"self_mute\":true,\"self_deaf\":false}\n");
  fake_link_play_done (fake_link_take_id (), NULL);
  fake_link_play_done (fake_link_take_id (), NULL);
  iterate ();
  g_assert_cmpuint (moved.n_done, ==, 1);
  g_assert_no_error (moved.error);
  dgw_gateway_update_voice_state_async (gateway, "1", "general", DGW_VOICE_STATE_FLAGS_NONE, NULL, moved_cb, &refused);
  iterate ();
  g_assert_error (refused.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  finish (gateway);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/gateway/requests/members", test_members);
  g_test_add_func ("/dgw/gateway/requests/nonces", test_nonces);
  g_test_add_func ("/dgw/gateway/requests/bad-queries", test_bad_queries);
  g_test_add_func ("/dgw/gateway/requests/good-queries", test_good_queries);
  g_test_add_func ("/dgw/gateway/requests/not-open", test_not_open);
  g_test_add_func ("/dgw/gateway/requests/sounds", test_sounds);
  g_test_add_func ("/dgw/gateway/requests/sounds-end", test_sounds_end);
  g_test_add_func ("/dgw/gateway/requests/info", test_info);
  g_test_add_func ("/dgw/gateway/requests/voice", test_voice);

  return g_test_run ();
}
