/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/events.toml by dgw/schema/generate.py: edit those instead. */
#include "config.h"

#include "dgw-event-signals-private.h"

#include "dgw-event-payload-private.h"
#include "dgw-event-table-private.h"
#include "values/dgw-event.h"

/**
 * DgwGateway::awake:
 * @self: the gateway
 * @event: (nullable): the event
 *
 * The session has begun.
 *
 * The event `AWAKE`, emitted after [signal@Gateway::event] with the same data. It needs
 * no intent.
 *
 * Discord's documentation:
 * [Awake](https://discord.com/developers/docs/events/gateway-events#awake).
 *
 * Since: 0.1
 */

/**
 * DgwGateway::door-open:
 * @self: the gateway
 * @door: a door
 *
 * A door was opened.
 *
 * The event `DOOR_OPEN`, emitted after [signal@Gateway::event] with the same data. It
 * needs one of the intents `DGW_INTENTS_ROOMS` or `DGW_INTENTS_WHISPERS`, see
 * [flags@Intents]. Also when it was pushed.
 *
 * Discord's documentation:
 * [Door Open](https://discord.com/developers/docs/events/gateway-events#door-open).
 *
 * Since: 0.1
 */

/**
 * DgwGateway::door-shut:
 * @self: the gateway
 * @door: a door
 *
 * A door was shut.
 *
 * The event `DOOR_SHUT`, emitted after [signal@Gateway::event] with the same data. It
 * needs the intent `DGW_INTENTS_ROOMS`, see [flags@Intents].
 *
 * A draft of Discord's documentation: it may change.
 *
 * Since: 0.1
 */

/**
 * DgwGateway::lid-moved:
 * @self: the gateway
 * @chest: a chest
 *
 * A lid was moved.
 *
 * The event `LID_MOVED`, emitted after [signal@Gateway::event] with the same data. It
 * needs no intent. The bot needs the permission [const@PERMISSIONS_ENTER], and one of
 * [const@PERMISSIONS_PAINT] or [const@PERMISSIONS_ENTER]. Without the intent
 * `DGW_INTENTS_WHISPERS` parts of the data are empty. It comes to shard 0 only.
 *
 * Discord's documentation:
 * [Lid Moved](https://discord.com/developers/docs/events/gateway-events#lid-moved).
 *
 * Since: 0.2
 */

void
dgw_event_signals_install (GObjectClass *klass, guint *ids)
{
  for (guint type = 1; type <= DGW_N_EVENTS; type++)
    {
      GType payload = dgw_event_payload_get_type (type);

      ids[type] = g_signal_new (dgw_event_info_by_type (type)->signal_name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, payload != G_TYPE_INVALID ? payload : DGW_TYPE_EVENT);
    }
}
