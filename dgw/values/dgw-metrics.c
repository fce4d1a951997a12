/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-metrics.h"

#include "values/dgw-metrics-private.h"

/**
 * DgwMetrics:
 *
 * What a gateway has done since it was made, counted; a snapshot.
 *
 * Get one from [method@Gateway.dup_metrics]. Metrics are immutable and may be
 * used from any thread.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (DgwMetrics, dgw_metrics, dgw_metrics_ref, dgw_metrics_unref)

G_DEFINE_ENUM_TYPE (DgwReconnectCause,
                    dgw_reconnect_cause,
                    G_DEFINE_ENUM_VALUE (DGW_RECONNECT_CAUSE_CONNECT_FAILED, "connect-failed"),
                    G_DEFINE_ENUM_VALUE (DGW_RECONNECT_CAUSE_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (DGW_RECONNECT_CAUSE_REQUESTED, "requested"),
                    G_DEFINE_ENUM_VALUE (DGW_RECONNECT_CAUSE_INVALID_SESSION, "invalid-session"),
                    G_DEFINE_ENUM_VALUE (DGW_RECONNECT_CAUSE_HEARTBEAT_LOST, "heartbeat-lost"),
                    G_DEFINE_ENUM_VALUE (DGW_RECONNECT_CAUSE_TIMED_OUT, "timed-out"),
                    G_DEFINE_ENUM_VALUE (DGW_RECONNECT_CAUSE_BAD_PAYLOAD, "bad-payload"),
                    G_DEFINE_ENUM_VALUE (DGW_RECONNECT_CAUSE_BACKLOG, "backlog"),
                    G_DEFINE_ENUM_VALUE (DGW_RECONNECT_CAUSE_DEAF, "deaf"))

DgwMetrics *
dgw_metrics_new (void)
{
  return g_atomic_rc_box_new0 (DgwMetrics);
}

void
dgw_metrics_add (DgwMetrics       *self,
                 const DgwMetrics *other)
{
  self->events += other->events;
  self->payloads += other->payloads;
  self->bytes_in += other->bytes_in;
  self->bytes_inflated += other->bytes_inflated;
  self->bytes_out += other->bytes_out;
  self->connects += other->connects;
  self->identifies += other->identifies;
  self->resumes_tried += other->resumes_tried;
  self->resumes_won += other->resumes_won;
  self->replayed_events += other->replayed_events;
  self->skipped_events += other->skipped_events;
  self->backlog += other->backlog;
  self->backlog_bytes += other->backlog_bytes;
  self->longest_application_stall = MAX (self->longest_application_stall, other->longest_application_stall);
  for (guint i = 0; i < DGW_N_RECONNECT_CAUSES; i++)
    self->reconnects[i] += other->reconnects[i];
}

/**
 * dgw_metrics_ref:
 * @self: metrics
 *
 * Takes a reference; from any thread.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
DgwMetrics *
dgw_metrics_ref (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * dgw_metrics_unref:
 * @self: (transfer full): metrics
 *
 * Drops a reference; from any thread.
 *
 * Since: 0.1
 */
void
dgw_metrics_unref (DgwMetrics *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release (self);
}

