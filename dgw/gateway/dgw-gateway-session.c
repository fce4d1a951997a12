/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-log-private.h"
#include "gateway/dgw-gateway-private.h"
#include "values/dgw-metrics-private.h"

/* The session and the metrics: values made of what the gateway knows. */

G_STATIC_ASSERT ((int)DGW_N_RECONNECT_CAUSES == (int)DGW_N_CAUSES);
G_STATIC_ASSERT ((int)DGW_RECONNECT_CAUSE_CONNECT_FAILED == (int)DGW_CAUSE_CONNECT_FAILED);
G_STATIC_ASSERT ((int)DGW_RECONNECT_CAUSE_CLOSED == (int)DGW_CAUSE_CLOSED);
G_STATIC_ASSERT ((int)DGW_RECONNECT_CAUSE_REQUESTED == (int)DGW_CAUSE_REQUESTED);
G_STATIC_ASSERT ((int)DGW_RECONNECT_CAUSE_INVALID_SESSION == (int)DGW_CAUSE_INVALID_SESSION);
G_STATIC_ASSERT ((int)DGW_RECONNECT_CAUSE_HEARTBEAT_LOST == (int)DGW_CAUSE_HEARTBEAT_LOST);
G_STATIC_ASSERT ((int)DGW_RECONNECT_CAUSE_TIMED_OUT == (int)DGW_CAUSE_TIMED_OUT);
G_STATIC_ASSERT ((int)DGW_RECONNECT_CAUSE_BAD_PAYLOAD == (int)DGW_CAUSE_BAD_PAYLOAD);
G_STATIC_ASSERT ((int)DGW_RECONNECT_CAUSE_BACKLOG == (int)DGW_CAUSE_BACKLOG);
G_STATIC_ASSERT ((int)DGW_RECONNECT_CAUSE_DEAF == (int)DGW_CAUSE_DEAF);

void
dgw_gateway_install_session (GObjectClass *object_class)
{
  /**
   * DgwGateway:session: (getter dup_session) (setter set_session)
   *
   * The session: to be resumed at the next open, or live.
   *
   * It can be set while the gateway is unconnected. From then on it follows the
   * connection; it is notified when its id or its URL changes, not with every
   * event. `NULL` without a session, and until the handlers of its first event
   * have returned.
   *
   * Since: 0.1
   */
  dgw_gateway_properties[DGW_GATEWAY_PROP_SESSION] =
    g_param_spec_boxed ("session", NULL, NULL, DGW_TYPE_SESSION,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, DGW_GATEWAY_PROP_SESSION,
                                   dgw_gateway_properties[DGW_GATEWAY_PROP_SESSION]);
}

/**
 * dgw_gateway_dup_session: (get-property session)
 * @self: a gateway
 *
 * Makes a copy of the session as it stands: its sequence is that of the last
 * event whose handlers have returned.
 *
 * Returns: (transfer full) (nullable): the session, or `NULL` when there is none
 *
 * Since: 0.1
 */
DgwSession *
dgw_gateway_dup_session (DgwGateway *self)
{
  const DgwResumeState *session;

  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  session = &self->snapshot.session;
  if (!session->session_id || session->sequence < 0)
    return NULL;

  return dgw_session_new (session->session_id, session->sequence, session->resume_url,
                          self->session_shard.id, self->session_shard.count);
}

/**
 * dgw_gateway_set_session: (set-property session)
 * @self: a gateway that is unconnected
 * @session: (nullable): a session to resume, or `NULL` to start a new one
 *
 * Sets the session to resume at the next open.
 *
 * It has to be of the gateway's token and intents; one of another shard is
 * dropped at the open. When Discord no longer has it, a new one is started.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_session (DgwGateway *self,
                         DgwSession *session)
{
  g_autoptr (DgwSession) old = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (self->phase == DGW_GATEWAY_IDLE);

  old = dgw_gateway_dup_session (self);
  if (old == session || (old && session && dgw_session_equal (old, session)))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  dgw_gateway_take_session (self, NULL, NULL);
  if (session)
    {
      dgw_gateway_take_session (self, dgw_session_get_id (session), dgw_session_get_resume_url (session));
      self->session_shard.id = dgw_session_get_shard_id (session);
      self->session_shard.count = dgw_session_get_shard_count (session);
      dgw_gateway_take_sequence (self, dgw_session_get_sequence (session));
    }
  self->session_origin = DGW_SESSION_GIVEN;
  g_object_thaw_notify (G_OBJECT (self));
}

/* What the link is to resume. */
void
dgw_gateway_push_session (DgwGateway *self)
{
  const DgwEngineOptions *engine = &self->options.engine;
  DgwResumeState         *session = &self->snapshot.session;

  if (session->session_id &&
      (self->session_origin == DGW_SESSION_OUTDATED ||
       self->session_shard.id != engine->shard_id ||
       self->session_shard.count != engine->shard_count))
    {
      dgw_debug (&((DgwLogContext){engine->shard_id, session->session_id}),
                 "session dropped: of other intents or another shard");
      dgw_gateway_take_session (self, NULL, NULL);
    }

  dgw_link_set_session (self->link, session->session_id ? session : NULL);
}

/**
 * dgw_gateway_dup_metrics:
 * @self: a gateway
 *
 * Counts what the gateway has done since it was made.
 *
 * Returns: (transfer full): the metrics as they stand now
 *
 * Since: 0.1
 */
DgwMetrics *
dgw_gateway_dup_metrics (DgwGateway *self)
{
  DgwMetrics    *metrics;
  DgwLinkMetrics link = {0};

  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  if (self->link)
    dgw_link_get_metrics (self->link, &link);

  metrics = dgw_metrics_new ();
  metrics->events = link.events;
  metrics->payloads = link.payloads;
  metrics->bytes_in = link.bytes_in;
  metrics->bytes_inflated = link.bytes_inflated;
  metrics->bytes_out = link.bytes_out;
  metrics->connects = link.engine.connects;
  metrics->identifies = link.engine.identifies;
  metrics->resumes_tried = link.engine.resumes_tried;
  metrics->resumes_won = link.engine.resumes_won;
  metrics->replayed_events = link.engine.replayed_events;
  metrics->skipped_events = link.engine.skipped_events;
  metrics->backlog = link.backlog_events + self->held_load.events;
  metrics->backlog_bytes = link.backlog_bytes + self->held_load.bytes;
  metrics->longest_application_stall = self->longest_stall_us;
  for (guint i = 0; i < DGW_N_CAUSES; i++)
    metrics->reconnects[i] = link.engine.reconnects[i];

  return metrics;
}
