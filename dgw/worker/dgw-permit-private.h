/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/dgw-gateway-answer-private.h"

G_BEGIN_DECLS

/* What an identify limiter can do, for who must not know its type. */
typedef struct
{
  /* Whether it is to be asked on the worker: an application's own is asked in
   * the application's context. */
  gboolean (*lives_on_worker) (gpointer limiter);
  void (*acquire_async) (gpointer            limiter,
                         guint               shard_id,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data);
  gboolean (*acquire_finish) (gpointer      limiter,
                              GAsyncResult *result,
                              GError      **error);
  void (*release) (gpointer limiter,
                   guint    shard_id);
  void (*update) (gpointer                limiter,
                  const DgwGatewayAnswer *answer);
} DgwPermitFuncs;

/* One wait for a slot to identify in. It lives in the thread that made it, and
 * in the thread-default context of that call. */
typedef struct _DgwPermit DgwPermit;

/* error is NULL when the slot is there. The permit is still to be ended. */
typedef void (*DgwPermitFunc) (const GError *error,
                               gpointer      user_data);

DgwPermit *dgw_permit_new (const DgwPermitFuncs *funcs,
                           gpointer              limiter,
                           guint                 shard_id,
                           DgwPermitFunc         func,
                           gpointer              user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the permit; its function is not called any more. A slot that was not
 * used is given back, also one that is granted only after this. */
void dgw_permit_end (DgwPermit *self,
                     gboolean   is_used);

G_END_DECLS
