/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "worker/dgw-host-network-private.h"
#include "worker/dgw-sleep-clock-private.h"
#include "worker/dgw-sleep-lock-private.h"

G_BEGIN_DECLS

/* What happens to this host that connections care for: its network and its
 * sleep. One for all, on a thread of its own, where a service that does not
 * answer holds up nobody else. */

/* Nullable functions, called on the host's thread and under its lock: they take
 * note, no more. */
typedef struct
{
  void (*network) (const DgwHostNetworkState *state,
                   gpointer                   user_data);
  /* The host sleeps when everybody who holds the lock has released it. */
  void (*sleeping) (DgwSleepLock *lock,
                    gpointer      user_data);
  void (*woke) (gint64   slept_us,
                gpointer user_data);
} DgwHostFuncs;

typedef struct _DgwHostGuest DgwHostGuest;

/* In any thread. state: as far as is known by now. */
DgwHostGuest *dgw_host_join (const DgwHostFuncs  *funcs,
                             gpointer             user_data,
                             DgwHostNetworkState *state) G_GNUC_WARN_UNUSED_RESULT;
void          dgw_host_get_state (DgwHostGuest        *guest,
                                  DgwHostNetworkState *state);
/* In any thread but from these functions. None is called any more. */
void dgw_host_leave (DgwHostGuest *guest);

/* For tests: as if the kernel had said that the time jumped, with clocks that
 * are read by this; NULL: the kernel's. A host there must be. */
void dgw_host_jump (DgwClockReader reader);

G_END_DECLS
