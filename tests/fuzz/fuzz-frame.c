/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "base/dgw-utf8-private.h"
#include "codec/dgw-frame-private.h"
#include "fuzz.h"

static DgwJsonView
get (DgwJson    *json,
     const char *name)
{
  return dgw_json_view_get_member (dgw_json_get_root (json), name);
}

/* The scan and the parser have to find the same. */
static void
assert_agrees (const DgwFrame *frame)
{
  gint64 op = dgw_json_view_get_int64 (get (frame->json, "op"), -1);
  gint64 sequence = dgw_json_view_get_int64 (get (frame->json, "s"), -1);

  g_assert_cmpint (frame->op, ==, op >= 0 && op <= G_MAXINT ? op : -1);
  g_assert_cmpint (frame->sequence, ==, MAX (sequence, -1));
  g_assert_cmpstr (frame->name, ==, dgw_json_view_get_string (get (frame->json, "t")));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  /* The text of a payload has a NUL past its end. */
  FuzzInput input = {data, size};
  g_autoptr (GBytes) bytes = fuzz_take_rest (&input);
  const char *text = g_bytes_get_data (bytes, NULL);
  g_autoptr (DgwJson) json = dgw_json_new (bytes);
  g_autoptr (GError) error = NULL;
  DgwFrame frame;

  g_assert_true (!dgw_utf8_is_valid (text, size) == !g_utf8_validate_len (text, size, NULL));
  if (!dgw_frame_parse (&frame, json, &error))
    {
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL);

      return 0;
    }

  g_assert_no_error (error);
  g_assert_true (g_utf8_validate_len (dgw_json_get_text (json, NULL), size, NULL));
  g_assert_true (frame.name == NULL || g_utf8_validate (frame.name, -1, NULL));
  if (dgw_json_parse (json, NULL))
    assert_agrees (&frame);

  return 0;
}
