/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "dgw-protocol-table-private.h"

G_BEGIN_DECLS

/* Discord's windows, a little longer: two payloads an exact window apart when
 * sent may be less apart when they arrive. */
#define DGW_RATE_LIMIT_MARGIN_US          (250 * G_TIME_SPAN_MILLISECOND)
#define DGW_RATE_LIMIT_WINDOW_US          (DGW_LIMIT_SEND_WINDOW_MS * G_TIME_SPAN_MILLISECOND + DGW_RATE_LIMIT_MARGIN_US)
#define DGW_RATE_LIMIT_PRESENCES          DGW_LIMIT_PRESENCE_UPDATES
#define DGW_RATE_LIMIT_PRESENCE_WINDOW_US (DGW_LIMIT_PRESENCE_WINDOW_MS * G_TIME_SPAN_MILLISECOND + DGW_RATE_LIMIT_MARGIN_US)

/* A sliding window: at most so many payloads in any span of the window's
 * length, the last few slots of which only internal ones may take. */
typedef struct
{
  gint64 *sent_us; /* ring of `limit` send times */
  guint   first;   /* index of the oldest */
  guint   n_sent;
  guint   limit;
  guint   reserved;
  gint64  window_us;
} DgwRateLimit;

typedef enum
{
  DGW_RATE_LIMIT_COMMAND,
  DGW_RATE_LIMIT_INTERNAL, /* heartbeat, identify, resume: may use the reserve */
} DgwRateLimitUse;

/* limit 0: none; reserved is cut so that one command always fits. */
void dgw_rate_limit_init (DgwRateLimit *self,
                          guint         limit,
                          guint         reserved,
                          gint64        window_us);
void dgw_rate_limit_clear (DgwRateLimit *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DgwRateLimit, dgw_rate_limit_clear)

/* New numbers; what was sent stays counted. */
void dgw_rate_limit_set_limit (DgwRateLimit *self,
                               guint         limit,
                               guint         reserved);
/* A new connection: the window is empty. */
void dgw_rate_limit_reset (DgwRateLimit *self);

gboolean dgw_rate_limit_can_send (DgwRateLimit   *self,
                                  DgwRateLimitUse use,
                                  gint64          now_us);
/* Whether as many may go out at once, the reserve included. */
gboolean dgw_rate_limit_has_room (DgwRateLimit *self,
                                  guint         n,
                                  gint64        now_us);
/* Counts one payload; also one that could not wait for its slot. */
void dgw_rate_limit_sent (DgwRateLimit *self,
                          gint64        now_us);
/* When can_send turns TRUE if nothing else is sent: now_us or later. */
gint64 dgw_rate_limit_next_slot_us (DgwRateLimit   *self,
                                    DgwRateLimitUse use,
                                    gint64          now_us);

G_END_DECLS
