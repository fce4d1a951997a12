/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "worker/dgw-link-private.h"

G_BEGIN_DECLS

/* Stands in for the link, so that a test decides what comes from the worker and
 * when. It notes what it is told, one line for each call, and the test plays the
 * actions. Linked before the library, it takes the place of the real one. */

/* The link that was made last; NULL when it was freed. */
DgwLink              *fake_link_get (void);
const DgwLinkOptions *fake_link_get_options (void);

/* What was called since the last time. */
void  fake_link_assert_calls (const char *expected);
char *fake_link_take_calls (void) G_GNUC_WARN_UNUSED_RESULT;
void  fake_link_forget_calls (void);

/* Ids of commands and presences, in order; they are forgotten. */
guint64 fake_link_take_id (void);

/* Plays one action; what it owns is freed. */
void fake_link_play (DgwAction action);
void fake_link_play_status (DgwStatus status);
void fake_link_play_dispatch (const char  *name,
                              DgwEventType type,
                              gint64       sequence);
/* data: JSON. */
void fake_link_play_data (const char  *name,
                          DgwEventType type,
                          gint64       sequence,
                          const char  *data);
void fake_link_play_session (const char *id,
                             const char *url);
void fake_link_play_done (guint64 id,
                          GError *error);
void fake_link_play_stalled (gint64 duration_us);

void fake_link_set_metrics (const DgwLinkMetrics *metrics);

G_END_DECLS
