/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-lookup-private.h"

#include <string.h>

#include "engine/dgw-address-private.h"

static gpointer
worker_ref (gpointer owner)
{
  return dgw_worker_ref (owner);
}

static void
worker_unref (gpointer owner)
{
  dgw_worker_unref (owner);
}

/* Without TLS the token may go to this host and no further: not to a proxy that
 * the environment names for all that is plain. */
DgwNetOptions
dgw_link_options_get_net (const DgwLinkOptions *options,
                          const char           *address,
                          DgwWorker            *worker)
{
  return (DgwNetOptions){
    .user_agent = options->user_agent,
    .tls_database = options->tls_database,
    .tls_interaction = options->tls_interaction,
    .proxy_resolver = options->proxy_resolver,
    .is_direct = dgw_address_is_plain_loopback (address),
    .owner = worker,
    .owner_ref = worker_ref,
    .owner_unref = worker_unref,
    .poller = dgw_worker_get_poller (worker),
  };
}

DgwHttp *
dgw_lookup_start (const DgwLinkOptions *options,
                  DgwWorker            *worker,
                  DgwHttpFunc           func,
                  gpointer              user_data,
                  GError              **error)
{
  const char      *root = options->api_url;
  gsize            length = strlen (root);
  g_autofree char *address = NULL;
  DgwNetOptions    net;

  while (length > 0 && root[length - 1] == '/')
    length--;
  address = g_strdup_printf ("%.*s/gateway/bot", (int)length, root);
  if (!dgw_address_check (address, options->engine.allow_insecure, error))
    return NULL;

  net = dgw_link_options_get_net (options, address, worker);

  return dgw_http_get (&net, address, options->engine.token, func, user_data, error);
}
