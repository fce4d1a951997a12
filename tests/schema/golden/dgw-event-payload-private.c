/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/events.toml by dgw/schema/generate.py: edit those instead. */
#include "config.h"

#include "dgw-event-payload-private.h"

#include "dgw-entities-chest.h"
#include "dgw-entities-house.h"
#include "dgw-entities-room.h"
#include "dgw-event-table-private.h"

typedef GType (*GetType) (void);

/* In the order of the event types. */
static const GetType payload_types[DGW_N_EVENTS] = {
  NULL,               /* AWAKE */
  dgw_door_get_type,  /* DOOR_OPEN */
  dgw_door_get_type,  /* DOOR_SHUT */
  dgw_chest_get_type, /* LID_MOVED */
};

GType
dgw_event_payload_get_type (DgwEventType type)
{
  GetType get_type = NULL;

  if (type != DGW_EVENT_TYPE_UNKNOWN && (guint)type <= DGW_N_EVENTS)
    get_type = payload_types[type - 1];

  return get_type != NULL ? get_type () : G_TYPE_INVALID;
}
