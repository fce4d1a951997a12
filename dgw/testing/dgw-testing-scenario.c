/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "testing/dgw-testing-scenario-private.h"

struct _DgwTestingScenario
{
  int unused;
};

DgwTestingScenario *
dgw_testing_scenario_new (const char *text, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Scenarios are not understood");
  return NULL;
}

void
dgw_testing_scenario_free (DgwTestingScenario *scenario)
{
  g_free (scenario);
}

gboolean
dgw_testing_scenario_peer_opened (DgwTestingScenario *scenario, DgwTestingPeer *peer)
{
  return FALSE;
}

void
dgw_testing_scenario_peer_closed (DgwTestingScenario *scenario, DgwTestingPeer *peer, guint code)
{
}

gboolean
dgw_testing_scenario_received (DgwTestingScenario *scenario, DgwTestingPeer *peer, guint opcode, JsonNode *payload)
{
  return FALSE;
}
