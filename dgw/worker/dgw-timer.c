/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-timer-private.h"

/* Above the default, so that traffic does not hold up a heartbeat. */
#define PRIORITY (G_PRIORITY_DEFAULT - 10)

struct _DgwTimer
{
  GSource      source;
  DgwTimerFunc func;
  gpointer     user_data;
  gint64       due_us;
};

/* Runs in the context that the timer was made for. */
static gboolean
timer_dispatch (GSource    *source,
                GSourceFunc callback,
                gpointer    user_data)
{
  DgwTimer *self = (DgwTimer *)source;

  dgw_timer_set (self, DGW_TIMER_NEVER);
  self->func (self->user_data);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_funcs = {.dispatch = timer_dispatch};

DgwTimer *
dgw_timer_new (const char   *name,
               GMainContext *context,
               DgwTimerFunc  func,
               gpointer      user_data)
{
  DgwTimer *self = (DgwTimer *)g_source_new (&timer_funcs, sizeof (DgwTimer));

  self->func = func;
  self->user_data = user_data;
  self->due_us = DGW_TIMER_NEVER;
  g_source_set_static_name (&self->source, name);
  g_source_set_priority (&self->source, PRIORITY);
  g_source_attach (&self->source, context);

  return self;
}

void
dgw_timer_free (DgwTimer *self)
{
  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

void
dgw_timer_set (DgwTimer *self,
               gint64    due_us)
{
  if (self->due_us == due_us)
    return;

  self->due_us = due_us;
  /* A ready time below zero means never to GLib. */
  g_source_set_ready_time (&self->source, due_us == DGW_TIMER_NEVER ? -1 : MAX (due_us, 0));
}
