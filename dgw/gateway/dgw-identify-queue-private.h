/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "worker/dgw-worker-private.h"

G_BEGIN_DECLS

/* The shards of this process that wait for a slot of a ledger that several
 * processes share. It works on a worker, and has the worker for files look
 * into the ledger. Any thread, all of these. */
typedef struct _DgwIdentifyQueue DgwIdentifyQueue;

/* max_concurrency 0: as the ledger says. */
DgwIdentifyQueue *dgw_identify_queue_new (const char *folder,
                                          const char *name,
                                          guint       max_concurrency,
                                          gint64      window_us) G_GNUC_WARN_UNUSED_RESULT;
/* Nobody waits any more. */
void dgw_identify_queue_free (DgwIdentifyQueue *self);

void dgw_identify_queue_acquire (DgwIdentifyQueue *self,
                                 guint             shard_id,
                                 GTask            *task);
void dgw_identify_queue_release (DgwIdentifyQueue *self,
                                 guint             shard_id);
void dgw_identify_queue_update (DgwIdentifyQueue *self,
                                guint             total,
                                guint             remaining,
                                gint64            reset_after_us,
                                guint             max_concurrency);

G_END_DECLS
