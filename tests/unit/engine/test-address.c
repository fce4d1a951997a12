/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "base/dgw-gateway-error.h"
#include "engine/dgw-address-private.h"

static void
assert_built (const char    *address,
              DgwCompression compression,
              const char    *expected)
{
  g_autofree char *built = dgw_address_build (address, compression);

  g_assert_cmpstr (built, ==, expected);
}

static void
test_shapes (void)
{
  g_test_summary ("CON-04, CON-05, CON-07: whatever the address looks like, v and encoding are there once");
  assert_built ("ws://h:81", DGW_COMPRESSION_NONE, "ws://h:81/?v=10&encoding=json");
  assert_built ("ws://h:81/", DGW_COMPRESSION_NONE, "ws://h:81/?v=10&encoding=json");
  assert_built ("ws://h:81/x?y=1", DGW_COMPRESSION_NONE, "ws://h:81/x?y=1&v=10&encoding=json");
  assert_built ("wss://h/?", DGW_COMPRESSION_NONE, "wss://h/?v=10&encoding=json");
  assert_built ("wss://h?y", DGW_COMPRESSION_NONE, "wss://h/?y&v=10&encoding=json");
  assert_built ("wss://[::1]:8443", DGW_COMPRESSION_NONE, "wss://[::1]:8443/?v=10&encoding=json");
  assert_built ("wss://h/a%2Fb?c=d%26e", DGW_COMPRESSION_NONE, "wss://h/a%2Fb?c=d%26e&v=10&encoding=json");
}

static void
test_replaced (void)
{
  g_test_summary ("CON-07, CON-09: parameters of ours are replaced, others kept in order; building twice changes nothing");
  assert_built ("wss://h/?v=6&a=1&encoding=etf&compress=x&b=2&v", DGW_COMPRESSION_NONE, "wss://h/?a=1&b=2&v=10&encoding=json");
  assert_built ("wss://h/?version=1&vv=2&compressed=3", DGW_COMPRESSION_NONE, "wss://h/?version=1&vv=2&compressed=3&v=10&encoding=json");
  assert_built ("wss://h/?v=10&encoding=json&compress=zlib-stream",
                DGW_COMPRESSION_ZLIB_STREAM,
                "wss://h/?v=10&encoding=json&compress=zlib-stream");
}

static void
test_compression (void)
{
  g_test_summary ("CON-06, CMP-09: compress only for the stream compressions, with Discord's two values");
  assert_built ("wss://h", DGW_COMPRESSION_ZLIB_STREAM, "wss://h/?v=10&encoding=json&compress=zlib-stream");
  assert_built ("wss://h", DGW_COMPRESSION_ZSTD_STREAM, "wss://h/?v=10&encoding=json&compress=zstd-stream");
  assert_built ("wss://h", DGW_COMPRESSION_ZLIB_PAYLOAD, "wss://h/?v=10&encoding=json");
}

static void
test_no_address (void)
{
  g_test_summary ("What is no address has no result");
  assert_built ("", DGW_COMPRESSION_NONE, NULL);
  assert_built ("gateway.discord.gg", DGW_COMPRESSION_NONE, NULL);
}

static void
test_accepted (void)
{
  const char *const accepted[] = {
    "wss://gateway.discord.gg",
    "WSS://gateway.discord.gg/",
    "https://discord.com/api/v10",
    "wss://203.0.113.1:444/x?y=1",
    "ws://localhost:8080",
    "ws://LOCALHOST./",
    "ws://gateway.localhost",
    "http://127.0.0.1:8080/api/v10",
    "ws://127.255.0.3",
    "ws://[::1]:8080",
    "ws://[0:0:0:0:0:0:0:1]",
    "ws://[::ffff:127.0.0.1]",
  };

  g_test_summary ("CON-11: encrypted or loopback");
  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", accepted[i]);
      dgw_address_check (accepted[i], FALSE, &error);
      g_assert_no_error (error);
    }
}

static void
assert_refused (const char *address,
                gboolean    allow_insecure,
                const char *part)
{
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", address);
  g_assert_false (dgw_address_check (address, allow_insecure, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, part));
}

