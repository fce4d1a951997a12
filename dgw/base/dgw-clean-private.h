/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A copy of what a peer may have written, fit for a line of a log or a terminal: valid
 * UTF-8 without secret and without anything that looks like a token, in which nothing
 * moves the cursor, breaks the line or turns the direction of writing. NULL gives NULL;
 * secret may be NULL. */
char *dgw_clean_text (const char *text, const char *secret) G_GNUC_WARN_UNUSED_RESULT;

/* The same for an error's message. */
GError *dgw_clean_error (const GError *error, const char *secret) G_GNUC_WARN_UNUSED_RESULT;

/* Whether text, which may be NULL, has the secret in it, which may be NULL or empty. */
gboolean dgw_has_secret (const char *text, const char *secret);

G_END_DECLS
