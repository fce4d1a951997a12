/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-identify-queue-private.h"

#include <unistd.h>

#include "base/dgw-log-private.h"
#include "engine/dgw-identify-ledger-private.h"
#include "gateway/dgw-state-file-private.h"
#include "worker/dgw-timer-private.h"

/* Three threads: whoever calls gives an order to the worker; there the waiters
 * stand in line, and the first of each bucket sends an errand to the worker for
 * files, which looks into the ledger under its lock, and comes back as another
 * order. Nothing but orders and errands crosses. */

/* Another process has the lock for a moment: how soon to ask again, and how long
 * until that process counts as stuck. */
#define LOCKED_US (20 * G_TIME_SPAN_MILLISECOND)
#define STUCK_US  (10 * G_TIME_SPAN_SECOND)
/* How soon to look whether a long wait has become shorter. It is also when
 * people may wonder why nothing happens. */
#define LONG_US G_TIME_SPAN_MINUTE

struct _DgwIdentifyQueue
{
  char      *folder;
  char      *path;
  char      *lock_path;
  guint      max_concurrency; /* 0: known_concurrency */
  gint64     window_us;
  DgwWorker *worker;
  DgwWorker *files;

  /* The worker's. */
  DgwTimer         *timer;
  GQueue            waiters; /* of Waiter, first come first */
  GHashTable       *taken;   /* shard id -> DgwIdentifySlot, the one it got last */
  guint             known_concurrency;
  DgwIdentifyLedger own;       /* while the file cannot be used */
  GQueue            postponed; /* of Errand: the file was locked */
  gint64            retry_us;  /* of postponed */
  gint64            locked_us; /* since when, monotonic; 0: it is not */
  guint64           last_id;
  guint             n_errands; /* under way */
  gboolean          has_warned;
  gboolean          is_over;
};

/* Whoever cancels reads it, in another thread. GCancellable takes care of that;
 * the flag is for the sanitizer, which does not see what GLib orders. */
typedef struct
{
  DgwIdentifyQueue *queue;
  int               is_complete; /* atomic */
  guint64           id;
  guint             shard_id;
  GTask            *task;
  gulong            cancelled_id;
  gint64            due_us; /* monotonic: not to ask before */
  gboolean          is_asking;
  gboolean          was_told; /* that it will take long */
} Waiter;

/* What is to be done with the ledger, and what came of it. */
typedef struct
{
  DgwIdentifyQueue *queue;
  enum
  {
    TAKE,
    GIVE_BACK,
    LEARN,
  } kind;
  guint64 id; /* of the waiter */
  guint   bucket;
  guint   shard_id;
  gint64  slot_us; /* wall clock: given back, or taken */
  guint   total;
  guint   remaining;
  gint64  reset_after_us;
  guint   max_concurrency;

  gint64   wait_us; /* 0: the slot was taken */
  gboolean is_locked;
  GError  *error; /* nullable: the file cannot be used */
} Errand;

typedef struct
{
  enum
  {
    ORDER_MOVE_IN,
    ORDER_ACQUIRE,
    ORDER_CANCEL,
    ORDER_RELEASE,
    ORDER_UPDATE,
    ORDER_BACK,
    ORDER_FREE,
  } kind;
  DgwIdentifyQueue *queue;
  GTask            *task;
  guint64           id;
  guint             shard_id;
  Errand           *errand;
} Order;

static void
errand_free (gpointer data)
{
  Errand *self = data;

  g_clear_error (&self->error);
  g_free (self);
}

static void
order_free (gpointer data)
{
  Order *self = data;

  g_clear_object (&self->task);
  g_clear_pointer (&self->errand, errand_free);
  g_free (self);
}

static void
order_run (gpointer data);

/* Takes what the order owns. */
static void
give (Order order)
{
  dgw_worker_post (order.queue->worker, order_run, g_memdup2 (&order, sizeof order), order_free);
}

/* On the worker for files. */

