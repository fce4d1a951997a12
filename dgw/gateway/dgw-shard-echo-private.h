/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-action-private.h"

G_BEGIN_DECLS

/* While two sets of shards serve the same guilds, each event comes twice: once
 * to the old set, which hands it on, and once to the new one. This remembers
 * what was handed on, and finds it again in what the new set gets. */
typedef struct _DgwShardEcho DgwShardEcho;

DgwShardEcho *dgw_shard_echo_new (void) G_GNUC_WARN_UNUSED_RESULT;
void          dgw_shard_echo_free (DgwShardEcho *self);

/* action: a dispatch. What came before since_us, and is of the same guild, is
 * forgotten. */
void dgw_shard_echo_record (DgwShardEcho    *self,
                            const DgwAction *action,
                            gint64           since_us);
/* TRUE: it was recorded, and counts as found. The two may have come apart_us
 * apart. */
gboolean dgw_shard_echo_take (DgwShardEcho    *self,
                              const DgwAction *action,
                              gint64           apart_us);
gsize    dgw_shard_echo_get_size (DgwShardEcho *self); /* bytes */

G_END_DECLS
