/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-zlib-inflater-private.h"

#include <glib/gi18n-lib.h>
#include <zlib.h>

#include "base/dgw-gateway-error.h"
#include "codec/dgw-payload-buffer-private.h"

/* What a sync flush ends with. */
#define FLUSH_SUFFIX 0x0000ffffu
/* Has no beginning in common with the suffix. */
#define NO_TAIL 0xffffffffu
/* z_stream.data_type: inflate stopped between two blocks. */
#define AT_BLOCK_BOUNDARY 128

struct _DgwZlibInflater
{
  z_stream         stream;
  DgwPayloadBuffer buffer;
  DgwCompression   compression;
  guint32          tail; /* last bytes of the payload's messages */
  gboolean         is_at_block_boundary;
  gboolean         is_amid_payload;
};

DgwZlibInflater *
dgw_zlib_inflater_new (DgwCompression compression,
                       guint64        max_payload_size)
{
  DgwZlibInflater *self = g_new0 (DgwZlibInflater, 1);

  if (inflateInit (&self->stream) != Z_OK)
    g_error ("zlib does not start: there is no memory or it is another version than the one built with");
  /* The checksum of a stream that never ends is computed for nobody. */
  if (compression == DGW_COMPRESSION_ZLIB_STREAM)
    inflateValidate (&self->stream, 0);
  dgw_payload_buffer_init (&self->buffer, max_payload_size);
  self->compression = compression;
  self->tail = NO_TAIL;

  return self;
}

void
dgw_zlib_inflater_free (DgwZlibInflater *self)
{
  inflateEnd (&self->stream);
  dgw_payload_buffer_clear (&self->buffer);
  g_free (self);
}

gboolean
dgw_zlib_inflater_is_amid_payload (DgwZlibInflater *self)
{
  return self->is_amid_payload;
}

/* The suffix may be spread over messages of a byte each. */
static void
update_tail (DgwZlibInflater *self,
             const guint8    *bytes,
             gsize            size)
{
  for (gsize i = size - MIN (size, 4); i < size; i++)
    self->tail = self->tail << 8 | bytes[i];
}

static gboolean
set_stream_error (DgwZlibInflater *self,
                  int              result,
                  GError         **error)
{
  if (result == Z_STREAM_END)
    g_set_error_literal (error,
                         DGW_GATEWAY_ERROR,
                         DGW_GATEWAY_ERROR_DECOMPRESSION,
                         _ ("The zlib stream ended before the messages did"));
  else
    g_set_error (error,
                 DGW_GATEWAY_ERROR,
                 DGW_GATEWAY_ERROR_DECOMPRESSION,
                 _ ("A message is no valid zlib data: %s"),
                 self->stream.msg != NULL ? self->stream.msg : zError (result));

  return FALSE;
}

/* Uses up the input. *result: Z_STREAM_END or Z_OK. */
static gboolean
inflate_input (DgwZlibInflater *self,
               int             *result,
               GError         **error)
{
  z_stream *stream = &self->stream;

  do
    {
      gsize room;

      if (!dgw_payload_buffer_reserve (&self->buffer, &room, error))
        return FALSE;

      stream->next_out = self->buffer.data + self->buffer.length;
      stream->avail_out = (uInt)MIN (room, G_MAXUINT);
      *result = inflate (stream, Z_SYNC_FLUSH);
      self->buffer.length = (gsize)(stream->next_out - self->buffer.data);

      /* An extra round after a full buffer may find nothing to do; it forgets
       * where the stream stood. */
      if (*result == Z_BUF_ERROR && stream->avail_in == 0)
        *result = Z_OK;
      else
        self->is_at_block_boundary = (stream->data_type & AT_BLOCK_BOUNDARY) != 0;
      if (*result != Z_OK && *result != Z_STREAM_END)
        return set_stream_error (self, *result, error);
    }
  while (*result == Z_OK && (stream->avail_in > 0 || stream->avail_out == 0));

  if (*result == Z_STREAM_END && (stream->avail_in > 0 || self->compression == DGW_COMPRESSION_ZLIB_STREAM))
    return set_stream_error (self, *result, error);

  return dgw_payload_buffer_check_length (&self->buffer, error);
}

static gboolean
is_payload_complete (DgwZlibInflater *self,
                     int              result)
{
  if (self->compression == DGW_COMPRESSION_ZLIB_PAYLOAD)
    return result == Z_STREAM_END;

  /* The four bytes may also come by chance where a message is split; a flush
   * is where a block ends, too. */
  return self->tail == FLUSH_SUFFIX && self->is_at_block_boundary;
}

gboolean
dgw_zlib_inflater_push (DgwZlibInflater *self,
                        GBytes          *message,
                        DgwJson        **payload,
                        GError         **error)
{
  gsize         size;
  const guint8 *bytes = g_bytes_get_data (message, &size);
  int           result;

  *payload = NULL;
  if (size == 0)
    return TRUE;

  /* zlib counts in 32 bits; no transport lets such a message through. */
  if (size > G_MAXUINT)
    return set_stream_error (self, Z_DATA_ERROR, error);

  self->stream.next_in = (Bytef *)bytes;
  self->stream.avail_in = (uInt)size;
  self->is_amid_payload = TRUE;
  update_tail (self, bytes, size);

  if (!inflate_input (self, &result, error))
    return FALSE;
  if (!is_payload_complete (self, result))
    return TRUE;

  self->is_amid_payload = FALSE;
  self->tail = NO_TAIL;
  if (self->compression == DGW_COMPRESSION_ZLIB_PAYLOAD)
    inflateReset (&self->stream);
  /* A flush without anything before it carries no payload. */
  if (self->buffer.length > 0)
    *payload = dgw_payload_buffer_steal (&self->buffer);

  return TRUE;
}
