/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the simulator can be told to do to its clients. */

#include "config.h"

#include "testing/dgw-testing-simulator-private.h"

#include "testing/dgw-testing-json-private.h"
#include "testing/dgw-testing-peer-private.h"
#include "testing/dgw-testing-protocol-private.h"
#include "testing/dgw-testing-scenario-private.h"

typedef void (*PeerFunc) (DgwTestingPeer *peer, gpointer user_data);

static void
foreach_peer (DgwTestingSimulator *self, PeerFunc func, gpointer user_data)
{
  g_autoptr (GPtrArray) peers = dgw_testing_realm_list_peers (self->realm);

  for (guint i = 0; i < peers->len; i++)
    func (g_ptr_array_index (peers, i), user_data);
}

/**
 * dgw_testing_simulator_dispatch:
 * @self: a simulator
 * @name: the name of the event as on the wire, such as `MESSAGE_CREATE`
 * @data: its `d`
 *
 * Sends an event to all sessions, each with its own sequence number.
 *
 * Sessions whose client is away keep it for the replay. Nothing is checked:
 * unknown events and wrong data are sent as well. For a `d` with a certain
 * spelling there is [method@Simulator.dispatch_text].
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_dispatch (DgwTestingSimulator *self, const char *name, JsonNode *data)
{
  g_autofree char *text = NULL;

  g_return_if_fail (data != NULL);

  text = dgw_testing_json_write (data);
  dgw_testing_simulator_dispatch_text (self, name, text);
}

/**
 * dgw_testing_simulator_dispatch_text:
 * @self: a simulator
 * @name: the name of the event as on the wire, such as `MESSAGE_CREATE`
 * @data: the text of its `d`
 *
 * Sends an event to all sessions, each with its own sequence number, with `d`
 * byte for byte: `{"t":NAME,"s":N,"op":0,"d":DATA}`.
 *
 * Sessions whose client is away keep it for the replay. @data is not checked.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_dispatch_text (DgwTestingSimulator *self, const char *name, const char *data)
{
  g_autoptr (DgwTestingEvent) event = NULL;

  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (data != NULL);

  event = dgw_testing_event_new (name, data);
  dgw_testing_realm_dispatch (self->realm, event);
}

/**
 * dgw_testing_simulator_dispatch_payload:
 * @self: a simulator
 * @text: a whole payload with `op` 0, such as a captured one
 * @error: the reason for a failure
 *
 * Sends a whole payload to all sessions, with each session's own sequence
 * number in place of its `s`.
 *
 * White space between the tokens is taken out, as the service does; everything
 * else goes out byte for byte, the order of the keys included. Sessions whose
 * client is away keep it for the replay. Fails when there is no `s` in it.
 *
 * Returns: whether it could be sent
 *
 * Since: 0.1
 */
