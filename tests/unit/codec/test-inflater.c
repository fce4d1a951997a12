/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "codec/dgw-inflater-private.h"
#include "deflater.h"

#define LIMIT (128 * 1024 * 1024)
#define MIB   (1024 * 1024)

static const DgwCompression all_compressions[] = {
  DGW_COMPRESSION_NONE,
  DGW_COMPRESSION_ZLIB_PAYLOAD,
  DGW_COMPRESSION_ZLIB_STREAM,
  DGW_COMPRESSION_ZSTD_STREAM,
};

static const DgwCompression binary_compressions[] = {
  DGW_COMPRESSION_ZLIB_PAYLOAD,
  DGW_COMPRESSION_ZLIB_STREAM,
  DGW_COMPRESSION_ZSTD_STREAM,
};

/* ---- helpers ---- */

static GBytes *
push (DgwInflater *inflater,
      GBytes      *message,
      gboolean     is_text)
{
  g_autoptr (GError) error = NULL;
  GBytes *payload;

  dgw_inflater_push (inflater, message, is_text, &payload, &error);
  g_assert_no_error (error);

  return payload;
}

static GBytes *
push_part (DgwInflater *inflater,
           GBytes      *message,
           gsize        start,
           gsize        end)
{
  g_autofree guint8 *copy = g_memdup2 ((const guint8 *)g_bytes_get_data (message, NULL) + start, end - start);
  g_autoptr (GBytes) part = g_bytes_new (copy, end - start);

  return push (inflater, part, FALSE);
}

static void
assert_payload (GBytes     *payload,
                const char *text,
                gsize       length)
{
  g_assert_nonnull (payload);
  g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), text, length);
  g_assert_cmpint (((const char *)g_bytes_get_data (payload, NULL))[length], ==, '\0');
}

static void
assert_push_fails (DgwInflater    *inflater,
                   const void     *data,
                   gsize           size,
                   gboolean        is_text,
                   DgwGatewayError code)
{
  g_autoptr (GBytes) message = g_bytes_new (data, size);
  g_autoptr (GBytes) payload = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (dgw_inflater_push (inflater, message, is_text, &payload, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, (int)code);
  g_assert_null (payload);
}

/* All captured payloads in compact form. */
static GPtrArray *
load_captured (void)
{
  GPtrArray       *texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "payloads", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      g_autofree char *path = g_build_filename (folder, name, NULL);
      JsonNode        *root;

      if (!g_str_has_prefix (name, "gateway_"))
        continue;

      g_assert_true (json_parser_load_from_file (parser, path, NULL));
      root = json_parser_get_root (parser);
      for (guint i = 0; i < json_array_get_length (json_node_get_array (root)); i++)
        g_ptr_array_add (texts, json_to_string (json_array_get_element (json_node_get_array (root), i), FALSE));
    }
  g_assert_cmpuint (texts->len, >=, 14);

  return texts;
}

/* A payload of about size bytes in many blocks that are hard to compress, with
 * braces all over, so that blocks may well end with one. */
static GString *
make_large_text (gsize size)
{
  GString *text = g_string_new ("{\"t\":\"GUILD_CREATE\",\"s\":1,\"op\":0,\"d\":{\"members\":[");
  GRand   *rand = g_rand_new_with_seed (7);

  while (text->len < size)
    g_string_append_printf (text, "{\"id\":\"%08x\",\"a\":{\"b\":{}}},", g_rand_int (rand));
  g_string_append (text, "{}]}}");
  g_rand_free (rand);

  return text;
}

/* ---- what comes out ---- */

static void
test_captured (void)
{
  g_autoptr (GPtrArray) texts = load_captured ();

  g_test_summary ("CMP-01, CMP-08, CMP-09: captured payloads come out byte for byte under every compression");
  for (guint c = 0; c < G_N_ELEMENTS (all_compressions); c++)
    {
      g_autoptr (Deflater) deflater = deflater_new (all_compressions[c]);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (all_compressions[c], LIMIT);

      for (guint i = 0; i < 3 * texts->len; i++)
        {
          const char *text = texts->pdata[i % texts->len];
          g_autoptr (GBytes) message = deflater_push (deflater, text, strlen (text));
          g_autoptr (GBytes) payload = push (inflater, message, all_compressions[c] == DGW_COMPRESSION_NONE);

          g_assert_nonnull (payload);
          g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), text, strlen (text));
        }
    }
}

