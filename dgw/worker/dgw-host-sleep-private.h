/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "worker/dgw-host-bus-private.h"

G_BEGIN_DECLS

/* logind's part of dgw-host-bus. */
typedef struct _DgwHostSleep DgwHostSleep;

DgwHostSleep *dgw_host_sleep_new (GMainContext          *context,
                                  GDBusConnection       *bus,
                                  const DgwHostBusFuncs *funcs,
                                  gpointer               user_data) G_GNUC_WARN_UNUSED_RESULT;
void          dgw_host_sleep_free (DgwHostSleep *self);

G_END_DECLS
