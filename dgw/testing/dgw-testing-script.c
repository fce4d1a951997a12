/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads a scenario: the lines of a transcript that concern the gateway's side,
 * with repeats written out. What the lines mean is in
 * tests/transcripts/FORMAT.md and in the documentation of load_scenario().
 */

#include "config.h"

#include "testing/dgw-testing-script-private.h"

#include <gio/gio.h>
#include <string.h>

#include "testing/dgw-testing-json-private.h"

#define MAX_STEPS      100000
#define MAX_TEXT       (64 * 1024 * 1024)
#define MAX_TOTAL      (256 * 1024 * 1024)
#define CLOSE_ABNORMAL 1006

#define MAX_LINES   1000000
#define MAX_NESTING 8

typedef struct
{
  char     **lines;
  guint      n_lines;
  guint      at; /* the line that is read */
  guint      depth;
  guint      n_read; /* lines, with those of repeats each time */
  gsize      n_bytes;
  GPtrArray *steps;
  gboolean   acknowledges;
} Reader;

typedef struct
{
  const char *name;
  gint64      us;
} Unit;

static const Unit units[] = {
  {"us",  1                      },
  {"ms",  G_TIME_SPAN_MILLISECOND},
  {"s",   G_TIME_SPAN_SECOND     },
  {"min", G_TIME_SPAN_MINUTE     },
};

static void
step_free (gpointer data)
{
  DgwTestingStep *step = data;

  g_free (step->text);
  g_clear_pointer (&step->json, json_node_unref);
  g_free (step);
}

static gboolean
fail (Reader *reader, GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Line %u: %s", reader->at + 1, what);
  return FALSE;
}

static DgwTestingStep *
add_step (Reader *reader, DgwTestingStepKind kind)
{
  DgwTestingStep *step = g_new0 (DgwTestingStep, 1);

  step->kind = kind;
  step->line = reader->at + 1;
  g_ptr_array_add (reader->steps, step);
  return step;
}

