/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-inflater-private.h"

G_BEGIN_DECLS

/* zlib-stream: one stream for all payloads, each ended by a sync flush.
 * zlib-payload: a stream of its own for each payload. */
typedef struct _DgwZlibInflater DgwZlibInflater;

/* compression: ZLIB_STREAM or ZLIB_PAYLOAD. */
DgwZlibInflater *dgw_zlib_inflater_new (DgwCompression compression,
                                        guint64        max_payload_size) G_GNUC_WARN_UNUSED_RESULT;
void             dgw_zlib_inflater_free (DgwZlibInflater *self);

/* As dgw_inflater_push(). */
gboolean dgw_zlib_inflater_push (DgwZlibInflater *self,
                                 GBytes          *message,
                                 DgwJson        **payload,
                                 GError         **error);

/* Whether a payload has begun that the messages so far do not complete. */
gboolean dgw_zlib_inflater_is_amid_payload (DgwZlibInflater *self);

G_END_DECLS
