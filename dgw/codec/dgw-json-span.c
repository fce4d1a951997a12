/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-json-span-private.h"

#include <string.h>

/* Where a value stands in the text.
 *
 * The tree keeps no positions. But values and keys are numbered in the order of
 * the text, so counting them leads to the place. The text has been parsed: that
 * it is JSON is known, and the NUL at its end stops every step. */

static gboolean
is_separator (char character)
{
  return character == ',' || character == ':' || character == ' ' || character == '\t' ||
         character == '\n' || character == '\r';
}

/* at: the quote that opens the string. */
static const char *
skip_string (const char *at)
{
  for (at++; *at != '"' && *at != '\0'; at++)
    if (*at == '\\' && at[1] != '\0')
      at++;

  return *at != '\0' ? at + 1 : at;
}

static const char *
skip_scalar (const char *at)
{
  return *at == '"' ? skip_string (at) : at + strcspn (at, ",:]} \t\n\r");
}

static const char *
find_value (const char *at,
            gsize       ordinal)
{
  while (*at != '\0')
    {
      if (is_separator (*at) || *at == ']' || *at == '}')
        {
          at++;
          continue;
        }

      if (ordinal-- == 0)
        return at;
      at = *at == '[' || *at == '{' ? at + 1 : skip_scalar (at);
    }

  return NULL;
}

static const char *
find_end (const char *at)
{
  gsize depth = 0;

  do
    {
      if (*at == '[' || *at == '{')
        depth++;
      else if (*at == ']' || *at == '}')
        depth--;

      at = is_separator (*at) || strchr ("[]{}", *at) != NULL ? at + 1 : skip_scalar (at);
    }
  while (depth > 0 && *at != '\0');

  return at;
}

const char *
dgw_json_view_get_span (DgwJsonView view,
                        gsize      *length)
{
  const char *start;

  *length = 0;
  if (dgw_json_view_get_kind (view) == DGW_JSON_MISSING)
    return NULL;

  start = find_value (dgw_json_get_text (view.json, NULL), dgw_json_view_get_ordinal (view));
  if (start != NULL)
    *length = (gsize)(find_end (start) - start);

  return start;
}

static gboolean
numbers_equal (DgwJsonView one,
               DgwJsonView other)
{
  if (dgw_json_view_is_integer (one) && dgw_json_view_is_integer (other))
    return dgw_json_view_get_int64 (one, 0) == dgw_json_view_get_int64 (other, 0);
  if (dgw_json_view_get_uint64 (one, 0) != 0 && dgw_json_view_get_uint64 (other, 0) != 0)
    return dgw_json_view_get_uint64 (one, 0) == dgw_json_view_get_uint64 (other, 0);

  return !(dgw_json_view_get_double (one, 0) < dgw_json_view_get_double (other, 0)) &&
         !(dgw_json_view_get_double (one, 0) > dgw_json_view_get_double (other, 0));
}

static gboolean
arrays_equal (DgwJsonView one,
              DgwJsonView other)
{
  DgwJsonIter iter;
  DgwJsonIter other_iter;
  DgwJsonView value;
  DgwJsonView other_value;

  if (dgw_json_view_get_length (one) != dgw_json_view_get_length (other))
    return FALSE;

  dgw_json_iter_init (&iter, one);
  dgw_json_iter_init (&other_iter, other);
  while (dgw_json_iter_next (&iter, NULL, &value) && dgw_json_iter_next (&other_iter, NULL, &other_value))
    if (!dgw_json_view_equal (value, other_value))
      return FALSE;

  return TRUE;
}

/* Of a key that comes twice the first counts. */
static gboolean
has_members_of (DgwJsonView view,
                DgwJsonView other)
{
  DgwJsonIter iter;
  DgwJsonView value;
  const char *name;

  dgw_json_iter_init (&iter, other);
  while (dgw_json_iter_next (&iter, &name, &value))
    if (dgw_json_view_get_member (other, name).value == value.value &&
        !dgw_json_view_equal (value, dgw_json_view_get_member (view, name)))
      return FALSE;

  return TRUE;
}

static gboolean
has_names_of (DgwJsonView view,
              DgwJsonView other)
{
  DgwJsonIter iter;
  DgwJsonView value;
  const char *name;

  dgw_json_iter_init (&iter, other);
  while (dgw_json_iter_next (&iter, &name, &value))
    if (dgw_json_view_get_member (view, name).value == NULL)
      return FALSE;

  return TRUE;
}

/* The parse has bounded the depth. */
gboolean
dgw_json_view_equal (DgwJsonView one,
                     DgwJsonView other)
{
  const DgwJsonKind kind = dgw_json_view_get_kind (one);

  if (kind != dgw_json_view_get_kind (other))
    return FALSE;

  switch (kind)
    {
    case DGW_JSON_BOOLEAN:
      return dgw_json_view_get_boolean (one, FALSE) == dgw_json_view_get_boolean (other, FALSE);
    case DGW_JSON_NUMBER:
      return numbers_equal (one, other);
    case DGW_JSON_STRING:
      return strcmp (dgw_json_view_get_string (one), dgw_json_view_get_string (other)) == 0;
    case DGW_JSON_ARRAY:
      return arrays_equal (one, other);
    case DGW_JSON_OBJECT:
      return has_members_of (other, one) && has_names_of (one, other);
    case DGW_JSON_NULL:
    case DGW_JSON_MISSING:
    default:
      return TRUE;
    }
}
