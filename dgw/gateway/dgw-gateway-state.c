/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-set-private.h"
#include "gateway/dgw-gateway-private.h"

/* What the application reads: a copy of what the link has told, which changes
 * only here and only in the drain, so that it matches the action at hand. */

static void
notify (DgwGateway    *self,
        DgwGatewayProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), dgw_gateway_properties[prop]);
}

static void
take_int64 (DgwGateway    *self,
            DgwGatewayProp prop,
            gint64        *field,
            gint64         value)
{
  if (*field == value)
    return;

  *field = value;
  notify (self, prop);
}

static void
take_string (DgwGateway    *self,
             DgwGatewayProp prop,
             char         **field,
             const char    *value)
{
  if (dgw_set_str (field, value))
    notify (self, prop);
}

void
dgw_gateway_take_status (DgwGateway *self,
                         DgwStatus   status)
{
  if (self->snapshot.status == status)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  self->snapshot.status = status;
  notify (self, DGW_GATEWAY_PROP_STATUS);
  if (status != DGW_STATUS_DISCONNECTED)
    take_int64 (self, DGW_GATEWAY_PROP_NEXT_RETRY, &self->snapshot.next_retry_us, -1);
  if (status == DGW_STATUS_READY || status == DGW_STATUS_UNCONNECTED)
    dgw_gateway_take_retry (self, 0, -1);
  g_object_thaw_notify (G_OBJECT (self));
}

void
dgw_gateway_take_latency (DgwGateway *self,
                          gint64      latency_us,
                          gint64      average_us)
{
  g_object_freeze_notify (G_OBJECT (self));
  take_int64 (self, DGW_GATEWAY_PROP_LATENCY, &self->snapshot.latency_us, latency_us);
  take_int64 (self, DGW_GATEWAY_PROP_AVERAGE_LATENCY, &self->snapshot.average_latency_us, average_us);
  g_object_thaw_notify (G_OBJECT (self));
}

void
dgw_gateway_take_retry (DgwGateway *self,
                        guint       attempts,
                        gint64      due_us)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->snapshot.reconnect_attempts != attempts)
    {
      self->snapshot.reconnect_attempts = attempts;
      notify (self, DGW_GATEWAY_PROP_RECONNECT_ATTEMPTS);
    }
  take_int64 (self, DGW_GATEWAY_PROP_NEXT_RETRY, &self->snapshot.next_retry_us, due_us);
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
errors_equal (const GError *a,
              const GError *b)
{
  return a == b || (a && b && g_error_matches (a, b->domain, b->code) && g_str_equal (a->message, b->message));
}

void
dgw_gateway_take_error (DgwGateway   *self,
                        const GError *error)
{
  g_autoptr (GError) old = NULL;

  if (errors_equal (self->snapshot.last_error, error))
    return;

  old = g_steal_pointer (&self->snapshot.last_error);
  self->snapshot.last_error = error ? g_error_copy (error) : NULL;
  notify (self, DGW_GATEWAY_PROP_LAST_ERROR);
}

/* A session that has no event yet cannot be resumed: for the application it is
 * there when the handlers of READY have returned. */
static void
notify_session (DgwGateway *self)
{
  if (!self->session_changed || (self->snapshot.session.session_id && self->snapshot.session.sequence < 0))
    return;

  self->session_changed = FALSE;
  notify (self, DGW_GATEWAY_PROP_SESSION);
}

