/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "engine/dgw-address-private.h"
#include "fuzz.h"

/* An address that was set or that the peer told, resume_gateway_url for one. */

static gboolean
is_secure (GUri *uri)
{
  return g_str_equal (g_uri_get_scheme (uri), "wss") || g_str_equal (g_uri_get_scheme (uri), "https");
}

static guint
count_parameters (const char *query,
                  const char *name)
{
  g_auto (GStrv) parameters = g_strsplit (query, "&", -1);
  guint n = 0;

  for (guint i = 0; parameters[i] != NULL; i++)
    n += g_str_has_prefix (parameters[i], name);

  return n;
}

/* What will be connected to, as libsoup reads it. */
static void
check_built (const char    *address,
             DgwCompression compression,
             gboolean       allow_insecure)
{
  g_autofree char *built = dgw_address_build (address, compression);
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) before = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) uri = NULL;

  g_assert_nonnull (built);
  uri = g_uri_parse (built, G_URI_FLAGS_ENCODED, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_uri_get_host (uri), ==, g_uri_get_host (before));
  g_assert_cmpint (g_uri_get_port (uri), ==, g_uri_get_port (before));
  g_assert_null (g_uri_get_userinfo (uri));
  g_assert_cmpuint (count_parameters (g_uri_get_query (uri), "v="), ==, 1);
  g_assert_cmpuint (count_parameters (g_uri_get_query (uri), "encoding="), ==, 1);
  g_assert_cmpuint (count_parameters (g_uri_get_query (uri), "compress="), ==, compression >= DGW_COMPRESSION_ZLIB_STREAM);
  g_assert_true (is_secure (uri) || allow_insecure || dgw_address_is_loopback (built));
  g_assert_true (is_secure (uri) == is_secure (before));
  for (const char *c = built; *c != '\0'; c++)
    g_assert_false (g_ascii_iscntrl (*c) || *c == ' ');
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput        input = {data, size};
  const guint8     flags = fuzz_take_byte (&input);
  const gboolean   allow_insecure = (flags & 4) != 0;
  g_autofree char *address = fuzz_take_text (&input, 0);
  g_autoptr (GError) error = NULL;

  dgw_address_is_loopback (address);
  if (dgw_address_check (address, allow_insecure, &error))
    check_built (address, flags & 3, allow_insecure);
  else
    g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED);

  return 0;
}
