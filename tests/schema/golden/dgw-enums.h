/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/enums.toml and flags.toml by dgw/schema/generate.py: edit those instead. */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

/**
 * DgwDoorKind:
 * @DGW_DOOR_KIND_HINGED: Turns on hinges. Also called `ORDINARY`.
 * @DGW_DOOR_KIND_SLIDING: Runs on a rail. It is not in Discord's documentation and may go
 *   without notice.
 *
 * Kind of door.
 *
 * Fields with such a value are integers, since Discord adds new ones: these are the ones
 * that this version knows. Found in [property@Chest:kinds], [property@Door:kind] and
 * [property@Room:guests].
 *
 * Discord's documentation:
 * [Door Kinds](https://discord.com/developers/docs/house/door#door-object-door-kinds).
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_DOOR_KIND_HINGED = 1,
  DGW_DOOR_KIND_SLIDING = 2,
} DgwDoorKind;

#define DGW_TYPE_DOOR_KIND (dgw_door_kind_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_door_kind_get_type (void) G_GNUC_CONST;

/**
 * DGW_COLOUR_RED:
 *
 * Red.
 *
 * `Colour`: Colour of a door. Found in [property@Chest:type].
 *
 * Since: 0.1
 */
#define DGW_COLOUR_RED "red"

/**
 * DgwDoorMarks:
 * @DGW_DOOR_MARKS_SCRATCHED: It is scratched.
 * @DGW_DOOR_MARKS_PAINTED: It is painted. Also called `COLOURED`. Since 0.10.
 *
 * Marks on a door.
 *
 * Fields with such bits are integers, since Discord adds new ones: these are the ones
 * that this version knows. Found in [property@Chest:marks] and [property@Door:marks].
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_DOOR_MARKS_SCRATCHED = 1 << 0,
  DGW_DOOR_MARKS_PAINTED = 1 << 5,
} DgwDoorMarks;

#define DGW_TYPE_DOOR_MARKS (dgw_door_marks_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_door_marks_get_type (void) G_GNUC_CONST;

/**
 * DGW_PERMISSIONS_ENTER:
 *
 * Enter.
 *
 * `Permissions`: What one may do.
 *
 * Since: 0.1
 */
#define DGW_PERMISSIONS_ENTER G_GUINT64_CONSTANT (0x10000000000)

/**
 * DGW_PERMISSIONS_PAINT:
 *
 * Paint. It is not in Discord's documentation and may go without notice.
 *
 * `Permissions`: What one may do.
 *
 * Since: 0.2
 */
#define DGW_PERMISSIONS_PAINT G_GUINT64_CONSTANT (0x20000000000)

G_END_DECLS
