/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-log.h"

#include <string.h>

#include "sim-world.h"

#define SEEDS_PER_DEBUGGED 16

static SimWorld *current;

static void
check_field (const GLogField *field,
             GLogLevelFlags   level)
{
  const char *text = field->value;

  if (field->length >= 0)
    return;

  if (strstr (text, SIM_TOKEN))
    sim_world_fail (current, SIM_RULE_TOKEN, "the token in the log: %s", text);
  if (!g_str_equal (field->key, "MESSAGE"))
    return;

  if (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR))
    sim_world_fail (current, SIM_RULE_LOG, "%s", text);
  sim_world_note (current, "    %s", text);
}

static GLogWriterOutput
write_log_cb (GLogLevelFlags   level,
              const GLogField *fields,
              gsize            n_fields,
              gpointer         user_data)
{
  if (current == NULL)
    return g_log_writer_default (level, fields, n_fields, user_data);

  for (gsize i = 0; i < n_fields; i++)
    check_field (&fields[i], level);

  return G_LOG_WRITER_HANDLED;
}

void
sim_log_init (void)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_writer_func (write_log_cb, NULL, NULL);
}

void
sim_log_begin (SimWorld *world)
{
  current = world;
  if (world->trace || world->config.seed % SEEDS_PER_DEBUGGED == 0)
    g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  else
    g_unsetenv ("G_MESSAGES_DEBUG");
}

void
sim_log_end (void)
{
  current = NULL;
}
