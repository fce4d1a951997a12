/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-peer.h"

#include "sim-json.h"
#include "sim-login.h"
#include "sim-requests.h"
#include "sim-server.h"
#include "sim-shard.h"
#include "sim-world.h"

#define LEAST_SECONDS 5

static SimWorld *
get_world (SimPeer *self)
{
  return self->conn->world;
}

void
sim_peer_send (SimPeer    *self,
               const char *text,
               SimMeaning  meaning)
{
  if (self->state != SIM_PEER_OVER)
    sim_pack_send (self->pack, self->conn, text, &meaning);
}

static void
check_beats (gpointer target,
             guint64  serial)
{
  SimPeer *self = target;
  gint64   limit_us = self->interval_us * 3 / 2 + LEAST_SECONDS * SIM_SECOND;

  if (self->state == SIM_PEER_OVER)
    return;

  if (get_world (self)->now_us - self->beat_us >= limit_us)
    sim_peer_close (self, 4000);
  else
    sim_world_at (get_world (self), self->beat_us + limit_us, check_beats, self, 0);
}

static void
say_odd_hello (SimPeer *self)
{
  static const char *const odd[] = {"{\"op\":10}", "{\"op\":10,\"d\":{\"heartbeat_interval\":0}}",
                                    "{\"op\":10,\"d\":{\"heartbeat_interval\":\"41250\"}}",
                                    "{\"op\":10,\"d\":{\"heartbeat_interval\":-5}}",
                                    "{\"op\":10,\"d\":{\"heartbeat_interval\":1e300}}"};

  sim_peer_send (self, odd[sim_rand_below (&get_world (self)->rand, G_N_ELEMENTS (odd))],
                 (SimMeaning){.says = SIM_SAYS_ODD_HELLO});
}

static void
say_hello (gpointer target,
           guint64  serial)
{
  SimPeer         *self = target;
  gint64           interval_us = get_world (self)->server->interval_us;
  g_autofree char *text = NULL;

  if (self->state == SIM_PEER_OVER)
    return;

  if (sim_world_strikes (get_world (self), SIM_FAULT_ODD_HELLO))
    {
      say_odd_hello (self);
      return;
    }

  text = g_strdup_printf ("{\"t\":null,\"s\":null,\"op\":10,\"d\":{\"heartbeat_interval\":%" G_GINT64_FORMAT
                          ",\"_trace\":[\"[\\\"x\\\"]\"]}}",
                          interval_us / SIM_MS);
  self->interval_us = interval_us / SIM_MS * SIM_MS;
  self->beat_us = get_world (self)->now_us;
  sim_peer_send (self, text, (SimMeaning){.says = SIM_SAYS_HELLO, .interval_us = self->interval_us});
  check_beats (self, 0);
}

SimPeer *
sim_peer_new (SimConn *conn)
{
  SimPeer  *self = g_new0 (SimPeer, 1);
  SimWorld *world = conn->world;

  self->conn = conn;
  self->pack = sim_pack_new (conn->shard->options.compression);
  self->arrivals = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->is_deaf = sim_world_strikes (world, SIM_FAULT_NO_ACK);

  if (!sim_world_strikes (world, SIM_FAULT_NO_HELLO))
    sim_world_at (world, world->now_us + sim_rand_scale (&world->rand, SIM_MS, 200 * SIM_MS), say_hello, self,
                  0);
  else if (sim_rand_chance (&world->rand, 0.3))
    sim_world_at (world, world->now_us + sim_rand_scale (&world->rand, SIM_SECOND, 30 * SIM_SECOND),
                  say_hello, self, 0);

  return self;
}

void
sim_peer_free (SimPeer *self)
{
  sim_pack_free (self->pack);
  g_array_unref (self->arrivals);
  g_free (self->presence);
  g_free (self);
}

void
sim_peer_send_event (SimPeer *self,
                     gint64   sequence)
{
  SimSession *session = self->session;
  SimEvent   *event = sim_session_get_event (session, sequence);

  if (self->state != SIM_PEER_LIVE || event == NULL || event->text == NULL)
    return;

  sim_peer_send (
    self, event->text,
    (SimMeaning){.says = SIM_SAYS_EVENT, .session = session, .sequence = sequence, .text = event->text});
}

static void
let_go (SimPeer *self)
{
  if (self->session && self->session->peer == self)
    sim_session_detach (self->session);
  self->state = SIM_PEER_OVER;
}

