/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-types.h"

G_BEGIN_DECLS

typedef struct
{
  char    *text;       /* whole payload; NULL: the number went to a RESUMED, which is not sent again */
  gboolean is_garbled; /* it never arrives as it is */
} SimEvent;

/* A session as the server keeps it. Event n is at index n - 1; READY is the
 * first. */
struct _SimSession
{
  SimServer *server;
  char      *id;
  guint      shard_id;
  GArray    *events;    /* of SimEvent */
  guint      n_trimmed; /* so many of them are not held any more */
  SimPeer   *peer;      /* NULL: nobody is connected */
  gint64     detached_us;
  gboolean   is_over;
  char      *presence; /* newest; nullable */
};

SimSession *sim_session_new (SimServer *server,
                             guint      shard_id);
void        sim_session_free (SimSession *self);
gint64      sim_session_get_newest (SimSession *self);
SimEvent   *sim_session_get_event (SimSession *self,
                                   gint64      sequence);
/* data: JSON text. */
void sim_session_emit (SimSession *self,
                       const char *name,
                       const char *data);
void sim_session_emit_some (SimSession *self); /* any event */
/* A number for a RESUMED, or the newest again where those take none. */
gint64 sim_session_add_resumed (SimSession *self);
void   sim_session_detach (SimSession *self);
void   sim_session_end (SimSession *self);
/* Whether it can be resumed from there. */
gboolean sim_session_holds (SimSession *self,
                            gint64      sequence);

G_END_DECLS
