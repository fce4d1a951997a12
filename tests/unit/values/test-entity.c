/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "sample-entity.h"

static const char full[] =
  "{ \"any\":{\"x\":[1]},\"boolean\":true,\"presence\":null,\"int\":-5,\"uint\":4294967295,"
  "\"uint64\":\"18446744073709551615\",\"int64\":9007199254740993,\"double\":1.25,\"a_string\":\"h\\u00e9\","
  "\"id\":\"18446744073709551615\",\"time\":\"2024-05-06T07:08:09.123000+00:00\",\"time_ms\":1700000000123,"
  "\"object\":{\"id\":\"2\" , \"new\":1},\"list\":[{\"int\":0},{\"int\":1},{}],"
  "\"map\":{\"7\":{\"int\":70},\"8\":{\"int\":80}},\"strings\":[\"a\",\"b\"],\"ints\":[1,-2],"
  "\"names\":{\"0\":\"x\"},\"later\":false}";

static void
assert_missing (SampleEntity *entity)
{
  g_assert_false (dgw_entity_read_boolean (entity, &sample_fields[FIELD_BOOLEAN]));
  g_assert_false (dgw_entity_read_boolean (entity, &sample_fields[FIELD_PRESENCE]));
  g_assert_cmpint (dgw_entity_read_int (entity, &sample_fields[FIELD_INT]), ==, -1);
  g_assert_cmpuint (dgw_entity_read_uint (entity, &sample_fields[FIELD_UINT]), ==, 0);
  g_assert_cmpuint (dgw_entity_read_uint64 (entity, &sample_fields[FIELD_UINT64]), ==, 0);
  g_assert_cmpint (dgw_entity_read_int64 (entity, &sample_fields[FIELD_INT64]), ==, -1);
  g_assert_cmpfloat (dgw_entity_read_double (entity, &sample_fields[FIELD_DOUBLE]), ==, -1);
  g_assert_null (dgw_entity_read_string (entity, &sample_fields[FIELD_STRING]));
  for (guint i = FIELD_ID; i < N_FIELDS; i++)
    g_assert_null (dgw_entity_read_kept (entity, &sample_fields[i]));
  g_assert_null (dgw_entity_dup_keys (entity, &sample_fields[FIELD_MAP]));
  g_assert_null (dgw_entity_lookup (entity, &sample_fields[FIELD_MAP], "7"));
  g_assert_null (dgw_entity_lookup (entity, &sample_fields[FIELD_STRING_MAP], "0"));
}

static void
test_plain (void)
{
  g_autoptr (SampleEntity) entity = sample_entity_new (full);

  g_test_summary ("DAT-01, DAT-02, DAT-04, DAT-05: plain fields are read as they came");

  g_assert_true (dgw_entity_read_boolean (entity, &sample_fields[FIELD_BOOLEAN]));
  g_assert_true (dgw_entity_read_boolean (entity, &sample_fields[FIELD_PRESENCE]));
  g_assert_cmpint (dgw_entity_read_int (entity, &sample_fields[FIELD_INT]), ==, -5);
  g_assert_cmpuint (dgw_entity_read_uint (entity, &sample_fields[FIELD_UINT]), ==, G_MAXUINT32);
  g_assert_cmpuint (dgw_entity_read_uint64 (entity, &sample_fields[FIELD_UINT64]), ==, G_MAXUINT64);
  g_assert_cmpint (dgw_entity_read_int64 (entity, &sample_fields[FIELD_INT64]), ==, 9007199254740993);
  g_assert_cmpfloat (dgw_entity_read_double (entity, &sample_fields[FIELD_DOUBLE]), ==, 1.25);
  g_assert_cmpstr (dgw_entity_read_string (entity, &sample_fields[FIELD_STRING]), ==, "hé");
  g_assert_cmpstr (dgw_entity_read_kept (entity, &sample_fields[FIELD_ID]), ==, "18446744073709551615");
}

