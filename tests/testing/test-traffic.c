/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Generated traffic: the same for a seed, and whole whatever happens. */

#include "testing/test-client-private.h"

#include <string.h>

#define N_EVENTS     1000
#define EVENTS_A_CUT 60

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

typedef struct
{
  DgwTestingSimulator *simulator;
  DgwTestingCut        cut;
  char                *session;
  gint64               sequence;
  gint64               next; /* index of the event that has to come */
} Reader;

/* Connects, identifies or resumes, takes some events, and is cut in the middle. */
static void
take_some_events (Reader *reader)
{
  g_autoptr (TestClient) client = test_client_new (reader->simulator, TEST_COMPRESSION_NONE);
  gint64 cut_at = reader->next + EVENTS_A_CUT;
  gint64 index;

  if (reader->session == NULL)
    {
      reader->session = test_client_receive_ready (client);
      reader->sequence = 1;
    }
  else
    {
      g_free (test_client_receive (client));
      test_client_resume (client, reader->session, reader->sequence);
    }

  while ((index = receive_index (client, &reader->sequence, NULL)) != -2)
    {
      if (index == -1)
        continue;
      g_assert_cmpint (index, ==, reader->next);
      reader->next++;
      if (reader->next == cut_at)
        dgw_testing_simulator_cut_clients (reader->simulator, reader->cut);
      if (reader->next == N_EVENTS)
        break;
    }
}

static void
test_cuts (gconstpointer data)
{
  /* Small writes: a cut leaves most of the events behind, however slow this runs. */
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new ("write-size", 4000, NULL);
  Reader reader = {.simulator = simulator, .cut = GPOINTER_TO_INT (data)};

  g_test_summary ("RES-05: over many cuts no event is lost and none comes twice");

  dgw_testing_simulator_start_traffic (simulator, DGW_TESTING_PROFILE_CHAT, 0, N_EVENTS, 3);
  while (reader.next < N_EVENTS)
    take_some_events (&reader);
  g_assert_cmpuint (dgw_testing_simulator_get_n_connections (simulator), >, 2);
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (simulator), ==, 1);
  g_free (reader.session);
}

static void
test_timed_cuts (void)
{
  static const guint codes[] = {4000, 0};
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);

  g_test_summary ("Connections are cut by themselves, in one way after the other");

  /* A reset takes away what was not read yet, and READY has to be. */
  dgw_testing_simulator_start_cuts (simulator, DGW_TESTING_CUT_MIX, 500);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (TestClient) client = test_client_new (simulator, TEST_COMPRESSION_NONE);
      g_autofree char *session = test_client_receive_ready (client);

      g_assert_cmpuint (test_client_wait_closed (client), ==, codes[i]);
    }
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
  g_test_add_func ("/dgw/testing/traffic/timed-cuts", test_timed_cuts);
  g_test_add_data_func ("/dgw/testing/traffic/cuts/close", GINT_TO_POINTER (DGW_TESTING_CUT_CLOSE), test_cuts);
  g_test_add_data_func ("/dgw/testing/traffic/cuts/reset", GINT_TO_POINTER (DGW_TESTING_CUT_RESET), test_cuts);
  return g_test_run ();
}
