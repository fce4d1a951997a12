/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-action-private.h"

G_BEGIN_DECLS

/* First in, first out, in a ring that grows: pushing costs no allocation once
 * the ring has its size. */
typedef struct
{
  DgwAction *ring;
  guint      first;
  guint      n_actions;
  guint      capacity; /* a power of two, or 0 */
} DgwActionQueue;

void dgw_action_queue_clear (DgwActionQueue *self);

/* An empty action of this kind at the end, for the caller to fill. It stays
 * where it is until the next push. */
DgwAction *dgw_action_queue_push (DgwActionQueue *self,
                                  DgwActionKind   kind);
/* What the action owns is the caller's from then on. */
gboolean dgw_action_queue_pop (DgwActionQueue *self,
                               DgwAction      *action);

G_END_DECLS
