/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What keeps the host from sleeping while somebody holds it, because there is
 * something to finish before. Counted twice: who knows of it, and who holds it.
 * Any thread. */
typedef struct _DgwSleepLock DgwSleepLock;

/* Takes fd; -1: nothing keeps the host. Nobody holds it yet. */
DgwSleepLock *dgw_sleep_lock_new (int fd) G_GNUC_WARN_UNUSED_RESULT;
void          dgw_sleep_lock_unref (DgwSleepLock *self);

/* The last one to release it lets the host go. */
DgwSleepLock *dgw_sleep_lock_hold (DgwSleepLock *self);
void          dgw_sleep_lock_release (DgwSleepLock *self);
/* Whoever holds it. */
void dgw_sleep_lock_let_go (DgwSleepLock *self);

G_END_DECLS
