/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-json-private.h"

G_BEGIN_DECLS

/* Where an inflater puts a payload. Small payloads are copied out, so that a
 * kept one costs its size and the buffer serves the next; a big one leaves
 * with the buffer itself. */
typedef struct
{
  guint8 *data;
  gsize   length;
  gsize   size;
  gsize   max_length;
} DgwPayloadBuffer;

void dgw_payload_buffer_init (DgwPayloadBuffer *self,
                              guint64           max_length);
void dgw_payload_buffer_clear (DgwPayloadBuffer *self);

/* Makes room behind the length; *room is at least 1. FALSE with
 * DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE past the limit or when memory is out. */
gboolean dgw_payload_buffer_reserve (DgwPayloadBuffer *self,
                                     gsize            *room,
                                     GError          **error);

/* FALSE with DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE past the limit. */
gboolean dgw_payload_buffer_check_length (DgwPayloadBuffer *self,
                                          GError          **error);

/* The text collected; empties the buffer. */
DgwJson *dgw_payload_buffer_steal (DgwPayloadBuffer *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
