/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "dgw-player.h"

G_BEGIN_DECLS

struct _DgwPlayer
{
  const DgwTranscript *transcript;
  const char          *line_name; /* for errors */
  guint                line_number;

  DgwEngineOptions options;
  DgwEngine       *engine; /* made at the first line that is no option */
  guint32          seed;
  gint64           now_us;
  gint64           elapsed_us; /* of the last "@ until" */

  gboolean hides_beats; /* heartbeats are not part of this transcript */
  gint64   ack_us;      /* -1: ACKs come from the transcript */
  GQueue   acks;        /* gint64 *: when each is due */

  GQueue     wire;    /* DgwAction *: not yet asserted */
  GPtrArray *signals; /* DgwAction: all since the last line that does something */
  guint      n_skipped;
  GPtrArray *asides; /* the same for what the link does without the wire */
  guint      n_asides_skipped;
  gboolean   connecting;
  gboolean   looking_up;

  GHashTable *commands; /* ids on their way */
  guint       n_actions;
  guint       limit;
  gboolean    interrupted;
  gboolean    nosy;
  GError     *broken; /* what went wrong inside of an action */
};

gboolean dgw_player_fail (DgwPlayer  *self,
                          GError    **error,
                          const char *format,
                          ...) G_GNUC_PRINTF (3, 4);

/* dgw-player.c */
gboolean dgw_player_settle (DgwPlayer *self,
                            GError   **error);
gboolean dgw_player_advance (DgwPlayer *self,
                             gint64     until_us,
                             gboolean   until_wire,
                             GError   **error);
gboolean dgw_player_check_wire_empty (DgwPlayer *self,
                                      GError   **error);
void     dgw_player_forget_signals (DgwPlayer *self);
void     dgw_player_drop_transport (DgwPlayer *self);

/* dgw-player-options.c */
void     dgw_player_init_options (DgwPlayer *self);
gboolean dgw_player_set_option (DgwPlayer  *self,
                                const char *text,
                                GError    **error);
gboolean dgw_player_set_session (DgwPlayer  *self,
                                 const char *text,
                                 GError    **error);

/* dgw-player-inputs.c */
gboolean dgw_player_receive (DgwPlayer  *self,
                             const char *text,
                             GError    **error);
gboolean dgw_player_pass_time (DgwPlayer  *self,
                               const char *text,
                               GError    **error);
gboolean dgw_player_do_peer (DgwPlayer  *self,
                             const char *text,
                             GError    **error);
gboolean dgw_player_do_application (DgwPlayer  *self,
                                    const char *text,
                                    GError    **error);

/* dgw-player-expect.c */
gboolean dgw_player_expect_send (DgwPlayer  *self,
                                 const char *pattern,
                                 GError    **error);
gboolean dgw_player_expect (DgwPlayer  *self,
                            const char *text,
                            GError    **error);

/* dgw-player-signals.c */
gboolean    dgw_player_match_signal (DgwPlayer       *self,
                                     const DgwAction *action,
                                     const char      *name,
                                     const char      *arguments,
                                     GError         **error);
const char *dgw_player_action_name (const DgwAction *action);
char       *dgw_player_describe (const DgwAction *action);

/* dgw-player-log.c */
gboolean dgw_player_log_take_warning (const char *part);
void     dgw_player_log_reset (const char *secret);
/* What makes the log so far unacceptable; NULL when nothing does. */
char *dgw_player_log_find_fault (void);

G_END_DECLS
