/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who may identify when: one shard of each bucket (shard id modulo the
 * concurrency that Discord allows) per window, first come, first served, and no
 * more in all than the session starts that are left. */
typedef struct _DgwIdentifyBuckets DgwIdentifyBuckets;

DgwIdentifyBuckets *dgw_identify_buckets_new (guint  max_concurrency,
                                              gint64 window_us) G_GNUC_WARN_UNUSED_RESULT;
void                dgw_identify_buckets_free (DgwIdentifyBuckets *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwIdentifyBuckets, dgw_identify_buckets_free)

/* What was granted in the window stays counted. 0 counts as 1. */
void dgw_identify_buckets_set_max_concurrency (DgwIdentifyBuckets *self,
                                               guint               max_concurrency);
/* As Discord told it. Of two answers about the same day the lower one counts,
 * as the newer one may not know of an identify that is on its way. */
void dgw_identify_buckets_set_budget (DgwIdentifyBuckets *self,
                                      guint               total,
                                      guint               remaining,
                                      gint64              reset_us,
                                      gint64              now_us);

/* A request waits until it is popped or cancelled; ids are never 0. */
guint64  dgw_identify_buckets_add (DgwIdentifyBuckets *self,
                                   guint               shard_id) G_GNUC_WARN_UNUSED_RESULT;
gboolean dgw_identify_buckets_cancel (DgwIdentifyBuckets *self,
                                      guint64             id);
/* The next request whose slot is free takes it; 0: none yet. */
guint64 dgw_identify_buckets_pop (DgwIdentifyBuckets *self,
                                  gint64              now_us);
/* The shard's last slot was not used: the next may have it. */
void dgw_identify_buckets_release (DgwIdentifyBuckets *self,
                                   guint               shard_id);
/* When to pop again; G_MAXINT64: nobody waits. */
gint64 dgw_identify_buckets_get_deadline (DgwIdentifyBuckets *self);

G_END_DECLS
