/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Generated traffic: the same for a seed, and whole whatever happens. */

#include "testing/test-client-private.h"

#include <string.h>

#define N_EVENTS 500

/* Takes in one event; its index, or -1 for another payload. */
static gint64
receive_index (TestClient *client, gint64 *sequence, GString *all)
{
  g_autofree char *text = test_client_receive (client);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *payload;

  if (text == NULL)
    return -2;

  node = json_from_string (text, NULL);
  g_assert_nonnull (node);
  payload = json_node_get_object (node);
  if (json_object_get_int_member (payload, "op") != 0)
    return -1;

  *sequence = json_object_get_int_member (payload, "s");
  if (!JSON_NODE_HOLDS_OBJECT (json_object_get_member (payload, "d")) ||
      !json_object_has_member (json_object_get_object_member (payload, "d"), "simulator_index"))
    return -1;
  if (all != NULL)
    g_string_append (all, text);
  return json_object_get_int_member (json_object_get_object_member (payload, "d"), "simulator_index");
}

static char *
receive_all (DgwTestingProfile profile, guint seed, guint count)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_ZSTD);
  g_autofree char *session = NULL;
  GString         *all = g_string_new (NULL);
  gint64           sequence;

  dgw_testing_simulator_start_traffic (simulator, profile, 0, count, seed);
  session = test_client_receive_ready (client);
  for (gint64 i = 0; i < count; i++)
    g_assert_cmpint (receive_index (client, &sequence, all), ==, i);
  g_assert_cmpint (sequence, ==, count + 1);
  return g_string_free (all, FALSE);
}

static void
test_seed (void)
{
  g_autofree char *first = receive_all (DGW_TESTING_PROFILE_CHAT, 7, N_EVENTS);
  g_autofree char *again = receive_all (DGW_TESTING_PROFILE_CHAT, 7, N_EVENTS);
  g_autofree char *other = receive_all (DGW_TESTING_PROFILE_CHAT, 8, N_EVENTS);

  g_assert_cmpstr (first, ==, again);
  g_assert_cmpstr (first, !=, other);
}

static void
test_startup (void)
{
  g_autofree char *guilds = receive_all (DGW_TESTING_PROFILE_STARTUP, 1, 12);

  g_assert_cmpuint (strlen (guilds), >, 12 * 20000);
  g_assert_cmpuint (strlen (guilds), <, 12 * 3100000);
}

/* Connects, identifies or resumes, and takes events up to @n or to the end of the connection. */
static gint64
take_events (DgwTestingSimulator *simulator, char **session, gint64 *sequence, gint64 next, gint64 n)
{
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_ZLIB);

  if (*session == NULL)
    {
      *session = test_client_receive_ready (client);
      *sequence = 1;
    }
  else
    {
      g_autofree char *hello = test_client_receive (client);

      test_client_resume (client, *session, *sequence);
    }

  while (next < n)
    {
      gint64 index = receive_index (client, sequence, NULL);

      if (index == -2)
        break;
      if (index == -1)
        continue;
      g_assert_cmpint (index, ==, next);
      next++;
    }
  return next;
}

static void
test_cuts (gconstpointer data)
{
  DgwTestingCut cut = GPOINTER_TO_INT (data);
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autofree char *session = NULL;
  gint64           sequence = 0;
  gint64           next = 0;
  guint            n_connections = 0;

  g_test_summary ("RES-05: over many cuts no event is lost and none comes twice");

  dgw_testing_simulator_start_traffic (simulator, DGW_TESTING_PROFILE_CHAT, 2000, N_EVENTS, 3);
  dgw_testing_simulator_start_cuts (simulator, cut, 50);
  while (next < N_EVENTS)
    {
      next = take_events (simulator, &session, &sequence, next, N_EVENTS);
      n_connections++;
    }
  g_assert_cmpuint (n_connections, >, 3);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 1);
}

static void
test_rate (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  g_autofree char *session = NULL;
  gint64           start = g_get_monotonic_time ();
  gint64           sequence;

  dgw_testing_simulator_start_traffic (simulator, DGW_TESTING_PROFILE_CHAT, 1000, 0, 1);
  session = test_client_receive_ready (client);
  for (gint64 i = 0; i < 200; i++)
    g_assert_cmpint (receive_index (client, &sequence, NULL), ==, i);
  /* Never faster; how much slower depends on the machine. */
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 190 * G_TIME_SPAN_MILLISECOND);
  dgw_testing_simulator_stop_traffic (simulator);
}

static void
test_slow_reader (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("write-size", 1, "write-delay", 1000, NULL);
  g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);

  g_test_summary ("Without a rate the generator stops at a client that does not take its events");

  dgw_testing_simulator_start_traffic (simulator, DGW_TESTING_PROFILE_CHAT, 0, 0, 1);
  test_client_identify (client, 0, 0);
  while (dgw_testing_simulator_get_n_identifies (simulator) == 0)
    g_main_context_iteration (NULL, TRUE);
  dgw_testing_simulator_drop_clients (simulator);
  g_assert_cmpuint (test_client_wait_closed (client), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/testing/traffic/seed", test_seed);
  g_test_add_func ("/dgw/testing/traffic/startup", test_startup);
  g_test_add_func ("/dgw/testing/traffic/rate", test_rate);
  g_test_add_func ("/dgw/testing/traffic/slow-reader", test_slow_reader);
  g_test_add_data_func ("/dgw/testing/traffic/cuts/close", GINT_TO_POINTER (DGW_TESTING_CUT_CLOSE), test_cuts);
  g_test_add_data_func ("/dgw/testing/traffic/cuts/reset", GINT_TO_POINTER (DGW_TESTING_CUT_RESET), test_cuts);
  return g_test_run ();
}
