/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What outlives a connection: the sessions with their events, the budget of
 * identifies, the traffic, and the set of the clients that are there.
 */

#include "config.h"

#include "testing/dgw-testing-realm-private.h"

#include "testing/dgw-testing-json-private.h"
#include "testing/dgw-testing-peer-private.h"
#include "testing/dgw-testing-protocol-private.h"
#include "testing/dgw-testing-scenario-private.h"
#include "testing/dgw-testing-template-private.h"
#include "testing/dgw-testing-timer-private.h"

#define TICK_US        (1 * G_TIME_SPAN_MILLISECOND)
#define SLOWEST_TICK   (50 * G_TIME_SPAN_MILLISECOND)
#define MAX_PER_TICK   10000
#define STARTUP_GUILDS 100
#define GUILD_SIZE     20000

static void
realm_clear (gpointer data)
{
  DgwTestingRealm *realm = data;

  dgw_testing_realm_stop (realm);
  g_ptr_array_unref (realm->peers);
  g_hash_table_unref (realm->sessions);
  g_hash_table_unref (realm->identified_at_us);
  g_hash_table_unref (realm->members_asked_us);
  g_clear_pointer (&realm->traffic, dgw_testing_traffic_unref);
  g_clear_pointer (&realm->last_identify, json_node_unref);
  g_clear_pointer (&realm->last_resume, json_node_unref);
  g_free (realm->url);
  g_free (realm->resume_url);
  g_free (realm->rest_fault.retry_after);
  g_free (realm->upgrade_fault.retry_after);
  g_free (realm->options.token);
  g_free (realm->options.gateway_url);
  g_free (realm->options.rest_body);
}

DgwTestingRealm *
dgw_testing_realm_new (const DgwTestingHooks *hooks, gpointer user_data)
{
  DgwTestingRealm *realm = g_rc_box_new0 (DgwTestingRealm);

  realm->hooks = hooks;
  realm->user_data = user_data;
  realm->peers = g_ptr_array_new_with_free_func ((GDestroyNotify)dgw_testing_peer_unref);
  realm->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)dgw_testing_session_unref);
  realm->identified_at_us = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  realm->members_asked_us = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return realm;
}

DgwTestingRealm *
dgw_testing_realm_ref (DgwTestingRealm *realm)
{
  return g_rc_box_acquire (realm);
}

void
dgw_testing_realm_unref (DgwTestingRealm *realm)
{
  g_rc_box_release_full (realm, realm_clear);
}

void
dgw_testing_realm_log (DgwTestingRealm *realm, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  /* A scenario may have the simulator send what is no UTF-8. */
  line = g_utf8_make_valid (text, -1);
  g_debug ("%s", line);
  if (realm->hooks != NULL)
    realm->hooks->log (line, realm->user_data);
}

/* With references: a handler of the application may end any of them. */
static GPtrArray *
list_sessions (DgwTestingRealm *realm)
{
  GPtrArray         *sessions = g_ptr_array_new_with_free_func ((GDestroyNotify)dgw_testing_session_unref);
  GHashTableIter     iter;
  DgwTestingSession *session;

  g_hash_table_iter_init (&iter, realm->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&session))
    g_ptr_array_add (sessions, dgw_testing_session_ref (session));

  return sessions;
}

static void
pump_session (DgwTestingSession *session)
{
  DgwTestingPeer *peer = dgw_testing_session_get_peer (session);

  if (peer != NULL)
    dgw_testing_peer_pump (peer);
}

/* A client that does not take its events, or that stays away, loses the oldest. */
static void
trim_session (DgwTestingRealm *realm, DgwTestingSession *session)
{
  DgwTestingPeer *peer = dgw_testing_session_get_peer (session);

  if (peer != NULL && dgw_testing_session_get_unsent (session) > realm->options.replay_limit)
    dgw_testing_peer_close (peer, DGW_TESTING_CLOSE_UNKNOWN_ERROR, "Too slow");
  dgw_testing_session_trim (session, realm->options.replay_limit);
}

static void
start_tick (DgwTestingRealm *realm)
{
  double rate = realm->traffic != NULL ? dgw_testing_traffic_get_rate (realm->traffic) : 0;

  if (rate <= 0 || realm->tick == NULL)
    return;

  dgw_testing_timer_start (realm->tick, CLAMP (G_USEC_PER_SEC / rate, TICK_US, SLOWEST_TICK));
}

static void
tick_cb (gpointer user_data)
{
  g_autoptr (DgwTestingRealm) realm = dgw_testing_realm_ref (user_data);
  g_autoptr (GPtrArray) sessions = list_sessions (realm);
  gboolean is_needed = FALSE;

  for (guint i = 0; i < sessions->len; i++)
    {
      DgwTestingSession *session = g_ptr_array_index (sessions, i);
      DgwTestingPeer    *peer = dgw_testing_session_get_peer (session);

      dgw_testing_session_generate_due (session, MAX_PER_TICK);
      pump_session (session);
      /* On a quiet line each event goes in its own write, as from the service. */
      if (peer != NULL && dgw_testing_session_get_peer (session) == peer)
        dgw_testing_wire_flush (peer->wire);
      trim_session (realm, session);
      is_needed = is_needed || dgw_testing_session_has_traffic_left (session);
    }
  if (is_needed)
    start_tick (realm);
}

