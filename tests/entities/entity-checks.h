/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "entity-oracle.h"

G_BEGIN_DECLS

/* What entity-checks.c.in makes from the catalogue. */

extern const Row   entity_rows[];
extern const guint entity_n_rows;

typedef struct
{
  const char *name;
  const char *signal;
  CheckFunc   check;     /* NULL: the signal has the event itself */
  const char *guild_key; /* of the event's guild; NULL: it is of none */
} EventRow;

extern const EventRow entity_events[];
extern const guint    entity_n_events;

G_END_DECLS