/* The sequence of another session says nothing about this one. */
void
dgw_gateway_take_session (DgwGateway *self,
                          const char *id,
                          const char *url)
{
  DgwResumeState *session = &self->snapshot.session;

  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (session->session_id, id) != 0)
    {
      take_int64 (self, DGW_GATEWAY_PROP_SEQUENCE, &session->sequence, -1);
      self->session_origin = DGW_SESSION_OWN;
      self->session_shard.id = self->options.engine.shard_id;
      self->session_shard.count = self->options.engine.shard_count;
      self->session_changed = TRUE;
      if (id)
        dgw_gateway_begin_in_store (self);
      else
        dgw_gateway_forget_in_store (self);
    }
  if (g_strcmp0 (session->resume_url, url) != 0)
    self->session_changed = TRUE;
  take_string (self, DGW_GATEWAY_PROP_SESSION_ID, &session->session_id, id);
  take_string (self, DGW_GATEWAY_PROP_RESUME_URL, &session->resume_url, url);
  notify_session (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/* This comes with every event. A notify that nobody hears costs several times
 * what asking does. */
void
dgw_gateway_take_sequence (DgwGateway *self,
                           gint64      sequence)
{
  static guint notify_signal = 0;
  GQuark       detail = g_param_spec_get_name_quark (dgw_gateway_properties[DGW_GATEWAY_PROP_SEQUENCE]);

  if (sequence > self->snapshot.session.sequence)
    {
      if (G_UNLIKELY (notify_signal == 0))
        notify_signal = g_signal_lookup ("notify", G_TYPE_OBJECT);

      self->snapshot.session.sequence = sequence;
      if (dgw_gateway_is_heard (self, notify_signal, detail))
        notify (self, DGW_GATEWAY_PROP_SEQUENCE);
    }

  notify_session (self);
}

static gboolean
take_network_cb (gpointer user_data)
{
  DgwGatewayHandle *handle = user_data;
  g_autoptr (DgwGateway) self = g_weak_ref_get (&handle->gateway);
  DgwHostNetworkState state;

  if (!self || !self->host)
    return G_SOURCE_REMOVE;

  dgw_host_get_state (self->host, &state);
  if (self->snapshot.network_available != state.is_available)
    {
      self->snapshot.network_available = state.is_available;
      notify (self, DGW_GATEWAY_PROP_NETWORK_AVAILABLE);
    }

  return G_SOURCE_REMOVE;
}

/* On the host's thread. The gateway has not left, so it is there; but a reference
 * taken here might become the last. */
static void
network_cb (const DgwHostNetworkState *state,
            gpointer                   user_data)
{
  DgwGateway *self = user_data;

  g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, take_network_cb,
                              dgw_gateway_handle_ref (self->handle), (GDestroyNotify)dgw_gateway_handle_unref);
}

void
dgw_gateway_watch_network (DgwGateway *self)
{
  static const DgwHostFuncs funcs = {.network = network_cb};
  DgwHostNetworkState       state;

  self->host = dgw_host_join (&funcs, self, &state);
  self->snapshot.network_available = state.is_available;
}

void
dgw_gateway_unwatch_network (DgwGateway *self)
{
  g_clear_pointer (&self->host, dgw_host_leave);
}

void
dgw_gateway_init_state (DgwGateway *self)
{
  self->snapshot.latency_us = -1;
  self->snapshot.average_latency_us = -1;
  self->snapshot.next_retry_us = -1;
  self->snapshot.session.sequence = -1;
}

void
dgw_gateway_clear_state (DgwGateway *self)
{
  dgw_resume_state_clear (&self->snapshot.session);
  g_clear_error (&self->snapshot.last_error);
}

