/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "testing/dgw-testing-realm-private.h"

G_BEGIN_DECLS

DgwTestingScenario *dgw_testing_scenario_new (DgwTestingRealm *realm,
                                              const char      *text,
                                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;
void                dgw_testing_scenario_free (DgwTestingScenario *scenario);

void dgw_testing_scenario_start (DgwTestingScenario *scenario);

gboolean dgw_testing_scenario_answer_request (DgwTestingScenario *scenario,
                                              DgwTestingFault    *fault,
                                              char              **body);
gboolean dgw_testing_scenario_answer_upgrade (DgwTestingScenario *scenario,
                                              DgwTestingFault    *fault);

gboolean dgw_testing_scenario_peer_opened (DgwTestingScenario *scenario,
                                           DgwTestingPeer     *peer);
void     dgw_testing_scenario_peer_closed (DgwTestingScenario *scenario,
                                           DgwTestingPeer     *peer);
gboolean dgw_testing_scenario_received (DgwTestingScenario *scenario,
                                        DgwTestingPeer     *peer,
                                        gint64              opcode,
                                        JsonNode           *payload);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingScenario, dgw_testing_scenario_free)

G_END_DECLS
