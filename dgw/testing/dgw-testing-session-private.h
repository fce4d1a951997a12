/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "testing/dgw-testing-event-private.h"
#include "testing/dgw-testing-traffic-private.h"

G_BEGIN_DECLS

typedef struct _DgwTestingSession DgwTestingSession;

DgwTestingSession *dgw_testing_session_new (const char *id,
                                            guint       shard_id,
                                            guint       shard_count) G_GNUC_WARN_UNUSED_RESULT;
DgwTestingSession *dgw_testing_session_ref (DgwTestingSession *session);
void               dgw_testing_session_unref (DgwTestingSession *session);

const char *dgw_testing_session_get_id (DgwTestingSession *session);
guint       dgw_testing_session_get_shard_id (DgwTestingSession *session);
guint       dgw_testing_session_get_shard_count (DgwTestingSession *session);
gint64      dgw_testing_session_get_sequence (DgwTestingSession *session);
gsize       dgw_testing_session_get_unsent (DgwTestingSession *session);

void     dgw_testing_session_set_traffic (DgwTestingSession *session,
                                          DgwTestingTraffic *traffic);
gboolean dgw_testing_session_has_traffic_left (DgwTestingSession *session);
gboolean dgw_testing_session_generate (DgwTestingSession *session);
void     dgw_testing_session_generate_due (DgwTestingSession *session,
                                           guint              limit);

void dgw_testing_session_append (DgwTestingSession *session,
                                 DgwTestingEvent   *event);
void dgw_testing_session_trim (DgwTestingSession *session,
                               guint              limit);

gboolean dgw_testing_session_can_replay (DgwTestingSession *session,
                                         gint64             sequence);
void     dgw_testing_session_rewind (DgwTestingSession *session,
                                     gint64             sequence);
gboolean dgw_testing_session_render_next (DgwTestingSession *session,
                                          GString           *out);

gpointer dgw_testing_session_get_peer (DgwTestingSession *session);
void     dgw_testing_session_set_peer (DgwTestingSession *session,
                                       gpointer           peer);
gboolean dgw_testing_session_is_expired (DgwTestingSession *session,
                                         gint64             timeout_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingSession, dgw_testing_session_unref)

G_END_DECLS
