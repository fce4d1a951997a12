/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-timer-private.h"

typedef struct
{
  GMainContext *context;
  DgwTimer     *timer;
  guint         fired;
} Fixture;

static void
count_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->fired++;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->context = g_main_context_new ();
  fixture->timer = dgw_timer_new (fixture->context, count_cb, fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_pointer (&fixture->timer, dgw_timer_free);
  g_main_context_unref (fixture->context);
}

static void
test_fires_once (Fixture      *fixture,
                 gconstpointer data)
{
  gint64 due_us = g_get_monotonic_time () + 2000;

  g_test_summary ("HB-15: a timer fires once, not before its monotonic time");
  dgw_timer_set (fixture->timer, due_us);
  while (fixture->fired == 0)
    g_main_context_iteration (fixture->context, TRUE);
  g_assert_cmpint (g_get_monotonic_time (), >=, due_us);
  while (g_main_context_iteration (fixture->context, FALSE))
    continue;
  g_assert_cmpuint (fixture->fired, ==, 1);

  dgw_timer_set (fixture->timer, due_us);
  while (fixture->fired == 1)
    g_main_context_iteration (fixture->context, TRUE);
  g_assert_cmpuint (fixture->fired, ==, 2);
}

static void
test_past_and_never (Fixture      *fixture,
                     gconstpointer data)
{
  g_test_summary ("A time that is past fires at once, also one before the clock began; NEVER takes it back");
  dgw_timer_set (fixture->timer, 0);
  dgw_timer_set (fixture->timer, DGW_TIMER_NEVER);
  g_assert_false (g_main_context_iteration (fixture->context, FALSE));
  g_assert_cmpuint (fixture->fired, ==, 0);

  dgw_timer_set (fixture->timer, G_MININT64);
  g_assert_true (g_main_context_iteration (fixture->context, FALSE));
  g_assert_cmpuint (fixture->fired, ==, 1);
}

static void
free_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->fired++;
  g_clear_pointer (&fixture->timer, dgw_timer_free);
}

static void
test_freed_by_itself (Fixture      *fixture,
                      gconstpointer data)
{
  g_test_summary ("HB-16: a timer may be freed by its own function and is gone then");
  dgw_timer_free (fixture->timer);
  fixture->timer = dgw_timer_new (fixture->context, free_cb, fixture);
  dgw_timer_set (fixture->timer, 0);
  while (g_main_context_iteration (fixture->context, FALSE))
    continue;
  g_assert_cmpuint (fixture->fired, ==, 1);

  fixture->timer = dgw_timer_new (fixture->context, count_cb, fixture);
  dgw_timer_set (fixture->timer, 0);
  g_clear_pointer (&fixture->timer, dgw_timer_free);
  g_assert_false (g_main_context_iteration (fixture->context, FALSE));

  fixture->timer = dgw_timer_new (fixture->context, count_cb, fixture);
}

#define N_TIMERS 500

typedef struct
{
  DgwTimer *timer;
  gint64    due_us;
  gint64   *last_us; /* of all: when the one before was due */
  guint    *n_fired;
} Alarm;

static void
ring (gpointer user_data)
{
  Alarm *alarm = user_data;

  g_assert_cmpint (alarm->due_us, >=, *alarm->last_us);
  *alarm->last_us = alarm->due_us;
  (*alarm->n_fired)++;
}

static void
set_alarm (Alarm *alarm,
           gint64 due_us)
{
  alarm->due_us = due_us;
  dgw_timer_set (alarm->timer, due_us);
}

static void
test_many (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree Alarm *alarms = g_new0 (Alarm, N_TIMERS);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gint64 last_us = G_MININT64;
  guint  n_fired = 0, n_set = 0;

  g_test_summary ("Many timers of a context fire in the order of their times, however often these were changed");
  for (guint i = 0; i < N_TIMERS; i++)
    {
      alarms[i] = (Alarm){dgw_timer_new (fixture->context, ring, &alarms[i]), DGW_TIMER_NEVER, &last_us, &n_fired};
      set_alarm (&alarms[i], g_rand_int_range (random, 0, 1000));
    }
  for (guint i = 0; i < 10 * N_TIMERS; i++)
    set_alarm (&alarms[g_rand_int_range (random, 0, N_TIMERS)],
               i % 7 == 0 ? DGW_TIMER_NEVER : g_rand_int_range (random, 0, 1000));
  for (guint i = 0; i < N_TIMERS; i += 3)
    {
      dgw_timer_free (alarms[i].timer);
      alarms[i].due_us = DGW_TIMER_NEVER;
    }
  for (guint i = 0; i < N_TIMERS; i++)
    n_set += alarms[i].due_us != DGW_TIMER_NEVER;

  g_assert_cmpuint (n_set, >, N_TIMERS / 3);
  while (g_main_context_iteration (fixture->context, FALSE))
    continue;
  g_assert_cmpuint (n_fired, ==, n_set);
  for (guint i = 0; i < N_TIMERS; i++)
    if (i % 3 != 0)
      dgw_timer_free (alarms[i].timer);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dgw/worker/timer/fires-once", Fixture, NULL, set_up, test_fires_once, tear_down);
  g_test_add ("/dgw/worker/timer/past-and-never", Fixture, NULL, set_up, test_past_and_never, tear_down);
  g_test_add ("/dgw/worker/timer/freed-by-itself", Fixture, NULL, set_up, test_freed_by_itself, tear_down);
  g_test_add ("/dgw/worker/timer/many", Fixture, NULL, set_up, test_many, tear_down);

  return g_test_run ();
}
