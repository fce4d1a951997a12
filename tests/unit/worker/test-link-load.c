/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-gateway-error.h"
#include "link-rig.h"
#include "raw-server.h"
#include "worker/dgw-worker-private.h"

/* An application with a context of its own, which can stand still while the
 * simulator's goes on. */
static void
set_up (LinkRig      *rig,
        gconstpointer data)
{
  link_rig_set_up (rig, data);
  rig->context = g_main_context_new ();
}

static void
get_ready (LinkRig *rig)
{
  link_rig_open (rig);
  LINK_RIG_WAIT_BOTH (rig, rig->status == DGW_STATUS_READY && rig->n_dispatches > 0);
  rig->n_dispatches = 0;
}

/* Every TEST event, in order and once. */
static void
check_number (gpointer action,
              gpointer user_data)
{
  LinkRig *rig = user_data;

  if (g_str_equal (((DgwAction *)action)->dispatch.name, "TEST"))
    g_assert_cmpint (link_rig_read_number (action), ==, rig->n_numbers++);
}

static void
dispatch_at_beats_cb (DgwTestingSimulator *simulator,
                      guint                opcode,
                      JsonNode            *data,
                      guint               *n_beats)
{
  if (opcode != 1)
    return;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"n\":%u}", *n_beats * 100 + i);

      dgw_testing_simulator_dispatch_text (simulator, "TEST", text);
    }
  ++*n_beats;
}

static void
test_blocked (LinkRig      *rig,
              gconstpointer data)
{
  guint  n_beats = 0;
  gulong id;

  g_test_summary ("HB-10, HB-03: while the application stands still for ten intervals heartbeats go on; then it gets everything in order");
  g_object_set (rig->simulator, "heartbeat-interval", 200, "heartbeat-timeout", 600, NULL);
  get_ready (rig);
  rig->on_dispatch = check_number;
  id = g_signal_connect (rig->simulator, "received", G_CALLBACK (dispatch_at_beats_cb), &n_beats);
  LINK_RIG_WAIT_BLOCKED (n_beats >= 10);
  g_signal_handler_disconnect (rig->simulator, id);
  g_assert_cmpuint (rig->n_dispatches, ==, 0);
  LINK_RIG_WAIT_BOTH (rig, rig->n_dispatches == 1000);
  g_assert_cmpuint (rig->n_disconnected, ==, 0);
  g_assert_cmpuint (rig->n_stalled, ==, 1);
  g_assert_cmpint (rig->stalled_us, >, G_USEC_PER_SEC);
}

/* Security: BOUND-BACKLOG */
static void
test_backlog (LinkRig      *rig,
              gconstpointer data)
{
  DgwLinkMetrics metrics;

  g_test_summary ("DIS-02: past the backlog's limit the connection is closed with 4900 and the session kept; when the application has caught up, it resumes, and no event is lost or doubled");
  if (GPOINTER_TO_INT (data))
    rig->options.max_backlog_bytes = 20000;
  else
    rig->options.max_backlog_events = 300;
  get_ready (rig);
  rig->on_dispatch = check_number;
  link_rig_dispatch (rig, 3000);
  LINK_RIG_WAIT_BLOCKED (rig->peer_code != 1);
  g_assert_cmpuint (rig->peer_code, ==, 4900);
  dgw_link_get_metrics (rig->link, &metrics);
  /* A batch may be on its way when the limit is reached, no more. */
  g_assert_cmpuint (metrics.backlog_events, <=, 300 + 1000);
  g_assert_cmpuint (metrics.backlog_bytes, <=, 20000 + 64 * 300);
  g_assert_cmpuint (rig->n_dispatches, ==, 0);

  LINK_RIG_WAIT_BOTH (rig, rig->n_numbers == 3000);
  g_assert_cmpuint (rig->n_disconnected, >=, 1);
  LINK_RIG_WAIT_BOTH (rig, rig->status == DGW_STATUS_READY);
  dgw_link_get_metrics (rig->link, &metrics);
  g_assert_cmpuint (metrics.engine.reconnects[DGW_CAUSE_BACKLOG], >=, 1);
  g_assert_cmpuint (metrics.engine.identifies, ==, 1);
}

static void
test_freed_behind (LinkRig      *rig,
                   gconstpointer data)
{
  g_test_summary ("DIS-07: freed with a backlog and a hold, all of it goes, and a new link works");
  rig->options.max_backlog_events = 300;
  get_ready (rig);
  link_rig_dispatch (rig, 3000);
  LINK_RIG_WAIT_BLOCKED (rig->peer_code != 1);
  g_clear_pointer (&rig->link, dgw_link_free);
  while (g_main_context_iteration (rig->context, FALSE))
    continue;
  g_assert_cmpuint (rig->n_dispatches, ==, 0);
}

static void
test_stopped_behind (LinkRig      *rig,
                     gconstpointer data)
{
  g_test_summary ("DIS-05: stopped and opened again while it is held, the link goes on, and the limit holds still");
  rig->options.max_backlog_events = 300;
  get_ready (rig);
  link_rig_dispatch (rig, 3000);
  LINK_RIG_WAIT_BLOCKED (rig->peer_code != 1);
  dgw_link_stop (rig->link, DGW_STOP_SUSPEND, 4999, NULL);
  dgw_link_open (rig->link);
  rig->on_dispatch = check_number;
  LINK_RIG_WAIT_BOTH (rig, rig->n_numbers == 3000);
  LINK_RIG_WAIT_BOTH (rig, rig->status == DGW_STATUS_READY);
  g_assert_cmpuint (rig->n_stopped, ==, 1);
}

/* A gateway that writes events as fast as they are taken, or none at all. */
typedef struct
{
  gboolean is_flood;
  int      n_beats;    /* atomic */
  int      n_commands; /* atomic */
} Gateway;

