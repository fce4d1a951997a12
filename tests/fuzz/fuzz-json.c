/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "codec/dgw-json-glib-private.h"
#include "fuzz.h"

/* Reads every value by every getter, as an application could. */
static void
walk (DgwJsonView view)
{
  const char *string = dgw_json_view_get_string (view);
  const char *name;
  DgwJsonView value;
  DgwJsonIter iter;

  g_assert_true ((string != NULL) == (dgw_json_view_get_kind (view) == DGW_JSON_STRING));
  g_assert_true (string == NULL || g_utf8_validate (string, -1, NULL));
  dgw_json_view_get_int64 (view, 0);
  dgw_json_view_get_uint64 (view, 0);
  dgw_json_view_get_double (view, 0);
  dgw_json_view_get_boolean (view, FALSE);
  dgw_json_view_get_member (view, "d");
  dgw_json_view_get_element (view, dgw_json_view_get_length (view) / 2);

  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, &name, &value))
    {
      g_assert_true (name == NULL || g_utf8_validate (name, -1, NULL));
      walk (value);
    }
}

static void
assert_node_is_json (DgwJson *json)
{
  g_autoptr (JsonNode) node = dgw_json_view_dup_node (dgw_json_get_root (json));
  g_autofree char *text = dgw_json_node_to_text (node);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (DgwJson) again = dgw_json_new (bytes);
  g_autoptr (GError) error = NULL;

  dgw_json_parse (again, &error);
  g_assert_no_error (error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DgwJson) json = dgw_json_new (bytes);
  g_autoptr (GError) error = NULL;

  if (dgw_json_parse (json, &error))
    assert_node_is_json (json);
  else
    g_assert_nonnull (error);
  walk (dgw_json_get_root (json));

  return 0;
}
