/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include <dgw.h>

typedef struct
{
  guint       code;
  gboolean    can_reconnect;
  gboolean    can_resume;
  const char *nick;
} Expected;

static const Expected expected[] = {
  {4000,      TRUE,  TRUE,  "unknown-error"        }, /* CC-4000 */
  {4001,      TRUE,  FALSE, "unknown-opcode"       }, /* CC-4001 */
  {4002,      TRUE,  TRUE,  "decode-error"         }, /* CC-4002 */
  {4003,      TRUE,  FALSE, "not-authenticated"    }, /* CC-4003 */
  {4004,      FALSE, FALSE, "authentication-failed"}, /* CC-4004 */
  {4005,      TRUE,  TRUE,  "already-authenticated"}, /* CC-4005 */
  {4007,      TRUE,  FALSE, "invalid-seq"          }, /* CC-4007 */
  {4008,      TRUE,  TRUE,  "rate-limited"         }, /* CC-4008 */
  {4009,      TRUE,  FALSE, "session-timed-out"    }, /* CC-4009 */
  {4010,      FALSE, FALSE, "invalid-shard"        }, /* CC-4010 */
  {4011,      FALSE, FALSE, "sharding-required"    }, /* CC-4011 */
  {4012,      FALSE, FALSE, "invalid-api-version"  }, /* CC-4012 */
  {4013,      FALSE, FALSE, "invalid-intents"      }, /* CC-4013 */
  {4014,      FALSE, FALSE, "disallowed-intents"   }, /* CC-4014 */
  {0,         TRUE,  TRUE,  "none"                 }, /* CC-NONE */
  {1005,      TRUE,  TRUE,  "no-status"            }, /* CC-NONE */
  {1006,      TRUE,  TRUE,  "abnormal"             }, /* CC-NONE */
  {1000,      TRUE,  TRUE,  "normal"               }, /* CC-1000 */
  {1001,      TRUE,  TRUE,  "going-away"           }, /* CC-1001 */
  {1011,      TRUE,  TRUE,  "unknown"              }, /* CC-OTHER */
  {3000,      TRUE,  TRUE,  "unknown"              }, /* CC-OTHER, CC-02 */
  {4006,      TRUE,  TRUE,  "unknown"              }, /* CC-06 */
  {4999,      TRUE,  TRUE,  "unknown"              }, /* CC-OTHER, CC-02 */
  {G_MAXUINT, TRUE,  TRUE,  "unknown"              },
};

static void
test_reconnect_and_resume (void)
{
  g_test_summary ("CC-02, CC-06, CC-NONE, CC-OTHER: only Discord's final codes stop the client");
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_test_message ("close code %u", expected[i].code);
      g_assert_cmpint (dgw_close_code_can_reconnect (expected[i].code), ==, expected[i].can_reconnect);
      g_assert_cmpint (dgw_close_code_can_resume (expected[i].code), ==, expected[i].can_resume);
    }
}

static void
test_to_string (void)
{
  g_test_summary ("dgw_close_code_to_string gives the nick of the enum");
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (dgw_close_code_to_string (expected[i].code), ==, expected[i].nick);
}

static void
test_all_are_covered (void)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_CLOSE_CODE);

  g_test_summary ("Every close code of the schema is in this test's table");
  for (guint i = 0; i < klass->n_values; i++)
    {
      gboolean found = FALSE;

      for (gsize j = 0; j < G_N_ELEMENTS (expected); j++)
        found = found || expected[j].code == (guint)klass->values[i].value;
      g_test_message ("%s", klass->values[i].value_name);
      g_assert_true (found);
    }
}

static void
test_describe (void)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_CLOSE_CODE);
  g_autofree char *other = dgw_close_code_describe (4777);
  g_autofree char *lost = dgw_close_code_describe (0);

  g_test_summary ("CC-01: for people: a sentence that says what happened, and one that says what to do");
  g_assert_nonnull (strstr (lost, "without a close code"));
  for (guint i = 0; i < klass->n_values; i++)
    {
      guint            code = (guint)klass->values[i].value;
      g_autofree char *text = dgw_close_code_describe (code);
      g_autofree char *number = g_strdup_printf ("(close code %u). ", code);

      if (dgw_close_code_can_reconnect (code))
        continue;
      g_assert_nonnull (strstr (text, number));
      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_false (g_str_has_prefix (text, "Discord closed the connection"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/base/close-code/reconnect-and-resume", test_reconnect_and_resume);
  g_test_add_func ("/dgw/base/close-code/to-string", test_to_string);
  g_test_add_func ("/dgw/base/close-code/all-are-covered", test_all_are_covered);
  g_test_add_func ("/dgw/base/close-code/describe", test_describe);

  return g_test_run ();
}
