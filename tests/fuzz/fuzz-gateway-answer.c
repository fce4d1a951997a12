/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "engine/dgw-gateway-answer-private.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_auto (DgwGatewayAnswer) answer = {0};
  g_auto (DgwGatewayAnswer) copy = {0};

  if (!dgw_gateway_answer_parse (&answer, body, &error))
    {
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL);

      return 0;
    }

  g_assert_no_error (error);
  g_assert_nonnull (answer.url);
  g_assert_true (g_utf8_validate (answer.url, -1, NULL));
  g_assert_cmpuint (answer.max_concurrency, >=, 1);
  g_assert_cmpint (answer.reset_after_ms, >=, 0);
  dgw_gateway_answer_copy (&answer, &copy);
  g_assert_cmpstr (copy.url, ==, answer.url);

  return 0;
}