void
dgw_gateway_get_state (DgwGateway    *self,
                       DgwGatewayProp prop,
                       GValue        *value)
{
  switch ((int)prop)
    {
    case DGW_GATEWAY_PROP_STATUS:
      g_value_set_enum (value, dgw_gateway_get_status (self));
      break;
    case DGW_GATEWAY_PROP_LATENCY:
      g_value_set_int64 (value, dgw_gateway_get_latency (self));
      break;
    case DGW_GATEWAY_PROP_AVERAGE_LATENCY:
      g_value_set_int64 (value, dgw_gateway_get_average_latency (self));
      break;
    case DGW_GATEWAY_PROP_SESSION_ID:
      g_value_set_string (value, dgw_gateway_get_session_id (self));
      break;
    case DGW_GATEWAY_PROP_RESUME_URL:
      g_value_set_string (value, dgw_gateway_get_resume_url (self));
      break;
    case DGW_GATEWAY_PROP_SEQUENCE:
      g_value_set_int64 (value, dgw_gateway_get_sequence (self));
      break;
    case DGW_GATEWAY_PROP_RECONNECT_ATTEMPTS:
      g_value_set_uint (value, dgw_gateway_get_reconnect_attempts (self));
      break;
    case DGW_GATEWAY_PROP_NEXT_RETRY:
      g_value_set_int64 (value, dgw_gateway_get_next_retry (self));
      break;
    case DGW_GATEWAY_PROP_LAST_ERROR:
      g_value_set_boxed (value, dgw_gateway_get_last_error (self));
      break;
    case DGW_GATEWAY_PROP_NETWORK_AVAILABLE:
      g_value_set_boolean (value, dgw_gateway_get_network_available (self));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
install (GObjectClass  *object_class,
         DgwGatewayProp prop,
         GParamSpec    *pspec)
{
  dgw_gateway_properties[prop] = pspec;
  g_object_class_install_property (object_class, prop, pspec);
}

void
dgw_gateway_install_state (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  install (object_class, DGW_GATEWAY_PROP_STATUS,
           g_param_spec_enum ("status", NULL, NULL, DGW_TYPE_STATUS, DGW_STATUS_UNCONNECTED, flags));
  install (object_class, DGW_GATEWAY_PROP_LATENCY,
           g_param_spec_int64 ("latency", NULL, NULL, -1, G_MAXINT64, -1, flags));
  install (object_class, DGW_GATEWAY_PROP_AVERAGE_LATENCY,
           g_param_spec_int64 ("average-latency", NULL, NULL, -1, G_MAXINT64, -1, flags));
  install (object_class, DGW_GATEWAY_PROP_SESSION_ID,
           g_param_spec_string ("session-id", NULL, NULL, NULL, flags));
  install (object_class, DGW_GATEWAY_PROP_RESUME_URL,
           g_param_spec_string ("resume-url", NULL, NULL, NULL, flags));
  install (object_class, DGW_GATEWAY_PROP_SEQUENCE,
           g_param_spec_int64 ("sequence", NULL, NULL, -1, G_MAXINT64, -1, flags));
  install (object_class, DGW_GATEWAY_PROP_RECONNECT_ATTEMPTS,
           g_param_spec_uint ("reconnect-attempts", NULL, NULL, 0, G_MAXUINT, 0, flags));
  install (object_class, DGW_GATEWAY_PROP_NEXT_RETRY,
           g_param_spec_int64 ("next-retry", NULL, NULL, -1, G_MAXINT64, -1, flags));
  install (object_class, DGW_GATEWAY_PROP_LAST_ERROR,
           g_param_spec_boxed ("last-error", NULL, NULL, G_TYPE_ERROR, flags));
  install (object_class, DGW_GATEWAY_PROP_NETWORK_AVAILABLE,
           g_param_spec_boolean ("network-available", NULL, NULL, TRUE, flags));
}

/**
 * DgwGateway:status: (getter get_status)
 *
 * What the connection is doing.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_status: (get-property status)
 * @self: a gateway
 *
 * Gets what the connection is doing.
 *
 * Returns: the status
 *
 * Since: 0.1
 */
DgwStatus
dgw_gateway_get_status (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), DGW_STATUS_UNCONNECTED);

  return self->snapshot.status;
}

/**
 * DgwGateway:latency: (getter get_latency)
 *
 * How long Discord took to answer the last heartbeat, in microseconds; -1 before
 * the first answer.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_latency: (get-property latency)
 * @self: a gateway
 *
 * Gets how long Discord took to answer the last heartbeat, in microseconds; -1
 * before the first answer.
 *
 * Returns: microseconds, or -1
 *
 * Since: 0.1
 */
gint64
dgw_gateway_get_latency (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), -1);

  return self->snapshot.latency_us;
}

