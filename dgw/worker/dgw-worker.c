/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-worker-private.h"

#include <pthread.h>

#include "transport/dgw-net-options-private.h"
#include "worker/dgw-host-private.h"
#include "worker/dgw-mailbox-private.h"

struct _DgwWorker
{
  int           ref_count; /* atomic */
  GMainContext *context;
  DgwMailbox   *mailbox; /* of Post */

  /* The worker's thread only. */
  GSource      *turn;
  GQueue        residents;
  GQueue        awaiting; /* those that await the next sleep */
  DgwHostGuest *host;     /* while there are residents */
  DgwNetwork    network;
  DgwSleepLock *lock;   /* the residents are to be told; nullable */
  DgwPoller    *poller; /* NULL: not needed so far */
  gboolean      is_over;
};

typedef struct
{
  DgwWorkerFunc  func;
  gpointer       data;
  GDestroyNotify destroy;
} Post;

typedef struct
{
  GSource    source;
  DgwWorker *worker;
} TurnSource;

/* The workers there are. The lock guards the step from the last user to none as
 * well. A pthread mutex for the reason given in dgw-mailbox.c. */
static struct
{
  pthread_mutex_t lock;
  GPtrArray      *workers; /* NULL: none yet */
  guint           limit;   /* 0: as many as there are processors */
  DgwWorker      *files;   /* NULL: none; not among the others */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
post_clear (Post *self)
{
  if (self->destroy != NULL)
    self->destroy (self->data);
  *self = (Post){NULL, NULL, NULL};
}

static void
post_deliver (gpointer element,
              gpointer user_data)
{
  Post *post = element;

  post->func (post->data);
  post_clear (post);
}

static const DgwMailboxFuncs post_funcs = {.deliver = post_deliver, .is_urgent = TRUE};

/* Every turn of the context prepares this source last, as its priority is the
 * lowest: nothing but waiting is left to do. It is dispatched only when the host
 * is about to sleep, so after all that had arrived until then. */
static gboolean
turn_prepare (GSource *source,
              int     *timeout_ms)
{
  DgwWorker *self = ((TurnSource *)source)->worker;
  GList     *link;

  while ((link = g_queue_pop_head_link (&self->awaiting)) != NULL)
    {
      DgwWorkerResident *resident = link->data;

      resident->is_awaiting = FALSE;
      resident->before_sleep (resident->user_data);
    }
  *timeout_ms = -1;

  return FALSE;
}

static void
drop_lock (DgwWorker *self)
{
  g_clear_pointer (&self->lock, dgw_sleep_lock_release);
  g_source_set_ready_time (self->turn, -1);
}

static gboolean
turn_dispatch (GSource    *source,
               GSourceFunc callback,
               gpointer    user_data)
{
  DgwWorker *self = ((TurnSource *)source)->worker;

  for (GList *l = self->residents.head; l != NULL; l = l->next)
    {
      DgwWorkerResident *resident = l->data;

      if (resident->sleeping != NULL)
        resident->sleeping (self->lock, resident->user_data);
    }
  drop_lock (self);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs turn_funcs = {.prepare = turn_prepare, .dispatch = turn_dispatch};

static gpointer
worker_run (gpointer data)
{
  DgwWorker *self = data;

  g_main_context_push_thread_default (self->context);
  while (!self->is_over)
    g_main_context_iteration (self->context, TRUE);
  g_assert (g_queue_is_empty (&self->residents));
  g_clear_pointer (&self->poller, dgw_poller_free);
  dgw_mailbox_close (self->mailbox);
  dgw_mailbox_unref (self->mailbox);
  drop_lock (self);
  /* What was cancelled is freed by its callback, GDBus's subscriptions too. */
  while (g_main_context_iteration (self->context, FALSE))
    continue;
  g_main_context_pop_thread_default (self->context);

  g_source_destroy (self->turn);
  g_source_unref (self->turn);
  g_main_context_unref (self->context);
  g_free (self);

  return NULL;
}

static DgwWorker *
worker_new (void)
{
  DgwWorker *self = g_new0 (DgwWorker, 1);

  dgw_net_prepare ();
  self->ref_count = 1;
  g_queue_init (&self->residents);
  g_queue_init (&self->awaiting);
  self->context = g_main_context_new ();
  self->mailbox = dgw_mailbox_new (self->context, 0, &post_funcs, NULL);
  self->turn = g_source_new (&turn_funcs, sizeof (TurnSource));
  ((TurnSource *)self->turn)->worker = self;
  g_source_set_static_name (self->turn, "[dgw] turn");
  g_source_set_priority (self->turn, G_MAXINT);
  g_source_attach (self->turn, self->context);
  /* Nobody joins it: the thread frees what it worked with. */
  g_thread_unref (g_thread_new ("dgw-worker", worker_run, self));

  return self;
}

/* Under the lock. A connection is several users, each alike, so their number
 * tells how many connections there are. */
static DgwWorker *
find_least_used (void)
{
  DgwWorker *least = NULL;

  for (guint i = 0; i < pool.workers->len; i++)
    {
      DgwWorker *worker = g_ptr_array_index (pool.workers, i);

      if (least == NULL || g_atomic_int_get (&worker->ref_count) < g_atomic_int_get (&least->ref_count))
        least = worker;
    }

  return least;
}

/* Under the lock. */
static gboolean
has_room (void)
{
  guint limit = pool.limit > 0 ? pool.limit : g_get_num_processors ();

  return pool.workers->len < limit;
}

DgwWorker *
dgw_worker_acquire (void)
{
  DgwWorker *self;

  pthread_mutex_lock (&pool.lock);
  if (pool.workers == NULL)
    pool.workers = g_ptr_array_new ();
  if (has_room ())
    {
      self = worker_new ();
      g_ptr_array_add (pool.workers, self);
    }
  else
    {
      self = dgw_worker_ref (find_least_used ());
    }
  pthread_mutex_unlock (&pool.lock);

  return self;
}

DgwWorker *
dgw_worker_acquire_for_files (void)
{
  DgwWorker *self;

  pthread_mutex_lock (&pool.lock);
  if (pool.files == NULL)
    pool.files = worker_new ();
  else
    dgw_worker_ref (pool.files);
  self = pool.files;
  pthread_mutex_unlock (&pool.lock);

  return self;
}

DgwWorker *
dgw_worker_acquire_alone (void)
{
  return worker_new ();
}

/* Under the lock. */
static void
forget (DgwWorker *self)
{
  if (pool.files == self)
    {
      pool.files = NULL;
      return;
    }
  if (pool.workers == NULL)
    return;

  g_ptr_array_remove_fast (pool.workers, self);
  if (pool.workers->len == 0)
    g_clear_pointer (&pool.workers, g_ptr_array_unref);
}

void
dgw_worker_set_limit (guint limit)
{
  pthread_mutex_lock (&pool.lock);
  pool.limit = limit;
  pthread_mutex_unlock (&pool.lock);
}

DgwWorker *
dgw_worker_ref (DgwWorker *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

static void
finish (gpointer data)
{
  DgwWorker *self = data;

  self->is_over = TRUE;
}

void
dgw_worker_unref (DgwWorker *self)
{
  gboolean is_last;

  pthread_mutex_lock (&pool.lock);
  is_last = g_atomic_int_dec_and_test (&self->ref_count);
  if (is_last)
    forget (self);
  pthread_mutex_unlock (&pool.lock);

  if (is_last)
    dgw_worker_post (self, finish, self, NULL);
}

GMainContext *
dgw_worker_get_context (DgwWorker *self)
{
  return self->context;
}

DgwPoller *
dgw_worker_get_poller (DgwWorker *self)
{
  if (self->poller == NULL)
    self->poller = dgw_poller_new (self->context);

  return self->poller;
}

void
dgw_worker_post (DgwWorker     *self,
                 DgwWorkerFunc  func,
                 gpointer       data,
                 GDestroyNotify destroy)
{
  /* The last post of all ends the worker, maybe before the push returns. */
  DgwMailbox *mailbox = dgw_mailbox_ref (self->mailbox);
  GArray     *batch = g_array_sized_new (FALSE, FALSE, sizeof (Post), 1);
  Post        post = {func, data, destroy};

  g_array_set_clear_func (batch, (GDestroyNotify)post_clear);
  g_array_append_val (batch, post);
  dgw_mailbox_push (mailbox, batch, (DgwMailboxLoad){0, 1}, NULL);
  dgw_mailbox_unref (mailbox);
}

/* What the host tells, on its way to the worker. */
typedef struct
{
  DgwWorker    *worker;
  DgwNetwork    network;
  gint64        slept_us;
  DgwSleepLock *lock;
} News;

static void
news_free (gpointer data)
{
  News *self = data;

  g_clear_pointer (&self->lock, dgw_sleep_lock_release);
  g_free (self);
}

static void
bring (News          news,
       DgwWorkerFunc func)
{
  dgw_worker_post (news.worker, func, g_memdup2 (&news, sizeof news), news_free);
}

static void
tell_network (gpointer data)
{
  News      *news = data;
  DgwWorker *self = news->worker;

  self->network = news->network;
  for (GList *l = self->residents.head; l != NULL; l = l->next)
    {
      DgwWorkerResident *resident = l->data;

      if (resident->network != NULL)
        resident->network (self->network, resident->user_data);
    }
}

static void
tell_sleeping (gpointer data)
{
  News      *news = data;
  DgwWorker *self = news->worker;

  drop_lock (self);
  self->lock = g_steal_pointer (&news->lock);
  g_source_set_ready_time (self->turn, 0);
}

static void
tell_woke (gpointer data)
{
  News      *news = data;
  DgwWorker *self = news->worker;

  for (GList *l = self->residents.head; l != NULL; l = l->next)
    {
      DgwWorkerResident *resident = l->data;

      if (resident->woke != NULL)
        resident->woke (news->slept_us, resident->user_data);
    }
}

/* On the host's thread. */

static void
network_cb (const DgwHostNetworkState *state,
            gpointer                   user_data)
{
  bring ((News){.worker = user_data, .network = state->network}, tell_network);
}

static void
sleeping_cb (DgwSleepLock *lock,
             gpointer      user_data)
{
  bring ((News){.worker = user_data, .lock = dgw_sleep_lock_hold (lock)}, tell_sleeping);
}

static void
woke_cb (gint64   slept_us,
         gpointer user_data)
{
  bring ((News){.worker = user_data, .slept_us = slept_us}, tell_woke);
}

static void
watch_host (DgwWorker *self)
{
  static const DgwHostFuncs funcs = {network_cb, sleeping_cb, woke_cb};
  DgwHostNetworkState       state;

  self->host = dgw_host_join (&funcs, self, &state);
  self->network = state.network;
}

void
dgw_worker_add (DgwWorker         *self,
                DgwWorkerResident *resident)
{
  resident->link = (GList){resident, NULL, NULL};
  resident->awaiting_link = (GList){resident, NULL, NULL};
  g_queue_push_tail_link (&self->residents, &resident->link);
  if (self->host == NULL)
    watch_host (self);
  if (resident->network != NULL)
    resident->network (self->network, resident->user_data);
}

void
dgw_worker_remove (DgwWorker         *self,
                   DgwWorkerResident *resident)
{
  g_queue_unlink (&self->residents, &resident->link);
  if (resident->is_awaiting)
    g_queue_unlink (&self->awaiting, &resident->awaiting_link);
  if (g_queue_is_empty (&self->residents))
    g_clear_pointer (&self->host, dgw_host_leave);
}

void
dgw_worker_await_sleep (DgwWorker         *self,
                        DgwWorkerResident *resident)
{
  if (resident->is_awaiting)
    return;

  resident->is_awaiting = TRUE;
  g_queue_push_tail_link (&self->awaiting, &resident->awaiting_link);
}
