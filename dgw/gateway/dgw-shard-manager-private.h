/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gateway/dgw-gateway-private.h"
#include "gateway/dgw-shard-manager.h"
#include "engine/dgw-backoff-private.h"
#include "worker/dgw-timer-private.h"

G_BEGIN_DECLS

/* What the files of the shard manager share; nobody else includes this.
 *
 *   dgw-shard-manager.c          the type, the list, lookups
 *   dgw-shard-manager-options.c  what is set: generic access
 *   dgw-shard-manager-layout.c   how many shards, and which of them
 *   dgw-shard-manager-common.c   options that every shard gets
 *   dgw-shard-manager-commands.c commands that go to several shards
 *   dgw-shard-manager-shards.c   making, adding, removing shards; what they tell
 *   dgw-shard-manager-queue.c    opening in order and pace
 *   dgw-shard-manager-open.c     opening all
 *   dgw-shard-manager-stop.c     closing and suspending all
 *   dgw-shard-manager-reshard.c  replacing all by another number of them: with
 *                                dgw-reshard-private.h
 *   dgw-shard-manager-single.c   opening, resuming, closing one */

typedef enum
{
  DGW_SHARD_IDLE,
  DGW_SHARD_WAITING,  /* to be started */
  DGW_SHARD_STARTING, /* its bucket is not free yet */
  DGW_SHARD_STARTED,
} DgwShardStage;

typedef struct
{
  DgwShardManager *manager; /* borrowed */
  DgwGateway      *gateway;
  guint            id;
  guint            count;
  DgwShardStage    stage;
  gboolean         is_opening; /* the outcome of its open is awaited */
  GTask           *task;       /* of open_shard or resume_shard; nullable */
  gboolean         is_fresh;   /* of a reshard, and not in the list yet */
  gboolean         is_new;     /* of a reshard that is not over */
  gboolean         is_asked;   /* an old one: it is found out whether it is alive */
  gboolean         is_heard;   /* an old one: it was, when its successors had come */
  GTree           *missing;    /* ids of guilds that have not come; NULL: no READY yet */
  gint64           live_us;    /* when its session began, in a reshard; 0: not yet */
  gint64           settled_us; /* when no more guilds are waited for */
  gint64           up_us;      /* in a reshard: READY since then; 0: it is not */
  gint64           down_us;    /* in a reshard: may hear nothing since then; 0: it does */
  DgwMailboxLoad   sweep_at;   /* what is held then */
  DgwStatus        status;     /* as counted */
  gint64           latency_us; /* as counted */
} DgwShard;

typedef enum
{
  DGW_SHARD_MANAGER_IDLE,
  DGW_SHARD_MANAGER_ASKING, /* Discord: for the address and the count */
  DGW_SHARD_MANAGER_OPEN,
  DGW_SHARD_MANAGER_STOPPING,
} DgwShardManagerPhase;

typedef struct _DgwReshard DgwReshard;

struct _DgwShardManager
{
  GObject parent_instance;

  GThread      *owner;
  GMainContext *context;

  char          *token;
  guint          intents;
  guint          shard_count; /* 0: automatic */
  GVariant      *shard_ids;   /* nullable */
  gboolean       auto_scale;
  guint          split_count;
  char          *url;
  char          *api_url;
  DgwCompression compression;
  DgwPresence   *presence; /* nullable */

  DgwIdentifyLimiter *identify_limiter; /* that was set; nullable */
  DgwSessionStore    *session_store;    /* nullable */
  DgwIdentifyLimiter *own_limiter;      /* instead; nullable: not needed yet */

  DgwShardManagerPhase phase;
  GPtrArray           *shards; /* of DgwShard, by id: the list */
  guint                n_by_status[DGW_STATUS_DISCONNECTED + 1];
  DgwStatus            status;
  gint64               latency_sum_us;
  guint                n_latencies;
  gint64               latency_us;
  DgwMetrics          *past; /* of gateways that are in the list no more */

  /* What Discord told. */
  char         *found_url;
  guint         found_count; /* 0: not asked */
  guint         max_concurrency;
  GCancellable *asking; /* nullable */
  DgwBackoff    backoff;
  DgwTimer     *retry;

  GTask     *open_task;  /* nullable */
  GPtrArray *stop_tasks; /* of GTask: close, suspend, and an open that is cancelled */
  guint      n_stopping; /* gateways */

  DgwReshard *reshard; /* nullable */
};

/* dgw-shard-manager.c */
extern GParamSpec *dgw_shard_manager_properties[];
gboolean           dgw_shard_manager_in_own_thread (DgwShardManager *self);
void               dgw_shard_manager_emit_added (DgwShardManager *self,
                                                 DgwShard        *shard);
void               dgw_shard_manager_emit_failed (DgwShardManager *self,
                                                  DgwGateway      *gateway,
                                                  const GError    *error);

extern const DgwGatewayObserver dgw_shard_manager_observer;

