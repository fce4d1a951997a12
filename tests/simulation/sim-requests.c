/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-requests.h"

#include "sim-json.h"
#include "sim-server.h"
#include "sim-world.h"

#define MOST_CHUNKS 4

static void
answer_members (SimPeer    *peer,
                const char *data)
{
  SimWorld        *world = peer->conn->world;
  g_autofree char *guild_id = sim_json_dup_string (data, "guild_id");
  g_autofree char *nonce = sim_json_dup_string (data, "nonce");
  guint            n_chunks = 1 + sim_rand_below (&world->rand, MOST_CHUNKS);
  guint            first = sim_rand_below (&world->rand, n_chunks);

  for (guint i = 0; i < n_chunks; i++)
    {
      g_autofree char *chunk = g_strdup_printf (
        "{\"guild_id\":\"%s\",\"members\":[],\"chunk_index\":%u,\"chunk_count\":%u,\"nonce\":\"%s\"}",
        guild_id, (first + i) % n_chunks, n_chunks, nonce);

      if (!sim_world_strikes (world, SIM_FAULT_NO_CHUNKS))
        sim_session_emit (peer->session, "GUILD_MEMBERS_CHUNK", chunk);
    }
}

static void
answer_sounds (SimPeer    *peer,
               const char *data)
{
  g_autofree char *guild_ids = sim_json_dup_value (data, "guild_ids");
  g_auto (GStrv) parts = g_strsplit (guild_ids, "\"", -1);

  for (guint i = 1; parts[i] != NULL && parts[i + 1] != NULL; i += 2)
    {
      g_autofree char *sounds = g_strdup_printf ("{\"guild_id\":\"%s\",\"soundboard_sounds\":[]}", parts[i]);

      if (!sim_world_strikes (peer->conn->world, SIM_FAULT_NO_CHUNKS))
        sim_session_emit (peer->session, "SOUNDBOARD_SOUNDS", sounds);
    }
}

static void
answer_channels (SimPeer    *peer,
                 const char *data)
{
  g_autofree char *guild_id = sim_json_dup_string (data, "guild_id");
  g_autofree char *info = g_strdup_printf ("{\"guild_id\":\"%s\",\"channels\":[]}", guild_id);

  if (!sim_world_strikes (peer->conn->world, SIM_FAULT_NO_CHUNKS))
    sim_session_emit (peer->session, "CHANNEL_INFO", info);
}

static void
refuse (SimPeer    *peer,
        guint       opcode,
        const char *data)
{
  SimWorld        *world = peer->conn->world;
  gint64           retry_after_ms = sim_rand_scale (&world->rand, 100, 20000);
  g_autofree char *guild_id = sim_json_dup_string (data, "guild_id");
  g_autofree char *nonce = sim_json_dup_string (data, "nonce");
  g_autofree char *meta = opcode == 8
                            ? g_strdup_printf ("{\"guild_id\":\"%s\",\"nonce\":\"%s\"}", guild_id, nonce)
                            : g_strdup ("{}");
  g_autofree char *refusal =
    g_strdup_printf ("{\"opcode\":%u,\"retry_after\":%" G_GINT64_FORMAT ".%03u,\"meta\":%s}", opcode,
                     retry_after_ms / 1000, (guint)(retry_after_ms % 1000), meta);

  sim_session_emit (peer->session, "RATE_LIMITED", refusal);
}

static void
answer (SimPeer    *peer,
        guint       opcode,
        const char *data)
{
  if (sim_world_strikes (peer->conn->world, SIM_FAULT_RATE_LIMITED))
    refuse (peer, opcode, data);
  else if (opcode == 8)
    answer_members (peer, data);
  else if (opcode == 31)
    answer_sounds (peer, data);
  else
    answer_channels (peer, data);
}

void
sim_requests_take (SimPeer    *peer,
                   guint       opcode,
                   const char *text)
{
  SimWorld   *world = peer->conn->world;
  const char *data = sim_json_member (text, "d");

  /* Nothing but a login says who it is that asks. */
  if (peer->state != SIM_PEER_LIVE)
    {
      sim_world_fail (world, SIM_RULE_BEFORE_READY, "opcode %u before the server had said READY or RESUMED",
                      opcode);
      return;
    }

  switch (opcode)
    {
    case 3:
      g_free (peer->session->presence);
      peer->session->presence = sim_json_dup_value (text, "d");
      break;
    case 4:
      break;
    case 8:
    case 31:
    case 43:
      answer (peer, opcode, data);
      break;
    default:
      sim_world_fail (world, SIM_RULE_PAYLOAD, "opcode %u is not one of a client", opcode);
      break;
    }
}
