/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/objects by dgw/schema/generate.py: edit those instead. */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DgwChest DgwChest;
typedef struct _DgwDoor  DgwDoor;
typedef struct _DgwRoom  DgwRoom;

G_END_DECLS
