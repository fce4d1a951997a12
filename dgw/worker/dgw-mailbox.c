/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-mailbox-private.h"

#include <string.h>

#include "worker/dgw-hub-private.h"

/* A slice ends after this many elements or microseconds, whichever is first. */
#define SLICE_ELEMENTS 1000
#define SLICE_US       3000

/* Elements that take less than this all together are fast. */
#define FAST_ELEMENTS 8
#define FAST_US       100

/* What is left after a slice waits until GTK has drawn: its redraw priority is
 * G_PRIORITY_HIGH_IDLE + 20. */
#define PRIORITY_FRESH   G_PRIORITY_DEFAULT
#define PRIORITY_BACKLOG (G_PRIORITY_HIGH_IDLE + 25)

typedef struct
{
  GArray        *elements;
  DgwMailboxLoad load;
  gint64         pushed_us;
} Batch;

/* The mailboxes of a context. Its lock is theirs, too. */
typedef struct
{
  DgwHub hub;
  GQueue awake;    /* of DgwMailbox */
  int    is_ready; /* atomic: some are awake */
} Desk;

struct _DgwMailbox
{
  int             ref_count; /* atomic, by macros: the functions of gatomicrefcount hide from the sanitizer */
  Desk           *desk;
  DgwMailboxFuncs funcs;
  gpointer        user_data;

  /* Under the desk's lock. */
  GQueue         waiting; /* of Batch */
  DgwMailboxLoad load;    /* of waiting and current */
  DgwMailboxLoad mark;
  gboolean       is_watched;
  gboolean       is_awake; /* something waits, or is being delivered */
  GList          link;     /* the desk's, while awake */
  gboolean       is_closed;
  gpointer       note;
  gsize          note_size;

  /* The consumer's alone. */
  Batch *current;
  gsize  next; /* element of current */
  gint64 taken_us;
};

static void
batch_free (Batch *self)
{
  g_array_unref (self->elements);
  g_free (self);
}

static void
lock (DgwMailbox *self)
{
  dgw_hub_lock (&self->desk->hub);
}

static void
unlock (DgwMailbox *self)
{
  dgw_hub_unlock (&self->desk->hub);
}

/* Under the lock. TRUE: the context has to be woken then, without the lock. */
static gboolean
set_awake (DgwMailbox *self,
           gboolean    is_awake)
{
  Desk    *desk = self->desk;
  gboolean was_ready = !g_queue_is_empty (&desk->awake);

  if (is_awake == self->is_awake)
    return FALSE;

  self->is_awake = is_awake;
  if (is_awake)
    g_queue_push_tail_link (&desk->awake, &self->link);
  else
    g_queue_unlink (&desk->awake, &self->link);
  g_atomic_int_set (&desk->is_ready, !g_queue_is_empty (&desk->awake));

  return is_awake && !was_ready;
}

static void
wake (DgwMailbox *self)
{
  g_main_context_wakeup (self->desk->hub.context);
}

/* The next batch becomes the current one. */
static gboolean
take_batch (DgwMailbox *self)
{
  lock (self);
  self->current = g_queue_pop_head (&self->waiting);
  unlock (self);
  self->next = 0;

  return self->current != NULL;
}

static void
finish_batch (DgwMailbox *self)
{
  lock (self);
  self->load.bytes -= self->current->load.bytes;
  self->load.events -= self->current->load.events;
  unlock (self);
  g_clear_pointer (&self->current, batch_free);
}

/* A run of deliveries. Reading the clock costs as much as handing over a small
 * element: while they are fast, it is read for several at once. */
typedef struct
{
  gint64 start_us;
  gint64 now_us; /* of the last reading */
  guint  n_elements;
  guint  next_reading;
} Slice;

static gboolean
slice_is_over (const Slice *self)
{
  return self->n_elements >= SLICE_ELEMENTS || self->now_us - self->start_us >= SLICE_US;
}

