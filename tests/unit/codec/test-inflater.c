/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "deflater.h"
#include "inflating.h"

static const DgwCompression all_compressions[] = {
  DGW_COMPRESSION_NONE,
  DGW_COMPRESSION_ZLIB_PAYLOAD,
  DGW_COMPRESSION_ZLIB_STREAM,
  DGW_COMPRESSION_ZSTD_STREAM,
};

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
          g_autoptr (GBytes) payload = inflate_message (inflater, message, all_compressions[c] == DGW_COMPRESSION_NONE);

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
            g_autoptr (GBytes) early = inflate_part (inflater, message, 0, MIN (split, size - 1));
            g_autoptr (GBytes) payload = NULL;

            g_assert_null (early);
            payload = inflate_part (inflater, message, MIN (split, size - 1), size);
            assert_payload (payload, texts[i], strlen (texts[i]));
          }
      }
}

static void
test_single_bytes (void)
{
  g_autoptr (GString) text = new_large_text (4000);

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
              payload = inflate_part (inflater, message, i, i + 1);
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
      early = inflate_part (inflater, message, 0, split < size ? split : size - 1);
      g_assert_null (early);
      payload = inflate_part (inflater, message, split < size ? split : size - 1, size);
      assert_payload (payload, text->str, text->len);
    }
}

static void
test_large_splits (void)
{
  g_autoptr (GString) text = new_large_text (500 * 1024);

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
      g_autoptr (GString) text = new_large_text (300 * 1024);
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
      payload = inflate_part (inflater, message, 0, at);
      while (at < size)
        {
          gsize next = skip_block (g_bytes_get_data (message, NULL), at);

          g_assert_null (payload);
          payload = inflate_part (inflater, message, at, next);
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
      payload = inflate_message (inflater, message, FALSE);
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
  early = inflate_message (inflater, first, FALSE);
  g_assert_null (early);
  payload = inflate_message (inflater, second, FALSE);
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
      payload = inflate_message (inflater, message, FALSE);
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
          g_autoptr (GBytes) first = inflate_message (inflater, text, TRUE);
          g_autoptr (GBytes) second = inflate_message (inflater, message, FALSE);

          g_assert_true (g_bytes_get_data (first, NULL) == g_bytes_get_data (text, NULL));
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

      for (guint round = 0; round < 3; round++)
        {
          g_autoptr (GBytes) message = deflater_push (deflater, "{}", 2);
          g_autoptr (GBytes) payload = NULL;

          for (guint i = 0; i < 40; i++)
            g_assert_null (inflate_message (inflater, nothing, FALSE));
          payload = inflate_message (inflater, message, FALSE);
          assert_payload (payload, "{}", 2);
        }
    }

  {
    g_autoptr (DgwInflater) inflater = dgw_inflater_new (DGW_COMPRESSION_ZLIB_STREAM, LIMIT);
    g_autoptr (GBytes) message = g_bytes_new_static (flush, sizeof flush);

    g_assert_null (inflate_message (inflater, message, FALSE));
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
          g_autoptr (GBytes) payload = inflate_message (inflater, message, FALSE);

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
  g_test_add_func ("/dgw/codec/inflater/texts-that-are-no-object", test_texts_that_are_no_object);

  return g_test_run ();
}
