/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-server.h"

#include "sim-host.h"
#include "sim-network.h"
#include "sim-peer.h"
#include "sim-shard.h"
#include "sim-world.h"

#define STREAM           3
#define BUCKET_US        (5 * SIM_SECOND)
#define BUCKET_TOLERANCE (300 * SIM_MS)
/* Seldom enough for a moment in which all have been delivered. */
#define WELL_MEAN (20 * SIM_SECOND)

#define HTTP_TOO_MANY      429
#define HTTP_UNAUTHORIZED  401
#define HTTP_NOT_AVAILABLE 503

SimServer *
sim_server_new (SimWorld *world,
                guint     n_shards)
{
  SimServer *self = g_new0 (SimServer, 1);
  gint64     never = G_MININT64 / 2;

  self->world = world;
  sim_rand_init (&self->rand, world->config.seed, STREAM);
  self->sessions = g_ptr_array_new_with_free_func ((GDestroyNotify)sim_session_free);
  self->interval_us = sim_rand_chance (&self->rand, 0.5)
                        ? 41250 * SIM_MS
                        : sim_rand_scale (&self->rand, 2 * SIM_SECOND, 60 * SIM_SECOND);
  self->expiry_us = sim_rand_scale (&self->rand, 20 * SIM_SECOND, 10 * SIM_MINUTE);
  self->most_held = (guint)sim_rand_scale (&self->rand, 10, 1000);
  self->event_mean_us = sim_rand_scale (&self->rand, 200 * SIM_MS, 20 * SIM_SECOND);
  self->key_order = sim_rand_below (&self->rand, 6);
  self->resumed_is_numbered = sim_rand_chance (&self->rand, 0.5);
  self->max_concurrency = 1 + sim_rand_below (&self->rand, 3);
  /* It may mean to wait for a day, heartbeat by heartbeat. */
  self->is_short = sim_rand_chance (&self->rand, 0.3) && self->interval_us > 30 * SIM_SECOND;
  self->total = self->is_short ? 1 + n_shards + sim_rand_below (&self->rand, 10) : 1000;
  self->remaining = self->total;
  self->reset_us = world->now_us + sim_rand_scale (&self->rand, SIM_MINUTE, SIM_DAY);
  self->identifies = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < self->max_concurrency; i++)
    g_array_append_val (self->identifies, never);

  return self;
}

void
sim_server_free (SimServer *self)
{
  g_ptr_array_unref (self->sessions);
  g_array_unref (self->identifies);
  g_free (self);
}

static void
emit_next (gpointer target,
           guint64  serial)
{
  SimServer *self = target;
  gint64     mean_us = self->event_mean_us;

  for (guint i = 0; i < self->sessions->len; i++)
    {
      SimSession *session = g_ptr_array_index (self->sessions, i);

      if (session->events->len > 0 && sim_session_holds (session, session->events->len) &&
          sim_rand_chance (&self->rand, 0.7))
        sim_session_emit_some (session);
    }

  if (self->world->now_us >= self->world->well_us)
    mean_us = MAX (mean_us, WELL_MEAN);
  sim_world_at (self->world, self->world->now_us + sim_rand_wait (&self->rand, mean_us), emit_next, self, 0);
}

void
sim_server_start (SimServer *self)
{
  emit_next (self, 0);
}

gint64
sim_server_make_retry_after (SimServer *self)
{
  gint64 retry_after_us = sim_rand_scale (&self->rand, 100 * SIM_MS, 2 * SIM_MINUTE);

  self->world->demanded_us = MAX (self->world->demanded_us, self->world->now_us + retry_after_us);

  return retry_after_us;
}

gboolean
sim_server_is_down (SimServer *self,
                    gboolean   resume_host)
{
  return self->world->now_us < self->down_until_us[resume_host];
}

static void
renew (SimServer *self)
{
  if (self->world->now_us >= self->reset_us)
    self->remaining = self->total;
  while (self->world->now_us >= self->reset_us)
    self->reset_us += SIM_DAY;
}

