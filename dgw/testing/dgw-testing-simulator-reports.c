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
 * Loads a script by which clients are served from now on, one after the other.
 *
 * A scenario has one instruction a line; blank lines and lines that start with
 * `#` are skipped.
 *
 * | line | what the simulator does |
 * | --- | --- |
 * | `< TEXT` | sends the text as one payload, compressed as the client asked for |
 * | `> JSON` | waits for a payload of the client, which must be this one |
 * | `@ +500ms` | waits so long; units `us`, `ms`, `s`, `min` |
 * | `! opened` | waits for the next client |
 * | `! refused`, `! refused 429 300ms` | answers the next client's request for a WebSocket with HTTP 503, or with this status and `Retry-After` |
 * | `! closed 4009 reason` | closes the client, unless it has closed by itself |
 * | `! closed` | ends TCP without a close frame |
 * | `! error` | resets TCP |
 * | `! garbage` | sends a binary message that nobody can decompress |
 * | `! alive` | with zlib-stream: sends a message that completes no payload |
 * | `! answer JSON`, `! answer 429 300ms` | what the next REST request gets |
 * | `: ack 30ms` | acknowledges also those heartbeats that are awaited |
 * | `% repeat N` to `% end` | the lines between so many times; `$n` is the round, from 1 |
 *
 * `${x*4000}` in a line stands for 4000 times `x`. Lines that start with `*`, `=`
 * or another `:` are for the tests of the engine and skipped, as is `@ until`.
 *
 * JSON is compared by value; the string `"*"` matches anything, and an object
 * with `"...": "*"` may have further keys. Heartbeats may come at any time; those
 * that are not awaited are acknowledged. `$gateway` and `$resume` stand for
 * [property@Simulator:url] and [property@Simulator:resume-url], which also take
 * the place of a `resume_gateway_url` and of the `url` of a REST answer.
 *
 * When the last line has been played, or when something does not go as written,
 * [signal@Simulator::scenario-ended] is emitted. Clients that come later are
 * served in the ordinary way; of those that are there only the heartbeats are
 * answered. A text that is no scenario fails with
 * `G_IO_ERROR_INVALID_DATA` and a message that names the line. Stopping the
 * simulator unloads it.
 *
 * Returns: whether @text is a scenario
 *
 * Since: 0.1
 */
gboolean
dgw_testing_simulator_load_scenario (DgwTestingSimulator *self, const char *text, GError **error)
{
  DgwTestingRealm    *realm;
  DgwTestingScenario *scenario;

  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  realm = self->realm;
  scenario = dgw_testing_scenario_new (realm, text, error);
  if (scenario == NULL)
    return FALSE;

  g_clear_pointer (&realm->scenario, dgw_testing_scenario_free);
  realm->scenario = scenario;
  self->is_scenario_finished = FALSE;
  g_clear_pointer (&self->scenario_failure, g_free);
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_SCENARIO_FINISHED);
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_SCENARIO_FAILURE);
  if (self->rest != NULL)
    dgw_testing_scenario_start (scenario);
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
