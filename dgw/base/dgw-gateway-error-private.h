/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "base/dgw-gateway-error.h"

G_BEGIN_DECLS

/* The error of a connection that the peer closed with code (0 when it was lost without one).
 * reason, the text of the close frame, is only quoted, never read; NULL and "" are the same. */
GError *dgw_gateway_error_for_close (guint code, const char *reason) G_GNUC_WARN_UNUSED_RESULT;

/* Has the error for code 4014 tell which of the intents are privileged; the
 * others stay as they are. */
void dgw_gateway_error_name_intents (GError *error, guint code, guint intents);

/* That of a payload over the limit of max-payload-size, in bytes. */
GError *dgw_gateway_error_for_size (guint64 limit) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
