/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-websocket-frame-private.h"

#include <string.h>

#define BYTES(literal) (const guint8 *)(literal), sizeof (literal) - 1

static void
check (const guint8           *data,
       gsize                   length,
       DgwWebsocketHeaderState state,
       gsize                   size,
       guint64                 content)
{
  DgwWebsocketHeader header;

  g_assert_cmpint (dgw_websocket_header_parse (&header, data, length), ==, state);
  if (state != DGW_WEBSOCKET_HEADER_COMPLETE)
    return;
  g_assert_cmpuint (header.size, ==, size);
  g_assert_cmpuint (header.length, ==, content);
}

static void
test_headers (void)
{
  g_test_summary ("SUP-09: lengths of all three forms; a header that is cut waits for its rest");

  check (BYTES ("\x81\x00"), DGW_WEBSOCKET_HEADER_COMPLETE, 2, 0);
  check (BYTES ("\x02\x7d"), DGW_WEBSOCKET_HEADER_COMPLETE, 2, 125);
  check (BYTES ("\x82\x7e\x01\x02"), DGW_WEBSOCKET_HEADER_COMPLETE, 4, 0x102);
  check (BYTES ("\x80\x7f\0\0\0\1\0\0\0\2"), DGW_WEBSOCKET_HEADER_COMPLETE, 10, 0x100000002);
  check (BYTES ("\x8a\x7d"), DGW_WEBSOCKET_HEADER_COMPLETE, 2, 125);

  check (BYTES (""), DGW_WEBSOCKET_HEADER_CUT, 0, 0);
  check (BYTES ("\x81"), DGW_WEBSOCKET_HEADER_CUT, 0, 0);
  check (BYTES ("\x82\x7e\x01"), DGW_WEBSOCKET_HEADER_CUT, 0, 0);
  check (BYTES ("\x82\x7f\0\0\0\0\0\0\0"), DGW_WEBSOCKET_HEADER_CUT, 0, 0);
}

/* Security: BOUND-CONTROL */
static void
test_bad_headers (void)
{
  g_test_summary ("What no server may send: masks, reserved bits and opcodes, control frames that are long or cut, a negative length");

  check (BYTES ("\x81\x80"), DGW_WEBSOCKET_HEADER_BAD, 0, 0);
  check (BYTES ("\xc1\x00"), DGW_WEBSOCKET_HEADER_BAD, 0, 0);
  check (BYTES ("\xa1\x00"), DGW_WEBSOCKET_HEADER_BAD, 0, 0);
  check (BYTES ("\x91\x00"), DGW_WEBSOCKET_HEADER_BAD, 0, 0);
  check (BYTES ("\x83\x00"), DGW_WEBSOCKET_HEADER_BAD, 0, 0);
  check (BYTES ("\x8b\x00"), DGW_WEBSOCKET_HEADER_BAD, 0, 0);
  check (BYTES ("\x09\x00"), DGW_WEBSOCKET_HEADER_BAD, 0, 0);
  check (BYTES ("\x89\x7e"), DGW_WEBSOCKET_HEADER_BAD, 0, 0);
  check (BYTES ("\x82\x7f\x80\0\0\0\0\0\0\0"), DGW_WEBSOCKET_HEADER_BAD, 0, 0);
}

static void
test_written (void)
{
  static const gsize lengths[] = {0, 1, 3, 125, 126, 65535, 65536};

  g_test_summary ("What is written is masked, and its length has the shortest form");

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      const gsize      length = lengths[i];
      const gsize      header = length < 126 ? 2 : length < 65536 ? 4
                                                                  : 10;
      g_autofree char *text = g_malloc (length + 1);
      g_autoptr (GByteArray) output = g_byte_array_new ();
      const guint32 mask = 0xa1b2c3d4;
      guint8        key[4];

      memset (text, 'x', length);
      memcpy (key, &mask, sizeof key);
      dgw_websocket_append_frame (output, DGW_WEBSOCKET_TEXT, text, length, mask);

      g_assert_cmpuint (output->len, ==, header + 4 + length);
      g_assert_cmpuint (output->data[0], ==, 0x81);
      g_assert_cmpuint (output->data[1], ==, 0x80 | (length < 126 ? length : length < 65536 ? 126
                                                                                            : 127));
      g_assert_cmpmem (output->data + header, 4, key, 4);
      for (gsize at = 0; at < length; at++)
        g_assert_cmpuint (output->data[header + 4 + at] ^ key[at % 4], ==, 'x');
    }
}

static void
test_close_codes (void)
{
  g_test_summary ("CC-NONE: a close frame has a code, or none, or one that nobody may send");

  g_assert_cmpint (dgw_websocket_close_code (BYTES ("")), ==, 0);
  g_assert_cmpint (dgw_websocket_close_code (BYTES ("\x03\xe8")), ==, 1000);
  g_assert_cmpint (dgw_websocket_close_code (BYTES ("\x0f\xa4why")), ==, 4004);
  g_assert_cmpint (dgw_websocket_close_code (BYTES ("\x03")), ==, -1);
  g_assert_cmpint (dgw_websocket_close_code (BYTES ("\x03\xe7")), ==, -1);
  g_assert_cmpint (dgw_websocket_close_code (BYTES ("\x03\xed")), ==, -1);
  g_assert_cmpint (dgw_websocket_close_code (BYTES ("\x03\xee")), ==, -1);
  g_assert_cmpint (dgw_websocket_close_code (BYTES ("\x03\xf7")), ==, -1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/transport/websocket-frame/headers", test_headers);
  g_test_add_func ("/dgw/transport/websocket-frame/bad-headers", test_bad_headers);
  g_test_add_func ("/dgw/transport/websocket-frame/written", test_written);
  g_test_add_func ("/dgw/transport/websocket-frame/close-codes", test_close_codes);

  return g_test_run ();
}
