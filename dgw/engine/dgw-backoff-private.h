/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* READY or RESUMED has to last so long to count as a success. */
#define DGW_BACKOFF_STABLE_US (1 * G_USEC_PER_SEC)

/* How long to wait before the next connection; a value, all zero at first. */
typedef struct
{
  guint    n_failed;      /* attempts in a row */
  guint    n_invalidated; /* opcode 9 without a session to keep, in a row */
  gint64   live_us;       /* when the session went live; 0: it is not */
  gint64   minimum_us;    /* of the next delay only */
  gboolean was_requested; /* opcode 7 has had its quick reconnect */
  gboolean invalidated;   /* the next delay is the one of opcode 9 */
} DgwBackoff;

typedef enum
{
  DGW_BACKOFF_FAILED,    /* the attempt failed, or the connection was lost */
  DGW_BACKOFF_REQUESTED, /* opcode 7 */
} DgwBackoffReason;

/* Forgets everything: the application opens anew. */
void dgw_backoff_reset (DgwBackoff *self);
/* READY or RESUMED. */
void dgw_backoff_live (DgwBackoff *self,
                       gint64      now_us);
/* The attempt or the connection is over; once for each. */
void dgw_backoff_ended (DgwBackoff      *self,
                        DgwBackoffReason reason,
                        gint64           now_us);
/* Opcode 9 that leaves no session: the next delay is the longer one that
 * Discord asks for before an identify. Besides dgw_backoff_ended(). */
void dgw_backoff_invalidated (DgwBackoff *self);
/* The next delay is at least this long (Retry-After, a pause after 4008). */
void dgw_backoff_require (DgwBackoff *self,
                          gint64      minimum_us);
/* The delay to wait now, in microseconds; takes the minimum with it. */
gint64 dgw_backoff_next (DgwBackoff *self,
                         double      random01);

G_END_DECLS
