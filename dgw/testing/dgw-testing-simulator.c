/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The object: its life, its properties and its signals. What it can be told to
 * do is in dgw-testing-simulator-actions.c.
 */

#include "config.h"

#include "testing/dgw-testing-simulator-private.h"

#include "testing/dgw-testing-peer-private.h"

/**
 * DgwTestingSimulator:
 *
 * A Discord gateway on this machine, for tests and demonstrations.
 *
 * It serves the REST calls `GET /gateway` and `GET /gateway/bot` and the
 * WebSocket, keeps to the rules of the protocol as the service does, and does on
 * request all that a service or a network does on a bad day. It needs no
 * network, no token and no account.
 *
 * A test of an application in Python:
 *
 * ```python
 * import unittest, gi
 * gi.require_version("DgwTesting", "1")
 * from gi.repository import DgwTesting, GLib, Json
 *
 * class GreeterTest(unittest.TestCase):
 *     def test_sees_a_message(self):
 *         loop = GLib.MainLoop()
 *         simulator = DgwTesting.Simulator()
 *         simulator.start_async(None, lambda s, r: (s.start_finish(r), loop.quit()))
 *         loop.run()
 *         bot = Greeter(url=simulator.props.url, on_greeted=loop.quit)
 *         simulator.connect("identified", lambda s: s.dispatch_text(
 *             "MESSAGE_CREATE", '{"id":"1","channel_id":"2","content":"hello"}'))
 *         loop.run()
 *         self.assertEqual(bot.greeted, 1)
 * ```
 *
 * In C, with [ctor@Simulator.new], [method@Simulator.start_async] and
 * [method@Simulator.dispatch_text], it is the same.
 *
 * Everything happens in the thread-default main context of the thread that
 * called [method@Simulator.start_async]: its signals come there, and its methods
 * are to be called there. Two simulators do not share anything.
 *
 * A session lives on when its connection ends, unless the client closed it with
 * 1000 or 1001. It collects the events that its client misses and replays them
 * when it resumes.
 *
 * Since: 0.1
 */

enum
{
  CLIENT_CONNECTED,
  CLIENT_DISCONNECTED,
  RECEIVED,
  IDENTIFIED,
  RESUMED,
  COMMAND,
  SCENARIO_ENDED,
  LOG,
  N_SIGNALS,
};

static GParamSpec *props[DGW_TESTING_N_PROPS];
static guint       signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DgwTestingSimulator, dgw_testing_simulator, G_TYPE_OBJECT)

void
dgw_testing_simulator_notify (DgwTestingSimulator *self, guint prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop_id]);
}

static void
connected_cb (const char *query, gpointer user_data)
{
  g_signal_emit (user_data, signals[CLIENT_CONNECTED], 0, query);
}

static void
disconnected_cb (guint code, const char *reason, gpointer user_data)
{
  g_signal_emit (user_data, signals[CLIENT_DISCONNECTED], 0, code, reason);
}

static void
received_cb (guint opcode, JsonNode *data, gpointer user_data)
{
  g_signal_emit (user_data, signals[RECEIVED], 0, opcode, data);
}

static void
identified_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[IDENTIFIED], 0);
}

static void
resumed_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[RESUMED], 0);
}

static void
command_cb (guint opcode, JsonNode *data, gpointer user_data)
{
  g_signal_emit (user_data, signals[COMMAND], 0, opcode, data);
}

static void
scenario_ended_cb (const char *failure, gpointer user_data)
{
  DgwTestingSimulator *self = user_data;

  self->is_scenario_finished = TRUE;
  g_free (self->scenario_failure);
  self->scenario_failure = g_strdup (failure);
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_SCENARIO_FINISHED);
  dgw_testing_simulator_notify (self, DGW_TESTING_PROP_SCENARIO_FAILURE);
  g_signal_emit (self, signals[SCENARIO_ENDED], 0, failure);
}

static void
log_cb (const char *line, gpointer user_data)
{
  g_signal_emit (user_data, signals[LOG], 0, line);
}

static const DgwTestingHooks hooks = {
  .connected = connected_cb,
  .disconnected = disconnected_cb,
  .received = received_cb,
  .identified = identified_cb,
  .resumed = resumed_cb,
  .command = command_cb,
  .scenario_ended = scenario_ended_cb,
  .log = log_cb,
};

