/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-rand.h"
#include "sim-session.h"

G_BEGIN_DECLS

/* What Discord is to all shards of a bot. */
struct _SimServer
{
  SimWorld  *world;
  SimRand    rand;
  GPtrArray *sessions; /* of SimSession */

  /* How this one is, by the seed. */
  gint64   interval_us;
  gint64   expiry_us; /* of a session that nobody is connected to */
  guint    most_held; /* events, meanwhile */
  gint64   event_mean_us;
  guint    key_order;
  gboolean resumed_is_numbered;
  guint    max_concurrency;
  guint    total;
  gboolean is_short; /* of session starts */

  guint   remaining; /* session starts */
  gint64  reset_us;
  GArray *identifies; /* of gint64: the last one by bucket */
  gint64  down_until_us[2];
};

SimServer *sim_server_new (SimWorld *world,
                           guint     n_shards);
void       sim_server_free (SimServer *self);
void       sim_server_start (SimServer *self);

/* GET /gateway/bot. Takes its time. */
void     sim_server_look_up (SimServer *self,
                             SimShard  *shard,
                             guint64    serial);
gint64   sim_server_make_retry_after (SimServer *self);
gboolean sim_server_is_down (SimServer *self,
                             gboolean   resume_host);

/* FALSE: too soon after another of this bucket. */
gboolean    sim_server_take_identify (SimServer *self,
                                      guint      shard_id);
SimSession *sim_server_find_session (SimServer  *self,
                                     const char *id);

void sim_server_restart (SimServer *self);
void sim_server_take_host_down (SimServer *self);
void sim_server_lose_session (SimServer *self);
void sim_server_heal (SimServer *self);

G_END_DECLS
