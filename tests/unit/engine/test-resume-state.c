/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>

#include "engine/dgw-resume-state-private.h"

static void
test_resumable (void)
{
  g_auto (DgwResumeState) state = DGW_RESUME_STATE_INIT;

  g_test_summary ("RES-01: session id and sequence are needed; the URL may be missing");
  g_assert_false (dgw_resume_state_is_resumable (&state));
  dgw_resume_state_set (&state, "S1", "wss://resume.example", -1);
  g_assert_false (dgw_resume_state_is_resumable (&state));
  dgw_resume_state_set (&state, NULL, "wss://resume.example", 5);
  g_assert_false (dgw_resume_state_is_resumable (&state));
  dgw_resume_state_set (&state, "", "wss://resume.example", 5);
  g_assert_false (dgw_resume_state_is_resumable (&state));
  dgw_resume_state_set (&state, "S1", NULL, 5);
  g_assert_true (dgw_resume_state_is_resumable (&state));
}

static void
test_clear (void)
{
  g_auto (DgwResumeState) state = DGW_RESUME_STATE_INIT;

  g_test_summary ("RES-13, peers A5: id, sequence and URL go together");
  dgw_resume_state_set (&state, "S1", "wss://resume.example", 5);
  dgw_resume_state_clear (&state);
  g_assert_null (state.session_id);
  g_assert_null (state.resume_url);
  g_assert_cmpint (state.sequence, ==, -1);
  dgw_resume_state_clear (&state);
}

static void
test_set_from_itself (void)
{
  g_auto (DgwResumeState) state = DGW_RESUME_STATE_INIT;

  g_test_summary ("Setting a state from its own strings is safe, and a set replaces all");
  dgw_resume_state_set (&state, "S1", "wss://resume.example", G_GINT64_CONSTANT (1) << 40);
  dgw_resume_state_set (&state, state.session_id, state.resume_url, state.sequence + 1);
  g_assert_cmpstr (state.session_id, ==, "S1");
  g_assert_cmpstr (state.resume_url, ==, "wss://resume.example");
  g_assert_cmpint (state.sequence, ==, (G_GINT64_CONSTANT (1) << 40) + 1);

  /* RDY-07 */
  dgw_resume_state_set (&state, "S2", NULL, 1);
  g_assert_cmpstr (state.session_id, ==, "S2");
  g_assert_null (state.resume_url);
  g_assert_cmpint (state.sequence, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/resume-state/resumable", test_resumable);
  g_test_add_func ("/dgw/engine/resume-state/clear", test_clear);
  g_test_add_func ("/dgw/engine/resume-state/set-from-itself", test_set_from_itself);

  return g_test_run ();
}