static void
slice_count (Slice *self)
{
  gint64 now_us;

  if (++self->n_elements < self->next_reading)
    return;

  now_us = g_get_monotonic_time ();
  self->next_reading = self->n_elements + (now_us - self->now_us < FAST_US ? FAST_ELEMENTS : 1);
  self->now_us = now_us;
}

/* TRUE: it was told that the next element waited long, nothing else happened. */
static gboolean
tell_if_late (DgwMailbox *self,
              gint64      now_us)
{
  gint64 waited_us = now_us - MAX (self->current->pushed_us, self->taken_us);

  self->taken_us = now_us;
  if (waited_us <= DGW_MAILBOX_LATE_US || self->funcs.late == NULL)
    return FALSE;

  self->funcs.late (waited_us, self->user_data);

  return TRUE;
}

/* Delivers the current batch, as far as the slice goes. A handler may close the
 * mailbox, or run the context and so this function again: the elements are kept
 * alive here, and whether they are still the current ones is looked at anew. */
static void
deliver_current (DgwMailbox *self,
                 Slice      *slice)
{
  g_autoptr (GArray) elements = g_array_ref (self->current->elements);
  const gsize size = g_array_get_element_size (elements);

  while (self->current != NULL && self->current->elements == elements && !slice_is_over (slice))
    {
      gpointer element = elements->data + self->next * size;

      if (tell_if_late (self, slice->now_us))
        continue;
      if (++self->next == elements->len)
        finish_batch (self);
      self->funcs.deliver (element, self->user_data);
      slice_count (slice);
    }
}

static void
finish_slice (DgwMailbox *self)
{
  gboolean is_drained;

  /* Under the lock, so that a push in between is not forgotten. */
  lock (self);
  set_awake (self, self->current != NULL || !g_queue_is_empty (&self->waiting));
  is_drained = self->is_watched && self->load.bytes <= self->mark.bytes && self->load.events <= self->mark.events;
  if (is_drained)
    self->is_watched = FALSE;
  unlock (self);

  if (is_drained && self->funcs.drained != NULL)
    self->funcs.drained (self->user_data);
}

static void
drain (DgwMailbox *self,
       Slice      *slice)
{
  while (!slice_is_over (slice) && !self->is_closed && (self->current != NULL || take_batch (self)))
    deliver_current (self, slice);
  if (!self->is_closed)
    finish_slice (self);
}

/* The desk. */

static gboolean
desk_is_ready (DgwHub *hub,
               int    *timeout_ms)
{
  *timeout_ms = -1;

  return g_atomic_int_get (&((Desk *)hub)->is_ready);
}

/* The one whose turn it is, with a reference; NULL: all is delivered. It stays
 * awake until it is empty: a handler may run the context to get the next. */
static DgwMailbox *
take_turn (Desk *self)
{
  GList *link;

  if (!g_atomic_int_get (&self->is_ready))
    return NULL;

  dgw_hub_lock (&self->hub);
  link = g_queue_pop_head_link (&self->awake);
  if (link != NULL)
    {
      g_queue_push_tail_link (&self->awake, link);
      dgw_mailbox_ref (link->data);
    }
  dgw_hub_unlock (&self->hub);

  return link != NULL ? link->data : NULL;
}

/* What a slice leaves over may wait, if nobody is urgent. */
static gboolean
has_to_hurry (Desk *self)
{
  gboolean is_urgent = TRUE;

  dgw_hub_lock (&self->hub);
  for (GList *l = self->awake.head; l != NULL && is_urgent; l = l->next)
    is_urgent = ((DgwMailbox *)l->data)->funcs.is_urgent;
  dgw_hub_unlock (&self->hub);

  return is_urgent;
}

static void
desk_dispatch (DgwHub  *hub,
               GSource *source)
{
  gint64      now_us = g_get_monotonic_time ();
  Slice       slice = {now_us, now_us, 0, 1};
  DgwMailbox *mailbox = take_turn ((Desk *)hub);
  int         priority;

  while (mailbox != NULL)
    {
      drain (mailbox, &slice);
      dgw_mailbox_unref (mailbox);
      mailbox = slice_is_over (&slice) ? NULL : take_turn ((Desk *)hub);
    }

  /* Setting the same one is not free of cost. */
  priority = !slice_is_over (&slice) || has_to_hurry ((Desk *)hub) ? PRIORITY_FRESH : PRIORITY_BACKLOG;
  if (g_source_get_priority (source) != priority)
    g_source_set_priority (source, priority);
}

