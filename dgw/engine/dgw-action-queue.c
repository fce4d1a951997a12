/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-action-queue-private.h"

#define FIRST_CAPACITY 16

void
dgw_action_queue_clear (DgwActionQueue *self)
{
  DgwAction action;

  while (dgw_action_queue_pop (self, &action))
    dgw_action_clear (&action);

  g_clear_pointer (&self->ring, g_free);
  self->capacity = 0;
}

static void
grow (DgwActionQueue *self)
{
  guint      capacity = self->capacity > 0 ? self->capacity * 2 : FIRST_CAPACITY;
  DgwAction *ring = g_new (DgwAction, capacity);

  for (guint i = 0; i < self->n_actions; i++)
    ring[i] = self->ring[(self->first + i) & (self->capacity - 1)];

  g_free (self->ring);
  self->ring = ring;
  self->first = 0;
  self->capacity = capacity;
}

DgwAction *
dgw_action_queue_push (DgwActionQueue *self,
                       DgwActionKind   kind)
{
  DgwAction *action;

  if (self->n_actions == self->capacity)
    grow (self);

  action = &self->ring[(self->first + self->n_actions++) & (self->capacity - 1)];
  *action = (DgwAction){.kind = kind};

  return action;
}

gboolean
dgw_action_queue_pop (DgwActionQueue *self,
                      DgwAction      *action)
{
  if (self->n_actions == 0)
    return FALSE;

  *action = self->ring[self->first];
  self->first = (self->first + 1) & (self->capacity - 1);
  self->n_actions--;

  return TRUE;
}
