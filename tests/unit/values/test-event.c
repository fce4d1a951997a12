/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "values/dgw-event-private.h"

static DgwEvent *
make_event (const char *text)
{
  g_autoptr (GBytes) with_nul = g_bytes_new (text, strlen (text) + 1);
  g_autoptr (GBytes) bytes = g_bytes_new_from_bytes (with_nul, 0, strlen (text));
  g_autoptr (DgwJson) json = dgw_json_new (bytes);

  return dgw_event_new (g_steal_pointer (&json), "X", DGW_EVENT_TYPE_UNKNOWN, 3, 1, 99);
}

static void
test_shapes (void)
{
  static const char *const data[] = {"{\"a\":1}", "[]", "null", "\"x\"", "5"};

  g_test_summary ("ENV-07: whatever d is, the event hands it out");
  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"t\":\"X\",\"s\":3,\"op\":0,\"d\":%s}", data[i]);
      g_autoptr (DgwEvent) event = make_event (text);
      g_autoptr (JsonNode) node = dgw_event_dup_json (event);
      g_autofree char *again = NULL;

      g_assert_nonnull (node);
      again = json_to_string (node, FALSE);
      g_assert_cmpstr (again, ==, data[i]);
      g_assert_cmpstr (dgw_event_get_text (event), ==, text);
    }
}

static void
test_unreadable (void)
{
  static const char *const texts[] = {"{\"t\":\"X\",\"s\":3,\"op\":0,\"d\":{\"a\":}}", "{\"t\":\"X\",\"s\":3,\"op\":0}"};

  g_test_summary ("ENV-08: data that cannot be read is NULL, the text is there");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (DgwEvent) event = make_event (texts[i]);

      g_assert_null (dgw_event_dup_json (event));
      g_assert_null (dgw_event_get_entity (event));
      g_assert_cmpstr (dgw_event_get_text (event), ==, texts[i]);
    }
}

static void
test_properties (void)
{
  g_autoptr (DgwEvent) event = make_event ("{}");
  g_autofree char *name = NULL;
  DgwEntity       *data = NULL;
  gint64           sequence = 0;
  gint64           received_at = 0;
  guint            event_type = 99;
  guint            shard_id = 0;

  g_object_get (event, "name", &name, "data", &data, "sequence", &sequence, "received-at", &received_at,
                "event-type", &event_type, "shard-id", &shard_id, NULL);
  g_assert_cmpstr (name, ==, "X");
  g_assert_null (data);
  g_assert_cmpint (sequence, ==, 3);
  g_assert_cmpint (received_at, ==, 99);
  g_assert_cmpuint (event_type, ==, DGW_EVENT_TYPE_UNKNOWN);
  g_assert_cmpuint (shard_id, ==, 1);
  g_assert_finalize_object (g_steal_pointer (&event));
}

static void
test_reclaim (void)
{
  static const char text[] = "{\"t\":\"X\",\"s\":3,\"op\":0,\"d\":{}}";
  DgwEvent         *event = make_event (text);
  DgwEvent         *weak = event;
  GWeakRef          weak_ref;

  g_test_summary ("Only an event that nobody else knows is emptied for new contents");
  g_object_ref (event);
  g_assert_false (dgw_event_reclaim (event));
  g_object_unref (event);

  g_object_add_weak_pointer (G_OBJECT (event), (gpointer *)&weak);
  g_assert_false (dgw_event_reclaim (event));
  g_object_remove_weak_pointer (G_OBJECT (event), (gpointer *)&weak);

  g_weak_ref_init (&weak_ref, event);
  g_assert_false (dgw_event_reclaim (event));
  g_weak_ref_clear (&weak_ref);

  g_object_set_data (G_OBJECT (event), "mine", event);
  g_assert_false (dgw_event_reclaim (event));
  g_assert_cmpstr (dgw_event_get_text (event), ==, text);
  g_object_unref (event);

  event = make_event (text);
  g_assert_true (dgw_event_reclaim (event));
  dgw_event_renew (event, NULL, "Y", DGW_EVENT_TYPE_UNKNOWN, 4, 2, 100);
  g_assert_cmpstr (dgw_event_get_name (event), ==, "Y");
  g_assert_cmpint (dgw_event_get_sequence (event), ==, 4);
  g_assert_cmpuint (dgw_event_get_shard_id (event), ==, 2);
  g_assert_cmpint (dgw_event_get_received_at (event), ==, 100);
  g_assert_finalize_object (event);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/values/event/shapes", test_shapes);
  g_test_add_func ("/dgw/values/event/unreadable", test_unreadable);
  g_test_add_func ("/dgw/values/event/properties", test_properties);
  g_test_add_func ("/dgw/values/event/reclaim", test_reclaim);

  return g_test_run ();
}
