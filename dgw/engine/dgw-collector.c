/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-collector-private.h"

typedef struct
{
  gint64   index;
  DgwJson *json;
} Part;

static void
clear_part (gpointer data)
{
  Part *part = data;

  g_clear_pointer (&part->json, dgw_json_unref);
}

void
dgw_collector_init (DgwCollector *self)
{
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->parts, clear_part);
  self->count = 0;
}

void
dgw_collector_clear (DgwCollector *self)
{
  g_clear_pointer (&self->parts, g_array_unref);
}

void
dgw_collector_reset (DgwCollector *self)
{
  g_array_set_size (self->parts, 0);
  self->count = 0;
}

/* Where it is, or else would have to be. */
static guint
find_place (const DgwCollector *self,
            gint64              index)
{
  guint first = 0;
  guint end = self->parts->len;

  while (first < end)
    {
      guint middle = first + (end - first) / 2;

      if (g_array_index (self->parts, Part, middle).index < index)
        first = middle + 1;
      else
        end = middle;
    }

  return first;
}

gboolean
dgw_collector_has (const DgwCollector *self,
                   gint64              index)
{
  guint place = find_place (self, index);

  return place < self->parts->len && g_array_index (self->parts, Part, place).index == index;
}

gboolean
dgw_collector_add (DgwCollector *self,
                   gint64        index,
                   gint64        count,
                   DgwJson      *json)
{
  Part part = {index, NULL};

  if (index < 0 || index >= count || self->parts->len >= DGW_COLLECTOR_MAX_PARTS || dgw_collector_has (self, index))
    return FALSE;

  part.json = dgw_json_ref (json);
  g_array_insert_val (self->parts, find_place (self, index), part);
  self->count = count;

  return TRUE;
}

gboolean
dgw_collector_is_empty (const DgwCollector *self)
{
  return self->parts->len == 0;
}

gboolean
dgw_collector_is_complete (const DgwCollector *self)
{
  return self->parts->len > 0 && self->parts->len >= self->count;
}

GPtrArray *
dgw_collector_steal (DgwCollector *self)
{
  GPtrArray *documents = g_ptr_array_new_full (self->parts->len, (GDestroyNotify)dgw_json_unref);

  for (guint i = 0; i < self->parts->len; i++)
    g_ptr_array_add (documents, g_steal_pointer (&g_array_index (self->parts, Part, i).json));
  dgw_collector_reset (self);

  return documents;
}
