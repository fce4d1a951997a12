/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One owned, named source: the only timers of the simulator. */

#include "config.h"

#include "testing/dgw-testing-timer-private.h"

struct _DgwTestingTimer
{
  GSource            *source;
  DgwTestingTimerFunc func;
  gpointer            user_data;
};

static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);
  return callback (user_data);
}

static GSourceFuncs timer_funcs = {
  .dispatch = dispatch_timer,
};

static gboolean
timer_cb (gpointer user_data)
{
  DgwTestingTimer *timer = user_data;

  timer->func (timer->user_data);
  return G_SOURCE_CONTINUE;
}

DgwTestingTimer *
dgw_testing_timer_new (GMainContext       *context,
                       const char         *name,
                       DgwTestingTimerFunc func,
                       gpointer            user_data)
{
  DgwTestingTimer *timer = g_new0 (DgwTestingTimer, 1);

  timer->func = func;
  timer->user_data = user_data;
  timer->source = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_static_name (timer->source, name);
  g_source_set_callback (timer->source, timer_cb, timer, NULL);
  g_source_attach (timer->source, context);
  return timer;
}

void
dgw_testing_timer_free (DgwTestingTimer *timer)
{
  g_source_destroy (timer->source);
  g_source_unref (timer->source);
  g_free (timer);
}

/* Fires once, @delay_us from now; starting again moves the time. */
void
dgw_testing_timer_start (DgwTestingTimer *timer, gint64 delay_us)
{
  g_source_set_ready_time (timer->source, g_get_monotonic_time () + delay_us);
}

void
dgw_testing_timer_stop (DgwTestingTimer *timer)
{
  g_source_set_ready_time (timer->source, -1);
}

gboolean
dgw_testing_timer_is_running (DgwTestingTimer *timer)
{
  return g_source_get_ready_time (timer->source) != -1;
}
