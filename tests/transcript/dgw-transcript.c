/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "dgw-transcript.h"

#include <string.h>

#define KINDS       ":<>@!*=%"
#define MAX_LINES   100000
#define MAX_REPEATS 100000

/* What the names of addresses stand for. */
#define GATEWAY "wss://gateway.example"
#define RESUME  "wss://resume.example"

G_DEFINE_QUARK (dgw - transcript - error - quark, dgw_transcript_error)

static void
line_free (gpointer data)
{
  DgwTranscriptLine *line = data;

  g_free (line->text);
  g_free (line);
}

void
dgw_transcript_free (DgwTranscript *self)
{
  g_free (self->name);
  g_free (self->proves);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

char *
dgw_transcript_take_word (const char **text)
{
  const char *start = *text + strspn (*text, " ");
  gsize       length = strcspn (start, " ");

  *text = start + length + strspn (start + length, " ");

  return length > 0 ? g_strndup (start, length) : NULL;
}

static gboolean
parse_amount (const char *text,
              const char *unit,
              gint64     *time_us)
{
  const struct
  {
    const char *name;
    gint64      us;
  } units[] = {
    {"us",  1                 },
    {"ms",  1000              },
    {"s",   G_USEC_PER_SEC    },
    {"min", G_TIME_SPAN_MINUTE},
  };
  char  *end;
  double amount = g_ascii_strtod (text, &end);

  if (end == text || (*end != '\0' && !g_str_equal (end, unit)))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].name, unit))
      {
        *time_us = (gint64)(amount * (double)units[i].us + 0.5);
        return TRUE;
      }

  return FALSE;
}

static const char *
find_unit (const char *text)
{
  return text + strspn (text, "+0123456789.");
}

gboolean
dgw_transcript_parse_time (const char *text,
                           gint64     *time_us)
{
  return text != NULL && parse_amount (text, find_unit (text), time_us);
}

gboolean
dgw_transcript_parse_range (const char *text,
                            gint64     *least_us,
                            gint64     *most_us)
{
  const char      *dots = text ? strstr (text, "..") : NULL;
  g_autofree char *least = NULL;

  if (dots == NULL)
    {
      if (!dgw_transcript_parse_time (text, least_us))
        return FALSE;
      *most_us = *least_us;
      return TRUE;
    }

  least = g_strndup (text, (gsize)(dots - text));

  return parse_amount (least, find_unit (dots + 2), least_us) && dgw_transcript_parse_time (dots + 2, most_us);
}

/* ${x*4000} */
static void
expand_run (GString    *expanded,
            const char *start,
            gsize       length)
{
  g_autofree char *run = g_strndup (start, length);
  char            *times = strrchr (run, '*');

  if (times == NULL)
    return;

  *times = '\0';
  for (guint64 i = g_ascii_strtoull (times + 1, NULL, 10); i > 0; i--)
    g_string_append (expanded, run);
}

static gboolean
expand_name (GString     *expanded,
             const char **text,
             guint        round)
{
  if (g_str_has_prefix (*text, "$gateway"))
    g_string_append (expanded, GATEWAY);
  else if (g_str_has_prefix (*text, "$resume"))
    g_string_append (expanded, RESUME);
  else if (g_str_has_prefix (*text, "$n"))
    g_string_append_printf (expanded, "%u", round);
  else
    return FALSE;

  *text += 1 + strspn (*text + 1, "abcdefghijklmnopqrstuvwxyz");

  return TRUE;
}

static char *
expand (const char *text,
        guint       round)
{
  GString *expanded = g_string_new (NULL);

  while (*text != '\0')
    {
      const char *end = g_str_has_prefix (text, "${") ? strchr (text, '}') : NULL;

      if (end)
        {
          expand_run (expanded, text + 2, (gsize)(end - text) - 2);
          text = end + 1;
        }
      else if (!expand_name (expanded, &text, round))
        {
          g_string_append_c (expanded, *text++);
        }
    }

  return g_string_free (expanded, FALSE);
}

typedef struct
{
  DgwTranscript *transcript;
  GStrv          texts;
  guint          n_texts;
} Reader;

static gboolean
fail (Reader     *reader,
      guint       at,
      const char *message,
      GError    **error)
{
  g_set_error (error, DGW_TRANSCRIPT_ERROR, 0, "%s:%u: %s", reader->transcript->name, at + 1, message);

  return FALSE;
}

static gboolean
add_line (Reader  *reader,
          guint    at,
          guint    round,
          GError **error)
{
  const char        *text = reader->texts[at];
  DgwTranscriptLine *line;

  if (strchr (KINDS, *text) == NULL || (text[1] != ' ' && text[1] != '\0'))
    return fail (reader, at, "a line starts with one of " KINDS " and a space", error);
  if (reader->transcript->lines->len >= MAX_LINES)
    return fail (reader, at, "too many lines", error);

  line = g_new0 (DgwTranscriptLine, 1);
  line->kind = *text;
  line->number = at + 1;
  line->text = g_strstrip (expand (text + 1, round));
  g_ptr_array_add (reader->transcript->lines, line);

  return TRUE;
}

/* The line after the block's `% end`, or n_texts. */
static guint
find_end (Reader *reader,
          guint   at)
{
  guint depth = 1;

  for (; at < reader->n_texts; at++)
    {
      if (g_str_has_prefix (reader->texts[at], "% repeat "))
        depth++;
      else if (g_str_equal (reader->texts[at], "% end") && --depth == 0)
        break;
    }

  return at;
}

static gboolean
read_lines (Reader  *reader,
            guint    from,
            guint    to,
            guint    round,
            GError **error)
{
  for (guint i = from; i < to; i++)
    {
      const char *text = reader->texts[i];

      if (*text == '\0' || *text == '#')
        continue;

      if (g_str_has_prefix (text, "% repeat "))
        {
          guint64 n_rounds = g_ascii_strtoull (text + strlen ("% repeat "), NULL, 10);
          guint   end = find_end (reader, i + 1);

          if (end >= to || n_rounds == 0 || n_rounds > MAX_REPEATS)
            return fail (reader, i, "a repeat needs a number and an end", error);
          for (guint r = 1; r <= n_rounds; r++)
            if (!read_lines (reader, i + 1, end, r, error))
              return FALSE;
          i = end;
        }
      else if (!add_line (reader, i, round, error))
        {
          return FALSE;
        }
    }

  return TRUE;
}

static char *
find_proves (GStrv texts)
{
  for (gsize i = 0; texts[i] && *texts[i] == '#'; i++)
    if (g_str_has_prefix (texts[i], "# proves: "))
      return g_strdup (texts[i] + strlen ("# proves: "));

  return NULL;
}

DgwTranscript *
dgw_transcript_new (const char *name,
                    const char *text,
                    GError    **error)
{
  g_autoptr (DgwTranscript) self = g_new0 (DgwTranscript, 1);
  g_auto (GStrv) texts = g_strsplit (text, "\n", -1);
  Reader reader = {self, texts, g_strv_length (texts)};

  self->name = g_strdup (name);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  for (gsize i = 0; texts[i] != NULL; i++)
    g_strchomp (texts[i]);

  self->proves = find_proves (texts);
  if (self->proves == NULL)
    {
      fail (&reader, 0, "the first comment says which rules it proves", error);
      return NULL;
    }

  return read_lines (&reader, 0, reader.n_texts, 0, error) ? g_steal_pointer (&self) : NULL;
}

DgwTranscript *
dgw_transcript_load (const char *path,
                     GError    **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;

  return dgw_transcript_new (name, text, error);
}
