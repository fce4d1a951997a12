/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>

G_BEGIN_DECLS

/* What the fields of entities have to read as, by json-glib's reading of the same
 * text and the types of the catalogue. The oracle knows nothing of how the
 * library reads: it sees getters, properties and JSON. */

/* A getter and its property. */
typedef struct
{
  const char *owner; /* "User" */
  const char *key;
  const char *property;
  GType (*get_value_type) (void); /* of the property */
  int      missing;               /* 0 or -1 */
  gboolean can_be_wrong;          /* there is a JSON kind that it must not have */
  gboolean is_vital;              /* READY does not come without it */
} Row;

/* How often each row was seen in each state. */
typedef struct
{
  guint fitting;
  guint wrong;
  guint null;
  guint absent;
} Coverage;

typedef struct
{
  const Row  *rows;
  guint       n_rows;
  Coverage   *coverage;
  GHashTable *classes; /* those whose properties were compared with the catalogue */
  const char *what;    /* the payload, for messages */
  const char *guild;   /* of the event; nullable */
  guint64     n_getters;
  guint64     n_properties;
  guint64     n_others;
  guint64     n_left_out; /* json-glib cannot read these */
  guint       n_failures;
} Check;

void     check_init (Check     *self,
                     const Row *rows,
                     guint      n_rows);
void     check_clear (Check *self);
void     check_fail (Check      *self,
                     const char *format,
                     ...) G_GNUC_PRINTF (2, 3);
gboolean check_is_complete (Check *self);
/* The string of a key; nullable. */
const char *check_get_string (JsonObject *json,
                              const char *key);

/* json: NULL when json-glib cannot read the payload; then everything is read and
 * nothing compared. */
typedef void (*CheckFunc) (Check      *check,
                           gpointer    entity,
                           JsonObject *json,
                           guint       depth);
typedef gpointer (*LookupFunc) (gpointer    entity,
                                const char *key);

/* An entity whose fields are being looked at. */
typedef struct
{
  Check      *check;
  gpointer    entity;
  JsonObject *json;
  guint       depth;
} Frame;

gboolean check_entity (Frame     *frame,
                       GType      type,
                       const Row *rows,
                       guint      n_rows);

void check_boolean (Frame     *frame,
                    const Row *row,
                    gboolean   got);
void check_presence (Frame     *frame,
                     const Row *row,
                     gboolean   got);
void check_int (Frame     *frame,
                const Row *row,
                int        got);
void check_int64 (Frame     *frame,
                  const Row *row,
                  gint64     got);
void check_uint (Frame     *frame,
                 const Row *row,
                 guint      got);
void check_uint64 (Frame     *frame,
                   const Row *row,
                   guint64    got);
void check_double (Frame     *frame,
                   const Row *row,
                   double     got);
void check_string (Frame      *frame,
                   const Row  *row,
                   const char *got);
void check_id (Frame      *frame,
               const Row  *row,
               const char *got);
void check_time (Frame     *frame,
                 const Row *row,
                 GDateTime *got);
void check_time_ms (Frame     *frame,
                    const Row *row,
                    GDateTime *got);
void check_strings (Frame             *frame,
                    const Row         *row,
                    const char *const *got);
void check_ints (Frame     *frame,
                 const Row *row,
                 GVariant  *got);
void check_node (Frame     *frame,
                 const Row *row,
                 JsonNode  *got);

void check_object (Frame     *frame,
                   const Row *row,
                   gpointer   got,
                   CheckFunc  func);
void check_list (Frame      *frame,
                 const Row  *row,
                 GListModel *got,
                 GType       item_type,
                 CheckFunc   func);
/* Takes the keys. */
void check_map (Frame      *frame,
                const Row  *row,
                GListModel *got,
                GType       item_type,
                CheckFunc   func,
                char      **keys,
                LookupFunc  lookup);
void check_string_map (Frame     *frame,
                       const Row *row,
                       GVariant  *got,
                       char     **keys,
                       LookupFunc lookup);

G_END_DECLS
