/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The model's own reader of JSON, so that a mistake of the library's parser or
 * writer does not cancel out. A value is a place in the text. */
gboolean sim_json_is_valid (const char *text);
/* NULL: there is no such member. */
const char *sim_json_member (const char *object,
                             const char *name);
/* fallback: missing, or no integer. */
gint64 sim_json_int (const char *object,
                     const char *name,
                     gint64      fallback);
/* Of a string without escapes; NULL: missing, or no string. */
char    *sim_json_dup_string (const char *object,
                              const char *name) G_GNUC_WARN_UNUSED_RESULT;
gboolean sim_json_is_null (const char *object,
                           const char *name);
/* The text of the member's value; NULL: missing. */
char *sim_json_dup_value (const char *object,
                          const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