/* "${x*3}" is "xxx", "$n" the round of the repeat. NULL when it gets too long. */
static char *
expand (const char *text, guint round)
{
  g_autoptr (GString) out = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *end = strchr (text, '}');
      const char *star = g_strstr_len (text, end != NULL ? end - text : 0, "*");

      if (g_str_has_prefix (text, "${") && end != NULL && star != NULL && g_ascii_isdigit (star[1]))
        {
          guint64 times = g_ascii_strtoull (star + 1, NULL, 10);
          gsize   length = star - text - 2;

          if (length > 0 && times > MAX_TEXT / length)
            return NULL;
          for (guint64 i = 0; i < times && length > 0; i++)
            g_string_append_len (out, text + 2, length);
          text = end + 1;
        }
      else if (g_str_has_prefix (text, "$n"))
        {
          g_string_append_printf (out, "%u", round);
          text += 2;
        }
      else
        g_string_append_c (out, *text++);
      if (out->len > MAX_TEXT)
        return NULL;
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
parse_time (const char *text, gint64 *time_us)
{
  char  *end;
  double value = g_ascii_strtod (text, &end);

  if (end == text || value < 0 || value > G_MAXINT32)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (g_str_equal (end, units[i].name))
        {
          *time_us = value * units[i].us;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
read_await (Reader *reader, const char *text, GError **error)
{
  g_autoptr (GError) parse_error = NULL;
  JsonNode *node = dgw_testing_json_parse (text, -1, &parse_error);

  if (node == NULL)
    return fail (reader, error, parse_error->message);

  add_step (reader, DGW_TESTING_STEP_AWAIT)->json = node;
  return TRUE;
}

static gboolean
read_time (Reader *reader, const char *text, GError **error)
{
  gint64 time_us;

  /* What the client does next is what the player waits for anyway. */
  if (g_str_has_prefix (text, "until "))
    return TRUE;
  if (g_str_has_prefix (text, "jump "))
    text += strlen ("jump ");
  if (*text != '+' || !parse_time (text + 1, &time_us))
    return fail (reader, error, "a time such as +500ms is missing");

  add_step (reader, DGW_TESTING_STEP_WAIT)->time_us = time_us;
  return TRUE;
}

/* "4009 Some reason" */
static gboolean
read_closed (Reader *reader, const char *text, GError **error)
{
  char           *end = NULL;
  guint64         code = g_ascii_strtoull (text, &end, 10);
  DgwTestingStep *step;

  if (*text != '\0' && (end == text || code > G_MAXUINT16 || (*end != '\0' && *end != ' ')))
    return fail (reader, error, "the close code is not a number");

  step = add_step (reader, DGW_TESTING_STEP_CLOSED);
  /* 1006 stands for the lack of a close frame. */
  step->number = code != CLOSE_ABNORMAL ? code : 0;
  if (end != NULL && *end == ' ')
    step->text = g_strstrip (g_strdup (end));
  return TRUE;
}

/* "503" or "429 300ms" */
static gboolean
read_status (Reader *reader, DgwTestingStepKind kind, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  DgwTestingStep *step = add_step (reader, kind);
  guint64         status = 503;

  if (words[0] != NULL && !g_str_equal (words[0], "error") &&
      !g_ascii_string_to_unsigned (words[0], 10, 200, 599, &status, NULL))
    return fail (reader, error, "the HTTP status is not a number from 200 to 599");
  if (words[0] != NULL && words[1] != NULL && !parse_time (words[1], &step->time_us))
    return fail (reader, error, "Retry-After is not a time such as 300ms");

  step->number = status;
  return TRUE;
}

static gboolean
read_answer (Reader *reader, const char *text, GError **error)
{
  DgwTestingStep *step;

  if (g_ascii_isdigit (*text) || g_str_equal (text, "error"))
    return read_status (reader, DGW_TESTING_STEP_ANSWER, text, error);

  step = add_step (reader, DGW_TESTING_STEP_ANSWER);
  step->number = 200;
  step->text = g_strdup (text);
  return TRUE;
}

static gboolean
read_happening (Reader *reader, const char *text, GError **error)
{
  gsize            length = strcspn (text, " ");
  const char      *rest = text + length + strspn (text + length, " ");
  g_autofree char *word = g_strndup (text, length);

  if (g_str_equal (word, "opened"))
    add_step (reader, DGW_TESTING_STEP_OPENED);
  else if (g_str_equal (word, "error"))
    add_step (reader, DGW_TESTING_STEP_ERROR);
  else if (g_str_equal (word, "alive"))
    add_step (reader, DGW_TESTING_STEP_ALIVE);
  else if (g_str_equal (word, "garbage"))
    add_step (reader, DGW_TESTING_STEP_GARBAGE);
  else if (g_str_equal (word, "closed"))
    return read_closed (reader, rest, error);
  else if (g_str_equal (word, "refused"))
    return read_status (reader, DGW_TESTING_STEP_REFUSED, rest, error);
  else if (g_str_equal (word, "answer"))
    return read_answer (reader, rest, error);
  else
    return fail (reader, error, "unknown happening after \"!\"");

  return TRUE;
}

static gboolean
read_line (Reader *reader, const char *line, GError **error)
{
  const char *text = line + 1 + strspn (line + 1, " ");

  if (line[1] != '\0' && line[1] != ' ')
    return fail (reader, error, "a space is missing behind the first character");

  switch (*line)
    {
    case '<':
      add_step (reader, DGW_TESTING_STEP_SEND)->text = g_strdup (text);
      return TRUE;
    case '>':
      return read_await (reader, text, error);
    case '@':
      return read_time (reader, text, error);
    case '!':
      return read_happening (reader, text, error);
    case ':':
      reader->acknowledges = reader->acknowledges || g_str_has_prefix (text, "ack ");
      return TRUE;
    case '*':
    case '=':
      return TRUE;
    default:
      return fail (reader, error, "it starts with none of < > @ ! * = : % #");
    }
}

static gboolean
is_directive (const char *line, const char *name)
{
  return g_str_has_prefix (line, "% ") && g_str_has_prefix (line + 2 + strspn (line + 2, " "), name);
}

static gboolean read_block (Reader *reader, guint round, GError **error);

/* The lines up to the end of a repeat, so many times. */
static gboolean
read_repeat (Reader *reader, GError **error)
{
  guint   first = reader->at + 1;
  guint64 times;

  if (!g_ascii_string_to_unsigned (strrchr (reader->lines[reader->at], ' ') + 1, 10, 0, MAX_STEPS, &times, NULL))
    return fail (reader, error, "% repeat needs a number");
  if (times == 0 || ++reader->depth > MAX_NESTING)
    return fail (reader, error, "% repeat of 0, or too many in each other");

  for (guint round = 1; round <= times; round++)
    {
      reader->at = first;
      if (!read_block (reader, round, error))
        return FALSE;
      if (reader->at == reader->n_lines)
        return fail (reader, error, "% end is missing");
    }
  reader->depth--;
  return TRUE;
}

/* Up to the end, or to the end of the repeat that this is in. */
static gboolean
read_block (Reader *reader, guint round, GError **error)
{
  for (; reader->at < reader->n_lines; reader->at++)
    {
      g_autofree char *line = expand (g_strstrip (reader->lines[reader->at]), round);

      if (line == NULL || ++reader->n_read > MAX_LINES ||
          reader->steps->len > MAX_STEPS || (reader->n_bytes += strlen (line)) > MAX_TOTAL)
        return fail (reader, error, "the scenario gets too long");
      if (*line == '\0' || *line == '#')
        continue;
      if (is_directive (line, "end"))
        return reader->depth > 0 || fail (reader, error, "% end without % repeat");
      if (is_directive (line, "repeat"))
        {
          if (!read_repeat (reader, error))
            return FALSE;
        }
      else if (!read_line (reader, line, error))
        return FALSE;
    }

  return TRUE;
}

/* The steps in their order; @acknowledges: heartbeats are answered by themselves. */
GPtrArray *
dgw_testing_script_parse (const char *text, gboolean *acknowledges, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (step_free);
  Reader reader = {.lines = lines, .n_lines = g_strv_length (lines), .steps = steps};

  if (!read_block (&reader, 0, error))
    return NULL;

  *acknowledges = reader.acknowledges;
  return g_steal_pointer (&steps);
}
