/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-storm.h"

#include "sim-application.h"
#include "sim-host.h"
#include "sim-network.h"
#include "sim-peer.h"
#include "sim-server.h"
#include "sim-shard.h"
#include "sim-world.h"

static const guint close_codes[] = {0, 1000, 1001, 1005, 1006, 1011, 1012, 3000, 4000, 4001,
                                    4002, 4003, 4005, 4006, 4007, 4008, 4009, 4999};
static const guint fatal_codes[] = {4004, 4010, 4011, 4012, 4013, 4014};

static SimShard *
choose_shard (SimWorld *world)
{
  return g_ptr_array_index (world->shards, sim_rand_below (&world->rand, world->shards->len));
}

/* NULL: it has none at the moment. */
static SimConn *
choose_conn (SimWorld *world)
{
  SimConn *conn = choose_shard (world)->conn;

  return conn && conn->peer && sim_conn_is_live (conn) ? conn : NULL;
}

static void
close_one (SimWorld    *world,
           SimConn     *conn,
           const guint *codes,
           guint        n_codes)
{
  sim_peer_close (conn->peer, codes[sim_rand_below (&world->rand, n_codes)]);
}

/* FALSE: it is none of the kinds that strike a connection. */
static gboolean
strike_conn (SimWorld *world,
             SimConn  *conn,
             SimFault  fault)
{
  switch ((guint)fault)
    {
    case SIM_FAULT_RESET:
      sim_conn_reset (conn);
      break;
    case SIM_FAULT_HALF_OPEN:
      sim_conn_block (conn);
      break;
    case SIM_FAULT_CLOSE:
      close_one (world, conn, close_codes, G_N_ELEMENTS (close_codes));
      break;
    case SIM_FAULT_FATAL_CLOSE:
      close_one (world, conn, fatal_codes, G_N_ELEMENTS (fatal_codes));
      break;
    case SIM_FAULT_RECONNECT:
      sim_peer_reconnect (conn->peer);
      break;
    case SIM_FAULT_INVALID_SESSION:
      sim_peer_invalidate (conn->peer, sim_rand_chance (&world->rand, 0.5));
      break;
    case SIM_FAULT_BEAT_REQUEST:
      sim_peer_request_beat (conn->peer);
      break;
    case SIM_FAULT_ODD_PAYLOAD:
      sim_peer_send_odd (conn->peer);
      break;
    default:
      return FALSE;
    }

  return TRUE;
}

static void
strike_application (SimWorld       *world,
                    SimApplication *application,
                    SimFault        fault)
{
  if (world->now_us < world->host.away_until_us)
    return;

  if (fault == SIM_FAULT_CRASH)
    sim_application_crash (application);
  else if (fault == SIM_FAULT_SLOW_APPLICATION)
    sim_application_be_slow (application);
  else if (fault == SIM_FAULT_STOP)
    sim_application_stop (application);
  else
    sim_application_change_options (application);
}

static void
strike_world (SimWorld *world,
              SimFault  fault)
{
  switch ((guint)fault)
    {
    case SIM_FAULT_RESTART:
      sim_server_restart (world->server);
      break;
    case SIM_FAULT_HOST_DOWN:
      sim_server_take_host_down (world->server);
      break;
    case SIM_FAULT_SESSION_LOSS:
      sim_server_lose_session (world->server);
      break;
    case SIM_FAULT_SLEEP:
      sim_host_sleep (world);
      break;
    case SIM_FAULT_FREEZE:
      sim_host_freeze (world);
      break;
    case SIM_FAULT_ROUTE:
      sim_host_change_route (world);
      break;
    case SIM_FAULT_OFFLINE:
      sim_host_go_offline (world);
      break;
    default:
      strike_application (world, choose_shard (world)->application, fault);
      break;
    }
}

static void
strike (gpointer target,
        guint64  fault);

static void
schedule (SimWorld *world,
          SimFault  fault)
{
  gint64 at_us = world->now_us + sim_rand_wait (&world->faults.rands[fault], world->faults.means_us[fault]);

  if (at_us < world->well_us)
    sim_world_at (world, at_us, strike, world, fault);
}

static void
strike (gpointer target,
        guint64  fault)
{
  SimWorld *world = target;
  SimConn  *conn = choose_conn (world);

  if (conn || fault > SIM_FAULT_ODD_PAYLOAD)
    {
      sim_world_note (world, "*** %s", sim_fault_get_name ((SimFault)fault));
      world->faults.injected[fault]++;
      if (!strike_conn (world, conn, (SimFault)fault))
        strike_world (world, (SimFault)fault);
    }
  schedule (world, (SimFault)fault);
}

void
sim_storm_begin (SimWorld *world)
{
  for (guint i = SIM_FIRST_TIMED_FAULT; i < SIM_N_FAULTS; i++)
    if (world->faults.rates[i] > 0)
      schedule (world, i);
}
