/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "transport/dgw-poller-private.h"

G_BEGIN_DECLS

/* A client's WebSocket connection after the handshake, in the calling thread and
 * its thread-default context. See doc/design/worker.md for why it is not
 * libsoup's. Each handler may free it. */
typedef struct _DgwWebsocket DgwWebsocket;

typedef struct
{
  /* A text is valid UTF-8 and has a NUL past its end. A binary message is gone
   * when the handler returns. */
  void (*message) (GBytes  *message,
                   gboolean is_text,
                   gpointer user_data);
  /* Last of all. code is 0 when the peer sent none; error says what went wrong,
   * NULL when the peer closed or the connection just ended. */
  void (*closed) (guint         code,
                  const char   *reason,
                  const GError *error,
                  gpointer      user_data);
} DgwWebsocketHandlers;

/* Goes on with a connection that libsoup made, before it has read anything; takes
 * it. A message that comes in may be a little larger than max_payload_size. The
 * poller (nullable) outlives the connection. NULL when libsoup does not let go of
 * the stream in the way that is known. */
DgwWebsocket *dgw_websocket_new (SoupWebsocketConnection    *connection,
                                 GSocket                    *socket,
                                 DgwPoller                  *poller,
                                 guint64                     max_payload_size,
                                 const DgwWebsocketHandlers *handlers,
                                 gpointer                    user_data) G_GNUC_WARN_UNUSED_RESULT;
/* No handler is called afterwards. A close frame that was asked for still goes
 * out in the background; without one the TCP connection is cut. */
void dgw_websocket_free (DgwWebsocket *self);

/* FALSE, and nothing happens, after a close or the end of the connection. */
gboolean dgw_websocket_send_text (DgwWebsocket *self,
                                  const char   *text);
/* No message is reported afterwards, closed is. */
gboolean dgw_websocket_close (DgwWebsocket *self,
                              guint         code,
                              const char   *reason);

G_END_DECLS
