/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-gateway-error.h"
#include "link-rig.h"
#include "raw-server.h"

typedef struct
{
  GThread         *thread; /* that the callback has to come in */
  gboolean         is_done;
  gboolean         is_good;
  DgwGatewayAnswer answer;
  GError          *error;
} Outcome;

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Outcome *outcome = user_data;

  g_assert_true (outcome->thread == g_thread_self ());
  outcome->is_good = dgw_link_fetch_answer_finish (result, &outcome->answer, &outcome->error);
  g_assert_cmpint (outcome->is_good, ==, outcome->error == NULL);
  outcome->is_done = TRUE;
}

static void
outcome_clear (Outcome *outcome)
{
  dgw_gateway_answer_clear (&outcome->answer);
  g_clear_error (&outcome->error);
  *outcome = (Outcome){g_thread_self ()};
}

static void
serve_answer (RawPeer *peer,
              gpointer data)
{
  g_autofree char *head = raw_peer_read_head (peer);

  if (data == NULL)
    raw_peer_wait_end (peer);
  else
    raw_peer_write (peer, data, -1);
}

/* What one answer makes of a fetch. */
static void
fetch (LinkRig    *rig,
       const char *answer,
       Outcome    *outcome)
{
  static const DgwLinkHandlers handlers = {NULL, NULL};
  RawServer                   *server = raw_server_new (NULL, serve_answer, (gpointer)answer);

  outcome_clear (outcome);
  g_free (rig->options.api_url);
  rig->options.api_url = raw_server_dup_url (server, "http", "/api/v10/");
  rig->link = dgw_link_new (&rig->options, 1, g_main_context_default (), &handlers, rig);
  dgw_link_fetch_answer_async (rig->link, NULL, fetched_cb, outcome);
  /* Which is nothing to the fetch. */
  g_clear_pointer (&rig->link, dgw_link_free);
  LINK_RIG_WAIT (outcome->is_done);
  raw_server_free (server);
}

static void
test_answers (LinkRig      *rig,
              gconstpointer data)
{
  static const struct
  {
    const char     *answer;
    DgwGatewayError code;
  } bad[] = {
    {"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",             DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED},
    {"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n",        DGW_GATEWAY_ERROR_RATE_LIMITED         },
    {"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",                       DGW_GATEWAY_ERROR_FAILED               },
    {"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",     DGW_GATEWAY_ERROR_FAILED               },
    {"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n<html>Login!",          DGW_GATEWAY_ERROR_PROTOCOL             },
    {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",                       DGW_GATEWAY_ERROR_PROTOCOL             },
    {"HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"url\":[1,2,3.5]}\n", DGW_GATEWAY_ERROR_PROTOCOL             },
  };
  Outcome outcome = {NULL};

  g_test_summary ("CON-12, CON-13, CON-03: a fetch gives the answer, or an error with the right code, also when the link is gone");
  fetch (rig,
         "HTTP/1.1 200 OK\r\n\r\n{\"url\":\"wss://gateway.example\",\"shards\":9,\"session_start_limit\":"
         "{\"total\":1000,\"remaining\":998,\"reset_after\":14400000,\"max_concurrency\":2}}",
         &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (outcome.answer.url, ==, "wss://gateway.example");
  g_assert_cmpuint (outcome.answer.shards, ==, 9);
  g_assert_cmpuint (outcome.answer.remaining, ==, 998);
  g_assert_cmpuint (outcome.answer.max_concurrency, ==, 2);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      fetch (rig, bad[i].answer, &outcome);
      g_assert_error (outcome.error, DGW_GATEWAY_ERROR, (int)bad[i].code);
    }
  outcome_clear (&outcome);
}

static void
test_no_answer (LinkRig      *rig,
                gconstpointer data)
{
  Outcome outcome = {NULL};

  g_test_summary ("CON-15: a fetch has a time limit, and an address that may not carry the token is refused");
  rig->options.engine.connect_timeout_ms = 100;
  fetch (rig, NULL, &outcome);
  g_assert_error (outcome.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT);

  outcome_clear (&outcome);
  g_free (rig->options.api_url);
  rig->options.api_url = g_strdup ("http://discord.example/api");
  rig->link = dgw_link_new (&rig->options, 1, g_main_context_default (), &(DgwLinkHandlers){NULL, NULL}, rig);
  dgw_link_fetch_answer_async (rig->link, NULL, fetched_cb, &outcome);
  LINK_RIG_WAIT (outcome.is_done);
  g_assert_error (outcome.error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED);
  outcome_clear (&outcome);
}

static void
test_cancel (LinkRig      *rig,
             gconstpointer data)
{
  RawServer *server = raw_server_new (NULL, serve_answer, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = {g_thread_self ()};

  g_test_summary ("DIS-05: a fetch ends at once when it is cancelled, before or during it");
  g_free (rig->options.api_url);
  rig->options.api_url = raw_server_dup_url (server, "http", "");
  rig->link = dgw_link_new (&rig->options, 1, g_main_context_default (), &(DgwLinkHandlers){NULL, NULL}, rig);
  dgw_link_fetch_answer_async (rig->link, cancellable, fetched_cb, &outcome);
  while (raw_server_count_connections (server) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  LINK_RIG_WAIT (outcome.is_done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  outcome_clear (&outcome);
  dgw_link_fetch_answer_async (rig->link, cancellable, fetched_cb, &outcome);
  g_assert_false (outcome.is_done);
  LINK_RIG_WAIT (outcome.is_done);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  outcome_clear (&outcome);
  raw_server_free (server);
}

static void
test_context (LinkRig      *rig,
              gconstpointer data)
{
  GMainContext *context = g_main_context_new ();
  Outcome       outcome = {g_thread_self ()};

  g_test_summary ("The answer comes in the thread-default context of the call");
  rig->link = dgw_link_new (&rig->options, 1, g_main_context_default (), &(DgwLinkHandlers){NULL, NULL}, rig);
  g_main_context_push_thread_default (context);
  dgw_link_fetch_answer_async (rig->link, NULL, fetched_cb, &outcome);
  g_main_context_pop_thread_default (context);
  LINK_RIG_WAIT (dgw_testing_simulator_get_n_requests (rig->simulator) == 1);
  while (!outcome.is_done)
    {
      /* The simulator lives in the other one, and answers from there. */
      g_main_context_iteration (NULL, FALSE);
      g_assert_false (outcome.is_done);
      g_main_context_iteration (context, FALSE);
    }
  g_assert_true (outcome.is_good);
  g_assert_cmpuint (outcome.answer.shards, ==, 1);
  outcome_clear (&outcome);
  g_main_context_unref (context);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  raw_server_silence_logs ();
  g_test_add ("/dgw/worker/link-fetch/answers", LinkRig, NULL, link_rig_set_up, test_answers, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-fetch/no-answer", LinkRig, NULL, link_rig_set_up, test_no_answer, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-fetch/cancel", LinkRig, NULL, link_rig_set_up, test_cancel, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-fetch/context", LinkRig, NULL, link_rig_set_up, test_context, link_rig_tear_down);

  return g_test_run ();
}
