/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the bytes are valid UTF-8 without a NUL: what g_utf8_validate_len()
 * answers, at a fraction of its cost for payloads, which are mostly ASCII. */
gboolean dgw_utf8_is_valid (const char *text,
                            gsize       length);

G_END_DECLS
