/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SimWorld       SimWorld;
typedef struct _SimServer      SimServer;
typedef struct _SimSession     SimSession;
typedef struct _SimPeer        SimPeer;
typedef struct _SimConn        SimConn;
typedef struct _SimShard       SimShard;
typedef struct _SimLimiter     SimLimiter;
typedef struct _SimWatch       SimWatch;
typedef struct _SimCommands    SimCommands;
typedef struct _SimApplication SimApplication;

#define SIM_MS     ((gint64)1000)
#define SIM_SECOND ((gint64)1000000)
#define SIM_MINUTE (60 * SIM_SECOND)
#define SIM_DAY    (24 * 60 * SIM_MINUTE)
#define SIM_NEVER  G_MAXINT64

#define SIM_TOKEN       "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
#define SIM_MAIN_HOST   "gateway.sim.test"
#define SIM_RESUME_HOST "resume.sim.test"
#define SIM_MAIN_URL    "wss://" SIM_MAIN_HOST
#define SIM_RESUME_URL  "wss://" SIM_RESUME_HOST

G_END_DECLS