static void
test_every_split (void)
{
  const char *texts[] = {"{\"op\":10,\"d\":{\"heartbeat_interval\":41250}}", "{\"op\":11}", "{\"t\":\"X\",\"s\":1,\"op\":0,\"d\":{\"a\":\"\xc3\xa9\"}}"};

  g_test_summary ("CMP-03: payloads split in two at every byte, also inside the suffix");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    for (gsize split = 1; split < 200; split++)
      {
        g_autoptr (Deflater) deflater = deflater_new (binary_compressions[c]);
        g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);

        for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
          {
            g_autoptr (GBytes) message = deflater_push (deflater, texts[i], strlen (texts[i]));
            gsize size = g_bytes_get_size (message);
            g_autoptr (GBytes) early = push_part (inflater, message, 0, MIN (split, size - 1));
            g_autoptr (GBytes) payload = NULL;

            g_assert_null (early);
            payload = push_part (inflater, message, MIN (split, size - 1), size);
            assert_payload (payload, texts[i], strlen (texts[i]));
          }
      }
}

static void
test_single_bytes (void)
{
  g_autoptr (GString) text = make_large_text (4000);

  g_test_summary ("CMP-04: a message per byte, so that no message holds the suffix");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (Deflater) deflater = deflater_new (binary_compressions[c]);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);

      for (guint round = 0; round < 3; round++)
        {
          g_autoptr (GBytes) message = deflater_push (deflater, text->str, text->len);
          gsize size = g_bytes_get_size (message);
          g_autoptr (GBytes) payload = NULL;

          for (gsize i = 0; i < size; i++)
            {
              g_assert_null (payload);
              payload = push_part (inflater, message, i, i + 1);
            }
          assert_payload (payload, text->str, text->len);
        }
    }
}

/* Splits a message of several blocks in two wherever step leads. */
static void
check_large_splits (DgwCompression compression,
                    GString       *text,
                    gsize          step)
{
  gsize size = step + 1;

  for (gsize split = step; split < size; split += step)
    {
      g_autoptr (Deflater) deflater = deflater_new (compression);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (compression, LIMIT);
      g_autoptr (GBytes) message = deflater_push (deflater, text->str, text->len);
      g_autoptr (GBytes) early = NULL;
      g_autoptr (GBytes) payload = NULL;

      size = g_bytes_get_size (message);
      early = push_part (inflater, message, 0, split < size ? split : size - 1);
      g_assert_null (early);
      payload = push_part (inflater, message, split < size ? split : size - 1, size);
      assert_payload (payload, text->str, text->len);
    }
}

static void
test_large_splits (void)
{
  g_autoptr (GString) text = make_large_text (500 * 1024);

  g_test_summary ("CMP-03: payloads of several blocks, split");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    check_large_splits (binary_compressions[c], text, 8191);
}

/* Where a zstd block ends, from the block headers of the message. */
static gsize
skip_block (const guint8 *bytes,
            gsize         at)
{
  guint header = bytes[at] | (guint)bytes[at + 1] << 8 | (guint)bytes[at + 2] << 16;
  guint type = header >> 1 & 3;

  return at + 3 + (type == 1 ? 1 : header >> 3);
}

static void
test_zstd_block_boundaries (void)
{
  g_test_summary ("CMP-08: a message that ends between the blocks of a payload does not complete it");
  /* Some of these lengths put a brace at the end of the first block. */
  for (guint shift = 0; shift < 48; shift++)
    {
      g_autoptr (GString) text = make_large_text (300 * 1024);
      g_autoptr (Deflater) deflater = deflater_new (DGW_COMPRESSION_ZSTD_STREAM);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (DGW_COMPRESSION_ZSTD_STREAM, LIMIT);
      g_autoptr (GBytes) message = NULL;
      g_autoptr (GBytes) payload = NULL;
      gsize size;
      gsize at = 6; /* magic, descriptor, window */

      for (guint i = 0; i < shift; i++)
        g_string_insert_c (text, 1, ' ');
      message = deflater_push (deflater, text->str, text->len);
      size = g_bytes_get_size (message);
      payload = push_part (inflater, message, 0, at);
      while (at < size)
        {
          gsize next = skip_block (g_bytes_get_data (message, NULL), at);

          g_assert_null (payload);
          payload = push_part (inflater, message, at, next);
          at = next;
        }
      assert_payload (payload, text->str, text->len);
    }
}

static void
test_round_sizes (void)
{
  g_test_summary ("CMP-08: payloads whose size is that of whole blocks, with brackets in strings");
  for (gsize size = 1024; size <= 256 * 1024; size *= 2)
    {
      g_autoptr (Deflater) deflater = deflater_new (DGW_COMPRESSION_ZSTD_STREAM);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (DGW_COMPRESSION_ZSTD_STREAM, LIMIT);
      g_autoptr (GString) text = g_string_new ("{\"a\\\"}\\\\\":\"[{\\\"\",\"d\":\"");
      g_autoptr (GBytes) message = NULL;
      g_autoptr (GBytes) payload = NULL;

      while (text->len < size - 2)
        g_string_append_c (text, '{');
      g_string_append (text, "\"}");
      message = deflater_push (deflater, text->str, text->len);
      payload = push (inflater, message, FALSE);
      assert_payload (payload, text->str, text->len);
    }
}

