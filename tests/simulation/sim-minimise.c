/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-minimise.h"

#define SHORTENINGS 12

static gboolean
still_fails (const SimConfig  *config,
             const SimVerdict *wanted,
             SimCounts        *counts)
{
  SimVerdict verdict;

  *counts = (SimCounts){0};
  sim_world_run (config, &verdict, counts, NULL);

  return verdict.is_failure && verdict.rule == wanted->rule;
}

static void
switch_faults_off (SimConfig        *config,
                   const SimVerdict *wanted)
{
  SimCounts counts;

  for (guint i = 0; i < SIM_N_FAULTS; i++)
    {
      SimConfig without = *config;

      without.allowed &= ~(G_GUINT64_CONSTANT (1) << i);
      if (without.allowed != config->allowed && still_fails (&without, wanted, &counts))
        *config = without;
    }
}

static void
shorten (SimConfig        *config,
         const SimVerdict *wanted)
{
  gint64    good_us = wanted->at_us;
  SimCounts counts;

  for (guint i = 0; i < SHORTENINGS; i++)
    {
      SimConfig shorter = *config;

      shorter.length_us = MAX (i == 0 ? good_us : good_us / 2, 1);
      if (still_fails (&shorter, wanted, &counts))
        {
          *config = shorter;
          good_us = shorter.length_us;
        }
      else if (i > 0)
        return;
    }
}

SimConfig
sim_minimise (const SimConfig  *config,
              const SimVerdict *verdict)
{
  SimConfig least = *config;

  switch_faults_off (&least, verdict);
  shorten (&least, verdict);
  switch_faults_off (&least, verdict);

  return least;
}