static char *
write_answer (SimServer *self)
{
  gint64 reset_after_ms = (self->reset_us - self->world->now_us) / SIM_MS;

  if (self->remaining == 0)
    self->world->demanded_us = MAX (self->world->demanded_us, self->reset_us);

  return g_strdup_printf (
    "{\"url\":\"%s\",\"shards\":%u,\"session_start_limit\":{\"total\":%u,\"remaining\":%u,"
    "\"reset_after\":%" G_GINT64_FORMAT ",\"max_concurrency\":%u}}",
    SIM_MAIN_URL, self->world->shards->len, self->total, self->remaining, reset_after_ms,
    self->max_concurrency);
}

static void
answer (gpointer target,
        guint64  serial)
{
  SimShard        *shard = target;
  SimWorld        *world = shard->world;
  SimServer       *self = world->server;
  g_autofree char *body = NULL;
  gint64           retry_after_us = -1;
  guint            status = 200;

  if (sim_host_defers (world, answer, target, serial))
    return;

  renew (self);
  if (world->host.is_offline || sim_world_strikes (world, SIM_FAULT_DNS))
    status = 0;
  else if (sim_world_strikes (world, SIM_FAULT_HTTP_429))
    status = HTTP_TOO_MANY, retry_after_us = sim_server_make_retry_after (self);
  else if (sim_world_strikes (world, SIM_FAULT_HTTP_5XX))
    status = HTTP_NOT_AVAILABLE;
  else if (sim_world_strikes (world, SIM_FAULT_HTTP_401))
    status = HTTP_UNAUTHORIZED;
  else if (sim_world_strikes (world, SIM_FAULT_PORTAL))
    body = g_strdup ("<html>Please log in</html>");
  else
    body = write_answer (self);

  sim_shard_looked_up (shard, serial, status, retry_after_us, body);
}

void
sim_server_look_up (SimServer *self,
                    SimShard  *shard,
                    guint64    serial)
{
  if (!sim_world_strikes (self->world, SIM_FAULT_NO_ANSWER))
    sim_world_at (self->world, self->world->now_us + sim_rand_scale (&self->rand, 5 * SIM_MS, SIM_SECOND),
                  answer, shard, serial);
}

gboolean
sim_server_take_identify (SimServer *self,
                          guint      shard_id)
{
  gint64  *last_us = &g_array_index (self->identifies, gint64, shard_id % self->max_concurrency);
  gboolean is_too_soon = self->world->now_us - *last_us < BUCKET_US - BUCKET_TOLERANCE;

  renew (self);
  if (self->remaining > 0)
    self->remaining--;
  *last_us = self->world->now_us;

  return !is_too_soon;
}

SimSession *
sim_server_find_session (SimServer  *self,
                         const char *id)
{
  for (guint i = 0; id != NULL && i < self->sessions->len; i++)
    {
      SimSession *session = g_ptr_array_index (self->sessions, i);

      if (g_str_equal (session->id, id))
        return session;
    }

  return NULL;
}

void
sim_server_restart (SimServer *self)
{
  static const guint codes[] = {0, 1001, 1012, 4000};
  gboolean           keeps_sessions = sim_rand_chance (&self->rand, 0.5);
  guint              code = codes[sim_rand_below (&self->rand, G_N_ELEMENTS (codes))];

  for (guint i = 0; i < self->world->conns->len; i++)
    {
      SimConn *conn = g_ptr_array_index (self->world->conns, i);

      if (conn->peer)
        sim_peer_close (conn->peer, code);
    }
  for (guint i = 0; i < self->sessions->len && !keeps_sessions; i++)
    sim_session_end (g_ptr_array_index (self->sessions, i));
  self->down_until_us[0] = self->down_until_us[1] =
    self->world->now_us + sim_rand_scale (&self->rand, SIM_SECOND, SIM_MINUTE);
}

void
sim_server_take_host_down (SimServer *self)
{
  self->down_until_us[sim_rand_below (&self->rand, 2)] =
    self->world->now_us + sim_rand_scale (&self->rand, SIM_SECOND, 10 * SIM_MINUTE);
}

void
sim_server_lose_session (SimServer *self)
{
  if (self->sessions->len > 0)
    sim_session_end (g_ptr_array_index (self->sessions, sim_rand_below (&self->rand, self->sessions->len)));
}

void
sim_server_heal (SimServer *self)
{
  self->down_until_us[0] = self->down_until_us[1] = 0;
}
