/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One immutable payload: its text as received and, once somebody asks, the
 * tree parsed from it. Reference counting and the parse on demand are safe
 * from any thread. */
typedef struct _DgwJson DgwJson;

/* The text has a NUL past its end. */
DgwJson *dgw_json_new (GBytes *text) G_GNUC_WARN_UNUSED_RESULT;
DgwJson *dgw_json_new_copy (const char *text,
                            gsize       length) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the text, of g_malloc() and one byte longer: there the NUL is put. */
DgwJson *dgw_json_new_take (char *text,
                            gsize length) G_GNUC_WARN_UNUSED_RESULT;
DgwJson *dgw_json_ref (DgwJson *self);
void     dgw_json_unref (DgwJson *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwJson, dgw_json_unref)

/* The text with a NUL past its end. */
const char *dgw_json_get_text (DgwJson *self,
                               gsize   *length);
gsize       dgw_json_get_size (DgwJson *self);

/* Keeps a copy of the event's name as long as the document lives; the first
 * name stays. */
const char *dgw_json_keep_name (DgwJson    *self,
                                const char *name,
                                gsize       length);

/* Parses now if that has not happened; FALSE with an error (domain
 * DGW_GATEWAY_ERROR, PROTOCOL) when the text is no JSON, each time anew. */
gboolean dgw_json_parse (DgwJson *self,
                         GError **error);

/* A cursor: valid while its document is. A view that leads nowhere (missing
 * key, wrong type on the way, unparsable text) has kind MISSING, and every
 * getter takes it and answers with its fallback. */
typedef struct
{
  DgwJson *json;
  gpointer value;
} DgwJsonView;

typedef enum
{
  DGW_JSON_MISSING,
  DGW_JSON_NULL,
  DGW_JSON_BOOLEAN,
  DGW_JSON_NUMBER,
  DGW_JSON_STRING,
  DGW_JSON_ARRAY,
  DGW_JSON_OBJECT,
} DgwJsonKind;

DgwJsonView dgw_json_get_root (DgwJson *self);
/* The value of the payload's "d". */
DgwJsonView dgw_json_get_data (DgwJson *self);

DgwJsonKind dgw_json_view_get_kind (DgwJsonView view);
DgwJsonView dgw_json_view_get_member (DgwJsonView view,
                                      const char *name);
/* How many values and keys stand before it in the text. */
gsize       dgw_json_view_get_ordinal (DgwJsonView view);
guint       dgw_json_view_get_length (DgwJsonView view);
DgwJsonView dgw_json_view_get_element (DgwJsonView view,
                                       guint       index);
/* Strings hold no NUL: U+0000 and lone surrogates read as U+FFFD. Numbers that
 * are integers but written with a fraction or an exponent read as integers as
 * long as a double holds them exactly; doubles past the range as the largest. */
const char *dgw_json_view_get_string (DgwJsonView view);
/* Whether a number is written as an integer and fits a gint64. */
gboolean dgw_json_view_is_integer (DgwJsonView view);
gint64   dgw_json_view_get_int64 (DgwJsonView view,
                                  gint64      fallback);
guint64  dgw_json_view_get_uint64 (DgwJsonView view,
                                   guint64     fallback);
double   dgw_json_view_get_double (DgwJsonView view,
                                   double      fallback);
gboolean dgw_json_view_get_boolean (DgwJsonView view,
                                    gboolean    fallback);

/* Walks the members of an object or the elements of an array (name: NULL). */
typedef struct
{
  DgwJsonView container;
  gpointer    next;
  guint       left;
} DgwJsonIter;

void     dgw_json_iter_init (DgwJsonIter *iter,
                             DgwJsonView  container);
gboolean dgw_json_iter_next (DgwJsonIter *iter,
                             const char **name,
                             DgwJsonView *value);

G_END_DECLS
