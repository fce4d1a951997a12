/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "engine/dgw-identify-ledger-private.h"
#include "fuzz.h"

/* A file of the identify limiter, up to a line with a dot, then what happens to
 * it: identifies that are asked for and given back, and what Discord told. */

#define NOW_US    ((gint64)1800000000 * G_USEC_PER_SEC)
#define WINDOW_US (5 * G_TIME_SPAN_SECOND)

static void
check_ledger (const DgwIdentifyLedger *ledger,
              gint64                   now_us)
{
  g_assert_cmpuint (ledger->remaining, <=, ledger->total);
  g_assert_cmpint (ledger->reset_us, >=, 0);
  g_assert_cmpint (ledger->reset_us, <=, now_us + G_TIME_SPAN_DAY);
  g_assert_cmpint (ledger->last_us, >=, 0);
  g_assert_cmpint (ledger->last_us, <=, now_us);
  for (guint i = 0; ledger->slots != NULL && i < ledger->slots->len; i++)
    g_assert_cmpint (g_array_index (ledger->slots, DgwIdentifySlot, i).taken_us, <=, now_us);
}

/* The next program reads what this one wrote. */
static void
check_file (const DgwIdentifyLedger *ledger,
            gint64                   now_us)
{
  g_autofree char *text = dgw_identify_ledger_format (ledger);
  g_autofree char *again = NULL;
  g_auto (DgwIdentifyLedger) copy = {0};

  dgw_identify_ledger_parse (&copy, text, now_us);
  again = dgw_identify_ledger_format (&copy);
  g_assert_cmpstr (text, ==, again);
}

static void
take (DgwIdentifyLedger *ledger,
      guint              bucket,
      gint64            *now_us)
{
  const guint  before = ledger->remaining;
  const gint64 reset_us = ledger->reset_us;
  const gint64 due_us = dgw_identify_ledger_take (ledger, bucket, WINDOW_US, *now_us);

  g_assert_cmpint (due_us, >=, *now_us);
  g_assert_cmpint (due_us, <=, *now_us + G_TIME_SPAN_DAY + WINDOW_US);
  if (due_us > *now_us)
    return;

  if (reset_us > *now_us && before > 0)
    g_assert_cmpuint (ledger->remaining, ==, before - 1);
  g_assert_cmpint (dgw_identify_ledger_take (ledger, bucket, WINDOW_US, *now_us), >, *now_us);
  *now_us += WINDOW_US - 1;
  g_assert_cmpint (dgw_identify_ledger_take (ledger, bucket, WINDOW_US, *now_us), >, *now_us);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput        input = {data, size};
  g_autofree char *text = fuzz_take_text (&input, '.');
  gint64           now_us = NOW_US;
  g_auto (DgwIdentifyLedger) ledger = {0};

  dgw_identify_ledger_parse (&ledger, text, now_us);
  check_ledger (&ledger, now_us);
  check_file (&ledger, now_us);

  while (input.size > 0)
    {
      const guint8 what = fuzz_take_byte (&input);
      const guint  bucket = what >> 4;

      switch (what & 3)
        {
        case 0:
          take (&ledger, bucket, &now_us);
          break;
        case 1:
          now_us += (gint64)fuzz_take_byte (&input) * fuzz_take_byte (&input) * 100 * G_TIME_SPAN_MILLISECOND;
          break;
        case 2:
          dgw_identify_ledger_give_back (&ledger, bucket, ledger.last_us);
          break;
        default:
          dgw_identify_ledger_learn (&ledger, fuzz_take_number (&input, 2), fuzz_take_number (&input, 2),
                                     now_us + fuzz_take_byte (&input) * G_TIME_SPAN_MINUTE, bucket, now_us);
          break;
        }
      check_ledger (&ledger, now_us);
    }
  check_file (&ledger, now_us);

  return 0;
}
