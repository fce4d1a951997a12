/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "base/dgw-gateway-error.h"
#include "engine/dgw-gateway-answer-private.h"

static gboolean
parse (DgwGatewayAnswer *answer,
       const char       *body,
       GError          **error)
{
  /* On the heap and without a NUL, as a body comes from the network. */
  gsize size = strlen (body);
  g_autoptr (GBytes) bytes = g_bytes_new (body, size);

  return dgw_gateway_answer_parse (answer, bytes, error);
}

static void
test_full (void)
{
  g_auto (DgwGatewayAnswer) answer = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("CON-01, ID-15: all of the answer is read, nothing assumed");
  parse (&answer,
         "{\"url\":\"wss://gateway.discord.gg\",\"shards\":9,\"session_start_limit\":"
         "{\"total\":5000,\"remaining\":4999,\"reset_after\":14400000,\"max_concurrency\":16},\"new\":[]}",
         &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer.url, ==, "wss://gateway.discord.gg");
  g_assert_cmpuint (answer.shards, ==, 9);
  g_assert_cmpuint (answer.total, ==, 5000);
  g_assert_cmpuint (answer.remaining, ==, 4999);
  g_assert_cmpint (answer.reset_after_ms, ==, 14400000);
  g_assert_cmpuint (answer.max_concurrency, ==, 16);
}

static void
test_url_only (void)
{
  g_auto (DgwGatewayAnswer) answer = {0};

  g_test_summary ("CON-01: GET /gateway has the URL only; limits read as generous ones");
  g_assert_true (parse (&answer, " {\"url\":\"wss://h\"}\n", NULL));
  g_assert_cmpuint (answer.shards, ==, 1);
  g_assert_cmpuint (answer.total, ==, 1000);
  g_assert_cmpuint (answer.remaining, ==, 1000);
  g_assert_cmpint (answer.reset_after_ms, ==, 0);
  g_assert_cmpuint (answer.max_concurrency, ==, 1);
}

static void
test_odd_limits (void)
{
  g_auto (DgwGatewayAnswer) answer = {0};

  g_test_summary ("Numbers out of range and of wrong types do no harm");
  g_assert_true (parse (&answer,
                        "{\"url\":\"wss://h\",\"shards\":0,\"session_start_limit\":"
                        "{\"total\":\"x\",\"remaining\":-1,\"reset_after\":1e300,\"max_concurrency\":0}}",
                        NULL));
  g_assert_cmpuint (answer.shards, ==, 1);
  g_assert_cmpuint (answer.total, ==, 1000);
  g_assert_cmpuint (answer.remaining, ==, 0);
  g_assert_cmpint (answer.reset_after_ms, >=, 0);
  g_assert_cmpuint (answer.max_concurrency, ==, 1);
  dgw_gateway_answer_clear (&answer);

  g_assert_true (parse (&answer, "{\"url\":\"wss://h\",\"shards\":9223372036854775807,\"session_start_limit\":[]}", NULL));
  g_assert_cmpuint (answer.shards, ==, G_MAXINT);
  g_assert_cmpuint (answer.remaining, ==, 1000);
}

static void
test_no_answer (void)
{
  const char *const bodies[] = {
    "",
    "<html><body>Please log in</body></html>",
    "null",
    "[]",
    "{}",
    "{\"url\":null}",
    "{\"url\":\"\"}",
    "{\"url\":5}",
    "{\"message\":\"401: Unauthorized\",\"code\":0}",
    "{\"url\":\"wss://h\"",
  };

  g_test_summary ("CON-16: a captive portal's page and the like are an error");
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_auto (DgwGatewayAnswer) answer = {0};
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bodies[i]);
      g_assert_false (parse (&answer, bodies[i], &error));
      g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL);
      g_assert_null (answer.url);
    }
}

static void
test_copy (void)
{
  g_auto (DgwGatewayAnswer) answer = {0};
  g_auto (DgwGatewayAnswer) copy = {0};

  g_test_summary ("A copy stands alone");
  g_assert_true (parse (&answer, "{\"url\":\"wss://h\",\"shards\":3}", NULL));
  dgw_gateway_answer_copy (&answer, &copy);
  dgw_gateway_answer_clear (&answer);
  g_assert_null (answer.url);
  g_assert_cmpstr (copy.url, ==, "wss://h");
  g_assert_cmpuint (copy.shards, ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/gateway-answer/full", test_full);
  g_test_add_func ("/dgw/engine/gateway-answer/url-only", test_url_only);
  g_test_add_func ("/dgw/engine/gateway-answer/odd-limits", test_odd_limits);
  g_test_add_func ("/dgw/engine/gateway-answer/no-answer", test_no_answer);
  g_test_add_func ("/dgw/engine/gateway-answer/copy", test_copy);

  return g_test_run ();
}
