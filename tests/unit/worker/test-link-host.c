/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "host-services.h"
#include "link-rig.h"
#include "worker/dgw-host-private.h"

static HostServices services;

/* For what wakes nobody here. */
#define WAIT(condition)                       \
  G_STMT_START                                \
  {                                           \
    while (!(condition))                      \
      g_main_context_iteration (NULL, FALSE); \
  }                                           \
  G_STMT_END

/* Numbers of the TEST events, each of which comes once and in order. */
static void
count (gpointer data,
       gpointer user_data)
{
  LinkRig *rig = user_data;
  int      number = link_rig_read_number (data);

  if (number < 0)
    return;

  g_assert_cmpint (number, ==, rig->n_numbers);
  rig->n_numbers++;
}

static void
dispatch (LinkRig *rig,
          guint    from,
          guint    to)
{
  for (guint n = from; n < to; n++)
    {
      g_autofree char *text = g_strdup_printf ("{\"n\":%u}", n);

      dgw_testing_simulator_dispatch_text (rig->simulator, "TEST", text);
    }
}

static DgwClockTimes
read_clocks_later (void)
{
  gint64 now_us = g_get_monotonic_time ();

  return (DgwClockTimes){.boottime_us = now_us + 30 * G_TIME_SPAN_DAY, .monotonic_us = now_us};
}

static void
test_clocks (LinkRig      *rig,
             gconstpointer data)
{
  g_test_summary ("HB-15, M2, M3: the boot-time clock ran ahead: resumed at once, and each event comes once");
  rig->on_dispatch = count;
  link_rig_get_ready (rig);
  dispatch (rig, 0, 100);
  dgw_host_jump (read_clocks_later);
  dispatch (rig, 100, 200);
  LINK_RIG_WAIT (dgw_testing_simulator_get_n_resumes (rig->simulator) == 1);
  dispatch (rig, 200, 300);
  LINK_RIG_WAIT (rig->n_numbers == 300);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (rig->simulator), ==, 1);
  g_assert_cmpuint (rig->n_disconnected, ==, 1);
}

static guint64
count_events (LinkRig *rig)
{
  DgwLinkMetrics metrics;

  dgw_link_get_metrics (rig->link, &metrics);

  return metrics.events;
}

static void
test_received (LinkRig      *rig,
               gconstpointer data)
{
  g_test_summary ("Requirement 12: the host waits until the application has all that had come");
  rig->context = g_main_context_new ();
  rig->on_dispatch = count;
  link_rig_open (rig);
  LINK_RIG_WAIT_BOTH (rig, rig->status == DGW_STATUS_READY && host_services_is_locked (&services));
  dispatch (rig, 0, 100);
  WAIT (count_events (rig) == 101);
  host_services_prepare_for_sleep (&services, TRUE);
  g_assert_cmpint (rig->n_numbers, ==, 0);
  LINK_RIG_WAIT_BOTH (rig, !host_services_is_locked (&services));
  g_assert_cmpint (rig->n_numbers, ==, 100);
  host_services_prepare_for_sleep (&services, FALSE);
  dispatch (rig, 100, 200);
  LINK_RIG_WAIT_BOTH (rig, rig->n_numbers == 200);
  g_assert_cmpuint (rig->n_disconnected, ==, 0);
}

static void
test_freed (LinkRig      *rig,
            gconstpointer data)
{
  g_test_summary ("Requirement 12: nobody waits for a link that is freed");
  rig->context = g_main_context_new ();
  link_rig_open (rig);
  LINK_RIG_WAIT_BOTH (rig, rig->status == DGW_STATUS_READY && host_services_is_locked (&services));
  host_services_prepare_for_sleep (&services, TRUE);
  g_main_context_iteration (NULL, FALSE);
  g_clear_pointer (&rig->link, dgw_link_free);
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

  g_test_add ("/dgw/worker/link-host/clocks", LinkRig, NULL, link_rig_set_up, test_clocks, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-host/received", LinkRig, NULL, link_rig_set_up, test_received, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-host/freed", LinkRig, NULL, link_rig_set_up, test_freed, link_rig_tear_down);
  result = g_test_run ();
  host_services_stop (&services);

  return result;
}
