/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "deflater.h"
#include "inflating.h"

static const DgwCompression all_compressions[] = {
  DGW_COMPRESSION_NONE,
  DGW_COMPRESSION_ZLIB_PAYLOAD,
  DGW_COMPRESSION_ZLIB_STREAM,
  DGW_COMPRESSION_ZSTD_STREAM,
};

static void
test_old_context (void)
{
  g_test_summary ("CMP-02: a stream that goes on in a new context fails");
  for (guint c = 1; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (Deflater) deflater = deflater_new (binary_compressions[c]);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);
      g_autoptr (GBytes) first = deflater_push (deflater, "{\"op\":10}", 9);
      g_autoptr (GBytes) second = deflater_push (deflater, "{\"op\":11}", 9);

      assert_inflate_fails (inflater, g_bytes_get_data (second, NULL), g_bytes_get_size (second), FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
    }
}

static void
test_garbage (void)
{
  g_test_summary ("CMP-07: garbage is a decompression error");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);

      assert_inflate_fails (inflater, "{\"op\":10,\"d\":{}}", 16, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
    }
}

static void
test_binary_without_compression (void)
{
  g_autoptr (DgwInflater) inflater = dgw_inflater_new (DGW_COMPRESSION_NONE, LIMIT);

  g_test_summary ("CMP-06: without compression a binary message is an error");
  assert_inflate_fails (inflater, "{}", 2, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
}

static void
test_flipped_bytes (void)
{
  g_autoptr (GString) text = new_large_text (2000);

  g_test_summary ("CMP-07: a flipped byte gives an error, another text or an unfinished one, never a crash");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (Deflater) deflater = deflater_new (binary_compressions[c]);
      g_autoptr (GBytes) message = deflater_push (deflater, text->str, text->len);
      gsize size = g_bytes_get_size (message);
      guint n_errors = 0;

      for (gsize i = 0; i < size; i++)
        {
          g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);
          guint8 *copy = g_memdup2 (g_bytes_get_data (message, NULL), size);
          g_autoptr (GBytes) flipped = NULL;
          g_autoptr (DgwJson) payload = NULL;
          g_autoptr (GError) error = NULL;

          copy[i] ^= 0xff;
          flipped = g_bytes_new_take (copy, size);
          if (!dgw_inflater_push (inflater, flipped, FALSE, &payload, &error))
            {
              g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_DECOMPRESSION);
              n_errors++;
            }
        }
      g_assert_cmpuint (n_errors, >, 0);
    }
}

