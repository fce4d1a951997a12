/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dgw-status.h"

G_BEGIN_DECLS

/* Whether the address may carry the token: wss or https, or a loopback host,
 * or allow_insecure. If not, DGW_GATEWAY_ERROR_FAILED says what is wrong with it. */
gboolean dgw_address_check (const char *address,
                            gboolean    allow_insecure,
                            GError    **error);

/* Whether it is one of this very host. */
gboolean dgw_address_is_loopback (const char *address);

/* The same, and without TLS: the token must not leave the host then. */
gboolean dgw_address_is_plain_loopback (const char *address);

/* The address with v, encoding and compress set once, other parameters kept.
 * NULL when it is none: check first. */
char *dgw_address_build (const char    *address,
                         DgwCompression compression) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
