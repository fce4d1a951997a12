/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw-testing.h>

#include "worker/dgw-link-private.h"

G_BEGIN_DECLS

/* A link and a simulator for it, both in the default main context. What the
 * link delivers is counted, and kept as lines of text. */
typedef struct
{
  DgwTestingSimulator *simulator;
  DgwLinkOptions       options;
  GMainContext        *context; /* of the application, when it is to be blocked; NULL: the default */
  DgwLink             *link;
  GPtrArray           *lines; /* "status ready", "dispatch READY", "disconnected 4000 will-reconnect" */
  DgwStatus            status;
  DgwResumeState       session;
  GError              *error; /* last-error */
  GError              *failure;
  guint                n_dispatches;
  int                  n_numbers; /* for on_dispatch */
  gint64               sequence;  /* of the last dispatch */
  guint                n_disconnected;
  guint                close_code;
  guint                n_stopped;
  guint                n_acked;
  guint                n_stalled;
  gint64               stalled_us;
  guint64              command_done; /* id */
  int                  free_at;      /* a DgwActionKind in whose handler the link is freed; -1: none */
  guint                peer_code;    /* what the simulator was closed with; 1: nothing yet */
  guint                n_commands;   /* that the simulator got */
  GFunc                on_dispatch;  /* (DgwAction *, LinkRig *) */
} LinkRig;

/* The fixture's functions. The simulator is running, the link is not made. */
void link_rig_set_up (LinkRig      *self,
                      gconstpointer data);
void link_rig_tear_down (LinkRig      *self,
                         gconstpointer data);

/* Makes the link as the options say, and opens it. */
void link_rig_open (LinkRig *self);
/* ... and runs until READY. */
void link_rig_get_ready (LinkRig *self);
/* The simulator with certificate tests/certificates/localhost.pem. */
void link_rig_use_tls (LinkRig *self);
void link_rig_trust_authority (LinkRig *self);

guint link_rig_count_lines (LinkRig    *self,
                            const char *line);
/* Dispatches n events TEST with {"n":0} and so on. */
void link_rig_dispatch (LinkRig *self,
                        guint    n);
/* "n" of a TEST event. */
int link_rig_read_number (DgwAction *action);

#define LINK_RIG_WAIT(condition)             \
  G_STMT_START                               \
  {                                          \
    while (!(condition))                     \
      g_main_context_iteration (NULL, TRUE); \
  }                                          \
  G_STMT_END

/* The application is blocked meanwhile, if it has its own context. */
#define LINK_RIG_WAIT_BLOCKED(condition) LINK_RIG_WAIT (condition)

/* ... and is not. */
#define LINK_RIG_WAIT_BOTH(rig, condition)                \
  G_STMT_START                                            \
  {                                                       \
    while (!(condition))                                  \
      {                                                   \
        g_main_context_iteration (NULL, FALSE);           \
        g_main_context_iteration ((rig)->context, FALSE); \
      }                                                   \
  }                                                       \
  G_STMT_END

G_END_DECLS