static void
desk_init (DgwHub *hub)
{
  g_queue_init (&((Desk *)hub)->awake);
}

static void
desk_clear (DgwHub *hub)
{
  g_assert (g_queue_is_empty (&((Desk *)hub)->awake));
}

static const DgwHubKind desk_kind = {
  .name = "[dgw] mailboxes",
  .priority = PRIORITY_FRESH,
  .size = sizeof (Desk),
  .is_ready = desk_is_ready,
  .dispatch = desk_dispatch,
  .init = desk_init,
  .clear = desk_clear,
};

/* The mailbox. */

DgwMailbox *
dgw_mailbox_new (GMainContext          *context,
                 gsize                  note_size,
                 const DgwMailboxFuncs *funcs,
                 gpointer               user_data)
{
  DgwMailbox *self = g_new0 (DgwMailbox, 1);

  self->ref_count = 1;
  self->desk = (Desk *)dgw_hub_join (&desk_kind, context);
  self->funcs = *funcs;
  self->user_data = user_data;
  g_queue_init (&self->waiting);
  self->link.data = self;
  self->note_size = note_size;
  self->note = g_malloc0 (note_size);

  return self;
}

DgwMailbox *
dgw_mailbox_ref (DgwMailbox *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
dgw_mailbox_unref (DgwMailbox *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  g_assert (self->is_closed);
  dgw_hub_unref (&self->desk->hub);
  g_free (self->note);
  g_free (self);
}

void
dgw_mailbox_close (DgwMailbox *self)
{
  GQueue waiting;

  lock (self);
  waiting = self->waiting;
  g_queue_init (&self->waiting);
  self->is_closed = TRUE;
  set_awake (self, FALSE);
  unlock (self);

  dgw_hub_leave (&self->desk->hub);
  g_clear_pointer (&self->current, batch_free);
  g_queue_clear_full (&waiting, (GDestroyNotify)batch_free);
}

DgwMailboxLoad
dgw_mailbox_push (DgwMailbox    *self,
                  GArray        *elements,
                  DgwMailboxLoad load,
                  gconstpointer  note)
{
  Batch         *batch = g_new (Batch, 1);
  DgwMailboxLoad total;
  gboolean       is_closed, has_to_wake;

  batch->elements = elements;
  batch->load = load;
  batch->pushed_us = g_get_monotonic_time ();

  lock (self);
  is_closed = self->is_closed;
  has_to_wake = !is_closed && set_awake (self, TRUE);
  if (!is_closed)
    {
      g_queue_push_tail (&self->waiting, batch);
      self->load.bytes += load.bytes;
      self->load.events += load.events;
    }
  if (note != NULL)
    memcpy (self->note, note, self->note_size);
  total = self->load;
  unlock (self);

  if (has_to_wake)
    wake (self);
  if (is_closed)
    batch_free (batch);

  return total;
}

DgwMailboxLoad
dgw_mailbox_get_load (DgwMailbox *self)
{
  DgwMailboxLoad load;

  lock (self);
  load = self->load;
  unlock (self);

  return load;
}

void
dgw_mailbox_watch (DgwMailbox    *self,
                   DgwMailboxLoad mark)
{
  gboolean has_to_wake;

  lock (self);
  self->mark = mark;
  self->is_watched = TRUE;
  has_to_wake = !self->is_closed && set_awake (self, TRUE);
  unlock (self);

  if (has_to_wake)
    wake (self);
}

void
dgw_mailbox_get_note (DgwMailbox *self,
                      gpointer    note)
{
  lock (self);
  memcpy (note, self->note, self->note_size);
  unlock (self);
}
