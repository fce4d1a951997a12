/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends a string as JSON, quotes included. */
void dgw_json_append_string (GString    *text,
                             const char *string);

/* Appends an array of strings. */
void dgw_json_append_strings (GString           *text,
                              const char *const *strings);

G_END_DECLS
