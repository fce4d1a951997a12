/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Frames as no decent client sends them, and what the simulator can put on the
 * wire, by a bare socket.
 */

#include "testing/test-client-private.h"

#include <string.h>

#define REQUEST                                              \
  "GET /?v=10&encoding=json HTTP/1.1\r\nHost: localhost\r\n" \
  "Upgrade: websocket\r\nConnection: Upgrade\r\n"            \
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"

typedef struct
{
  GSocket *socket;
  GString *received;
  gboolean has_ended;
  gsize    wanted;
} Bare;

static gboolean
read_more (gpointer data)
{
  Bare  *bare = data;
  char   buffer[4096];
  gssize size;

  /* The other end runs in this thread too. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  size = g_socket_receive_with_blocking (bare->socket, buffer, sizeof buffer, FALSE, NULL, NULL);
  if (size == 0)
    bare->has_ended = TRUE;
  else if (size > 0)
    g_string_append_len (bare->received, buffer, size);
  return bare->has_ended || bare->received->len >= bare->wanted;
}

/* test_wait_until() sleeps in poll(): something has to come round. */
static gboolean
keep_awake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
read_until (Bare *bare, gsize wanted)
{
  g_autoptr (GSource) source = g_timeout_source_new (1);

  bare->wanted = wanted;
  g_source_set_callback (source, keep_awake_cb, NULL, NULL);
  g_source_attach (source, NULL);
  test_wait_until (read_more, bare);
  g_source_destroy (source);
}

static Bare *
bare_new (DgwTestingSimulator *simulator)
{
  Bare *bare = g_new0 (Bare, 1);
  g_autoptr (GSocketAddress) address =
    g_inet_socket_address_new_from_string ("127.0.0.1", dgw_testing_simulator_get_port (simulator));
  const char *end = NULL;

  bare->received = g_string_new (NULL);
  bare->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_connect (bare->socket, address, NULL, NULL));
  g_assert_cmpint (g_socket_send (bare->socket, REQUEST, strlen (REQUEST), NULL, NULL), ==, strlen (REQUEST));
  while (end == NULL)
    {
      read_until (bare, bare->received->len + 1);
      end = strstr (bare->received->str, "\r\n\r\n");
    }
  g_assert_true (g_str_has_prefix (bare->received->str, "HTTP/1.1 101"));
  g_string_erase (bare->received, 0, end + 4 - bare->received->str);
  return bare;
}

static void
bare_free (Bare *bare)
{
  g_object_unref (bare->socket);
  g_string_free (bare->received, TRUE);
  g_free (bare);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bare, bare_free)

static void
bare_send (Bare *bare, const char *bytes, gsize size)
{
  g_assert_cmpint (g_socket_send (bare->socket, bytes, size, NULL, NULL), ==, size);
}

/* The close frame at the end of what has come. */
static guint
read_close_code (Bare *bare)
{
  const guint8 *frame;

  do
    {
      gsize had = bare->received->len;

      read_until (bare, had + 1);
      frame = (const guint8 *)memchr (bare->received->str, '\x88', bare->received->len);
    }
  while (frame == NULL && !bare->has_ended);

  g_assert_nonnull (frame);
  return frame[2] << 8 | frame[3];
}

static void
skip_hello (Bare *bare)
{
  read_until (bare, 2);
  read_until (bare, 2 + (bare->received->str[1] & 0x7f));
  g_string_truncate (bare->received, 0);
}

static void
test_bad_frames (void)
{
  static const char unmasked[] = "\x81\x02{}";
  static const char reserved[] = "\xc1\x82\0\0\0\0{}";
  static const char unknown[] = "\x83\x82\0\0\0\0{}";
  static const char long_ping[] = "\x89\xfe\x00\x7e\0\0\0\0";
  static const char cut_ping[] = "\x09\x80\0\0\0\0";
  static const char no_start[] = "\x80\x82\0\0\0\0{}";
  static const char no_end[] = "\x01\x80\0\0\0\0\x81\x82\0\0\0\0{}";
  static const char huge[] = "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0";
  static const struct
  {
    const char *bytes;
    gsize       size;
    guint       code;
  } frames[] = {
    {unmasked,  sizeof unmasked - 1,  1002},
    {reserved,  sizeof reserved - 1,  1002},
    {unknown,   sizeof unknown - 1,   1002},
    {long_ping, sizeof long_ping - 1, 1002},
    {cut_ping,  sizeof cut_ping - 1,  1002},
    {no_start,  sizeof no_start - 1,  1002},
    {no_end,    sizeof no_end - 1,    1002},
    {huge,      sizeof huge - 1,      1009},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
      g_autoptr (Bare) bare = bare_new (simulator);

      skip_hello (bare);
      bare_send (bare, frames[i].bytes, frames[i].size);
      g_assert_cmpuint (read_close_code (bare), ==, frames[i].code);
    }
}

static void
test_pieces (void)
{
  /* A heartbeat in four frames with a ping between, byte for byte. */
  static const char bytes[] =
    "\x01\x85\0\0\0\0{\"op\""
    "\x00\x82\1\1\1\1\x3b\x30"
    "\x89\x82\0\0\0\0hi"
    "\x00\x89\0\0\0\0,\"d\":null"
    "\x80\x81\0\0\0\0}";
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (Bare) bare = bare_new (simulator);

  skip_hello (bare);
  for (gsize i = 0; i < sizeof bytes - 1; i++)
    bare_send (bare, bytes + i, 1);
  read_until (bare, 4 + 2 + strlen ("{\"t\":null,\"s\":null,\"op\":11,\"d\":null}"));
  g_assert_cmpint (memcmp (bare->received->str, "\x8a\x02hi", 4), ==, 0);
  g_assert_nonnull (strstr (bare->received->str + 4, "\"op\":11"));
}

static void
test_sent (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("hold-hello", TRUE, NULL);
  g_autoptr (Bare) bare = bare_new (simulator);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("\xff\x00\xfe", 3);

  dgw_testing_simulator_send_garbage (simulator, bytes);
  dgw_testing_simulator_send_message (simulator, bytes);
  dgw_testing_simulator_send_bytes (simulator, bytes);
  dgw_testing_simulator_send (simulator, "{");
  dgw_testing_simulator_close_clients (simulator, 1012, "x");
  read_until (bare, 5 + 5 + 3 + 3 + 5);
  g_assert_cmpint (
    memcmp (bare->received->str,
            "\x82\x03\xff\x00\xfe\x81\x03\xff\x00\xfe\xff\x00\xfe\x81\x01{\x88\x03\x03\xf4x",
            bare->received->len),
    ==,
    0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/testing/wire/bad-frames", test_bad_frames);
  g_test_add_func ("/dgw/testing/wire/pieces", test_pieces);
  g_test_add_func ("/dgw/testing/wire/sent", test_sent);
  return g_test_run ();
}
