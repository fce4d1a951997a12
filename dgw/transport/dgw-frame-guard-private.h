/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Looks at each frame that comes in before libsoup keeps any of it, and ends
 * the connection that would make it keep more and more: libsoup bounds single
 * frames only, not a message in fragments without an end (before 3.8), nor the
 * answers to pings of a peer that does not read them. */
#define DGW_TYPE_FRAME_GUARD (dgw_frame_guard_get_type ())
G_DECLARE_FINAL_TYPE (DgwFrameGuard, dgw_frame_guard, DGW, FRAME_GUARD, SoupWebsocketExtension)

/* Takes a client's connection that was just made, before it read anything, and
 * gives one with a guard. The guard resets the socket below, and lets libsoup
 * report SOUP_WEBSOCKET_CLOSE_TOO_BIG for a message of more than
 * max_message_size bytes, one of GIO's errors for pings. */
SoupWebsocketConnection *dgw_frame_guard_insert (SoupWebsocketConnection *connection,
                                                 GSocket                 *socket,
                                                 guint64                  max_message_size) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
