/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-sleep-clock-private.h"

#include <glib-unix.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* Theory of operation.
 *
 * A timer on the real-time clock that is never due is cancelled by the kernel
 * when that clock is set, and it is set when the host wakes. How long it slept is
 * by how much the boot-time clock, which goes on, is further ahead of the
 * monotonic one, which stops. Somebody who sets the time moves neither. */

/* The clocks are not read at once. */
#define LEAST_SLEEP_US G_USEC_PER_SEC

struct _DgwSleepClock
{
  DgwClockReader reader;
  DgwSleptFunc   func;
  gpointer       user_data;
  gint64         ahead_us;
  int            fd;     /* -1: none */
  GSource       *source; /* nullable */
};

static gint64
read_clock (clockid_t id)
{
  struct timespec time;

  if (clock_gettime (id, &time) != 0)
    return 0;

  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static DgwClockTimes
read_clocks (void)
{
  return (DgwClockTimes){
    .boottime_us = read_clock (CLOCK_BOOTTIME),
    .monotonic_us = read_clock (CLOCK_MONOTONIC),
  };
}

gint64
dgw_sleep_clock_take (DgwSleepClock *self)
{
  DgwClockTimes now = self->reader ();
  gint64        before_us = self->ahead_us;

  self->ahead_us = now.boottime_us - now.monotonic_us;

  return MAX (self->ahead_us - before_us, 0);
}

void
dgw_sleep_clock_look (DgwSleepClock *self)
{
  gint64 slept_us = dgw_sleep_clock_take (self);

  if (slept_us >= LEAST_SLEEP_US)
    self->func (slept_us, self->user_data);
}

void
dgw_sleep_clock_set_reader (DgwSleepClock *self,
                            DgwClockReader reader)
{
  self->reader = reader != NULL ? reader : read_clocks;
}

static void
arm (DgwSleepClock *self)
{
  const struct itimerspec never = {.it_value = {.tv_sec = G_MAXINT32}};

  timerfd_settime (self->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

static gboolean
jumped_cb (int          fd,
           GIOCondition condition,
           gpointer     user_data)
{
  DgwSleepClock *self = user_data;
  guint64        n_expired;

  if (read (fd, &n_expired, sizeof n_expired) < 0)
    arm (self);
  dgw_sleep_clock_look (self);

  return G_SOURCE_CONTINUE;
}

DgwSleepClock *
dgw_sleep_clock_new (GMainContext *context,
                     DgwSleptFunc  func,
                     gpointer      user_data)
{
  DgwSleepClock *self = g_new0 (DgwSleepClock, 1);

  self->reader = read_clocks;
  self->func = func;
  self->user_data = user_data;
  dgw_sleep_clock_take (self);
  self->fd = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (self->fd < 0)
    return self;

  arm (self);
  self->source = g_unix_fd_source_new (self->fd, G_IO_IN);
  g_source_set_static_name (self->source, "[dgw] clock");
  g_source_set_callback (self->source, G_SOURCE_FUNC (jumped_cb), self, NULL);
  g_source_attach (self->source, context);

  return self;
}

void
dgw_sleep_clock_free (DgwSleepClock *self)
{
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
    }
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}
