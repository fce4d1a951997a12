/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Every public method from a handler of every signal, and the last reference
 * dropped there: a gateway for each pair, all at once, while the server takes
 * them through all that can happen to a connection. Whatever was begun ends
 * once, and nothing is left. */
#include "config.h"

#include "chaos-world.h"

#define STALL_US      (1200 * G_TIME_SPAN_MILLISECOND)
#define GUILD         "900000000000000000"
#define REFUSED       4004
#define CLOSE_CODE    4100
#define VOICE_COMMAND 4

typedef struct
{
  DgwGateway *gateway; /* NULL once the last reference was dropped */
  gpointer    watched; /* NULL once it is gone */
  guint       action;
  guint       n_strikes;
  guint       n_pending; /* operations that have not told how they ended */
  guint64     n_connects;
} Case;

typedef void (*Action) (Case *self);

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Case *self = user_data;

  g_assert_cmpuint (self->n_pending, >, 0);
  self->n_pending--;
}

static void
open_it (Case *self)
{
  self->n_pending++;
  dgw_gateway_open_async (self->gateway, NULL, ended_cb, self);
}

static void
close_it (Case *self)
{
  self->n_pending++;
  dgw_gateway_close_async (self->gateway, NULL, ended_cb, self);
}

static void
close_it_with_code (Case *self)
{
  self->n_pending++;
  dgw_gateway_close_with_code_async (self->gateway, CLOSE_CODE, "again", NULL, ended_cb, self);
}

static void
suspend_it (Case *self)
{
  self->n_pending++;
  dgw_gateway_suspend_async (self->gateway, NULL, ended_cb, self);
}

static void
close_and_open_it (Case *self)
{
  close_it (self);
  open_it (self);
}

static void
send_to_it (Case *self)
{
  g_autoptr (JsonNode) data = json_from_string ("{\"guild_id\":\"" GUILD "\",\"channel_id\":null,\"self_mute\":false,\"self_deaf\":false}", NULL);

  self->n_pending++;
  dgw_gateway_send_async (self->gateway, VOICE_COMMAND, data, NULL, ended_cb, self);
}

static void
command_it (Case *self)
{
  g_autoptr (DgwPresence) presence = dgw_presence_new ();

  self->n_pending += 2;
  dgw_gateway_update_presence_async (self->gateway, presence, NULL, ended_cb, self);
  dgw_gateway_update_voice_state_async (self->gateway, GUILD, NULL, DGW_VOICE_STATE_FLAGS_NONE, NULL, ended_cb, self);
}

static void
request_from_it (Case *self)
{
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_prefix (GUILD, "a", 5);
  const char *const guilds[] = {GUILD, NULL};
  const char *const fields[] = {"status", NULL};

  self->n_pending += 4;
  dgw_gateway_request_guild_members_async (self->gateway, query, NULL, ended_cb, self);
  dgw_gateway_request_soundboard_sounds_async (self->gateway, guilds, NULL, ended_cb, self);
  dgw_gateway_request_channel_info_async (self->gateway, GUILD, fields, NULL, ended_cb, self);
  dgw_gateway_fetch_info_async (self->gateway, NULL, ended_cb, self);
}

static void
cancel_it (Case *self)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (DgwMemberQuery) query = dgw_member_query_new_for_prefix (GUILD, "b", 5);

  self->n_pending += 2;
  dgw_gateway_open_async (self->gateway, cancellable, ended_cb, self);
  dgw_gateway_request_guild_members_async (self->gateway, query, cancellable, ended_cb, self);
  g_cancellable_cancel (cancellable);
}

static void
read_it (Case *self)
{
  g_autoptr (DgwMetrics) metrics = dgw_gateway_dup_metrics (self->gateway);
  g_autoptr (DgwSession) session = dgw_gateway_dup_session (self->gateway);

  g_assert_nonnull (metrics);
  g_assert_true (session == NULL || dgw_session_get_id (session) != NULL);
}

