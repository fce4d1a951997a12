/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/objects/chest.toml by dgw/schema/generate.py: edit those instead. */
#include "config.h"

#include "dgw-entities-chest.h"

#include "dgw-entities-room.h"
#include "values/dgw-entity-private.h"

/**
 * DgwChest:
 *
 * A chest, with a field of each kind that doors and rooms have not.
 *
 * It comes with [signal@Gateway::lid-moved]. It is also part of [class@Chest].
 *
 * Discord's documentation: [Chest](https://discord.com/developers/docs/house/chest).
 *
 * Since: 0.2
 */
struct _DgwChest
{
  DgwEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (DgwChest, dgw_chest, DGW_TYPE_ENTITY)

enum
{
  CHEST_FIELD_TYPE,
  CHEST_FIELD_DATA,
  CHEST_FIELD_MARKS,
  CHEST_FIELD_SOUND,
  CHEST_FIELD_MADE_AT,
  CHEST_FIELD_OPENED_AT,
  CHEST_FIELD_WEIGHT,
  CHEST_FIELD_OPEN,
  CHEST_FIELD_WORDS,
  CHEST_FIELD_KINDS,
  CHEST_FIELD_CHESTS,
  CHEST_FIELD_REST,
};

static const DgwField chest_fields[] = {
  {"type",      "type",      DGW_FIELD_STRING,  0,  0, NULL              },
  {"data",      "data",      DGW_FIELD_OBJECT,  0,  0, dgw_room_get_type },
  {"marks",     "marks",     DGW_FIELD_UINT,    0,  0, NULL              },
  {"sound",     "sound",     DGW_FIELD_ID,      0,  1, NULL              },
  {"made_at",   "made-at",   DGW_FIELD_TIME,    0,  2, NULL              },
  {"opened_at", "opened-at", DGW_FIELD_TIME_MS, 0,  3, NULL              },
  {"weight",    "weight",    DGW_FIELD_DOUBLE,  -1, 0, NULL              },
  {"open",      "open",      DGW_FIELD_BOOLEAN, 0,  0, NULL              },
  {"words",     "words",     DGW_FIELD_STRINGS, 0,  4, NULL              },
  {"kinds",     "kinds",     DGW_FIELD_INTS,    0,  5, NULL              },
  {"chests",    "chests",    DGW_FIELD_MAP,     0,  6, dgw_chest_get_type},
  {"rest",      "rest",      DGW_FIELD_NODE,    0,  7, NULL              },
};

static void
dgw_chest_class_init (DgwChestClass *klass)
{
  dgw_entity_class_set_fields (DGW_ENTITY_CLASS (klass),
                               chest_fields,
                               G_N_ELEMENTS (chest_fields),
                               8);
}

static void
dgw_chest_init (DgwChest *self)
{
}

/**
 * DgwChest:type: (getter get_kind)
 *
 * Colour, whose getter has another name.
 *
 * One of the constants that begin with `DGW_COLOUR_`, such as [const@COLOUR_RED]; others
 * may come.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_kind: (get-property type)
 * @self: a chest
 *
 * Colour, whose getter has another name.
 *
 * One of the constants that begin with `DGW_COLOUR_`, such as [const@COLOUR_RED]; others
 * may come.
 *
 * Returns: (transfer none) (nullable): the value
 *
 * Since: 0.2
 */
const char *
dgw_chest_get_kind (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_read_string (self, &chest_fields[CHEST_FIELD_TYPE]);
}

/**
 * DgwChest:data: (getter get_entity)
 *
 * Room that it stands in.
 *
 * It has only some of its fields here. Reads as `NULL` if absent.
 *
 * Since: 0.3
 */

/**
 * dgw_chest_get_entity: (get-property data)
 * @self: a chest
 *
 * Room that it stands in.
 *
 * It has only some of its fields here.
 *
 * Returns: (transfer none) (nullable): the room, or `NULL` if absent
 *
 * Since: 0.3
 */
DgwRoom *
dgw_chest_get_entity (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_read_kept (self, &chest_fields[CHEST_FIELD_DATA]);
}

/**
 * DgwChest:marks: (getter get_marks)
 *
 * Marks on the chest.
 *
 * Bits of [flags@DoorMarks]; others may come.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_marks: (get-property marks)
 * @self: a chest
 *
 * Marks on the chest.
 *
 * Bits of [flags@DoorMarks]; others may come.
 *
 * Returns: the bits
 *
 * Since: 0.2
 */
guint
dgw_chest_get_marks (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), 0);

  return dgw_entity_read_uint (self, &chest_fields[CHEST_FIELD_MARKS]);
}

/**
 * DgwChest:sound: (getter get_sound)
 *
 * Sound of its lid.
 *
 * A snowflake, see [func@snowflake_get_time]. Reads as `NULL` if null in JSON.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_sound: (get-property sound)
 * @self: a chest
 *
 * Sound of its lid.
 *
 * A snowflake, see [func@snowflake_get_time].
 *
 * Returns: (transfer none) (nullable): the snowflake, or `NULL` if null in JSON
 *
 * Since: 0.2
 */
const char *
dgw_chest_get_sound (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_read_kept (self, &chest_fields[CHEST_FIELD_SOUND]);
}

/**
 * DgwChest:made-at: (getter get_made_at)
 *
 * Time at which it was made.
 *
 * Reads as `NULL` if absent or null in JSON.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_made_at: (get-property made-at)
 * @self: a chest
 *
 * Time at which it was made.
 *
 * Returns: (transfer none) (nullable): the time, or `NULL` if absent or null in JSON
 *
 * Since: 0.2
 */
