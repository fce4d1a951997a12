/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-rand.h"

#include <math.h>

/* SplitMix64: passes the usual tests, and one word of state makes streams cheap.
 * https://prng.di.unimi.it/splitmix64.c */
#define STEP G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

guint64
sim_rand_next (SimRand *self)
{
  guint64 z = (self->state += STEP);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return z ^ (z >> 31);
}

void
sim_rand_init (SimRand *self,
               guint64  seed,
               guint64  stream)
{
  SimRand mixer = {seed};

  self->state = sim_rand_next (&mixer);
  mixer.state = stream + 1;
  self->state ^= sim_rand_next (&mixer);
}

double
sim_rand_unit (SimRand *self)
{
  return (double)(sim_rand_next (self) >> 11) * 0x1p-53;
}

gboolean
sim_rand_chance (SimRand *self,
                 double   probability)
{
  return sim_rand_unit (self) < probability;
}

guint
sim_rand_below (SimRand *self,
                guint    n)
{
  return (guint)(sim_rand_next (self) % n);
}

gint64
sim_rand_between (SimRand *self,
                  gint64   least,
                  gint64   most)
{
  return least + (gint64)(sim_rand_next (self) % (guint64)(most - least + 1));
}

gint64
sim_rand_scale (SimRand *self,
                gint64   least,
                gint64   most)
{
  return (gint64)((double)least * pow ((double)most / (double)least, sim_rand_unit (self)));
}

gint64
sim_rand_wait (SimRand *self,
               gint64   mean)
{
  return (gint64)(-log (1 - sim_rand_unit (self)) * (double)mean);
}
