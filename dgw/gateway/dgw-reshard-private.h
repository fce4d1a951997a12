/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gateway/dgw-shard-echo-private.h"
#include "gateway/dgw-shard-manager-private.h"

G_BEGIN_DECLS

/* The replacement of a manager's shards by another number of them.
 *
 *   dgw-shard-manager-reshard.c  asking for it, giving it up
 *   dgw-reshard.c                classes of guilds, the new shards
 *   dgw-reshard-judge.c          what becomes of the events of both sets
 *   dgw-reshard-hand-over.c      from the old shards to the new ones */

typedef enum
{
  DGW_GUILD_CLASS_CONNECTING,
  DGW_GUILD_CLASS_LIVE,     /* the first of its new shards has a session */
  DGW_GUILD_CLASS_ASKING,   /* its old shards, whether they have heard all up to here */
  DGW_GUILD_CLASS_DRAINING, /* they hand on the last of what they got */
  DGW_GUILD_CLASS_HANDED_OVER,
} DgwGuildClassPhase;

typedef struct
{
  guint              rest;
  gboolean           is_ours; /* has shards in this process */
  DgwGuildClassPhase phase;
  guint              n_old;
  gint64             live_us;
  gint64             asked_us;
  guint              n_draining; /* old shards */
  gint64             down_us;    /* of those of its shards that may hear nothing, since when the first; 0: none */
  gint64             outage_us;  /* the longest that is over */
  gint64             echo_until_us;
  DgwShardEcho      *echo; /* NULL: over */
} DgwGuildClass;

struct _DgwReshard
{
  DgwShardManager *manager; /* borrowed */
  GTask           *task;    /* NULL: all are handed over, or it failed */
  guint            count;
  GArray          *classes; /* of DgwGuildClass */
  GPtrArray       *fresh;   /* of DgwShard: not handed over yet */
  DgwShard       **by_id;   /* count of them; NULL: of another process, or handed over */
  gboolean         is_full; /* more is held, or remembered, than may be */
  DgwTimer        *timer;
};

/* dgw-reshard.c */
DgwReshard    *dgw_reshard_new (DgwShardManager *manager,
                                guint            count,
                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void           dgw_reshard_start (DgwReshard *self);
DgwGuildClass *dgw_reshard_get_class (DgwReshard *self,
                                      guint       id);
gint64         dgw_guild_class_get_apart (DgwGuildClass *self);

/* dgw-reshard-judge.c: of type DgwGatewayJudge, for the old shards, for the new
 * ones, and for those when they have taken over. */
DgwGatewayVerdict dgw_reshard_record (DgwGateway *gateway,
                                      DgwAction  *action,
                                      gpointer    user_data);
DgwGatewayVerdict dgw_reshard_hold (DgwGateway *gateway,
                                    DgwAction  *action,
                                    gpointer    user_data);
DgwGatewayVerdict dgw_reshard_skip_echo (DgwGateway *gateway,
                                         DgwAction  *action,
                                         gpointer    user_data);

/* dgw-reshard-hand-over.c */
void dgw_reshard_look_cb (gpointer user_data);
void dgw_reshard_complete_drains (DgwReshard *self);

G_END_DECLS
