/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-shard.h"

#include <string.h>

#include "sim-application.h"
#include "sim-commands.h"
#include "sim-host.h"
#include "sim-limiter.h"
#include "sim-server.h"
#include "sim-watch.h"
#include "sim-world.h"

#define MAX_WAITING      20
#define MAX_PAYLOAD_SIZE (1024 * 1024)

static void
drop (SimShard *self)
{
  if (self->conn)
    sim_conn_drop (self->conn);
  self->conn = NULL;
  g_clear_pointer (&self->inflater, dgw_inflater_free);
  self->is_looking = FALSE;
}

static void
send_text (SimShard *self,
           char     *text)
{
  if (self->conn == NULL || !self->conn->is_open || self->conn->is_over)
    return;

  sim_conn_send (self->conn, SIM_TO_SERVER, &(SimParcel){.bytes = g_bytes_new (text, strlen (text) + 1)});
}

static void
end_permit (SimShard *self,
            gboolean  is_used)
{
  if (self->permit != 0)
    sim_limiter_give_back (self->world->limiter, self, self->permit, is_used);
  self->permit = 0;
}

static void
carry_out (SimShard  *self,
           DgwAction *action)
{
  switch ((guint)action->kind)
    {
    case DGW_ACTION_LOOKUP:
      self->is_looking = TRUE;
      sim_server_look_up (self->world->server, self, ++self->lookup);
      break;
    case DGW_ACTION_CONNECT:
      drop (self);
      self->inflater = dgw_inflater_new (self->options.compression, MAX_PAYLOAD_SIZE);
      self->conn = sim_conn_new (self, action->url);
      break;
    case DGW_ACTION_SEND:
      send_text (self, action->text);
      break;
    case DGW_ACTION_CLOSE:
      if (self->conn && self->conn->is_open && !self->conn->is_over)
        sim_conn_close (self->conn, SIM_TO_SERVER, action->close.code);
      break;
    case DGW_ACTION_DROP:
      drop (self);
      break;
    case DGW_ACTION_WANT_PERMIT:
      self->permit = sim_limiter_acquire (self->world->limiter, self);
      break;
    case DGW_ACTION_END_PERMIT:
      end_permit (self, action->permit.is_used);
      break;
    case DGW_ACTION_DISPATCH:
      self->n_waiting++;
      break;
    default:
      break;
    }
}

static void
take_actions (SimShard *self)
{
  DgwAction action;

  while (dgw_engine_pop_action (self->engine, &action))
    {
      sim_watch_action (self->watch, &action);
      carry_out (self, &action);
      dgw_action_clear (&action);
    }
}

static void
settle (SimShard *self);

static void
due (gpointer target,
     guint64  serial)
{
  SimShard *self = target;

  if (serial != self->timer || sim_host_defers (self->world, due, target, serial))
    return;

  sim_watch_input (self->watch, SIM_INPUT_TIMER);
  settle (self);
}

static void
set_timer (SimShard *self)
{
  gint64 due_us = dgw_engine_get_deadline (self->engine);
  gint64 late_us = 0;

  self->timer++;
  if (due_us == SIM_NEVER)
    return;

  if (sim_world_strikes (self->world, SIM_FAULT_LATE_TIMER))
    late_us = sim_rand_between (&self->world->rand, 0, self->world->lateness_us);
  sim_world_at (self->world, MAX (due_us + self->world->host.slept_us, self->world->now_us) + late_us, due,
                self, self->timer);
}

/* As dgw-pump.c has it, line by line. */
static void
settle (SimShard *self)
{
  gint64 now_us = sim_host_get_now (self->world);

  take_actions (self);
  if (!self->is_held && self->n_waiting > MAX_WAITING)
    {
      self->is_held = TRUE;
      sim_watch_input (self->watch, SIM_INPUT_HOLD);
      dgw_engine_hold (self->engine, now_us);
      take_actions (self);
    }
  if (now_us >= dgw_engine_get_deadline (self->engine))
    {
      sim_watch_input (self->watch, SIM_INPUT_TICK);
      dgw_engine_tick (self->engine, now_us);
      take_actions (self);
    }
  set_timer (self);
  sim_watch_settled (self->watch);
  sim_application_settled (self->application);
}

