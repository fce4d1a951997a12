/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim-jobs.h"
#include "sim-log.h"
#include "sim-report.h"

/* The simulation as a program: see doc/how-tested.md. */

#define SEEDS_WHEN_SLOW 500 /* under sanitizers */
#define MOST_FAILURES   3
#define MOST_JOBS       64

static struct
{
  gint64   n_seeds;
  gint64   first_seed;
  int      n_jobs;
  int      most_failures;
  char    *only;
  double   length;
  gboolean is_for_ever;
  gboolean is_traced;
  gboolean is_quick;
} options = {.n_seeds = 20000, .n_jobs = 1, .most_failures = MOST_FAILURES};

static const GOptionEntry entries[] = {
  {"seeds",              0, 0, G_OPTION_ARG_INT64, &options.n_seeds, "How many", "N"},
  {"first-seed",                   0, 0, G_OPTION_ARG_INT64, &options.first_seed, "The first of them", "M"},
  {"jobs",    'j', 0, G_OPTION_ARG_INT, &options.n_jobs, "Processes", "N"},
  {"forever",                 0, 0, G_OPTION_ARG_NONE, &options.is_for_ever, "And then the next ones, until one fails", NULL},
  {"only",         0, 0, G_OPTION_ARG_STRING, &options.only, "Of the faults that a seed has, these", "KIND,..."},
  {"length",                   0, 0, G_OPTION_ARG_DOUBLE, &options.length, "Seconds with faults", "S"},
  {"trace", 0, 0, G_OPTION_ARG_NONE, &options.is_traced, "Print all that happens", NULL},
  {"most-failures",                 0, 0, G_OPTION_ARG_INT, &options.most_failures, "Stop a process after so many", "N"},
  {"no-minimise",               0, 0, G_OPTION_ARG_NONE, &options.is_quick, "Print failures as they are", NULL},
  {NULL                  },
};

static gboolean
read_faults (guint64 *allowed,
             GError **error)
{
  g_auto (GStrv) names = g_strsplit (options.only ? options.only : "", ",", -1);
  SimFault fault;

  *allowed = options.only ? 0 : SIM_ALL_FAULTS;
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (!sim_fault_from_name (names[i], &fault))
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "there is no fault %s", names[i]);
          return FALSE;
        }
      *allowed |= G_GUINT64_CONSTANT (1) << fault;
    }

  return TRUE;
}

static gboolean
read_plan (int     *argc,
           char  ***argv,
           SimPlan *plan,
           GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error) || !read_faults (&plan->config.allowed, error))
    return FALSE;

  if (g_getenv ("DGW_TEST_SLOW"))
    options.n_seeds = MIN (options.n_seeds, SEEDS_WHEN_SLOW);
  plan->first_seed = (guint64)options.first_seed;
  plan->n_seeds = (guint64)options.n_seeds;
  plan->n_jobs = (guint)CLAMP (options.n_jobs, 1, MOST_JOBS);
  plan->most_failures = (guint)MAX (options.most_failures, 1);
  plan->minimises = !options.is_quick;
  plan->config.length_us = (gint64)(options.length * SIM_SECOND);

  return TRUE;
}

/* One seed, and all that happens in it. */
static guint
trace (const SimPlan *plan,
       SimCounts     *counts)
{
  GString   *text = g_string_new (NULL);
  SimConfig  config = plan->config;
  SimVerdict verdict;

  config.seed = plan->first_seed;
  sim_world_run (&config, &verdict, counts, text);
  fputs (text->str, stdout);
  g_string_free (text, TRUE);

  return verdict.is_failure ? 1 : 0;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  SimPlan   plan = {0};
  SimCounts counts = {0};
  guint64   n_seeds = 0;
  guint     n_failed = 0;

  if (!read_plan (&argc, &argv, &plan, &error))
    {
      fprintf (stderr, "simulation: %s\n", error->message);
      return 2;
    }

  sim_log_init ();
  if (options.is_traced)
    return trace (&plan, &counts) > 0 ? EXIT_FAILURE : EXIT_SUCCESS;

  printf ("1..1\n");
  do
    {
      n_failed = sim_jobs_run (&plan, &counts);
      n_seeds += plan.n_seeds;
      plan.first_seed += plan.n_seeds;
      sim_report_counts (n_seeds, &counts);
    }
  while (options.is_for_ever && n_failed == 0);
  printf ("%s 1 /dgw/simulation\n", n_failed > 0 ? "not ok" : "ok");

  return n_failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
