/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-host-network-private.h"

#include "worker/dgw-timer-private.h"

/* Theory of operation.
 *
 * g_network_monitor_get_default() is of no use to a library with a thread of its
 * own: the first caller waits for NetworkManager to answer, and it is in that
 * caller's context that the one monitor of the process tells of changes ever
 * after. So this makes one of the same kinds for itself, in the same order. */

struct _DgwHostNetwork
{
  DgwHostNetworkFunc func;
  gpointer           user_data;
  DgwTimer          *timer;   /* several changes at once are told as one */
  GNetworkMonitor   *monitor; /* nullable */
  DgwNetwork         told;    /* what those who listen believe */
};

static DgwHostNetworkState
read_state (DgwHostNetwork *self)
{
  DgwHostNetworkState state = {DGW_NETWORK_AVAILABLE, TRUE};

  if (self->monitor == NULL)
    return state;

  state.is_available = g_network_monitor_get_network_available (self->monitor);
  if (!state.is_available)
    state.network = DGW_NETWORK_UNAVAILABLE;
  else if (g_network_monitor_get_connectivity (self->monitor) == G_NETWORK_CONNECTIVITY_PORTAL)
    state.network = DGW_NETWORK_PORTAL;

  return state;
}

static void
tell (gpointer user_data)
{
  DgwHostNetwork     *self = user_data;
  DgwHostNetworkState state = read_state (self);

  self->told = state.network;
  self->func (&state, self->user_data);
}

void
dgw_host_network_tell (DgwHostNetwork *self)
{
  dgw_timer_set (self->timer, g_get_monotonic_time ());
}

/* That monitor asks over the connection that the process shares, and that one
 * kills the process when the bus ends. */
static void
got_shared_bus_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);

  if (bus != NULL)
    g_dbus_connection_set_exit_on_close (bus, FALSE);
}

static GNetworkMonitor *
make (GIOExtension *extension,
      gboolean      has_manager)
{
  gboolean asks_manager = g_str_equal (g_io_extension_get_name (extension), "networkmanager");
  g_autoptr (GError) error = NULL;
  GObject *monitor;

  if (asks_manager && !has_manager)
    return NULL;

  monitor = g_initable_new (g_io_extension_get_type (extension), NULL, &error, NULL);
  if (monitor != NULL && asks_manager)
    g_bus_get (G_BUS_TYPE_SYSTEM, NULL, got_shared_bus_cb, NULL);
  if (monitor == NULL)
    g_debug ("no network monitor of the kind %s: %s", g_io_extension_get_name (extension), error->message);

  return (GNetworkMonitor *)monitor;
}

/* GIO registers its extensions with the first of its defaults, and this one is
 * needed for every connection but those to this host. */
void
dgw_host_network_load (void)
{
  g_tls_backend_get_default ();
}

static GNetworkMonitor *
make_best (gboolean has_manager)
{
  const char        *wanted = g_getenv ("GIO_USE_NETWORK_MONITOR");
  GIOExtensionPoint *point;
  GIOExtension      *preferred;
  GNetworkMonitor   *monitor;

  point = g_io_extension_point_lookup (G_NETWORK_MONITOR_EXTENSION_POINT_NAME);
  if (point == NULL)
    return NULL;

  preferred = wanted != NULL ? g_io_extension_point_get_extension_by_name (point, wanted) : NULL;
  monitor = preferred != NULL ? make (preferred, has_manager) : NULL;
  for (GList *l = g_io_extension_point_get_extensions (point); l != NULL && monitor == NULL; l = l->next)
    monitor = make (l->data, has_manager);

  return monitor;
}

static void
forget (DgwHostNetwork *self)
{
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
}

void
dgw_host_network_choose (DgwHostNetwork *self,
                         gboolean        has_manager)
{
  forget (self);
  self->monitor = make_best (has_manager);
  if (self->monitor != NULL)
    {
      /* Not all kinds emit "network-changed" for each of the others. */
      g_signal_connect_swapped (self->monitor, "network-changed", G_CALLBACK (dgw_host_network_tell), self);
      g_signal_connect_swapped (self->monitor, "notify::network-available", G_CALLBACK (dgw_host_network_tell), self);
      g_signal_connect_swapped (self->monitor, "notify::connectivity", G_CALLBACK (dgw_host_network_tell), self);
    }
  /* That somebody else says the same is no news. */
  if (read_state (self).network != self->told)
    dgw_host_network_tell (self);
}

DgwHostNetwork *
dgw_host_network_new (GMainContext      *context,
                      DgwHostNetworkFunc func,
                      gpointer           user_data)
{
  DgwHostNetwork *self = g_new0 (DgwHostNetwork, 1);

  self->func = func;
  self->user_data = user_data;
  self->timer = dgw_timer_new (context, tell, self);

  return self;
}

void
dgw_host_network_free (DgwHostNetwork *self)
{
  forget (self);
  dgw_timer_free (self->timer);
  g_free (self);
}
