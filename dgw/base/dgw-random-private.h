/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From the system, not from GLib's generator, which is the program's: one that
 * gives it a fixed seed would have all its copies reconnect in the same moment,
 * and its own numbers would change with what the library takes. */
guint32 dgw_random_number (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
