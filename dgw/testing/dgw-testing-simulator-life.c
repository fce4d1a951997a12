/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Starting, stopping, addresses and counters of the simulator. */

#include "config.h"

#include "testing/dgw-testing-simulator-private.h"

static char *
make_url (DgwTestingSimulator *self, guint port)
{
  if (self->tls_certificate != NULL)
    return g_strdup_printf ("wss://localhost:%u", port);

  return g_strdup_printf ("ws://127.0.0.1:%u", port);
}

static void
take_string (char **place, char *text)
{
  g_free (*place);
  *place = text;
}

static void
set_urls (DgwTestingSimulator *self)
{
  DgwTestingRealm *realm = self->realm;
  const char      *scheme = self->tls_certificate != NULL ? "https" : "http";
  guint            resume_port = realm->options.resume_listener ? self->resume_port : self->port;

  take_string (&realm->url, make_url (self, self->port));
  take_string (&realm->resume_url, make_url (self, resume_port));
  take_string (&self->api_url, g_strdup_printf ("%s://127.0.0.1:%u/api/v10", scheme, self->port));
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_PORT);
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_URL);
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_RESUME_URL);
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_API_URL);
}

/* One port: opened unless it shall be refused; then only its number is taken. */
static gboolean
open_listener (DgwTestingRest *rest, guint *port, gboolean refuse, GError **error)
{
  guint taken = dgw_testing_rest_listen (rest, *port, error);

  if (taken == 0)
    return FALSE;

  *port = taken;
  if (refuse)
    dgw_testing_rest_hang_up (rest);
  return TRUE;
}

static gboolean
start (DgwTestingSimulator *self, GError **error)
{
  g_autoptr (DgwTestingRest) rest = dgw_testing_rest_new (self->realm, self->tls_certificate);
  g_autoptr (DgwTestingRest) resume_rest = dgw_testing_rest_new (self->realm, self->tls_certificate);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  if (!open_listener (rest, &self->port, self->refuses_connections, error))
    return FALSE;
  if (self->realm->options.resume_listener &&
      !open_listener (resume_rest, &self->resume_port, self->refuses_resume_connections, error))
    return FALSE;

  self->rest = g_steal_pointer (&rest);
  self->resume_rest = g_steal_pointer (&resume_rest);
  set_urls (self);
  dgw_testing_realm_start (self->realm, context);
  return TRUE;
}

/**
 * dgw_testing_simulator_start_async:
 * @self: a simulator
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when the simulator listens
 * @user_data: for @callback
 *
 * Starts to listen on 127.0.0.1.
 *
 * Fails with an error of GIO when the port is taken, and with
 * `G_IO_ERROR_PENDING` when the simulator is started already. It runs in the
 * thread-default main context of the caller until it is stopped.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_start_async (DgwTestingSimulator *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_testing_simulator_start_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->rest != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "The simulator is started already");
  else if (start (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * dgw_testing_simulator_start_finish:
 * @self: a simulator
 * @result: what the callback got
 * @error: the reason for a failure
 *
 * Finishes [method@Simulator.start_async].
 *
 * Returns: whether the simulator listens
 *
 * Since: 0.1
 */
gboolean
dgw_testing_simulator_start_finish (DgwTestingSimulator *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, dgw_testing_simulator_start_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * dgw_testing_simulator_stop_async:
 * @self: a simulator
 * @cancellable: (nullable): cancels the operation
 * @callback: (scope async) (nullable): called when all is closed
 * @user_data: for @callback
 *
 * Drops the clients, forgets the sessions and closes the ports.
 *
 * The simulator may be started again, and then takes the same port. Stopping one
 * that is not started succeeds.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_stop_async (DgwTestingSimulator *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_testing_simulator_stop_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  dgw_testing_realm_stop (self->realm);
  g_clear_pointer (&self->rest, dgw_testing_rest_free);
  g_clear_pointer (&self->resume_rest, dgw_testing_rest_free);
  g_task_return_boolean (task, TRUE);
}

/**
 * dgw_testing_simulator_stop_finish:
 * @self: a simulator
 * @result: what the callback got
 * @error: the reason for a failure
 *
 * Finishes [method@Simulator.stop_async].
 *
 * Returns: whether the simulator is stopped
 *
 * Since: 0.1
 */
gboolean
dgw_testing_simulator_stop_finish (DgwTestingSimulator *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, dgw_testing_simulator_stop_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * dgw_testing_simulator_get_port:
 * @self: a simulator
 *
 * The port on 127.0.0.1.
 *
 * Returns: the port; 0 when none was set and the simulator was never started
 *
 * Since: 0.1
 */
guint
dgw_testing_simulator_get_port (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), 0);

  return self->port;
}

