/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "codec/dgw-json-private.h"

G_BEGIN_DECLS

/* NULL for a view that leads nowhere. Integers above G_MAXINT64 become
 * doubles: a JsonNode holds no others. */
JsonNode *dgw_json_view_dup_node (DgwJsonView view) G_GNUC_WARN_UNUSED_RESULT;

/* Compact text of a node, as it goes over the wire; members in the order
 * they were added; infinity and NaN are null. */
char *dgw_json_node_to_text (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
