/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "entity-oracle-private.h"

/* Past these a double no longer tells one whole number from the next. */
#define MAX_WHOLE_DOUBLE 9007199254740992.0

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
         (json_node_get_value_type (node) == G_TYPE_INT64 || json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static gboolean
is_boolean (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
}

static gboolean
is_number_or_string (JsonNode *node)
{
  return is_number (node) || oracle_is_string (node);
}

static gboolean
is_anything (JsonNode *node)
{
  return TRUE;
}

/* A whole number in the range, whichever way it is written. */
static gboolean
get_whole (JsonNode *node,
           gint64    least,
           gint64    most,
           gint64   *number)
{
  double real;

  if (node == NULL || !is_number (node))
    return FALSE;

  real = json_node_get_double (node);
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    *number = json_node_get_int (node);
  else if (fabs (real) <= MAX_WHOLE_DOUBLE && floor (real) == real)
    *number = (gint64)real;
  else
    return FALSE;

  return *number >= least && *number <= most;
}

static const char *
get_string (JsonNode *node)
{
  return node != NULL && oracle_is_string (node) ? json_node_get_string (node) : NULL;
}

static char *
text_of_boolean (gboolean value)
{
  return g_strdup (value ? "yes" : "no");
}

void
check_boolean (Frame     *frame,
               const Row *row,
               gboolean   got)
{
  JsonNode *node = oracle_get_node (frame, row, is_boolean);
  gboolean  expected = node != NULL && is_boolean (node) && json_node_get_boolean (node);

  oracle_compare (frame, row, text_of_boolean (expected), text_of_boolean (got));
}

/* On the wire null says yes. */
void
check_presence (Frame     *frame,
                const Row *row,
                gboolean   got)
{
  JsonNode *node = oracle_get_node (frame, row, is_boolean);
  gboolean  expected = node != NULL &&
                      (JSON_NODE_HOLDS_NULL (node) || (is_boolean (node) && json_node_get_boolean (node)));

  oracle_compare (frame, row, text_of_boolean (expected), text_of_boolean (got));
}

void
check_int (Frame     *frame,
           const Row *row,
           int        got)
{
  JsonNode *node = oracle_get_node (frame, row, is_number);
  gint64    number;

  if (!get_whole (node, G_MININT32, G_MAXINT32, &number))
    number = row->missing;
  oracle_compare (frame, row, g_strdup_printf ("%" G_GINT64_FORMAT, number), g_strdup_printf ("%d", got));
}

void
check_int64 (Frame     *frame,
             const Row *row,
             gint64     got)
{
  JsonNode *node = oracle_get_node (frame, row, is_number);
  gint64    number;

  if (!get_whole (node, G_MININT64, G_MAXINT64, &number))
    number = row->missing;
  oracle_compare (frame, row, g_strdup_printf ("%" G_GINT64_FORMAT, number), g_strdup_printf ("%" G_GINT64_FORMAT, got));
}

/* Of more than 32 bits the lowest. */
void
check_uint (Frame     *frame,
            const Row *row,
            guint      got)
{
  JsonNode *node = oracle_get_node (frame, row, is_number);
  gint64    number;

  if (!get_whole (node, 0, G_MAXINT64, &number))
    number = 0;
  oracle_compare (frame, row, g_strdup_printf ("%u", (guint)(number & G_MAXUINT32)), g_strdup_printf ("%u", got));
}

/* Decimal digits and nothing else, in 64 bits. */
static gboolean
parse_bits (const char *text,
            guint64    *bits)
{
  *bits = 0;
  for (const char *digit = text; *digit != '\0'; digit++)
    if (*digit < '0' || *digit > '9' ||
        __builtin_mul_overflow (*bits, 10, bits) ||
        __builtin_add_overflow (*bits, (guint64)(*digit - '0'), bits))
      return FALSE;

  return *text != '\0';
}

void
check_uint64 (Frame     *frame,
              const Row *row,
              guint64    got)
{
  JsonNode   *node = oracle_get_node (frame, row, is_number_or_string);
  const char *text = get_string (node);
  gint64      number;
  guint64     bits = 0;

  if (get_whole (node, 0, G_MAXINT64, &number))
    bits = (guint64)number;
  else if (text == NULL || !parse_bits (text, &bits))
    bits = 0;
  oracle_compare (frame, row, g_strdup_printf ("%" G_GUINT64_FORMAT, bits), g_strdup_printf ("%" G_GUINT64_FORMAT, got));
}

void
check_double (Frame     *frame,
              const Row *row,
              double     got)
{
  JsonNode    *node = oracle_get_node (frame, row, is_number);
  const double number = node != NULL && is_number (node) ? json_node_get_double (node) : row->missing;

  oracle_compare (frame, row, g_strdup_printf ("%.17g", number), g_strdup_printf ("%.17g", got));
}

void
check_string (Frame      *frame,
              const Row  *row,
              const char *got)
{
  JsonNode *node = oracle_get_node (frame, row, oracle_is_string);

  oracle_compare (frame, row, oracle_text_of_string (get_string (node)), oracle_text_of_string (got));
}

void
check_id (Frame      *frame,
          const Row  *row,
          const char *got)
{
  JsonNode *node = oracle_get_node (frame, row, is_number_or_string);
  gint64    number;

  oracle_compare (frame, row,
                  get_whole (node, 0, G_MAXINT64, &number) ? g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", number)
                                                           : oracle_text_of_string (get_string (node)),
                  oracle_text_of_string (got));
}

/* Days from 1970-01-01; counted from March, so that the leap day is a year's last. */
static gint64
count_days (int year,
            int month,
            int day)
{
  const int    years = month > 2 ? year : year - 1;
  const int    months = (month + 9) % 12;
  const gint64 days_of_years = 365LL * years + years / 4 - years / 100 + years / 400;

  return days_of_years + (153 * months + 2) / 5 + day - 1 - 719468;
}

static gboolean
is_date (int year,
         int month,
         int day)
{
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const gboolean   leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] + (month == 2 && leap);
}

