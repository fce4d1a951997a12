/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-json.h"

#include <string.h>

static const char *
skip_blanks (const char *at)
{
  return at + strspn (at, " \t\r\n");
}

/* Each skips one thing, and returns NULL where it is not there. */
static const char *
skip_value (const char *at);

static const char *
skip_string (const char *at)
{
  if (*at != '"')
    return NULL;

  for (at++; *at != '"'; at++)
    {
      if ((guchar)*at < 0x20)
        return NULL;
      if (*at == '\\' && strchr ("\"\\/bfnrtu", *++at) == NULL)
        return NULL;
    }

  return at + 1;
}

static const char *
skip_number (const char *at)
{
  const char *start = at + (*at == '-');

  at = start + strspn (start, "0123456789");
  if (at == start || (*start == '0' && at > start + 1))
    return NULL;

  return at + strspn (at, "0123456789.eE+-");
}

static const char *
skip_member (const char *at)
{
  at = skip_string (at);
  if (at == NULL || *(at = skip_blanks (at)) != ':')
    return NULL;

  return skip_value (at + 1);
}

static const char *
skip_list (const char *at,
           char        end,
           const char *(*skip) (const char *at))
{
  at = skip_blanks (at + 1);
  if (*at == end)
    return at + 1;

  while ((at = skip (at)))
    {
      at = skip_blanks (at);
      if (*at == end)
        return at + 1;
      if (*at != ',')
        return NULL;
      at = skip_blanks (at + 1);
    }

  return NULL;
}

static const char *
skip_word (const char *at)
{
  const char *const words[] = {"true", "false", "null"};

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strncmp (at, words[i], strlen (words[i])) == 0)
      return at + strlen (words[i]);

  return NULL;
}

static const char *
skip_value (const char *at)
{
  at = skip_blanks (at);
  switch (*at)
    {
    case '{':
      return skip_list (at, '}', skip_member);
    case '[':
      return skip_list (at, ']', skip_value);
    case '"':
      return skip_string (at);
    case 't':
    case 'f':
    case 'n':
      return skip_word (at);
    default:
      return skip_number (at);
    }
}

gboolean
sim_json_is_valid (const char *text)
{
  const char *end = skip_value (text);

  return end != NULL && *skip_blanks (end) == '\0' && g_utf8_validate (text, -1, NULL);
}

const char *
sim_json_member (const char *object,
                 const char *name)
{
  gsize length = strlen (name);

  if (object == NULL || *(object = skip_blanks (object)) != '{')
    return NULL;

  for (object = skip_blanks (object + 1); *object == '"';)
    {
      const char *key = object + 1;
      const char *colon = skip_blanks (skip_string (object));

      if (strncmp (key, name, length) == 0 && key[length] == '"')
        return skip_blanks (colon + 1);

      object = skip_blanks (skip_value (colon + 1));
      if (*object == ',')
        object = skip_blanks (object + 1);
    }

  return NULL;
}

gint64
sim_json_int (const char *object,
              const char *name,
              gint64      fallback)
{
  const char *value = sim_json_member (object, name);

  if (value == NULL || !(g_ascii_isdigit (*value) || *value == '-'))
    return fallback;

  return g_ascii_strtoll (value, NULL, 10);
}

char *
sim_json_dup_value (const char *object,
                    const char *name)
{
  const char *value = sim_json_member (object, name);

  return value != NULL ? g_strndup (value, (gsize)(skip_value (value) - value)) : NULL;
}

char *
sim_json_dup_string (const char *object,
                     const char *name)
{
  const char *value = sim_json_member (object, name);

  if (value == NULL || *value != '"')
    return NULL;

  return g_strndup (value + 1, (gsize)(skip_string (value) - value - 2));
}

gboolean
sim_json_is_null (const char *object,
                  const char *name)
{
  const char *value = sim_json_member (object, name);

  return value != NULL && *value == 'n';
}
