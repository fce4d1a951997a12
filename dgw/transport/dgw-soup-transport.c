/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-soup-transport-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/dgw-close-code-private.h"
#include "base/dgw-gateway-error-private.h"
#include "transport/dgw-frame-guard-private.h"

/* libsoup collects in arrays that abort at 4 GiB, and have to grow until then. */
#define MAX_MESSAGE_BYTES (G_GUINT64_CONSTANT (1) << 31)

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
  SoupMessage             *message; /* the handshake; NULL when that is over */
  GCancellable            *cancellable;
  Attempt                 *attempt;    /* its user_data; NULL when that is over */
  SoupWebsocketConnection *connection; /* NULL until opened */
  GSocket                 *socket;     /* below connection */
  GError                  *error;      /* the first one that libsoup told of */
  gboolean                 is_closing; /* a close frame was asked for */
};

static void
message_cb (SoupWebsocketConnection *connection,
            int                      type,
            GBytes                  *message,
            gpointer                 user_data)
{
  DgwSoupTransport *self = user_data;

  self->handlers.message (message, type == SOUP_WEBSOCKET_DATA_TEXT, self->user_data);
}

static gboolean
is_open (DgwSoupTransport *self)
{
  return self->connection != NULL && !self->is_closing && soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}

/* 0: no close frame with a code came so far. */
static guint
get_peer_code (SoupWebsocketConnection *connection)
{
  guint code = soup_websocket_connection_get_close_code (connection);

  return code == SOUP_WEBSOCKET_CLOSE_NO_STATUS || code == SOUP_WEBSOCKET_CLOSE_ABNORMAL ? 0 : code;
}

static void
report_bad_text (DgwSoupTransport *self)
{
  g_autoptr (GError) error = g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL,
                                                  _ ("A message is no UTF-8"));

  g_signal_handlers_disconnect_by_data (self->connection, self);
  self->handlers.closed (0, NULL, error, self->user_data);
}

/* Comes up to several times before closed, also when the peer's close code is
 * just one that libsoup does not know: that is the peer's end then, and no
 * error. Otherwise kept, nothing decided, but for a text that is no UTF-8:
 * libsoup would go on with the messages after it. */
static void
error_cb (SoupWebsocketConnection *connection,
          GError                  *error,
          gpointer                 user_data)
{
  DgwSoupTransport *self = user_data;

  if (self->error != NULL || get_peer_code (connection) != 0)
    return;

  if (g_error_matches (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_BAD_DATA) && is_open (self))
    report_bad_text (self);
  else
    self->error = g_error_copy (error);
}

static GError *
take_close_error (DgwSoupTransport *self)
{
  GError *error = g_steal_pointer (&self->error);

  if (error == NULL)
    return NULL;
  if (g_error_matches (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_TOO_BIG))
    {
      g_error_free (error);
      return dgw_gateway_error_for_size (self->max_message_size);
    }

  return error;
}

static void
closed_cb (SoupWebsocketConnection *connection,
           gpointer                 user_data)
{
  DgwSoupTransport *self = user_data;
  guint             code = get_peer_code (connection);
  g_autofree char  *reason = g_strdup (soup_websocket_connection_get_close_data (connection));
  g_autoptr (GError) error = take_close_error (self);

  g_signal_handlers_disconnect_by_data (connection, self);
  self->handlers.closed (code, reason, error, self->user_data);
}

/* Of one message as it comes: what cannot be compressed gets a little longer,
 * and whoever decompresses it is exact. */
static guint64
get_max_bytes (DgwSoupTransport *self)
{
  guint64 limit = MIN (self->max_message_size, MAX_MESSAGE_BYTES);

  return MIN (limit + limit / 8 + 1024, MAX_MESSAGE_BYTES);
}

/* Takes the connection. */
static void
take_connection (DgwSoupTransport        *self,
                 SoupWebsocketConnection *connection)
{
  guint64 max_bytes = get_max_bytes (self);

  g_set_object (&self->socket, dgw_net_message_get_socket (self->message));
  g_clear_object (&self->message);
  self->connection = dgw_frame_guard_insert (connection, self->socket, max_bytes);
  /* Its default of 128 KiB is far below a big guild. */
  soup_websocket_connection_set_max_incoming_payload_size (self->connection, max_bytes);
  g_signal_connect (self->connection, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (self->connection, "error", G_CALLBACK (error_cb), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (closed_cb), self);
  self->handlers.opened (self->user_data);
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
lingering_closed_cb (SoupWebsocketConnection *connection,
                     gpointer                 user_data)
{
  g_object_unref (connection);
}

static void
drop_connection (DgwSoupTransport *self)
{
  gboolean is_closed = soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_CLOSED;

  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (self->is_closing && !is_closed)
    {
      dgw_net_socket_limit_wait (self->socket);
      g_signal_connect (g_object_ref (self->connection), "closed", G_CALLBACK (lingering_closed_cb), NULL);
    }
  else
    dgw_net_socket_cut (self->socket);
  g_clear_object (&self->connection);
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
  if (self->connection != NULL)
    drop_connection (self);
  g_clear_object (&self->socket);
  g_clear_object (&self->message);
  g_object_unref (self->cancellable);
  g_clear_error (&self->error);
  g_free (self);
}

gboolean
dgw_soup_transport_send (DgwSoupTransport *self,
                         const char       *text)
{
  if (!is_open (self))
    return FALSE;

  soup_websocket_connection_send_text (self->connection, text);

  return TRUE;
}

/* As much of the reason as a close frame takes, cut between characters. */
static char *
fit_reason (const char *reason)
{
  const char *end;

  if (reason == NULL || strlen (reason) <= DGW_CLOSE_REASON_MAX_BYTES)
    return g_strdup (reason);

  end = g_utf8_find_prev_char (reason, reason + DGW_CLOSE_REASON_MAX_BYTES + 1);

  return g_strndup (reason, end - reason);
}

gboolean
dgw_soup_transport_close (DgwSoupTransport *self,
                          guint             code,
                          const char       *reason)
{
  g_autofree char *text = fit_reason (reason);

  if (!is_open (self))
    return FALSE;

  /* libsoup goes on to deliver messages until the peer answers. */
  g_signal_handlers_disconnect_by_func (self->connection, message_cb, self);
  self->is_closing = TRUE;
  soup_websocket_connection_close (self->connection, code, text);

  return TRUE;
}
