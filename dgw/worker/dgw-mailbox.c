/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-mailbox-private.h"

#include <pthread.h>
#include <string.h>

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

struct _DgwMailbox
{
  int             ref_count; /* atomic, by macros: the functions of gatomicrefcount hide from the sanitizer */
  GMainContext   *context;   /* a push may come while the consumer lets go of it */
  GSource        *source;
  DgwMailboxFuncs funcs;
  gpointer        user_data;

  /* A pthread mutex and not a GMutex: GLib is not built with the sanitizer, so
   * ThreadSanitizer would not see what its locks order. */
  pthread_mutex_t lock;
  GQueue          waiting; /* of Batch */
  DgwMailboxLoad  load;    /* of waiting and current */
  DgwMailboxLoad  mark;
  gboolean        is_watched;
  gboolean        is_awake; /* the source is ready or a slice is running */
  gboolean        is_closed;
  gpointer        note;
  gsize           note_size;

  /* The consumer's alone. */
  Batch *current;
  gsize  next; /* element of current */
  gint64 taken_us;
};

/* Not ready times: to set one takes the context's lock, and writes to the
 * context also when it is set to never. */
typedef struct
{
  GSource     source;
  DgwMailbox *mailbox;  /* borrowed: the mailbox outlives its attached source */
  int         is_ready; /* atomic */
} MailboxSource;

static void
batch_free (Batch *self)
{
  g_array_unref (self->elements);
  g_free (self);
}

static gboolean
source_check (GSource *source)
{
  return g_atomic_int_get (&((MailboxSource *)source)->is_ready);
}

static gboolean
source_prepare (GSource *source,
                int     *timeout_ms)
{
  *timeout_ms = -1;

  return source_check (source);
}

static void
drain (DgwMailbox *self);

/* The consumer's context is where slices run. */
static gboolean
source_dispatch (GSource    *source,
                 GSourceFunc callback,
                 gpointer    user_data)
{
  drain (((MailboxSource *)source)->mailbox);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {source_prepare, source_check, source_dispatch};

DgwMailbox *
dgw_mailbox_new (const char            *name,
                 GMainContext          *context,
                 gsize                  note_size,
                 const DgwMailboxFuncs *funcs,
                 gpointer               user_data)
{
  DgwMailbox *self = g_new0 (DgwMailbox, 1);

  self->ref_count = 1;
  pthread_mutex_init (&self->lock, NULL);
  g_queue_init (&self->waiting);
  self->context = g_main_context_ref (context);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->note_size = note_size;
  self->note = g_malloc0 (note_size);

  self->source = g_source_new (&source_funcs, sizeof (MailboxSource));
  ((MailboxSource *)self->source)->mailbox = self;
  g_source_set_static_name (self->source, name);
  g_source_set_priority (self->source, PRIORITY_FRESH);
  /* A handler that runs the context until something else has been delivered
   * must not wait for ever. */
  g_source_set_can_recurse (self->source, TRUE);
  g_source_attach (self->source, context);

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
  g_source_unref (self->source);
  g_main_context_unref (self->context);
  pthread_mutex_destroy (&self->lock);
  g_free (self->note);
  g_free (self);
}

void
dgw_mailbox_close (DgwMailbox *self)
{
  GQueue waiting;

  pthread_mutex_lock (&self->lock);
  waiting = self->waiting;
  g_queue_init (&self->waiting);
  self->is_closed = TRUE;
  pthread_mutex_unlock (&self->lock);

  g_source_destroy (self->source);
  g_clear_pointer (&self->current, batch_free);
  g_queue_clear_full (&waiting, (GDestroyNotify)batch_free);
}

/* Under the lock. TRUE: the context has to be woken then, without the lock. */
static gboolean
set_awake (DgwMailbox *self,
           gboolean    is_awake)
{
  gboolean is_change = is_awake != self->is_awake;

  self->is_awake = is_awake;
  g_atomic_int_set (&((MailboxSource *)self->source)->is_ready, is_awake);

  return is_change && is_awake;
}

/* The next batch becomes the current one. */
static gboolean
take_batch (DgwMailbox *self)
{
  pthread_mutex_lock (&self->lock);
  self->current = g_queue_pop_head (&self->waiting);
  pthread_mutex_unlock (&self->lock);
  self->next = 0;

  return self->current != NULL;
}

static void
finish_batch (DgwMailbox *self)
{
  pthread_mutex_lock (&self->lock);
  self->load.bytes -= self->current->load.bytes;
  self->load.events -= self->current->load.events;
  pthread_mutex_unlock (&self->lock);
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

/* Setting the same one is not free of cost. */
static void
set_priority (DgwMailbox *self,
              int         priority)
{
  if (g_source_get_priority (self->source) != priority)
    g_source_set_priority (self->source, priority);
}

static void
finish_slice (DgwMailbox *self)
{
  gboolean is_empty, is_drained;

  /* Under the lock, so that a push in between is not forgotten. */
  pthread_mutex_lock (&self->lock);
  is_empty = self->current == NULL && g_queue_is_empty (&self->waiting);
  set_awake (self, !is_empty);
  is_drained = self->is_watched && self->load.bytes <= self->mark.bytes && self->load.events <= self->mark.events;
  if (is_drained)
    self->is_watched = FALSE;
  pthread_mutex_unlock (&self->lock);

  set_priority (self, is_empty || self->funcs.is_urgent ? PRIORITY_FRESH : PRIORITY_BACKLOG);
  if (is_drained && self->funcs.drained != NULL)
    self->funcs.drained (self->user_data);
}

static void
drain (DgwMailbox *self)
{
  gint64 now_us = g_get_monotonic_time ();
  Slice  slice = {now_us, now_us, 0, 1};

  dgw_mailbox_ref (self);
  while (!slice_is_over (&slice) && !self->is_closed && (self->current != NULL || take_batch (self)))
    deliver_current (self, &slice);
  if (!self->is_closed)
    finish_slice (self);
  dgw_mailbox_unref (self);
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

  pthread_mutex_lock (&self->lock);
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
  pthread_mutex_unlock (&self->lock);

  if (has_to_wake)
    g_main_context_wakeup (self->context);
  if (is_closed)
    batch_free (batch);

  return total;
}

DgwMailboxLoad
dgw_mailbox_get_load (DgwMailbox *self)
{
  DgwMailboxLoad load;

  pthread_mutex_lock (&self->lock);
  load = self->load;
  pthread_mutex_unlock (&self->lock);

  return load;
}

void
dgw_mailbox_watch (DgwMailbox    *self,
                   DgwMailboxLoad mark)
{
  gboolean has_to_wake;

  pthread_mutex_lock (&self->lock);
  self->mark = mark;
  self->is_watched = TRUE;
  has_to_wake = !self->is_closed && set_awake (self, TRUE);
  pthread_mutex_unlock (&self->lock);

  if (has_to_wake)
    g_main_context_wakeup (self->context);
}

void
dgw_mailbox_get_note (DgwMailbox *self,
                      gpointer    note)
{
  pthread_mutex_lock (&self->lock);
  memcpy (note, self->note, self->note_size);
  pthread_mutex_unlock (&self->lock);
}
