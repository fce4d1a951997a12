/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Plays a script over real connections, one client at a time. What comes from
 * clients before its turn waits: payloads, and clients that connect. Time on a
 * real host is not exact, so this is more patient than the unit player.
 */

#include "config.h"

#include "testing/dgw-testing-scenario-private.h"

#include "testing/dgw-testing-json-private.h"
#include "testing/dgw-testing-peer-private.h"
#include "testing/dgw-testing-protocol-private.h"
#include "testing/dgw-testing-script-private.h"
#include "testing/dgw-testing-timer-private.h"

#define GARBAGE "\xff\xfe\xfdgarbage\x00\x00\xff\xff"

struct _DgwTestingScenario
{
  DgwTestingRealm *realm; /* it owns the scenario */
  GPtrArray       *steps;
  guint            at;
  gboolean         acknowledges;
  gboolean         is_running; /* guards against play() in play() */
  gboolean         has_ended;
  DgwTestingPeer  *peer;
  GQueue           waiting;  /* DgwTestingPeer * that connected too soon */
  GQueue           received; /* JsonNode * that came too soon */
  DgwTestingTimer *timer;
};

DgwTestingScenario *
dgw_testing_scenario_new (DgwTestingRealm *realm, const char *text, GError **error)
{
  gboolean acknowledges = FALSE;
  g_autoptr (GPtrArray) steps = dgw_testing_script_parse (text, &acknowledges, error);
  DgwTestingScenario *scenario;

  if (steps == NULL)
    return NULL;

  scenario = g_rc_box_new0 (DgwTestingScenario);
  scenario->realm = realm;
  scenario->steps = g_steal_pointer (&steps);
  scenario->acknowledges = acknowledges;
  g_queue_init (&scenario->waiting);
  g_queue_init (&scenario->received);
  return scenario;
}

static void
scenario_clear (gpointer data)
{
  DgwTestingScenario *scenario = data;

  g_ptr_array_unref (scenario->steps);
}

static void
scenario_unref (DgwTestingScenario *scenario)
{
  g_rc_box_release_full (scenario, scenario_clear);
}

static void
forget_clients (DgwTestingScenario *scenario)
{
  g_clear_pointer (&scenario->peer, dgw_testing_peer_unref);
  g_queue_clear_full (&scenario->waiting, (GDestroyNotify)dgw_testing_peer_unref);
  g_queue_clear_full (&scenario->received, (GDestroyNotify)json_node_unref);
}

/* Its owner lets it go; it may be in the middle of a step. */
void
dgw_testing_scenario_free (DgwTestingScenario *scenario)
{
  scenario->has_ended = TRUE;
  scenario->realm = NULL;
  forget_clients (scenario);
  g_clear_pointer (&scenario->timer, dgw_testing_timer_free);
  scenario_unref (scenario);
}

static void
end (DgwTestingScenario *scenario, const char *failure)
{
  DgwTestingRealm *realm = scenario->realm;
  DgwTestingPeer  *peer;

  if (scenario->has_ended)
    return;

  scenario->has_ended = TRUE;
  while ((peer = g_queue_pop_head (&scenario->waiting)) != NULL)
    {
      dgw_testing_peer_start (peer);
      dgw_testing_peer_unref (peer);
    }
  forget_clients (scenario);
  dgw_testing_realm_log (realm, "scenario %s%s", failure != NULL ? "failed: " : "ended", failure != NULL ? failure : "");
  if (realm->hooks != NULL)
    realm->hooks->scenario_ended (failure, realm->user_data);
}

static void
fail (DgwTestingScenario *scenario, const DgwTestingStep *step, const char *what, JsonNode *payload)
{
  g_autofree char *sent = payload != NULL ? dgw_testing_json_write (payload) : g_strdup ("");
  g_autofree char *message = NULL;
  gsize            start, stop;

  /* A failure is printed: it must not have the token in it. */
  if (payload != NULL && dgw_testing_json_find (sent, "d.token", &start, &stop))
    {
      g_autofree char *head = g_strndup (sent, start);
      char            *redacted = g_strconcat (head, "\"...\"", sent + stop, NULL);

      g_free (sent);
      sent = redacted;
    }
  message = g_strdup_printf ("Line %u: %s%s", step->line, what, sent);
  end (scenario, message);
}

