/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which kinds of payloads may not be sent before when. A kind is a string of
 * the owner's making. */
typedef struct
{
  GHashTable *until_us; /* char * -> gint64 * */
} DgwHolds;

void dgw_holds_init (DgwHolds *self);
void dgw_holds_clear (DgwHolds *self);

/* Never makes a hold shorter. */
void dgw_holds_set (DgwHolds   *self,
                    const char *kind,
                    gint64      until_us,
                    gint64      now_us);
void dgw_holds_drop (DgwHolds   *self,
                     const char *kind);
/* The end of the longest that is for any of these kinds; 0: there is none. */
gint64 dgw_holds_get (const DgwHolds    *self,
                      const char *const *kinds);

G_END_DECLS
