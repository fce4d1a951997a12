/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "transport/dgw-net-options-private.h"

G_BEGIN_DECLS

/* One GET with the bot's authorisation, in the calling thread and its
 * thread-default context. It has no time limit: free it to give up. */
typedef struct _DgwHttp DgwHttp;

#define DGW_HTTP_MAX_BODY_BYTES (1024 * 1024)

/* What came: with status 200 the body, and error NULL; else what went wrong.
 * status is 0 when the server gave no answer, retry_after_us -1 when that named
 * no time. The handler may free the request. */
typedef void (*DgwHttpFunc) (guint         status,
                             gint64        retry_after_us,
                             GBytes       *body,
                             const GError *error,
                             gpointer      user_data);

/* The function is called later and once. NULL with an error when the request
 * cannot be made. */
DgwHttp *dgw_http_get (const DgwNetOptions *options,
                       const char          *address,
                       const char          *token,
                       DgwHttpFunc          func,
                       gpointer             user_data,
                       GError             **error) G_GNUC_WARN_UNUSED_RESULT;
/* The function is not called afterwards. */
void dgw_http_free (DgwHttp *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwHttp, dgw_http_free)

G_END_DECLS
