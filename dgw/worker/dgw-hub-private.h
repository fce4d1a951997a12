/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <pthread.h>

G_BEGIN_DECLS

/* One source of a main context that all of a kind share, as all mailboxes and
 * all timers do: a context asks each of its sources at each of its turns, so
 * that one for each of a thousand connections makes every event dear. */
typedef struct _DgwHub DgwHub;

typedef struct
{
  const char *name;
  int         priority;
  gsize       size; /* of the struct that begins with the hub */

  /* Whether there is something to dispatch, and else when there will be: -1 is
   * for as long as nobody wakes the context. In its thread, as dispatch(). */
  gboolean (*is_ready) (DgwHub *self,
                        int    *timeout_ms);
  /* May run the context again. */
  void (*dispatch) (DgwHub  *self,
                    GSource *source);
  /* What the struct has besides, zeros at first. Any thread. */
  void (*init) (DgwHub *self);
  void (*clear) (DgwHub *self);
} DgwHubKind;

struct _DgwHub
{
  const DgwHubKind *kind;
  int               ref_count; /* atomic, by macros: the functions of gatomicrefcount hide from the sanitizer */
  guint             n_users;
  GMainContext     *context;
  GSource          *source; /* borrowed from the context; NULL: it is over */

  /* A pthread mutex and not a GMutex: GLib is not built with the sanitizer, so
   * ThreadSanitizer would not see what its locks order. */
  pthread_mutex_t lock;
};

/* One user more, with a reference. Any thread. */
DgwHub *dgw_hub_join (const DgwHubKind *kind,
                      GMainContext     *context) G_GNUC_WARN_UNUSED_RESULT;
/* One user less: with the last the source ends. The reference stays. */
void    dgw_hub_leave (DgwHub *self);
DgwHub *dgw_hub_ref (DgwHub *self);
void    dgw_hub_unref (DgwHub *self);

/* For what the users share. */
void dgw_hub_lock (DgwHub *self);
void dgw_hub_unlock (DgwHub *self);

G_END_DECLS
