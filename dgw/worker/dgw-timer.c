/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-timer-private.h"

#include "worker/dgw-hub-private.h"

/* All timers of a context that are set are in a binary heap: the next one is at
 * the root, and to set one costs the logarithm of their number. */

struct _DgwTimer
{
  DgwHub      *hub;
  DgwTimerFunc func;
  gpointer     user_data;
  gint64       due_us;   /* NEVER: not in the heap */
  guint        position; /* in the heap */
};

typedef struct
{
  DgwHub     hub;
  GPtrArray *heap; /* of DgwTimer */
} Clock;

static DgwTimer *
get_timer (Clock *self,
           guint  position)
{
  return g_ptr_array_index (self->heap, position);
}

static void
put (Clock    *self,
     DgwTimer *timer,
     guint     position)
{
  g_ptr_array_index (self->heap, position) = timer;
  timer->position = position;
}

static void
move_up (Clock    *self,
         DgwTimer *timer)
{
  guint position = timer->position;

  while (position > 0 && get_timer (self, (position - 1) / 2)->due_us > timer->due_us)
    {
      put (self, get_timer (self, (position - 1) / 2), position);
      position = (position - 1) / 2;
    }
  put (self, timer, position);
}

static void
move_down (Clock    *self,
           DgwTimer *timer)
{
  guint position = timer->position;

  for (;;)
    {
      guint child = 2 * position + 1;

      if (child + 1 < self->heap->len && get_timer (self, child + 1)->due_us < get_timer (self, child)->due_us)
        child++;
      if (child >= self->heap->len || get_timer (self, child)->due_us >= timer->due_us)
        break;

      put (self, get_timer (self, child), position);
      position = child;
    }
  put (self, timer, position);
}

static void
take_out (Clock    *self,
          DgwTimer *timer)
{
  DgwTimer   *last = get_timer (self, self->heap->len - 1);
  const guint position = timer->position;

  g_ptr_array_set_size (self->heap, (int)self->heap->len - 1);
  if (last == timer)
    return;

  put (self, last, position);
  move_up (self, last);
  move_down (self, last);
}

/* Under the lock. */
static void
schedule (Clock    *self,
          DgwTimer *timer,
          gint64    due_us)
{
  const gboolean is_in = timer->due_us != DGW_TIMER_NEVER;

  timer->due_us = due_us;
  if (due_us == DGW_TIMER_NEVER)
    {
      if (is_in)
        take_out (self, timer);
      return;
    }

  if (!is_in)
    {
      timer->position = self->heap->len;
      g_ptr_array_add (self->heap, timer);
    }
  move_up (self, timer);
  move_down (self, timer);
}

/* G_MAXINT64: none is set. */
static gint64
get_due (Clock *self)
{
  gint64 due_us;

  dgw_hub_lock (&self->hub);
  due_us = self->heap->len > 0 ? get_timer (self, 0)->due_us : G_MAXINT64;
  dgw_hub_unlock (&self->hub);

  return due_us;
}

static gboolean
clock_is_ready (DgwHub *hub,
                int    *timeout_ms)
{
  const gint64 due_us = get_due ((Clock *)hub);
  gint64       now_us;

  *timeout_ms = -1;
  if (due_us == G_MAXINT64)
    return FALSE;

  now_us = g_get_monotonic_time ();
  if (due_us > now_us)
    *timeout_ms = (int)MIN ((due_us - now_us + 999) / 1000, G_MAXINT);

  return due_us <= now_us;
}

/* The next one that is due; it is not set any more. */
static DgwTimer *
take_due (Clock *self,
          gint64 now_us)
{
  DgwTimer *timer = NULL;

  dgw_hub_lock (&self->hub);
  if (self->heap->len > 0 && get_timer (self, 0)->due_us <= now_us)
    {
      timer = get_timer (self, 0);
      schedule (self, timer, DGW_TIMER_NEVER);
    }
  dgw_hub_unlock (&self->hub);

  return timer;
}

/* One at a turn: what is due behind it comes before all else at the next. */
static void
clock_dispatch (DgwHub  *hub,
                GSource *source)
{
  DgwTimer *timer = take_due ((Clock *)hub, g_get_monotonic_time ());

  if (timer != NULL)
    timer->func (timer->user_data);
}

static void
clock_init (DgwHub *hub)
{
  ((Clock *)hub)->heap = g_ptr_array_new ();
}

static void
clock_clear (DgwHub *hub)
{
  g_ptr_array_unref (((Clock *)hub)->heap);
}

/* Above the default, so that traffic does not hold up a heartbeat. */
static const DgwHubKind clock_kind = {
  .name = "[dgw] timers",
  .priority = G_PRIORITY_DEFAULT - 10,
  .size = sizeof (Clock),
  .is_ready = clock_is_ready,
  .dispatch = clock_dispatch,
  .init = clock_init,
  .clear = clock_clear,
};

DgwTimer *
dgw_timer_new (GMainContext *context,
               DgwTimerFunc  func,
               gpointer      user_data)
{
  DgwTimer *self = g_new0 (DgwTimer, 1);

  self->hub = dgw_hub_join (&clock_kind, context);
  self->func = func;
  self->user_data = user_data;
  self->due_us = DGW_TIMER_NEVER;

  return self;
}

void
dgw_timer_free (DgwTimer *self)
{
  dgw_timer_set (self, DGW_TIMER_NEVER);
  dgw_hub_leave (self->hub);
  dgw_hub_unref (self->hub);
  g_free (self);
}

void
dgw_timer_set (DgwTimer *self,
               gint64    due_us)
{
  if (self->due_us == due_us)
    return;

  dgw_hub_lock (self->hub);
  schedule ((Clock *)self->hub, self, due_us);
  dgw_hub_unlock (self->hub);
}