/* The suffix by chance in stored data, just where a message ends. */
static void
test_suffix_inside (void)
{
  static const guint8 head[] = {0x78, 0x01, 0x00, 0x0c, 0x00, 0xf3, 0xff, '{', 0x00, 0x00, 0xff, 0xff};
  static const guint8 rest[] = {'"', 'a', '"', ':', '1', ' ', '}', 0x00, 0x00, 0x00, 0xff, 0xff};
  g_autoptr (DgwInflater) inflater = dgw_inflater_new (DGW_COMPRESSION_ZLIB_STREAM, LIMIT);
  g_autoptr (GBytes) first = g_bytes_new_static (head, sizeof head);
  g_autoptr (GBytes) second = g_bytes_new_static (rest, sizeof rest);
  g_autoptr (GBytes) early = NULL;
  g_autoptr (GBytes) payload = NULL;

  g_test_summary ("CMP-03: 00 00 FF FF inside a block does not complete a payload");
  early = push (inflater, first, FALSE);
  g_assert_null (early);
  payload = push (inflater, second, FALSE);
  assert_payload (payload, "{\0\0\xff\xff\"a\":1 }", 12);
}

static void
test_large_payload (void)
{
  g_autofree char *text = g_malloc (5 * MIB);

  g_test_summary ("CMP-05: 5 MiB that compress to little, in one message");
  memset (text, ' ', 5 * MIB);
  text[0] = '{';
  text[5 * MIB - 1] = '}';
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (Deflater) deflater = deflater_new (binary_compressions[c]);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);
      g_autoptr (GBytes) message = deflater_push (deflater, text, 5 * MIB);
      g_autoptr (GBytes) payload = NULL;

      g_assert_cmpuint (g_bytes_get_size (message), <, 20 * 1024);
      payload = push (inflater, message, FALSE);
      assert_payload (payload, text, 5 * MIB);
    }
}

static void
test_mixed_with_text (void)
{
  g_test_summary ("CMP-06, CMP-09: text messages at any time between compressed ones");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (Deflater) deflater = deflater_new (binary_compressions[c]);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);
      g_autoptr (GBytes) text = g_bytes_new_static ("{\"op\":11}", 9);

      for (guint i = 0; i < 4; i++)
        {
          g_autoptr (GBytes) message = deflater_push (deflater, "{\"op\":1}", 8);
          g_autoptr (GBytes) first = push (inflater, text, TRUE);
          g_autoptr (GBytes) second = push (inflater, message, FALSE);

          g_assert_true (first == text);
          assert_payload (second, "{\"op\":1}", 8);
        }
    }
}

static void
test_nothing_to_tell (void)
{
  static const guint8 flush[] = {0x78, 0x9c, 0x00, 0x00, 0x00, 0xff, 0xff};

  g_test_summary ("Empty messages and empty flushes carry no payload and do no harm");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);
      g_autoptr (Deflater) deflater = deflater_new (binary_compressions[c]);
      g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
      g_autoptr (GBytes) message = deflater_push (deflater, "{}", 2);
      g_autoptr (GBytes) payload = NULL;

      for (guint i = 0; i < 40; i++)
        g_assert_null (push (inflater, nothing, FALSE));
      payload = push (inflater, message, FALSE);
      assert_payload (payload, "{}", 2);
    }

  {
    g_autoptr (DgwInflater) inflater = dgw_inflater_new (DGW_COMPRESSION_ZLIB_STREAM, LIMIT);
    g_autoptr (GBytes) message = g_bytes_new_static (flush, sizeof flush);

    g_assert_null (push (inflater, message, FALSE));
  }
}

/* ---- what fails ---- */

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

      assert_push_fails (inflater, g_bytes_get_data (second, NULL), g_bytes_get_size (second), FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
    }
}

static void
test_garbage (void)
{
  g_test_summary ("CMP-07: garbage is a decompression error");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);

      assert_push_fails (inflater, "{\"op\":10,\"d\":{}}", 16, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
    }
}

