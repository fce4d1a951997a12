/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "engine/dgw-collector-private.h"

static gboolean
add (DgwCollector *collector,
     gint64        index,
     gint64        count,
     const char   *text)
{
  g_autoptr (DgwJson) json = dgw_json_new_copy (text, strlen (text));

  return dgw_collector_add (collector, index, count, json);
}

static char *
steal_texts (DgwCollector *collector)
{
  g_autoptr (GPtrArray) documents = dgw_collector_steal (collector);
  GString *texts = g_string_new (NULL);

  for (guint i = 0; i < documents->len; i++)
    g_string_append (texts, dgw_json_get_text (g_ptr_array_index (documents, i), NULL));

  return g_string_free (texts, FALSE);
}

static void
test_order (void)
{
  DgwCollector     collector;
  g_autofree char *texts = NULL;

  g_test_summary ("GM-07: parts in any order come out by index; twice the same counts once");
  dgw_collector_init (&collector);
  g_assert_false (dgw_collector_is_complete (&collector));
  g_assert_true (dgw_collector_is_empty (&collector));
  g_assert_true (add (&collector, 3, 5, "3"));
  g_assert_true (add (&collector, 0, 5, "0"));
  g_assert_true (add (&collector, 4, 5, "4"));
  g_assert_false (add (&collector, 3, 5, "9"));
  g_assert_true (dgw_collector_has (&collector, 3));
  g_assert_false (dgw_collector_has (&collector, 1));
  g_assert_true (add (&collector, 1, 5, "1"));
  g_assert_false (dgw_collector_is_complete (&collector));
  g_assert_true (add (&collector, 2, 5, "2"));
  g_assert_true (dgw_collector_is_complete (&collector));
  texts = steal_texts (&collector);
  g_assert_cmpstr (texts, ==, "01234");
  g_assert_true (dgw_collector_is_empty (&collector));
  g_assert_false (dgw_collector_is_complete (&collector));
  dgw_collector_clear (&collector);
}

static void
test_nonsense (void)
{
  DgwCollector collector;

  g_test_summary ("Numbers that make no sense are refused, and large ones cost nothing");
  dgw_collector_init (&collector);
  g_assert_false (add (&collector, -1, 1, "x"));
  g_assert_false (add (&collector, 0, 0, "x"));
  g_assert_false (add (&collector, 1, 1, "x"));
  g_assert_false (add (&collector, -1, -1, "x"));
  g_assert_true (add (&collector, G_MAXINT64 - 1, G_MAXINT64, "x"));
  g_assert_false (dgw_collector_is_complete (&collector));
  dgw_collector_reset (&collector);
  g_assert_true (dgw_collector_is_empty (&collector));
  dgw_collector_clear (&collector);
}

static void
test_other_count (void)
{
  DgwCollector collector;

  g_test_summary ("The newest part knows best how many there are");
  dgw_collector_init (&collector);
  g_assert_true (add (&collector, 0, 7, "0"));
  g_assert_true (add (&collector, 1, 2, "1"));
  g_assert_true (dgw_collector_is_complete (&collector));
  dgw_collector_clear (&collector);
}

/* Security: BOUND-LISTS */
static void
test_many (void)
{
  DgwCollector collector;

  g_test_summary ("More parts than there can be are not kept, and the order that they come in costs nothing");
  dgw_collector_init (&collector);
  for (gint64 index = 5000; index > 0; index--)
    g_assert_true (add (&collector, index, G_MAXINT64, "1"));
  for (gint64 index = 5001; index <= DGW_COLLECTOR_MAX_PARTS; index++)
    g_assert_true (add (&collector, index, G_MAXINT64, "1"));
  g_assert_false (add (&collector, 0, G_MAXINT64, "1"));
  g_assert_true (dgw_collector_has (&collector, 1));
  g_assert_false (dgw_collector_is_complete (&collector));
  dgw_collector_clear (&collector);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/collector/order", test_order);
  g_test_add_func ("/dgw/engine/collector/nonsense", test_nonsense);
  g_test_add_func ("/dgw/engine/collector/other-count", test_other_count);
  g_test_add_func ("/dgw/engine/collector/security/many", test_many);

  return g_test_run ();
}
