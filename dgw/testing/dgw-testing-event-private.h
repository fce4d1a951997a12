/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DgwTestingEvent DgwTestingEvent;

DgwTestingEvent *dgw_testing_event_new (const char *name,
                                        const char *data) G_GNUC_WARN_UNUSED_RESULT;
DgwTestingEvent *dgw_testing_event_new_payload (const char *text,
                                                GError    **error) G_GNUC_WARN_UNUSED_RESULT;
DgwTestingEvent *dgw_testing_event_new_resumed (void) G_GNUC_WARN_UNUSED_RESULT;
DgwTestingEvent *dgw_testing_event_ref (DgwTestingEvent *event);
void             dgw_testing_event_unref (DgwTestingEvent *event);

gboolean dgw_testing_event_is_replayed (DgwTestingEvent *event);

/* The guild that the event tells as its own; 0 when it tells none. */
guint64 dgw_testing_event_get_guild (DgwTestingEvent *event);

void dgw_testing_event_append (DgwTestingEvent *event,
                               gint64           sequence,
                               GString         *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingEvent, dgw_testing_event_unref)

G_END_DECLS
