/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "worker/dgw-link-private.h"
#include "worker/dgw-worker-private.h"

G_BEGIN_DECLS

/* GET /gateway/bot on the worker, answered in the caller's thread-default
 * context. It takes connect_timeout_ms at most. */
void     dgw_worker_fetch_async (DgwWorker            *worker,
                                 const DgwLinkOptions *options,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
gboolean dgw_worker_fetch_finish (GAsyncResult     *result,
                                  DgwGatewayAnswer *answer,
                                  GError          **error);

G_END_DECLS
