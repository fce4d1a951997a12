/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-soup-transport-private.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "transport/dgw-websocket-private.h"

/* Outlives a transport that is freed while it connects. */
typedef struct
{
  DgwSoupTransport *transport; /* NULL: nobody waits any more */
} Attempt;

/* Everything runs in the thread and the thread-default context of new(). */
struct _DgwSoupTransport
{
  DgwSoupTransportHandlers handlers;
  gpointer                 user_data;
  guint64                  max_message_size;
  DgwPoller               *poller;  /* nullable */
  SoupMessage             *message; /* the handshake; NULL when that is over */
  GCancellable            *cancellable;
  Attempt                 *attempt;   /* its user_data; NULL when that is over */
  DgwWebsocket            *websocket; /* NULL until opened */
};

static void
message_cb (GBytes  *message,
            gboolean is_text,
            gpointer user_data)
{
  DgwSoupTransport *self = user_data;

  self->handlers.message (message, is_text, self->user_data);
}

static void
closed_cb (guint         code,
           const char   *reason,
           const GError *error,
           gpointer      user_data)
{
  DgwSoupTransport *self = user_data;

  self->handlers.closed (code, reason, error, self->user_data);
}

/* Takes the error. */
static void
report_failure (DgwSoupTransport *self,
                GError           *failure)
{
  g_autoptr (GError) error = failure;
  guint  http_status = dgw_net_message_get_status (self->message);
  gint64 retry_after_us = dgw_net_message_get_retry_after (self->message);

  if (g_error_matches (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_ERROR_NOT_WEBSOCKET))
    {
      g_autofree char *status = dgw_net_message_describe_status (self->message);

      g_free (error->message);
      error->message = http_status != 0 ? g_strdup_printf (_ ("The gateway answered the upgrade with %s"), status)
                                        : g_strdup_printf (_ ("The proxy answered with %s"), status);
    }
  else
    {
      dgw_net_message_explain (self->message, &error);
    }

  self->handlers.failed (http_status, retry_after_us, error, self->user_data);
}

/* Takes the connection. */
static void
take_connection (DgwSoupTransport        *self,
                 SoupWebsocketConnection *connection)
{
  static const DgwWebsocketHandlers handlers = {message_cb, closed_cb};

  self->websocket = dgw_websocket_new (connection, dgw_net_message_get_socket (self->message),
                                       self->poller, self->max_message_size, &handlers, self);
  if (self->websocket == NULL)
    {
      report_failure (self, g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED,
                                                 _ ("This version of libsoup is not one that dgw can work with")));
      return;
    }

  g_clear_object (&self->message);
  self->handlers.opened (self->user_data);
}

static void
connect_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Attempt *attempt = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  DgwSoupTransport *self = attempt->transport;

  if (self == NULL)
    return;

  self->attempt = NULL;
  if (connection != NULL)
    take_connection (self, g_steal_pointer (&connection));
  else
    report_failure (self, g_steal_pointer (&error));
}

DgwSoupTransport *
dgw_soup_transport_new (const DgwNetOptions            *options,
                        const char                     *address,
                        guint64                         max_message_size,
                        const DgwSoupTransportHandlers *handlers,
                        gpointer                        user_data,
                        GError                        **error)
{
  g_autoptr (SoupMessage) message = dgw_net_message_new (options, address, error);
  g_autoptr (SoupSession) session = NULL;
  DgwSoupTransport *self;

  if (message == NULL)
    return NULL;

  self = g_new0 (DgwSoupTransport, 1);
  self->handlers = *handlers;
  self->user_data = user_data;
  self->max_message_size = max_message_size;
  self->poller = options->poller;
  self->message = g_steal_pointer (&message);
  self->cancellable = g_cancellable_new ();
  self->attempt = g_new (Attempt, 1);
  self->attempt->transport = self;
  /* The call keeps the session for as long as it lasts; the WebSocket that it
   * ends in needs none. */
  session = dgw_net_session_new (options);
  soup_session_websocket_connect_async (session, self->message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        self->cancellable, connect_cb, self->attempt);

  return self;
}

static void
end_attempt (DgwSoupTransport *self)
{
  GSocket *socket = dgw_net_message_get_socket (self->message);

  self->attempt->transport = NULL;
  /* See dgw_http_free() for why not both. */
  if (socket != NULL)
    dgw_net_socket_cut (socket);
  else
    g_cancellable_cancel (self->cancellable);
}

void
dgw_soup_transport_free (DgwSoupTransport *self)
{
  if (self->attempt != NULL)
    end_attempt (self);
  g_clear_pointer (&self->websocket, dgw_websocket_free);
  g_clear_object (&self->message);
  g_object_unref (self->cancellable);
  g_free (self);
}

gboolean
dgw_soup_transport_send (DgwSoupTransport *self,
                         const char       *text)
{
  return self->websocket != NULL && dgw_websocket_send_text (self->websocket, text);
}

gboolean
dgw_soup_transport_close (DgwSoupTransport *self,
                          guint             code,
                          const char       *reason)
{
  return self->websocket != NULL && dgw_websocket_close (self->websocket, code, reason);
}
