/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-inflater-private.h"
#include "engine/dgw-engine-private.h"
#include "sim-network.h"
#include "sim-types.h"

G_BEGIN_DECLS

/* The owner of an engine: does what the library's worker does with it
 * (dgw/worker/dgw-pump.c), on the model's clock and network. */
struct _SimShard
{
  SimWorld        *world;
  guint            id;
  DgwEngineOptions options;
  DgwEngine       *engine;
  guint            n_engines;
  SimConn         *conn; /* NULL: none is wanted */
  DgwInflater     *inflater;
  guint64          lookup; /* serial of the one under way */
  gboolean         is_looking;
  guint64          timer;
  guint64          permit;    /* 0: none is wanted */
  guint            n_waiting; /* events that the application has not taken */
  gboolean         is_held;

  SimWatch       *watch;
  SimCommands    *commands;
  SimApplication *application;
};

SimShard *sim_shard_new (SimWorld *world,
                         guint     id,
                         guint     n_shards);
void      sim_shard_free (SimShard *self);

/* What the application wants. */
void sim_shard_start (SimShard *self);
void sim_shard_stop (SimShard   *self,
                     DgwStopKind kind,
                     guint       code);
void sim_shard_command (SimShard   *self,
                        guint64     id,
                        guint       opcode,
                        const char *data,
                        gboolean    wants_answer);
void sim_shard_set_presence (SimShard   *self,
                             guint64     id,
                             const char *data);
void sim_shard_cancel (SimShard *self,
                       guint64   id);
void sim_shard_set_intents (SimShard *self,
                            guint     intents);
/* The application takes what waits. */
void sim_shard_catch_up (SimShard *self);
/* The process dies; a new one begins where the old one had stored itself, or
 * with nothing. */
void sim_shard_crash (SimShard *self,
                      gboolean  has_stored);

/* What the world says. */
void sim_shard_looked_up (SimShard   *self,
                          guint64     serial,
                          guint       http_status,
                          gint64      retry_after_us,
                          const char *body);
void sim_shard_opened (SimShard *self,
                       SimConn  *conn);
void sim_shard_connect_failed (SimShard *self,
                               SimConn  *conn,
                               guint     http_status,
                               gint64    retry_after_us);
void sim_shard_message (SimShard  *self,
                        SimConn   *conn,
                        SimParcel *parcel);
void sim_shard_closed (SimShard *self,
                       SimConn  *conn,
                       guint     code);
void sim_shard_permitted (gpointer target,
                          guint64  id);
void sim_shard_set_network (SimShard *self,
                            gint64    network);
void sim_shard_woke (SimShard *self,
                     gint64    slept_us);

G_END_DECLS
