/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "testing/dgw-testing-realm-private.h"

G_BEGIN_DECLS

DgwTestingScenario *dgw_testing_scenario_new (const char *text,
                                              GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void                dgw_testing_scenario_free (DgwTestingScenario *scenario);

gboolean dgw_testing_scenario_peer_opened (DgwTestingScenario *scenario,
                                           DgwTestingPeer     *peer);
void     dgw_testing_scenario_peer_closed (DgwTestingScenario *scenario,
                                           DgwTestingPeer     *peer,
                                           guint               code);
gboolean dgw_testing_scenario_received (DgwTestingScenario *scenario,
                                        DgwTestingPeer     *peer,
                                        guint               opcode,
                                        JsonNode           *payload);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingScenario, dgw_testing_scenario_free)

G_END_DECLS