static void
change_ledger (Errand            *errand,
               DgwIdentifyLedger *ledger)
{
  gint64 now_us = g_get_real_time ();

  if (errand->kind == GIVE_BACK)
    {
      dgw_identify_ledger_give_back (ledger, errand->bucket, errand->slot_us);
    }
  else if (errand->kind == LEARN)
    {
      dgw_identify_ledger_learn (ledger, errand->total, errand->remaining, now_us + errand->reset_after_us,
                                 errand->max_concurrency, now_us);
    }
  else
    {
      errand->slot_us = dgw_identify_ledger_take (ledger, errand->bucket, errand->queue->window_us, now_us);
      errand->wait_us = errand->slot_us - now_us;
    }
  errand->max_concurrency = ledger->max_concurrency;
}

static gboolean
change_file (Errand  *errand,
             GError **error)
{
  g_auto (DgwIdentifyLedger) ledger = {0};
  g_autofree char *text = dgw_state_file_read (errand->queue->path, error);
  g_autofree char *changed = NULL;

  if (!text && error && *error)
    return FALSE;

  dgw_identify_ledger_parse (&ledger, text, g_get_real_time ());
  change_ledger (errand, &ledger);
  changed = dgw_identify_ledger_format (&ledger);
  return g_strcmp0 (text, changed) == 0 ||
         dgw_state_file_write (errand->queue->path, changed, DGW_STATE_FILE_DURABLE, error);
}

static void
errand_run (gpointer data)
{
  Errand *errand = g_memdup2 (data, sizeof (Errand));
  int     fd = -1;

  errand->is_locked = FALSE;
  if (dgw_state_file_make_folder (errand->queue->folder, &errand->error))
    fd = dgw_state_file_lock (errand->queue->lock_path, &errand->error);
  if (fd >= 0)
    change_file (errand, &errand->error);
  else
    errand->is_locked = errand->error == NULL;
  if (fd >= 0)
    close (fd);

  give ((Order){.kind = ORDER_BACK, .queue = errand->queue, .errand = errand});
}

/* On the worker. */

static void
send (Errand errand)
{
  errand.queue->n_errands++;
  dgw_worker_post (errand.queue->files, errand_run, g_memdup2 (&errand, sizeof errand), errand_free);
}

static guint
get_bucket (DgwIdentifyQueue *self,
            guint             shard_id)
{
  return shard_id % MAX (self->max_concurrency > 0 ? self->max_concurrency : self->known_concurrency, 1);
}

static GList *
find_waiter (DgwIdentifyQueue *self,
             guint64           id)
{
  for (GList *l = self->waiters.head; l; l = l->next)
    if (((Waiter *)l->data)->id == id)
      return l;

  return NULL;
}

/* Only the first of a bucket asks. */
static gboolean
is_first (DgwIdentifyQueue *self,
          GList            *link)
{
  const Waiter *waiter = link->data;

  for (GList *l = link->prev; l; l = l->prev)
    if (get_bucket (self, ((Waiter *)l->data)->shard_id) == get_bucket (self, waiter->shard_id))
      return FALSE;

  return TRUE;
}

static gint64
send_postponed (DgwIdentifyQueue *self,
                gint64            now_us)
{
  if (g_queue_is_empty (&self->postponed))
    return DGW_TIMER_NEVER;
  if (now_us < self->retry_us)
    return self->retry_us;

  while (!g_queue_is_empty (&self->postponed))
    {
      g_autofree Errand *errand = g_queue_pop_head (&self->postponed);

      send (*errand);
    }

  return DGW_TIMER_NEVER;
}

static void
settle (DgwIdentifyQueue *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 due_us = send_postponed (self, now_us);

  for (GList *l = self->waiters.head; l; l = l->next)
    {
      Waiter *waiter = l->data;

      if (waiter->is_asking || !is_first (self, l))
        continue;

      if (waiter->due_us > now_us)
        {
          due_us = MIN (due_us, waiter->due_us);
          continue;
        }
      waiter->is_asking = TRUE;
      send ((Errand){.queue = self, .kind = TAKE, .id = waiter->id, .shard_id = waiter->shard_id, .bucket = get_bucket (self, waiter->shard_id)});
    }

  dgw_timer_set (self->timer, due_us);
}

static void
due_cb (gpointer user_data)
{
  settle (user_data);
}

