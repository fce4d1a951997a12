/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-gateway-private.h"

guint dgw_gateway_signals[DGW_GATEWAY_N_SIGNALS];

/* All are emitted in the drain, as the last act on a consistent object. */
static guint
create (GObjectClass *object_class,
        const char   *name,
        GSignalFlags  flags,
        GType         first,
        GType         second,
        GType         third)
{
  const guint n_types = (first != G_TYPE_NONE) + (second != G_TYPE_NONE) + (third != G_TYPE_NONE);

  return g_signal_new (name, G_TYPE_FROM_CLASS (object_class), G_SIGNAL_RUN_LAST | flags, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_types, first, second, third);
}

void
dgw_gateway_install_signals (GObjectClass *object_class)
{
  /**
   * DgwGateway::event:
   * @self: the gateway
   * @event: the event
   *
   * Emitted for every event, in the order in which they came, known to this
   * version or not.
   *
   * The detail is the name as on the wire: `event::MESSAGE_CREATE`. Once the
   * handlers have returned, [property@Gateway:sequence] is the event's: a
   * session saved then does not bring it again.
   *
   * Emitted in the gateway's context, as all its signals are.
   *
   * Since: 0.1
   */
  dgw_gateway_signals[DGW_GATEWAY_EVENT] =
    create (object_class, "event", G_SIGNAL_DETAILED, DGW_TYPE_EVENT, G_TYPE_NONE, G_TYPE_NONE);

  /**
   * DgwGateway::hello:
   * @self: the gateway
   * @interval: how often heartbeats are sent, in milliseconds
   *
   * Emitted when Discord has greeted a new connection (opcode 10).
   *
   * Since: 0.1
   */
  dgw_gateway_signals[DGW_GATEWAY_HELLO] =
    create (object_class, "hello", 0, G_TYPE_UINT, G_TYPE_NONE, G_TYPE_NONE);

  /**
   * DgwGateway::heartbeat-acked:
   * @self: the gateway
   * @latency: how long the answer took, in microseconds
   *
   * Emitted when Discord has answered a heartbeat (opcode 11).
   *
   * Since: 0.1
   */
  dgw_gateway_signals[DGW_GATEWAY_HEARTBEAT_ACKED] =
    create (object_class, "heartbeat-acked", 0, G_TYPE_INT64, G_TYPE_NONE, G_TYPE_NONE);

  /**
   * DgwGateway::disconnected:
   * @self: the gateway
   * @code: the close code of the side that closed first; 0: none
   * @reason: what that side said, without the token; may be empty. A server's
   *   words may hold any characters, also such that drive a terminal
   * @will_reconnect: whether the gateway will connect again by itself
   *
   * Emitted once for each connection that ended and each attempt that failed,
   * also for those that the application ended.
   *
   * [property@Gateway:last-error] tells more.
   *
   * Since: 0.1
   */
  dgw_gateway_signals[DGW_GATEWAY_DISCONNECTED] =
    create (object_class, "disconnected", 0, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_BOOLEAN);

  /**
   * DgwGateway::reconnecting:
   * @self: the gateway
   * @attempt: which attempt in a row it will be, from 1
   * @delay: how long it waits before, in milliseconds
   *
   * Emitted before each wait to connect again, also when
   * [method@Gateway.open_async] has not succeeded yet.
   *
   * Since: 0.1
   */
  dgw_gateway_signals[DGW_GATEWAY_RECONNECTING] =
    create (object_class, "reconnecting", 0, G_TYPE_UINT, G_TYPE_UINT, G_TYPE_NONE);

  /**
   * DgwGateway::session-invalidated:
   * @self: the gateway
   * @resumable: whether the session can be resumed on another connection
   *
   * Emitted when Discord has refused or ended the session (opcode 9), before
   * [signal@Gateway::disconnected]. When it is not resumable, events may be
   * lost: a new session is started.
   *
   * Since: 0.1
   */
  dgw_gateway_signals[DGW_GATEWAY_SESSION_INVALIDATED] =
    create (object_class, "session-invalidated", 0, G_TYPE_BOOLEAN, G_TYPE_NONE, G_TYPE_NONE);

  /**
   * DgwGateway::failed:
   * @self: the gateway
   * @error: why
   *
   * Emitted when the gateway is down for good: with
   * [property@Gateway:auto-reconnect] when trying again is of no use, without
   * it when a connection ends. Never for a close or a cancellation.
   *
   * When [method@Gateway.open_async] is pending it finishes right after this,
   * with the same error. The gateway can be opened again, in the handler too.
   *
   * Since: 0.1
   */
  dgw_gateway_signals[DGW_GATEWAY_FAILED] =
    create (object_class, "failed", 0, G_TYPE_ERROR, G_TYPE_NONE, G_TYPE_NONE);

  /**
   * DgwGateway::application-stalled:
   * @self: the gateway
   * @duration: how long it took, in microseconds
   *
   * Emitted when the application's loop took over a second to take the events
   * that were waiting for it, before they are emitted.
   *
   * The connection does not suffer from that before the backlog is full, see
   * [property@Gateway:max-backlog-bytes]. But users wait.
   *
   * Since: 0.1
   */
  dgw_gateway_signals[DGW_GATEWAY_APPLICATION_STALLED] =
    create (object_class, "application-stalled", 0, G_TYPE_INT64, G_TYPE_NONE, G_TYPE_NONE);
}
