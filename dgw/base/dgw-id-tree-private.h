/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes a tree that is keyed by ids which a peer chose, and owns them. Not a hash table:
 * whoever chooses the keys of one could choose many that fall together. */
GTree *dgw_id_tree_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
