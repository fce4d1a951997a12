/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>

#include "engine/dgw-identify-ledger-private.h"

#define S      ((gint64)G_USEC_PER_SEC)
#define WINDOW (5 * S)
#define DAY    (24 * 3600 * S)
/* Some day of 2026. */
#define START (1790000000 * S)

/* As the next program finds it. */
static void
read_again (DgwIdentifyLedger *ledger,
            gint64             now_us)
{
  g_autofree char *text = dgw_identify_ledger_format (ledger);

  dgw_identify_ledger_clear (ledger);
  dgw_identify_ledger_parse (ledger, text, now_us);
}

static void
test_window (void)
{
  g_auto (DgwIdentifyLedger) ledger = {0};

  g_test_summary ("ID-09: one per bucket and window, whichever program reads it");
  dgw_identify_ledger_parse (&ledger, NULL, START);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 0, WINDOW, START), ==, START);
  read_again (&ledger, START + S);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 0, WINDOW, START + S), ==, START + WINDOW);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 1, WINDOW, START + S), ==, START + S);
  read_again (&ledger, START + WINDOW);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 0, WINDOW, START + WINDOW), ==, START + WINDOW);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 1, WINDOW, START + WINDOW), ==, START + S + WINDOW);
}

static void
test_give_back (void)
{
  g_auto (DgwIdentifyLedger) ledger = {0};

  g_test_summary ("ID-13: a slot that was not used is free at once, and counts no more");
  dgw_identify_ledger_parse (&ledger, NULL, START);
  dgw_identify_ledger_learn (&ledger, 1000, 900, START + DAY, 1, START);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 0, WINDOW, START), ==, START);
  g_assert_cmpuint (ledger.remaining, ==, 899);
  dgw_identify_ledger_give_back (&ledger, 0, START - S);
  dgw_identify_ledger_give_back (&ledger, 1, START);
  g_assert_cmpuint (ledger.remaining, ==, 899);
  dgw_identify_ledger_give_back (&ledger, 0, START);
  g_assert_cmpuint (ledger.remaining, ==, 900);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 0, WINDOW, START + S), ==, START + S);
}

/* A program that identifies as soon as it may, crashes, and is started again. */
static guint
crash_for (DgwIdentifyLedger *ledger,
           gint64             from_us,
           gint64             to_us)
{
  gint64 now_us = from_us;
  guint  n_identifies = 0;

  while (now_us < to_us)
    {
      gint64 due_us;

      read_again (ledger, now_us);
      due_us = dgw_identify_ledger_take (ledger, 0, WINDOW, now_us);
      if (due_us == now_us)
        n_identifies++;
      /* A start takes a second. */
      now_us = MAX (due_us, now_us + S);
    }

  return n_identifies;
}

static void
test_crash_loop (void)
{
  g_auto (DgwIdentifyLedger) ledger = {0};
  guint n_first_hour;
  guint n_rest;

  g_test_summary ("ID-08, BO-04, peers F1: a crash loop of a day leaves a tenth of the session starts");
  dgw_identify_ledger_parse (&ledger, NULL, START);
  dgw_identify_ledger_learn (&ledger, 1000, 1000, START + DAY, 1, START);
  n_first_hour = crash_for (&ledger, START, START + 3600 * S);
  n_rest = crash_for (&ledger, START + 3600 * S, START + DAY);

  /* Half of them go fast, then a start comes every few minutes, to the end. */
  g_assert_cmpuint (n_first_hour, >=, 500);
  g_assert_cmpuint (n_first_hour, <=, 510);
  g_assert_cmpuint (n_first_hour + n_rest, <=, 900);
  g_assert_cmpuint (n_first_hour + n_rest, >, 800);
  g_assert_cmpuint (ledger.remaining, >=, 100);

  g_assert_cmpuint (crash_for (&ledger, START + DAY, START + DAY + 60 * S), >=, 11);
}

static void
test_floor (void)
{
  g_auto (DgwIdentifyLedger) ledger = {0};

  g_test_summary ("ID-08: when others used them up, the last tenth waits for the reset");
  dgw_identify_ledger_parse (&ledger, NULL, START);
  dgw_identify_ledger_learn (&ledger, 1000, 100, START + 7200 * S, 16, START);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 0, WINDOW, START), ==, START + 7200 * S);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 0, WINDOW, START + 7200 * S), ==, START + 7200 * S);
  g_assert_cmpuint (ledger.remaining, ==, 999);
}

static void
test_learn (void)
{
  g_auto (DgwIdentifyLedger) ledger = {0};

  g_test_summary ("ID-15: Discord's numbers count; of one day's the lower ones");
  dgw_identify_ledger_parse (&ledger, NULL, START);
  g_assert_cmpint (dgw_identify_ledger_take (&ledger, 0, WINDOW, START), ==, START);
  g_assert_cmpuint (ledger.total, ==, 1000);
  dgw_identify_ledger_learn (&ledger, 2000, 1500, START + DAY - 60 * S, 16, START + 60 * S);
  g_assert_cmpuint (ledger.remaining, ==, 999);
  dgw_identify_ledger_learn (&ledger, 2000, 1500, START + DAY / 2, 16, START + 60 * S);
  g_assert_cmpuint (ledger.remaining, ==, 1500);
  g_assert_cmpuint (ledger.max_concurrency, ==, 16);
  read_again (&ledger, START + 60 * S);
  g_assert_cmpuint (ledger.total, ==, 2000);
  g_assert_cmpuint (ledger.max_concurrency, ==, 16);
}

static void
test_odd (void)
{
  static const char *const texts[] = {
    "",
    "garbage \xff",
    "[identify]\ntotal=-5\nremaining=99999999999\nreset=x\nlast=1\n[buckets]\n-1=4\nx=1\n99999999999=1\n0=\n",
    "[identify]\ntotal=1000\nremaining=1001\nreset=9223372036854775807\nlast=9223372036854775807\n[buckets]\n0=9223372036854775807\n",
  };

  g_test_summary ("ID-08: a damaged text, or one of the future, neither stops the bot for long nor lets it run wild");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (DgwIdentifyLedger) ledger = {0};
      gint64 due_us;

      dgw_identify_ledger_parse (&ledger, texts[i], START);
      due_us = dgw_identify_ledger_take (&ledger, 0, WINDOW, START);
      g_assert_cmpint (due_us, >=, START);
      g_assert_cmpint (due_us, <=, START + WINDOW);
      g_assert_cmpint (dgw_identify_ledger_take (&ledger, 0, WINDOW, due_us + (due_us == START)), >=, due_us);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/identify-ledger/window", test_window);
  g_test_add_func ("/dgw/engine/identify-ledger/give-back", test_give_back);
  g_test_add_func ("/dgw/engine/identify-ledger/crash-loop", test_crash_loop);
  g_test_add_func ("/dgw/engine/identify-ledger/floor", test_floor);
  g_test_add_func ("/dgw/engine/identify-ledger/learn", test_learn);
  g_test_add_func ("/dgw/engine/identify-ledger/odd", test_odd);

  return g_test_run ();
}
