/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/objects/house.toml by dgw/schema/generate.py: edit those instead. */
#include "config.h"

#include "dgw-entities-house.h"

#include "dgw-entities-room.h"
#include "values/dgw-entity-private.h"

/**
 * DgwDoor:
 *
 * A door of any kind.
 *
 * It comes with [signal@Gateway::door-open] and [signal@Gateway::door-shut].
 *
 * Objects of several kinds in one, so any field may be absent. [property@Door:kind] tells
 * the kind: a constant of [enum@DoorKind]; others may come. Fields that only some kinds
 * have:
 *
 * - `DGW_DOOR_KIND_SLIDING`: `rail`
 * - `DGW_DOOR_KIND_HINGED`: `hinges`
 *
 * Discord's documentation:
 * [Door Object](https://discord.com/developers/docs/house/door#door-object).
 *
 * Since: 0.1
 */
struct _DgwDoor
{
  DgwEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (DgwDoor, dgw_door, DGW_TYPE_ENTITY)

enum
{
  DOOR_FIELD_ID,
  DOOR_FIELD_KIND,
  DOOR_FIELD_MARKS,
  DOOR_FIELD_MARKS_STRING,
  DOOR_FIELD_RAIL,
  DOOR_FIELD_HINGES,
  DOOR_FIELD_ROOMS,
};

static const DgwField door_fields[] = {
  {"id",     "id",           DGW_FIELD_STRING, 0,  0, NULL             },
  {"kind",   "kind",         DGW_FIELD_INT,    -1, 0, NULL             },
  {"marks",  "marks",        DGW_FIELD_UINT64, 0,  0, NULL             },
  {"marks",  "marks-string", DGW_FIELD_STRING, 0,  0, NULL             },
  {"rail",   "rail",         DGW_FIELD_STRING, 0,  0, NULL             },
  {"hinges", "hinges",       DGW_FIELD_INT,    -1, 0, NULL             },
  {"rooms",  "rooms",        DGW_FIELD_LIST,   0,  0, dgw_room_get_type},
};

static void
dgw_door_class_init (DgwDoorClass *klass)
{
  dgw_entity_class_set_fields (DGW_ENTITY_CLASS (klass),
                               door_fields,
                               G_N_ELEMENTS (door_fields),
                               1);
}

static void
dgw_door_init (DgwDoor *self)
{
}

/**
 * DgwDoor:id: (getter get_id)
 *
 * Snowflake of the door.
 *
 * A snowflake, see [func@snowflake_get_time]. Reads as `NULL` if absent.
 *
 * Since: 0.1
 */

/**
 * dgw_door_get_id: (get-property id)
 * @self: a door
 *
 * Snowflake of the door.
 *
 * A snowflake, see [func@snowflake_get_time].
 *
 * Returns: (transfer none) (nullable): the snowflake, or `NULL` if absent
 *
 * Since: 0.1
 */
const char *
dgw_door_get_id (DgwDoor *self)
{
  g_return_val_if_fail (DGW_IS_DOOR (self), NULL);

  return dgw_entity_read_string (self, &door_fields[DOOR_FIELD_ID]);
}

/**
 * DgwDoor:kind: (getter get_kind)
 *
 * Kind of door.
 *
 * A constant of [enum@DoorKind]; others may come. Reads as -1 if absent.
 *
 * Since: 0.1
 */

/**
 * dgw_door_get_kind: (get-property kind)
 * @self: a door
 *
 * Kind of door.
 *
 * A constant of [enum@DoorKind]; others may come.
 *
 * Returns: the value, or -1 if absent
 *
 * Since: 0.1
 */
int
dgw_door_get_kind (DgwDoor *self)
{
  g_return_val_if_fail (DGW_IS_DOOR (self), -1);

  return dgw_entity_read_int (self, &door_fields[DOOR_FIELD_KIND]);
}

/**
 * DgwDoor:marks: (getter get_marks)
 *
 * Marks on the door.
 *
 * Bits of [flags@DoorMarks]; others may come. [property@Door:marks-string] has them as
 * they came. Reads as 0 if absent.
 *
 * Since: 0.1
 */

/**
 * dgw_door_get_marks: (get-property marks)
 * @self: a door
 *
 * Marks on the door.
 *
 * Bits of [flags@DoorMarks]; others may come. [property@Door:marks-string] has them as
 * they came.
 *
 * Returns: the bits, or 0 if absent
 *
 * Since: 0.1
 */
guint64
dgw_door_get_marks (DgwDoor *self)
{
  g_return_val_if_fail (DGW_IS_DOOR (self), 0);

  return dgw_entity_read_uint64 (self, &door_fields[DOOR_FIELD_MARKS]);
}

/**
 * DgwDoor:marks-string: (getter get_marks_string)
 *
 * Marks on the door.
 *
 * The decimal number as it came; [property@Door:marks] has it as bits. Reads as `NULL` if
 * absent.
 *
 * Since: 0.1
 */

/**
 * dgw_door_get_marks_string: (get-property marks-string)
 * @self: a door
 *
 * Marks on the door.
 *
 * The decimal number as it came; [property@Door:marks] has it as bits.
 *
 * Returns: (transfer none) (nullable): the string, or `NULL` if absent
 *
 * Since: 0.1
 */
const char *
dgw_door_get_marks_string (DgwDoor *self)
{
  g_return_val_if_fail (DGW_IS_DOOR (self), NULL);

  return dgw_entity_read_string (self, &door_fields[DOOR_FIELD_MARKS_STRING]);
}

/**
 * DgwDoor:rail: (getter get_rail)
 *
 * Rail of a sliding door; null when it is hidden.
 *
 * Only with the kind `DGW_DOOR_KIND_SLIDING`. Reads as `NULL` if absent or null in JSON.
 *
 * Since: 0.1
 */

/**
 * dgw_door_get_rail: (get-property rail)
 * @self: a door
 *
 * Rail of a sliding door; null when it is hidden.
 *
 * Only with the kind `DGW_DOOR_KIND_SLIDING`.
 *
 * Returns: (transfer none) (nullable): the string, or `NULL` if absent or null in JSON
 *
 * Since: 0.1
 */
const char *
dgw_door_get_rail (DgwDoor *self)
{
  g_return_val_if_fail (DGW_IS_DOOR (self), NULL);

  return dgw_entity_read_string (self, &door_fields[DOOR_FIELD_RAIL]);
}

/**
 * DgwDoor:hinges: (getter get_hinges)
 *
 * How many hinges there are.
 *
 * Only with the kind `DGW_DOOR_KIND_HINGED`. Reads as -1 if absent.
 *
 * Since: 0.1
 */

/**
 * dgw_door_get_hinges: (get-property hinges)
 * @self: a door
 *
 * How many hinges there are.
 *
 * Only with the kind `DGW_DOOR_KIND_HINGED`.
 *
 * Returns: the number, or -1 if absent
 *
 * Since: 0.1
 */
int
dgw_door_get_hinges (DgwDoor *self)
{
  g_return_val_if_fail (DGW_IS_DOOR (self), -1);

  return dgw_entity_read_int (self, &door_fields[DOOR_FIELD_HINGES]);
}

/**
 * DgwDoor:rooms: (getter get_rooms)
 *
 * Rooms on both sides.
 *
 * The items are [class@Room]. Discord documents 2 items, exactly or at most. They have
 * only some of their fields here. Reads as `NULL` if absent.
 *
 * Since: 0.1
 */

/**
 * dgw_door_get_rooms: (get-property rooms)
 * @self: a door
 *
 * Rooms on both sides.
 *
 * The items are [class@Room]. Discord documents 2 items, exactly or at most. They have
 * only some of their fields here.
 *
 * Returns: (transfer none) (nullable): the items, or `NULL` if absent
 *
 * Since: 0.1
 */
GListModel *
dgw_door_get_rooms (DgwDoor *self)
{
  g_return_val_if_fail (DGW_IS_DOOR (self), NULL);

  return dgw_entity_read_kept (self, &door_fields[DOOR_FIELD_ROOMS]);
}
