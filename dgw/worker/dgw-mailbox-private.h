/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The only queue between threads. Producers push batches, each an array of
 * elements; the consumer gets element after element in its main context, in
 * slices short enough for a user interface. One wake-up is made for however
 * much is waiting. All mailboxes of a context share its slices, and take turns. */
typedef struct _DgwMailbox DgwMailbox;

/* All of these run in the consumer's context, without a lock held. Each of
 * them may close the mailbox or run the context again. */
typedef struct
{
  void (*deliver) (gpointer element,
                   gpointer user_data);
  /* The consumer took waited_us to come for what waited; before the element. */
  void (*late) (gint64   waited_us,
                gpointer user_data); /* nullable */
  /* What waits is down to the mark of dgw_mailbox_watch(). */
  void (*drained) (gpointer user_data); /* nullable */
  /* What a slice leaves over does not wait for redraws: nobody sees the context. */
  gboolean is_urgent;
} DgwMailboxFuncs;

typedef struct
{
  guint64 bytes;
  guint   events;
} DgwMailboxLoad;

#define DGW_MAILBOX_LATE_US G_USEC_PER_SEC

DgwMailbox *dgw_mailbox_new (GMainContext          *context,
                             gsize                  note_size,
                             const DgwMailboxFuncs *funcs,
                             gpointer               user_data) G_GNUC_WARN_UNUSED_RESULT;
DgwMailbox *dgw_mailbox_ref (DgwMailbox *self);
void        dgw_mailbox_unref (DgwMailbox *self);

/* Consumer's end: nothing is delivered afterwards, what waits is freed. */
void dgw_mailbox_close (DgwMailbox *self);

/* Producer's end. Takes the batch, whose clear function frees an element and
 * leaves it empty. load is what the batch adds to what waits; the answer is
 * all that waits now. note, note_size bytes, replaces the previous one. */
DgwMailboxLoad dgw_mailbox_push (DgwMailbox    *self,
                                 GArray        *batch,
                                 DgwMailboxLoad load,
                                 gconstpointer  note);
DgwMailboxLoad dgw_mailbox_get_load (DgwMailbox *self);
/* Producer's end: have drained() called once, as soon as no more than mark
 * waits. */
void dgw_mailbox_watch (DgwMailbox    *self,
                        DgwMailboxLoad mark);

/* Either end: a copy of the newest note, zeros before the first. */
void dgw_mailbox_get_note (DgwMailbox *self,
                           gpointer    note);

G_END_DECLS
