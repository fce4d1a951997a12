/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A stream of random numbers; a value. The same seed gives the same stream on
 * every machine and with every version of GLib. */
typedef struct
{
  guint64 state;
} SimRand;

void     sim_rand_init (SimRand *self,
                        guint64  seed,
                        guint64  stream); /* streams of one seed have nothing in common */
guint64  sim_rand_next (SimRand *self);
double   sim_rand_unit (SimRand *self); /* 0 to below 1 */
gboolean sim_rand_chance (SimRand *self,
                          double   probability);
guint    sim_rand_below (SimRand *self,
                         guint    n);
gint64   sim_rand_between (SimRand *self,
                           gint64   least,
                           gint64   most); /* both may come */
/* The same for every order of magnitude; least is positive. */
gint64 sim_rand_scale (SimRand *self,
                       gint64   least,
                       gint64   most);
/* The time to the next of events that come by themselves. */
gint64 sim_rand_wait (SimRand *self,
                      gint64   mean);

G_END_DECLS
