/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In place of g_str_hash() for strings that a peer chose: SipHash-1-3 with a key of this
 * process, so that nobody can find many that fall together. */
guint dgw_str_hash (gconstpointer string);

/* With a key that is given, for tests. */
guint64 dgw_sip_hash (const char   *data,
                      gsize         length,
                      const guint64 key[2]);

G_END_DECLS
