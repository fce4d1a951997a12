/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

/**
 * DgwActivityType:
 * @DGW_ACTIVITY_TYPE_PLAYING: "Playing {name}"
 * @DGW_ACTIVITY_TYPE_STREAMING: "Streaming {name}", with a link to the stream
 * @DGW_ACTIVITY_TYPE_LISTENING: "Listening to {name}"
 * @DGW_ACTIVITY_TYPE_WATCHING: "Watching {name}"
 * @DGW_ACTIVITY_TYPE_CUSTOM: "{state}", a status text without a verb
 * @DGW_ACTIVITY_TYPE_COMPETING: "Competing in {name}"
 *
 * Constants for the kind of an activity. Discord may add others: where a kind
 * is passed or returned it is an integer.
 *
 * Discord's documentation: [Activity Types](https://discord.com/developers/docs/events/gateway-events#activity-object-activity-types).
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_ACTIVITY_TYPE_PLAYING = 0,
  DGW_ACTIVITY_TYPE_STREAMING = 1,
  DGW_ACTIVITY_TYPE_LISTENING = 2,
  DGW_ACTIVITY_TYPE_WATCHING = 3,
  DGW_ACTIVITY_TYPE_CUSTOM = 4,
  DGW_ACTIVITY_TYPE_COMPETING = 5,
} DgwActivityType;

#define DGW_TYPE_ACTIVITY_TYPE (dgw_activity_type_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_activity_type_get_type (void) G_GNUC_CONST;

G_END_DECLS
