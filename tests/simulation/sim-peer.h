/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-network.h"
#include "sim-pack.h"
#include "sim-session.h"

G_BEGIN_DECLS

/* Discord's, and by how much the network may vary without the client's margin
 * being too small. */
#define SIM_SEND_LIMIT  120
#define SIM_SEND_JITTER (200 * SIM_MS)

typedef enum
{
  SIM_PEER_AWAITS_LOGIN,
  SIM_PEER_LOGS_IN,
  SIM_PEER_LIVE,
  SIM_PEER_OVER,
} SimPeerState;

/* The server's end of one connection. */
struct _SimPeer
{
  SimConn     *conn;
  SimPeerState state;
  gint64       interval_us; /* 0: HELLO was not sent */
  gint64       beat_us;     /* the newest */
  gboolean     is_deaf;     /* acknowledges nothing */
  SimSession  *session;
  GArray      *arrivals; /* of gint64, in the last minute */
  char        *presence; /* of the identify under way; nullable */
  SimPack     *pack;
};

SimPeer *sim_peer_new (SimConn *conn);
void     sim_peer_free (SimPeer *self);

/* From the client. */
void sim_peer_receive (SimPeer    *self,
                       const char *text);
void sim_peer_closed (SimPeer *self,
                      guint    code);

/* To the client. */
void sim_peer_send (SimPeer    *self,
                    const char *text,
                    SimMeaning  meaning);
void sim_peer_send_event (SimPeer *self,
                          gint64   sequence);
void sim_peer_close (SimPeer *self,
                     guint    code);
void sim_peer_request_beat (SimPeer *self);
void sim_peer_reconnect (SimPeer *self);
void sim_peer_invalidate (SimPeer *self,
                          gboolean is_resumable);
void sim_peer_send_odd (SimPeer *self);

G_END_DECLS
