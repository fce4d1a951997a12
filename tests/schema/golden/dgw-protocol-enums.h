/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/protocol.toml and events.toml by dgw/schema/generate.py: edit those instead. */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

/**
 * DgwOpcode:
 * @DGW_OPCODE_DISPATCH: An event.
 * @DGW_OPCODE_SAY_HELLO: A greeting that is described at such a length that the line has
 *   to be broken somewhere, and is.
 *
 * What a payload is for. Functions take opcodes as `guint`, since Discord adds
 * new ones: these are the ones that this version knows.
 *
 * Discord's documentation: [Gateway Opcodes](https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-opcodes).
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_OPCODE_DISPATCH = 0,
  DGW_OPCODE_SAY_HELLO = 10,
} DgwOpcode;

#define DGW_TYPE_OPCODE (dgw_opcode_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_opcode_get_type (void) G_GNUC_CONST;

/**
 * DgwCloseCode:
 * @DGW_CLOSE_CODE_TOO_LOUD: 4100. Somebody shouted.
 *
 * Why a connection was closed: the codes from 4000 are Discord's, the others
 * those of every WebSocket. Functions take close codes as `guint`, since Discord
 * adds new ones: these are the ones that this version knows.
 *
 * See [func@CloseCode.can_reconnect], [func@CloseCode.can_resume].
 *
 * Discord's documentation: [Gateway Close Event Codes](https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes).
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_CLOSE_CODE_TOO_LOUD = 4100,
} DgwCloseCode;

#define DGW_TYPE_CLOSE_CODE (dgw_close_code_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_close_code_get_type (void) G_GNUC_CONST;

/**
 * DgwIntents:
 * @DGW_INTENTS_NONE: Nothing.
 * @DGW_INTENTS_ROOMS: Rooms. Events: `DOOR_OPEN`, `DOOR_SHUT`.
 * @DGW_INTENTS_WHISPERS: Whispers. Privileged. Events: `DOOR_OPEN`.
 * @DGW_INTENTS_PRIVILEGED: The secret ones.
 *
 * Which events the gateway sends: bits to join with `|`, and groups of them.
 * Functions take intents as `guint`, since Discord adds new bits: these are the
 * ones that this version knows.
 *
 * Discord's documentation: [Gateway Intents](https://discord.com/developers/docs/events/gateway#gateway-intents).
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_INTENTS_NONE = 0,
  DGW_INTENTS_ROOMS = 1 << 0,
  DGW_INTENTS_WHISPERS = 1 << 3,
  DGW_INTENTS_PRIVILEGED = 0x8,
} DgwIntents;

#define DGW_TYPE_INTENTS (dgw_intents_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_intents_get_type (void) G_GNUC_CONST;

/**
 * DgwEventType:
 * @DGW_EVENT_TYPE_UNKNOWN: An event that this version does not know.
 * @DGW_EVENT_TYPE_AWAKE: The session has begun.
 * @DGW_EVENT_TYPE_DOOR_OPEN: A door was opened. Also when it was pushed.
 * @DGW_EVENT_TYPE_DOOR_SHUT: A door was shut. A draft of Discord's documentation: it may
 *   change.
 * @DGW_EVENT_TYPE_LID_MOVED: A lid was moved.
 *
 * The dispatch events. Discord adds new ones, which are delivered too: as
 * `DGW_EVENT_TYPE_UNKNOWN` with their name.
 *
 * Discord's documentation: [Receive Events](https://discord.com/developers/docs/events/gateway-events#receive-events).
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_EVENT_TYPE_UNKNOWN = 0,
  DGW_EVENT_TYPE_AWAKE = 1,
  DGW_EVENT_TYPE_DOOR_OPEN = 2,
  DGW_EVENT_TYPE_DOOR_SHUT = 3,
  DGW_EVENT_TYPE_LID_MOVED = 4,
} DgwEventType;

#define DGW_TYPE_EVENT_TYPE (dgw_event_type_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_event_type_get_type (void) G_GNUC_CONST;

G_END_DECLS
