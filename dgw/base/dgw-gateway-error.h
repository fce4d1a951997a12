/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

/**
 * DgwGatewayError:
 * @DGW_GATEWAY_ERROR_FAILED: None of the others; the message tells more.
 * @DGW_GATEWAY_ERROR_NOT_READY: The gateway is not open: open it, then try again.
 * @DGW_GATEWAY_ERROR_ALREADY_OPEN: The gateway is open or opening already: there is
 *   nothing to do, or close it first.
 * @DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED: Discord refuses the token: get the right
 *   one from the developer portal and make a new gateway with it. Never retried.
 * @DGW_GATEWAY_ERROR_INVALID_SHARD: The shard id or the shard count is not valid: set
 *   others. Never retried.
 * @DGW_GATEWAY_ERROR_SHARDING_REQUIRED: The bot is in too many guilds for this many
 *   shards: use more. Never retried.
 * @DGW_GATEWAY_ERROR_INVALID_API_VERSION: Discord no longer speaks the version of this
 *   library: update the library. Never retried.
 * @DGW_GATEWAY_ERROR_INVALID_INTENTS: The intents have a bit that does not exist: set
 *   others. Never retried.
 * @DGW_GATEWAY_ERROR_DISALLOWED_INTENTS: The intents have a privileged bit that is not
 *   switched on in the developer portal: switch it on, or do without. Never retried.
 * @DGW_GATEWAY_ERROR_SESSION_INVALIDATED: The session ended and cannot be resumed: a
 *   new one has to be started, and events in between are lost.
 * @DGW_GATEWAY_ERROR_RATE_LIMITED: Too much was sent in too short a time, or too much
 *   waits to be sent: send less often.
 * @DGW_GATEWAY_ERROR_PROTOCOL: One side sent what the other does not understand: if
 *   the application sent data of its own making, check it.
 * @DGW_GATEWAY_ERROR_CLOSED: The connection was closed, by Discord or by the
 *   application: open the gateway again if it is still wanted.
 * @DGW_GATEWAY_ERROR_SESSION_START_LIMIT: No session may be started for now: try again
 *   when the limit is reset.
 * @DGW_GATEWAY_ERROR_RECONNECT_REQUESTED: Discord asked for a new connection, as it
 *   does now and then: connect again and resume.
 * @DGW_GATEWAY_ERROR_HEARTBEAT_LOST: The connection seems alive but a heartbeat was
 *   not answered: connect again and resume.
 * @DGW_GATEWAY_ERROR_TIMED_OUT: An answer did not come in time, or a command could
 *   not be sent in time: try again.
 * @DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE: A payload is larger than the limit: send less
 *   at once, or raise the limit if it was one that came in.
 * @DGW_GATEWAY_ERROR_DECOMPRESSION: What came could not be decompressed: connect
 *   again, with another compression if it happens often.
 *
 * What can go wrong with a gateway, one code for each thing that an application
 * may want to do about it.
 *
 * "Never retried" codes end the gateway for good also when it reconnects by
 * itself. Errors of networks, of TLS and of HTTP come in their own domains
 * ([error@Gio.IOErrorEnum], [error@Gio.TlsError], [error@Gio.ResolverError]).
 *
 * Discord's documentation: [Opcodes and Status Codes](https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway).
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_GATEWAY_ERROR_FAILED,
  DGW_GATEWAY_ERROR_NOT_READY,
  DGW_GATEWAY_ERROR_ALREADY_OPEN,
  DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED,
  DGW_GATEWAY_ERROR_INVALID_SHARD,
  DGW_GATEWAY_ERROR_SHARDING_REQUIRED,
  DGW_GATEWAY_ERROR_INVALID_API_VERSION,
  DGW_GATEWAY_ERROR_INVALID_INTENTS,
  DGW_GATEWAY_ERROR_DISALLOWED_INTENTS,
  DGW_GATEWAY_ERROR_SESSION_INVALIDATED,
  DGW_GATEWAY_ERROR_RATE_LIMITED,
  DGW_GATEWAY_ERROR_PROTOCOL,
  DGW_GATEWAY_ERROR_CLOSED,
  DGW_GATEWAY_ERROR_SESSION_START_LIMIT,
  DGW_GATEWAY_ERROR_RECONNECT_REQUESTED,
  DGW_GATEWAY_ERROR_HEARTBEAT_LOST,
  DGW_GATEWAY_ERROR_TIMED_OUT,
  DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE,
  DGW_GATEWAY_ERROR_DECOMPRESSION,
} DgwGatewayError;

#define DGW_TYPE_GATEWAY_ERROR (dgw_gateway_error_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_gateway_error_get_type (void) G_GNUC_CONST;

/**
 * DGW_GATEWAY_ERROR:
 *
 * The domain of errors of gateways; codes are of [error@GatewayError].
 *
 * Since: 0.1
 */
#define DGW_GATEWAY_ERROR (dgw_gateway_error_quark ())

DGW_AVAILABLE_IN_0_1
GQuark dgw_gateway_error_quark (void);

G_END_DECLS
