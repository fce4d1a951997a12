/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "worker/dgw-sleep-lock-private.h"

G_BEGIN_DECLS

/* What the services on the system bus tell of the host: logind of its sleep,
 * NetworkManager of its routes. Without such a bus, or without them, nothing is
 * told. The thread of its context, which is its default one, only; nothing here
 * blocks. */
typedef struct _DgwHostBus DgwHostBus;

typedef struct
{
  /* Whether NetworkManager is there and answers: at first, also without a bus,
   * and when that changes. */
  void (*manager) (gboolean is_there,
                   gpointer user_data);
  /* The routes are others, whatever the state of the network. */
  void (*routes) (gpointer user_data);
  /* The host is about to sleep: at once if nobody holds the lock when this
   * returns, else when it is released, and not much later in any case. */
  void (*sleeping) (DgwSleepLock *lock,
                    gpointer      user_data);
  void (*woke) (gpointer user_data);
} DgwHostBusFuncs;

DgwHostBus *dgw_host_bus_new (GMainContext          *context,
                              const DgwHostBusFuncs *funcs,
                              gpointer               user_data) G_GNUC_WARN_UNUSED_RESULT;
void        dgw_host_bus_free (DgwHostBus *self);

G_END_DECLS
