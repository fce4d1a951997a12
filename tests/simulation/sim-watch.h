/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-engine-private.h"
#include "sim-line.h"
#include "sim-memory.h"
#include "sim-network.h"
#include "sim-pace.h"
#include "sim-types.h"

G_BEGIN_DECLS

typedef enum
{
  SIM_INPUT_START,
  SIM_INPUT_STOP,
  SIM_INPUT_OPTIONS,
  SIM_INPUT_COMMAND,
  SIM_INPUT_HOLD,
  SIM_INPUT_RELEASE,
  SIM_INPUT_LOOKED_UP,
  SIM_INPUT_OPENED,
  SIM_INPUT_CONNECT_FAILED,
  SIM_INPUT_MESSAGE,
  SIM_INPUT_CLOSED,
  SIM_INPUT_PERMIT,
  SIM_INPUT_NETWORK,
  SIM_INPUT_WOKE,
  SIM_INPUT_TIMER, /* the engine has not been told yet */
  SIM_INPUT_TICK,
} SimInput;

/* Sees every input and every action of one engine, and knows on its own what
 * the rules make of them. */
struct _SimWatch
{
  SimShard *shard;
  SimWorld *world;

  SimInput   input;
  SimMeaning meaning; /* of MESSAGE */
  guint      code;    /* of CLOSED, or the HTTP status */
  gint64     slept_us;
  gint64     clock_us; /* when the engine last looked at the clock for itself */
  gint64     gap_us;   /* since then */

  DgwStatus status; /* as announced */
  gboolean  is_running;
  gboolean  expects_event;
  gboolean  expects_failed;
  struct
  {
    gboolean is_under_way;
    gboolean ends_session;
    guint    code; /* the peer should see it */
    gint64   due_us;
  } stop;

  SimMemory memory;
  SimLine   line;
  SimPace   pace;
};

SimWatch *sim_watch_new (SimShard *shard);
void      sim_watch_free (SimWatch *self);

/* Before the engine gets it. */
void sim_watch_input (SimWatch *self,
                      SimInput  input);
void sim_watch_stop (SimWatch   *self,
                     DgwStopKind kind,
                     guint       code);
void sim_watch_options (SimWatch *self,
                        gboolean  is_other_session);
void sim_watch_looked_up (SimWatch               *self,
                          const DgwGatewayAnswer *answer, /* nullable */
                          guint                   http_status,
                          gint64                  retry_after_us);
void sim_watch_connect_failed (SimWatch *self,
                               guint     http_status,
                               gint64    retry_after_us);
void sim_watch_message (SimWatch         *self,
                        const SimMeaning *meaning);
void sim_watch_is_read (SimWatch   *self,
                        gboolean    is_read,
                        const char *message);
void sim_watch_closed (SimWatch *self,
                       guint     code);
void sim_watch_network (SimWatch  *self,
                        DgwNetwork network);
void sim_watch_woke (SimWatch *self,
                     gint64    slept_us);
/* What the new process knows of the session. */
void sim_watch_crash (SimWatch       *self,
                      gboolean        has_stored,
                      DgwResumeState *state);

void sim_watch_action (SimWatch        *self,
                       const DgwAction *action);
/* The engine has had its say about the input. */
void sim_watch_settled (SimWatch *self);

gint64   sim_watch_get_now (SimWatch *self);
gboolean sim_watch_is_up_to_date (SimWatch *self);

G_END_DECLS
