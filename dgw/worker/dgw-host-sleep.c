/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-host-sleep-private.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "worker/dgw-timer-private.h"

/* Theory of operation.
 *
 * logind tells before the host sleeps and after it woke. Whoever holds a delay
 * lock when it tells makes it wait; so one is taken well before, and anew each
 * time that the host woke or that logind itself was started. It goes to those who
 * have something to finish, and is let go when they have, or by the timer. */

/* logind waits 5 s by default. */
#define DELAY_US (2 * G_USEC_PER_SEC)

#define LOGIND_NAME      "org.freedesktop.login1"
#define LOGIND_PATH      "/org/freedesktop/login1"
#define LOGIND_INTERFACE "org.freedesktop.login1.Manager"

struct _DgwHostSleep
{
  GDBusConnection       *bus;
  const DgwHostBusFuncs *funcs;
  gpointer               user_data;
  GCancellable          *cancellable; /* of the call for a lock */
  guint                  watch;
  guint                  subscription;
  int                    fd;    /* of the lock to come; -1: none */
  DgwSleepLock          *going; /* the host is about to sleep; nullable */
  DgwTimer              *timer; /* lets it go */
};

static void
take_fd (DgwHostSleep *self,
         int           fd)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = fd;
}

static void
locked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &fds, result, NULL);
  DgwHostSleep *self = user_data;

  /* With an error it may be gone. */
  if (answer == NULL || fds == NULL || g_unix_fd_list_get_length (fds) == 0)
    return;

  /* It would hold up the sleep that has been told of already. */
  if (self->going == NULL)
    take_fd (self, g_unix_fd_list_get (fds, 0, NULL));
}

static void
forget_call (DgwHostSleep *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}

static void
take_lock (DgwHostSleep *self)
{
  const char *who = g_get_application_name ();

  forget_call (self);
  g_dbus_connection_call_with_unix_fd_list (self->bus, LOGIND_NAME, LOGIND_PATH, LOGIND_INTERFACE, "Inhibit",
                                            g_variant_new ("(ssss)", "sleep", who != NULL ? who : "dgw",
                                                           _ ("Keeps the session with Discord"), "delay"),
                                            G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
                                            self->cancellable, locked_cb, self);
}

static void
let_go (gpointer user_data)
{
  DgwHostSleep *self = user_data;

  dgw_timer_set (self->timer, DGW_TIMER_NEVER);
  if (self->going != NULL)
    dgw_sleep_lock_let_go (self->going);
}

static void
forget_going (DgwHostSleep *self)
{
  let_go (self);
  g_clear_pointer (&self->going, dgw_sleep_lock_unref);
}

static void
go (DgwHostSleep *self)
{
  forget_going (self);
  self->going = dgw_sleep_lock_new (self->fd);
  self->fd = -1;
  dgw_timer_set (self->timer, g_get_monotonic_time () + DELAY_US);

  dgw_sleep_lock_hold (self->going);
  self->funcs->sleeping (self->going, self->user_data);
  dgw_sleep_lock_release (self->going);
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
  DgwHostSleep *self = user_data;
  gboolean      is_going = FALSE;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(b)")))
    return;

  g_variant_get (arguments, "(b)", &is_going);
  if (is_going)
    {
      go (self);
      return;
    }

  forget_going (self);
  self->funcs->woke (self->user_data);
  take_lock (self);
}

/* It may have been started anew while the host was about to sleep. */
static void
appeared_cb (GDBusConnection *connection,
             const char      *name,
             const char      *owner,
             gpointer         user_data)
{
  DgwHostSleep *self = user_data;

  forget_going (self);
  take_lock (self);
}

static void
vanished_cb (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  take_fd (user_data, -1);
}

DgwHostSleep *
dgw_host_sleep_new (GMainContext          *context,
                    GDBusConnection       *bus,
                    const DgwHostBusFuncs *funcs,
                    gpointer               user_data)
{
  DgwHostSleep *self = g_new0 (DgwHostSleep, 1);

  self->bus = bus;
  self->funcs = funcs;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->fd = -1;
  self->timer = dgw_timer_new (context, let_go, self);
  self->subscription = g_dbus_connection_signal_subscribe (bus, LOGIND_NAME, LOGIND_INTERFACE, "PrepareForSleep", LOGIND_PATH,
                                                           NULL, G_DBUS_SIGNAL_FLAGS_NONE, prepare_for_sleep_cb, self, NULL);
  self->watch = g_bus_watch_name_on_connection (bus, LOGIND_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                appeared_cb, vanished_cb, self, NULL);

  return self;
}

void
dgw_host_sleep_free (DgwHostSleep *self)
{
  g_bus_unwatch_name (self->watch);
  g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  forget_call (self);
  g_object_unref (self->cancellable);
  forget_going (self);
  take_fd (self, -1);
  dgw_timer_free (self->timer);
  g_free (self);
}
