/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-json-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <yyjson.h>

#include "base/dgw-gateway-error.h"

#define MAX_DEPTH 512

/* Doubles hold every integer up to here. */
#define MAX_EXACT_INTEGER 9007199254740992.0

/* Numbers that no C type holds stay text: they are valid JSON. */
#define READ_FLAGS YYJSON_READ_BIGNUM_AS_RAW

struct _DgwJson
{
  int            ref_count; /* atomic, by the macros, which ThreadSanitizer sees */
  const char    *text;
  gsize          length;
  GDestroyNotify free_owner; /* NULL: the text is copy */
  gpointer       owner;      /* of the text */
  gpointer       tree;       /* atomic; yyjson_doc, &unreadable, or NULL: not parsed yet */
  gpointer       name;       /* atomic */
  char           copy[];
};

/* Stands for the tree of a text that is no JSON. */
static char unreadable;

/* room: for the copy. */
static DgwJson *
json_alloc (gsize room)
{
  DgwJson *self = g_malloc (sizeof (DgwJson) + room);

  *self = (DgwJson){0};
  self->ref_count = 1;

  return self;
}

DgwJson *
dgw_json_new (GBytes *text)
{
  DgwJson *self = json_alloc (0);

  self->text = g_bytes_get_data (text, &self->length);
  if (self->text == NULL)
    self->text = "";
  self->free_owner = (GDestroyNotify)g_bytes_unref;
  self->owner = g_bytes_ref (text);

  return self;
}

/* Most payloads are small and come and go by the thousand: one block of memory
 * for all of it. */
DgwJson *
dgw_json_new_copy (const char *text,
                   gsize       length)
{
  DgwJson *self = json_alloc (length + 1);

  if (length > 0)
    memcpy (self->copy, text, length);
  self->copy[length] = '\0';
  self->text = self->copy;
  self->length = length;

  return self;
}

DgwJson *
dgw_json_new_take (char *text,
                   gsize length)
{
  DgwJson *self = json_alloc (0);

  text[length] = '\0';
  self->text = text;
  self->length = length;
  self->free_owner = g_free;
  self->owner = text;

  return self;
}

