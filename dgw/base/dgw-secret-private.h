/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Overwrites, in a way that no compiler leaves out. data may be NULL. */
void dgw_secret_wipe (gpointer data,
                      gsize    size);

/* Overwrites a string and frees it. NULL is allowed. */
void dgw_secret_free (char *secret);

typedef char DgwSecret;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwSecret, dgw_secret_free)

G_END_DECLS
