/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-gateway-answer-private.h"
#include "sim-types.h"

G_BEGIN_DECLS

/* The identify limiter that the shards of a bot share: the library's buckets
 * on the model's clock. */
SimLimiter *sim_limiter_new (SimWorld *world);
void        sim_limiter_free (SimLimiter *self);
void        sim_limiter_update (SimLimiter             *self,
                                const DgwGatewayAnswer *answer);
/* Whether it has granted a slot before anybody had told how many are left. */
gboolean sim_limiter_was_blind (SimLimiter *self);
/* Ends in sim_shard_permitted() with the id. */
guint64 sim_limiter_acquire (SimLimiter *self,
                             SimShard   *shard);
void    sim_limiter_give_back (SimLimiter *self,
                               SimShard   *shard,
                               guint64     id,
                               gboolean    is_used);

G_END_DECLS