static void
dgw_testing_simulator_dispose (GObject *object)
{
  DgwTestingSimulator *self = DGW_TESTING_SIMULATOR (object);

  if (self->realm != NULL)
    {
      self->realm->hooks = NULL;
      dgw_testing_realm_stop (self->realm);
    }
  g_clear_pointer (&self->rest, dgw_testing_rest_free);
  g_clear_pointer (&self->resume_rest, dgw_testing_rest_free);
  g_clear_object (&self->tls_certificate);

  G_OBJECT_CLASS (dgw_testing_simulator_parent_class)->dispose (object);
}

static void
dgw_testing_simulator_finalize (GObject *object)
{
  DgwTestingSimulator *self = DGW_TESTING_SIMULATOR (object);

  g_clear_pointer (&self->realm, dgw_testing_realm_unref);
  g_free (self->api_url);
  g_free (self->scenario_failure);

  G_OBJECT_CLASS (dgw_testing_simulator_parent_class)->finalize (object);
}

static void
get_counter (DgwTestingSimulator *self, guint prop_id, GValue *value)
{
  guint counter = 0;

  if (prop_id == DGW_TESTING_PROP_N_CLIENTS)
    counter = dgw_testing_simulator_get_n_clients (self);
  else if (prop_id == DGW_TESTING_PROP_N_SESSIONS)
    counter = dgw_testing_simulator_get_n_sessions (self);
  else if (prop_id == DGW_TESTING_PROP_N_CONNECTIONS)
    counter = dgw_testing_simulator_get_n_connections (self);
  else if (prop_id == DGW_TESTING_PROP_N_IDENTIFIES)
    counter = dgw_testing_simulator_get_n_identifies (self);
  else if (prop_id == DGW_TESTING_PROP_N_RESUMES)
    counter = dgw_testing_simulator_get_n_resumes (self);
  else
    counter = dgw_testing_simulator_get_n_requests (self);

  g_value_set_uint (value, counter);
}

static void
dgw_testing_simulator_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DgwTestingSimulator *self = DGW_TESTING_SIMULATOR (object);

  switch (prop_id)
    {
    case DGW_TESTING_PROP_PORT:
      g_value_set_uint (value, dgw_testing_simulator_get_port (self));
      break;
    case DGW_TESTING_PROP_URL:
      g_value_set_string (value, dgw_testing_simulator_get_url (self));
      break;
    case DGW_TESTING_PROP_RESUME_URL:
      g_value_set_string (value, dgw_testing_simulator_get_resume_url (self));
      break;
    case DGW_TESTING_PROP_API_URL:
      g_value_set_string (value, dgw_testing_simulator_get_api_url (self));
      break;
    case DGW_TESTING_PROP_TLS_CERTIFICATE:
      g_value_set_object (value, dgw_testing_simulator_get_tls_certificate (self));
      break;
    case DGW_TESTING_PROP_ACCEPT_CONNECTIONS:
      g_value_set_boolean (value, dgw_testing_simulator_get_accept_connections (self));
      break;
    case DGW_TESTING_PROP_ACCEPT_RESUME_CONNECTIONS:
      g_value_set_boolean (value, dgw_testing_simulator_get_accept_resume_connections (self));
      break;
    case DGW_TESTING_PROP_SCENARIO_FINISHED:
      g_value_set_boolean (value, dgw_testing_simulator_get_scenario_finished (self));
      break;
    case DGW_TESTING_PROP_SCENARIO_FAILURE:
      g_value_set_string (value, dgw_testing_simulator_get_scenario_failure (self));
      break;
    default:
      if (prop_id < DGW_TESTING_N_PROPS)
        get_counter (self, prop_id, value);
      else
        dgw_testing_simulator_get_option (self, pspec, value);
      break;
    }
}

static void
dgw_testing_simulator_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DgwTestingSimulator *self = DGW_TESTING_SIMULATOR (object);

  switch (prop_id)
    {
    case DGW_TESTING_PROP_PORT:
      dgw_testing_simulator_set_port (self, g_value_get_uint (value));
      break;
    case DGW_TESTING_PROP_TLS_CERTIFICATE:
      dgw_testing_simulator_set_tls_certificate (self, g_value_get_object (value));
      break;
    case DGW_TESTING_PROP_ACCEPT_CONNECTIONS:
      dgw_testing_simulator_set_accept_connections (self, g_value_get_boolean (value));
      break;
    case DGW_TESTING_PROP_ACCEPT_RESUME_CONNECTIONS:
      dgw_testing_simulator_set_accept_resume_connections (self, g_value_get_boolean (value));
      break;
    default:
      dgw_testing_simulator_set_option (self, pspec, value);
      break;
    }
}

