/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-secret-private.h"
#include "engine/dgw-engine-internal-private.h"

void
dgw_engine_options_copy (const DgwEngineOptions *options,
                         DgwEngineOptions       *copy)
{
  *copy = *options;
  copy->token = g_strdup (options->token);
  copy->url = g_strdup (options->url);
  copy->first_url = g_strdup (options->first_url);
  copy->os = g_strdup (options->os);
  copy->browser = g_strdup (options->browser);
  copy->device = g_strdup (options->device);
}

void
dgw_engine_options_clear (DgwEngineOptions *options)
{
  g_clear_pointer (&options->token, dgw_secret_free);
  g_clear_pointer (&options->url, g_free);
  g_clear_pointer (&options->first_url, g_free);
  g_clear_pointer (&options->os, g_free);
  g_clear_pointer (&options->browser, g_free);
  g_clear_pointer (&options->device, g_free);
}

/* What a session belongs to. */
gboolean
dgw_engine_options_is_other_session (const DgwEngineOptions *a,
                                     const DgwEngineOptions *b)
{
  return g_strcmp0 (a->token, b->token) != 0 ||
         a->intents != b->intents ||
         a->shard_id != b->shard_id ||
         a->shard_count != b->shard_count;
}
