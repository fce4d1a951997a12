/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A copy of text without token, however it is written (with or without "Bot "), and without
 * anything that looks like a token of Discord. token may be NULL. */
char *dgw_redact (const char *text, const char *token) G_GNUC_WARN_UNUSED_RESULT;

/* The same for several secrets, such as a token and a session id; NULL ends the list. */
char *dgw_redact_all (const char *text, const char *const *secrets) G_GNUC_WARN_UNUSED_RESULT;

/* The token without the "Bot " that it may be given with. */
const char *dgw_token_bare (const char *token);

G_END_DECLS
