/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "transport/dgw-net-options-private.h"

G_BEGIN_DECLS

/* One WebSocket connection, in the calling thread and its thread-default
 * context. Each handler may free the transport. */
typedef struct _DgwSoupTransport DgwSoupTransport;

typedef struct
{
  void (*opened) (gpointer user_data);
  /* Instead of opened. http_status is 0 when the gateway's side gave no HTTP
   * answer, retry_after_us -1 when that named no time. */
  void (*failed) (guint         http_status,
                  gint64        retry_after_us,
                  const GError *error,
                  gpointer      user_data);
  void (*message) (GBytes  *message,
                   gboolean is_text,
                   gpointer user_data);
  /* Last of all, after opened. error says what went wrong, NULL when the peer
   * closed or the connection just ended; code is 0 when no close frame with a
   * code came. After a message that cannot be read (DGW_GATEWAY_ERROR: PROTOCOL,
   * PAYLOAD_TOO_LARGE) a close frame may still be sent. */
  void (*closed) (guint         code,
                  const char   *reason,
                  const GError *error,
                  gpointer      user_data);
} DgwSoupTransportHandlers;

/* Starts to connect. Handlers are called later only; NULL with an error when
 * the address is none. max_message_size bounds a message that comes in, a little
 * generously. */
DgwSoupTransport *dgw_soup_transport_new (const DgwNetOptions            *options,
                                          const char                     *address,
                                          guint64                         max_message_size,
                                          const DgwSoupTransportHandlers *handlers,
                                          gpointer                        user_data,
                                          GError                        **error) G_GNUC_WARN_UNUSED_RESULT;
/* No handler is called afterwards. A close frame that was asked for before
 * still goes out in the background; without one the TCP connection is closed
 * without a word. */
void dgw_soup_transport_free (DgwSoupTransport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwSoupTransport, dgw_soup_transport_free)

/* FALSE, and nothing happens, when the connection is not open (any more). */
gboolean dgw_soup_transport_send (DgwSoupTransport *self,
                                  const char       *text);
/* Sends a close frame; no message is reported afterwards, closed is. The code
 * is one that an endpoint may send. */
gboolean dgw_soup_transport_close (DgwSoupTransport *self,
                                   guint             code,
                                   const char       *reason);

G_END_DECLS