static void
set_all_of_it (Case *self)
{
  guint                   n_pspecs;
  g_autofree GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (self->gateway), &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      /* A session may be set only while there is none. */
      if (!(pspecs[i]->flags & G_PARAM_READABLE) || g_str_equal (pspecs[i]->name, "session"))
        continue;
      g_object_get_property (G_OBJECT (self->gateway), pspecs[i]->name, &value);
      if ((pspecs[i]->flags & G_PARAM_WRITABLE) && !(pspecs[i]->flags & G_PARAM_CONSTRUCT_ONLY))
        g_object_set_property (G_OBJECT (self->gateway), pspecs[i]->name, &value);
    }
  dgw_gateway_set_intents (self->gateway, dgw_gateway_get_intents (self->gateway) ^ DGW_INTENTS_GUILD_MESSAGES);
  dgw_gateway_set_compression (self->gateway, DGW_COMPRESSION_ZLIB_STREAM);
}

static void
nest_in_it (Case *self)
{
  for (guint i = 0; i < 3; i++)
    g_main_context_iteration (NULL, FALSE);
}

static void
deafen_it (Case *self)
{
  g_signal_handlers_disconnect_by_data (self->gateway, self);
}

static void
drop_it (Case *self)
{
  g_clear_object (&self->gateway);
}

static void
close_and_drop_it (Case *self)
{
  close_it (self);
  g_clear_object (&self->gateway);
}

static void
suspend_and_drop_it (Case *self)
{
  suspend_it (self);
  g_clear_object (&self->gateway);
}

static const Action actions[] = {
  open_it,
  close_it,
  close_it_with_code,
  suspend_it,
  close_and_open_it,
  send_to_it,
  command_it,
  request_from_it,
  cancel_it,
  read_it,
  set_all_of_it,
  nest_in_it,
  deafen_it,
  drop_it,
  close_and_drop_it,
  suspend_and_drop_it,
};

static const char *const signals[] = {
  "notify::status",
  "notify::session-id",
  "notify::last-error",
  "notify::latency",
  "notify::next-retry",
  "event",
  "event::OF_TEST",
  "ready",
  "resumed",
  "hello",
  "heartbeat-acked",
  "disconnected",
  "reconnecting",
  "session-invalidated",
  "application-stalled",
  "failed",
};

#define N_CASES (G_N_ELEMENTS (actions) * G_N_ELEMENTS (signals))

typedef struct
{
  World     *world;
  FaultDoor *door;
  Case       cases[N_CASES];
} Crowd;

static void
strike_cb (Case *self)
{
  if (self->gateway == NULL || self->n_strikes == chaos_scale (1, 1, 3))
    return;

  self->n_strikes++;
  actions[self->action](self);
}

static void
start_case (Crowd *crowd,
            guint  number)
{
  Case *self = &crowd->cases[number];

  self->action = number % G_N_ELEMENTS (actions);
  self->gateway = world_make_gateway (crowd->world, crowd->door, DGW_COMPRESSION_NONE);
  self->watched = self->gateway;
  g_object_add_weak_pointer (G_OBJECT (self->gateway), &self->watched);
  g_signal_connect_swapped (self->gateway, signals[number / G_N_ELEMENTS (actions)], G_CALLBACK (strike_cb), self);
  open_it (self);
}