static void
set_options (SimShard *self,
             guint     n_shards)
{
  static const DgwCompression compressions[] = {DGW_COMPRESSION_NONE, DGW_COMPRESSION_NONE,
                                                DGW_COMPRESSION_NONE, DGW_COMPRESSION_ZLIB_PAYLOAD,
                                                DGW_COMPRESSION_ZLIB_STREAM, DGW_COMPRESSION_ZSTD_STREAM};
  SimRand                    *rand = &self->world->rand;

  self->options = (DgwEngineOptions){
    .token = g_strdup (SIM_TOKEN),
    .intents = 513,
    .shard_id = self->id,
    .shard_count = n_shards,
    .compression = compressions[sim_rand_below (rand, G_N_ELEMENTS (compressions))],
    .url = sim_rand_chance (rand, 0.3) ? g_strdup (SIM_MAIN_URL) : NULL,
    .auto_reconnect = TRUE,
    .use_resume_url = sim_rand_chance (rand, 0.9),
    .large_threshold = 50,
    .os = g_strdup ("linux"),
    .browser = g_strdup ("dgw"),
    .device = g_strdup ("dgw"),
    .connect_timeout_ms = 10000,
    .hello_timeout_ms = 10000,
    .ready_timeout_ms = 30000,
    .resume_timeout_ms = 30000,
    .deaf_timeout_ms = sim_rand_chance (rand, 0.1) ? 60000 : 0,
    .commands_per_minute = 120,
    .reserved_commands = 3,
    .external_permits = self->world->limiter != NULL,
  };
}

SimShard *
sim_shard_new (SimWorld *world,
               guint     id,
               guint     n_shards)
{
  SimShard *self = g_new0 (SimShard, 1);

  self->world = world;
  self->id = id;
  set_options (self, n_shards);
  self->engine = dgw_engine_new (&self->options, (guint32)sim_rand_next (&world->rand));
  self->watch = sim_watch_new (self);
  self->commands = sim_commands_new (self);
  self->application = sim_application_new (self);

  return self;
}

void
sim_shard_free (SimShard *self)
{
  g_clear_pointer (&self->inflater, dgw_inflater_free);
  dgw_engine_free (self->engine);
  dgw_engine_options_clear (&self->options);
  sim_watch_free (self->watch);
  sim_commands_free (self->commands);
  sim_application_free (self->application);
  g_free (self);
}

