/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-sleep-lock-private.h"

#include <unistd.h>

struct _DgwSleepLock
{
  int ref_count; /* atomic; holders too */
  int n_holders; /* atomic */
  int fd;        /* atomic; -1: let go */
};

DgwSleepLock *
dgw_sleep_lock_new (int fd)
{
  DgwSleepLock *self = g_new0 (DgwSleepLock, 1);

  self->ref_count = 1;
  self->fd = fd;

  return self;
}

void
dgw_sleep_lock_let_go (DgwSleepLock *self)
{
  int fd = g_atomic_int_get (&self->fd);

  if (fd >= 0 && g_atomic_int_compare_and_exchange (&self->fd, fd, -1))
    close (fd);
}

void
dgw_sleep_lock_unref (DgwSleepLock *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  dgw_sleep_lock_let_go (self);
  g_free (self);
}

DgwSleepLock *
dgw_sleep_lock_hold (DgwSleepLock *self)
{
  g_atomic_int_inc (&self->ref_count);
  g_atomic_int_inc (&self->n_holders);

  return self;
}

void
dgw_sleep_lock_release (DgwSleepLock *self)
{
  if (g_atomic_int_dec_and_test (&self->n_holders))
    dgw_sleep_lock_let_go (self);
  dgw_sleep_lock_unref (self);
}