void
sim_peer_close (SimPeer *self,
                guint    code)
{
  if (self->state == SIM_PEER_OVER)
    return;

  sim_world_note (get_world (self), "shard %u: server closes %u", self->conn->shard->id, code);
  let_go (self);
  sim_conn_close (self->conn, SIM_TO_CLIENT, code);
}

/* The end of what the client says; a code ends the session if it is one of two. */
void
sim_peer_closed (SimPeer *self,
                 guint    code)
{
  if (self->state == SIM_PEER_OVER)
    return;

  if (self->session && (code == 1000 || code == 1001))
    sim_session_end (self->session);
  let_go (self);
  sim_conn_close (self->conn, SIM_TO_CLIENT, code);
}

static void
acknowledge (gpointer target,
             guint64  serial)
{
  sim_peer_send (target, "{\"t\":null,\"s\":null,\"op\":11,\"d\":null}", (SimMeaning){.says = SIM_SAYS_ACK});
}

static void
take_beat (SimPeer *self)
{
  SimWorld *world = get_world (self);

  self->beat_us = world->now_us;
  if (self->is_deaf)
    return;
  if (sim_world_strikes (world, SIM_FAULT_LATE_ACK))
    sim_world_at (world, world->now_us + sim_rand_scale (&world->rand, SIM_SECOND, 3 * self->interval_us),
                  acknowledge, self, 0);
  else
    acknowledge (self, 0);
}

/* Discord's way with those who send too much. The client is not to blame when
 * the network brings together what was sent apart. */
static gboolean
is_too_much (SimPeer *self)
{
  gint64 now_us = get_world (self)->now_us;

  g_array_append_val (self->arrivals, now_us);
  while (now_us - g_array_index (self->arrivals, gint64, 0) > SIM_MINUTE)
    g_array_remove_index (self->arrivals, 0);

  if (self->arrivals->len <= SIM_SEND_LIMIT)
    return FALSE;
  if (self->conn->lanes[SIM_TO_SERVER].most_us - self->conn->lanes[SIM_TO_SERVER].least_us < SIM_SEND_JITTER)
    sim_world_fail (get_world (self), SIM_RULE_SEND_LIMIT, "the server got %u payloads within a minute",
                    self->arrivals->len);

  return TRUE;
}

void
sim_peer_receive (SimPeer    *self,
                  const char *text)
{
  gint64 op = sim_json_int (text, "op", -1);

  if (self->state == SIM_PEER_OVER)
    return;

  if (is_too_much (self))
    sim_peer_close (self, 4008);
  else if (op == 1)
    take_beat (self);
  else if (op == 2)
    sim_login_identify (self, text);
  else if (op == 6)
    sim_login_resume (self, text);
  else
    sim_requests_take (self, (guint)op, text);
}

void
sim_peer_request_beat (SimPeer *self)
{
  if (self->interval_us > 0)
    sim_peer_send (self, "{\"op\":1,\"d\":null}", (SimMeaning){.says = SIM_SAYS_BEAT_REQUEST});
}

void
sim_peer_reconnect (SimPeer *self)
{
  sim_peer_send (self, "{\"op\":7,\"d\":null,\"s\":null,\"t\":null}",
                 (SimMeaning){.says = SIM_SAYS_RECONNECT});
}

void
sim_peer_invalidate (SimPeer *self,
                     gboolean is_resumable)
{
  if (self->session && !is_resumable)
    sim_session_end (self->session);
  sim_peer_send (self, is_resumable ? "{\"op\":9,\"d\":true}" : "{\"op\":9,\"d\":false}",
                 (SimMeaning){.says = SIM_SAYS_INVALID_SESSION, .is_resumable = is_resumable});
}

void
sim_peer_send_odd (SimPeer *self)
{
  static const char *const odd[] = {
    "{\"op\":99,\"d\":1}", "{\"op\":-1}", "{\"d\":{}}", "{\"op\":3,\"d\":{\"x\":[]}}", "{\"op\":\"0\"}",
    "{\"op\":11.5,\"d\":null}", "{}"};

  sim_peer_send (self, odd[sim_rand_below (&get_world (self)->rand, G_N_ELEMENTS (odd))],
                 (SimMeaning){.says = SIM_SAYS_NOTHING});
}
