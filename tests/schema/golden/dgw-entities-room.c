/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/objects/room.toml by dgw/schema/generate.py: edit those instead. */
#include "config.h"

#include "dgw-entities-room.h"

#include "values/dgw-entity-private.h"

/**
 * DgwRoom:
 *
 * A room.
 *
 * It is part of [class@Chest] and [class@Door].
 *
 * A draft of Discord's documentation: it may change.
 *
 * Since: 0.1
 */
struct _DgwRoom
{
  DgwEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (DgwRoom, dgw_room, DGW_TYPE_ENTITY)

enum
{
  ROOM_FIELD_NAME,
  ROOM_FIELD_BUILT_AT,
  ROOM_FIELD_GUESTS,
  ROOM_FIELD_LOCK,
  ROOM_FIELD_WORD,
};

static const DgwField room_fields[] = {
  {"name",     "name",     DGW_FIELD_STRING,     0, 0, NULL},
  {"built_at", "built-at", DGW_FIELD_INT64,      0, 0, NULL},
  {"guests",   "guests",   DGW_FIELD_STRING_MAP, 0, 0, NULL},
  {"lock",     "lock",     DGW_FIELD_PRESENCE,   0, 0, NULL},
  {"word",     "word",     DGW_FIELD_NODE,       0, 1, NULL},
};

static void
dgw_room_class_init (DgwRoomClass *klass)
{
  dgw_entity_class_set_fields (DGW_ENTITY_CLASS (klass),
                               room_fields,
                               G_N_ELEMENTS (room_fields),
                               2);
}

static void
dgw_room_init (DgwRoom *self)
{
}

/**
 * DgwRoom:name: (getter get_name)
 *
 * Name of the room.
 *
 * Since: 0.1
 */

/**
 * dgw_room_get_name: (get-property name)
 * @self: a room
 *
 * Name of the room.
 *
 * Returns: (transfer none) (nullable): the string
 *
 * Since: 0.1
 */
const char *
dgw_room_get_name (DgwRoom *self)
{
  g_return_val_if_fail (DGW_IS_ROOM (self), NULL);

  return dgw_entity_read_string (self, &room_fields[ROOM_FIELD_NAME]);
}

/**
 * DgwRoom:built-at: (getter get_built_at)
 *
 * Time at which it was built.
 *
 * In seconds since 1970.
 *
 * Since: 0.1
 */

/**
 * dgw_room_get_built_at: (get-property built-at)
 * @self: a room
 *
 * Time at which it was built.
 *
 * In seconds since 1970.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
gint64
dgw_room_get_built_at (DgwRoom *self)
{
  g_return_val_if_fail (DGW_IS_ROOM (self), 0);

  return dgw_entity_read_int64 (self, &room_fields[ROOM_FIELD_BUILT_AT]);
}

/**
 * DgwRoom:guests: (getter get_guests)
 *
 * Who is there, by the door they took.
 *
 * Strings by key, `a{ss}`; the keys are the numbers of [enum@DoorKind]:
 * [method@Room.dup_guests_keys] has them, [method@Room.lookup_guests] finds by them.
 * Reads as `NULL` if absent.
 *
 * Since: 0.1
 */

/**
 * dgw_room_get_guests: (get-property guests)
 * @self: a room
 *
 * Who is there, by the door they took.
 *
 * Strings by key, `a{ss}`; the keys are the numbers of [enum@DoorKind]:
 * [method@Room.dup_guests_keys] has them, [method@Room.lookup_guests] finds by them.
 *
 * Returns: (transfer none) (nullable): the values by key, or `NULL` if absent
 *
 * Since: 0.1
 */
GVariant *
dgw_room_get_guests (DgwRoom *self)
{
  g_return_val_if_fail (DGW_IS_ROOM (self), NULL);

  return dgw_entity_read_kept (self, &room_fields[ROOM_FIELD_GUESTS]);
}

/**
 * dgw_room_dup_guests_keys:
 * @self: a room
 *
 * The keys of [property@Room:guests],
 * in the order in which they came.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the keys; `NULL`
 *   when there is no such map
 *
 * Since: 0.1
 */
char **
dgw_room_dup_guests_keys (DgwRoom *self)
{
  g_return_val_if_fail (DGW_IS_ROOM (self), NULL);

  return dgw_entity_dup_keys (self, &room_fields[ROOM_FIELD_GUESTS]);
}

/**
 * dgw_room_lookup_guests:
 * @self: a room
 * @key: a key
 *
 * Finds a value of [property@Room:guests] by its key.
 *
 * Returns: (transfer none) (nullable): the value; `NULL` when there is none
 *
 * Since: 0.1
 */
const char *
dgw_room_lookup_guests (DgwRoom *self, const char *key)
{
  g_return_val_if_fail (DGW_IS_ROOM (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return dgw_entity_lookup (self, &room_fields[ROOM_FIELD_GUESTS], key);
}

/**
 * DgwRoom:lock: (getter get_lock)
 *
 * Whether it has a lock.
 *
 * On the wire null stands for yes, and no key for no. Reads as `FALSE` if absent or null
 * in JSON.
 *
 * Since: 0.1
 */

/**
 * dgw_room_get_lock: (get-property lock)
 * @self: a room
 *
 * Whether it has a lock.
 *
 * On the wire null stands for yes, and no key for no.
 *
 * Returns: `TRUE` if so; `FALSE` if absent or null in JSON
 *
 * Since: 0.1
 */
gboolean
dgw_room_get_lock (DgwRoom *self)
{
  g_return_val_if_fail (DGW_IS_ROOM (self), FALSE);

  return dgw_entity_read_boolean (self, &room_fields[ROOM_FIELD_LOCK]);
}

/**
 * DgwRoom:word: (getter get_word)
 *
 * Word that was said.
 *
 * JSON: a string or a number. Only in [signal@Gateway::door-open].
 *
 * Since: 0.1
 */

/**
 * dgw_room_get_word: (get-property word)
 * @self: a room
 *
 * Word that was said.
 *
 * JSON: a string or a number. Only in [signal@Gateway::door-open].
 *
 * Returns: (transfer none) (nullable): the JSON, not to be changed
 *
 * Since: 0.1
 */
JsonNode *
dgw_room_get_word (DgwRoom *self)
{
  g_return_val_if_fail (DGW_IS_ROOM (self), NULL);

  return dgw_entity_read_kept (self, &room_fields[ROOM_FIELD_WORD]);
}
