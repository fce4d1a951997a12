/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-link-private.h"

void
dgw_link_options_copy (const DgwLinkOptions *options,
                       DgwLinkOptions       *copy)
{
  *copy = *options;
  dgw_engine_options_copy (&options->engine, &copy->engine);
  copy->api_url = g_strdup (options->api_url);
  copy->user_agent = g_strdup (options->user_agent);
  if (copy->tls_database != NULL)
    g_object_ref (copy->tls_database);
  if (copy->tls_interaction != NULL)
    g_object_ref (copy->tls_interaction);
  if (copy->proxy_resolver != NULL)
    g_object_ref (copy->proxy_resolver);
  if (copy->identify_limiter != NULL)
    g_object_ref (copy->identify_limiter);
  copy->engine.external_permits = copy->identify_limiter != NULL;
}

void
dgw_link_options_clear (DgwLinkOptions *options)
{
  dgw_engine_options_clear (&options->engine);
  g_clear_pointer (&options->api_url, g_free);
  g_clear_pointer (&options->user_agent, g_free);
  g_clear_object (&options->tls_database);
  g_clear_object (&options->tls_interaction);
  g_clear_object (&options->proxy_resolver);
  g_clear_object (&options->identify_limiter);
}
