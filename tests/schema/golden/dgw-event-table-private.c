/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/protocol.toml and events.toml by dgw/schema/generate.py: edit those instead. */
#include "config.h"

#include "dgw-event-table-private.h"

#include <string.h>

#define LONGEST_NAME 9

/* In the order of the types. */
static const DgwEventInfo event_infos[DGW_N_EVENTS] = {
  {"AWAKE",     "awake",     5, DGW_EVENT_TYPE_AWAKE,     0                                       },
  {"DOOR_OPEN", "door-open", 9, DGW_EVENT_TYPE_DOOR_OPEN, DGW_INTENTS_ROOMS | DGW_INTENTS_WHISPERS},
  {"DOOR_SHUT", "door-shut", 9, DGW_EVENT_TYPE_DOOR_SHUT, DGW_INTENTS_ROOMS                       },
  {"LID_MOVED", "lid-moved", 9, DGW_EVENT_TYPE_LID_MOVED, 0                                       },
};

/* Types sorted by the length of the name, so that a look-up compares a few names only. */
static const guint16 types_by_length[DGW_N_EVENTS] = {
  1, 2, 3, 4};

/* Where the names of a length start in types_by_length; the next element ends them. */
static const guint16 length_starts[LONGEST_NAME + 2] = {
  0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 4};

/* NULL for a name that the schema lacks; the name need not end with a NUL. */
const DgwEventInfo *
dgw_event_info_by_name (const char *name, gsize length)
{
  if (length > LONGEST_NAME)
    return NULL;

  for (guint i = length_starts[length]; i < length_starts[length + 1]; i++)
    {
      const DgwEventInfo *info = &event_infos[types_by_length[i] - 1];

      if (memcmp (info->name, name, length) == 0)
        return info;
    }

  return NULL;
}

/* NULL for DGW_EVENT_TYPE_UNKNOWN and for any value that is no type. */
const DgwEventInfo *
dgw_event_info_by_type (guint type)
{
  if (type == DGW_EVENT_TYPE_UNKNOWN || type > DGW_N_EVENTS)
    return NULL;

  return &event_infos[type - 1];
}
