/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-agenda.h"

/* A binary heap. */
struct _SimAgenda
{
  GArray *entries;
};

SimAgenda *
sim_agenda_new (void)
{
  SimAgenda *self = g_new0 (SimAgenda, 1);

  self->entries = g_array_sized_new (FALSE, FALSE, sizeof (SimEntry), 64);

  return self;
}

void
sim_agenda_free (SimAgenda *self)
{
  g_array_unref (self->entries);
  g_free (self);
}

static SimEntry *
at (SimAgenda *self,
    guint      index)
{
  return &g_array_index (self->entries, SimEntry, index);
}

static gboolean
is_before (const SimEntry *a,
           const SimEntry *b)
{
  return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void
swap (SimEntry *a,
      SimEntry *b)
{
  SimEntry entry = *a;

  *a = *b;
  *b = entry;
}

void
sim_agenda_add (SimAgenda *self,
                SimEntry   entry)
{
  guint index = self->entries->len;

  g_array_append_val (self->entries, entry);
  while (index > 0 && is_before (at (self, index), at (self, (index - 1) / 2)))
    {
      swap (at (self, index), at (self, (index - 1) / 2));
      index = (index - 1) / 2;
    }
}

static guint
find_first (SimAgenda *self,
            guint      parent)
{
  guint first = parent;

  for (guint child = 2 * parent + 1; child <= 2 * parent + 2 && child < self->entries->len; child++)
    if (is_before (at (self, child), at (self, first)))
      first = child;

  return first;
}

gboolean
sim_agenda_pop (SimAgenda *self,
                SimEntry  *entry)
{
  guint index = 0, first;

  if (self->entries->len == 0)
    return FALSE;

  *entry = *at (self, 0);
  g_array_remove_index_fast (self->entries, 0);
  while (self->entries->len > 0 && (first = find_first (self, index)) != index)
    {
      swap (at (self, index), at (self, first));
      index = first;
    }

  return TRUE;
}
