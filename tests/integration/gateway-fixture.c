/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

#include <string.h>

void
outcome_clear (Outcome *self)
{
  g_clear_object (&self->result);
}

void
outcome_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;

  g_assert_false (outcome->is_done);
  outcome->is_done = TRUE;
  outcome->result = g_object_ref (result);
}

static void
record_event_cb (DgwGateway *gateway,
                 DgwEvent   *event,
                 gpointer    user_data)
{
  Record *self = user_data;

  self->n_events++;
  g_string_append_printf (self->text, "event %s %" G_GINT64_FORMAT "\n", dgw_event_get_name (event),
                          dgw_event_get_sequence (event));
}

static void
record_status_cb (DgwGateway *gateway,
                  GParamSpec *pspec,
                  gpointer    user_data)
{
  Record *self = user_data;

  g_string_append_printf (self->text, "status %s\n", dgw_status_to_string (dgw_gateway_get_status (gateway)));
}

static void
record_disconnected_cb (DgwGateway *gateway,
                        guint       code,
                        const char *reason,
                        gboolean    will_reconnect,
                        gpointer    user_data)
{
  Record *self = user_data;

  g_string_append_printf (self->text, "disconnected %u %s\n", code, will_reconnect ? "yes" : "no");
}

static void
record_reconnecting_cb (DgwGateway *gateway,
                        guint       attempt,
                        guint       delay_ms,
                        gpointer    user_data)
{
  Record *self = user_data;

  g_string_append_printf (self->text, "reconnecting %u\n", attempt);
}

static void
record_failed_cb (DgwGateway *gateway,
                  GError     *error,
                  gpointer    user_data)
{
  Record *self = user_data;

  g_assert_nonnull (error);
  g_string_append (self->text, "failed\n");
}

void
record_start (Record     *self,
              DgwGateway *gateway)
{
  self->text = g_string_new (NULL);
  self->n_events = 0;
  g_signal_connect (gateway, "event", G_CALLBACK (record_event_cb), self);
  g_signal_connect (gateway, "notify::status", G_CALLBACK (record_status_cb), self);
  g_signal_connect (gateway, "disconnected", G_CALLBACK (record_disconnected_cb), self);
  g_signal_connect (gateway, "reconnecting", G_CALLBACK (record_reconnecting_cb), self);
  g_signal_connect (gateway, "failed", G_CALLBACK (record_failed_cb), self);
}

void
record_clear (Record *self)
{
  if (self->text)
    g_string_free (self->text, TRUE);
  self->text = NULL;
}

gboolean
record_has (Record     *self,
            const char *line)
{
  return strstr (self->text->str, line) != NULL;
}

static void
note_code_cb (DgwTestingSimulator *simulator,
              guint                code,
              const char          *reason,
              gpointer             user_data)
{
  g_object_set_data (G_OBJECT (simulator), "test-code", GUINT_TO_POINTER (code + 1));
}

DgwTestingSimulator *
start_simulator (void)
{
  DgwTestingSimulator *simulator = dgw_testing_simulator_new ();
  g_auto (Outcome) start = {0};
  g_autoptr (GError) error = NULL;

  g_signal_connect (simulator, "client-disconnected", G_CALLBACK (note_code_cb), NULL);
  dgw_testing_simulator_start_async (simulator, NULL, outcome_cb, &start);
  WAIT_UNTIL (start.is_done);
  dgw_testing_simulator_start_finish (simulator, start.result, &error);
  g_assert_no_error (error);
  return simulator;
}

void
stop_simulator (DgwTestingSimulator *simulator)
{
  g_auto (Outcome) stop = {0};

  dgw_testing_simulator_stop_async (simulator, NULL, outcome_cb, &stop);
  WAIT_UNTIL (stop.is_done);
  g_object_unref (simulator);
}

gboolean
has_closed (DgwTestingSimulator *simulator,
            guint                code)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (simulator), "test-code")) == code + 1;
}

DgwGateway *
make_gateway (DgwTestingSimulator *simulator)
{
  DgwGateway *gateway = dgw_gateway_new ("Bot token.of.test", DGW_INTENTS_GUILDS);

  dgw_gateway_set_url (gateway, dgw_testing_simulator_get_url (simulator));
  dgw_gateway_set_api_url (gateway, dgw_testing_simulator_get_api_url (simulator));
  return gateway;
}

void
open_gateway (DgwGateway *gateway)
{
  g_auto (Outcome) open = {0};
  g_autoptr (GError) error = NULL;

  dgw_gateway_open_async (gateway, NULL, outcome_cb, &open);
  WAIT_UNTIL (open.is_done);
  g_assert_true (dgw_gateway_open_finish (gateway, open.result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_READY);
}

void
close_gateway (DgwGateway *gateway)
{
  g_auto (Outcome) close = {0};
  g_autoptr (GError) error = NULL;

  dgw_gateway_close_async (gateway, NULL, outcome_cb, &close);
  WAIT_UNTIL (close.is_done);
  g_assert_true (dgw_gateway_close_finish (gateway, close.result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
}

GError *
fail_to_open (DgwGateway *gateway)
{
  g_auto (Outcome) open = {0};
  GError *error = NULL;

  dgw_gateway_open_async (gateway, NULL, outcome_cb, &open);
  WAIT_UNTIL (open.is_done);
  g_assert_false (dgw_gateway_open_finish (gateway, open.result, &error));
  g_assert_nonnull (error);
  return error;
}
