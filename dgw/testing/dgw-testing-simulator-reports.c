/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the simulator tells about its clients, and its scenario. */

#include "config.h"

#include "testing/dgw-testing-simulator-private.h"

#include "testing/dgw-testing-scenario-private.h"

/**
 * dgw_testing_simulator_load_scenario:
 * @self: a simulator
 * @text: the scenario
 * @error: the reason for a failure
 *
 * Loads a script that clients are served by from now on.
 *
 * Returns: whether @text is a scenario
 *
 * Since: 0.1
 */
gboolean
dgw_testing_simulator_load_scenario (DgwTestingSimulator *self, const char *text, GError **error)
{
  DgwTestingScenario *scenario;

  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  scenario = dgw_testing_scenario_new (text, error);
  if (scenario == NULL)
    return FALSE;

  g_clear_pointer (&self->realm->scenario, dgw_testing_scenario_free);
  self->realm->scenario = scenario;
  self->is_scenario_finished = FALSE;
  g_clear_pointer (&self->scenario_failure, g_free);
  g_object_notify (G_OBJECT (self), "scenario-finished");
  g_object_notify (G_OBJECT (self), "scenario-failure");
  return TRUE;
}

/**
 * dgw_testing_simulator_get_scenario_finished:
 * @self: a simulator
 *
 * Whether the loaded scenario has come to its end, well or not.
 *
 * Returns: whether it has ended; `FALSE` when none was loaded
 *
 * Since: 0.1
 */
gboolean
dgw_testing_simulator_get_scenario_finished (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), FALSE);

  return self->is_scenario_finished;
}

/**
 * dgw_testing_simulator_get_scenario_failure:
 * @self: a simulator
 *
 * What did not go as the scenario says, with the number of its line.
 *
 * Returns: (nullable): the failure; `NULL` when nothing went wrong so far
 *
 * Since: 0.1
 */
const char *
dgw_testing_simulator_get_scenario_failure (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), NULL);

  return self->scenario_failure;
}

/**
 * dgw_testing_simulator_dup_last_identify:
 * @self: a simulator
 *
 * The `d` of the newest identify (opcode 2), refused ones included.
 *
 * Returns: (nullable) (transfer full): the data; `NULL` when none came
 *
 * Since: 0.1
 */
JsonNode *
dgw_testing_simulator_dup_last_identify (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), NULL);

  return self->realm->last_identify != NULL ? json_node_copy (self->realm->last_identify) : NULL;
}

/**
 * dgw_testing_simulator_dup_last_resume:
 * @self: a simulator
 *
 * The `d` of the newest resume (opcode 6), refused ones included.
 *
 * Returns: (nullable) (transfer full): the data; `NULL` when none came
 *
 * Since: 0.1
 */
JsonNode *
dgw_testing_simulator_dup_last_resume (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), NULL);

  return self->realm->last_resume != NULL ? json_node_copy (self->realm->last_resume) : NULL;
}

/**
 * dgw_testing_simulator_get_request_header:
 * @self: a simulator
 * @name: the name of the header
 *
 * A header of the newest REST request.
 *
 * Returns: (nullable): its value; `NULL` when it had none
 *
 * Since: 0.1
 */
const char *
dgw_testing_simulator_get_request_header (DgwTestingSimulator *self, const char *name)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return self->rest != NULL ? dgw_testing_rest_get_header (self->rest, name) : NULL;
}

/**
 * dgw_testing_simulator_get_upgrade_header:
 * @self: a simulator
 * @name: the name of the header
 *
 * A header of the newest request for a WebSocket on [property@Simulator:url].
 *
 * Returns: (nullable): its value; `NULL` when it had none
 *
 * Since: 0.1
 */
const char *
dgw_testing_simulator_get_upgrade_header (DgwTestingSimulator *self, const char *name)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return self->rest != NULL ? dgw_testing_rest_get_upgrade_header (self->rest, name) : NULL;
}

/**
 * dgw_testing_simulator_get_n_clients:
 * @self: a simulator
 *
 * How many connections are open, half-open ones included.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_testing_simulator_get_n_clients (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), 0);

  return self->realm->peers->len;
}

/**
 * dgw_testing_simulator_get_n_sessions:
 * @self: a simulator
 *
 * How many sessions there are, those included whose client is away.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_testing_simulator_get_n_sessions (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), 0);

  return g_hash_table_size (self->realm->sessions);
}

/**
 * dgw_testing_simulator_get_n_connections:
 * @self: a simulator
 *
 * How many WebSockets were opened so far.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_testing_simulator_get_n_connections (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), 0);

  return self->realm->n_connections;
}

/**
 * dgw_testing_simulator_get_n_identifies:
 * @self: a simulator
 *
 * How many identifies came so far, refused ones included.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_testing_simulator_get_n_identifies (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), 0);

  return self->realm->n_identifies;
}

/**
 * dgw_testing_simulator_get_n_resumes:
 * @self: a simulator
 *
 * How many resumes came so far, refused ones included.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_testing_simulator_get_n_resumes (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), 0);

  return self->realm->n_resumes;
}

/**
 * dgw_testing_simulator_get_n_requests:
 * @self: a simulator
 *
 * How many REST requests came so far.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_testing_simulator_get_n_requests (DgwTestingSimulator *self)
{
  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), 0);

  return self->realm->n_rest_requests;
}
