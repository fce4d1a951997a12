/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "values/dgw-presence-private.h"

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static JsonNode *
to_node (DgwPresence *presence)
{
  g_autofree char *text = dgw_presence_to_json (presence);
  JsonNode        *node = json_from_string (text, NULL);

  g_assert_nonnull (node);
  return node;
}

static void
assert_json (DgwPresence *presence,
             const char  *expected)
{
  g_autoptr (JsonNode) node = to_node (presence);
  g_autoptr (JsonNode) wanted = json_from_string (expected, NULL);

  g_assert_nonnull (wanted);
  g_assert_true (json_node_equal (node, wanted));
}

static void
test_defaults (void)
{
  g_autoptr (DgwPresence) presence = dgw_presence_new ();

  g_test_summary ("PR-01: since, activities, status and afk are always there");
  g_assert_cmpstr (dgw_presence_get_status (presence), ==, "online");
  g_assert_false (dgw_presence_get_afk (presence));
  g_assert_cmpint (dgw_presence_get_since (presence), ==, -1);
  g_assert_cmpuint (g_list_model_get_n_items (dgw_presence_get_activities (presence)), ==, 0);
  assert_json (presence, "{\"since\":null,\"activities\":[],\"status\":\"online\",\"afk\":false}");
}

static void
test_statuses (void)
{
  static const char *const statuses[] = {
    DGW_PRESENCE_UPDATE_STATUS_ONLINE,
    DGW_PRESENCE_UPDATE_STATUS_IDLE,
    DGW_PRESENCE_UPDATE_STATUS_DO_NOT_DISTURB,
    DGW_PRESENCE_UPDATE_STATUS_INVISIBLE,
    DGW_PRESENCE_UPDATE_STATUS_OFFLINE,
    "of-later",
  };
  static const char *const wire[] = {"online", "idle", "dnd", "invisible", "offline", "of-later"};
  g_autoptr (DgwPresence) presence = dgw_presence_new ();

  g_test_summary ("PR-02: every status goes out as Discord writes it");
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (JsonNode) node = NULL;

      dgw_presence_set_status (presence, statuses[i]);
      node = to_node (presence);
      g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "status"), ==, wire[i]);
    }
}

static void
test_notify (void)
{
  g_autoptr (DgwPresence) presence = dgw_presence_new ();
  guint status = 0;
  guint afk = 0;
  guint since = 0;

  g_signal_connect (presence, "notify::status", G_CALLBACK (count_cb), &status);
  g_signal_connect (presence, "notify::afk", G_CALLBACK (count_cb), &afk);
  g_signal_connect (presence, "notify::since", G_CALLBACK (count_cb), &since);

  g_object_set (presence, "status", "idle", "afk", TRUE, "since", (gint64)1700000000123, NULL);
  g_object_set (presence, "status", "idle", "afk", TRUE, "since", (gint64)1700000000123, NULL);

  g_assert_cmpuint (status, ==, 1);
  g_assert_cmpuint (afk, ==, 1);
  g_assert_cmpuint (since, ==, 1);
  assert_json (presence, "{\"since\":1700000000123,\"activities\":[],\"status\":\"idle\",\"afk\":true}");
}

static void
test_activities (void)
{
  g_autoptr (DgwPresence) presence = dgw_presence_new ();
  g_autoptr (DgwPresenceActivity) playing = dgw_presence_activity_new_playing ("chess");
  g_autoptr (DgwPresenceActivity) streaming =
    dgw_presence_activity_new_streaming ("the build", "https://www.twitch.tv/dgw");
  g_autoptr (DgwPresenceActivity) listening = dgw_presence_activity_new_listening ("rain");
  g_autoptr (DgwPresenceActivity) watching = dgw_presence_activity_new_watching ("the clock");
  g_autoptr (DgwPresenceActivity) custom = dgw_presence_activity_new_custom ("at \"work\" \xf0\x9f\x94\xa7");
  g_autoptr (DgwPresenceActivity) competing = dgw_presence_activity_new_competing ("a race");

  g_test_summary ("PR-04, PR-05: an activity has name, type, state and url, and nothing else; url passes through");
  dgw_presence_add_activity (presence, playing);
  dgw_presence_add_activity (presence, streaming);
  dgw_presence_add_activity (presence, listening);
  dgw_presence_add_activity (presence, watching);
  dgw_presence_add_activity (presence, custom);
  dgw_presence_add_activity (presence, competing);
  assert_json (presence,
               "{\"since\":null,\"status\":\"online\",\"afk\":false,\"activities\":["
               "{\"name\":\"chess\",\"type\":0},"
               "{\"name\":\"the build\",\"type\":1,\"url\":\"https://www.twitch.tv/dgw\"},"
               "{\"name\":\"rain\",\"type\":2},"
               "{\"name\":\"the clock\",\"type\":3},"
               "{\"name\":\"Custom Status\",\"type\":4,\"state\":\"at \\\"work\\\" \xf0\x9f\x94\xa7\"},"
               "{\"name\":\"a race\",\"type\":5}]}");

  dgw_presence_remove_activity (presence, custom);
  dgw_presence_remove_activity (presence, custom);
  g_assert_cmpuint (g_list_model_get_n_items (dgw_presence_get_activities (presence)), ==, 5);

  dgw_presence_clear_activities (presence);
  assert_json (presence, "{\"since\":null,\"activities\":[],\"status\":\"online\",\"afk\":false}");
}

