/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "engine/dgw-engine-table-private.h"

static void
test_complete (void)
{
  g_test_summary ("C15: every input has a reaction in every phase, and every name is there");
  for (guint phase = 0; phase < DGW_N_PHASES; phase++)
    {
      g_assert_nonnull (dgw_phase_to_string (phase));
      for (guint input = 0; input < DGW_N_INPUTS; input++)
        {
          const DgwEngineReaction *reaction = dgw_engine_table_lookup (phase, input);

          g_assert_nonnull (dgw_input_to_string (input));
          g_assert_nonnull (reaction->name);
          g_assert_true (reaction->handler || reaction->leads_to == 0);
          g_assert_cmpuint (reaction->leads_to, <, 1u << DGW_N_PHASES);
        }
    }
}

static void
test_every_phase_ends (void)
{
  g_test_summary ("DIS-05: every phase has a way to IDLE by a stop, and every phase is reached");
  for (guint phase = 0; phase < DGW_N_PHASES; phase++)
    {
      guint reached_by = 0;

      g_assert_nonnull (dgw_engine_table_lookup (phase, DGW_INPUT_STOP)->handler);
      for (guint from = 0; from < DGW_N_PHASES; from++)
        for (guint input = 0; input < DGW_N_INPUTS; input++)
          if (dgw_engine_table_lookup (from, input)->leads_to & (1u << phase))
            reached_by++;
      g_assert_cmpuint (reached_by, >, 0);
    }
}

static void
test_mermaid (void)
{
  g_autofree char *text = dgw_engine_table_to_mermaid ();

  g_test_summary ("The diagram has all phases and no arrow without a cause");
  g_assert_true (g_str_has_prefix (text, "stateDiagram-v2\n    [*] --> IDLE\n"));
  g_assert_nonnull (strstr (text, "    CONNECTING --> AWAIT_HELLO : opened\n"));
  g_assert_nonnull (strstr (text, "    HELD --> BACKOFF : release\n"));
  g_assert_null (strstr (text, ": \n"));
  for (guint phase = 0; phase < DGW_N_PHASES; phase++)
    g_assert_nonnull (strstr (text, dgw_phase_to_string (phase)));
}

static void
test_own_closes (void)
{
  g_test_summary ("DIS-02, HB-08: no code of our own ends a session, and none is taken for one of Discord's");
  for (guint cause = 0; cause < DGW_N_CAUSES; cause++)
    {
      const DgwOwnClose *own = dgw_engine_get_own_close (cause);

      g_assert_cmpuint (own->code, >=, 4900);
      g_assert_cmpuint (own->code, <=, 4999);
      g_assert_nonnull (own->reason);
      g_assert_cmpuint (strlen (own->reason), <=, 123);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/engine-table/complete", test_complete);
  g_test_add_func ("/dgw/engine/engine-table/every-phase-ends", test_every_phase_ends);
  g_test_add_func ("/dgw/engine/engine-table/mermaid", test_mermaid);
  g_test_add_func ("/dgw/engine/engine-table/own-closes", test_own_closes);

  return g_test_run ();
}