/* Takes it out of the line. */
static void
finish (DgwIdentifyQueue *self,
        GList            *link,
        GError           *error)
{
  Waiter *waiter = link->data;
  g_autoptr (GTask) task = g_steal_pointer (&waiter->task);

  g_queue_delete_link (&self->waiters, link);
  g_cancellable_disconnect (g_task_get_cancellable (task), waiter->cancelled_id);
  g_free (waiter);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* Runs in whatever thread cancels. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Waiter *waiter = user_data;

  if (!g_atomic_int_get (&waiter->is_complete))
    return;

  give ((Order){.kind = ORDER_CANCEL, .queue = waiter->queue, .id = waiter->id});
}

static void
add_waiter (DgwIdentifyQueue *self,
            const Order      *order)
{
  Waiter       *waiter = g_new0 (Waiter, 1);
  GCancellable *cancellable = g_task_get_cancellable (order->task);

  waiter->queue = self;
  waiter->id = ++self->last_id;
  waiter->shard_id = order->shard_id;
  waiter->task = g_object_ref (order->task);
  g_queue_push_tail (&self->waiters, waiter);
  g_atomic_int_set (&waiter->is_complete, TRUE);
  if (cancellable)
    waiter->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), waiter, NULL);
}

static void
cancel (DgwIdentifyQueue *self,
        guint64           id)
{
  GList *link = find_waiter (self, id);

  if (link)
    finish (self, link, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled"));
}

static void
give_back (DgwIdentifyQueue *self,
           DgwIdentifySlot   slot)
{
  send ((Errand){.queue = self, .kind = GIVE_BACK, .bucket = slot.bucket, .slot_us = slot.taken_us});
}

static void
release (DgwIdentifyQueue *self,
         guint             shard_id)
{
  DgwIdentifySlot *slot = g_hash_table_lookup (self->taken, GUINT_TO_POINTER (shard_id));

  if (!slot)
    return;

  give_back (self, *slot);
  g_hash_table_remove (self->taken, GUINT_TO_POINTER (shard_id));
}

/* Better to keep to the limits alone than not at all, or than to stand still. */
static void
do_without_file (DgwIdentifyQueue *self,
                 Errand           *errand)
{
  if (!self->has_warned)
    dgw_warning (NULL, "Identifies are not counted together with those of other programs: %s", errand->error->message);
  self->has_warned = TRUE;
  change_ledger (errand, &self->own);
}

static void
take_turn (DgwIdentifyQueue *self,
           const Errand     *errand)
{
  GList          *link = find_waiter (self, errand->id);
  Waiter         *waiter = link ? link->data : NULL;
  DgwIdentifySlot slot = {errand->bucket, errand->slot_us};

  if (!waiter)
    {
      if (errand->wait_us == 0)
        give_back (self, slot);
      return;
    }

  waiter->is_asking = FALSE;
  if (errand->wait_us == 0)
    {
      g_hash_table_insert (self->taken, GUINT_TO_POINTER (errand->shard_id), g_memdup2 (&slot, sizeof slot));
      finish (self, link, NULL);
      return;
    }

  if (errand->wait_us > LONG_US && !waiter->was_told)
    {
      waiter->was_told = TRUE;
      dgw_warning (&((DgwLogContext){errand->shard_id, NULL}),
                   "Many sessions were started today, so the next identify waits for %" G_GINT64_FORMAT " s. Find out what starts them.",
                   errand->wait_us / G_USEC_PER_SEC);
    }
  waiter->due_us = g_get_monotonic_time () + MIN (errand->wait_us, LONG_US);
}

/* TRUE if it is to go again. */
static gboolean
postpone (DgwIdentifyQueue *self,
          const Errand     *errand)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!errand->is_locked)
    {
      self->locked_us = 0;
      return FALSE;
    }

  if (self->locked_us == 0)
    self->locked_us = now_us;
  if (now_us - self->locked_us >= STUCK_US)
    return FALSE;

  self->retry_us = now_us + LOCKED_US;
  g_queue_push_tail (&self->postponed, g_memdup2 (errand, sizeof (Errand)));
  return TRUE;
}

/* What they were told may no longer be so. */
static void
ask_all_again (DgwIdentifyQueue *self)
{
  for (GList *l = self->waiters.head; l; l = l->next)
    ((Waiter *)l->data)->due_us = 0;
}