void
sim_shard_start (SimShard *self)
{
  self->is_held = FALSE;
  sim_watch_input (self->watch, SIM_INPUT_START);
  dgw_engine_start (self->engine, sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_stop (SimShard   *self,
                DgwStopKind kind,
                guint       code)
{
  sim_watch_stop (self->watch, kind, code);
  dgw_engine_stop (self->engine, kind, code, "bye", sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_command (SimShard   *self,
                   guint64     id,
                   guint       opcode,
                   const char *data,
                   gboolean    wants_answer)
{
  gint64 now_us = sim_host_get_now (self->world);

  sim_watch_input (self->watch, SIM_INPUT_COMMAND);
  if (wants_answer)
    dgw_engine_request (self->engine, id, opcode, data, now_us);
  else
    dgw_engine_command (self->engine, id, opcode, data, now_us);
  settle (self);
}

void
sim_shard_set_presence (SimShard   *self,
                        guint64     id,
                        const char *data)
{
  sim_watch_input (self->watch, SIM_INPUT_COMMAND);
  dgw_engine_set_presence (self->engine, id, data, sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_cancel (SimShard *self,
                  guint64   id)
{
  sim_watch_input (self->watch, SIM_INPUT_COMMAND);
  dgw_engine_cancel_command (self->engine, id, sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_set_intents (SimShard *self,
                       guint     intents)
{
  gboolean is_other = self->options.intents != intents;

  self->options.intents = intents;
  sim_watch_options (self->watch, is_other);
  dgw_engine_set_options (self->engine, &self->options);
  settle (self);
}

void
sim_shard_catch_up (SimShard *self)
{
  self->n_waiting = 0;
  if (!self->is_held)
    return;

  self->is_held = FALSE;
  sim_watch_input (self->watch, SIM_INPUT_RELEASE);
  dgw_engine_release (self->engine, sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_crash (SimShard *self,
                 gboolean  has_stored)
{
  DgwResumeState state;

  sim_world_note (self->world, "shard %u: crash, %s", self->id, has_stored ? "stored" : "nothing stored");
  drop (self);
  end_permit (self, FALSE);
  dgw_engine_free (self->engine);
  self->engine = dgw_engine_new (&self->options, (guint32)sim_rand_next (&self->world->rand));
  self->timer++;
  self->n_waiting = 0;
  self->is_held = FALSE;
  sim_watch_crash (self->watch, has_stored, &state);
  sim_commands_crash (self->commands);
  if (has_stored)
    dgw_engine_set_session (self->engine, &state);
  dgw_engine_set_network (self->engine, self->watch->pace.network, FALSE, sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_looked_up (SimShard   *self,
                     guint64     serial,
                     guint       http_status,
                     gint64      retry_after_us,
                     const char *body)
{
  g_auto (DgwGatewayAnswer) answer = {NULL};
  g_autoptr (GBytes) bytes = body ? g_bytes_new (body, strlen (body)) : NULL;
  g_autoptr (GError) error = NULL;
  gint64 now_us = sim_host_get_now (self->world);

  if (!self->is_looking || serial != self->lookup)
    return;

  self->is_looking = FALSE;
  if (bytes && dgw_gateway_answer_parse (&answer, bytes, &error))
    {
      if (self->world->limiter)
        sim_limiter_update (self->world->limiter, &answer);
      sim_watch_looked_up (self->watch, &answer, http_status, retry_after_us);
      dgw_engine_looked_up (self->engine, &answer, http_status, retry_after_us, NULL, now_us);
    }
  else
    {
      if (error == NULL)
        error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "HTTP %u", http_status);
      sim_watch_looked_up (self->watch, NULL, http_status, retry_after_us);
      dgw_engine_looked_up (self->engine, NULL, http_status, retry_after_us, error, now_us);
    }
  settle (self);
}

void
sim_shard_opened (SimShard *self,
                  SimConn  *conn)
{
  sim_watch_input (self->watch, SIM_INPUT_OPENED);
  dgw_engine_opened (self->engine, sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_connect_failed (SimShard *self,
                          SimConn  *conn,
                          guint     http_status,
                          gint64    retry_after_us)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "HTTP %u", http_status);

  sim_watch_connect_failed (self->watch, http_status, retry_after_us);
  dgw_engine_connect_failed (self->engine, http_status, retry_after_us, error,
                             sim_host_get_now (self->world));
  settle (self);
}

static void
feed_payload (SimShard *self,
              DgwJson  *payload,
              gint64    now_us)
{
  g_autoptr (GError) error = NULL;
  DgwFrame frame;

  if (dgw_frame_parse (&frame, payload, &error))
    {
      sim_watch_is_read (self->watch, TRUE, "");
      dgw_engine_frame (self->engine, &frame, now_us);
    }
  else
    {
      sim_watch_is_read (self->watch, FALSE, error->message);
      dgw_engine_bad_payload (self->engine, error, now_us);
    }
}

void
sim_shard_message (SimShard  *self,
                   SimConn   *conn,
                   SimParcel *parcel)
{
  gint64 now_us = sim_host_get_now (self->world);
  g_autoptr (DgwJson) payload = NULL;
  g_autoptr (GError) error = NULL;

  sim_watch_message (self->watch, &parcel->meaning);
  dgw_engine_alive (self->engine, now_us);
  if (!dgw_inflater_push (self->inflater, parcel->bytes, parcel->is_text, &payload, &error))
    {
      sim_watch_is_read (self->watch, FALSE, error->message);
      dgw_engine_bad_payload (self->engine, error, now_us);
    }
  else if (payload != NULL)
    feed_payload (self, payload, now_us);
  settle (self);
}

void
sim_shard_closed (SimShard *self,
                  SimConn  *conn,
                  guint     code)
{
  sim_watch_closed (self->watch, code);
  dgw_engine_closed (self->engine, code, "because", NULL, sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_permitted (gpointer target,
                     guint64  id)
{
  SimShard *self = target;

  if (id != self->permit || sim_host_defers (self->world, sim_shard_permitted, target, id))
    return;

  sim_watch_input (self->watch, SIM_INPUT_PERMIT);
  dgw_engine_permit_granted (self->engine, sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_set_network (SimShard *self,
                       gint64    network)
{
  sim_watch_network (self->watch, (DgwNetwork)network);
  dgw_engine_set_network (self->engine, (DgwNetwork)network, FALSE, sim_host_get_now (self->world));
  settle (self);
}

void
sim_shard_woke (SimShard *self,
                gint64    slept_us)
{
  sim_watch_woke (self->watch, slept_us);
  dgw_engine_woke (self->engine, slept_us, sim_host_get_now (self->world));
  settle (self);
}
