/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>

G_BEGIN_DECLS

/* The gateway's end of a compression: turns texts into messages. */
typedef struct _Deflater Deflater;

Deflater *deflater_new (DgwCompression compression) G_GNUC_WARN_UNUSED_RESULT;
void      deflater_free (Deflater *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deflater, deflater_free)

GBytes *deflater_push (Deflater   *self,
                       const char *text,
                       gsize       length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
