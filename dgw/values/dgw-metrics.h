/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

/**
 * DgwReconnectCause:
 * @DGW_RECONNECT_CAUSE_CONNECT_FAILED: no connection could be made
 * @DGW_RECONNECT_CAUSE_CLOSED: the peer closed the connection, or it was lost
 * @DGW_RECONNECT_CAUSE_REQUESTED: Discord asked for it (opcode 7)
 * @DGW_RECONNECT_CAUSE_INVALID_SESSION: Discord refused the session (opcode 9)
 * @DGW_RECONNECT_CAUSE_HEARTBEAT_LOST: a heartbeat was not answered
 * @DGW_RECONNECT_CAUSE_TIMED_OUT: connecting, HELLO, READY or RESUMED took too long
 * @DGW_RECONNECT_CAUSE_BAD_PAYLOAD: a payload could not be read
 * @DGW_RECONNECT_CAUSE_BACKLOG: the application took its events too slowly
 * @DGW_RECONNECT_CAUSE_DEAF: heartbeats were answered but events no longer came
 *
 * Why a gateway had to connect again.
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_RECONNECT_CAUSE_CONNECT_FAILED,
  DGW_RECONNECT_CAUSE_CLOSED,
  DGW_RECONNECT_CAUSE_REQUESTED,
  DGW_RECONNECT_CAUSE_INVALID_SESSION,
  DGW_RECONNECT_CAUSE_HEARTBEAT_LOST,
  DGW_RECONNECT_CAUSE_TIMED_OUT,
  DGW_RECONNECT_CAUSE_BAD_PAYLOAD,
  DGW_RECONNECT_CAUSE_BACKLOG,
  DGW_RECONNECT_CAUSE_DEAF,
} DgwReconnectCause;

#define DGW_TYPE_RECONNECT_CAUSE (dgw_reconnect_cause_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_reconnect_cause_get_type (void) G_GNUC_CONST;

#define DGW_TYPE_METRICS (dgw_metrics_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_metrics_get_type (void) G_GNUC_CONST;

DGW_AVAILABLE_IN_0_1
DgwMetrics *dgw_metrics_ref (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
void dgw_metrics_unref (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_events (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_payloads (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_bytes_in (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_bytes_inflated (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_bytes_out (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_connects (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_identifies (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_resumes_tried (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_resumes_won (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_replayed_events (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_skipped_events (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint dgw_metrics_get_backlog (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_backlog_bytes (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_metrics_get_longest_application_stall (DgwMetrics *self);

DGW_AVAILABLE_IN_0_1
guint64 dgw_metrics_get_reconnects (DgwMetrics       *self,
                                    DgwReconnectCause cause);

DGW_AVAILABLE_IN_0_1
GVariant *dgw_metrics_to_variant (DgwMetrics *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwMetrics, dgw_metrics_unref)

G_END_DECLS
