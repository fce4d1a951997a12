/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "fake-link.h"

typedef struct
{
  guint   n_done;
  GError *error;
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Outcome *outcome = user_data;
  gboolean succeeded = dgw_gateway_send_finish (DGW_GATEWAY (source), result, &outcome->error);

  g_assert_cmpint (succeeded, ==, outcome->error == NULL);
  outcome->n_done++;
}

static void
updated_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;
  gboolean succeeded = dgw_gateway_update_presence_finish (DGW_GATEWAY (source), result, &outcome->error);

  g_assert_cmpint (succeeded, ==, outcome->error == NULL);
  outcome->n_done++;
}

static void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static DgwGateway *
make_gateway (void)
{
  DgwGateway *gateway = dgw_gateway_new ("token-of-test", 1);

  dgw_gateway_set_url (gateway, "ws://127.0.0.1:1");
  return gateway;
}

static DgwGateway *
make_open_gateway (void)
{
  DgwGateway *gateway = make_gateway ();

  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("new\nsession none\nopen\n");
  return gateway;
}

static void
finish (DgwGateway *gateway)
{
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
  iterate ();
  g_assert_finalize_object (gateway);
  fake_link_assert_calls ("close 1000 -\nfree\n");
}

static void
test_send (void)
{
  DgwGateway *gateway = make_open_gateway ();
  g_autoptr (JsonNode) data = json_from_string ("{ \"guild_id\": \"1\", \"query\": \"\" }", NULL);
  g_auto (Outcome) first = {0};
  g_auto (Outcome) second = {0};

  g_test_summary ("ID-12: a command can be given from the open on; it is done when the link says so");
  dgw_gateway_send_async (gateway, DGW_OPCODE_REQUEST_GUILD_MEMBERS, data, NULL, sent_cb, &first);
  dgw_gateway_send_async (gateway, DGW_OPCODE_REQUEST_CHANNEL_INFO, data, NULL, sent_cb, &second);
  fake_link_assert_calls ("send 8 {\"guild_id\":\"1\",\"query\":\"\"}\nsend 43 {\"guild_id\":\"1\",\"query\":\"\"}\n");
  iterate ();
  g_assert_cmpuint (first.n_done + second.n_done, ==, 0);

  fake_link_play_done (fake_link_take_id (), NULL);
  fake_link_play_done (fake_link_take_id (),
                       g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE, "x"));
  fake_link_play_done (9999, NULL);
  iterate ();
  g_assert_cmpuint (first.n_done, ==, 1);
  g_assert_no_error (first.error);
  g_assert_error (second.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE);
  finish (gateway);
}

