/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-host-monitor-private.h"

#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "worker/dgw-timer-private.h"
#include "worker/dgw-worker-private.h"

/* Theory of operation.
 *
 * The network is what GNetworkMonitor says; it tells in whatever context it was
 * made, so that is posted to the worker.
 *
 * Sleep is told by logind, before and after; a delay lock gives what was received
 * the time to be handed on and saved. Where there is no logind, a timer on the
 * real-time clock is cancelled by the kernel when the host wakes, as the clock is
 * set then. How long it slept is by how much the boot-time clock, which goes on,
 * is ahead of the monotonic one, which stops. */

/* logind waits 5 s by default. */
#define DELAY_US (1500 * G_TIME_SPAN_MILLISECOND)

/* The clocks are not read at once. */
#define LEAST_SLEEP_US G_USEC_PER_SEC

#define LOGIND_NAME      "org.freedesktop.login1"
#define LOGIND_PATH      "/org/freedesktop/login1"
#define LOGIND_INTERFACE "org.freedesktop.login1.Manager"

struct _DgwHostMonitor
{
  DgwWorker   *worker; /* borrowed */
  DgwHostFuncs funcs;
  gpointer     user_data;

  GNetworkMonitor *network_monitor;
  gulong           handlers[2];

  GCancellable    *cancellable;
  GDBusConnection *bus; /* nullable */
  guint            subscription;
  int              lock_fd; /* -1: none */
  DgwTimer        *release;

  int      clock_fd; /* -1: none */
  GSource *clock_source;
  gint64   ahead_us;
};

static gint64
read_clock (clockid_t id)
{
  struct timespec time;

  if (clock_gettime (id, &time) != 0)
    return 0;

  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static gint64
take_slept (DgwHostMonitor *self)
{
  gint64 before_us = self->ahead_us;

  self->ahead_us = read_clock (CLOCK_BOOTTIME) - read_clock (CLOCK_MONOTONIC);

  return MAX (self->ahead_us - before_us, 0);
}

/* The network. */

DgwNetwork
dgw_host_monitor_get_network (DgwHostMonitor *self)
{
  if (!g_network_monitor_get_network_available (self->network_monitor))
    return DGW_NETWORK_UNAVAILABLE;
  if (g_network_monitor_get_connectivity (self->network_monitor) == G_NETWORK_CONNECTIVITY_PORTAL)
    return DGW_NETWORK_PORTAL;

  return DGW_NETWORK_AVAILABLE;
}

static void
look_at_network (gpointer data)
{
  DgwHostMonitor *self = dgw_worker_get_host (data);

  if (self != NULL)
    self->funcs.network (dgw_host_monitor_get_network (self), self->user_data);
}

/* In any thread. */
static void
network_changed_cb (GNetworkMonitor *monitor,
                    gboolean         is_available,
                    gpointer         user_data)
{
  dgw_worker_post (user_data, look_at_network, dgw_worker_ref (user_data), (GDestroyNotify)dgw_worker_unref);
}

static void
connectivity_cb (GNetworkMonitor *monitor,
                 GParamSpec      *pspec,
                 gpointer         user_data)
{
  network_changed_cb (monitor, FALSE, user_data);
}

static void
release_worker (gpointer  data,
                GClosure *closure)
{
  dgw_worker_unref (data);
}

static void
watch_network (DgwHostMonitor *self)
{
  self->network_monitor = g_object_ref (g_network_monitor_get_default ());
  self->handlers[0] = g_signal_connect_data (self->network_monitor, "network-changed", G_CALLBACK (network_changed_cb),
                                             dgw_worker_ref (self->worker), release_worker, 0);
  self->handlers[1] = g_signal_connect_data (self->network_monitor, "notify::connectivity", G_CALLBACK (connectivity_cb),
                                             dgw_worker_ref (self->worker), release_worker, 0);
}

/* The clocks. */

static void
arm_clock (DgwHostMonitor *self)
{
  const struct itimerspec never = {.it_value = {.tv_sec = G_MAXINT32}};

  timerfd_settime (self->clock_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

static gboolean
clock_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  DgwHostMonitor *self = user_data;
  guint64         n_expired;
  gint64          slept_us;

  if (read (fd, &n_expired, sizeof n_expired) < 0)
    arm_clock (self);
  slept_us = take_slept (self);
  if (slept_us >= LEAST_SLEEP_US)
    self->funcs.woke (slept_us, self->user_data);

  return G_SOURCE_CONTINUE;
}

static void
watch_clock (DgwHostMonitor *self,
             GMainContext   *context)
{
  take_slept (self);
  self->clock_fd = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (self->clock_fd < 0)
    return;

  arm_clock (self);
  self->clock_source = g_unix_fd_source_new (self->clock_fd, G_IO_IN);
  g_source_set_static_name (self->clock_source, "[dgw] clock");
  g_source_set_callback (self->clock_source, G_SOURCE_FUNC (clock_cb), self, NULL);
  g_source_attach (self->clock_source, context);
}

/* logind. */

static void
drop_lock (gpointer user_data)
{
  DgwHostMonitor *self = user_data;

  if (self->lock_fd >= 0)
    close (self->lock_fd);
  self->lock_fd = -1;
}

static void
locked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &fds, result, &error);
  DgwHostMonitor *self = user_data;

  /* With an error it may be gone. */
  if (answer == NULL || fds == NULL || g_unix_fd_list_get_length (fds) == 0)
    return;

  drop_lock (self);
  self->lock_fd = g_unix_fd_list_get (fds, 0, NULL);
}