gboolean
dgw_testing_simulator_dispatch_payload (DgwTestingSimulator *self, const char *text, GError **error)
{
  g_autoptr (DgwTestingEvent) event = NULL;

  g_return_val_if_fail (DGW_TESTING_IS_SIMULATOR (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  event = dgw_testing_event_new_payload (text, error);
  if (event == NULL)
    return FALSE;

  dgw_testing_realm_dispatch (self->realm, event);
  return TRUE;
}

static void
send_text (DgwTestingPeer *peer, gpointer user_data)
{
  if (peer->state != DGW_TESTING_PEER_LEAVING)
    dgw_testing_peer_send (peer, user_data, -1);
}

/**
 * dgw_testing_simulator_send:
 * @self: a simulator
 * @text: a whole payload, or what shall be taken for one
 *
 * Sends a text to all clients as it is, compressed as each of them asked for.
 *
 * It belongs to no session and is not replayed.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_send (DgwTestingSimulator *self, const char *text)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (text != NULL);

  foreach_peer (self, send_text, (gpointer)text);
}

static void
send_frame (DgwTestingPeer *peer, GBytes *bytes, DgwTestingFrame kind)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (peer->state != DGW_TESTING_PEER_LEAVING)
    dgw_testing_wire_send (peer->wire, kind, data, size);
}

static void
send_binary (DgwTestingPeer *peer, gpointer user_data)
{
  send_frame (peer, user_data, DGW_TESTING_FRAME_BINARY);
}

/**
 * dgw_testing_simulator_send_garbage:
 * @self: a simulator
 * @garbage: any bytes
 *
 * Sends a binary WebSocket message to all clients, past the compression.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_send_garbage (DgwTestingSimulator *self, GBytes *garbage)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (garbage != NULL);

  foreach_peer (self, send_binary, garbage);
}

static void
send_plain (DgwTestingPeer *peer, gpointer user_data)
{
  send_frame (peer, user_data, DGW_TESTING_FRAME_TEXT);
}

/**
 * dgw_testing_simulator_send_message:
 * @self: a simulator
 * @message: any bytes, which need not be UTF-8
 *
 * Sends a text WebSocket message to all clients, past the compression.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_send_message (DgwTestingSimulator *self, GBytes *message)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (message != NULL);

  foreach_peer (self, send_plain, message);
}

static void
send_bytes (DgwTestingPeer *peer, gpointer user_data)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (user_data, &size);

  dgw_testing_wire_send_bytes (peer->wire, data, size);
}

/**
 * dgw_testing_simulator_send_bytes:
 * @self: a simulator
 * @bytes: any bytes
 *
 * Puts bytes on the connection of all clients that need not be a WebSocket
 * frame.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_send_bytes (DgwTestingSimulator *self, GBytes *bytes)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (bytes != NULL);

  foreach_peer (self, send_bytes, bytes);
}

static void
send_op (DgwTestingPeer *peer, gpointer user_data)
{
  if (peer->state != DGW_TESTING_PEER_LEAVING)
    dgw_testing_peer_send_op (peer, GPOINTER_TO_UINT (user_data), "null");
}

/**
 * dgw_testing_simulator_request_heartbeat:
 * @self: a simulator
 *
 * Asks all clients for a heartbeat now (opcode 1).
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_request_heartbeat (DgwTestingSimulator *self)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  foreach_peer (self, send_op, GUINT_TO_POINTER (DGW_TESTING_OP_HEARTBEAT));
}

/**
 * dgw_testing_simulator_request_reconnect:
 * @self: a simulator
 *
 * Tells all clients to reconnect and resume (opcode 7).
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_request_reconnect (DgwTestingSimulator *self)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  foreach_peer (self, send_op, GUINT_TO_POINTER (DGW_TESTING_OP_RECONNECT));
}

static void
invalidate (DgwTestingPeer *peer, gpointer user_data)
{
  gboolean           resumable = GPOINTER_TO_INT (user_data);
  DgwTestingSession *session = peer->session;

  if (peer->state != DGW_TESTING_PEER_IDENTIFIED)
    return;

  dgw_testing_peer_send_op (peer, DGW_TESTING_OP_INVALID_SESSION, resumable ? "true" : "false");
  peer->state = DGW_TESTING_PEER_UNKNOWN;
  dgw_testing_peer_detach (peer);
  if (!resumable && session != NULL)
    dgw_testing_realm_end_session (peer->realm, session);
}

/**
 * dgw_testing_simulator_invalidate_sessions:
 * @self: a simulator
 * @resumable: whether the sessions may be resumed
 *
 * Tells all clients that their session is invalid (opcode 9).
 *
 * The sessions of these clients are forgotten if they are not @resumable.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_invalidate_sessions (DgwTestingSimulator *self, gboolean resumable)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  foreach_peer (self, invalidate, GINT_TO_POINTER (resumable));
}

/**
 * dgw_testing_simulator_forget_sessions:
 * @self: a simulator
 *
 * Forgets all sessions without a word: a client that resumes later gets opcode
 * 9, one that is there gets no more events.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_forget_sessions (DgwTestingSimulator *self)
{
  GHashTableIter     iter;
  DgwTestingSession *session;

  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  g_hash_table_iter_init (&iter, self->realm->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&session))
    {
      DgwTestingPeer *peer = dgw_testing_session_get_peer (session);

      if (peer != NULL)
        dgw_testing_peer_detach (peer);
      g_hash_table_iter_remove (&iter);
    }
}

typedef struct
{
  guint       code;
  const char *reason;
} Close;

static void
close_peer (DgwTestingPeer *peer, gpointer user_data)
{
  const Close *how = user_data;

  dgw_testing_peer_close (peer, how->code, how->reason);
}

/**
 * dgw_testing_simulator_close_clients:
 * @self: a simulator
 * @code: any close code, also one that WebSocket does not allow; 1005 for a
 *   close frame without a code
 * @reason: (nullable): the reason, for people
 *
 * Closes all clients with a close frame.
 *
 * The codes 4001, 4003, 4004, 4007, 4009 and 4010 to 4014 end the sessions as
 * well, as at the service; all others keep them.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_close_clients (DgwTestingSimulator *self, guint code, const char *reason)
{
  Close how = {code, reason};

  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (code <= G_MAXUINT16);

  foreach_peer (self, close_peer, &how);
}

static void
drop_peer (DgwTestingPeer *peer, gpointer user_data)
{
  dgw_testing_peer_drop (peer);
}

/**
 * dgw_testing_simulator_drop_clients:
 * @self: a simulator
 *
 * Ends the TCP connection of all clients without a close frame. The sessions
 * stay.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_drop_clients (DgwTestingSimulator *self)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  foreach_peer (self, drop_peer, NULL);
}

static void
cut_peer (DgwTestingPeer *peer, gpointer user_data)
{
  dgw_testing_peer_cut (peer, GPOINTER_TO_INT (user_data));
}

/**
 * dgw_testing_simulator_cut_clients:
 * @self: a simulator
 * @cut: how
 *
 * Cuts the connection of all clients. The sessions stay.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_cut_clients (DgwTestingSimulator *self, DgwTestingCut cut)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  foreach_peer (self, cut_peer, GINT_TO_POINTER (cut));
}

/**
 * dgw_testing_simulator_start_cuts:
 * @self: a simulator
 * @cut: how; [enum@DgwTesting.Cut.NONE] to stop
 * @interval_ms: for how long a connection lives, in milliseconds
 *
 * Cuts each connection so long after its READY or RESUMED, from the next ones
 * on.
 *
 * Half-open ones are only noticed by a heartbeat that is not acknowledged: set
 * [property@Simulator:heartbeat-interval] to not much more than @interval_ms.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_start_cuts (DgwTestingSimulator *self, DgwTestingCut cut, guint interval_ms)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  self->realm->cut = cut;
  self->realm->cut_interval = interval_ms;
}

/**
 * dgw_testing_simulator_fail_requests:
 * @self: a simulator
 * @status: the HTTP status, such as 401, 429 or 503
 * @count: how many
 * @retry_after: (nullable): the header `Retry-After`, in seconds
 *
 * Makes the next @count REST requests fail.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_fail_requests (DgwTestingSimulator *self, guint status, guint count, const char *retry_after)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (status >= 200 && status < 600);

  dgw_testing_realm_set_fault (&self->realm->rest_fault, status, count, retry_after);
}

/**
 * dgw_testing_simulator_fail_upgrades:
 * @self: a simulator
 * @status: the HTTP status; 200 is a page, as of a captive portal
 * @count: how many
 * @retry_after: (nullable): the header `Retry-After`, in seconds
 *
 * Makes the next @count requests for a WebSocket fail.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_fail_upgrades (DgwTestingSimulator *self, guint status, guint count, const char *retry_after)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (status >= 200 && status < 600);

  dgw_testing_realm_set_fault (&self->realm->upgrade_fault, status, count, retry_after);
}

/**
 * dgw_testing_simulator_start_traffic:
 * @self: a simulator
 * @profile: what the events are like
 * @rate: events a second; 0: as fast as a client takes them
 * @count: how many for each session, 0: without end
 * @seed: the same seed makes the same events
 *
 * Generates events for every session, beginning with its READY, for those that
 * are there now at once.
 *
 * With a @rate they go on while a client is away, and it gets them when it
 * resumes. Each event has a key `simulator_index` in its `d`, which counts from
 * 0 without a gap: so a test can tell that none was lost and none came twice.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_start_traffic (DgwTestingSimulator *self,
                                     DgwTestingProfile    profile,
                                     double               rate,
                                     guint64              count,
                                     guint                seed)
{
  g_autoptr (DgwTestingTraffic) traffic = NULL;

  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));
  g_return_if_fail (rate >= 0);

  traffic = dgw_testing_traffic_new (profile, rate, count, seed);
  dgw_testing_realm_set_traffic (self->realm, traffic);
}

/**
 * dgw_testing_simulator_stop_traffic:
 * @self: a simulator
 *
 * Ends what [method@Simulator.start_traffic] began; what is on its way still
 * arrives.
 *
 * Since: 0.1
 */
void
dgw_testing_simulator_stop_traffic (DgwTestingSimulator *self)
{
  g_return_if_fail (DGW_TESTING_IS_SIMULATOR (self));

  dgw_testing_realm_set_traffic (self->realm, NULL);
}
