/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* GET /gateway/bot, parsed; a value. */
typedef struct
{
  char  *url;
  guint  shards;
  guint  total;
  guint  remaining;
  gint64 reset_after_ms;
  guint  max_concurrency; /* at least 1 */
} DgwGatewayAnswer;

/* FALSE with DGW_GATEWAY_ERROR_PROTOCOL when the body is not such an answer
 * (a captive portal's page, say). Missing limits read as generous ones. */
gboolean dgw_gateway_answer_parse (DgwGatewayAnswer *answer,
                                   GBytes           *body,
                                   GError          **error);
void     dgw_gateway_answer_copy (const DgwGatewayAnswer *answer,
                                  DgwGatewayAnswer       *copy);
void     dgw_gateway_answer_clear (DgwGatewayAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DgwGatewayAnswer, dgw_gateway_answer_clear)

G_END_DECLS