static void
install_signals (GType type)
{
  /**
   * DgwTestingSimulator::client-connected:
   * @self: a simulator
   * @query: (nullable): the query of the URL that it connected to
   *
   * A client's WebSocket is open; it has got nothing yet.
   *
   * Since: 0.1
   */
  signals[CLIENT_CONNECTED] = g_signal_new (
    "client-connected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * DgwTestingSimulator::client-disconnected:
   * @self: a simulator
   * @code: the close code that the client sent, 1005 for a close without one, 0
   *   when TCP ended without a close
   * @reason: (nullable): the reason that the client sent
   *
   * A client's connection is gone, whoever ended it.
   *
   * Since: 0.1
   */
  signals[CLIENT_DISCONNECTED] = g_signal_new (
    "client-disconnected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);

  /**
   * DgwTestingSimulator::received:
   * @self: a simulator
   * @opcode: its `op`
   * @data: its `d`
   *
   * A client sent a payload, whatever its opcode; it has not been handled yet.
   *
   * Since: 0.1
   */
  signals[RECEIVED] = g_signal_new (
    "received", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, JSON_TYPE_NODE);

  /**
   * DgwTestingSimulator::identified:
   * @self: a simulator
   *
   * A client identified and READY is on its way: what is dispatched now comes
   * right behind. What it sent is in [method@Simulator.dup_last_identify].
   *
   * Since: 0.1
   */
  signals[IDENTIFIED] = g_signal_new (
    "identified", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * DgwTestingSimulator::resumed:
   * @self: a simulator
   *
   * A client resumed its session; the replay is on its way. What it sent is in
   * [method@Simulator.dup_last_resume].
   *
   * Since: 0.1
   */
  signals[RESUMED] = g_signal_new (
    "resumed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * DgwTestingSimulator::command:
   * @self: a simulator
   * @opcode: 3, 4, 8, 31 or 43
   * @data: its `d`
   *
   * A client sent a command. It has been answered as the service would: opcode
   * 4 with VOICE_STATE_UPDATE and VOICE_SERVER_UPDATE, 8 with
   * GUILD_MEMBERS_CHUNK, 31 with SOUNDBOARD_SOUNDS, 43 with CHANNEL_INFO.
   *
   * Since: 0.1
   */
  signals[COMMAND] = g_signal_new (
    "command", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, JSON_TYPE_NODE);

  /**
   * DgwTestingSimulator::scenario-ended:
   * @self: a simulator
   * @failure: (nullable): what did not go as written, with the number of the
   *   line; `NULL` when all of it was played
   *
   * The scenario has come to its end.
   *
   * Since: 0.1
   */
  signals[SCENARIO_ENDED] = g_signal_new (
    "scenario-ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * DgwTestingSimulator::log:
   * @self: a simulator
   * @line: what happened, for people
   *
   * Something happened that a log should show. No line holds a token.
   *
   * Since: 0.1
   */
  signals[LOG] = g_signal_new (
    "log", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static GParamSpec *
counter_pspec (const char *name)
{
  return g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
install_counters (void)
{
  /**
   * DgwTestingSimulator:n-clients:
   *
   * How many connections are open, half-open ones included. Not notified.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_N_CLIENTS] = counter_pspec ("n-clients");

  /**
   * DgwTestingSimulator:n-sessions:
   *
   * How many sessions there are, those included whose client is away. Not
   * notified.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_N_SESSIONS] = counter_pspec ("n-sessions");

  /**
   * DgwTestingSimulator:n-connections:
   *
   * How many WebSockets were opened so far. Not notified.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_N_CONNECTIONS] = counter_pspec ("n-connections");

  /**
   * DgwTestingSimulator:n-identifies:
   *
   * How many identifies came so far, refused ones included. Not notified.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_N_IDENTIFIES] = counter_pspec ("n-identifies");

  /**
   * DgwTestingSimulator:n-resumes:
   *
   * How many resumes came so far, refused ones included. Not notified.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_N_RESUMES] = counter_pspec ("n-resumes");

  /**
   * DgwTestingSimulator:n-requests:
   *
   * How many REST requests came so far. Not notified.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_N_REQUESTS] = counter_pspec ("n-requests");
}

static void
dgw_testing_simulator_class_init (DgwTestingSimulatorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags   writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = dgw_testing_simulator_dispose;
  object_class->finalize = dgw_testing_simulator_finalize;
  object_class->get_property = dgw_testing_simulator_get_property;
  object_class->set_property = dgw_testing_simulator_set_property;

  /**
   * DgwTestingSimulator:port:
   *
   * The port on 127.0.0.1. Before the start: the one to take, 0 for any; from
   * the start on the one that was taken, which a later start takes again.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, writable);

  /**
   * DgwTestingSimulator:url:
   *
   * Where the gateway is, `ws://127.0.0.1:PORT`, with TLS
   * `wss://localhost:PORT`; `NULL` before the first start.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_URL] = g_param_spec_string ("url", NULL, NULL, NULL, readable);

  /**
   * DgwTestingSimulator:resume-url:
   *
   * What READY tells as `resume_gateway_url`: the same as
   * [property@Simulator:url], or another port with
   * [property@Simulator:resume-listener].
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_RESUME_URL] = g_param_spec_string ("resume-url", NULL, NULL, NULL, readable);

  /**
   * DgwTestingSimulator:api-url:
   *
   * The base of the REST calls, `http://127.0.0.1:PORT/api/v10` or, with TLS,
   * `https://127.0.0.1:PORT/api/v10`; `NULL` before the first start.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_API_URL] = g_param_spec_string ("api-url", NULL, NULL, NULL, readable);

  /**
   * DgwTestingSimulator:tls-certificate:
   *
   * The certificate, with its key, to serve with; `NULL`: no TLS. Holds from the
   * next start on.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_TLS_CERTIFICATE] = g_param_spec_object ("tls-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE, writable);

  /**
   * DgwTestingSimulator:accept-connections:
   *
   * Whether the port is open. Setting it to `FALSE` while started closes the
   * port, so that TCP is refused, and leaves clients and sessions alone; `TRUE`
   * opens the same port again.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_ACCEPT_CONNECTIONS] = g_param_spec_boolean ("accept-connections", NULL, NULL, TRUE, writable);

  /**
   * DgwTestingSimulator:accept-resume-connections:
   *
   * The same as [property@Simulator:accept-connections] for the port of
   * [property@Simulator:resume-listener].
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_ACCEPT_RESUME_CONNECTIONS] = g_param_spec_boolean ("accept-resume-connections", NULL, NULL, TRUE, writable);

  /**
   * DgwTestingSimulator:scenario-finished:
   *
   * Whether the loaded scenario has come to its end, well or not.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_SCENARIO_FINISHED] = g_param_spec_boolean ("scenario-finished", NULL, NULL, FALSE, readable);

  /**
   * DgwTestingSimulator:scenario-failure:
   *
   * What did not go as the scenario says; `NULL` when nothing went wrong so far.
   *
   * Since: 0.1
   */
  props[DGW_TESTING_PROP_SCENARIO_FAILURE] = g_param_spec_string ("scenario-failure", NULL, NULL, NULL, readable);

  install_counters ();
  g_object_class_install_properties (object_class, DGW_TESTING_N_PROPS, props);
  dgw_testing_simulator_install_options (object_class, DGW_TESTING_N_PROPS);
  install_signals (G_TYPE_FROM_CLASS (klass));
}

static void
dgw_testing_simulator_init (DgwTestingSimulator *self)
{
  self->realm = dgw_testing_realm_new (&hooks, self);
  dgw_testing_simulator_init_options (self);
}

/**
 * dgw_testing_simulator_new:
 *
 * Makes a simulator with Discord's own settings. It listens from
 * [method@Simulator.start_async] on.
 *
 * Returns: (transfer full): a new simulator
 *
 * Since: 0.1
 */
DgwTestingSimulator *
dgw_testing_simulator_new (void)
{
  return g_object_new (DGW_TESTING_TYPE_SIMULATOR, NULL);
}