typedef struct
{
  RawPeer *peer;
  Gateway *gateway;
} Conversation;

static gpointer
read_client (gpointer data)
{
  Conversation *self = data;

  for (;;)
    {
      g_autoptr (GByteArray) content = NULL;
      int opcode = raw_peer_receive (self->peer, &content);

      if (opcode != 1)
        return NULL;
      if (strstr ((char *)content->data, "\"op\":1,") != NULL)
        {
          g_atomic_int_inc (&self->gateway->n_beats);
          if (!self->gateway->is_flood)
            raw_peer_send (self->peer, 0x81, "{\"op\":11}", -1);
          g_main_context_wakeup (NULL);
        }
      else if (strstr ((char *)content->data, "\"op\":31,") != NULL)
        g_atomic_int_inc (&self->gateway->n_commands);
    }
}

static void
append_frame (GString    *bytes,
              const char *text)
{
  g_string_append_c (bytes, (char)0x81);
  g_string_append_c (bytes, (char)strlen (text));
  g_string_append (bytes, text);
}

static void
flood (RawPeer *peer)
{
  g_autoptr (GString) burst = g_string_new (NULL);

  for (guint sequence = 2; raw_peer_write (peer, burst->str, (gssize)burst->len);)
    {
      g_string_truncate (burst, 0);
      for (guint i = 0; i < 100; i++)
        {
          g_autofree char *text = g_strdup_printf ("{\"op\":0,\"t\":\"TEST\",\"s\":%u,\"d\":{\"padding\":\"0123456789012345678901234567890123456789\"}}", sequence++);

          append_frame (burst, text);
        }
      append_frame (burst, "{\"op\":11}");
    }
}

static void
serve_gateway (RawPeer *peer,
               gpointer data)
{
  Conversation     self = {peer, data};
  g_autofree char *head = raw_peer_accept (peer);
  GThread         *reader;

  if (head == NULL)
    return;
  raw_peer_send (peer, 0x81, "{\"op\":10,\"d\":{\"heartbeat_interval\":100}}", -1);
  raw_peer_send (peer, 0x81, "{\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":{\"session_id\":\"x\",\"user\":{\"id\":\"1\"}}}", -1);
  reader = g_thread_new ("raw-reader", read_client, &self);
  if (self.gateway->is_flood)
    flood (peer);
  g_thread_join (reader);
}

/* Security: BOUND-TURN */
static void
test_flood (LinkRig      *rig,
            gconstpointer data)
{
  Gateway          loud = {TRUE};
  Gateway          quiet = {FALSE};
  RawServer       *loud_server = raw_server_new (NULL, serve_gateway, &loud);
  RawServer       *quiet_server = raw_server_new (NULL, serve_gateway, &quiet);
  LinkRig          other = {.lines = g_ptr_array_new_with_free_func (g_free), .sequence = -1, .free_at = -1};
  g_autofree char *quiet_url = raw_server_dup_url (quiet_server, "ws", "/");

  g_test_summary ("HB-03, SHD-09: a socket that never runs dry keeps nobody from its heartbeats: not its own link, not another, on the same worker or not; and commands go out");
  dgw_worker_set_limit (GPOINTER_TO_UINT (data));
  g_clear_pointer (&rig->context, g_main_context_unref);
  rig->options.engine.url = raw_server_dup_url (loud_server, "ws", "/");
  rig->options.engine.compression = DGW_COMPRESSION_NONE;
  rig->options.max_backlog_events = G_MAXUINT;
  rig->options.max_backlog_bytes = G_MAXUINT64;
  dgw_link_options_copy (&rig->options, &other.options);
  g_free (other.options.engine.url);
  other.options.engine.url = g_strdup (quiet_url);
  link_rig_get_ready (&other);
  link_rig_get_ready (rig);
  g_atomic_int_set (&quiet.n_beats, 0);
  g_atomic_int_set (&loud.n_beats, 0);
  LINK_RIG_WAIT (g_atomic_int_get (&loud.n_beats) >= 10);
  dgw_link_send (rig->link, 1, 31, "{\"guild_ids\":[\"1\"]}");
  LINK_RIG_WAIT (g_atomic_int_get (&loud.n_commands) == 1);
  LINK_RIG_WAIT (g_atomic_int_get (&quiet.n_beats) >= 10);
  g_assert_cmpint (g_atomic_int_get (&loud.n_beats), <=, 3 * g_atomic_int_get (&quiet.n_beats));
  g_assert_cmpuint (rig->n_disconnected, ==, 0);
  g_assert_cmpuint (other.n_disconnected, ==, 0);

  g_clear_pointer (&rig->link, dgw_link_free);
  dgw_link_free (other.link);
  dgw_link_options_clear (&other.options);
  dgw_resume_state_clear (&other.session);
  g_ptr_array_unref (other.lines);
  raw_server_free (loud_server);
  raw_server_free (quiet_server);
  dgw_worker_set_limit (0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  raw_server_silence_logs ();
  g_test_add ("/dgw/worker/link-load/blocked", LinkRig, NULL, set_up, test_blocked, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-load/backlog-events", LinkRig, NULL, set_up, test_backlog, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-load/backlog-bytes", LinkRig, GINT_TO_POINTER (1), set_up, test_backlog, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-load/freed-behind", LinkRig, NULL, set_up, test_freed_behind, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-load/stopped-behind", LinkRig, NULL, set_up, test_stopped_behind, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-load/flood-one-worker", LinkRig, GUINT_TO_POINTER (1), set_up, test_flood, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-load/flood-two-workers", LinkRig, GUINT_TO_POINTER (2), set_up, test_flood, link_rig_tear_down);

  return g_test_run ();
}
