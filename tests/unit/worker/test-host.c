/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-host-private.h"

#include "host-services.h"

/* A guest that notes what it is told; what it holds is the test's to release. */
typedef struct
{
  DgwHostGuest *guest;
  int           network;    /* atomic */
  int           n_networks; /* atomic */
  int           n_sleeps;   /* atomic */
  int           n_wakes;    /* atomic */
  int           slept_s;    /* atomic; of the last */
  DgwSleepLock *lock;       /* atomic */
} Guest;

static HostServices services;

static void
network_cb (const DgwHostNetworkState *state,
            gpointer                   user_data)
{
  Guest *self = user_data;

  g_atomic_int_set (&self->network, (int)state->network);
  g_atomic_int_inc (&self->n_networks);
}

static void
sleeping_cb (DgwSleepLock *lock,
             gpointer      user_data)
{
  Guest *self = user_data;

  g_atomic_pointer_set (&self->lock, dgw_sleep_lock_hold (lock));
  g_atomic_int_inc (&self->n_sleeps);
}

static void
woke_cb (gint64   slept_us,
         gpointer user_data)
{
  Guest *self = user_data;

  g_atomic_int_set (&self->slept_s, (int)(slept_us / G_USEC_PER_SEC));
  g_atomic_int_inc (&self->n_wakes);
}

static void
guest_join (Guest *self)
{
  static const DgwHostFuncs funcs = {network_cb, sleeping_cb, woke_cb};
  DgwHostNetworkState       state;

  *self = (Guest){NULL};
  self->guest = dgw_host_join (&funcs, self, &state);
}

static void
guest_release (Guest *self)
{
  DgwSleepLock *lock = g_atomic_pointer_get (&self->lock);

  g_atomic_pointer_set (&self->lock, NULL);
  if (lock != NULL)
    dgw_sleep_lock_release (lock);
}

static void
guest_leave (Guest *self)
{
  g_clear_pointer (&self->guest, dgw_host_leave);
  guest_release (self);
}

/* The services answer meanwhile. */
#define WAIT(condition)                       \
  G_STMT_START                                \
  {                                           \
    while (!(condition))                      \
      g_main_context_iteration (NULL, FALSE); \
  }                                           \
  G_STMT_END

static void
wait_for_lock (void)
{
  WAIT (host_services_is_locked (&services));
}

static void
test_lock (void)
{
  Guest one, two;

  g_test_summary ("Requirement 12: the host sleeps when the last of those who have something to finish is done");
  guest_join (&one);
  guest_join (&two);
  wait_for_lock ();
  host_services_prepare_for_sleep (&services, TRUE);
  WAIT (g_atomic_int_get (&one.n_sleeps) == 1 && g_atomic_int_get (&two.n_sleeps) == 1);
  guest_release (&one);
  g_assert_true (host_services_is_locked (&services));
  guest_release (&two);
  WAIT (!host_services_is_locked (&services));
  host_services_prepare_for_sleep (&services, FALSE);
  WAIT (g_atomic_int_get (&one.n_wakes) == 1 && g_atomic_int_get (&two.n_wakes) == 1);
  wait_for_lock ();
  guest_leave (&one);
  g_assert_true (host_services_is_locked (&services));
  guest_leave (&two);
  WAIT (!host_services_is_locked (&services));
}

static void
test_bounded (void)
{
  Guest guest;

  g_test_summary ("Requirement 12: and if one never is, after a time all the same");
  guest_join (&guest);
  wait_for_lock ();
  host_services_prepare_for_sleep (&services, TRUE);
  WAIT (g_atomic_int_get (&guest.n_sleeps) == 1);
  WAIT (!host_services_is_locked (&services));
  g_assert_nonnull (g_atomic_pointer_get (&guest.lock));
  guest_leave (&guest);
}

static void
test_holds_longer (void)
{
  Guest guest;

  g_test_summary ("A lock may be held longer than there is a host");
  guest_join (&guest);
  wait_for_lock ();
  host_services_prepare_for_sleep (&services, TRUE);
  WAIT (g_atomic_int_get (&guest.n_sleeps) == 1);
  g_clear_pointer (&guest.guest, dgw_host_leave);
  WAIT (!host_services_is_locked (&services));
  guest_release (&guest);
}

static void
test_restart (void)
{
  Guest guest;
  guint n_locks;

  g_test_summary ("Requirement 12: a new logind is asked for a lock, and one that is told of twice gets it back once");
  guest_join (&guest);
  wait_for_lock ();
  n_locks = services.n_locks;
  host_services_restart_logind (&services);
  WAIT (services.n_locks == n_locks + 1);
  wait_for_lock ();
  host_services_prepare_for_sleep (&services, TRUE);
  WAIT (g_atomic_int_get (&guest.n_sleeps) == 1);
  guest_release (&guest);
  host_services_prepare_for_sleep (&services, TRUE);
  WAIT (g_atomic_int_get (&guest.n_sleeps) == 2);
  guest_release (&guest);
  WAIT (!host_services_is_locked (&services));
  guest_leave (&guest);
}

