/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A system bus of the test's own, with logind and NetworkManager on it, in the
 * default main context. To be made before anybody looks for a bus. */
typedef struct
{
  GTestDBus       *daemon;
  GDBusConnection *bus;
  guint            objects[2];
  guint            names[2];
  int              pipe[2]; /* of the delay lock: the second end was given out */
  guint            n_locks; /* that were given out */
  gboolean         is_deaf; /* calls for a lock get no answer */
  guint32          state;
  guint32          connectivity;
} HostServices;

/* FALSE: there is no dbus-daemon here. */
gboolean host_services_start (HostServices *self);
void     host_services_stop (HostServices *self);

void     host_services_prepare_for_sleep (HostServices *self,
                                          gboolean      is_going);
gboolean host_services_is_locked (HostServices *self);
void     host_services_set_network (HostServices *self,
                                    guint32       state,
                                    guint32       connectivity);
/* The next that is asked for is a new instance. */
void host_services_restart_logind (HostServices *self);

G_END_DECLS