/* Security: TLS-ONLY */
static void
test_insecure (void)
{
  const char *const insecure[] = {
    "ws://gateway.discord.gg",
    "http://discord.com/api/v10",
    "ws://10.0.0.1",
    "ws://128.0.0.1",
    "ws://127.0.0.1.example.com",
    "ws://localhost.example.com",
    "ws://notlocalhost",
    "ws://[::2]",
    "ws://[::ffff:128.0.0.1]",
  };

  g_test_summary ("CON-11: the token goes nowhere without encryption, unless that was allowed");
  for (gsize i = 0; i < G_N_ELEMENTS (insecure); i++)
    {
      assert_refused (insecure[i], FALSE, "wss://");
      g_assert_true (dgw_address_check (insecure[i], TRUE, NULL));
    }
}

/* Security: LOOPBACK-DIRECT */
static void
test_plain_loopback (void)
{
  g_assert_true (dgw_address_is_plain_loopback ("ws://localhost:80/"));
  g_assert_true (dgw_address_is_plain_loopback ("HTTP://[::1]/"));
  g_assert_false (dgw_address_is_plain_loopback ("wss://localhost/"));
  g_assert_false (dgw_address_is_plain_loopback ("https://127.0.0.1/"));
  g_assert_false (dgw_address_is_plain_loopback ("ws://10.0.0.1/"));
  g_assert_false (dgw_address_is_plain_loopback ("localhost"));
}

static void
test_refused (void)
{
  g_test_summary ("CON-07, CON-11: what can be no gateway is refused, with allow_insecure too, and the message says what to do");
  for (int allow_insecure = 0; allow_insecure <= 1; allow_insecure++)
    {
      assert_refused ("ftp://h", allow_insecure, "wss://");
      assert_refused ("file:///etc/passwd", allow_insecure, "names no host");
      assert_refused ("", allow_insecure, "no address");
      assert_refused ("gateway.discord.gg", allow_insecure, "no address");
      assert_refused ("wss://", allow_insecure, "names no host");
      assert_refused ("wss:///x", allow_insecure, "names no host");
      assert_refused ("wss://h:99999", allow_insecure, "no address");
      assert_refused ("wss://h/#f", allow_insecure, "fragment");
      assert_refused ("wss://h\r\nX-Y", allow_insecure, "control character");
      assert_refused ("wss://h%0d%0aX%20y", allow_insecure, "control character");
      assert_refused ("wss://h/a b", allow_insecure, "control character");
      assert_refused ("wss://h/?x=\n", allow_insecure, "control character");
      assert_refused ("ws://localhost@example.com", allow_insecure, "user name");
    }
}

static void
test_secret_not_quoted (void)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("ID-14: a password in the address is not repeated in the message");
  g_assert_false (dgw_address_check ("wss://user:hunter2@h", FALSE, &error));
  g_assert_null (strstr (error->message, "hunter2"));
}

static void
test_loopback (void)
{
  g_test_summary ("Which addresses are this very host's, whatever else is in them");
  g_assert_true (dgw_address_is_loopback ("ws://127.0.0.1:8080/?x=%fc"));
  g_assert_true (dgw_address_is_loopback ("https://localhost/api/v10"));
  g_assert_false (dgw_address_is_loopback ("https://discord.com/api/v10"));
  g_assert_false (dgw_address_is_loopback ("localhost"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/address/shapes", test_shapes);
  g_test_add_func ("/dgw/engine/address/replaced", test_replaced);
  g_test_add_func ("/dgw/engine/address/compression", test_compression);
  g_test_add_func ("/dgw/engine/address/no-address", test_no_address);
  g_test_add_func ("/dgw/engine/address/accepted", test_accepted);
  g_test_add_func ("/dgw/engine/address/insecure", test_insecure);
  g_test_add_func ("/dgw/engine/address/loopback", test_loopback);
  g_test_add_func ("/dgw/engine/address/plain-loopback", test_plain_loopback);
  g_test_add_func ("/dgw/engine/address/refused", test_refused);
  g_test_add_func ("/dgw/engine/address/secret-not-quoted", test_secret_not_quoted);

  return g_test_run ();
}