/**
 * dgw_testing_simulator_set_port:
 * @self: a simulator
 * @port: the port to take at the next start, 0 for any
 *
 * Sets the port to take at the next start.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_set_port (DgwTestingSimulator *self, guint port)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (port <= G_MAXUINT16);
  g_return_if_fail (self->rest == NULL);

  if (self->port == port)
    return;

  self->port = port;
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_PORT);
}

/**
 * dgw_testing_simulator_get_url:
 * @self: a simulator
 *
 * Where the gateway is.
 *
 * Returns: (nullable): the URL; `NULL` before the first start
 *
 * Since: 0.1
 */
const char *
dgw_testing_simulator_get_url (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), NULL);

  return self->realm->url;
}

/**
 * dgw_testing_simulator_get_resume_url:
 * @self: a simulator
 *
 * What READY tells as `resume_gateway_url`.
 *
 * Returns: (nullable): the URL; `NULL` before the first start
 *
 * Since: 0.1
 */
const char *
dgw_testing_simulator_get_resume_url (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), NULL);

  return self->realm->resume_url;
}

/**
 * dgw_testing_simulator_get_api_url:
 * @self: a simulator
 *
 * The base of the REST calls.
 *
 * Returns: (nullable): the URL; `NULL` before the first start
 *
 * Since: 0.1
 */
const char *
dgw_testing_simulator_get_api_url (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), NULL);

  return self->api_url;
}

/**
 * dgw_testing_simulator_get_tls_certificate:
 * @self: a simulator
 *
 * The certificate to serve with.
 *
 * Returns: (nullable) (transfer none): the certificate; `NULL` for no TLS
 *
 * Since: 0.1
 */
GTlsCertificate *
dgw_testing_simulator_get_tls_certificate (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), NULL);

  return self->tls_certificate;
}

/**
 * dgw_testing_simulator_set_tls_certificate:
 * @self: a simulator
 * @certificate: (nullable): a certificate with its key; `NULL` for no TLS
 *
 * Sets the certificate to serve with from the next start on.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_set_tls_certificate (DgwTestingSimulator *self, GTlsCertificate *certificate)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (certificate == NULL || G_IS_TLS_CERTIFICATE (certificate));

  if (g_set_object (&self->tls_certificate, certificate))
    dgw_testing_simulator_notify (self, DGW_TESTING_PROP_TLS_CERTIFICATE);
}

static void
set_listening (DgwTestingRest *rest, guint port, gboolean listening)
{
  g_autoptr (GError) error = NULL;

  if (rest == NULL || port == 0)
    return;
  if (!listening)
    dgw_testing_rest_hang_up (rest);
  else if (dgw_testing_rest_listen (rest, port, &error) == 0)
    g_warning ("Port %u cannot be opened again: %s", port, error->message);
}

/**
 * dgw_testing_simulator_get_accept_connections:
 * @self: a simulator
 *
 * Whether the port is open while the simulator is started.
 *
 * Returns: whether connections are accepted
 *
 * Since: 0.1
 */
gboolean
dgw_testing_simulator_get_accept_connections (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), FALSE);

  return !self->refuses_connections;
}

/**
 * dgw_testing_simulator_set_accept_connections:
 * @self: a simulator
 * @accept_connections: whether to accept connections
 *
 * Closes the port, so that TCP is refused, or opens it again.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_set_accept_connections (DgwTestingSimulator *self, gboolean accept_connections)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  if (self->refuses_connections == !accept_connections)
    return;

  self->refuses_connections = !accept_connections;
  set_listening (self->rest, self->port, accept_connections);
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_ACCEPT_CONNECTIONS);
}

/**
 * dgw_testing_simulator_get_accept_resume_connections:
 * @self: a simulator
 *
 * Whether the port for resuming is open while the simulator is started.
 *
 * Returns: whether connections are accepted there
 *
 * Since: 0.1
 */
gboolean
dgw_testing_simulator_get_accept_resume_connections (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), FALSE);

  return !self->refuses_resume_connections;
}

/**
 * dgw_testing_simulator_set_accept_resume_connections:
 * @self: a simulator
 * @accept_connections: whether to accept connections there
 *
 * Closes the port for resuming, so that TCP is refused, or opens it again. Of
 * use with [property@Simulator:resume-listener] only.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_set_accept_resume_connections (DgwTestingSimulator *self, gboolean accept_connections)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  if (self->refuses_resume_connections == !accept_connections)
    return;

  self->refuses_resume_connections = !accept_connections;
  set_listening (self->resume_rest, self->resume_port, accept_connections);
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_ACCEPT_RESUME_CONNECTIONS);
}