static void
test_binary_without_compression (void)
{
  g_autoptr (DgwInflater) inflater = dgw_inflater_new (DGW_COMPRESSION_NONE, LIMIT);

  g_test_summary ("CMP-06: without compression a binary message is an error");
  assert_push_fails (inflater, "{}", 2, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
}

static void
test_flipped_bytes (void)
{
  g_autoptr (GString) text = make_large_text (2000);

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
          g_autoptr (GBytes) payload = NULL;
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
  assert_push_fails (stream, g_bytes_get_data (message, NULL), size, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);

  memcpy (longer, g_bytes_get_data (message, NULL), size);
  assert_push_fails (single, longer, size + 1, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
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
  g_assert_null (push_part (followed_by_text, message, 0, size - 3));
  assert_push_fails (followed_by_text, "{}", 2, TRUE, DGW_GATEWAY_ERROR_DECOMPRESSION);

  g_assert_null (push_part (followed_by_next, message, 0, size - 3));
  assert_push_fails (followed_by_next, g_bytes_get_data (message, NULL), size, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
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
  assert_push_fails (zlib, zlib_header, sizeof zlib_header, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
  assert_push_fails (zstd, zstd_header, sizeof zstd_header, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
}

static void
test_forged_window (void)
{
  /* Window descriptor 0x88: 2^27 bytes. */
  static const guint8 header[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x10, 0x00, 0x00, '{', '}'};
  g_autoptr (DgwInflater) inflater = dgw_inflater_new (DGW_COMPRESSION_ZSTD_STREAM, LIMIT);

  g_test_summary ("CMP-11: a header that asks for a huge window is refused");
  assert_push_fails (inflater, header, sizeof header, FALSE, DGW_GATEWAY_ERROR_DECOMPRESSION);
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
      assert_push_fails (inflater, g_bytes_get_data (message, NULL), g_bytes_get_size (message), is_text, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
      return;
    }

  payload = push (inflater, message, is_text);
  g_assert_cmpuint (g_bytes_get_size (payload), ==, length);
}

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
          g_autoptr (GBytes) payload = NULL;

          dgw_inflater_push (inflater, part, FALSE, &payload, &error);
        }
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
    }
}

static void
test_texts_that_are_no_object (void)
{
  const char *texts[] = {"[]", "{", "null", "garbage"};

  g_test_summary ("ENV-08: short texts of any kind come out at once, for the frame to refuse");
  for (guint c = 0; c < G_N_ELEMENTS (binary_compressions); c++)
    {
      g_autoptr (Deflater) deflater = deflater_new (binary_compressions[c]);
      g_autoptr (DgwInflater) inflater = dgw_inflater_new (binary_compressions[c], LIMIT);

      for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        {
          g_autoptr (GBytes) message = deflater_push (deflater, texts[i], strlen (texts[i]));
          g_autoptr (GBytes) payload = push (inflater, message, FALSE);

          assert_payload (payload, texts[i], strlen (texts[i]));
        }
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/codec/inflater/captured", test_captured);
  g_test_add_func ("/dgw/codec/inflater/every-split", test_every_split);
  g_test_add_func ("/dgw/codec/inflater/single-bytes", test_single_bytes);
  g_test_add_func ("/dgw/codec/inflater/large-splits", test_large_splits);
  g_test_add_func ("/dgw/codec/inflater/zstd-block-boundaries", test_zstd_block_boundaries);
  g_test_add_func ("/dgw/codec/inflater/round-sizes", test_round_sizes);
  g_test_add_func ("/dgw/codec/inflater/suffix-inside", test_suffix_inside);
  g_test_add_func ("/dgw/codec/inflater/large-payload", test_large_payload);
  g_test_add_func ("/dgw/codec/inflater/mixed-with-text", test_mixed_with_text);
  g_test_add_func ("/dgw/codec/inflater/nothing-to-tell", test_nothing_to_tell);
  g_test_add_func ("/dgw/codec/inflater/old-context", test_old_context);
  g_test_add_func ("/dgw/codec/inflater/garbage", test_garbage);
  g_test_add_func ("/dgw/codec/inflater/binary-without-compression", test_binary_without_compression);
  g_test_add_func ("/dgw/codec/inflater/flipped-bytes", test_flipped_bytes);
  g_test_add_func ("/dgw/codec/inflater/stream-end", test_stream_end);
  g_test_add_func ("/dgw/codec/inflater/truncated-payload", test_truncated_payload);
  g_test_add_func ("/dgw/codec/inflater/dictionaries", test_dictionaries);
  g_test_add_func ("/dgw/codec/inflater/forged-window", test_forged_window);
  g_test_add_func ("/dgw/codec/inflater/limit", test_limit);
  g_test_add_func ("/dgw/codec/inflater/limit-over-messages", test_limit_over_messages);
  g_test_add_func ("/dgw/codec/inflater/texts-that-are-no-object", test_texts_that_are_no_object);

  return g_test_run ();
}
