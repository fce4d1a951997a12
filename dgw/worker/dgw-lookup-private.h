/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "transport/dgw-http-private.h"
#include "worker/dgw-link-private.h"
#include "worker/dgw-worker-private.h"

G_BEGIN_DECLS

/* The options as the transport layer takes them; borrows from both. */
DgwNetOptions dgw_link_options_get_net (const DgwLinkOptions *options,
                                        const char           *address,
                                        DgwWorker            *worker);

/* GET /gateway/bot on the worker, for the pump and for a fetch. */
DgwHttp *dgw_lookup_start (const DgwLinkOptions *options,
                           DgwWorker            *worker,
                           DgwHttpFunc           func,
                           gpointer              user_data,
                           GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
