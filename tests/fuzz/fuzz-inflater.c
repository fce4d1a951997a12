/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "codec/dgw-inflater-private.h"
#include "deflater.h"
#include "fuzz.h"

/* The first byte of an input says what to do with the rest: the compression
 * (2 bits), whether the rest is a text to be compressed first (1 bit) and how
 * many bytes a message has (0: all). */

#define LIMIT 4096

/* The payloads that came out, one behind the other; FALSE after an error. */
static gboolean
inflate_messages (DgwInflater *inflater,
                  GBytes      *data,
                  gsize        message_size,
                  gboolean     is_text,
                  GByteArray  *output)
{
  gsize size = g_bytes_get_size (data);

  for (gsize at = 0; at < size; at += message_size)
    {
      g_autoptr (GBytes) message = g_bytes_new_from_bytes (data, at, MIN (message_size, size - at));
      g_autoptr (DgwJson) payload = NULL;
      g_autoptr (GError) error = NULL;

      if (!dgw_inflater_push (inflater, message, is_text, &payload, &error))
        {
          g_assert_true (g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_DECOMPRESSION) ||
                         g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE));
          g_assert_null (payload);

          return FALSE;
        }

      g_assert_no_error (error);
      if (payload != NULL)
        {
          g_assert_cmpuint (dgw_json_get_size (payload), <=, LIMIT);
          g_byte_array_append (output, (const guint8 *)dgw_json_get_text (payload, NULL), (guint)dgw_json_get_size (payload));
        }
    }

  return TRUE;
}

/* Of a stream the same comes out, in whatever pieces it came, as far as both
 * pieces go: where one ends it may have to wait for the next. */
static void
check_split (DgwCompression    compression,
             GBytes           *data,
             const GByteArray *output)
{
  g_autoptr (DgwInflater) inflater = dgw_inflater_new (compression, LIMIT);
  g_autoptr (GByteArray) other = g_byte_array_new ();
  gsize common;

  inflate_messages (inflater, data, 1, FALSE, other);
  common = MIN (other->len, output->len);
  g_assert_cmpmem (output->data, common, other->data, common);
}

/* A text has to come out as it went in; under zstd one that is no object may
 * still wait for more. */
static void
check_round_trip (DgwInflater   *inflater,
                  DgwCompression compression,
                  GBytes        *text,
                  gsize          message_size,
                  GByteArray    *output)
{
  g_autoptr (Deflater) deflater = deflater_new (compression);
  gsize       size;
  const char *start = g_bytes_get_data (text, &size);
  g_autoptr (GBytes) data = deflater_push (deflater, start, size);

  if (size > LIMIT)
    {
      g_assert_false (inflate_messages (inflater, data, message_size, FALSE, output));
      return;
    }

  g_assert_true (inflate_messages (inflater, data, message_size, FALSE, output));
  if (output->len > 0 || size < 1024 || compression != DGW_COMPRESSION_ZSTD_STREAM)
    g_assert_cmpmem (output->data, output->len, start, size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  DgwCompression compression;
  gsize          message_size;
  g_autoptr (GByteArray) output = g_byte_array_new ();
  g_autoptr (DgwInflater) inflater = NULL;
  g_autoptr (GBytes) rest = NULL;

  if (size < 2)
    return 0;

  compression = data[0] & 3;
  message_size = data[0] >> 3 != 0 ? data[0] >> 3 : G_MAXUINT16;
  inflater = dgw_inflater_new (compression, LIMIT);
  rest = g_bytes_new (data + 1, size - 1);
  if ((data[0] & 4) != 0 && compression != DGW_COMPRESSION_NONE)
    check_round_trip (inflater, compression, rest, message_size, output);
  else
    inflate_messages (inflater, rest, message_size, compression == DGW_COMPRESSION_NONE, output);
  if ((data[0] & 4) == 0 && (compression == DGW_COMPRESSION_ZLIB_STREAM || compression == DGW_COMPRESSION_ZSTD_STREAM))
    check_split (compression, rest, output);

  return 0;
}