/* Whether the step is done; FALSE: it waits. */
static gboolean
take_client (DgwTestingScenario *scenario)
{
  DgwTestingPeer *next = g_queue_pop_head (&scenario->waiting);

  if (next == NULL)
    return FALSE;

  g_clear_pointer (&scenario->peer, dgw_testing_peer_unref);
  g_queue_clear_full (&scenario->received, (GDestroyNotify)json_node_unref);
  scenario->peer = next;
  next->is_scripted = TRUE;
  return TRUE;
}

/* The addresses of a transcript are nowhere; this gateway is here. */
static char *
localize (DgwTestingScenario *scenario, const char *text, const char *path, const char *url)
{
  GString *local = g_string_new (text);
  gsize    start, stop;

  g_string_replace (local, "$gateway", scenario->realm->url, 0);
  g_string_replace (local, "$resume", scenario->realm->resume_url, 0);
  if (dgw_testing_json_find (local->str, path, &start, &stop) && local->str[start] == '"')
    {
      g_string_erase (local, start + 1, stop - start - 2);
      g_string_insert (local, start + 1, url);
    }

  return g_string_free (local, FALSE);
}

static gboolean
send_payload (DgwTestingScenario *scenario, const DgwTestingStep *step)
{
  g_autofree char *text = NULL;

  if (scenario->peer == NULL && !take_client (scenario))
    return FALSE;
  if (scenario->peer->state == DGW_TESTING_PEER_LEAVING)
    {
      fail (scenario, step, "the client has gone", NULL);
      return TRUE;
    }

  text = localize (scenario, step->text, "d.resume_gateway_url", scenario->realm->resume_url);
  dgw_testing_peer_send (scenario->peer, text, -1);
  return TRUE;
}

static gboolean
is_heartbeat (JsonNode *payload)
{
  return dgw_testing_json_get_int (json_node_get_object (payload), "op", -1) == DGW_TESTING_OP_HEARTBEAT;
}

static gboolean
await_payload (DgwTestingScenario *scenario, const DgwTestingStep *step)
{
  if (scenario->peer == NULL && !take_client (scenario))
    return FALSE;

  while (!g_queue_is_empty (&scenario->received))
    {
      g_autoptr (JsonNode) payload = g_queue_pop_head (&scenario->received);

      if (dgw_testing_json_matches (step->json, payload))
        return TRUE;
      /* When a heartbeat comes is the client's business, unless it is awaited. */
      if (!is_heartbeat (payload))
        {
          fail (scenario, step, "the client sent ", payload);
          return TRUE;
        }
    }

  if (scenario->peer->state == DGW_TESTING_PEER_LEAVING)
    {
      fail (scenario, step, "the client has gone", NULL);
      return TRUE;
    }
  return FALSE;
}

static gboolean
wait (DgwTestingScenario *scenario, DgwTestingStep *step)
{
  if (scenario->timer != NULL && dgw_testing_timer_is_running (scenario->timer))
    return FALSE;

  return step->is_done;
}

static gboolean
close_client (DgwTestingScenario *scenario, const DgwTestingStep *step)
{
  g_autoptr (DgwTestingPeer) peer = NULL;

  if (scenario->peer == NULL && !take_client (scenario))
    return FALSE;

  peer = g_steal_pointer (&scenario->peer);
  /* It may be the answer to the client's own close, which has been given. */
  if (peer->state == DGW_TESTING_PEER_LEAVING)
    return TRUE;
  if (step->kind == DGW_TESTING_STEP_ERROR)
    dgw_testing_peer_cut (peer, DGW_TESTING_CUT_RESET);
  else if (step->number == 0)
    dgw_testing_peer_drop (peer);
  else
    dgw_testing_peer_close (peer, step->number, step->text);
  return TRUE;
}

