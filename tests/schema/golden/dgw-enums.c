/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/enums.toml and flags.toml by dgw/schema/generate.py: edit those instead. */
#include "config.h"

#include "dgw-enums.h"

G_DEFINE_ENUM_TYPE (DgwDoorKind,
                    dgw_door_kind,
                    G_DEFINE_ENUM_VALUE (DGW_DOOR_KIND_HINGED, "hinged"),
                    G_DEFINE_ENUM_VALUE (DGW_DOOR_KIND_SLIDING, "sliding"))

G_DEFINE_FLAGS_TYPE (DgwDoorMarks,
                     dgw_door_marks,
                     G_DEFINE_ENUM_VALUE (DGW_DOOR_MARKS_SCRATCHED, "scratched"),
                     G_DEFINE_ENUM_VALUE (DGW_DOOR_MARKS_PAINTED, "painted"))
