/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include <dgw.h>

#include "dgw-event-table-private.h"

static void
test_every_event (void)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_EVENT_TYPE);

  g_test_summary ("INT-02: every type is found by number and by name, and its signal is its name");
  g_assert_cmpuint (klass->n_values, ==, DGW_N_EVENTS + 1);
  for (guint type = 1; type <= DGW_N_EVENTS; type++)
    {
      const DgwEventInfo *info = dgw_event_info_by_type (type);
      g_autofree char    *signal_name = g_strdelimit (g_ascii_strdown (info->name, -1), "_", '-');

      g_assert_cmpuint (info->type, ==, type);
      g_assert_cmpuint (info->name_length, ==, strlen (info->name));
      g_assert_cmpstr (info->signal_name, ==, signal_name);
      g_assert_cmpstr (g_enum_get_value (klass, (int)type)->value_nick, ==, signal_name);
      g_assert_cmphex (info->intents & ~(guint)DGW_INTENTS_ALL, ==, 0);
      g_assert_true (dgw_event_info_by_name (info->name, info->name_length) == info);
    }
}

static void
test_unknown (void)
{
  g_autofree char *long_name = g_strnfill (10000, 'A');

  g_test_summary ("Names and numbers that the schema lacks are not found");
  g_assert_null (dgw_event_info_by_name ("", 0));
  g_assert_null (dgw_event_info_by_name ("NEW_EVENT", 9));
  g_assert_null (dgw_event_info_by_name ("message_create", 14));
  g_assert_null (dgw_event_info_by_name ("MESSAGE_CREATE", 13));
  g_assert_null (dgw_event_info_by_name (long_name, 10000));
  g_assert_null (dgw_event_info_by_type (DGW_EVENT_TYPE_UNKNOWN));
  g_assert_null (dgw_event_info_by_type (DGW_N_EVENTS + 1));
  g_assert_null (dgw_event_info_by_type (G_MAXUINT));
}

static void
test_no_terminator (void)
{
  g_test_summary ("A name may stand in the middle of a payload");
  g_assert_cmpuint (dgw_event_info_by_name ("MESSAGE_CREATE\",\"s\":1", 14)->type, ==, DGW_EVENT_TYPE_MESSAGE_CREATE);
  g_assert_cmpuint (dgw_event_info_by_name ("READY!", 5)->type, ==, DGW_EVENT_TYPE_READY);
}

static void
test_intents (void)
{
  static const DgwEventType always[] = {
    DGW_EVENT_TYPE_READY,
    DGW_EVENT_TYPE_RESUMED,
    DGW_EVENT_TYPE_USER_UPDATE,
    DGW_EVENT_TYPE_INTERACTION_CREATE,
    DGW_EVENT_TYPE_VOICE_SERVER_UPDATE,
    DGW_EVENT_TYPE_ENTITLEMENT_CREATE,
    DGW_EVENT_TYPE_SUBSCRIPTION_DELETE,
    DGW_EVENT_TYPE_APPLICATION_COMMAND_PERMISSIONS_UPDATE,
    DGW_EVENT_TYPE_GUILD_MEMBERS_CHUNK,
    DGW_EVENT_TYPE_SOUNDBOARD_SOUNDS,
    DGW_EVENT_TYPE_CHANNEL_INFO,
    DGW_EVENT_TYPE_RATE_LIMITED,
  };

  g_test_summary ("INT-05, INT-06, INT-10: which intents bring an event");
  for (gsize i = 0; i < G_N_ELEMENTS (always); i++)
    g_assert_cmphex (dgw_event_info_by_type (always[i])->intents, ==, 0);
  g_assert_cmphex (dgw_event_info_by_type (DGW_EVENT_TYPE_MESSAGE_CREATE)->intents,
                   ==,
                   DGW_INTENTS_GUILD_MESSAGES | DGW_INTENTS_DIRECT_MESSAGES);
  g_assert_cmphex (dgw_event_info_by_type (DGW_EVENT_TYPE_CHANNEL_PINS_UPDATE)->intents,
                   ==,
                   DGW_INTENTS_GUILDS | DGW_INTENTS_DIRECT_MESSAGES);
  g_assert_cmphex (dgw_event_info_by_type (DGW_EVENT_TYPE_MESSAGE_DELETE_BULK)->intents, ==, DGW_INTENTS_GUILD_MESSAGES);
}

static void
test_numbers_stay (void)
{
  g_test_summary ("The numbers of event types are ABI");
  g_assert_cmpint (DGW_EVENT_TYPE_UNKNOWN, ==, 0);
  g_assert_cmpint (DGW_EVENT_TYPE_APPLICATION_COMMAND_PERMISSIONS_UPDATE, ==, 1);
  g_assert_cmpint (DGW_EVENT_TYPE_MESSAGE_CREATE, ==, 45);
  g_assert_cmpint (DGW_EVENT_TYPE_WEBHOOKS_UPDATE, ==, 79);
  g_assert_cmpint (DGW_EVENT_TYPE_GUILD_JOIN_REQUEST_UPDATE, ==, 82);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/event-table/every-event", test_every_event);
  g_test_add_func ("/dgw/base/event-table/unknown", test_unknown);
  g_test_add_func ("/dgw/base/event-table/no-terminator", test_no_terminator);
  g_test_add_func ("/dgw/base/event-table/intents", test_intents);
  g_test_add_func ("/dgw/base/event-table/numbers-stay", test_numbers_stay);

  return g_test_run ();
}
