/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gio/gio.h>

#include "fuzz.h"
#include "testing/dgw-testing-script-private.h"

/* A scenario of the simulator. */

/* Repeats may write out up to a million lines and a quarter of a gigabyte, which
 * is meant so and takes its time: here few of them, with one digit. */
#define MAX_REPEATS 4
#define MAX_DIGITS  1

static void
check_step (const DgwTestingStep *step)
{
  g_assert_cmpuint (step->line, >, 0);
  g_assert_cmpint (step->time_us, >=, 0);
  g_assert_false (step->is_done);

  switch (step->kind)
    {
    case DGW_TESTING_STEP_SEND:
      g_assert_nonnull (step->text);
      break;
    case DGW_TESTING_STEP_AWAIT:
      g_assert_nonnull (step->json);
      break;
    case DGW_TESTING_STEP_REFUSED:
    case DGW_TESTING_STEP_ANSWER:
      g_assert_cmpuint (step->number, >=, 200);
      g_assert_cmpuint (step->number, <=, 599);
      break;
    case DGW_TESTING_STEP_CLOSED:
      g_assert_cmpuint (step->number, <=, G_MAXUINT16);
      break;
    case DGW_TESTING_STEP_WAIT:
    case DGW_TESTING_STEP_OPENED:
    case DGW_TESTING_STEP_ERROR:
    case DGW_TESTING_STEP_ALIVE:
    case DGW_TESTING_STEP_GARBAGE:
    default:
      g_assert_null (step->text);
      break;
    }
}

/* Of the line's rest. */
static guint
count_most_digits (const char *text)
{
  guint n_digits = 0;
  guint n_most_digits = 0;

  for (; *text != '\0' && *text != '\n'; text++)
    {
      n_digits = g_ascii_isdigit (*text) ? n_digits + 1 : 0;
      n_most_digits = MAX (n_most_digits, n_digits);
    }

  return n_most_digits;
}

static gboolean
is_too_long (const char *text)
{
  guint n_repeats = 0;

  for (; *text != '\0'; text++)
    if (g_str_has_prefix (text, "repeat") || g_str_has_prefix (text, "${"))
      {
        n_repeats++;
        if (n_repeats > MAX_REPEATS || count_most_digits (text) > MAX_DIGITS)
          return TRUE;
      }

  return FALSE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput        input = {data, size};
  g_autofree char *text = fuzz_take_text (&input, 0);
  gboolean         acknowledges = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) steps = NULL;

  if (is_too_long (text))
    return 0;

  steps = dgw_testing_script_parse (text, &acknowledges, &error);
  if (steps == NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);

      return 0;
    }

  g_assert_no_error (error);
  for (guint i = 0; i < steps->len; i++)
    check_step (steps->pdata[i]);

  return 0;
}
