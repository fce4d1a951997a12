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

/* The typed data of a payload; NULL when the type has no class, or the data is no
 * object. */
DgwEntity *dgw_event_make_data (DgwJson *json,
                                guint    event_type) G_GNUC_WARN_UNUSED_RESULT;

/* Making and disposing of an object costs more than all else that is done for
 * an event in the application's thread, and most handlers keep no event. So one
 * that nobody else knows is emptied, for new contents: only the caller has a
 * reference, and nothing is attached, where weak references and the wrappers of
 * bindings would be seen. FALSE: it is as it was. */
gboolean dgw_event_reclaim (DgwEvent *self);
/* Fills an event that was reclaimed. Takes json, as dgw_event_new() does. */
void dgw_event_renew (DgwEvent   *self,
                      DgwJson    *json,
                      const char *name,
                      guint       event_type,
                      gint64      sequence,
                      guint       shard_id,
                      gint64      received_us);

G_END_DECLS