static gboolean
disturb (DgwTestingScenario *scenario, const DgwTestingStep *step)
{
  DgwTestingCompressor *compressor;

  if (scenario->peer == NULL && !take_client (scenario))
    return FALSE;

  compressor = scenario->peer->compressor;
  if (step->kind == DGW_TESTING_STEP_GARBAGE)
    dgw_testing_wire_send (scenario->peer->wire, DGW_TESTING_FRAME_BINARY, GARBAGE, sizeof GARBAGE - 1);
  else if (compressor != NULL && dgw_testing_compressor_get_kind (compressor) == DGW_TESTING_COMPRESSOR_ZLIB_STREAM)
    dgw_testing_wire_send (scenario->peer->wire, DGW_TESTING_FRAME_BINARY, "", 0);
  return TRUE;
}

/* Whether the step is done; FALSE: it waits for a client or for time. */
static gboolean
play_step (DgwTestingScenario *scenario, DgwTestingStep *step)
{
  switch (step->kind)
    {
    case DGW_TESTING_STEP_SEND:
      return send_payload (scenario, step);
    case DGW_TESTING_STEP_AWAIT:
      return await_payload (scenario, step);
    case DGW_TESTING_STEP_WAIT:
      return wait (scenario, step);
    case DGW_TESTING_STEP_OPENED:
      return take_client (scenario);
    case DGW_TESTING_STEP_CLOSED:
    case DGW_TESTING_STEP_ERROR:
      return close_client (scenario, step);
    case DGW_TESTING_STEP_ALIVE:
    case DGW_TESTING_STEP_GARBAGE:
      return disturb (scenario, step);
    case DGW_TESTING_STEP_REFUSED:
    case DGW_TESTING_STEP_ANSWER:
    default:
      return step->is_done;
    }
}

static void
report_left_over (DgwTestingScenario *scenario)
{
  DgwTestingStep *last = scenario->steps->len > 0 ? g_ptr_array_index (scenario->steps, scenario->steps->len - 1) : NULL;

  while (!g_queue_is_empty (&scenario->received))
    {
      g_autoptr (JsonNode) payload = g_queue_pop_head (&scenario->received);

      if (!is_heartbeat (payload))
        {
          fail (scenario, last, "after it the client also sent ", payload);
          return;
        }
    }
  end (scenario, NULL);
}

static void play (DgwTestingScenario *scenario);

static void
time_cb (gpointer user_data)
{
  DgwTestingScenario *scenario = user_data;
  DgwTestingStep     *step = g_ptr_array_index (scenario->steps, scenario->at);

  step->is_done = TRUE;
  play (scenario);
}

static void
begin_wait (DgwTestingScenario *scenario, DgwTestingStep *step)
{
  if (step->kind != DGW_TESTING_STEP_WAIT || step->is_done)
    return;

  if (scenario->timer == NULL)
    scenario->timer = dgw_testing_timer_new (scenario->realm->context, "[dgw-testing] scenario", time_cb, scenario);
  if (!dgw_testing_timer_is_running (scenario->timer))
    dgw_testing_timer_start (scenario->timer, step->time_us);
}

static void
play (DgwTestingScenario *scenario)
{
  g_autoptr (DgwTestingRealm) realm = NULL;

  if (scenario->is_running || scenario->has_ended || scenario->realm->context == NULL)
    return;

  realm = dgw_testing_realm_ref (scenario->realm);
  g_rc_box_acquire (scenario);
  scenario->is_running = TRUE;
  while (!scenario->has_ended && scenario->at < scenario->steps->len)
    {
      DgwTestingStep *step = g_ptr_array_index (scenario->steps, scenario->at);

      begin_wait (scenario, step);
      if (!play_step (scenario, step))
        break;
      scenario->at++;
    }
  scenario->is_running = FALSE;
  if (!scenario->has_ended && scenario->at == scenario->steps->len)
    report_left_over (scenario);
  scenario_unref (scenario);
}

