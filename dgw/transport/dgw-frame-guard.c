/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-frame-guard-private.h"

#include <glib/gi18n-lib.h>

#include "transport/dgw-net-options-private.h"

/* RFC 6455, 5.2: the first byte of a frame. */
#define FINAL   0x80
#define CONTROL 0x08
#define OPCODE  0x0f
#define PING    0x09

/* Whose answers may wait at a time when the socket takes none. */
#define MAX_STUCK_PINGS 1000

#define UNGUARDED_KEY "dgw-unguarded"

struct _DgwFrameGuard
{
  SoupWebsocketExtension parent_instance;

  GSocket *socket;
  guint64  max_message_size;
  guint64  message_size; /* of the fragments so far */
  guint    n_stuck_pings;
};

G_DEFINE_FINAL_TYPE (DgwFrameGuard, dgw_frame_guard, SOUP_TYPE_WEBSOCKET_EXTENSION)

static gboolean
check_control (DgwFrameGuard *self,
               guint8         opcode,
               GError       **error)
{
  if (opcode != PING)
    return TRUE;

  if (g_socket_condition_check (self->socket, G_IO_OUT) != 0)
    self->n_stuck_pings = 0;
  else
    self->n_stuck_pings++;
  if (self->n_stuck_pings <= MAX_STUCK_PINGS)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                       _ ("The server sends pings without end and reads no answer"));

  return FALSE;
}

static gboolean
check_data (DgwFrameGuard *self,
            gboolean       is_final,
            gsize          size,
            GError       **error)
{
  /* An empty fragment counts too, lest there is no end to them. */
  self->message_size += MAX (size, 1);
  if (self->message_size > self->max_message_size)
    {
      g_set_error (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_TOO_BIG,
                   "more than %" G_GUINT64_FORMAT " bytes in fragments", self->max_message_size);
      return FALSE;
    }
  if (is_final)
    self->message_size = 0;

  return TRUE;
}

static GBytes *
dgw_frame_guard_process_incoming_message (SoupWebsocketExtension *extension,
                                          guint8                 *header,
                                          GBytes                 *payload,
                                          GError                **error)
{
  DgwFrameGuard *self = DGW_FRAME_GUARD (extension);
  gboolean       is_fine = (*header & CONTROL) != 0 ? check_control (self, *header & OPCODE, error)
                                                    : check_data (self, (*header & FINAL) != 0, g_bytes_get_size (payload), error);

  if (is_fine)
    return payload;

  /* libsoup goes on to collect what comes until the peer agrees to end. */
  dgw_net_socket_reset (self->socket);
  g_bytes_unref (payload);

  return NULL;
}

static void
dgw_frame_guard_dispose (GObject *object)
{
  DgwFrameGuard *self = DGW_FRAME_GUARD (object);

  g_clear_object (&self->socket);

  G_OBJECT_CLASS (dgw_frame_guard_parent_class)->dispose (object);
}

static void
dgw_frame_guard_class_init (DgwFrameGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dgw_frame_guard_dispose;
  SOUP_WEBSOCKET_EXTENSION_CLASS (klass)->process_incoming_message = dgw_frame_guard_process_incoming_message;
}

static void
dgw_frame_guard_init (DgwFrameGuard *self)
{
}

SoupWebsocketConnection *
dgw_frame_guard_insert (SoupWebsocketConnection *connection,
                        GSocket                 *socket,
                        guint64                  max_message_size)
{
  GSource                 *input = g_main_context_find_source_by_user_data (g_main_context_get_thread_default (), connection);
  SoupWebsocketConnection *guarded;
  DgwFrameGuard           *guard;

  /* Extensions are given when a connection is constructed, and libsoup
   * constructs a client's by itself. So its stream gets a second one, and the
   * first one no longer reads. */
  g_return_val_if_fail (input != NULL, connection);

  g_source_destroy (input);
  guard = g_object_new (DGW_TYPE_FRAME_GUARD, NULL);
  guard->socket = g_object_ref (socket);
  guard->max_message_size = max_message_size;
  guarded = soup_websocket_connection_new (soup_websocket_connection_get_io_stream (connection),
                                           soup_websocket_connection_get_uri (connection),
                                           SOUP_WEBSOCKET_CONNECTION_CLIENT, NULL, NULL,
                                           g_list_prepend (NULL, guard));
  /* Its end would be the stream's. */
  g_object_set_data_full (G_OBJECT (guarded), UNGUARDED_KEY, connection, g_object_unref);

  return guarded;
}
