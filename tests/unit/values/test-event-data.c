/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "dgw-event-table-private.h"
#include "values/dgw-event-private.h"

/* What the rules say of the data of single events. */

static gpointer
make_data (DgwEventType type,
           const char  *text)
{
  g_autofree char *payload = g_strdup_printf ("{\"op\":0,\"s\":1,\"t\":\"%s\",\"d\":%s}",
                                              dgw_event_info_by_type (type)->name, text);
  g_autoptr (DgwJson) json = dgw_json_new_copy (payload, strlen (payload));

  return dgw_event_make_data (json, type);
}

static void
test_unavailable_guild (void)
{
  g_autoptr (DgwGuild) guild = make_data (DGW_EVENT_TYPE_GUILD_CREATE, "{\"id\":\"2\",\"unavailable\":true}");

  g_test_summary ("GLD-02: a guild may come as a stub, of which nothing but the id is known");

  g_assert_true (DGW_IS_GUILD (guild));
  g_assert_cmpstr (dgw_guild_get_id (guild), ==, "2");
  g_assert_true (dgw_guild_get_unavailable (guild));
  g_assert_null (dgw_guild_get_name (guild));
  g_assert_null (dgw_guild_get_channels (guild));
  g_assert_null (dgw_guild_get_members (guild));
}

static void
test_newest_message (void)
{
  static const DgwEventType updates[] = {DGW_EVENT_TYPE_CHANNEL_UPDATE, DGW_EVENT_TYPE_THREAD_UPDATE};
  g_autoptr (DgwMessage) message = make_data (DGW_EVENT_TYPE_MESSAGE_CREATE, "{\"id\":\"9\",\"channel_id\":\"2\"}");

  g_test_summary ("EVT-01: the message tells what is the newest of its channel; an update may well lack it");

  g_assert_cmpstr (dgw_message_get_id (message), ==, "9");
  g_assert_cmpstr (dgw_message_get_channel_id (message), ==, "2");
  for (guint i = 0; i < G_N_ELEMENTS (updates); i++)
    {
      g_autoptr (DgwChannel) without = make_data (updates[i], "{\"id\":\"2\"}");
      g_autoptr (DgwChannel) before = make_data (updates[i], "{\"id\":\"2\",\"last_message_id\":\"8\"}");

      g_assert_false (dgw_entity_has_field (DGW_ENTITY (without), "last_message_id"));
      g_assert_null (dgw_channel_get_last_message_id (without));
      g_assert_cmpstr (dgw_channel_get_last_message_id (before), ==, "8");
    }
}

static void
test_new_thread (void)
{
  g_autoptr (DgwChannel) made = make_data (DGW_EVENT_TYPE_THREAD_CREATE, "{\"id\":\"3\",\"newly_created\":true}");
  g_autoptr (DgwChannel) joined = make_data (DGW_EVENT_TYPE_THREAD_CREATE, "{\"id\":\"3\",\"member\":{\"id\":\"3\"}}");

  g_test_summary ("EVT-02: a thread that was just made says so, one that the bot gained access to does not");

  g_assert_true (dgw_channel_get_newly_created (made));
  g_assert_false (dgw_channel_get_newly_created (joined));
}

static void
test_thread_list (void)
{
  g_autoptr (DgwThreadListSyncEvent) some =
    make_data (DGW_EVENT_TYPE_THREAD_LIST_SYNC, "{\"guild_id\":\"1\",\"channel_ids\":[\"2\"],\"threads\":[]}");
  g_autoptr (DgwThreadListSyncEvent) none =
    make_data (DGW_EVENT_TYPE_THREAD_LIST_SYNC, "{\"guild_id\":\"1\",\"channel_ids\":[],\"threads\":[]}");
  g_autoptr (DgwThreadListSyncEvent) all = make_data (DGW_EVENT_TYPE_THREAD_LIST_SYNC, "{\"guild_id\":\"1\",\"threads\":[]}");

  g_test_summary ("EVT-03: without channels a list of threads is that of the whole guild, which is not the same as of no channel");

  g_assert_true (g_strv_equal (dgw_thread_list_sync_event_get_channel_ids (some), (const char *const[]){"2", NULL}));
  g_assert_true (g_strv_equal (dgw_thread_list_sync_event_get_channel_ids (none), (const char *const[]){NULL}));
  g_assert_null (dgw_thread_list_sync_event_get_channel_ids (all));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/values/event-data/unavailable-guild", test_unavailable_guild);
  g_test_add_func ("/dgw/values/event-data/newest-message", test_newest_message);
  g_test_add_func ("/dgw/values/event-data/new-thread", test_new_thread);
  g_test_add_func ("/dgw/values/event-data/thread-list", test_thread_list);

  return g_test_run ();
}
