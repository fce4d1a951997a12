/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-host-bus-private.h"

#include "worker/dgw-host-sleep-private.h"
#include "worker/dgw-timer-private.h"

/* Theory of operation.
 *
 * The connection is one of this library's own. The one that the process shares
 * ends the process when the bus ends, and a program that runs a bot does not
 * expect that.
 *
 * NetworkManager is asked something small before GIO's monitor is, as that one
 * waits for the answer as long as it takes. And it is listened to here too: of a
 * change from one connection to another, say from Wi-Fi to cable, newer versions
 * of GIO's monitor tell nothing, as the host has a network before and after. */

#define MANAGER_NAME      "org.freedesktop.NetworkManager"
#define MANAGER_PATH      "/org/freedesktop/NetworkManager"
#define MANAGER_INTERFACE "org.freedesktop.NetworkManager"
#define PROPERTIES        "org.freedesktop.DBus.Properties"

#define ANSWER_MS 3000
#define AGAIN_US  G_TIME_SPAN_MINUTE

struct _DgwHostBus
{
  GMainContext          *context;
  const DgwHostBusFuncs *funcs;
  gpointer               user_data;
  GCancellable          *cancellable;
  DgwTimer              *timer; /* for a bus that was there and has gone */
  GDBusConnection       *bus;   /* nullable */
  gulong                 closed_handler;
  guint                  watch;
  guint                  subscription;
  gboolean               is_answered; /* by NetworkManager */
  DgwHostSleep          *logind;
};

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  DgwHostBus *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_answered = answer != NULL;
  self->funcs->manager (self->is_answered, self->user_data);
}

static void
ask (DgwHostBus *self)
{
  g_dbus_connection_call (self->bus, MANAGER_NAME, MANAGER_PATH, PROPERTIES, "Get",
                          g_variant_new ("(ss)", MANAGER_INTERFACE, "State"), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, ANSWER_MS, self->cancellable, answered_cb, self);
}

static void
appeared_cb (GDBusConnection *connection,
             const char      *name,
             const char      *owner,
             gpointer         user_data)
{
  ask (user_data);
}

static void
vanished_cb (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  DgwHostBus *self = user_data;

  self->is_answered = FALSE;
  self->funcs->manager (FALSE, self->user_data);
}

static void
changed_cb (GDBusConnection *connection,
            const char      *sender,
            const char      *path,
            const char      *interface,
            const char      *signal,
            GVariant        *arguments,
            gpointer         user_data)
{
  DgwHostBus *self = user_data;
  g_autoptr (GVariant) changed = NULL;
  g_autoptr (GVariant) primary = NULL;

  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;

  /* It was too busy, or had its name before it had its objects. */
  if (!self->is_answered)
    ask (self);
  changed = g_variant_get_child_value (arguments, 1);
  primary = g_variant_lookup_value (changed, "PrimaryConnection", G_VARIANT_TYPE_OBJECT_PATH);
  if (primary != NULL)
    self->funcs->routes (self->user_data);
}

static void
leave (DgwHostBus *self)
{
  if (self->bus == NULL)
    return;

  g_clear_pointer (&self->logind, dgw_host_sleep_free);
  g_bus_unwatch_name (self->watch);
  g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  g_clear_signal_handler (&self->closed_handler, self->bus);
  g_clear_object (&self->bus);
}

static void
closed_cb (GDBusConnection *connection,
           gboolean         is_remote,
           GError          *error,
           gpointer         user_data)
{
  DgwHostBus *self = user_data;

  leave (self);
  dgw_timer_set (self->timer, g_get_monotonic_time () + AGAIN_US);
  self->funcs->manager (FALSE, self->user_data);
}

static void
join (DgwHostBus      *self,
      GDBusConnection *bus)
{
  self->bus = g_object_ref (bus);
  self->closed_handler = g_signal_connect (bus, "closed", G_CALLBACK (closed_cb), self);
  self->logind = dgw_host_sleep_new (self->context, bus, self->funcs, self->user_data);
  self->subscription = g_dbus_connection_signal_subscribe (bus, MANAGER_NAME, PROPERTIES, "PropertiesChanged", MANAGER_PATH,
                                                           MANAGER_INTERFACE, G_DBUS_SIGNAL_FLAGS_NONE, changed_cb, self, NULL);
  self->watch = g_bus_watch_name_on_connection (bus, MANAGER_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                appeared_cb, vanished_cb, self, NULL);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_finish (result, &error);
  DgwHostBus *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (bus != NULL)
    join (self, bus);
  else
    self->funcs->manager (FALSE, self->user_data);
}

static void
enter (gpointer user_data)
{
  DgwHostBus      *self = user_data;
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  if (address == NULL)
    {
      self->funcs->manager (FALSE, self->user_data);
      return;
    }

  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, self->cancellable, connected_cb, self);
}

DgwHostBus *
dgw_host_bus_new (GMainContext          *context,
                  const DgwHostBusFuncs *funcs,
                  gpointer               user_data)
{
  DgwHostBus *self = g_new0 (DgwHostBus, 1);

  self->context = context;
  self->funcs = funcs;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->timer = dgw_timer_new (context, enter, self);
  enter (self);

  return self;
}

void
dgw_host_bus_free (DgwHostBus *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  leave (self);
  dgw_timer_free (self->timer);
  g_free (self);
}