static void
test_missing (void)
{
  g_autoptr (SampleEntity) empty = sample_entity_new ("{}");
  g_autoptr (SampleEntity) nulls = sample_entity_new (
    "{\"any\":null,\"boolean\":null,\"int\":null,\"uint\":null,\"uint64\":null,\"int64\":null,"
    "\"double\":null,\"a_string\":null,\"id\":null,\"time\":null,\"time_ms\":null,\"object\":null,\"list\":null,"
    "\"map\":null,\"strings\":null,\"ints\":null,\"names\":null}");

  g_test_summary ("DAT-05: missing and null read alike, and has_field tells them apart");

  assert_missing (empty);
  assert_missing (nulls);
  g_assert_null (dgw_entity_read_kept (nulls, &sample_fields[FIELD_ANY]));
  g_assert_false (dgw_entity_has_field (DGW_ENTITY (empty), "a_string"));
  g_assert_true (dgw_entity_has_field (DGW_ENTITY (nulls), "a_string"));
}

static void
test_misfits (void)
{
  static const char *const misfits[] = {"{}", "[]", "true", "7.5", "\"text\"", "1e400"};

  g_test_summary ("A field of a wrong type reads as missing");

  for (guint i = 0; i < G_N_ELEMENTS (misfits); i++)
    {
      g_autoptr (GString) text = g_string_new ("{\"later\":0");
      g_autoptr (SampleEntity) entity = NULL;

      for (guint field = 0; field < N_FIELDS; field++)
        g_string_append_printf (text, ",\"%s\":%s", sample_fields[field].key, misfits[i]);
      g_string_append_c (text, '}');
      entity = sample_entity_new (text->str);

      g_assert_cmpint (dgw_entity_read_int (entity, &sample_fields[FIELD_INT]), ==, -1);
      g_assert_cmpint (dgw_entity_read_int64 (entity, &sample_fields[FIELD_INT64]), ==, -1);
      g_assert_cmpuint (dgw_entity_read_uint (entity, &sample_fields[FIELD_UINT]), ==, 0);
      g_assert_cmpuint (dgw_entity_read_uint64 (entity, &sample_fields[FIELD_UINT64]), ==, 0);
      g_assert_cmpint (dgw_entity_read_boolean (entity, &sample_fields[FIELD_BOOLEAN]), ==, i == 2);
      g_assert_null (dgw_entity_read_kept (entity, &sample_fields[FIELD_TIME]));
      g_assert_null (dgw_entity_read_kept (entity, &sample_fields[FIELD_TIME_MS]));
      g_assert_cmpint (dgw_entity_read_kept (entity, &sample_fields[FIELD_OBJECT]) != NULL, ==, i == 0);
      g_assert_cmpint (dgw_entity_read_kept (entity, &sample_fields[FIELD_LIST]) != NULL, ==, i == 1);
      g_assert_cmpint (dgw_entity_read_string (entity, &sample_fields[FIELD_STRING]) != NULL, ==, i == 4);
    }
}

static void
test_limits (void)
{
  static const gint64 numbers[] = {G_MININT64, G_MININT64 + 1, G_MININT32, -1, 0, G_MAXINT32, G_MAXINT64};

  g_test_summary ("Every number that fits is read, also the least one");

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"int64\":%" G_GINT64_FORMAT ",\"int\":%" G_GINT64_FORMAT "}",
                                               numbers[i], numbers[i]);
      g_autoptr (SampleEntity) entity = sample_entity_new (text);
      const gboolean fits = numbers[i] >= G_MININT32 && numbers[i] <= G_MAXINT32;

      g_assert_cmpint (dgw_entity_read_int64 (entity, &sample_fields[FIELD_INT64]), ==, numbers[i]);
      g_assert_cmpint (dgw_entity_read_int (entity, &sample_fields[FIELD_INT]), ==, fits ? numbers[i] : -1);
    }
}

