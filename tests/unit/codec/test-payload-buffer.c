/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-gateway-error.h"
#include "codec/dgw-payload-buffer-private.h"

/* FALSE: past the limit. */
static gboolean
fill (DgwPayloadBuffer *self,
      gsize             n_bytes,
      GError          **error)
{
  while (n_bytes > 0)
    {
      gsize room, n_now;

      if (!dgw_payload_buffer_reserve (self, &room, error))
        return FALSE;

      g_assert_cmpuint (room, >=, 1);
      n_now = MIN (room, n_bytes);
      memset (self->data + self->length, 'x', n_now);
      self->length += n_now;
      n_bytes -= n_now;
    }

  return dgw_payload_buffer_check_length (self, error);
}

static void
test_sizes (void)
{
  static const gsize sizes[] = {1, 16383, 16384, 16385, 65535, 65536, 1000000};
  DgwPayloadBuffer   buffer;

  g_test_summary ("CMP-05: a payload of any size comes out whole, and the buffer serves the next");
  dgw_payload_buffer_init (&buffer, G_MAXUINT64);
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (sizes); i++)
    {
      const gsize size = sizes[i % G_N_ELEMENTS (sizes)];
      g_autoptr (DgwJson) json = NULL;
      g_autoptr (GError) error = NULL;
      gsize       length;
      const char *text;

      g_assert_true (fill (&buffer, size, &error));
      g_assert_no_error (error);
      json = dgw_payload_buffer_steal (&buffer);
      text = dgw_json_get_text (json, &length);
      g_assert_cmpuint (length, ==, size);
      g_assert_cmpuint (strspn (text, "x"), ==, size);
      g_assert_cmpuint (buffer.length, ==, 0);
    }
  dgw_payload_buffer_clear (&buffer);
}

static void
test_limit (void)
{
  static const gsize limits[] = {1, 100, 16382, 16383, 16384, 16385, 100000};

  g_test_summary ("CMP-11: what is just the limit passes, one byte more is too large, and memory is not taken for it");
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      DgwPayloadBuffer buffer;
      g_autoptr (DgwJson) json = NULL;
      g_autoptr (GError) error = NULL;

      dgw_payload_buffer_init (&buffer, limits[i]);
      g_assert_true (fill (&buffer, limits[i], &error));
      g_assert_no_error (error);
      json = dgw_payload_buffer_steal (&buffer);

      g_assert_false (fill (&buffer, limits[i] + 1, &error));
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
      g_clear_error (&error);
      g_assert_false (fill (&buffer, 1, &error));
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
      g_assert_cmpuint (buffer.size, <=, MAX (limits[i] + 2, 16384));
      dgw_payload_buffer_clear (&buffer);
    }
}

static void
test_no_memory (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizer ends programs that ask for so much");
#else
  DgwPayloadBuffer buffer;
  g_autoptr (GError) error = NULL;
  gsize room;

  g_test_summary ("CMP-11: where there is no memory a payload is too large, and the program goes on");
  dgw_payload_buffer_init (&buffer, G_MAXUINT64);
  g_assert_true (fill (&buffer, 10, NULL));

  /* As if it were as large already. */
  buffer.size = buffer.length = G_MAXSSIZE / 2;
  g_assert_false (dgw_payload_buffer_reserve (&buffer, &room, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
  g_assert_nonnull (buffer.data);
  dgw_payload_buffer_clear (&buffer);
#endif
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/codec/payload-buffer/sizes", test_sizes);
  g_test_add_func ("/dgw/codec/payload-buffer/limit", test_limit);
  g_test_add_func ("/dgw/codec/payload-buffer/no-memory", test_no_memory);

  return g_test_run ();
}