void
dgw_testing_realm_start (DgwTestingRealm *realm, GMainContext *context)
{
  realm->context = g_main_context_ref (context);
  realm->tick = dgw_testing_timer_new (context, "[dgw-testing] traffic", tick_cb, realm);
  start_tick (realm);
  if (realm->scenario != NULL)
    dgw_testing_scenario_start (realm->scenario);
}

/* A copy, with references: a handler of the application may end any of them. */
GPtrArray *
dgw_testing_realm_list_peers (DgwTestingRealm *realm)
{
  GPtrArray *peers = g_ptr_array_new_with_free_func ((GDestroyNotify)dgw_testing_peer_unref);

  for (guint i = 0; i < realm->peers->len; i++)
    g_ptr_array_add (peers, dgw_testing_peer_ref (g_ptr_array_index (realm->peers, i)));

  return peers;
}

void
dgw_testing_realm_stop (DgwTestingRealm *realm)
{
  g_autoptr (GPtrArray) peers = dgw_testing_realm_list_peers (realm);

  g_clear_pointer (&realm->scenario, dgw_testing_scenario_free);
  for (guint i = 0; i < peers->len; i++)
    dgw_testing_peer_drop (g_ptr_array_index (peers, i));
  g_ptr_array_set_size (realm->peers, 0);
  g_hash_table_remove_all (realm->sessions);
  g_clear_pointer ((DgwTestingTimer **)&realm->tick, dgw_testing_timer_free);
  g_clear_pointer (&realm->context, g_main_context_unref);
}

void
dgw_testing_realm_add_peer (DgwTestingRealm *realm, DgwTestingPeer *peer)
{
  g_ptr_array_add (realm->peers, dgw_testing_peer_ref (peer));
}

void
dgw_testing_realm_remove_peer (DgwTestingRealm *realm, DgwTestingPeer *peer)
{
  g_ptr_array_remove (realm->peers, peer);
}

/* FALSE when the shard's bucket was used within the window, the answer to which is opcode 9. */
gboolean
dgw_testing_realm_take_identify (DgwTestingRealm *realm, guint shard_id)
{
  gpointer bucket = GUINT_TO_POINTER (shard_id % MAX (realm->options.max_concurrency, 1));
  gint64  *last = g_hash_table_lookup (realm->identified_at_us, bucket);
  gint64   now = g_get_monotonic_time ();
  gint64   window = realm->options.identify_window * G_TIME_SPAN_MILLISECOND;

  if (last != NULL && now - *last < window)
    return FALSE;

  g_hash_table_insert (realm->identified_at_us, bucket, g_memdup2 (&now, sizeof now));
  return TRUE;
}

static guint
count_guilds (DgwTestingRealm *realm)
{
  guint64 count;

  if (realm->traffic == NULL || dgw_testing_traffic_get_profile (realm->traffic) != DGW_TESTING_PROFILE_STARTUP)
    return realm->options.guild_count;

  count = dgw_testing_traffic_get_count (realm->traffic);
  return count > 0 ? MIN (count, DGW_TESTING_SHARD_MAX_GUILD) : STARTUP_GUILDS;
}

/* The guilds of one shard of several, as the service deals them out. */
static gboolean
is_on_shard (guint number, guint shard_id, guint shard_count)
{
  return shard_count < 2 || (dgw_testing_traffic_guild_id (number) >> 22) % shard_count == shard_id;
}

static JsonArray *
make_stubs (DgwTestingRealm *realm, guint shard_id, guint shard_count)
{
  JsonArray *stubs = json_array_new ();
  guint      n_guilds = count_guilds (realm);

  for (guint i = 0; i < n_guilds; i++)
    {
      JsonObject      *stub;
      g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, dgw_testing_traffic_guild_id (i));

      if (!is_on_shard (i, shard_id, shard_count))
        continue;
      stub = json_object_new ();
      json_object_set_boolean_member (stub, "unavailable", TRUE);
      json_object_set_string_member (stub, "id", id);
      json_array_add_object_element (stubs, stub);
    }

  return stubs;
}

