/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "host-services.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <poll.h>
#include <unistd.h>

#define LOGIND           "org.freedesktop.login1"
#define LOGIND_PATH      "/org/freedesktop/login1"
#define LOGIND_INTERFACE "org.freedesktop.login1.Manager"
#define MANAGER          "org.freedesktop.NetworkManager"
#define MANAGER_PATH     "/org/freedesktop/NetworkManager"

static const char logind_xml[] =
  "<node><interface name='org.freedesktop.login1.Manager'>"
  "<method name='Inhibit'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='h' direction='out'/></method>"
  "<signal name='PrepareForSleep'><arg type='b'/></signal>"
  "</interface></node>";

static const char manager_xml[] =
  "<node><interface name='org.freedesktop.NetworkManager'>"
  "<property name='State' type='u' access='read'/><property name='Connectivity' type='u' access='read'/>"
  "</interface></node>";

static void
close_pipe (HostServices *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->pipe); i++)
    {
      if (self->pipe[i] >= 0)
        close (self->pipe[i]);
      self->pipe[i] = -1;
    }
}

static void
call_cb (GDBusConnection       *connection,
         const char            *sender,
         const char            *path,
         const char            *interface,
         const char            *method,
         GVariant              *arguments,
         GDBusMethodInvocation *invocation,
         gpointer               user_data)
{
  HostServices *self = user_data;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GError) error = NULL;

  if (self->is_deaf)
    {
      g_object_unref (invocation);
      return;
    }

  close_pipe (self);
  g_unix_open_pipe (self->pipe, FD_CLOEXEC, &error);
  g_assert_no_error (error);
  g_unix_fd_list_append (fds, self->pipe[1], &error);
  g_assert_no_error (error);
  close (self->pipe[1]);
  self->pipe[1] = -1;
  self->n_locks++;
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0), fds);
}

static GVariant *
get_cb (GDBusConnection *connection,
        const char      *sender,
        const char      *path,
        const char      *interface,
        const char      *property,
        GError         **error,
        gpointer         user_data)
{
  HostServices *self = user_data;

  return g_variant_new_uint32 (g_str_equal (property, "State") ? self->state : self->connectivity);
}

static guint
add_object (HostServices *self,
            const char   *xml,
            const char   *path)
{
  static const GDBusInterfaceVTable vtable = {.method_call = call_cb, .get_property = get_cb};
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (xml, &error);
  guint id;

  g_assert_no_error (error);
  id = g_dbus_connection_register_object (self->bus, path, info->interfaces[0], &vtable, self, NULL, &error);
  g_assert_no_error (error);

  return id;
}

static void
owned_cb (GDBusConnection *connection,
          const char      *name,
          gpointer         user_data)
{
  gboolean *is_owned = user_data;

  *is_owned = TRUE;
}

static guint
own_name (HostServices *self,
          const char   *name)
{
  gboolean is_owned = FALSE;
  guint    id = g_bus_own_name_on_connection (self->bus, name, G_BUS_NAME_OWNER_FLAGS_NONE, owned_cb, NULL, &is_owned, NULL);

  while (!is_owned)
    g_main_context_iteration (NULL, TRUE);

  return id;
}

gboolean
host_services_start (HostServices *self)
{
  const GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
  g_autofree char           *program = g_find_program_in_path ("dbus-daemon");
  g_autoptr (GError) error = NULL;

  if (program == NULL)
    return FALSE;

  *self = (HostServices){
    .pipe = {-1, -1},
    .state = 70,
    .connectivity = 4
  };
  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (self->daemon), TRUE);
  self->bus = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->daemon), flags, NULL, NULL, &error);
  g_assert_no_error (error);
  self->objects[0] = add_object (self, logind_xml, LOGIND_PATH);
  self->objects[1] = add_object (self, manager_xml, MANAGER_PATH);
  self->names[0] = own_name (self, LOGIND);
  self->names[1] = own_name (self, MANAGER);

  return TRUE;
}

void
host_services_stop (HostServices *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->names); i++)
    {
      g_bus_unown_name (self->names[i]);
      g_dbus_connection_unregister_object (self->bus, self->objects[i]);
    }
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_object_unref (self->bus);
  /* What was unowned is freed by an idle source. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  close_pipe (self);
  g_test_dbus_stop (self->daemon);
  g_object_unref (self->daemon);
}

void
host_services_prepare_for_sleep (HostServices *self,
                                 gboolean      is_going)
{
  g_dbus_connection_emit_signal (self->bus, NULL, LOGIND_PATH, LOGIND_INTERFACE, "PrepareForSleep",
                                 g_variant_new ("(b)", is_going), NULL);
}

gboolean
host_services_is_locked (HostServices *self)
{
  struct pollfd reader = {.fd = self->pipe[0], .events = POLLIN};

  return self->pipe[0] >= 0 && poll (&reader, 1, 0) == 0;
}

void
host_services_set_network (HostServices *self,
                           guint32       state,
                           guint32       connectivity)
{
  GVariantBuilder changed;

  self->state = state;
  self->connectivity = connectivity;
  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&changed, "{sv}", "State", g_variant_new_uint32 (state));
  g_variant_builder_add (&changed, "{sv}", "Connectivity", g_variant_new_uint32 (connectivity));
  g_dbus_connection_emit_signal (self->bus, NULL, MANAGER_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                 g_variant_new ("(sa{sv}as)", MANAGER, &changed, NULL), NULL);
}

void
host_services_restart_logind (HostServices *self)
{
  g_bus_unown_name (self->names[0]);
  self->names[0] = own_name (self, LOGIND);
}
