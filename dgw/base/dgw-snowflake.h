/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

DGW_AVAILABLE_IN_0_1
guint64 dgw_snowflake_to_uint64 (const char *snowflake);

DGW_AVAILABLE_IN_0_1
GDateTime *dgw_snowflake_get_time (const char *snowflake) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
guint dgw_shard_id_for_guild (const char *guild_id, guint shard_count);

G_END_DECLS
