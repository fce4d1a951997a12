/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

/**
 * DgwStatus:
 * @DGW_STATUS_UNCONNECTED: never opened, closed, suspended or failed
 * @DGW_STATUS_CONNECTING: asking for the address, connecting, TLS, WebSocket upgrade
 * @DGW_STATUS_WAITING_FOR_HELLO: the WebSocket is open, HELLO has not come yet
 * @DGW_STATUS_IDENTIFYING: HELLO came, waiting for the slot to identify in
 * @DGW_STATUS_RESUMING: opcode 6 was sent
 * @DGW_STATUS_WAITING_FOR_READY: opcode 2 was sent
 * @DGW_STATUS_READY: the session is live
 * @DGW_STATUS_DISCONNECTED: waiting to connect again
 *
 * What the connection of a gateway is doing.
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_STATUS_UNCONNECTED,
  DGW_STATUS_CONNECTING,
  DGW_STATUS_WAITING_FOR_HELLO,
  DGW_STATUS_IDENTIFYING,
  DGW_STATUS_RESUMING,
  DGW_STATUS_WAITING_FOR_READY,
  DGW_STATUS_READY,
  DGW_STATUS_DISCONNECTED,
} DgwStatus;

#define DGW_TYPE_STATUS (dgw_status_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_status_get_type (void) G_GNUC_CONST;

DGW_AVAILABLE_IN_0_1
gboolean dgw_status_is_connected (DgwStatus status);

DGW_AVAILABLE_IN_0_1
const char *dgw_status_to_string (DgwStatus status);

/**
 * DgwCompression:
 * @DGW_COMPRESSION_NONE: payloads come as text
 * @DGW_COMPRESSION_ZLIB_PAYLOAD: single payloads may come as complete zlib streams
 * @DGW_COMPRESSION_ZLIB_STREAM: one zlib stream for the life of a connection
 * @DGW_COMPRESSION_ZSTD_STREAM: one zstd stream for the life of a connection
 *
 * How the gateway compresses what it sends.
 *
 * Discord's documentation: [Encoding and Compression](https://discord.com/developers/docs/events/gateway#encoding-and-compression).
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_COMPRESSION_NONE,
  DGW_COMPRESSION_ZLIB_PAYLOAD,
  DGW_COMPRESSION_ZLIB_STREAM,
  DGW_COMPRESSION_ZSTD_STREAM,
} DgwCompression;

#define DGW_TYPE_COMPRESSION (dgw_compression_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_compression_get_type (void) G_GNUC_CONST;

G_END_DECLS
