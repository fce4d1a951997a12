/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>

#include "codec/dgw-inflater-private.h"

G_BEGIN_DECLS

/* What the tests of the inflater share. */

#define LIMIT (128 * 1024 * 1024)
#define MIB   (1024 * 1024)

extern const DgwCompression binary_compressions[3];

GBytes *inflate_message (DgwInflater *inflater,
                         GBytes      *message,
                         gboolean     is_text) G_GNUC_WARN_UNUSED_RESULT;
GBytes *inflate_part (DgwInflater *inflater,
                      GBytes      *message,
                      gsize        start,
                      gsize        end) G_GNUC_WARN_UNUSED_RESULT;
void    assert_payload (GBytes     *payload,
                        const char *text,
                        gsize       length);
void    assert_inflate_fails (DgwInflater    *inflater,
                              const void     *data,
                              gsize           size,
                              gboolean        is_text,
                              DgwGatewayError code);

/* A payload of about size bytes in many blocks that are hard to compress, with
 * braces all over, so that blocks may well end with one. */
GString *new_large_text (gsize size) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
