/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-engine-private.h"
#include "transport/dgw-poller-private.h"
#include "worker/dgw-sleep-lock-private.h"

G_BEGIN_DECLS

/* A thread with a main context of its own, where connections live. It is
 * counted: it ends by itself when its last user is gone, and nobody waits for
 * that. */
typedef struct _DgwWorker DgwWorker;

typedef void (*DgwWorkerFunc) (gpointer data);

/* A worker for one more connection: a new one as long as there are fewer than
 * processors, then the one that has least to do. Any thread. */
DgwWorker *dgw_worker_acquire (void) G_GNUC_WARN_UNUSED_RESULT;
/* The worker for files, the only one where a call may block, and not for long:
 * all who have files share it. Any thread. */
DgwWorker *dgw_worker_acquire_for_files (void) G_GNUC_WARN_UNUSED_RESULT;
/* A new one that nobody else gets. Any thread. */
DgwWorker *dgw_worker_acquire_alone (void) G_GNUC_WARN_UNUSED_RESULT;
/* How many there may be, for tests that must not depend on the machine; 0: as
 * many as there are processors. Those that run already go on. */
void          dgw_worker_set_limit (guint limit);
DgwWorker    *dgw_worker_ref (DgwWorker *self);
void          dgw_worker_unref (DgwWorker *self);
GMainContext *dgw_worker_get_context (DgwWorker *self);
/* Runs func in the worker, in the order of the posts, then destroy(data);
 * destroy alone if the worker ends before. Any thread that is a user. */
void dgw_worker_post (DgwWorker     *self,
                      DgwWorkerFunc  func,
                      gpointer       data,
                      GDestroyNotify destroy);

/* Somebody who lives on the worker. The worker's thread only. */
typedef struct
{
  /* The worker has done what there was to do. Called once after each
   * dgw_worker_await_sleep(). Must not run the context. */
  void (*before_sleep) (gpointer user_data);
  /* Of the host; see dgw-host. All nullable. */
  void (*network) (DgwNetwork network,
                   gpointer   user_data);
  /* What has arrived by now was read. */
  void (*sleeping) (DgwSleepLock *lock,
                    gpointer      user_data);
  void (*woke) (gint64   slept_us,
                gpointer user_data);
  gpointer user_data;

  /* The worker's. */
  GList    link;
  GList    awaiting_link;
  gboolean is_awaiting;
} DgwWorkerResident;

void dgw_worker_add (DgwWorker         *self,
                     DgwWorkerResident *resident);
void dgw_worker_remove (DgwWorker         *self,
                        DgwWorkerResident *resident);
void dgw_worker_await_sleep (DgwWorker         *self,
                             DgwWorkerResident *resident);
/* For what connections receive; NULL when there is none to be had. In the
 * worker's thread only. */
DgwPoller *dgw_worker_get_poller (DgwWorker *self);

G_END_DECLS
