/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-gateway-answer-private.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "codec/dgw-json-private.h"

/* What a gateway without limits of its own would say. */
#define DEFAULT_SHARDS          1
#define DEFAULT_STARTS          1000
#define DEFAULT_MAX_CONCURRENCY 1

static guint
read_count (DgwJsonView object,
            const char *name,
            guint       fallback)
{
  gint64 count = dgw_json_view_get_int64 (dgw_json_view_get_member (object, name), fallback);

  return (guint)CLAMP (count, 0, G_MAXINT);
}

static void
read_limits (DgwGatewayAnswer *answer,
             DgwJsonView       limits)
{
  DgwJsonView reset_after = dgw_json_view_get_member (limits, "reset_after");

  answer->total = read_count (limits, "total", DEFAULT_STARTS);
  answer->remaining = read_count (limits, "remaining", DEFAULT_STARTS);
  answer->reset_after_ms = CLAMP (dgw_json_view_get_int64 (reset_after, 0), 0, G_MAXINT);
  answer->max_concurrency = MAX (read_count (limits, "max_concurrency", DEFAULT_MAX_CONCURRENCY), 1);
}

/* A document needs a NUL past its end, which a body from elsewhere lacks. */
static DgwJson *
copy_to_json (GBytes *body)
{
  gsize       size;
  const char *data = g_bytes_get_data (body, &size);

  return dgw_json_new_copy (data, size);
}

gboolean
dgw_gateway_answer_parse (DgwGatewayAnswer *answer,
                          GBytes           *body,
                          GError          **error)
{
  g_autoptr (DgwJson) json = copy_to_json (body);
  DgwJsonView root;
  const char *url;

  if (!dgw_json_parse (json, error))
    {
      g_prefix_error (error, "%s", _ ("The answer about the gateway's address could not be read; perhaps this network wants a login first: "));
      return FALSE;
    }

  root = dgw_json_get_root (json);
  url = dgw_json_view_get_string (dgw_json_view_get_member (root, "url"));
  if (url == NULL || *url == '\0')
    {
      g_set_error_literal (error,
                           DGW_GATEWAY_ERROR,
                           DGW_GATEWAY_ERROR_PROTOCOL,
                           _ ("The answer about the gateway's address has no “url”. Check that the API address is right and that the network needs no login."));
      return FALSE;
    }

  *answer = (DgwGatewayAnswer){
    .url = g_strdup (url),
    .shards = MAX (read_count (root, "shards", DEFAULT_SHARDS), 1),
  };
  read_limits (answer, dgw_json_view_get_member (root, "session_start_limit"));

  return TRUE;
}

void
dgw_gateway_answer_copy (const DgwGatewayAnswer *answer,
                         DgwGatewayAnswer       *copy)
{
  *copy = *answer;
  copy->url = g_strdup (answer->url);
}

void
dgw_gateway_answer_clear (DgwGatewayAnswer *answer)
{
  g_clear_pointer (&answer->url, g_free);
  *answer = (DgwGatewayAnswer){0};
}
