/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "base/dgw-status.h"
#include "codec/dgw-json-private.h"

G_BEGIN_DECLS

/* Turns the WebSocket messages of one connection into payload texts. An
 * inflater lives as long as its connection: the stream compressions share one
 * context over all messages. After an error it is of no further use. */
typedef struct _DgwInflater DgwInflater;

DgwInflater *dgw_inflater_new (DgwCompression compression,
                               guint64        max_payload_size) G_GNUC_WARN_UNUSED_RESULT;
void         dgw_inflater_free (DgwInflater *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwInflater, dgw_inflater_free)

/* Takes one message. On success *payload is the payload that this message
 * completed, or NULL when more messages are needed. A text message passes as it
 * is and has to have a NUL past its end. Errors:
 * DGW_GATEWAY_ERROR with DECOMPRESSION or PAYLOAD_TOO_LARGE. */
gboolean dgw_inflater_push (DgwInflater *self,
                            GBytes      *message,
                            gboolean     is_text,
                            DgwJson    **payload,
                            GError     **error);

G_END_DECLS
