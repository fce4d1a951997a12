/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-login.h"

#include "sim-json.h"
#include "sim-server.h"
#include "sim-shard.h"
#include "sim-world.h"

static const guint login_codes[] = {0, 1000, 1001, 1012, 4000, 4001, 4002,
                                    4003, 4005, 4007, 4008, 4009, 4999, 3000};

/* Some other trouble than that with the session; TRUE: it happened. */
static gboolean
has_trouble (SimPeer *peer)
{
  SimWorld *world = peer->conn->world;

  if (sim_world_strikes (world, SIM_FAULT_CLOSED_LOGIN))
    {
      sim_peer_close (peer, login_codes[sim_rand_below (&world->rand, G_N_ELEMENTS (login_codes))]);
      return TRUE;
    }

  return sim_world_strikes (world, SIM_FAULT_NO_READY);
}

static gboolean
is_first_login (SimPeer *peer)
{
  if (peer->state == SIM_PEER_AWAITS_LOGIN)
    return TRUE;

  sim_world_fail (peer->conn->world, SIM_RULE_ONE_LOGIN, "a second login on one connection");
  sim_peer_close (peer, 4005);

  return FALSE;
}

static gboolean
has_token (SimPeer    *peer,
           const char *data)
{
  g_autofree char *token = sim_json_dup_string (data, "token");

  if (g_strcmp0 (token, SIM_TOKEN) == 0)
    return TRUE;

  sim_world_fail (peer->conn->world, SIM_RULE_PAYLOAD, "a login without the token");

  return FALSE;
}

static void
say_ready (gpointer target,
           guint64  serial)
{
  SimPeer         *peer = target;
  SimSession      *session;
  g_autofree char *data = NULL;

  if (peer->state != SIM_PEER_LOGS_IN)
    return;

  session = sim_session_new (peer->conn->world->server, peer->conn->shard->id);
  data = g_strdup_printf (
    "{\"v\":10,\"user\":{\"id\":\"1\"},\"guilds\":[],\"session_id\":\"%s\",\"resume_gateway_url\":\"%s\"}",
    session->id, SIM_RESUME_URL);
  sim_session_emit (session, "READY", data);
  session->presence = g_steal_pointer (&peer->presence);
  session->peer = peer;
  peer->session = session;
  peer->state = SIM_PEER_LIVE;
  sim_peer_send (peer, sim_session_get_event (session, 1)->text,
                 (SimMeaning){.says = SIM_SAYS_READY,
                              .session = session,
                              .sequence = 1,
                              .text = sim_session_get_event (session, 1)->text});
}

/* What every identify has to have, whatever else is in it. */
static void
check_identify (SimPeer    *peer,
                const char *data)
{
  const DgwEngineOptions *options = &peer->conn->shard->options;
  const char             *properties = sim_json_member (data, "properties");
  g_autofree char        *os = sim_json_dup_string (properties, "os");
  g_autofree char        *shard = sim_json_dup_value (data, "shard");
  g_autofree char        *expected = g_strdup_printf ("[%u,%u]", options->shard_id, options->shard_count);

  if (os == NULL || sim_json_member (properties, "browser") == NULL ||
      sim_json_member (properties, "device") == NULL)
    sim_world_fail (peer->conn->world, SIM_RULE_PAYLOAD, "an identify without properties");
  if (shard ? g_strcmp0 (shard, expected) != 0 : options->shard_count > 1)
    sim_world_fail (peer->conn->world, SIM_RULE_PAYLOAD, "shard %s is not %s", shard, expected);
  if ((sim_json_member (data, "compress") != NULL) != (options->compression == DGW_COMPRESSION_ZLIB_PAYLOAD))
    sim_world_fail (peer->conn->world, SIM_RULE_PAYLOAD, "compress is not what it should be");
}

void
sim_login_identify (SimPeer    *peer,
                    const char *text)
{
  SimWorld   *world = peer->conn->world;
  const char *data = sim_json_member (text, "d");
  gboolean    is_granted;

  if (!is_first_login (peer) || !has_token (peer, data))
    return;

  peer->state = SIM_PEER_LOGS_IN;
  world->counts.identifies++;
  check_identify (peer, data);
  is_granted = sim_server_take_identify (world->server, peer->conn->shard->id);
  if (!is_granted || sim_world_strikes (world, SIM_FAULT_REFUSED_IDENTIFY))
    {
      sim_peer_invalidate (peer, sim_rand_chance (&world->rand, 0.1));
      return;
    }

  g_free (peer->presence);
  peer->presence = sim_json_dup_value (data, "presence");
  if (!has_trouble (peer))
    sim_world_at (world, world->now_us + sim_rand_scale (&world->rand, 5 * SIM_MS, 2 * SIM_SECOND), say_ready,
                  peer, 0);
  else if (sim_rand_chance (&world->rand, 0.3))
    sim_world_at (world, world->now_us + sim_rand_scale (&world->rand, SIM_SECOND, 2 * SIM_MINUTE), say_ready,
                  peer, 0);
}

static void
replay (SimPeer *peer,
        gint64   sequence)
{
  SimSession      *session = peer->session;
  g_autofree char *text = NULL;
  gint64           resumed;

  while (++sequence <= session->events->len)
    sim_peer_send_event (peer, sequence);

  resumed = sim_session_add_resumed (session);
  text = g_strdup_printf ("{\"t\":\"RESUMED\",\"s\":%" G_GINT64_FORMAT ",\"op\":0,\"d\":{\"_trace\":[]}}",
                          resumed);
  sim_peer_send (peer, text, (SimMeaning){.says = SIM_SAYS_RESUMED, .session = session, .sequence = resumed});
}

static void
attach (SimPeer    *peer,
        SimSession *session)
{
  if (session->peer)
    sim_peer_close (session->peer, 4000);
  session->peer = peer;
  peer->session = session;
  peer->state = SIM_PEER_LIVE;
}

void
sim_login_resume (SimPeer    *peer,
                  const char *text)
{
  SimWorld        *world = peer->conn->world;
  const char      *data = sim_json_member (text, "d");
  g_autofree char *id = sim_json_dup_string (data, "session_id");
  gint64           sequence = sim_json_int (data, "seq", -1);
  SimSession      *session = sim_server_find_session (world->server, id);

  if (!is_first_login (peer) || !has_token (peer, data))
    return;

  peer->state = SIM_PEER_LOGS_IN;
  world->counts.resumes++;
  if (session == NULL || session->shard_id != peer->conn->shard->id)
    sim_world_fail (world, SIM_RULE_SESSION_KEPT, "a resume of session %s, which there never was", id);
  else if (has_trouble (peer))
    return;
  else if (sim_world_strikes (world, SIM_FAULT_REFUSED_RESUME) || !sim_session_holds (session, sequence))
    sim_peer_invalidate (peer, FALSE);
  else if (sequence > sim_session_get_newest (session) || sequence < 0)
    sim_peer_close (peer, 4007);
  else
    {
      attach (peer, session);
      replay (peer, sequence);
    }
}