static void
test_kept (void)
{
  g_autoptr (SampleEntity) entity = sample_entity_new (full);
  g_autofree char *time = NULL;
  GDateTime       *from_ms;
  char           **strings;
  JsonNode        *node;

  g_test_summary ("DAT-03: what is made is made once and then owned by the entity");

  time = g_date_time_format_iso8601 (dgw_entity_read_kept (entity, &sample_fields[FIELD_TIME]));
  g_assert_cmpstr (time, ==, "2024-05-06T07:08:09.123000Z");
  from_ms = dgw_entity_read_kept (entity, &sample_fields[FIELD_TIME_MS]);
  g_assert_cmpint (g_date_time_to_unix (from_ms), ==, 1700000000);
  g_assert_cmpint (g_date_time_get_microsecond (from_ms), ==, 123000);

  strings = dgw_entity_read_kept (entity, &sample_fields[FIELD_STRINGS]);
  g_assert_true (g_strv_equal ((const char *const *)strings, (const char *const[]){"a", "b", NULL}));
  node = dgw_entity_read_kept (entity, &sample_fields[FIELD_ANY]);
  g_assert_true (json_node_is_immutable (node));
  g_assert_cmpint (json_node_get_node_type (node), ==, JSON_NODE_OBJECT);

  for (guint i = 0; i < N_FIELDS; i++)
    if (i == FIELD_ANY || i >= FIELD_ID)
      g_assert_true (dgw_entity_read_kept (entity, &sample_fields[i]) ==
                     dgw_entity_read_kept (entity, &sample_fields[i]));
}

static void
test_number_as_id (void)
{
  g_autoptr (SampleEntity) entity = sample_entity_new ("{\"id\":123}");

  g_test_summary ("EVT-09: an id that is a number reads as a string");

  g_assert_cmpstr (dgw_entity_read_kept (entity, &sample_fields[FIELD_ID]), ==, "123");
}

static void
test_times (void)
{
  static const char *const texts[] = {"2024-05-06T07:08:09Z", "2024-05-06T07:08:09+00:00",
                                      "2024-05-06T07:08:09.1+00:00", "2024-05-06T09:08:09.123456+02:00"};

  g_test_summary ("DAT-03: with a fraction, without, with any offset");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"time\":\"%s\"}", texts[i]);
      g_autoptr (SampleEntity) entity = sample_entity_new (text);

      g_assert_cmpint (g_date_time_to_unix (dgw_entity_read_kept (entity, &sample_fields[FIELD_TIME])), ==, 1714979289);
    }
}

static void
test_list (void)
{
  g_autoptr (SampleEntity) entity = sample_entity_new ("{\"list\":[{\"int\":0},null,{\"int\":1},5]}");
  GListModel *list = dgw_entity_read_kept (entity, &sample_fields[FIELD_LIST]);
  g_autoptr (SampleEntity) first = NULL;
  g_autoptr (SampleEntity) second = NULL;
  g_autoptr (SampleEntity) again = NULL;

  g_test_summary ("A list holds the objects of its array, each wrapped once");

  g_assert_true (g_list_model_get_item_type (list) == SAMPLE_TYPE_ENTITY);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
  first = g_list_model_get_item (list, 0);
  second = g_list_model_get_item (list, 1);
  again = g_list_model_get_item (list, 1);
  g_assert_cmpint (dgw_entity_read_int (first, &sample_fields[FIELD_INT]), ==, 0);
  g_assert_cmpint (dgw_entity_read_int (second, &sample_fields[FIELD_INT]), ==, 1);
  g_assert_true (again == second);
  g_assert_null (g_list_model_get_item (list, 2));

  /* An item needs neither the list nor the entity that it came from. */
  g_clear_object (&entity);
  g_clear_object (&again);
  g_assert_cmpint (dgw_entity_read_int (second, &sample_fields[FIELD_INT]), ==, 1);
}

static void
test_map (void)
{
  g_autoptr (SampleEntity) entity = sample_entity_new (full);
  g_auto (GStrv) keys = dgw_entity_dup_keys (entity, &sample_fields[FIELD_MAP]);
  g_autoptr (SampleEntity) value = NULL;
  g_autoptr (GVariant) names = NULL;

  g_test_summary ("A map has keys, values by key and values in a list");

  g_assert_true (g_strv_equal ((const char *const *)keys, (const char *const[]){"7", "8", NULL}));
  value = g_list_model_get_item (dgw_entity_read_kept (entity, &sample_fields[FIELD_MAP]), 1);
  g_assert_true (dgw_entity_lookup (entity, &sample_fields[FIELD_MAP], "8") == value);
  g_assert_null (dgw_entity_lookup (entity, &sample_fields[FIELD_MAP], "9"));

  g_assert_cmpstr (dgw_entity_lookup (entity, &sample_fields[FIELD_STRING_MAP], "0"), ==, "x");
  names = g_variant_ref_sink (g_variant_new_parsed ("{'0': 'x'}"));
  g_assert_true (g_variant_equal (dgw_entity_read_kept (entity, &sample_fields[FIELD_STRING_MAP]), names));
}

