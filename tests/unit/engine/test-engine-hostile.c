/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server that knows the token and says it again, wherever it can: the rig looks
 * for it in all that the engine tells and logs. */
#include "config.h"

#include "engine-rig.h"

#include <string.h>

#define ECHO "your token is Bot " RIG_TOKEN "\n\033[31mDgw: \xe2\x80\xae"

static void
assert_shown (const char *text)
{
  g_assert_nonnull (strstr (text, "your token is Bot [redacted]"));
  for (const char *p = text; *p != '\0'; p++)
    g_assert_false (g_ascii_iscntrl (*p));
  g_assert_null (strstr (text, "\xe2\x80\xae"));
}

/* Security: ERR-TOKEN, ERR-LINES */
static void
test_close_reason (void)
{
  static const guint codes[] = {1000, 4000, 4002, 4004, 4014};

  g_test_summary ("ID-14: the token in a close reason is shown to nobody, nor is what makes a line look like another");
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (Rig) rig = rig_new ();

      rig_go_stable (rig);
      dgw_engine_closed (rig->engine, codes[i], ECHO, NULL, rig->now_us);
      g_free (rig_take (rig));
      g_assert_null (strstr (rig->reason, RIG_TOKEN));
      assert_shown (rig->message);
      rig_take_warnings ();
    }
}

/* Security: ERR-TOKEN */
static void
test_errors (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_FILE_ERROR, 1, ECHO);
  g_autoptr (Rig) rig = rig_new_with_url (NULL);
  g_autoptr (Rig) live = rig_new ();

  g_test_summary ("ID-14: nor is it in what HTTP, TLS or a parser say");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_looked_up (rig->engine, NULL, 500, -1, error, rig->now_us);
  g_free (rig_take (rig));
  assert_shown (rig->message);
  assert_shown (rig->reason);

  rig_advance (rig, 5 * SECOND);
  rig_answer (rig, RIG_MAIN, 5);
  dgw_engine_connect_failed (rig->engine, 500, -1, error, rig->now_us);
  g_free (rig_take (rig));
  assert_shown (rig->message);
  assert_shown (rig->reason);

  rig_go_stable (live);
  dgw_engine_bad_payload (live->engine, error, live->now_us);
  g_free (rig_take (live));
  assert_shown (live->message);
  rig_take_warnings ();
}

/* Security: STATE-TOKEN */
static void
test_names (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (Rig) with_url = rig_new ();
  g_autoptr (Rig) asking = rig_new_with_url (NULL);
  g_autofree char *actions = NULL;
  g_autofree char *long_id = g_strnfill (257, 'a');

  g_test_summary ("It is taken neither for a session's id, which is kept in files, nor as a part of an address");
  rig_go_stable (rig);
  rig_closed (rig, 4009);
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_advance (rig, 6 * SECOND);
  g_free (rig_take (rig));
  rig_ready (rig, RIG_TOKEN, 1);
  actions = rig_take (rig);
  g_assert_nonnull (strstr (actions, "ERROR protocol"));
  g_assert_null (strstr (actions, "SESSION"));

  rig_reconnect (rig);
  rig_hello (rig, 40000);
  rig_advance (rig, 6 * SECOND);
  g_free (rig_take (rig));
  rig_ready (rig, long_id, 1);
  g_free (actions);
  actions = rig_take (rig);
  g_assert_null (strstr (actions, "SESSION"));

  rig_go_stable (with_url);
  rig_closed (with_url, 4009);
  rig_reconnect (with_url);
  rig_hello (with_url, 40000);
  rig_advance (with_url, 6 * SECOND);
  rig_frame (with_url, "{\"t\":\"READY\",\"s\":1,\"op\":0,\"d\":{\"session_id\":\"S2\",\"resume_gateway_url\":\"wss://" RIG_TOKEN ".example\"}}");
  g_free (rig_take (with_url));
  rig_closed (with_url, 4000);
  rig_advance (with_url, 5 * SECOND);
  g_free (rig_take (with_url));
  g_assert_true (g_str_has_prefix (with_url->url, RIG_MAIN));

  dgw_engine_start (asking->engine, asking->now_us);
  rig_answer (asking, "wss://" RIG_TOKEN ".example", 5);
  g_free (actions);
  actions = rig_take (asking);
  g_assert_null (strstr (actions, "CONNECT "));
  g_assert_nonnull (strstr (actions, "RECONNECTING"));
  rig_take_warnings ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();
  g_test_add_func ("/dgw/engine/engine-hostile/security/close-reason", test_close_reason);
  g_test_add_func ("/dgw/engine/engine-hostile/security/errors", test_errors);
  g_test_add_func ("/dgw/engine/engine-hostile/security/names", test_names);

  return g_test_run ();
}