typedef enum
{
  DGW_SHARD_MANAGER_PROP_0,
  DGW_SHARD_MANAGER_PROP_TOKEN,
  DGW_SHARD_MANAGER_PROP_INTENTS,
  DGW_SHARD_MANAGER_PROP_SHARD_COUNT,
  DGW_SHARD_MANAGER_PROP_SHARD_IDS,
  DGW_SHARD_MANAGER_PROP_AUTO_SCALE,
  DGW_SHARD_MANAGER_PROP_SPLIT_COUNT,
  DGW_SHARD_MANAGER_PROP_URL,
  DGW_SHARD_MANAGER_PROP_API_URL,
  DGW_SHARD_MANAGER_PROP_COMPRESSION,
  DGW_SHARD_MANAGER_PROP_PRESENCE,
  DGW_SHARD_MANAGER_PROP_IDENTIFY_LIMITER,
  DGW_SHARD_MANAGER_PROP_SESSION_STORE,
  DGW_SHARD_MANAGER_PROP_STATUS,
  DGW_SHARD_MANAGER_PROP_LATENCY,
  DGW_SHARD_MANAGER_N_PROPS,
} DgwShardManagerProp;

/* dgw-shard-manager-options.c */
void dgw_shard_manager_install_options (GObjectClass *object_class);
void dgw_shard_manager_notify (DgwShardManager    *self,
                               DgwShardManagerProp prop);
void dgw_shard_manager_set_number (DgwShardManager    *self,
                                   DgwShardManagerProp prop,
                                   guint              *field,
                                   guint               value);
void dgw_shard_manager_get_option (DgwShardManager    *self,
                                   DgwShardManagerProp prop,
                                   GValue             *value);
void dgw_shard_manager_set_option (DgwShardManager    *self,
                                   DgwShardManagerProp prop,
                                   const GValue       *value);

/* dgw-shard-manager-layout.c */
void dgw_shard_manager_take_layout (DgwShardManager *self,
                                    guint            count);

/* dgw-shard-manager-common.c */
DgwIdentifyLimiter *dgw_shard_manager_ensure_limiter (DgwShardManager *self);

/* dgw-shard-manager-shards.c */
DgwShard *dgw_shard_manager_find (DgwShardManager *self,
                                  guint            id,
                                  guint            count);
DgwShard *dgw_shard_manager_add (DgwShardManager *self,
                                 guint            id,
                                 guint            count);
void      dgw_shard_manager_remove (DgwShardManager *self,
                                    DgwShard        *shard);
void      dgw_shard_manager_remove_all (DgwShardManager *self);
void      dgw_shard_manager_set_count_of (DgwShardManager *self,
                                          DgwShard        *shard,
                                          guint            count);
DgwShard *dgw_shard_new (DgwShardManager *self,
                         guint            id,
                         guint            count) G_GNUC_WARN_UNUSED_RESULT;
void      dgw_shard_free (DgwShard *shard);
void      dgw_shard_manager_replace (DgwShardManager *self,
                                     GPtrArray       *old,
                                     GPtrArray       *fresh);
/* References: of those in the list and, in a reshard, of those to be. */
GPtrArray *dgw_shard_manager_list_gateways (DgwShardManager *self) G_GNUC_WARN_UNUSED_RESULT;
DgwShard  *dgw_shard_get (DgwGateway *gateway);
gboolean   dgw_shard_is_idle (DgwShard *shard);
void       dgw_shard_manager_take_status (DgwShardManager *self);

/* dgw-shard-manager-queue.c */
GError *dgw_shard_manager_new_closed_error (void);
void    dgw_shard_finish_task (DgwShard *shard,
                               GError   *error);
void    dgw_shard_manager_clear_queue (DgwShardManager *self);
void    dgw_shard_manager_enqueue (DgwShardManager *self,
                                   DgwShard        *shard);
void    dgw_shard_manager_advance (DgwShardManager *self);
void    dgw_shard_manager_progress (DgwShardManager *self,
                                    DgwShard        *shard);
void    dgw_shard_manager_failed (DgwShardManager *self,
                                  DgwShard        *shard,
                                  const GError    *error);

/* dgw-shard-manager-commands.c */
gboolean dgw_shard_manager_take_presence (DgwShardManager *self,
                                          DgwPresence     *presence);

/* dgw-shard-manager-open.c */
void dgw_shard_manager_check_open (DgwShardManager *self);
void dgw_shard_manager_fail_open (DgwShardManager *self,
                                  const GError    *error);
void dgw_shard_manager_begin (DgwShardManager *self);
void dgw_shard_manager_stop_asking (DgwShardManager *self);

/* dgw-shard-manager-stop.c */
void dgw_shard_manager_suspend_all (DgwShardManager *self);
void dgw_shard_manager_cancel_open (DgwShardManager *self);

/* dgw-shard-manager-reshard.c */
void dgw_shard_manager_abort_reshard (DgwShardManager *self,
                                      const GError    *error);

/* dgw-reshard.c */
GPtrArray *dgw_reshard_get_fresh (DgwReshard *self);
void       dgw_reshard_take_status (DgwReshard *self,
                                    DgwShard   *shard);
void       dgw_reshard_free (DgwReshard *self);

G_END_DECLS
