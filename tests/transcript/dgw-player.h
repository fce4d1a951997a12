/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "dgw-transcript.h"
#include "engine/dgw-engine-private.h"

G_BEGIN_DECLS

/* Plays a transcript through an engine of its own, with a clock of its own. */
typedef struct _DgwPlayer DgwPlayer;

DgwPlayer *dgw_player_new (const DgwTranscript *transcript,
                           guint32              seed) G_GNUC_WARN_UNUSED_RESULT;
void       dgw_player_free (DgwPlayer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwPlayer, dgw_player_free)

/* To hear what the engine logs; once for the program. */
void dgw_player_listen_to_logs (void);

/* At each action, ask the engine for everything and tell it what it has to
 * take without effect. */
void dgw_player_set_nosy (DgwPlayer *self);
/* Stop playing right after that many actions were taken. */
void dgw_player_set_limit (DgwPlayer *self,
                           guint      n_actions);

gboolean dgw_player_play (DgwPlayer *self,
                          GError   **error);
guint    dgw_player_get_n_actions (DgwPlayer *self);

/* After a play that the limit cut short: stops the engine and sees that it
 * keeps to it, and that it can be started again. */
gboolean dgw_player_stop (DgwPlayer  *self,
                          DgwStopKind kind,
                          GError    **error);

G_END_DECLS
