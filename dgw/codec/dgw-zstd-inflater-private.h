/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-inflater-private.h"

G_BEGIN_DECLS

/* zstd-stream: one frame for the life of a connection, flushed after each
 * payload. */
typedef struct _DgwZstdInflater DgwZstdInflater;

DgwZstdInflater *dgw_zstd_inflater_new (guint64 max_payload_size) G_GNUC_WARN_UNUSED_RESULT;
void             dgw_zstd_inflater_free (DgwZstdInflater *self);

/* As dgw_inflater_push(). */
gboolean dgw_zstd_inflater_push (DgwZstdInflater *self,
                                 GBytes          *message,
                                 DgwJson        **payload,
                                 GError         **error);

G_END_DECLS
