/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "lifecycle-fixture.h"

void
outcome_clear (Outcome *self)
{
  g_clear_pointer (&self->session, dgw_session_unref);
  g_clear_error (&self->error);
}

void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->n_done++;
  outcome->succeeded = dgw_gateway_open_finish (DGW_GATEWAY (source), result, &outcome->error);
}

void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->n_done++;
  outcome->succeeded = dgw_gateway_close_finish (DGW_GATEWAY (source), result, &outcome->error);
}

void
closed_with_code_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->n_done++;
  outcome->succeeded = dgw_gateway_close_with_code_finish (DGW_GATEWAY (source), result, &outcome->error);
}

void
suspended_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Outcome *outcome = user_data;

  outcome->n_done++;
  outcome->session = dgw_gateway_suspend_finish (DGW_GATEWAY (source), result, &outcome->error);
}

void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

DgwGateway *
make_gateway (void)
{
  DgwGateway *gateway = dgw_gateway_new ("token-of-test", 1);

  dgw_gateway_set_url (gateway, "ws://127.0.0.1:1");
  return gateway;
}

void
play_ready (void)
{
  fake_link_play_status (DGW_STATUS_CONNECTING);
  fake_link_play_status (DGW_STATUS_WAITING_FOR_HELLO);
  fake_link_play_status (DGW_STATUS_WAITING_FOR_READY);
  fake_link_play_session ("S1", "ws://127.0.0.1:2");
  fake_link_play_status (DGW_STATUS_READY);
  fake_link_play_dispatch ("READY", DGW_EVENT_TYPE_READY, 1);
}

void
play_stopped (void)
{
  fake_link_play_status (DGW_STATUS_UNCONNECTED);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
}

DgwGateway *
make_ready_gateway (void)
{
  DgwGateway *gateway = make_gateway ();

  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("new\nsession none\nopen\n");
  play_ready ();
  iterate ();
  return gateway;
}

void
assert_gone (DgwGateway *gateway)
{
  iterate ();
  g_assert_finalize_object (gateway);
  g_assert_null (fake_link_get ());
  fake_link_assert_calls ("free\n");
}

void
fail_cb (DgwGateway *gateway,
         gpointer    argument,
         gpointer    user_data)
{
  g_assert_not_reached ();
}
