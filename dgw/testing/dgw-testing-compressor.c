/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Compresses payloads as the service does: a stream has one context for the
 * life of its connection, flushed after each payload and never ended.
 */

#include "config.h"

#include "testing/dgw-testing-compressor-private.h"

#include <zlib.h>
#include <zstd.h>

#define STEP (32 * 1024)

struct _DgwTestingCompressor
{
  DgwTestingCompressorKind kind;
  z_stream                 zlib;
  ZSTD_CCtx               *zstd;
  GByteArray              *output;
};

DgwTestingCompressor *
dgw_testing_compressor_new (DgwTestingCompressorKind kind, int level)
{
  DgwTestingCompressor *compressor = g_new0 (DgwTestingCompressor, 1);

  compressor->kind = kind;
  compressor->output = g_byte_array_new ();
  if (kind == DGW_TESTING_COMPRESSOR_ZSTD_STREAM)
    {
      compressor->zstd = ZSTD_createCCtx ();
      ZSTD_CCtx_setParameter (compressor->zstd, ZSTD_c_compressionLevel, level);
    }
  else
    {
      int result = deflateInit (&compressor->zlib, level);

      g_assert (result == Z_OK);
    }
  return compressor;
}

void
dgw_testing_compressor_free (DgwTestingCompressor *compressor)
{
  if (compressor->kind == DGW_TESTING_COMPRESSOR_ZSTD_STREAM)
    ZSTD_freeCCtx (compressor->zstd);
  else
    deflateEnd (&compressor->zlib);
  g_byte_array_unref (compressor->output);
  g_free (compressor);
}

DgwTestingCompressorKind
dgw_testing_compressor_get_kind (DgwTestingCompressor *compressor)
{
  return compressor->kind;
}

static void
run_zlib (DgwTestingCompressor *compressor, const void *data, gsize size, int flush)
{
  GByteArray *output = compressor->output;
  z_stream   *zlib = &compressor->zlib;
  gsize       used = 0;

  zlib->next_in = (Bytef *)data;
  zlib->avail_in = size;
  do
    {
      g_byte_array_set_size (output, used + STEP);
      zlib->next_out = output->data + used;
      zlib->avail_out = STEP;
      deflate (zlib, flush);
      used = output->len - zlib->avail_out;
    }
  while (zlib->avail_out == 0);
  g_byte_array_set_size (output, used);
}

static void
run_zstd (DgwTestingCompressor *compressor, const void *data, gsize size)
{
  GByteArray   *output = compressor->output;
  ZSTD_inBuffer in = {data, size, 0};
  gsize         used = 0;
  gsize         left;

  do
    {
      ZSTD_outBuffer out;

      g_byte_array_set_size (output, used + STEP);
      out = (ZSTD_outBuffer){output->data + used, STEP, 0};
      left = ZSTD_compressStream2 (compressor->zstd, &out, &in, ZSTD_e_flush);
      g_assert (!ZSTD_isError (left));
      used += out.pos;
    }
  while (left > 0);
  g_byte_array_set_size (output, used);
}

/* The bytes to send for one payload, valid until the next call. */
const GByteArray *
dgw_testing_compressor_run (DgwTestingCompressor *compressor, const void *data, gsize size)
{
  g_byte_array_set_size (compressor->output, 0);
  switch (compressor->kind)
    {
    case DGW_TESTING_COMPRESSOR_ZLIB_STREAM:
      run_zlib (compressor, data, size, Z_SYNC_FLUSH);
      break;
    case DGW_TESTING_COMPRESSOR_ZSTD_STREAM:
      run_zstd (compressor, data, size);
      break;
    case DGW_TESTING_COMPRESSOR_ZLIB_PAYLOAD:
      deflateReset (&compressor->zlib);
      run_zlib (compressor, data, size, Z_FINISH);
      break;
    case DGW_TESTING_COMPRESSOR_NONE:
    default:
      g_byte_array_append (compressor->output, data, size);
      break;
    }

  return compressor->output;
}
