/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tells from the clocks that the host was asleep, where nobody else tells. The
 * thread of its context only. */
typedef struct _DgwSleepClock DgwSleepClock;

typedef struct
{
  gint64 boottime_us;  /* goes on while the host sleeps */
  gint64 monotonic_us; /* does not */
} DgwClockTimes;

typedef DgwClockTimes (*DgwClockReader) (void);
typedef void (*DgwSleptFunc) (gint64   slept_us,
                              gpointer user_data);

DgwSleepClock *dgw_sleep_clock_new (GMainContext *context,
                                    DgwSleptFunc  func,
                                    gpointer      user_data) G_GNUC_WARN_UNUSED_RESULT;
void           dgw_sleep_clock_free (DgwSleepClock *self);

/* How long the host slept since the last time, for one who knows that it did. */
gint64 dgw_sleep_clock_take (DgwSleepClock *self);
/* What happens when the kernel says that the time has jumped. */
void dgw_sleep_clock_look (DgwSleepClock *self);
/* For tests. NULL: the kernel's clocks, as at first. */
void dgw_sleep_clock_set_reader (DgwSleepClock *self,
                                 DgwClockReader reader);

G_END_DECLS
