/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/dgw-engine-private.h"

G_BEGIN_DECLS

/* The network as a GNetworkMonitor of one's own says. Its thread only, which may
 * block for as long as a service takes to answer. */
typedef struct _DgwHostNetwork DgwHostNetwork;

typedef struct
{
  DgwNetwork network;
  gboolean   is_available; /* what GNetworkMonitor calls so: also with a portal in the way */
} DgwHostNetworkState;

/* To be called before, in any thread but the host's: modules are loaded, and
 * that must not go on while the process ends. */
void dgw_host_network_load (void);

/* Also when it is as it was, as the routes may be others. */
typedef void (*DgwHostNetworkFunc) (const DgwHostNetworkState *state,
                                    gpointer                   user_data);

DgwHostNetwork *dgw_host_network_new (GMainContext      *context,
                                      DgwHostNetworkFunc func,
                                      gpointer           user_data) G_GNUC_WARN_UNUSED_RESULT;
void            dgw_host_network_free (DgwHostNetwork *self);

/* Takes the best monitor that there is: at first, and when that may be another.
 * has_manager: NetworkManager is there and answers; it is not asked otherwise. */
void dgw_host_network_choose (DgwHostNetwork *self,
                              gboolean        has_manager);
/* Has the function called. */
void dgw_host_network_tell (DgwHostNetwork *self);

G_END_DECLS
