/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include <dgw.h>

#include "base/dgw-gateway-error-private.h"

typedef struct
{
  guint           code;
  DgwGatewayError error;
  const char     *nick;
} Expected;

static void
test_code_for_close (void)
{
  static const Expected expected[] = {
    {4004, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED, "authentication-failed"},
    {4010, DGW_GATEWAY_ERROR_INVALID_SHARD,         "invalid-shard"        },
    {4011, DGW_GATEWAY_ERROR_SHARDING_REQUIRED,     "sharding-required"    },
    {4012, DGW_GATEWAY_ERROR_INVALID_API_VERSION,   "invalid-api-version"  },
    {4013, DGW_GATEWAY_ERROR_INVALID_INTENTS,       "invalid-intents"      },
    {4014, DGW_GATEWAY_ERROR_DISALLOWED_INTENTS,    "disallowed-intents"   },
    {4003, DGW_GATEWAY_ERROR_SESSION_INVALIDATED,   "session-invalidated"  },
    {4007, DGW_GATEWAY_ERROR_SESSION_INVALIDATED,   "session-invalidated"  },
    {4009, DGW_GATEWAY_ERROR_SESSION_INVALIDATED,   "session-invalidated"  },
    {4008, DGW_GATEWAY_ERROR_RATE_LIMITED,          "rate-limited"         },
    {4001, DGW_GATEWAY_ERROR_PROTOCOL,              "protocol"             },
    {4002, DGW_GATEWAY_ERROR_PROTOCOL,              "protocol"             },
    {4005, DGW_GATEWAY_ERROR_PROTOCOL,              "protocol"             },
    {4000, DGW_GATEWAY_ERROR_CLOSED,                "closed"               },
    {4006, DGW_GATEWAY_ERROR_CLOSED,                "closed"               },
    {4999, DGW_GATEWAY_ERROR_CLOSED,                "closed"               },
    {3000, DGW_GATEWAY_ERROR_CLOSED,                "closed"               },
    {1000, DGW_GATEWAY_ERROR_CLOSED,                "closed"               },
    {1006, DGW_GATEWAY_ERROR_CLOSED,                "closed"               },
    {0,    DGW_GATEWAY_ERROR_CLOSED,                "closed"               },
  };
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_GATEWAY_ERROR);

  g_test_summary ("CC-01, CC-06: the close code decides the error code; its nick is what scripts see");
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GError) error = dgw_gateway_error_for_close (expected[i].code, NULL);

      g_assert_error (error, DGW_GATEWAY_ERROR, (int)expected[i].error);
      g_assert_cmpstr (g_enum_get_value (klass, error->code)->value_nick, ==, expected[i].nick);
    }
}

static void
test_message (void)
{
  g_autoptr (GError) plain = dgw_gateway_error_for_close (4004, NULL);
  g_autoptr (GError) quoted = dgw_gateway_error_for_close (4014, "Disallowed intent(s).");
  g_autoptr (GError) unknown = dgw_gateway_error_for_close (4777, "");
  g_autoptr (GError) lost = dgw_gateway_error_for_close (1006, NULL);

  g_test_summary ("A message says what happened, with the code, and what to do");
  g_assert_cmpstr (plain->message,
                   ==,
                   "Discord refused the token (close code 4004). "
                   "Copy the token of the bot from the developer portal; it changes when it is reset.");
  g_assert_nonnull (strstr (quoted->message, "(close code 4014, “Disallowed intent(s).”)"));
  g_assert_cmpstr (unknown->message, ==, "Discord closed the connection (close code 4777). Connect again.");
  g_assert_null (strstr (lost->message, "1006"));
  g_assert_nonnull (strstr (lost->message, "Check the network"));
}

static void
test_intents (void)
{
  const guint intents = DGW_INTENTS_GUILDS | DGW_INTENTS_GUILD_MEMBERS | DGW_INTENTS_MESSAGE_CONTENT;
  g_autoptr (GError) error = dgw_gateway_error_for_close (4014, NULL);
  g_autoptr (GError) none = dgw_gateway_error_for_close (4014, NULL);
  g_autoptr (GError) other = dgw_gateway_error_for_close (4013, NULL);

  g_test_summary ("CC-01, peers A8: 4014 names the privileged ones among the intents");
  dgw_gateway_error_name_intents (error, 4014, intents);
  g_assert_true (g_str_has_suffix (error->message, " Privileged among the intents asked for: GUILD_MEMBERS,MESSAGE_CONTENT."));
  dgw_gateway_error_name_intents (none, 4014, DGW_INTENTS_GUILDS);
  g_assert_null (strstr (none->message, "Privileged among"));
  dgw_gateway_error_name_intents (other, 4013, intents);
  g_assert_null (strstr (other->message, "Privileged among"));
}

static void
test_every_code_has_advice (void)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_CLOSE_CODE);
  g_autoptr (GError) other = dgw_gateway_error_for_close (4777, NULL);
  const char *const end = strstr (other->message, " (");

  g_test_summary ("Each of Discord's close codes has a message of its own");
  for (guint i = 0; i < klass->n_values; i++)
    {
      g_autoptr (GError) error = NULL;

      if (klass->values[i].value < 4000)
        continue;
      error = dgw_gateway_error_for_close ((guint)klass->values[i].value, NULL);
      g_assert_cmpint (strncmp (error->message, other->message, (gsize)(end - other->message)), !=, 0);
    }
}

static void
test_hostile_reason (void)
{
  g_autoptr (GError) error = dgw_gateway_error_for_close (4000, "\033[31mred\n%s%n\xff");

  g_test_summary ("CC-05: the reason is only quoted: no escape codes, no broken UTF-8, no format");
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strchr (error->message, '\033'));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_nonnull (strstr (error->message, "%s%n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/gateway-error/code-for-close", test_code_for_close);
  g_test_add_func ("/dgw/base/gateway-error/message", test_message);
  g_test_add_func ("/dgw/base/gateway-error/intents", test_intents);
  g_test_add_func ("/dgw/base/gateway-error/every-code-has-advice", test_every_code_has_advice);
  g_test_add_func ("/dgw/base/gateway-error/hostile-reason", test_hostile_reason);

  return g_test_run ();
}
