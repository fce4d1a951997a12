/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "lifecycle-fixture.h"

#define SEND "send 4 {}\n"

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->n_done++;
  outcome->succeeded = dgw_gateway_send_finish (DGW_GATEWAY (source), result, &outcome->error);
}

static void
requested_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Outcome *outcome = user_data;
  g_autoptr (DgwChannelInfoEvent) info = dgw_gateway_request_channel_info_finish (DGW_GATEWAY (source), result, &outcome->error);

  outcome->n_done++;
}

static void
send (DgwGateway   *gateway,
      GCancellable *cancellable,
      Outcome      *outcome)
{
  g_autoptr (JsonNode) data = json_from_string ("{}", NULL);

  dgw_gateway_send_async (gateway, DGW_OPCODE_VOICE_STATE_UPDATE, data, cancellable, sent_cb, outcome);
}

static void
test_kept (void)
{
  static const char *const fields[] = {"status", NULL};
  g_autoptr (DgwGateway) gateway = make_ready_gateway ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Outcome) early = {0};
  g_auto (Outcome) before = {0};
  g_auto (Outcome) first = {0};
  g_auto (Outcome) cancelled = {0};
  g_auto (Outcome) request = {0};

  g_test_summary ("ID-12: a command waits from the open on, also when that waits for a close");
  send (gateway, NULL, &before);
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  send (gateway, NULL, &early);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  send (gateway, NULL, &first);
  send (gateway, cancellable, &cancelled);
  dgw_gateway_request_channel_info_async (gateway, "1", fields, NULL, requested_cb, &request);
  g_cancellable_cancel (cancellable);
  iterate ();
  fake_link_assert_calls (SEND "close 1000 -\n");
  g_assert_error (early.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY);
  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  fake_link_play_session (NULL, NULL);
  play_stopped ();
  iterate ();
  fake_link_assert_calls ("session none\nopen\n" SEND "request 43 {\"guild_id\":\"1\",\"fields\":[\"status\"]}\n");
  g_assert_error (before.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  g_assert_cmpuint (first.n_done + request.n_done, ==, 0);

  fake_link_take_id ();
  fake_link_play_done (fake_link_take_id (), NULL);
  iterate ();
  g_assert_true (first.succeeded);
  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  play_stopped ();
  iterate ();
  g_assert_error (request.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  fake_link_assert_calls ("close 1000 -\n");
  assert_gone (g_steal_pointer (&gateway));
}

typedef enum
{
  BY_CLOSE,
  BY_CANCEL,
  BY_OPTIONS,
  BY_DISPOSE,
} End;

static void
end_open (DgwGateway   *gateway,
          GCancellable *cancellable,
          End           end)
{
  if (end == BY_CLOSE)
    dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  else if (end == BY_CANCEL)
    g_cancellable_cancel (cancellable);
  else if (end == BY_OPTIONS)
    dgw_gateway_set_url (gateway, "ws://elsewhere.example");
  else
    g_object_run_dispose (G_OBJECT (gateway));
}

static void
test_ended (void)
{
  g_test_summary ("What waits for an open that does not come ends once, with CLOSED");
  for (End end = BY_CLOSE; end <= BY_DISPOSE; end++)
    {
      g_autoptr (DgwGateway) gateway = make_ready_gateway ();
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_auto (Outcome) sent = {0};

      dgw_gateway_close_async (gateway, NULL, NULL, NULL);
      dgw_gateway_open_async (gateway, cancellable, NULL, NULL);
      send (gateway, NULL, &sent);
      end_open (gateway, cancellable, end);
      iterate ();
      if (end != BY_DISPOSE)
        play_stopped ();
      iterate ();
      g_assert_cmpuint (sent.n_done, ==, 1);
      g_assert_error (sent.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
      fake_link_assert_calls (end == BY_OPTIONS   ? "close 1000 -\noptions\n"
                              : end == BY_DISPOSE ? "close 1000 -\nfree\n"
                                                  : "close 1000 -\n");
      g_assert_finalize_object (g_steal_pointer (&gateway));
      fake_link_assert_calls (end == BY_DISPOSE ? "" : "free\n");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/gateway/pending/kept", test_kept);
  g_test_add_func ("/dgw/gateway/pending/ended", test_ended);

  return g_test_run ();
}
