/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "link-rig.h"
#include "raw-server.h"

/* Security: TLS-VERIFY */
static void
test_tls (LinkRig      *rig,
          gconstpointer data)
{
  g_test_summary ("CON-11: an untrusted certificate is an error that is retried, and nothing is sent; a trusted one connects");
  link_rig_use_tls (rig);
  link_rig_open (rig);
  LINK_RIG_WAIT (rig->error != NULL);
  g_assert_error (rig->error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  g_assert_cmpuint (dgw_testing_simulator_get_n_requests (rig->simulator), ==, 0);
  g_clear_pointer (&rig->link, dgw_link_free);

  link_rig_trust_authority (rig);
  link_rig_get_ready (rig);
  link_rig_dispatch (rig, 100);
  LINK_RIG_WAIT (rig->sequence >= 101);
}

static void
test_tls_half_open (LinkRig      *rig,
                    gconstpointer data)
{
  g_test_summary ("HB-09: a dead peer behind TLS is left at once too, and the link goes without waiting for it");
  link_rig_use_tls (rig);
  link_rig_trust_authority (rig);
  g_object_set (rig->simulator, "heartbeat-interval", 100, NULL);
  link_rig_get_ready (rig);
  dgw_testing_simulator_cut_clients (rig->simulator, DGW_TESTING_CUT_HALF_OPEN);
  LINK_RIG_WAIT (rig->n_disconnected == 1);
  LINK_RIG_WAIT (rig->status == DGW_STATUS_READY);
  g_assert_cmpuint (dgw_testing_simulator_get_n_resumes (rig->simulator), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  raw_server_silence_logs ();
  g_test_add ("/dgw/worker/link-tls/verify", LinkRig, NULL, link_rig_set_up, test_tls, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-tls/half-open", LinkRig, NULL, link_rig_set_up, test_tls_half_open, link_rig_tear_down);

  return g_test_run ();
}