GDateTime *
dgw_chest_get_made_at (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_read_kept (self, &chest_fields[CHEST_FIELD_MADE_AT]);
}

/**
 * DgwChest:opened-at: (getter get_opened_at)
 *
 * Time at which it was last opened.
 *
 * Without the intent `DGW_INTENTS_MESSAGE_CONTENT` it is empty in most messages: only
 * direct messages, those that mention the bot, and the bot's own have it.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_opened_at: (get-property opened-at)
 * @self: a chest
 *
 * Time at which it was last opened.
 *
 * Without the intent `DGW_INTENTS_MESSAGE_CONTENT` it is empty in most messages: only
 * direct messages, those that mention the bot, and the bot's own have it.
 *
 * Returns: (transfer none) (nullable): the time
 *
 * Since: 0.2
 */
GDateTime *
dgw_chest_get_opened_at (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_read_kept (self, &chest_fields[CHEST_FIELD_OPENED_AT]);
}

/**
 * DgwChest:weight: (getter get_weight)
 *
 * Kilograms.
 *
 * Discord has deprecated it. Reads as -1 if absent.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_weight: (get-property weight)
 * @self: a chest
 *
 * Kilograms.
 *
 * Discord has deprecated it.
 *
 * Returns: the number, or -1 if absent
 *
 * Since: 0.2
 */
double
dgw_chest_get_weight (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), -1);

  return dgw_entity_read_double (self, &chest_fields[CHEST_FIELD_WEIGHT]);
}

/**
 * DgwChest:open: (getter get_open)
 *
 * Whether it is open.
 *
 * Reads as `FALSE` if absent.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_open: (get-property open)
 * @self: a chest
 *
 * Whether it is open.
 *
 * Returns: `TRUE` if so; `FALSE` if absent
 *
 * Since: 0.2
 */
gboolean
dgw_chest_get_open (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), FALSE);

  return dgw_entity_read_boolean (self, &chest_fields[CHEST_FIELD_OPEN]);
}

/**
 * DgwChest:words: (getter get_words)
 *
 * Words on it.
 *
 * Discord documents 3 items, exactly or at most. Reads as `NULL` if absent.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_words: (get-property words)
 * @self: a chest
 *
 * Words on it.
 *
 * Discord documents 3 items, exactly or at most.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the strings, or `NULL`
 *   if absent
 *
 * Since: 0.2
 */
const char *const *
dgw_chest_get_words (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_read_kept (self, &chest_fields[CHEST_FIELD_WORDS]);
}

/**
 * DgwChest:kinds: (getter get_kinds)
 *
 * Kinds of door that it goes through.
 *
 * Each item is a constant of [enum@DoorKind]; others may come.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_kinds: (get-property kinds)
 * @self: a chest
 *
 * Kinds of door that it goes through.
 *
 * Each item is a constant of [enum@DoorKind]; others may come.
 *
 * Returns: (transfer none) (nullable): the numbers
 *
 * Since: 0.2
 */
GVariant *
dgw_chest_get_kinds (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_read_kept (self, &chest_fields[CHEST_FIELD_KINDS]);
}

/**
 * DgwChest:chests: (getter get_chests)
 *
 * Chests within.
 *
 * The items are [class@Chest]; the keys are snowflakes: [method@Chest.dup_chests_keys]
 * has them, [method@Chest.lookup_chests] finds by them. It is not in Discord's
 * documentation and may go without notice.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_chests: (get-property chests)
 * @self: a chest
 *
 * Chests within.
 *
 * The items are [class@Chest]; the keys are snowflakes: [method@Chest.dup_chests_keys]
 * has them, [method@Chest.lookup_chests] finds by them. It is not in Discord's
 * documentation and may go without notice.
 *
 * Returns: (transfer none) (nullable): the values
 *
 * Since: 0.2
 */
GListModel *
dgw_chest_get_chests (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_read_kept (self, &chest_fields[CHEST_FIELD_CHESTS]);
}

/**
 * dgw_chest_dup_chests_keys:
 * @self: a chest
 *
 * The keys of [property@Chest:chests],
 * in the order in which they came.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the keys; `NULL`
 *   when there is no such map
 *
 * Since: 0.2
 */
char **
dgw_chest_dup_chests_keys (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_dup_keys (self, &chest_fields[CHEST_FIELD_CHESTS]);
}

/**
 * dgw_chest_lookup_chests:
 * @self: a chest
 * @key: a key
 *
 * Finds a value of [property@Chest:chests] by its key.
 *
 * Returns: (transfer none) (nullable): the value; `NULL` when there is none
 *
 * Since: 0.2
 */
DgwChest *
dgw_chest_lookup_chests (DgwChest *self, const char *key)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return dgw_entity_lookup (self, &chest_fields[CHEST_FIELD_CHESTS], key);
}

/**
 * DgwChest:rest: (getter get_rest)
 *
 * Everything else.
 *
 * JSON: each item is a number.
 *
 * Since: 0.2
 */

/**
 * dgw_chest_get_rest: (get-property rest)
 * @self: a chest
 *
 * Everything else.
 *
 * JSON: each item is a number.
 *
 * Returns: (transfer none) (nullable): the JSON, not to be changed
 *
 * Since: 0.2
 */
JsonNode *
dgw_chest_get_rest (DgwChest *self)
{
  g_return_val_if_fail (DGW_IS_CHEST (self), NULL);

  return dgw_entity_read_kept (self, &chest_fields[CHEST_FIELD_REST]);
}
