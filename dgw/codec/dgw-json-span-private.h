/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-json-private.h"

G_BEGIN_DECLS

/* The text that the value was parsed from, as it was received: start within the
 * document's text and length. NULL for a view that leads nowhere. It is looked
 * for from the start of the text. */
const char *dgw_json_view_get_span (DgwJsonView view,
                                    gsize      *length);

/* Whether two values are the same: members of objects in any order, numbers by
 * value. */
gboolean dgw_json_view_equal (DgwJsonView one,
                              DgwJsonView other);

G_END_DECLS