/**
 * DgwGateway:average-latency: (getter get_average_latency)
 *
 * How long Discord takes to answer heartbeats on average, in microseconds; -1
 * before the first answer.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_average_latency: (get-property average-latency)
 * @self: a gateway
 *
 * Gets how long Discord takes to answer heartbeats on average, in microseconds;
 * -1 before the first answer.
 *
 * Returns: microseconds, or -1
 *
 * Since: 0.1
 */
gint64
dgw_gateway_get_average_latency (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), -1);

  return self->snapshot.average_latency_us;
}

/**
 * DgwGateway:session-id: (getter get_session_id)
 *
 * The id of the session that is live or to be resumed; `NULL` without one.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_session_id: (get-property session-id)
 * @self: a gateway
 *
 * Gets the id of the session that is live or to be resumed.
 *
 * Returns: (nullable): the id, owned by the gateway, or `NULL` without a session
 *
 * Since: 0.1
 */
const char *
dgw_gateway_get_session_id (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->snapshot.session.session_id;
}

/**
 * DgwGateway:resume-url: (getter get_resume_url)
 *
 * The address to resume the session at; `NULL` without one.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_resume_url: (get-property resume-url)
 * @self: a gateway
 *
 * Gets the address to resume the session at.
 *
 * Returns: (nullable): the address, owned by the gateway, or `NULL` when there is none
 *
 * Since: 0.1
 */
const char *
dgw_gateway_get_resume_url (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->snapshot.session.resume_url;
}

/**
 * DgwGateway:sequence: (getter get_sequence)
 *
 * The number of the last event of the session whose handlers have returned; -1
 * before the first.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_sequence: (get-property sequence)
 * @self: a gateway
 *
 * Gets the number of the last event of the session whose handlers have returned;
 * -1 before the first.
 *
 * Returns: the number, or -1
 *
 * Since: 0.1
 */
gint64
dgw_gateway_get_sequence (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), -1);

  return self->snapshot.session.sequence;
}

/**
 * DgwGateway:reconnect-attempts: (getter get_reconnect_attempts)
 *
 * How many attempts to connect again were made in a row; 0 once the session is
 * live.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_reconnect_attempts: (get-property reconnect-attempts)
 * @self: a gateway
 *
 * Gets how many attempts to connect again were made in a row; 0 once the session
 * is live.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_reconnect_attempts (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->snapshot.reconnect_attempts;
}

/**
 * DgwGateway:next-retry: (getter get_next_retry)
 *
 * When the next attempt is due, in microseconds of
 * [func@GLib.get_monotonic_time]; -1 when none is.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_next_retry: (get-property next-retry)
 * @self: a gateway
 *
 * Gets when the next attempt is due, in microseconds of
 * [func@GLib.get_monotonic_time]; -1 when none is.
 *
 * Returns: a monotonic time, or -1
 *
 * Since: 0.1
 */
gint64
dgw_gateway_get_next_retry (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), -1);

  return self->snapshot.next_retry_us;
}

/**
 * DgwGateway:last-error: (getter get_last_error)
 *
 * Why the gateway is not connected; `NULL` before the first error and from when
 * the session is live.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_last_error: (get-property last-error)
 * @self: a gateway
 *
 * Gets why the gateway is not connected; cleared when the session is live.
 *
 * Returns: (transfer none) (nullable): the error, owned by the gateway, or `NULL`
 *
 * Since: 0.1
 */
const GError *
dgw_gateway_get_last_error (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->snapshot.last_error;
}

/**
 * DgwGateway:network-available: (getter get_network_available)
 *
 * Whether the host has a network, as a [iface@Gio.NetworkMonitor] says; `TRUE`
 * until one has been asked, shortly after construction. Connecting is tried all
 * the same.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_network_available: (get-property network-available)
 * @self: a gateway
 *
 * Gets whether the host has a network, as a [iface@Gio.NetworkMonitor] says;
 * `TRUE` until one has been asked. Connecting is tried all the same.
 *
 * Returns: `TRUE` if it has one
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_get_network_available (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), FALSE);

  return self->snapshot.network_available;
}
