/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "values/dgw-metrics-private.h"

static void
test_getters (void)
{
  g_autoptr (DgwMetrics) metrics = dgw_metrics_new ();
  g_autoptr (DgwMetrics) copy = NULL;

  g_assert_cmpuint (dgw_metrics_get_events (metrics), ==, 0);
  metrics->events = 1;
  metrics->backlog = 2;
  metrics->backlog_bytes = G_MAXUINT64;
  metrics->longest_application_stall = 3;
  metrics->reconnects[DGW_RECONNECT_CAUSE_DEAF] = 4;

  copy = g_boxed_copy (DGW_TYPE_METRICS, metrics);
  g_assert_cmpuint (dgw_metrics_get_events (copy), ==, 1);
  g_assert_cmpuint (dgw_metrics_get_backlog (copy), ==, 2);
  g_assert_cmpuint (dgw_metrics_get_backlog_bytes (copy), ==, G_MAXUINT64);
  g_assert_cmpint (dgw_metrics_get_longest_application_stall (copy), ==, 3);
  g_assert_cmpuint (dgw_metrics_get_reconnects (copy, DGW_RECONNECT_CAUSE_DEAF), ==, 4);
  g_assert_cmpuint (dgw_metrics_get_reconnects (copy, DGW_RECONNECT_CAUSE_CLOSED), ==, 0);
}

static void
test_variant (void)
{
  g_autoptr (DgwMetrics) metrics = dgw_metrics_new ();
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) reconnects = NULL;
  guint64 number = 0;
  guint   backlog = 0;
  gint64  stall = 0;

  metrics->bytes_inflated = 77;
  metrics->backlog = 5;
  metrics->longest_application_stall = 1500000;
  metrics->reconnects[DGW_RECONNECT_CAUSE_HEARTBEAT_LOST] = 9;

  variant = g_variant_ref_sink (dgw_metrics_to_variant (metrics));
  g_assert_cmpstr (g_variant_get_type_string (variant), ==, "a{sv}");
  g_assert_cmpuint (g_variant_n_children (variant), ==, 15);
  g_assert_true (g_variant_lookup (variant, "bytes-inflated", "t", &number));
  g_assert_cmpuint (number, ==, 77);
  g_assert_true (g_variant_lookup (variant, "backlog", "u", &backlog));
  g_assert_cmpuint (backlog, ==, 5);
  g_assert_true (g_variant_lookup (variant, "longest-application-stall", "x", &stall));
  g_assert_cmpint (stall, ==, 1500000);

  reconnects = g_variant_lookup_value (variant, "reconnects", G_VARIANT_TYPE ("a{st}"));
  g_assert_nonnull (reconnects);
  g_assert_cmpuint (g_variant_n_children (reconnects), ==, DGW_N_RECONNECT_CAUSES);
  g_assert_true (g_variant_lookup (reconnects, "heartbeat-lost", "t", &number));
  g_assert_cmpuint (number, ==, 9);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/values/metrics/getters", test_getters);
  g_test_add_func ("/dgw/values/metrics/variant", test_variant);

  return g_test_run ();
}