static void
take_lock (DgwHostMonitor *self)
{
  g_dbus_connection_call_with_unix_fd_list (self->bus, LOGIND_NAME, LOGIND_PATH, LOGIND_INTERFACE, "Inhibit",
                                            g_variant_new ("(ssss)", "sleep", "dgw", "Keeps the session with Discord", "delay"),
                                            G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
                                            self->cancellable, locked_cb, self);
}

static void
prepare_for_sleep_cb (GDBusConnection *connection,
                      const char      *sender,
                      const char      *path,
                      const char      *interface,
                      const char      *signal,
                      GVariant        *arguments,
                      gpointer         user_data)
{
  DgwHostMonitor *self = user_data;
  gboolean        is_going = FALSE;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (arguments, "(b)", &is_going);
  if (is_going)
    {
      self->funcs.sleeping (self->user_data);
      dgw_timer_set (self->release, g_get_monotonic_time () + DELAY_US);
      return;
    }

  dgw_timer_set (self->release, DGW_TIMER_NEVER);
  self->funcs.woke (take_slept (self), self->user_data);
  take_lock (self);
}

/* A host without a system bus has no logind. */
static void
got_bus_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  DgwHostMonitor *self = user_data;

  if (bus == NULL)
    return;
  /* Freed meanwhile. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  self->bus = g_steal_pointer (&bus);
  self->subscription = g_dbus_connection_signal_subscribe (self->bus, LOGIND_NAME, LOGIND_INTERFACE, "PrepareForSleep", LOGIND_PATH,
                                                           NULL, G_DBUS_SIGNAL_FLAGS_NONE, prepare_for_sleep_cb, self, NULL);
  take_lock (self);
}

DgwHostMonitor *
dgw_host_monitor_new (DgwWorker          *worker,
                      GMainContext       *context,
                      const DgwHostFuncs *funcs,
                      gpointer            user_data)
{
  DgwHostMonitor *self = g_new0 (DgwHostMonitor, 1);

  self->worker = worker;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->lock_fd = -1;
  self->clock_fd = -1;
  self->cancellable = g_cancellable_new ();
  self->release = dgw_timer_new ("[dgw] sleep", context, drop_lock, self);
  watch_network (self);
  watch_clock (self, context);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, got_bus_cb, self);

  return self;
}

void
dgw_host_monitor_free (DgwHostMonitor *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  if (self->bus != NULL)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  g_clear_object (&self->bus);
  for (guint i = 0; i < G_N_ELEMENTS (self->handlers); i++)
    g_clear_signal_handler (&self->handlers[i], self->network_monitor);
  g_object_unref (self->network_monitor);
  if (self->clock_source != NULL)
    {
      g_source_destroy (self->clock_source);
      g_source_unref (self->clock_source);
    }
  if (self->clock_fd >= 0)
    close (self->clock_fd);
  drop_lock (self);
  dgw_timer_free (self->release);
  g_free (self);
}