static void
test_stream_end (void)
{
  g_autoptr (Deflater) deflater = deflater_new (DGW_COMPRESSION_ZLIB_PAYLOAD);
  g_autoptr (DgwInflater) stream = dgw_inflater_new (DGW_COMPRESSION_ZLIB_STREAM, LIMIT);
  g_autoptr (DgwInflater) single = dgw_inflater_new (DGW_COMPRESSION_ZLIB_PAYLOAD, LIMIT);
  g_autoptr (GBytes) message = deflater_push (deflater, "{}", 2);
  gsize              size = g_bytes_get_size (message);
  g_autofree guint8 *longer = g_malloc0 (size + 1);

  g_test_summary ("CMP-07: an end of the stream where none is due, and bytes behind one");
  assert_inflate_fails (stream, g_bytes_get_data (message, NULL), size, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);

  memcpy (longer, g_bytes_get_data (message, NULL), size);
  assert_inflate_fails (single, longer, size + 1, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
}

static void
test_truncated_payload (void)
{
  g_autoptr (Deflater) deflater = deflater_new (DGW_COMPRESSION_ZLIB_PAYLOAD);
  g_autoptr (DgwInflater) followed_by_text = dgw_inflater_new (DGW_COMPRESSION_ZLIB_PAYLOAD, LIMIT);
  g_autoptr (DgwInflater) followed_by_next = dgw_inflater_new (DGW_COMPRESSION_ZLIB_PAYLOAD, LIMIT);
  g_autoptr (GBytes) message = deflater_push (deflater, "{\"op\":11}", 9);
  gsize size = g_bytes_get_size (message);

  g_test_summary ("CMP-09: a payload cut short is an error as soon as the next message shows it");
  g_assert_null (inflate_part (followed_by_text, message, 0, size - 3));
  assert_inflate_fails (followed_by_text, "{}", 2, TRUE, DGW_GATEWAY_ERROR_DECOMPRESSION);

  g_assert_null (inflate_part (followed_by_next, message, 0, size - 3));
  assert_inflate_fails (followed_by_next, g_bytes_get_data (message, NULL), size, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
}

static void
test_dictionaries (void)
{
  static const guint8 zlib_header[] = {0x78, 0xbb, 0x01, 0x02, 0x03, 0x04, 0x00};
  /* Dictionary id of one byte; then a raw block. */
  static const guint8 zstd_header[] = {0x28, 0xb5, 0x2f, 0xfd, 0x01, 0x00, 0x07, 0x10, 0x00, 0x00, '{', '}'};
  g_autoptr (DgwInflater) zlib = dgw_inflater_new (DGW_COMPRESSION_ZLIB_STREAM, LIMIT);
  g_autoptr (DgwInflater) zstd = dgw_inflater_new (DGW_COMPRESSION_ZSTD_STREAM, LIMIT);

  g_test_summary ("CMP-07: streams that ask for a dictionary are refused");
  assert_inflate_fails (zlib, zlib_header, sizeof zlib_header, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
  assert_inflate_fails (zstd, zstd_header, sizeof zstd_header, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
}

/* Security: BOUND-INFLATE */
static void
test_forged_window (void)
{
  /* Window descriptor 0x88: 2^27 bytes. */
  static const guint8 header[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x10, 0x00, 0x00, '{', '}'};
  g_autoptr (DgwInflater) inflater = dgw_inflater_new (DGW_COMPRESSION_ZSTD_STREAM, LIMIT);

  g_test_summary ("CMP-11: a header that asks for a huge window is refused");
  assert_inflate_fails (inflater, header, sizeof header, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
}

static void
check_limit (DgwCompression compression,
             const char    *text,
             gsize          length,
             gsize          limit)
{
  gboolean is_text = compression == DGW_COMPRESSION_NONE;
  g_autoptr (Deflater) deflater = deflater_new (compression);
  g_autoptr (DgwInflater) inflater = dgw_inflater_new (compression, limit);
  g_autoptr (GBytes) message = deflater_push (deflater, text, length);
  g_autoptr (GBytes) payload = NULL;

  if (length > limit)
    {
      assert_inflate_fails (inflater, g_bytes_get_data (message, NULL), g_bytes_get_size (message), is_text, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
      return;
    }

  payload = inflate_message (inflater, message, is_text);
  g_assert_cmpuint (g_bytes_get_size (payload), ==, length);
}

/* Security: BOUND-INFLATE */
static void
test_limit (void)
{
  g_autofree char *text = g_strnfill (2 * MIB, '}');

  g_test_summary ("CMP-11: payloads over the limit end in PAYLOAD_TOO_LARGE, those of just its size pass");
  for (guint c = 0; c < G_N_ELEMENTS (all_compressions); c++)
    {
      check_limit (all_compressions[c], text, 2 * MIB, MIB);
      check_limit (all_compressions[c], text, MIB + 1, MIB);
      /* A text that is no object waits for more under zstd if its size is round. */
      check_limit (all_compressions[c], text, MIB - 1, MIB - 1);
      check_limit (all_compressions[c], text, MIB, MIB - 1);
      check_limit (all_compressions[c], text, 100, 100);
      check_limit (all_compressions[c], text, 101, 100);
      check_limit (all_compressions[c], text, 16 * 1024 + 1, 16 * 1024);
      check_limit (all_compressions[c], text, 16 * 1024 - 1, 16 * 1024 - 1);
      check_limit (all_compressions[c], text, MIB + 1, G_MAXUINT64);
    }
}

/* Security: BOUND-INFLATE */
static void
test_limit_over_messages (void)
{
  g_autofree char *text = g_strnfill (2 * MIB, ' ');

  g_test_summary ("CMP-11: the limit holds for a payload over many messages");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (Deflater) deflater = deflater_new (binary_compressions[c]);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], MIB);
      g_autoptr (GBytes) message = deflater_push (deflater, text, 2 * MIB);
      g_autoptr (GError) error = NULL;
      gsize size = g_bytes_get_size (message);

      for (gsize i = 0; i < size && error == NULL; i++)
        {
          g_autoptr (GBytes) part = g_bytes_new ((const char *)g_bytes_get_data (message, NULL) + i, 1);
          g_autoptr (DgwJson) payload = NULL;

          dgw_inflater_push (inflater, part, FALSE, &payload, &error);
        }
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/codec/inflater-faults/old-context", test_old_context);
  g_test_add_func ("/dgw/codec/inflater-faults/garbage", test_garbage);
  g_test_add_func ("/dgw/codec/inflater-faults/binary-without-compression", test_binary_without_compression);
  g_test_add_func ("/dgw/codec/inflater-faults/flipped-bytes", test_flipped_bytes);
  g_test_add_func ("/dgw/codec/inflater-faults/stream-end", test_stream_end);
  g_test_add_func ("/dgw/codec/inflater-faults/truncated-payload", test_truncated_payload);
  g_test_add_func ("/dgw/codec/inflater-faults/dictionaries", test_dictionaries);
  g_test_add_func ("/dgw/codec/inflater-faults/forged-window", test_forged_window);
  g_test_add_func ("/dgw/codec/inflater-faults/limit", test_limit);
  g_test_add_func ("/dgw/codec/inflater-faults/limit-over-messages", test_limit_over_messages);

  return g_test_run ();
}