/* What follows the seconds: nothing, Z, or +hh:mm. */
static gboolean
parse_zone (const char *text,
            int        *offset_s)
{
  int  hours, minutes, end = 0;
  char sign;

  *offset_s = 0;
  if (*text == '\0' || strcmp (text, "Z") == 0)
    return TRUE;
  if (sscanf (text, "%c%2d:%2d%n", &sign, &hours, &minutes, &end) != 3 || text[end] != '\0')
    return FALSE;

  *offset_s = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
  return sign == '-' || sign == '+';
}

/* The digits after the point as microseconds. */
static const char *
parse_fraction (const char *text,
                gint64     *us)
{
  gint64 unit = G_USEC_PER_SEC;

  *us = 0;
  if (*text != '.')
    return text;
  for (text++; g_ascii_isdigit (*text); text++)
    *us += (unit /= 10) * (*text - '0');

  return text;
}

static char *
text_of_timestamp (const char *text)
{
  int    year, month, day, hour, minute, second, offset_s, end = 0;
  gint64 us;

  if (text == NULL || sscanf (text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &end) != 6)
    return g_strdup ("-");
  if (!is_date (year, month, day) || !parse_zone (parse_fraction (text + end, &us), &offset_s))
    return g_strdup ("-");

  us += ((count_days (year, month, day) * 24 + hour) * 3600 + minute * 60 + second - offset_s) * G_USEC_PER_SEC;

  return oracle_text_of_instant (us, offset_s);
}

void
check_time (Frame     *frame,
            const Row *row,
            GDateTime *got)
{
  JsonNode *node = oracle_get_node (frame, row, oracle_is_string);

  oracle_compare (frame, row, text_of_timestamp (get_string (node)), oracle_text_of_time (got));
}

/* GDateTime ends with the year 9999. */
void
check_time_ms (Frame     *frame,
               const Row *row,
               GDateTime *got)
{
  JsonNode *node = oracle_get_node (frame, row, is_number);
  gint64    ms;

  oracle_compare (frame, row,
                  get_whole (node, 0, 253402300799999, &ms) ? oracle_text_of_instant (ms * 1000, 0) : g_strdup ("-"),
                  oracle_text_of_time (got));
}

void
check_strings (Frame             *frame,
               const Row         *row,
               const char *const *got)
{
  JsonNode *node = oracle_get_node (frame, row, oracle_is_array);
  g_autoptr (GPtrArray) strings = g_ptr_array_new ();
  gboolean fits = node != NULL && oracle_is_array (node);

  for (guint i = 0; fits && i < json_array_get_length (json_node_get_array (node)); i++)
    {
      const char *string = get_string (json_array_get_element (json_node_get_array (node), i));

      if (string != NULL)
        g_ptr_array_add (strings, (gpointer)string);
    }
  g_ptr_array_add (strings, NULL);

  oracle_compare (frame, row, oracle_text_of_strings (fits ? (const char *const *)strings->pdata : NULL),
                  oracle_text_of_strings (got));
}

void
check_ints (Frame     *frame,
            const Row *row,
            GVariant  *got)
{
  JsonNode *node = oracle_get_node (frame, row, oracle_is_array);
  gboolean  fits = node != NULL && oracle_is_array (node);
  g_autoptr (GVariant) expected = NULL;
  GVariantBuilder builder;
  gint64          number;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("ai"));
  for (guint i = 0; fits && i < json_array_get_length (json_node_get_array (node)); i++)
    if (get_whole (json_array_get_element (json_node_get_array (node), i), G_MININT32, G_MAXINT32, &number))
      g_variant_builder_add (&builder, "i", (gint32)number);
  expected = g_variant_ref_sink (g_variant_builder_end (&builder));

  oracle_compare (frame, row, oracle_text_of_variant (fits ? expected : NULL), oracle_text_of_variant (got));
}

void
check_node (Frame     *frame,
            const Row *row,
            JsonNode  *got)
{
  JsonNode *node = oracle_get_node (frame, row, is_anything);

  if (got != NULL && !json_node_is_immutable (got))
    check_fail (frame->check, "%s.%s is not sealed", row->owner, row->property);

  oracle_compare (frame, row, oracle_text_of_node (node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL),
                  oracle_text_of_node (got));
}
