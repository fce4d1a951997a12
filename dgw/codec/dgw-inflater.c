/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-inflater-private.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error-private.h"
#include "codec/dgw-zlib-inflater-private.h"
#include "codec/dgw-zstd-inflater-private.h"

struct _DgwInflater
{
  DgwCompression   compression;
  gsize            max_payload_size;
  DgwZlibInflater *zlib; /* zlib-payload, zlib-stream */
  DgwZstdInflater *zstd; /* zstd-stream */
};

DgwInflater *
dgw_inflater_new (DgwCompression compression,
                  guint64        max_payload_size)
{
  DgwInflater *self = g_new0 (DgwInflater, 1);

  self->compression = compression;
  self->max_payload_size = (gsize)MIN (max_payload_size, G_MAXSSIZE);
  if (compression == DGW_COMPRESSION_ZSTD_STREAM)
    self->zstd = dgw_zstd_inflater_new (max_payload_size);
  else if (compression != DGW_COMPRESSION_NONE)
    self->zlib = dgw_zlib_inflater_new (compression, max_payload_size);

  return self;
}

void
dgw_inflater_free (DgwInflater *self)
{
  g_clear_pointer (&self->zlib, dgw_zlib_inflater_free);
  g_clear_pointer (&self->zstd, dgw_zstd_inflater_free);
  g_free (self);
}

static gboolean
take_text (DgwInflater *self,
           GBytes      *message,
           DgwJson    **payload,
           GError     **error)
{
  if (g_bytes_get_size (message) > self->max_payload_size)
    {
      g_propagate_error (error, dgw_gateway_error_for_size (self->max_payload_size));

      return FALSE;
    }

  /* Nothing completes a payload but its own messages, which come in a row: the
   * rest of it is lost. Within a stream the messages that follow tell. */
  if (self->compression == DGW_COMPRESSION_ZLIB_PAYLOAD &&
      dgw_zlib_inflater_is_amid_payload (self->zlib))
    {
      g_set_error_literal (error,
                           DGW_GATEWAY_ERROR,
                           DGW_GATEWAY_ERROR_DECOMPRESSION,
                           _ ("A compressed payload is cut short"));

      return FALSE;
    }

  *payload = dgw_json_new (message);

  return TRUE;
}

gboolean
dgw_inflater_push (DgwInflater *self,
                   GBytes      *message,
                   gboolean     is_text,
                   DgwJson    **payload,
                   GError     **error)
{
  *payload = NULL;

  if (is_text)
    return take_text (self, message, payload, error);
  if (self->zstd != NULL)
    return dgw_zstd_inflater_push (self->zstd, message, payload, error);
  if (self->zlib != NULL)
    return dgw_zlib_inflater_push (self->zlib, message, payload, error);

  g_set_error_literal (error,
                       DGW_GATEWAY_ERROR,
                       DGW_GATEWAY_ERROR_DECOMPRESSION,
                       _ ("A binary message came although no compression was asked for"));

  return FALSE;
}
