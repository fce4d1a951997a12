/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Time, name and one line of what an event says, for people. */
void dgw_cli_summary_append (GString  *line,
                             DgwEvent *event,
                             gboolean  colour);
void dgw_cli_summary_append_lifecycle (GString  *line,
                                       JsonNode *lifecycle,
                                       gboolean  colour);

G_END_DECLS
