/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "dgw-entities-channel.h"

G_BEGIN_DECLS

DGW_AVAILABLE_IN_0_1
gboolean dgw_channel_is_obfuscated (DgwChannel *self);

G_END_DECLS
