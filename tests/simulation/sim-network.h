/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-types.h"

G_BEGIN_DECLS

/* What the server says with a message, for whoever has to know what the client
 * should make of it. */
typedef enum
{
  SIM_SAYS_PART,   /* does not complete a payload */
  SIM_SAYS_BROKEN, /* nobody could read it */
  SIM_SAYS_HELLO,
  SIM_SAYS_ODD_HELLO, /* without an interval that makes sense */
  SIM_SAYS_ACK,
  SIM_SAYS_BEAT_REQUEST,
  SIM_SAYS_RECONNECT,
  SIM_SAYS_INVALID_SESSION,
  SIM_SAYS_READY,
  SIM_SAYS_RESUMED,
  SIM_SAYS_EVENT,
  SIM_SAYS_NOTHING, /* to be ignored */
} SimSays;

typedef struct
{
  SimSays     says;
  SimSession *session;  /* of events */
  gint64      sequence; /* of events */
  const char *text;     /* of events */
  gint64      interval_us;
  gboolean    is_resumable;
} SimMeaning;

/* Towards whom. */
typedef enum
{
  SIM_TO_CLIENT,
  SIM_TO_SERVER,
  SIM_N_SIDES,
} SimSide;

typedef struct
{
  gint64     at_us;
  gboolean   is_close; /* with the code; 0: the connection is gone */
  gboolean   is_text;
  guint      code;
  GBytes    *bytes; /* has a NUL past its end; NULL: it is a close */
  SimMeaning meaning;
} SimParcel;

/* One connection, as TCP makes it: what arrives is in order and whole, as far
 * as it arrives at all. */
struct _SimConn
{
  SimWorld *world;
  SimShard *shard;
  SimPeer  *peer; /* NULL: the server has not seen it */
  gint64    delay_us;
  gboolean  is_at_resume_host;
  gboolean  is_refused; /* with this status, unless that is 0 */
  guint     http_status;
  gboolean  is_open; /* as far as the client knows */
  gboolean  is_over; /* for the client: it hears nothing more */
  gboolean  is_over_there;
  struct
  {
    GQueue   parcels; /* of SimParcel */
    gint64   last_us;
    gint64   least_us; /* the shortest and the longest way that a parcel took */
    gint64   most_us;
    gboolean is_blocked;
  } lanes[SIM_N_SIDES];
};

SimConn *sim_conn_new (SimShard   *shard,
                       const char *url);
void     sim_conn_free (SimConn *self);

/* Takes the bytes. */
void sim_conn_send (SimConn   *self,
                    SimSide    side,
                    SimParcel *parcel);
void sim_conn_close (SimConn *self,
                     SimSide  side,
                     guint    code); /* what was sent before still arrives */
/* The client forgets it. */
void sim_conn_drop (SimConn *self);
/* Both sides hear of it, and what was on the way is lost. */
void sim_conn_reset (SimConn *self);
/* Nothing gets through any more, and nobody is told. */
void     sim_conn_block (SimConn *self);
gboolean sim_conn_is_live (SimConn *self);

G_END_DECLS