static void
test_properties (void)
{
  g_autoptr (SampleEntity) entity = sample_entity_new (full);
  g_autoptr (SampleEntity) object = NULL;
  g_autoptr (GListModel) list = NULL;
  g_autoptr (GDateTime) time = NULL;
  g_autoptr (GVariant) ints = NULL;
  g_auto (GStrv) strings = NULL;
  g_autofree char *string = NULL;
  guint64          flags;
  int              number;

  g_test_summary ("Each field is a property");

  g_object_get (entity, "object", &object, "list", &list, "time", &time, "ints", &ints, "strings", &strings,
                "a-string", &string, "uint64", &flags, "int", &number, NULL);

  g_assert_true (object == dgw_entity_read_kept (entity, &sample_fields[FIELD_OBJECT]));
  g_assert_true (list == dgw_entity_read_kept (entity, &sample_fields[FIELD_LIST]));
  g_assert_true (time == dgw_entity_read_kept (entity, &sample_fields[FIELD_TIME]));
  g_assert_true (ints == dgw_entity_read_kept (entity, &sample_fields[FIELD_INTS]));
  g_assert_cmpuint (g_strv_length (strings), ==, 2);
  g_assert_cmpstr (string, ==, "hé");
  g_assert_cmpuint (flags, ==, G_MAXUINT64);
  g_assert_cmpint (number, ==, -5);
}

static void
test_text (void)
{
  g_autoptr (SampleEntity) entity = sample_entity_new (full);
  DgwEntity       *object = dgw_entity_read_kept (entity, &sample_fields[FIELD_OBJECT]);
  g_autofree char *whole = dgw_entity_to_string (DGW_ENTITY (entity));
  g_autofree char *part = dgw_entity_to_string (object);
  g_autoptr (JsonNode) node = dgw_entity_dup_json (object);

  g_test_summary ("What came is given back, unknown fields included");

  g_assert_cmpstr (whole, ==, full);
  g_assert_cmpstr (part, ==, "{\"id\":\"2\" , \"new\":1}");
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "new"), ==, 1);
}

static void
test_equal (void)
{
  g_autoptr (SampleEntity) one = sample_entity_new ("{\"int\":1,\"list\":[{\"a\":null},2.5]}");
  g_autoptr (SampleEntity) same = sample_entity_new ("{\"list\":[{\"a\":null},25e-1], \"int\":1}");
  g_autoptr (SampleEntity) more = sample_entity_new ("{\"int\":1,\"list\":[{\"a\":null},2.5],\"x\":null}");
  g_autoptr (SampleEntity) swapped = sample_entity_new ("{\"int\":1,\"list\":[2.5,{\"a\":null}]}");

  g_autoptr (SampleEntity) twice = sample_entity_new ("{\"int\":1,\"int\":2}");
  g_autoptr (SampleEntity) twice_again = sample_entity_new ("{\"int\":1,\"int\":3}");
  g_autoptr (SampleEntity) other = sample_entity_new ("{\"int\":1,\"x\":2}");

  g_test_summary ("Entities are equal by what they hold; of a key that comes twice the first counts");

  g_assert_true (dgw_entity_equal (DGW_ENTITY (one), DGW_ENTITY (same)));
  g_assert_false (dgw_entity_equal (DGW_ENTITY (one), DGW_ENTITY (more)));
  g_assert_false (dgw_entity_equal (DGW_ENTITY (one), DGW_ENTITY (swapped)));
  g_assert_true (dgw_entity_equal (DGW_ENTITY (twice), DGW_ENTITY (twice_again)));
  g_assert_false (dgw_entity_equal (DGW_ENTITY (twice), DGW_ENTITY (other)));
  g_assert_false (dgw_entity_equal (DGW_ENTITY (other), DGW_ENTITY (twice)));
}

