/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inflating.h"

#include <string.h>

const DgwCompression binary_compressions[3] = {
  DGW_COMPRESSION_ZLIB_PAYLOAD,
  DGW_COMPRESSION_ZLIB_STREAM,
  DGW_COMPRESSION_ZSTD_STREAM,
};

GBytes *
inflate_message (DgwInflater *inflater,
                 GBytes      *message,
                 gboolean     is_text)
{
  g_autoptr (GError) error = NULL;
  DgwJson    *payload;
  const char *text;
  gsize       length;

  dgw_inflater_push (inflater, message, is_text, &payload, &error);
  g_assert_no_error (error);
  if (payload == NULL)
    return NULL;

  text = dgw_json_get_text (payload, &length);

  return g_bytes_new_with_free_func (text, length, (GDestroyNotify)dgw_json_unref, payload);
}

GBytes *
inflate_part (DgwInflater *inflater,
              GBytes      *message,
              gsize        start,
              gsize        end)
{
  g_autofree guint8 *copy = g_memdup2 ((const guint8 *)g_bytes_get_data (message, NULL) + start, end - start);
  g_autoptr (GBytes) part = g_bytes_new (copy, end - start);

  return inflate_message (inflater, part, FALSE);
}

void
assert_payload (GBytes     *payload,
                const char *text,
                gsize       length)
{
  g_assert_nonnull (payload);
  g_assert_cmpmem (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload), text, length);
  g_assert_cmpint (((const char *)g_bytes_get_data (payload, NULL))[length], ==, '\0');
}

void
assert_inflate_fails (DgwInflater    *inflater,
                      const void     *data,
                      gsize           size,
                      gboolean        is_text,
                      DgwGatewayError code)
{
  g_autoptr (GBytes) message = g_bytes_new (data, size);
  g_autoptr (DgwJson) payload = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (dgw_inflater_push (inflater, message, is_text, &payload, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, (int)code);
  g_assert_null (payload);
}

GString *
new_large_text (gsize size)
{
  GString *text = g_string_new ("{\"t\":\"GUILD_CREATE\",\"s\":1,\"op\":0,\"d\":{\"members\":[");
  GRand   *rand = g_rand_new_with_seed (7);

  while (text->len < size)
    g_string_append_printf (text, "{\"id\":\"%08x\",\"a\":{\"b\":{}}},", g_rand_int (rand));
  g_string_append (text, "{}]}}");
  g_rand_free (rand);

  return text;
}
