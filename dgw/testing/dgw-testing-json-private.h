/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean dgw_testing_json_find (const char *text,
                                const char *path,
                                gsize      *start,
                                gsize      *end);

char *dgw_testing_json_compact (const char *text,
                                gssize      length);

JsonNode *dgw_testing_json_parse (const char *text,
                                  gssize      length,
                                  GError    **error);

char *dgw_testing_json_write (JsonNode *node);

gint64 dgw_testing_json_node_get_int (JsonNode *node,
                                      gint64    fallback);

gboolean dgw_testing_json_get_boolean (JsonObject *object,
                                       const char *name);

gint64 dgw_testing_json_get_int (JsonObject *object,
                                 const char *name,
                                 gint64      fallback);

const char *dgw_testing_json_get_string (JsonObject *object,
                                         const char *name);

JsonObject *dgw_testing_json_get_object (JsonObject *object,
                                         const char *name);

JsonArray *dgw_testing_json_get_array (JsonObject *object,
                                       const char *name);

gboolean dgw_testing_json_matches (JsonNode *pattern,
                                   JsonNode *node);

void dgw_testing_json_append_string (GString    *out,
                                     const char *text);

G_END_DECLS
