/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "engine-rig.h"

/* A long interval: no heartbeat of the schedule is near. */
static Rig *
make_live (void)
{
  Rig *rig = rig_new ();

  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 36000000);
  rig_ready (rig, "S1", 1);
  g_free (rig_take (rig));

  return rig;
}

static void
test_probe (void)
{
  g_autoptr (Rig) rig = make_live ();

  g_test_summary ("HB-15, BO-05: whoever asks whether the gateway is there has a heartbeat of his own, and one deadline is for all");
  dgw_engine_probe (rig->engine, rig->now_us);
  rig_expect (rig, "SEND 1 1");
  rig->now_us += SECOND;
  dgw_engine_probe (rig->engine, rig->now_us);
  rig_expect (rig, "SEND 1 1");

  rig_advance (rig, 3 * SECOND);
  rig_expect (rig, "");
  rig_advance (rig, SECOND);
  {
    g_autofree char *actions = rig_take (rig);

    g_assert_true (g_str_has_prefix (actions, "CLOSE 4903"));
  }
}

static void
test_session_meanwhile (void)
{
  g_autoptr (Rig) rig = make_live ();
  DgwResumeState other = {0};

  g_test_summary ("RES-16: a session that is set while the engine is at work changes nothing");
  dgw_resume_state_set (&other, "other", NULL, 7);
  dgw_engine_set_session (rig->engine, &other);
  dgw_resume_state_clear (&other);
  rig_expect (rig, "");

  rig->now_us += 2 * SECOND;
  rig_closed (rig, 4000);
  g_free (rig_take (rig));
  rig_reconnect (rig);
  rig_hello (rig, 41250);
  {
    g_autofree char *actions = rig_take (rig);

    g_assert_nonnull (strstr (actions, "SEND 6 S1 1"));
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();

  g_test_add_func ("/dgw/engine/engine-host/probe", test_probe);
  g_test_add_func ("/dgw/engine/engine-host/session-meanwhile", test_session_meanwhile);

  return g_test_run ();
}