static void
test_no_answer (void)
{
  Guest guest;

  g_test_summary ("Requirement 12: guests come and go while a call for a lock is under way");
  services.is_deaf = TRUE;
  for (guint i = 0; i < 20; i++)
    {
      guest_join (&guest);
      g_main_context_iteration (NULL, FALSE);
      guest_leave (&guest);
    }
  services.is_deaf = FALSE;
  guest_join (&guest);
  wait_for_lock ();
  guest_leave (&guest);
  WAIT (!host_services_is_locked (&services));
}

static void
test_network (void)
{
  static const struct
  {
    guint32    state;
    guint32    connectivity;
    DgwNetwork network;
  } steps[] = {
    {20, 1, DGW_NETWORK_UNAVAILABLE},
    {60, 2, DGW_NETWORK_PORTAL     },
    {70, 4, DGW_NETWORK_AVAILABLE  },
    {50, 1, DGW_NETWORK_UNAVAILABLE},
    {70, 0, DGW_NETWORK_AVAILABLE  },
    {70, 2, DGW_NETWORK_PORTAL     },
    {60, 3, DGW_NETWORK_AVAILABLE  },
    {70, 4, DGW_NETWORK_AVAILABLE  },
  };

  Guest               guest, late;
  DgwHostNetworkState state;

  g_test_summary ("BO-05, M6: what NetworkManager says is told, and who comes later knows it");
  guest_join (&guest);
  wait_for_lock ();
  host_services_set_network (&services, 20, 1);
  /* Before the library has made its monitor it is told by that. */
  WAIT (g_atomic_int_get (&guest.network) == DGW_NETWORK_UNAVAILABLE);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      host_services_set_network (&services, steps[i].state, steps[i].connectivity);
      WAIT (g_atomic_int_get (&guest.network) == (int)steps[i].network);
      guest_join (&late);
      dgw_host_get_state (late.guest, &state);
      g_assert_cmpint (state.network, ==, steps[i].network);
      g_assert_true (state.is_available == (steps[i].network != DGW_NETWORK_UNAVAILABLE));
      guest_leave (&late);
    }
  guest_leave (&guest);
}

static int offset_s; /* atomic */

static DgwClockTimes
read_clocks (void)
{
  DgwClockTimes times = {.monotonic_us = g_get_monotonic_time ()};

  times.boottime_us = times.monotonic_us + g_atomic_int_get (&offset_s) * (gint64)G_USEC_PER_SEC;

  return times;
}

static void
test_clocks (void)
{
  Guest guest;

  g_test_summary ("M2, M3: without logind the clocks tell of sleep; one that was told of is not told of again");
  guest_join (&guest);
  wait_for_lock ();
  dgw_host_jump (read_clocks);
  g_atomic_int_add (&offset_s, 600 + 24 * 3600);
  dgw_host_jump (read_clocks);
  WAIT (g_atomic_int_get (&guest.n_wakes) == 1);
  g_assert_cmpint (g_atomic_int_get (&guest.slept_s), >=, 600);
  dgw_host_jump (read_clocks);
  host_services_prepare_for_sleep (&services, FALSE);
  WAIT (g_atomic_int_get (&guest.n_wakes) == 2);
  g_assert_cmpint (g_atomic_int_get (&guest.slept_s), ==, 0);
  g_atomic_int_add (&offset_s, 60);
  host_services_prepare_for_sleep (&services, FALSE);
  WAIT (g_atomic_int_get (&guest.n_wakes) == 3);
  g_assert_cmpint (g_atomic_int_get (&guest.slept_s), ==, 60);
  guest_leave (&guest);
}

static gpointer
come_and_go (gpointer data)
{
  for (guint i = 0; i < 100; i++)
    {
      Guest guest;

      guest_join (&guest);
      guest_leave (&guest);
    }
  g_atomic_int_inc ((int *)data);

  return NULL;
}

static void
test_many_threads (void)
{
  GThread *threads[3];
  int      n_done = 0;

  g_test_summary ("Requirement 12: guests come and go in many threads, while the host has much to tell");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("guest", come_and_go, &n_done);
  for (guint i = 0; g_atomic_int_get (&n_done) < (int)G_N_ELEMENTS (threads); i++)
    {
      host_services_prepare_for_sleep (&services, i % 2 == 0);
      host_services_set_network (&services, i % 3 == 0 ? 20 : 70, 4);
      g_main_context_iteration (NULL, FALSE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  host_services_set_network (&services, 70, 4);
  WAIT (!host_services_is_locked (&services));
}

int
main (int    argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  if (!host_services_start (&services))
    {
      g_print ("1..0 # SKIP there is no dbus-daemon\n");
      return 0;
    }

  g_test_add_func ("/dgw/worker/host/lock", test_lock);
  g_test_add_func ("/dgw/worker/host/bounded", test_bounded);
  g_test_add_func ("/dgw/worker/host/holds-longer", test_holds_longer);
  g_test_add_func ("/dgw/worker/host/restart", test_restart);
  g_test_add_func ("/dgw/worker/host/no-answer", test_no_answer);
  g_test_add_func ("/dgw/worker/host/network", test_network);
  g_test_add_func ("/dgw/worker/host/clocks", test_clocks);
  g_test_add_func ("/dgw/worker/host/many-threads", test_many_threads);
  result = g_test_run ();
  host_services_stop (&services);

  return result;
}
