/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-jobs.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim-report.h"

#define MOST_JOBS 64

/* What a process tells the one that started it. */
typedef struct
{
  SimCounts counts;
  guint     n_failed;
} Tally;

static volatile guint64 seed_at_hand;

/* An assertion of the library, or worse: at least the seed is known then. */
static void
crashed (int number)
{
  char text[160];
  int  length = snprintf (
     text, sizeof text,
     "# seed %" G_GUINT64_FORMAT
     " breaks the rule %s, signal %d\n# to see it again: ./run simulation --first-seed=%" G_GUINT64_FORMAT
     " --seeds=1\n",
     seed_at_hand, sim_rule_get_name (SIM_RULE_CRASH), number, seed_at_hand);

  if (write (STDOUT_FILENO, text, (gsize)length) < 0)
    _exit (EXIT_FAILURE);
  signal (number, SIG_DFL);
  raise (number);
}

static void
run_some (const SimPlan *plan,
          guint          job,
          Tally         *tally)
{
  for (guint64 i = job; i < plan->n_seeds && tally->n_failed < plan->most_failures; i += plan->n_jobs)
    {
      SimConfig  config = plan->config;
      SimVerdict verdict;

      config.seed = seed_at_hand = plan->first_seed + i;
      sim_world_run (&config, &verdict, &tally->counts, NULL);
      if (!verdict.is_failure)
        continue;

      tally->n_failed++;
      sim_report_failure (&config, plan->minimises);
    }
}

static void
work (const SimPlan *plan,
      guint          job,
      int            fd)
{
  Tally tally = {0};

  signal (SIGABRT, crashed);
  signal (SIGSEGV, crashed);
  signal (SIGTRAP, crashed);
  run_some (plan, job, &tally);
  if (write (fd, &tally, sizeof tally) != sizeof tally)
    exit (EXIT_FAILURE);
  exit (EXIT_SUCCESS);
}

static int
start (const SimPlan *plan,
       guint          job)
{
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  if (fork () == 0)
    work (plan, job, ends[1]);
  close (ends[1]);

  return ends[0];
}

guint
sim_jobs_run (const SimPlan *plan,
              SimCounts     *counts)
{
  guint n_failed = 0;
  int   ends[MOST_JOBS];

  fflush (stdout);
  for (guint job = 0; job < plan->n_jobs; job++)
    ends[job] = start (plan, job);

  for (guint job = 0; job < plan->n_jobs; job++)
    {
      Tally tally = {0};

      if (read (ends[job], &tally, sizeof tally) != sizeof tally)
        tally.n_failed = 1;
      close (ends[job]);
      sim_counts_add (counts, &tally.counts);
      n_failed += tally.n_failed;
      wait (NULL);
    }

  return n_failed;
}
