/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-json-private.h"
#include "values/dgw-event.h"

G_BEGIN_DECLS

/* Takes json; name is static or owned by json. */
DgwEvent *dgw_event_new (DgwJson    *json,
                         const char *name,
                         guint       event_type,
                         gint64      sequence,
                         guint       shard_id,
                         gint64      received_us) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