static void
test_encoding (void)
{
  DgwGateway *gateway = make_open_gateway ();
  g_autoptr (JsonNode) data = json_node_init_string (json_node_alloc (), "broken \xff");
  g_auto (Outcome) sent = {0};

  g_test_summary ("A WebSocket text is UTF-8: what is not comes back with an error");
  dgw_gateway_send_async (gateway, DGW_OPCODE_REQUEST_GUILD_MEMBERS, data, NULL, sent_cb, &sent);
  fake_link_assert_calls ("");
  iterate ();
  g_assert_error (sent.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  finish (gateway);
}

static void
test_opcodes (void)
{
  DgwGateway *gateway = make_open_gateway ();
  g_autoptr (JsonNode) data = json_from_string ("null", NULL);

  g_test_summary ("SND-08: only the opcodes that are for applications can be sent");
  for (guint opcode = 0; opcode < 50; opcode++)
    {
      gboolean         allowed = opcode == 3 || opcode == 4 || opcode == 8 || opcode == 31 || opcode == 43;
      g_autofree char *call = g_strdup_printf ("send %u null\n", opcode);
      g_auto (Outcome) sent = {0};

      dgw_gateway_send_async (gateway, opcode, data, NULL, sent_cb, &sent);
      fake_link_assert_calls (allowed ? call : "");
      if (allowed)
        fake_link_play_done (fake_link_take_id (), NULL);
      iterate ();
      g_assert_cmpuint (sent.n_done, ==, 1);
      if (!allowed)
        g_assert_error (sent.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  finish (gateway);
}

static void
test_not_open (void)
{
  g_autoptr (DgwGateway) gateway = make_gateway ();
  g_autoptr (JsonNode) data = json_from_string ("{}", NULL);
  g_auto (Outcome) sent = {0};

  dgw_gateway_send_async (gateway, DGW_OPCODE_VOICE_STATE_UPDATE, data, NULL, sent_cb, &sent);
  g_assert_cmpuint (sent.n_done, ==, 0);
  iterate ();
  g_assert_error (sent.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY);
  fake_link_assert_calls ("");
}

static void
test_cancel (void)
{
  DgwGateway *gateway = make_open_gateway ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (JsonNode) data = json_from_string ("{}", NULL);
  g_auto (Outcome) cancelled = {0};
  g_auto (Outcome) kept = {0};
  guint64 id = 0;

  g_test_summary ("A command that is cancelled is taken back, and only that one");
  dgw_gateway_send_async (gateway, DGW_OPCODE_VOICE_STATE_UPDATE, data, cancellable, sent_cb, &cancelled);
  dgw_gateway_send_async (gateway, DGW_OPCODE_VOICE_STATE_UPDATE, data, NULL, sent_cb, &kept);
  fake_link_assert_calls ("send 4 {}\nsend 4 {}\n");
  id = fake_link_take_id ();
  g_cancellable_cancel (cancellable);
  iterate ();
  fake_link_assert_calls ("cancel-send\n");
  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_link_play_done (id, NULL);
  fake_link_play_done (fake_link_take_id (), NULL);
  iterate ();
  g_assert_cmpuint (cancelled.n_done, ==, 1);
  g_assert_cmpuint (kept.n_done, ==, 1);
  g_assert_no_error (kept.error);
  finish (gateway);
}

static void
test_end (void)
{
  g_autoptr (JsonNode) data = json_from_string ("{}", NULL);

  g_test_summary ("SND-07: when the gateway ends, what waits fails with CLOSED");
  for (guint fails = 0; fails < 2; fails++)
    {
      DgwGateway *gateway = make_open_gateway ();
      Outcome     sent[3] = {0};
      g_auto (Outcome) late = {0};

      for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
        {
          dgw_gateway_send_async (gateway, DGW_OPCODE_VOICE_STATE_UPDATE, data, NULL, sent_cb, &sent[i]);
          fake_link_take_id ();
        }
      fake_link_assert_calls ("send 4 {}\nsend 4 {}\nsend 4 {}\n");
      if (fails)
        {
          fake_link_play ((DgwAction){.kind = DGW_ACTION_FAILED,
                                      .error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x")});
          iterate ();
        }
      else
        {
          dgw_gateway_suspend_async (gateway, NULL, NULL, NULL);
          dgw_gateway_send_async (gateway, DGW_OPCODE_VOICE_STATE_UPDATE, data, NULL, sent_cb, &late);
          fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
          iterate ();
          fake_link_assert_calls ("suspend 0 -\n");
          g_assert_error (late.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY);
        }

      for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
        {
          g_assert_cmpuint (sent[i].n_done, ==, 1);
          g_assert_error (sent[i].error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
          outcome_clear (&sent[i]);
        }
      g_assert_finalize_object (gateway);
      fake_link_assert_calls ("free\n");
    }
}

#define IDLE_JSON "{\"since\":null,\"activities\":[],\"status\":\"idle\",\"afk\":false}"
#define DND_JSON  "{\"since\":null,\"activities\":[],\"status\":\"dnd\",\"afk\":false}"

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static void
test_presence (void)
{
  g_autoptr (DgwGateway) gateway = make_gateway ();
  g_autoptr (DgwPresence) presence = dgw_presence_new ();
  g_auto (Outcome) stored = {0};
  g_auto (Outcome) first = {0};
  g_auto (Outcome) second = {0};
  guint n_notified = 0;

  g_test_summary ("PR-06: a presence is stored when it is not open, and handed to the link with every change");
  g_signal_connect (gateway, "notify::presence", G_CALLBACK (count_cb), &n_notified);
  dgw_presence_set_status (presence, "idle");
  dgw_gateway_update_presence_async (gateway, presence, NULL, updated_cb, &stored);
  iterate ();
  g_assert_cmpuint (stored.n_done, ==, 1);
  g_assert_no_error (stored.error);
  g_assert_true (dgw_gateway_get_presence (gateway) == presence);
  g_assert_cmpuint (n_notified, ==, 1);
  fake_link_assert_calls ("");

  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("new\npresence " IDLE_JSON "\nsession none\nopen\n");

  dgw_presence_set_status (presence, "dnd");
  dgw_gateway_update_presence_async (gateway, presence, NULL, updated_cb, &first);
  dgw_gateway_update_presence_async (gateway, presence, NULL, updated_cb, &second);
  fake_link_assert_calls ("presence " DND_JSON "\npresence " DND_JSON "\n");
  g_assert_cmpuint (n_notified, ==, 1);
  fake_link_play_done (fake_link_take_id (), NULL);
  fake_link_play_done (fake_link_take_id (), NULL);
  iterate ();
  g_assert_cmpuint (first.n_done, ==, 1);
  g_assert_cmpuint (second.n_done, ==, 1);

  dgw_gateway_set_presence (gateway, presence);
  fake_link_assert_calls ("presence " DND_JSON "\n");
  dgw_gateway_set_presence (gateway, NULL);
  fake_link_assert_calls ("presence none\n");
  g_assert_cmpuint (n_notified, ==, 2);
  finish (g_steal_pointer (&gateway));
}

static void
info_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  DgwGatewayInfo **info = user_data;

  *info = dgw_gateway_fetch_info_finish (DGW_GATEWAY (source), result, NULL);
}

static void
test_info (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);
  g_autoptr (DgwGatewayInfo) info = NULL;
  gint64 reset_after = 0;
  guint  max_concurrency = 0;

  dgw_gateway_fetch_info_async (gateway, NULL, info_cb, &info);
  iterate ();
  fake_link_assert_calls ("new\nfetch\n");
  g_assert_nonnull (info);
  g_assert_cmpstr (dgw_gateway_info_get_url (info), ==, "wss://gateway.example");
  g_assert_cmpuint (dgw_gateway_info_get_shards (info), ==, 7);
  g_assert_cmpuint (dgw_gateway_info_get_total (info), ==, 1000);
  g_assert_cmpuint (dgw_gateway_info_get_remaining (info), ==, 998);
  g_object_get (info, "reset-after", &reset_after, "max-concurrency", &max_concurrency, NULL);
  g_assert_cmpint (reset_after, ==, 3600000);
  g_assert_cmpuint (max_concurrency, ==, 16);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  g_assert_finalize_object (g_steal_pointer (&gateway));
  fake_link_assert_calls ("free\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/gateway/commands/send", test_send);
  g_test_add_func ("/dgw/gateway/commands/encoding", test_encoding);
  g_test_add_func ("/dgw/gateway/commands/opcodes", test_opcodes);
  g_test_add_func ("/dgw/gateway/commands/not-open", test_not_open);
  g_test_add_func ("/dgw/gateway/commands/cancel", test_cancel);
  g_test_add_func ("/dgw/gateway/commands/end", test_end);
  g_test_add_func ("/dgw/gateway/commands/presence", test_presence);
  g_test_add_func ("/dgw/gateway/commands/info", test_info);

  return g_test_run ();
}
