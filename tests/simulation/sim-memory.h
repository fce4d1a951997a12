/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-action-private.h"
#include "sim-session.h"

G_BEGIN_DECLS

typedef enum
{
  SIM_END_RESUME,
  SIM_END_IDENTIFY,
  SIM_END_FATAL,
} SimEndKind;

/* What a client that obeys the rules remembers of its session. */
typedef struct
{
  SimSession *session;  /* NULL: it has to identify */
  gint64      sequence; /* newest delivered; -1: none */
  gboolean    is_outdated;
  gint64      resumed_from;
  guint       n_failed; /* resumes in a row */
  gint64      first_failed_us;
  gint64      bad_at;    /* the sequence at which the last unreadable payload came; -2: none */
  char       *announced; /* the session's id as the engine tells it */
} SimMemory;

void sim_memory_init (SimWatch *watch);
void sim_memory_clear (SimWatch *watch);
void sim_memory_forget (SimWatch *watch); /* the session */
void sim_memory_event (SimWatch        *watch,
                       const DgwAction *action);
void sim_memory_session (SimWatch        *watch,
                         const DgwAction *action);
void sim_memory_resume (SimWatch   *watch,
                        const char *data);
void sim_memory_bad_payload (SimWatch *watch);
void sim_memory_ended (SimWatch  *watch,
                       SimEndKind kind);
void sim_memory_settled (SimWatch *watch);

G_END_DECLS