static void
come_back (DgwIdentifyQueue *self,
           Errand           *errand)
{
  guint known_concurrency = self->known_concurrency;

  self->n_errands--;
  if (postpone (self, errand))
    return;

  if (errand->is_locked && !errand->error)
    errand->error = g_error_new (G_FILE_ERROR, G_FILE_ERROR_AGAIN, "%s is locked", self->lock_path);
  if (errand->error)
    do_without_file (self, errand);
  if (errand->max_concurrency > 0)
    self->known_concurrency = errand->max_concurrency;

  if (errand->kind == TAKE)
    take_turn (self, errand);
  if (errand->kind != TAKE || self->known_concurrency != known_concurrency)
    ask_all_again (self);
}

static void
queue_free (DgwIdentifyQueue *self)
{
  g_assert (g_queue_is_empty (&self->waiters));
  dgw_timer_free (self->timer);
  g_hash_table_unref (self->taken);
  dgw_identify_ledger_clear (&self->own);
  dgw_worker_unref (self->files);
  dgw_worker_unref (self->worker);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->lock_path);
  g_free (self);
}

/* What was given back last still has to be written down. */
static void
free_if_over (DgwIdentifyQueue *self)
{
  if (self->is_over && self->n_errands == 0 && g_queue_is_empty (&self->postponed))
    queue_free (self);
}

static void
order_run (gpointer data)
{
  Order            *order = data;
  DgwIdentifyQueue *self = order->queue;

  switch (order->kind)
    {
    case ORDER_MOVE_IN:
      self->timer = dgw_timer_new (dgw_worker_get_context (self->worker), due_cb, self);
      break;
    case ORDER_ACQUIRE:
      add_waiter (self, order);
      break;
    case ORDER_CANCEL:
      cancel (self, order->id);
      break;
    case ORDER_RELEASE:
      release (self, order->shard_id);
      break;
    case ORDER_UPDATE:
      send (*order->errand);
      break;
    case ORDER_BACK:
      come_back (self, order->errand);
      break;
    case ORDER_FREE:
      self->is_over = TRUE;
      break;
    default:
      g_assert_not_reached ();
    }

  settle (self);
  free_if_over (self);
}

DgwIdentifyQueue *
dgw_identify_queue_new (const char *folder,
                        const char *name,
                        guint       max_concurrency,
                        gint64      window_us)
{
  DgwIdentifyQueue *self = g_new0 (DgwIdentifyQueue, 1);
  g_autofree char  *lock = g_strconcat (name, ".lock", NULL);

  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, name, NULL);
  self->lock_path = g_build_filename (folder, lock, NULL);
  self->max_concurrency = max_concurrency;
  self->window_us = window_us;
  self->taken = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_queue_init (&self->waiters);
  g_queue_init (&self->postponed);
  self->worker = dgw_worker_acquire ();
  self->files = dgw_worker_acquire_for_files ();
  give ((Order){.kind = ORDER_MOVE_IN, .queue = self});

  return self;
}

void
dgw_identify_queue_free (DgwIdentifyQueue *self)
{
  give ((Order){.kind = ORDER_FREE, .queue = self});
}

void
dgw_identify_queue_acquire (DgwIdentifyQueue *self,
                            guint             shard_id,
                            GTask            *task)
{
  give ((Order){.kind = ORDER_ACQUIRE, .queue = self, .task = g_object_ref (task), .shard_id = shard_id});
}

void
dgw_identify_queue_release (DgwIdentifyQueue *self,
                            guint             shard_id)
{
  give ((Order){.kind = ORDER_RELEASE, .queue = self, .shard_id = shard_id});
}

void
dgw_identify_queue_update (DgwIdentifyQueue *self,
                           guint             total,
                           guint             remaining,
                           gint64            reset_after_us,
                           guint             max_concurrency)
{
  Errand errand = {
    .queue = self,
    .kind = LEARN,
    .total = total,
    .remaining = remaining,
    .reset_after_us = reset_after_us,
    .max_concurrency = max_concurrency,
  };

  give ((Order){.kind = ORDER_UPDATE, .queue = self, .errand = g_memdup2 (&errand, sizeof errand)});
}