DgwJson *
dgw_json_ref (DgwJson *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

static void
free_tree (gpointer tree)
{
  if (tree != &unreadable)
    yyjson_doc_free (tree);
}

void
dgw_json_unref (DgwJson *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  free_tree (self->tree);
  g_free (self->name);
  if (self->free_owner != NULL)
    self->free_owner (self->owner);
  g_free (self);
}

const char *
dgw_json_get_text (DgwJson *self,
                   gsize   *length)
{
  if (length != NULL)
    *length = self->length;

  return self->text;
}

gsize
dgw_json_get_size (DgwJson *self)
{
  return self->length;
}

const char *
dgw_json_keep_name (DgwJson    *self,
                    const char *name,
                    gsize       length)
{
  if (g_atomic_pointer_get (&self->name) == NULL)
    {
      char *copy = g_strndup (name, length);

      if (!g_atomic_pointer_compare_and_exchange (&self->name, NULL, copy))
        g_free (copy);
    }

  return g_atomic_pointer_get (&self->name);
}

/* The four hexadecimal digits after "\u", or -1. */
static int
read_code_unit (const char *escape,
                const char *end)
{
  int unit = 0;

  if (end - escape < 6 || escape[0] != '\\' || escape[1] != 'u')
    return -1;

  for (guint i = 2; i < 6; i++)
    {
      int digit = g_ascii_xdigit_value (escape[i]);

      if (digit < 0)
        return -1;
      unit = unit << 4 | digit;
    }

  return unit;
}

/* The next escape that no C string can hold: U+0000 or half of a surrogate
 * pair. */
static const char *
find_odd_escape (const char *text,
                 const char *end)
{
  while ((text = memchr (text, '\\', (gsize)(end - text))) != NULL)
    {
      int unit = read_code_unit (text, end);

      if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
        return text;

      if (unit >= 0xd800 && unit <= 0xdbff)
        {
          int low = read_code_unit (text + 6, end);

          if (low < 0xdc00 || low > 0xdfff)
            return text;
          text += 6;
        }

      text = MIN (text + (unit >= 0 ? 6 : 2), end);
    }

  return NULL;
}

/* NULL when the text needs no other one to be parsed from; otherwise a copy in
 * which the odd escapes are such of U+FFFD. */
static char *
replace_odd_escapes (const char *text,
                     gsize       length)
{
  const char *end = text + length;
  char       *copy = NULL;

  for (const char *odd = find_odd_escape (text, end); odd != NULL; odd = find_odd_escape (odd + 6, end))
    {
      if (copy == NULL)
        copy = g_memdup2 (text, length);
      memcpy (copy + (odd - text), "\\ufffd", 6);
    }

  return copy;
}

/* The values of a tree lie one behind the other, as in the text, so that a
 * walk needs the ends of the open containers only. It steps over whatever has
 * too few values to get too deep, which is nearly everything. */
static gboolean
is_too_deep (yyjson_doc *document)
{
  yyjson_val *value = yyjson_doc_get_root (document);
  yyjson_val *end = unsafe_yyjson_get_next (value);
  yyjson_val *ends[MAX_DEPTH];
  guint       depth = 0;

  while (value < end)
    {
      yyjson_val *next = unsafe_yyjson_get_next (value);

      while (depth > 0 && value >= ends[depth - 1])
        depth--;

      if (next - value <= (gssize)(MAX_DEPTH - depth) || !unsafe_yyjson_is_ctn (value))
        {
          value = next;
          continue;
        }

      if (depth == MAX_DEPTH)
        return TRUE;
      ends[depth++] = next;
      value++;
    }

  return FALSE;
}

static yyjson_doc *
parse_text (const char *text,
            gsize       length,
            GError    **error)
{
  g_autofree char *copy = replace_odd_escapes (text, length);
  yyjson_read_err  read_error = {0};
  yyjson_doc      *document;

  document = yyjson_read_opts (copy != NULL ? copy : (char *)text, length, READ_FLAGS, NULL, &read_error);
  if (document == NULL)
    {
      g_set_error (error,
                   DGW_GATEWAY_ERROR,
                   DGW_GATEWAY_ERROR_PROTOCOL,
                   _ ("A payload is no JSON: %s at byte %zu"),
                   read_error.msg != NULL ? read_error.msg : "?",
                   read_error.pos);

      return NULL;
    }

  if (is_too_deep (document))
    {
      g_set_error (error,
                   DGW_GATEWAY_ERROR,
                   DGW_GATEWAY_ERROR_PROTOCOL,
                   _ ("A payload nests more than %d levels deep"),
                   MAX_DEPTH);
      yyjson_doc_free (document);

      return NULL;
    }

  return document;
}

static yyjson_doc *
ensure_tree (DgwJson *self)
{
  gpointer tree = g_atomic_pointer_get (&self->tree);

  if (G_UNLIKELY (tree == NULL))
    {
      gsize       length;
      const char *text = dgw_json_get_text (self, &length);

      tree = parse_text (text, length, NULL);
      if (tree == NULL)
        tree = &unreadable;
      if (!g_atomic_pointer_compare_and_exchange (&self->tree, NULL, tree))
        {
          free_tree (tree);
          tree = g_atomic_pointer_get (&self->tree);
        }
    }

  return tree != &unreadable ? tree : NULL;
}

gboolean
dgw_json_parse (DgwJson *self,
                GError **error)
{
  gsize       length;
  const char *text;

  if (ensure_tree (self) != NULL)
    return TRUE;

  /* The reason is not kept: hardly anybody asks, and asking again tells it. */
  text = dgw_json_get_text (self, &length);
  if (error != NULL)
    yyjson_doc_free (parse_text (text, length, error));

  return FALSE;
}

DgwJsonView
dgw_json_get_root (DgwJson *self)
{
  return (DgwJsonView){self, yyjson_doc_get_root (ensure_tree (self))};
}

DgwJsonView
dgw_json_get_data (DgwJson *self)
{
  return dgw_json_view_get_member (dgw_json_get_root (self), "d");
}

DgwJsonKind
dgw_json_view_get_kind (DgwJsonView view)
{
  switch (yyjson_get_type (view.value))
    {
    case YYJSON_TYPE_NULL:
      return DGW_JSON_NULL;
    case YYJSON_TYPE_BOOL:
      return DGW_JSON_BOOLEAN;
    case YYJSON_TYPE_RAW:
    case YYJSON_TYPE_NUM:
      return DGW_JSON_NUMBER;
    case YYJSON_TYPE_STR:
      return DGW_JSON_STRING;
    case YYJSON_TYPE_ARR:
      return DGW_JSON_ARRAY;
    case YYJSON_TYPE_OBJ:
      return DGW_JSON_OBJECT;
    default:
      return DGW_JSON_MISSING;
    }
}

DgwJsonView
dgw_json_view_get_member (DgwJsonView view,
                          const char *name)
{
  return (DgwJsonView){view.json, yyjson_obj_get (view.value, name)};
}

gsize
dgw_json_view_get_ordinal (DgwJsonView view)
{
  yyjson_val *value = view.value;

  return value != NULL ? (gsize)(value - yyjson_doc_get_root (ensure_tree (view.json))) : 0;
}

guint
dgw_json_view_get_length (DgwJsonView view)
{
  return yyjson_is_ctn (view.value) ? (guint)unsafe_yyjson_get_len (view.value) : 0;
}

DgwJsonView
dgw_json_view_get_element (DgwJsonView view,
                           guint       index)
{
  return (DgwJsonView){view.json, yyjson_arr_get (view.value, index)};
}

const char *
dgw_json_view_get_string (DgwJsonView view)
{
  return yyjson_get_str (view.value);
}

gboolean
dgw_json_view_is_integer (DgwJsonView view)
{
  if (yyjson_is_uint (view.value))
    return unsafe_yyjson_get_uint (view.value) <= G_MAXINT64;

  return yyjson_is_sint (view.value);
}

gint64
dgw_json_view_get_int64 (DgwJsonView view,
                         gint64      fallback)
{
  double real;

  if (yyjson_is_sint (view.value))
    return unsafe_yyjson_get_sint (view.value);
  if (yyjson_is_uint (view.value))
    {
      guint64 number = unsafe_yyjson_get_uint (view.value);

      return number <= G_MAXINT64 ? (gint64)number : fallback;
    }

  real = yyjson_get_real (view.value);
  if (yyjson_is_real (view.value) && fabs (real) <= MAX_EXACT_INTEGER && real == trunc (real))
    return (gint64)real;

  return fallback;
}

guint64
dgw_json_view_get_uint64 (DgwJsonView view,
                          guint64     fallback)
{
  gint64 number;

  if (yyjson_is_uint (view.value))
    return unsafe_yyjson_get_uint (view.value);

  number = dgw_json_view_get_int64 (view, -1);

  return number >= 0 ? (guint64)number : fallback;
}

double
dgw_json_view_get_double (DgwJsonView view,
                          double      fallback)
{
  if (yyjson_is_num (view.value))
    return unsafe_yyjson_get_num (view.value);

  if (yyjson_is_raw (view.value))
    {
      g_autofree char *digits = g_strndup (unsafe_yyjson_get_raw (view.value),
                                           unsafe_yyjson_get_len (view.value));

      return CLAMP (g_ascii_strtod (digits, NULL), -G_MAXDOUBLE, G_MAXDOUBLE);
    }

  return fallback;
}

gboolean
dgw_json_view_get_boolean (DgwJsonView view,
                           gboolean    fallback)
{
  return yyjson_is_bool (view.value) ? unsafe_yyjson_get_bool (view.value) : fallback;
}

void
dgw_json_iter_init (DgwJsonIter *iter,
                    DgwJsonView  container)
{
  iter->container = container;
  iter->left = dgw_json_view_get_length (container);
  iter->next = iter->left > 0 ? unsafe_yyjson_get_first (container.value) : NULL;
}

gboolean
dgw_json_iter_next (DgwJsonIter *iter,
                    const char **name,
                    DgwJsonView *value)
{
  yyjson_val *next = iter->next;
  const char *key = NULL;

  if (iter->left == 0)
    return FALSE;

  if (yyjson_is_obj (iter->container.value))
    key = unsafe_yyjson_get_str (next++);

  if (name != NULL)
    *name = key;
  *value = (DgwJsonView){iter->container.json, next};
  iter->next = unsafe_yyjson_get_next (next);
  iter->left--;

  return TRUE;
}
