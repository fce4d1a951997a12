/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "deflater.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>

struct _Deflater
{
  DgwCompression compression;
  z_stream       zlib;
  ZSTD_CCtx     *zstd;
};

Deflater *
deflater_new (DgwCompression compression)
{
  Deflater *self = g_new0 (Deflater, 1);

  self->compression = compression;
  if (compression == DGW_COMPRESSION_ZSTD_STREAM)
    {
      self->zstd = ZSTD_createCCtx ();
      ZSTD_CCtx_setParameter (self->zstd, ZSTD_c_windowLog, 18);
    }
  else if (compression != DGW_COMPRESSION_NONE)
    g_assert_cmpint (deflateInit (&self->zlib, 6), ==, Z_OK);

  return self;
}

void
deflater_free (Deflater *self)
{
  if (self->compression == DGW_COMPRESSION_ZSTD_STREAM)
    ZSTD_freeCCtx (self->zstd);
  else if (self->compression != DGW_COMPRESSION_NONE)
    deflateEnd (&self->zlib);
  g_free (self);
}

static GBytes *
push_zlib (Deflater   *self,
           const char *text,
           gsize       length)
{
  gsize   size = length + length / 100 + 1024;
  guint8 *data = g_malloc (size);
  int     flush = self->compression == DGW_COMPRESSION_ZLIB_PAYLOAD ? Z_FINISH : Z_SYNC_FLUSH;

  self->zlib.next_in = (Bytef *)text;
  self->zlib.avail_in = (uInt)length;
  self->zlib.next_out = data;
  self->zlib.avail_out = (uInt)size;
  g_assert_cmpint (deflate (&self->zlib, flush), ==, flush == Z_FINISH ? Z_STREAM_END : Z_OK);
  size -= self->zlib.avail_out;
  if (flush == Z_FINISH)
    deflateReset (&self->zlib);

  return g_bytes_new_take (data, size);
}

static GBytes *
push_zstd (Deflater   *self,
           const char *text,
           gsize       length)
{
  gsize          size = ZSTD_compressBound (length) + 1024;
  guint8        *data = g_malloc (size);
  ZSTD_inBuffer  input = {text, length, 0};
  ZSTD_outBuffer output = {data, size, 0};

  g_assert_cmpint (ZSTD_compressStream2 (self->zstd, &output, &input, ZSTD_e_flush), ==, 0);

  return g_bytes_new_take (data, output.pos);
}

GBytes *
deflater_push (Deflater   *self,
               const char *text,
               gsize       length)
{
  if (self->compression == DGW_COMPRESSION_ZSTD_STREAM)
    return push_zstd (self, text, length);
  if (self->compression != DGW_COMPRESSION_NONE)
    return push_zlib (self, text, length);

  return g_bytes_new (text, length);
}
