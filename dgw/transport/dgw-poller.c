/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-poller-private.h"

#include <sys/epoll.h>
#include <unistd.h>

/* What is looked at before the context gets a turn. */
#define MAX_READY 64

struct _DgwPollerWatch
{
  DgwPoller    *poller;
  int           fd;
  DgwPollerFunc func;
  gpointer      user_data;
  guint         turn; /* of the last call */
  gboolean      is_unfinished;
  GList         link; /* the poller's, while unfinished */
};

struct _DgwPoller
{
  GSource         *source;
  int              fd;
  GQueue           unfinished; /* of DgwPollerWatch */
  guint            turn;
  DgwPollerWatch  *running; /* NULL: none, or it was ended */
  DgwPollerWatch **ready;   /* of this turn; NULL: ended meanwhile */
  guint            n_ready;
};

typedef struct
{
  GSource    source;
  DgwPoller *poller; /* borrowed: it outlives the source */
  gpointer   tag;
} PollerSource;

static gboolean
source_prepare (GSource *source,
                int     *timeout_ms)
{
  *timeout_ms = -1;

  return !g_queue_is_empty (&((PollerSource *)source)->poller->unfinished);
}

static gboolean
source_check (GSource *source)
{
  return g_source_query_unix_fd (source, ((PollerSource *)source)->tag) != 0 ||
         !g_queue_is_empty (&((PollerSource *)source)->poller->unfinished);
}

static void
set_unfinished (DgwPollerWatch *watch,
                gboolean        is_unfinished)
{
  if (watch->is_unfinished == is_unfinished)
    return;

  watch->is_unfinished = is_unfinished;
  if (is_unfinished)
    g_queue_push_tail_link (&watch->poller->unfinished, &watch->link);
  else
    g_queue_unlink (&watch->poller->unfinished, &watch->link);
}

/* Once a turn, however many tell of it. */
static void
call (DgwPoller      *self,
      DgwPollerWatch *watch)
{
  gboolean is_unfinished;

  if (watch->turn == self->turn)
    return;

  watch->turn = self->turn;
  self->running = watch;
  is_unfinished = watch->func (watch->user_data);
  if (self->running == watch)
    set_unfinished (watch, is_unfinished);
  self->running = NULL;
}

static void
call_unfinished (DgwPoller *self)
{
  for (guint n = self->unfinished.length; n > 0 && !g_queue_is_empty (&self->unfinished); n--)
    {
      DgwPollerWatch *watch = self->unfinished.head->data;

      set_unfinished (watch, FALSE);
      call (self, watch);
    }
}

static void
call_ready (DgwPoller *self)
{
  struct epoll_event events[MAX_READY];
  DgwPollerWatch    *ready[MAX_READY];
  int                n = epoll_wait (self->fd, events, MAX_READY, 0);

  self->ready = ready;
  self->n_ready = (guint)MAX (n, 0);
  for (guint i = 0; i < self->n_ready; i++)
    ready[i] = events[i].data.ptr;
  for (guint i = 0; i < self->n_ready; i++)
    if (ready[i] != NULL)
      call (self, ready[i]);
  self->ready = NULL;
  self->n_ready = 0;
}

static gboolean
source_dispatch (GSource    *source,
                 GSourceFunc callback,
                 gpointer    user_data)
{
  DgwPoller *self = ((PollerSource *)source)->poller;

  self->turn++;
  call_unfinished (self);
  call_ready (self);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {source_prepare, source_check, source_dispatch};

DgwPoller *
dgw_poller_new (GMainContext *context)
{
  const int  fd = epoll_create1 (EPOLL_CLOEXEC);
  DgwPoller *self;

  if (fd < 0)
    return NULL;

  self = g_new0 (DgwPoller, 1);
  self->fd = fd;
  g_queue_init (&self->unfinished);
  self->source = g_source_new (&source_funcs, sizeof (PollerSource));
  ((PollerSource *)self->source)->poller = self;
  ((PollerSource *)self->source)->tag = g_source_add_unix_fd (self->source, fd, G_IO_IN);
  g_source_set_static_name (self->source, "[dgw] poller");
  /* A source that cannot is taken out of the context for the time of a call,
   * which costs a system call more than the call itself. */
  g_source_set_can_recurse (self->source, TRUE);
  g_source_attach (self->source, context);

  return self;
}

void
dgw_poller_free (DgwPoller *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->fd);
  g_free (self);
}

DgwPollerWatch *
dgw_poller_watch (DgwPoller    *self,
                  int           fd,
                  DgwPollerFunc func,
                  gpointer      user_data)
{
  DgwPollerWatch    *watch = g_new0 (DgwPollerWatch, 1);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = watch};

  watch->poller = self;
  watch->fd = fd;
  watch->func = func;
  watch->user_data = user_data;
  watch->turn = self->turn;
  watch->link.data = watch;
  if (epoll_ctl (self->fd, EPOLL_CTL_ADD, fd, &event) != 0)
    g_clear_pointer (&watch, g_free);

  return watch;
}

void
dgw_poller_unwatch (DgwPollerWatch *watch)
{
  DgwPoller *self = watch->poller;

  epoll_ctl (self->fd, EPOLL_CTL_DEL, watch->fd, NULL);
  set_unfinished (watch, FALSE);
  if (self->running == watch)
    self->running = NULL;
  for (guint i = 0; i < self->n_ready; i++)
    if (self->ready[i] == watch)
      self->ready[i] = NULL;
  g_free (watch);
}