/* Nobody is on the way to anywhere. */
static gboolean
is_settled (Crowd *crowd)
{
  for (guint i = 0; i < N_CASES; i++)
    {
      Case *self = &crowd->cases[i];

      if (self->gateway == NULL || dgw_gateway_get_status (self->gateway) == DGW_STATUS_READY)
        continue;
      if (dgw_gateway_get_status (self->gateway) != DGW_STATUS_UNCONNECTED || self->n_pending > 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_over (Crowd *crowd)
{
  for (guint i = 0; i < N_CASES; i++)
    if (crowd->cases[i].n_pending > 0 || crowd->cases[i].watched != NULL)
      return FALSE;

  return TRUE;
}

static void
dispatch_test (DgwTestingSimulator *simulator,
               gpointer             user_data)
{
  dgw_testing_simulator_dispatch_text (simulator, "OF_TEST", "{\"a\":1}");
  dgw_testing_simulator_dispatch_text (simulator, "RATE_LIMITED", "{\"opcode\":8,\"retry_after\":0.1,\"meta\":{}}");
}

static void
send_away (DgwTestingSimulator *simulator,
           gpointer             user_data)
{
  dgw_testing_simulator_request_reconnect (simulator);
}

static void
reset (DgwTestingSimulator *simulator,
       gpointer             user_data)
{
  dgw_testing_simulator_cut_clients (simulator, DGW_TESTING_CUT_RESET);
}

static void
invalidate (DgwTestingSimulator *simulator,
            gpointer             user_data)
{
  dgw_testing_simulator_invalidate_sessions (simulator, FALSE);
}

static void
refuse (DgwTestingSimulator *simulator,
        gpointer             user_data)
{
  dgw_testing_simulator_close_clients (simulator, REFUSED, "no");
}

/* The application is busy with something else, and its events wait. */
static void
stall (Crowd *crowd)
{
  gint64 until_us = g_get_monotonic_time () + STALL_US;

  world_call (crowd->world, dispatch_test, NULL);
  while (g_get_monotonic_time () < until_us)
    g_thread_yield ();
}

static guint64
count_connects (Case *self)
{
  g_autoptr (DgwMetrics) metrics = dgw_gateway_dup_metrics (self->gateway);

  return dgw_metrics_get_connects (metrics);
}

/* Each that was connected has gone, given up or connected again. */
static gboolean
has_befallen_all (Crowd *crowd)
{
  for (guint i = 0; i < N_CASES; i++)
    {
      Case *self = &crowd->cases[i];

      if (self->gateway != NULL && dgw_gateway_get_status (self->gateway) != DGW_STATUS_UNCONNECTED &&
          count_connects (self) == self->n_connects)
        return FALSE;
    }

  return is_settled (crowd);
}

static void
befall (Crowd    *crowd,
        WorldFunc fate)
{
  for (guint i = 0; i < N_CASES; i++)
    if (crowd->cases[i].gateway != NULL)
      crowd->cases[i].n_connects = count_connects (&crowd->cases[i]);
  world_call (crowd->world, fate, NULL);
  WAIT_UNTIL (has_befallen_all (crowd));
  world_call (crowd->world, dispatch_test, NULL);
}

static void
go_through_all (Crowd *crowd)
{
  WAIT_UNTIL (is_settled (crowd));
  world_call (crowd->world, dispatch_test, NULL);
  befall (crowd, send_away);
  befall (crowd, reset);
  befall (crowd, invalidate);
  stall (crowd);
  befall (crowd, refuse);
}

static guint
count_strikes (Crowd *crowd)
{
  guint count = 0;

  for (guint i = 0; i < N_CASES; i++)
    {
      if (crowd->cases[i].n_strikes == 0 && g_test_verbose ())
        g_test_message ("no %s for action %u", signals[i / G_N_ELEMENTS (actions)], crowd->cases[i].action);
      count += crowd->cases[i].n_strikes > 0;
    }

  return count;
}

static void
test_reentry (gconstpointer data)
{
  Crowd *crowd = g_new0 (Crowd, 1);

  g_test_summary ("Whatever a handler calls, each operation ends once and each gateway goes with its last reference");
  crowd->world = world_new (GPOINTER_TO_INT (data), "heartbeat-interval", chaos_scale (3000, 500, 500), NULL);
  crowd->door = fault_proxy_add_door (crowd->world->proxy);
  for (guint i = 0; i < N_CASES; i++)
    start_case (crowd, i);
  go_through_all (crowd);
  for (guint i = 0; i < N_CASES; i++)
    {
      Case *self = &crowd->cases[i];

      if (self->gateway == NULL)
        continue;
      deafen_it (self);
      close_and_drop_it (self);
    }
  WAIT_UNTIL (is_over (crowd));
  g_assert_cmpuint (count_strikes (crowd), >, N_CASES * 9 / 10);
  chaos_count (count_strikes (crowd), "methods called from a signal");
  world_free (crowd->world);
  g_free (crowd);
}

int
main (int    argc,
      char **argv)
{
  chaos_init (&argc, &argv);
  g_test_add_data_func ("/dgw/chaos/reentry/plain", GINT_TO_POINTER (FALSE), test_reentry);
  if (chaos_scale (FALSE, FALSE, TRUE))
    g_test_add_data_func ("/dgw/chaos/reentry/tls", GINT_TO_POINTER (TRUE), test_reentry);

  return g_test_run ();
}
