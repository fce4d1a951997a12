/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

/* Waiting for one event. */

typedef struct
{
  DgwGateway *gateway; /* nullable: closed by the filter */
  const char *text;
  guint       n_asked;
  guint       n_freed;
} Filter;

static gboolean
filter_cb (DgwEvent *event,
           gpointer  user_data)
{
  Filter *filter = user_data;

  filter->n_asked++;
  if (filter->gateway)
    dgw_gateway_close_async (filter->gateway, NULL, NULL, NULL);

  return g_strrstr (dgw_event_get_text (event), filter->text) != NULL;
}

static void
free_cb (gpointer data)
{
  ((Filter *)data)->n_freed++;
}

static DgwEvent *
finish_wait (DgwGateway *gateway,
             Outcome    *outcome,
             GError    **error)
{
  DgwEvent *event;

  WAIT_UNTIL (outcome->is_done);
  event = dgw_gateway_wait_for_event_finish (gateway, outcome->result, error);
  outcome_clear (outcome);
  *outcome = (Outcome){0};
  return event;
}

static void
end (DgwGateway          *gateway,
     DgwTestingSimulator *simulator)
{
  g_assert_finalize_object (gateway);
  stop_simulator (simulator);
}

static void
test_filtered (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  Filter               filter = {.text = "\"n\":2"};
  Outcome              ready = {0}, wait = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("ENV-02: the first event that the filter accepts, also through a lost connection");
  dgw_gateway_wait_for_event_async (gateway, "READY", NULL, NULL, NULL, NULL, outcome_cb, &ready);
  dgw_gateway_wait_for_event_async (gateway, "OF_THE_FUTURE", filter_cb, &filter, free_cb, NULL, outcome_cb, &wait);
  open_gateway (gateway);
  {
    g_autoptr (DgwEvent) event = finish_wait (gateway, &ready, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (dgw_event_get_name (event), ==, "READY");
  }
  dgw_testing_simulator_dispatch_text (simulator, "OF_THE_FUTURE", "{\"n\":1}");
  dgw_testing_simulator_dispatch_text (simulator, "OF_THE_PAST", "{\"n\":2}");
  WAIT_UNTIL (filter.n_asked == 1);
  dgw_testing_simulator_drop_clients (simulator);
  for (guint n = 2; n < 4; n++)
    {
      g_autofree char *data = g_strdup_printf ("{\"n\":%u}", n);

      dgw_testing_simulator_dispatch_text (simulator, "OF_THE_FUTURE", data);
    }
  {
    g_autoptr (DgwEvent) event = finish_wait (gateway, &wait, &error);

    g_assert_no_error (error);
    g_assert_nonnull (g_strrstr (dgw_event_get_text (event), "\"n\":2"));
  }
  g_assert_cmpuint (filter.n_asked, ==, 2);
  g_assert_cmpuint (filter.n_freed, ==, 1);
  close_gateway (gateway);
  end (gateway, simulator);
}

static void
test_ended (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  DgwGateway          *gateway = make_gateway (simulator);
  Filter               filter = {.text = "\"n\""};
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome wait = {0}, cancelled = {0};
  g_autoptr (GError) error = NULL;

  g_test_summary ("DIS-05: a wait ends when it is cancelled, and with the gateway, also by its own filter");
  open_gateway (gateway);
  dgw_gateway_wait_for_event_async (gateway, "X", filter_cb, &filter, free_cb, cancellable, outcome_cb, &cancelled);
  g_cancellable_cancel (cancellable);
  g_assert_null (finish_wait (gateway, &cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (filter.n_freed, ==, 1);

  filter.gateway = gateway;
  filter.text = "never";
  dgw_gateway_wait_for_event_async (gateway, "X", filter_cb, &filter, free_cb, NULL, outcome_cb, &wait);
  dgw_testing_simulator_dispatch_text (simulator, "X", "{\"n\":1}");
  g_assert_null (finish_wait (gateway, &wait, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_cmpuint (filter.n_freed, ==, 2);

  g_object_set (simulator, "token", "another.token", NULL);
  dgw_gateway_wait_for_event_async (gateway, "READY", NULL, NULL, NULL, NULL, outcome_cb, &wait);
  {
    g_autoptr (GError) failure = fail_to_open (gateway);
    g_assert_error (failure, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  }
  g_assert_null (finish_wait (gateway, &wait, &error));
  g_assert_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED);
  end (gateway, simulator);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/dgw/gateway/wait/filtered", test_filtered);
  g_test_add_func ("/dgw/gateway/wait/ended", test_ended);

  return g_test_run ();
}
