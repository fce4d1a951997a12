/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-report.h"

#include <stdio.h>

#include "sim-minimise.h"

#define SHOWN_LINES 150

/* The kinds of faults that the seed has, of those that are allowed. */
static void
print_faults_on (const SimConfig *config)
{
  const char *separator = " --only=";
  SimFaults   faults;

  sim_faults_init (&faults, config->seed, config->allowed);
  for (guint i = 0; i < SIM_N_FAULTS; i++)
    if (faults.rates[i] > 0)
      {
        printf ("%s%s", separator, sim_fault_get_name (i));
        separator = ",";
      }
}

static void
print_command (const SimConfig *config)
{
  printf ("# to see it again: ./run simulation --first-seed=%" G_GUINT64_FORMAT " --seeds=1 --trace",
          config->seed);
  if (config->allowed != SIM_ALL_FAULTS)
    print_faults_on (config);
  if (config->length_us > 0)
    printf (" --length=%.6f", (double)config->length_us / SIM_SECOND);
  printf ("\n");
}

static void
print_trace (const char *trace)
{
  g_auto (GStrv) lines = g_strsplit (trace, "\n", -1);
  guint n_lines = g_strv_length (lines);

  for (guint i = n_lines > SHOWN_LINES ? n_lines - SHOWN_LINES : 0; i < n_lines; i++)
    if (*lines[i] != '\0')
      printf ("# %s\n", lines[i]);
}

static void
print_run (const SimConfig *config)
{
  GString   *trace = g_string_new (NULL);
  SimVerdict verdict;
  SimCounts  counts = {0};

  sim_world_run (config, &verdict, &counts, trace);
  print_trace (trace->str);
  g_string_free (trace, TRUE);
}

void
sim_report_failure (const SimConfig *config,
                    gboolean         is_minimised)
{
  SimVerdict verdict;
  SimCounts  counts = {0};
  SimConfig  least = *config;

  sim_world_run (config, &verdict, &counts, NULL);
  printf ("# seed %" G_GUINT64_FORMAT " breaks the rule %s, %.6f s after its start: %s\n", config->seed,
          sim_rule_get_name (verdict.rule), (double)verdict.at_us / SIM_SECOND, verdict.message);
  print_command (config);
  if (is_minimised)
    {
      least = sim_minimise (config, &verdict);
      printf ("# minimised\n");
      print_command (&least);
      print_run (&least);
    }
  fflush (stdout);
}

static guint64
sum_faults (const SimCounts *counts)
{
  guint64 n = 0;

  for (guint i = 0; i < SIM_N_FAULTS; i++)
    n += i == SIM_FAULT_REORDER ? 0 : counts->faults[i];

  return n;
}

static void
print_count (const char *what,
             guint64     n)
{
  printf ("# counted: %" G_GUINT64_FORMAT " %s\n", n, what);
}

/* Where everything is put into an order of chance, each step would count. */
static void
print_faults (const SimCounts *counts)
{
  printf ("# faults:");
  for (guint i = 0; i < SIM_N_FAULTS; i++)
    if (i != SIM_FAULT_REORDER)
      printf (" %s %" G_GUINT64_FORMAT, sim_fault_get_name (i), counts->faults[i]);
  printf ("\n# %" G_GUINT64_FORMAT " steps in an order of chance\n", counts->faults[SIM_FAULT_REORDER]);
}

void
sim_report_counts (guint64          n_seeds,
                   const SimCounts *counts)
{
  print_count ("seeds", n_seeds);
  print_count ("simulated days", (guint64)(counts->virtual_us / SIM_DAY));
  print_count ("connections", counts->connections);
  print_count ("events accounted for",
               counts->events_delivered + counts->events_skipped + counts->events_gone);
  print_count ("faults injected", sum_faults (counts));
  printf ("# events: %" G_GUINT64_FORMAT " delivered, %" G_GUINT64_FORMAT " unreadable twice and left out, ",
          counts->events_delivered, counts->events_skipped);
  printf ("%" G_GUINT64_FORMAT " gone with sessions that ended\n", counts->events_gone);
  printf ("# %" G_GUINT64_FORMAT " identifies, %" G_GUINT64_FORMAT " resumes, %" G_GUINT64_FORMAT
          " commands\n",
          counts->identifies, counts->resumes, counts->commands);
  print_faults (counts);
  fflush (stdout);
}