/**
 * dgw_metrics_get_events:
 * @self: metrics
 *
 * Gets how many events were handed to the application.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_events (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->events;
}

/**
 * dgw_metrics_get_payloads:
 * @self: metrics
 *
 * Gets how many payloads were received, events and others.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_payloads (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->payloads;
}

/**
 * dgw_metrics_get_bytes_in:
 * @self: metrics
 *
 * Gets how many bytes came in WebSocket messages, as received.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_bytes_in (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->bytes_in;
}

/**
 * dgw_metrics_get_bytes_inflated:
 * @self: metrics
 *
 * Gets how many bytes the texts of the payloads have.
 *
 * Without compression this is the same as [method@Metrics.get_bytes_in].
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_bytes_inflated (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->bytes_inflated;
}

/**
 * dgw_metrics_get_bytes_out:
 * @self: metrics
 *
 * Gets how many bytes were sent in WebSocket messages.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_bytes_out (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->bytes_out;
}

/**
 * dgw_metrics_get_connects:
 * @self: metrics
 *
 * Gets how many WebSocket connections were opened.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_connects (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->connects;
}

/**
 * dgw_metrics_get_identifies:
 * @self: metrics
 *
 * Gets how many sessions were asked for; Discord counts these.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_identifies (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->identifies;
}

/**
 * dgw_metrics_get_resumes_tried:
 * @self: metrics
 *
 * Gets how often a resume was asked for.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_resumes_tried (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->resumes_tried;
}

/**
 * dgw_metrics_get_resumes_won:
 * @self: metrics
 *
 * Gets how often a resume was granted.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_resumes_won (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->resumes_won;
}

/**
 * dgw_metrics_get_replayed_events:
 * @self: metrics
 *
 * Gets how many events came again or late in resumes.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_replayed_events (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->replayed_events;
}

/**
 * dgw_metrics_get_skipped_events:
 * @self: metrics
 *
 * Gets how many events were given up, because their payloads could not be read
 * and then, when they came again, could not be read either.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_skipped_events (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->skipped_events;
}

/**
 * dgw_metrics_get_backlog:
 * @self: metrics
 *
 * Gets how many events wait for the application now.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint
dgw_metrics_get_backlog (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->backlog;
}

/**
 * dgw_metrics_get_backlog_bytes:
 * @self: metrics
 *
 * Gets how many bytes the events have that wait for the application now.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_backlog_bytes (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->backlog_bytes;
}

/**
 * dgw_metrics_get_longest_application_stall:
 * @self: metrics
 *
 * Gets the longest time, in microseconds, that the application took to take its events.
 *
 * Only times of over a second count, the same for which [signal@Gateway::application-stalled] is emitted.
 *
 * Returns: microseconds, 0 when there was none
 *
 * Since: 0.1
 */
gint64
dgw_metrics_get_longest_application_stall (DgwMetrics *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->longest_application_stall;
}

/**
 * dgw_metrics_get_reconnects:
 * @self: metrics
 * @cause: a cause
 *
 * Gets how many connections or attempts ended for one cause. The end that the
 * application asked for is none of them.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint64
dgw_metrics_get_reconnects (DgwMetrics       *self,
                            DgwReconnectCause cause)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail ((guint)cause < DGW_N_RECONNECT_CAUSES, 0);

  return self->reconnects[cause];
}

static GVariant *
reconnects_to_variant (DgwMetrics *self)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_RECONNECT_CAUSE);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{st}"));
  for (guint i = 0; i < klass->n_values; i++)
    g_variant_builder_add (&builder, "{st}", klass->values[i].value_nick, self->reconnects[klass->values[i].value]);

  return g_variant_builder_end (&builder);
}

/**
 * dgw_metrics_to_variant:
 * @self: metrics
 *
 * Makes a dictionary of type `a{sv}` of all numbers, for logs, for D-Bus and
 * for what collects metrics.
 *
 * Its keys are the names of the getters with hyphens, such as `bytes-in`, of
 * the types `t`, `u` (`backlog`) and `x` (`longest-application-stall`);
 * `reconnects` is an `a{st}` by nick of [enum@ReconnectCause]. Later versions
 * may add keys.
 *
 * Returns: (transfer none): a floating variant
 *
 * Since: 0.1
 */
GVariant *
dgw_metrics_to_variant (DgwMetrics *self)
{
  GVariantDict dict;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "events", "t", self->events);
  g_variant_dict_insert (&dict, "payloads", "t", self->payloads);
  g_variant_dict_insert (&dict, "bytes-in", "t", self->bytes_in);
  g_variant_dict_insert (&dict, "bytes-inflated", "t", self->bytes_inflated);
  g_variant_dict_insert (&dict, "bytes-out", "t", self->bytes_out);
  g_variant_dict_insert (&dict, "connects", "t", self->connects);
  g_variant_dict_insert (&dict, "identifies", "t", self->identifies);
  g_variant_dict_insert (&dict, "resumes-tried", "t", self->resumes_tried);
  g_variant_dict_insert (&dict, "resumes-won", "t", self->resumes_won);
  g_variant_dict_insert (&dict, "replayed-events", "t", self->replayed_events);
  g_variant_dict_insert (&dict, "skipped-events", "t", self->skipped_events);
  g_variant_dict_insert (&dict, "backlog", "u", self->backlog);
  g_variant_dict_insert (&dict, "backlog-bytes", "t", self->backlog_bytes);
  g_variant_dict_insert (&dict, "longest-application-stall", "x", self->longest_application_stall);
  g_variant_dict_insert_value (&dict, "reconnects", reconnects_to_variant (self));

  return g_variant_dict_end (&dict);
}