static void
test_control_characters (void)
{
  g_autoptr (DgwPresence) presence = dgw_presence_new ();
  g_autoptr (DgwPresenceActivity) playing = dgw_presence_activity_new_playing ("a\x01\x1e\x1f");
  g_autofree char *text = NULL;

  g_test_summary ("CC-04: what is sent is JSON, also with the control character that json-glib does not escape");
  dgw_presence_add_activity (presence, playing);
  text = dgw_presence_to_json (presence);
  g_assert_nonnull (strstr (text, "\"a\\u0001\\u001e\\u001f\""));
}

static void
test_activity_properties (void)
{
  g_autoptr (DgwPresenceActivity) activity = dgw_presence_activity_new (99, "x");
  g_autofree char *name = NULL;
  guint            n_notified = 0;
  int              type = 0;

  g_test_summary ("A kind of later is passed on; setters notify of changes only");
  g_assert_cmpint (dgw_presence_activity_get_kind (activity), ==, 99);
  g_assert_null (dgw_presence_activity_get_state (activity));
  g_assert_null (dgw_presence_activity_get_url (activity));

  g_signal_connect (activity, "notify", G_CALLBACK (count_cb), &n_notified);
  g_object_set (activity, "type", 99, "name", "x", "state", NULL, "url", NULL, NULL);
  g_assert_cmpuint (n_notified, ==, 0);
  g_object_set (activity, "type", 4, "name", "y", "state", "z", "url", "https://example", NULL);
  g_assert_cmpuint (n_notified, ==, 4);

  g_object_get (activity, "type", &type, "name", &name, NULL);
  g_assert_cmpint (type, ==, DGW_ACTIVITY_TYPE_CUSTOM);
  g_assert_cmpstr (name, ==, "y");
  dgw_presence_activity_set_state (activity, NULL);
  g_assert_null (dgw_presence_activity_get_state (activity));
}

static void
test_wrong_arguments (void)
{
  g_autoptr (DgwPresence) presence = dgw_presence_new ();
  g_autoptr (DgwPresenceActivity) activity = dgw_presence_activity_new_playing ("chess");

  g_test_summary ("Text that is no UTF-8 is refused at once");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_presence_set_status*");
  dgw_presence_set_status (presence, "\xff");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_presence_activity_set_name*");
  dgw_presence_activity_set_name (activity, "\xff");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_presence_activity_set_name*");
  dgw_presence_activity_set_name (activity, NULL);
  g_test_assert_expected_messages ();

  g_assert_cmpstr (dgw_presence_get_status (presence), ==, "online");
  g_assert_cmpstr (dgw_presence_activity_get_name (activity), ==, "chess");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/values/presence/control-characters", test_control_characters);
  g_test_add_func ("/dgw/values/presence/defaults", test_defaults);
  g_test_add_func ("/dgw/values/presence/statuses", test_statuses);
  g_test_add_func ("/dgw/values/presence/notify", test_notify);
  g_test_add_func ("/dgw/values/presence/activities", test_activities);
  g_test_add_func ("/dgw/values/presence/activity-properties", test_activity_properties);
  g_test_add_func ("/dgw/values/presence/wrong-arguments", test_wrong_arguments);

  return g_test_run ();
}