static void
renew (SampleEntity *entity,
       const char   *text)
{
  g_autoptr (DgwJson) json = dgw_json_new_copy (text, strlen (text));

  dgw_entity_renew (DGW_ENTITY (entity), dgw_json_get_root (json));
}

static void
test_reclaim (void)
{
  g_autoptr (SampleEntity) entity = sample_entity_new ("{\"int\":1,\"object\":{\"int\":2},\"list\":[{}]}");
  g_autoptr (SampleEntity) kept = NULL;
  gpointer object = dgw_entity_read_kept (entity, &sample_fields[FIELD_OBJECT]);

  g_test_summary ("An entity that nobody knows is used again, and so is what is within it");

  g_assert_nonnull (dgw_entity_read_kept (entity, &sample_fields[FIELD_LIST]));
  g_assert_true (dgw_entity_reclaim (DGW_ENTITY (entity)));
  renew (entity, "{\"object\":{\"int\":3,\"object\":{}}}");
  g_assert_cmpint (dgw_entity_read_int (entity, &sample_fields[FIELD_INT]), ==, -1);
  g_assert_null (dgw_entity_read_kept (entity, &sample_fields[FIELD_LIST]));
  g_assert_true (dgw_entity_read_kept (entity, &sample_fields[FIELD_OBJECT]) == object);
  g_assert_cmpint (dgw_entity_read_int (object, &sample_fields[FIELD_INT]), ==, 3);

  /* What somebody keeps stays as it is. */
  kept = g_object_ref (object);
  g_assert_true (dgw_entity_reclaim (DGW_ENTITY (entity)));
  renew (entity, "{\"object\":{\"int\":4}}");
  g_assert_cmpint (dgw_entity_read_int (kept, &sample_fields[FIELD_INT]), ==, 3);
  object = dgw_entity_read_kept (entity, &sample_fields[FIELD_OBJECT]);
  g_assert_cmpint (dgw_entity_read_int (object, &sample_fields[FIELD_INT]), ==, 4);

  g_assert_true (dgw_entity_reclaim (DGW_ENTITY (entity)));
  renew (entity, "{\"object\":null}");
  g_assert_null (dgw_entity_read_kept (entity, &sample_fields[FIELD_OBJECT]));

  g_object_set_data (G_OBJECT (entity), "known", entity);
  g_assert_false (dgw_entity_reclaim (DGW_ENTITY (entity)));
}

static gpointer
read_all (gpointer entity)
{
  for (guint i = 0; i < N_FIELDS; i++)
    if (i == FIELD_ANY || i >= FIELD_ID)
      g_assert_nonnull (dgw_entity_read_kept (entity, &sample_fields[i]));

  return dgw_entity_lookup (entity, &sample_fields[FIELD_MAP], "8");
}

static void
test_threads (void)
{
  g_test_summary ("Threads that read an entity at once get the same objects");

  for (guint round = 0; round < 100; round++)
    {
      g_autoptr (SampleEntity) entity = sample_entity_new (full);
      GThread *threads[4];
      gpointer found = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("reader", read_all, entity);
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        {
          gpointer value = g_thread_join (threads[i]);

          g_assert_true (i == 0 || value == found);
          found = value;
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/values/entity/plain", test_plain);
  g_test_add_func ("/dgw/values/entity/missing", test_missing);
  g_test_add_func ("/dgw/values/entity/misfits", test_misfits);
  g_test_add_func ("/dgw/values/entity/limits", test_limits);
  g_test_add_func ("/dgw/values/entity/kept", test_kept);
  g_test_add_func ("/dgw/values/entity/number-as-id", test_number_as_id);
  g_test_add_func ("/dgw/values/entity/times", test_times);
  g_test_add_func ("/dgw/values/entity/list", test_list);
  g_test_add_func ("/dgw/values/entity/map", test_map);
  g_test_add_func ("/dgw/values/entity/properties", test_properties);
  g_test_add_func ("/dgw/values/entity/text", test_text);
  g_test_add_func ("/dgw/values/entity/equal", test_equal);
  g_test_add_func ("/dgw/values/entity/reclaim", test_reclaim);
  g_test_add_func ("/dgw/values/entity/threads", test_threads);

  return g_test_run ();
}
