/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "dgw-player-private.h"

/* A log writer is set for the whole program, so what it hears is too. */
static GPtrArray *warnings;
static char      *leak;
static char      *secret_text;

static GLogWriterOutput
write_log_cb (GLogLevelFlags   level,
              const GLogField *fields,
              gsize            n_fields,
              gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      const char *value = fields[i].value;

      if (fields[i].length >= 0)
        continue;
      if (secret_text && strstr (value, secret_text) && leak == NULL)
        leak = g_strdup (value);
      if ((level & G_LOG_LEVEL_WARNING) && g_str_equal (fields[i].key, "MESSAGE"))
        g_ptr_array_add (warnings, g_strdup (value));
    }

  /* Criticals go on to where they end the program. */
  if (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR))
    return g_log_writer_default (level, fields, n_fields, user_data);

  return G_LOG_WRITER_HANDLED;
}

void
dgw_player_listen_to_logs (void)
{
  warnings = g_ptr_array_new_with_free_func (g_free);
  g_log_set_writer_func (write_log_cb, NULL, NULL);
}

void
dgw_player_log_reset (const char *secret)
{
  g_free (secret_text);
  secret_text = g_strdup (secret);
  g_clear_pointer (&leak, g_free);
  g_ptr_array_set_size (warnings, 0);
}

gboolean
dgw_player_log_take_warning (const char *part)
{
  for (guint i = 0; i < warnings->len; i++)
    if (strstr (g_ptr_array_index (warnings, i), part))
      {
        g_ptr_array_remove_index (warnings, i);
        return TRUE;
      }

  return FALSE;
}

char *
dgw_player_log_find_fault (void)
{
  if (leak)
    return g_strdup_printf ("the token was logged: %s", leak);
  if (warnings->len > 0)
    return g_strdup_printf ("a warning that nobody asserted: %s", (char *)g_ptr_array_index (warnings, 0));

  return NULL;
}