/* The captured READY, made this session's. */
static void
append_ready (DgwTestingRealm *realm, DgwTestingSession *session)
{
  g_autofree char *text = dgw_testing_payload_text ("gateway_ready", 0);
  g_autoptr (JsonNode) root = dgw_testing_json_parse (text, -1, NULL);
  JsonObject      *data = json_object_get_object_member (json_node_get_object (root), "d");
  guint            shard_id = dgw_testing_session_get_shard_id (session);
  guint            shard_count = dgw_testing_session_get_shard_count (session);
  g_autofree char *ready = NULL;
  g_autoptr (DgwTestingEvent) event = NULL;

  json_object_set_string_member (data, "session_id", dgw_testing_session_get_id (session));
  json_object_set_string_member (data, "resume_gateway_url", realm->resume_url);
  json_object_set_array_member (data, "guilds", make_stubs (realm, shard_id, shard_count));
  json_object_remove_member (data, "shard");
  if (shard_count > 0)
    {
      JsonArray *shard = json_array_new ();

      json_array_add_int_element (shard, shard_id);
      json_array_add_int_element (shard, shard_count);
      json_object_set_array_member (data, "shard", shard);
    }
  ready = dgw_testing_json_write (json_object_get_member (json_node_get_object (root), "d"));
  event = dgw_testing_event_new ("READY", ready);
  dgw_testing_session_append (session, event);
}

static void
append_guilds (DgwTestingRealm *realm, DgwTestingSession *session)
{
  for (guint i = 0; i < realm->options.guild_count; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (DgwTestingEvent) event = NULL;

      if (!is_on_shard (i, dgw_testing_session_get_shard_id (session), dgw_testing_session_get_shard_count (session)))
        continue;
      dgw_testing_traffic_append_guild (i, GUILD_SIZE, text);
      event = dgw_testing_event_new ("GUILD_CREATE", text->str);
      dgw_testing_session_append (session, event);
    }
}

/* A session with READY and its guilds waiting to be sent. */
DgwTestingSession *
dgw_testing_realm_create_session (DgwTestingRealm *realm, guint shard_id, guint shard_count)
{
  g_autofree char   *id = g_strdup_printf ("%08x%08x%08x%08x", g_random_int (), g_random_int (), g_random_int (), ++realm->next_session);
  DgwTestingSession *session = dgw_testing_session_new (id, shard_id, shard_count);

  g_hash_table_insert (realm->sessions, (gpointer)dgw_testing_session_get_id (session), session);
  append_ready (realm, session);
  append_guilds (realm, session);
  dgw_testing_session_set_traffic (session, realm->traffic);
  start_tick (realm);
  return session;
}

/* NULL when it is unknown or too old. */
DgwTestingSession *
dgw_testing_realm_find_session (DgwTestingRealm *realm, const char *id)
{
  DgwTestingSession *session = id != NULL ? g_hash_table_lookup (realm->sessions, id) : NULL;

  if (session != NULL &&
      dgw_testing_session_is_expired (session, realm->options.session_timeout * G_TIME_SPAN_MILLISECOND))
    {
      dgw_testing_realm_end_session (realm, session);
      return NULL;
    }

  return session;
}

void
dgw_testing_realm_end_session (DgwTestingRealm *realm, DgwTestingSession *session)
{
  DgwTestingPeer *peer = dgw_testing_session_get_peer (session);

  if (peer != NULL)
    dgw_testing_peer_detach (peer);
  g_hash_table_remove (realm->sessions, dgw_testing_session_get_id (session));
}

/* To every session; those whose client is away keep it for the replay. */
static gboolean
is_for_session (DgwTestingSession *session, DgwTestingEvent *event)
{
  guint64 number = dgw_testing_event_get_guild (event) >> 22;

  return number % MAX (dgw_testing_session_get_shard_count (session), 1) == dgw_testing_session_get_shard_id (session);
}

void
dgw_testing_realm_dispatch (DgwTestingRealm *realm, DgwTestingEvent *event)
{
  g_autoptr (GPtrArray) sessions = list_sessions (realm);

  for (guint i = 0; i < sessions->len; i++)
    {
      DgwTestingSession *session = g_ptr_array_index (sessions, i);

      if (realm->options.route_guilds && !is_for_session (session, event))
        continue;
      dgw_testing_session_append (session, event);
      pump_session (session);
      trim_session (realm, session);
    }
}

void
dgw_testing_realm_set_traffic (DgwTestingRealm *realm, DgwTestingTraffic *traffic)
{
  g_autoptr (GPtrArray) sessions = list_sessions (realm);

  g_clear_pointer (&realm->traffic, dgw_testing_traffic_unref);
  realm->traffic = traffic != NULL ? dgw_testing_traffic_ref (traffic) : NULL;
  for (guint i = 0; i < sessions->len; i++)
    {
      DgwTestingSession *session = g_ptr_array_index (sessions, i);

      dgw_testing_session_set_traffic (session, traffic);
      pump_session (session);
    }
  start_tick (realm);
}

void
dgw_testing_realm_set_fault (DgwTestingFault *fault, guint status, guint count, const char *retry_after)
{
  fault->status = status;
  fault->count = count;
  g_free (fault->retry_after);
  fault->retry_after = g_strdup (retry_after);
}

/* Whether this request is one of those that shall fail. */
gboolean
dgw_testing_realm_take_fault (DgwTestingFault *fault)
{
  if (fault->count == 0)
    return FALSE;

  fault->count--;
  return TRUE;
}
