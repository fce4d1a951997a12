/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "values/dgw-entity-private.h"

static gpointer
make_entity (GType       type,
             const char *text)
{
  g_autoptr (DgwJson) json = dgw_json_new_copy (text, strlen (text));

  return dgw_entity_new (type, dgw_json_get_data (json));
}

static void
test_obfuscated (void)
{
  g_autoptr (DgwChannel) hidden = make_entity (DGW_TYPE_CHANNEL, "{\"d\":{\"id\":\"1\",\"type\":0,\"flags\":131074}}");
  g_autoptr (DgwChannel) named_so = make_entity (DGW_TYPE_CHANNEL, "{\"d\":{\"name\":\"___hidden___\",\"flags\":2}}");
  g_autoptr (DgwChannel) plain = make_entity (DGW_TYPE_CHANNEL, "{\"d\":{}}");

  g_test_summary ("CAP-01, CAP-02, CAP-03: the flag tells, not the name");

  g_assert_true (dgw_channel_is_obfuscated (hidden));
  g_assert_false (dgw_channel_is_obfuscated (named_so));
  g_assert_false (dgw_channel_is_obfuscated (plain));
}

static DgwEntity *
first_of (GListModel *list)
{
  g_autoptr (DgwEntity) first = g_list_model_get_item (list, 0);

  return first; /* the list keeps it */
}

static void
test_event_guild (void)
{
  g_autoptr (DgwGuild) guild = make_entity (
    DGW_TYPE_GUILD, "{\"t\":\"GUILD_CREATE\",\"op\":0,\"s\":1,\"d\":{\"id\":\"7\",\"voice_states\":[{\"user_id\":\"1\"}],"
                    "\"channels\":[{\"id\":\"2\",\"guild_id\":\"8\"}]}}");
  g_autoptr (DgwGuildMembersChunkEvent) chunk = make_entity (
    DGW_TYPE_GUILD_MEMBERS_CHUNK_EVENT, "{\"t\":\"GUILD_MEMBERS_CHUNK\",\"d\":{\"guild_id\":\"9\",\"members\":[{}]}}");
  g_autoptr (DgwMessage) direct = make_entity (DGW_TYPE_MESSAGE, "{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"1\"}}");
  g_autoptr (DgwMessage) bare = make_entity (DGW_TYPE_MESSAGE, "{\"d\":{}}");
  DgwEntity *state = first_of (dgw_guild_get_voice_states (guild));

  g_test_summary ("GLD-05, INT-05: what lacks a guild's id has that of its event");

  g_assert_null (dgw_voice_state_get_guild_id (DGW_VOICE_STATE (state)));
  g_assert_cmpstr (dgw_entity_get_event_guild_id (state), ==, "7");
  g_assert_cmpstr (dgw_entity_get_event_guild_id (DGW_ENTITY (guild)), ==, "7");
  g_assert_cmpstr (dgw_entity_get_event_guild_id (first_of (dgw_guild_get_channels (guild))), ==, "8");
  g_assert_cmpstr (dgw_entity_get_event_guild_id (first_of (dgw_guild_members_chunk_event_get_members (chunk))), ==, "9");
  g_assert_null (dgw_entity_get_event_guild_id (DGW_ENTITY (direct)));
  g_assert_null (dgw_entity_get_event_guild_id (DGW_ENTITY (bare)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/values/channel/obfuscated", test_obfuscated);
  g_test_add_func ("/dgw/values/channel/event-guild", test_event_guild);

  return g_test_run ();
}