/* Whether the next thing that is awaited of the client is a heartbeat. */
static gboolean
expects_heartbeat (DgwTestingScenario *scenario)
{
  for (guint i = scenario->at; i < scenario->steps->len; i++)
    {
      DgwTestingStep *step = g_ptr_array_index (scenario->steps, i);

      if (step->kind == DGW_TESTING_STEP_AWAIT)
        return JSON_NODE_HOLDS_OBJECT (step->json) && is_heartbeat (step->json);
    }

  return FALSE;
}

/* Once the simulator runs: a script may begin with a wait. */
void
dgw_testing_scenario_start (DgwTestingScenario *scenario)
{
  play (scenario);
}

static DgwTestingStep *
find_step (DgwTestingScenario *scenario, DgwTestingStepKind kind, DgwTestingStepKind or_kind)
{
  for (guint i = scenario->at; !scenario->has_ended && i < scenario->steps->len; i++)
    {
      DgwTestingStep *step = g_ptr_array_index (scenario->steps, i);

      if ((step->kind == kind || step->kind == or_kind) && !step->is_done)
        return step;
    }

  return NULL;
}

static void
fill_fault (DgwTestingFault *fault, const DgwTestingStep *step)
{
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];

  fault->status = step->number;
  if (step->time_us > 0)
    fault->retry_after = g_strdup (
      g_ascii_formatd (seconds, sizeof seconds, "%.3f", (double)step->time_us / G_USEC_PER_SEC));
}

/* The next answer of the script to a REST request, if it has one to give. */
gboolean
dgw_testing_scenario_answer_request (DgwTestingScenario *scenario, DgwTestingFault *fault, char **body)
{
  DgwTestingStep *step = find_step (scenario, DGW_TESTING_STEP_ANSWER, DGW_TESTING_STEP_ANSWER);

  if (step == NULL)
    return FALSE;

  step->is_done = TRUE;
  if (step->text != NULL)
    *body = localize (scenario, step->text, "url", scenario->realm->url);
  else
    fill_fault (fault, step);
  play (scenario);
  return TRUE;
}

/* Whether the script refuses this connection. */
gboolean
dgw_testing_scenario_answer_upgrade (DgwTestingScenario *scenario, DgwTestingFault *fault)
{
  DgwTestingStep *step = find_step (scenario, DGW_TESTING_STEP_REFUSED, DGW_TESTING_STEP_OPENED);

  if (step == NULL || step->kind != DGW_TESTING_STEP_REFUSED)
    return FALSE;

  step->is_done = TRUE;
  fill_fault (fault, step);
  play (scenario);
  return TRUE;
}

/* FALSE when the script is over and the client is served in the ordinary way. */
gboolean
dgw_testing_scenario_peer_opened (DgwTestingScenario *scenario, DgwTestingPeer *peer)
{
  if (scenario->has_ended)
    return FALSE;

  g_queue_push_tail (&scenario->waiting, dgw_testing_peer_ref (peer));
  play (scenario);
  return TRUE;
}

void
dgw_testing_scenario_peer_closed (DgwTestingScenario *scenario, DgwTestingPeer *peer)
{
  if (g_queue_remove (&scenario->waiting, peer))
    dgw_testing_peer_unref (peer);
  if (scenario->peer == peer)
    play (scenario);
}

/* FALSE when the client is not, or no longer, served by the script. */
gboolean
dgw_testing_scenario_received (DgwTestingScenario *scenario, DgwTestingPeer *peer, gint64 opcode, JsonNode *payload)
{
  if (scenario->has_ended)
    return FALSE;
  /* One that came too soon has been told nothing yet. */
  if (scenario->peer != peer)
    return TRUE;

  if (opcode == DGW_TESTING_OP_IDENTIFY)
    dgw_testing_peer_choose_payload_compression (peer, json_node_get_object (payload));
  if (opcode == DGW_TESTING_OP_HEARTBEAT && (scenario->acknowledges || !expects_heartbeat (scenario)))
    dgw_testing_peer_send_op (peer, DGW_TESTING_OP_HEARTBEAT_ACK, "null");
  g_queue_push_tail (&scenario->received, json_node_ref (payload));
  play (scenario);
  return TRUE;
}
