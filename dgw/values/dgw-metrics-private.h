/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "values/dgw-metrics.h"

G_BEGIN_DECLS

#define DGW_N_RECONNECT_CAUSES (DGW_RECONNECT_CAUSE_DEAF + 1)

struct _DgwMetrics
{
  guint64 events;
  guint64 payloads;
  guint64 bytes_in;
  guint64 bytes_inflated;
  guint64 bytes_out;
  guint64 connects;
  guint64 identifies;
  guint64 resumes_tried;
  guint64 resumes_won;
  guint64 replayed_events;
  guint64 skipped_events;
  guint   backlog;
  guint64 backlog_bytes;
  gint64  longest_application_stall;
  guint64 reconnects[DGW_N_RECONNECT_CAUSES];
};

/* All zero; the maker fills it in before anyone else sees it. */
DgwMetrics *dgw_metrics_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* For sums over gateways, before anyone else sees self. */
void dgw_metrics_add (DgwMetrics       *self,
                      const DgwMetrics *other);

G_END_DECLS
