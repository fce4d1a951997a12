/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/dgw-engine-private.h"

G_BEGIN_DECLS

/* Network and sleep of the host, told on the worker whose it is. All functions
 * here run on that worker. */
typedef struct _DgwHostMonitor DgwHostMonitor;

typedef struct
{
  void (*network) (DgwNetwork network,
                   gpointer   user_data);
  /* The host is about to sleep: what is on its way is to be handed over. */
  void (*sleeping) (gpointer user_data);
  void (*woke) (gint64   slept_us,
                gpointer user_data);
} DgwHostFuncs;

struct _DgwWorker;

DgwHostMonitor *dgw_host_monitor_new (struct _DgwWorker  *worker,
                                      GMainContext       *context,
                                      const DgwHostFuncs *funcs,
                                      gpointer            user_data) G_GNUC_WARN_UNUSED_RESULT;
void            dgw_host_monitor_free (DgwHostMonitor *self);
DgwNetwork      dgw_host_monitor_get_network (DgwHostMonitor *self);

G_END_DECLS
