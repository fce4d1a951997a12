/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Scenarios: read, played, and found wrong. */

#include "testing/test-client-private.h"

#include <string.h>

#define HELLO "< {\"op\":10,\"d\":{\"heartbeat_interval\":41250}}\n"

static const char session[] =
  "# proves: RES-01\n"
  ": token secret\n"
  "* start\n"
  "= connect\n"
  "! opened\n" HELLO
  "> {\"op\":2,\"d\":{\"token\":\"*\",\"properties\":\"*\",\"...\":\"*\"}}\n"
  "< {\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":{\"session_id\":\"S1\",\"resume_gateway_url\":\"wss://resume.example\"}}\n"
  "@ until send\n"
  "% repeat 2\n"
  "< {\"op\":0,\"t\":\"X\",\"s\":$n,\"d\":\"${ab*3}\"}\n"
  "% end\n"
  "@ +20ms\n"
  "! closed 4009 Session timed out\n"
  "! refused 503\n"
  "! opened\n" HELLO
  "> {\"d\":\"*\",\"op\":6}\n"
  "! closed\n";

static void
ended_cb (DgwTestingSimulator *simulator, const char *failure, gpointer user_data)
{
  guint *n = user_data;

  (*n)++;
}

static gboolean
has_ended (gpointer data)
{
  return dgw_testing_simulator_get_scenario_finished (data);
}

static void
load (DgwTestingSimulator *simulator, const char *text)
{
  g_autoptr (GError) error = NULL;

  dgw_testing_simulator_load_scenario (simulator, text, &error);
  g_assert_no_error (error);
}

static void
test_played (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  const char *url = dgw_testing_simulator_get_url (simulator);
  g_autoptr (TestClient) first = NULL;
  g_autoptr (TestClient) refused = NULL;
  g_autoptr (TestClient) second = NULL;
  g_autoptr (JsonObject) ready = NULL;
  g_autofree char *text = NULL;
  guint            n_ended = 0;

  g_signal_connect (simulator, "scenario-ended", G_CALLBACK (ended_cb), &n_ended);
  load (simulator, session);
  first = test_client_new (simulator, TEST_COMPRESSION_ZLIB);
  json_object_unref (test_client_receive_object (first, 10));
  test_client_send (first, "{\"op\":1,\"d\":null}");
  json_object_unref (test_client_receive_object (first, 11));
  test_client_identify (first, 0, 0);
  ready = test_client_receive_object (first, 0);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (ready, "d"), "resume_gateway_url"), ==, url);
  text = test_client_receive (first);
  g_assert_cmpstr (text, ==, "{\"op\":0,\"t\":\"X\",\"s\":1,\"d\":\"ababab\"}");
  g_assert_cmpint (test_client_receive_event (first, "X"), ==, 2);
  g_assert_cmpuint (test_client_wait_closed (first), ==, 4009);

  refused = test_client_connect (url, "?v=10&encoding=json", NULL);
  g_assert_null (refused);
  second = test_client_new (simulator, TEST_COMPRESSION_NONE);
  json_object_unref (test_client_receive_object (second, 10));
  test_client_resume (second, "S1", 1);
  g_assert_cmpuint (test_client_wait_closed (second), ==, 0);
  test_wait_until (has_ended, simulator);
  g_assert_null (dgw_testing_simulator_get_scenario_failure (simulator));
  g_assert_cmpuint (n_ended, ==, 1);
}

static void
test_not_as_written (void)
{
  g_autoptr (DgwTestingSimulator) simulator = dgw_testing_simulator_new ();
  g_autoptr (TestClient) client = NULL;

  load (simulator, "! opened\n" HELLO "> {\"op\":6,\"d\":\"*\"}\n");
  test_simulator_start (simulator);
  client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  json_object_unref (test_client_receive_object (client, 10));
  test_client_identify (client, 0, 0);
  test_wait_until (has_ended, simulator);
  g_assert_true (g_str_has_prefix (dgw_testing_simulator_get_scenario_failure (simulator), "Line 3: the client sent {\"op\":2"));
  g_assert_null (strstr (dgw_testing_simulator_get_scenario_failure (simulator), "secret"));
}

static void
test_heartbeats (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = NULL;
  g_autofree char *ack = NULL;
  g_autofree char *address = NULL;
  g_autofree char *expected = g_strdup_printf ("[\"%s\"]", dgw_testing_simulator_get_url (simulator));

  g_test_summary ("An awaited heartbeat is for the scenario to acknowledge, another one is not");

  load (simulator, "! opened\n> {\"op\":1,\"d\":7}\n< {\"op\":11,\"x\":1}\n> {\"op\":3}\n< [\"$gateway\"]\n");
  client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  test_client_send (client, "{\"op\":1,\"d\":7}");
  ack = test_client_receive (client);
  g_assert_cmpstr (ack, ==, "{\"op\":11,\"x\":1}");
  test_client_send (client, "{\"op\":1,\"d\":null}");
  json_object_unref (test_client_receive_object (client, 11));
  test_client_send (client, "{\"op\":3}");
  address = test_client_receive (client);
  g_assert_cmpstr (address, ==, expected);
  test_wait_until (has_ended, simulator);
  g_assert_null (dgw_testing_simulator_get_scenario_failure (simulator));
  test_client_send (client, "{\"op\":3}");
  test_client_send (client, "{\"op\":1,\"d\":null}");
  json_object_unref (test_client_receive_object (client, 11));
}

static void
test_gone (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autoptr (TestClient) client = NULL;

  load (simulator, "! opened\n" HELLO "> {\"op\":6,\"d\":\"*\"}\n");
  client = test_client_new (simulator, TEST_COMPRESSION_NONE);
  json_object_unref (test_client_receive_object (client, 10));
  test_client_close (client, 1000);
  test_wait_until (has_ended, simulator);
  g_assert_cmpstr (dgw_testing_simulator_get_scenario_failure (simulator), ==, "Line 3: the client has gone");
}

static void
test_answer (void)
{
  g_autoptr (DgwTestingSimulator) simulator = test_simulator_new (NULL);
  g_autofree char *gateway = g_strconcat (dgw_testing_simulator_get_api_url (simulator), "/gateway", NULL);
  g_autofree char *retry_after = NULL;
  g_autofree char *body = NULL;
  guint            status;

  load (simulator, "! answer 429 300ms\n! answer {\"url\":\"wss://x\",\"shards\":9}\n");
  g_free (test_get (gateway, NULL, &status, &retry_after));
  g_assert_cmpuint (status, ==, 429);
  g_assert_cmpstr (retry_after, ==, "0.300");
  body = test_get (gateway, NULL, &status, NULL);
  g_assert_nonnull (strstr (body, "\"shards\":9"));
  g_assert_nonnull (strstr (body, dgw_testing_simulator_get_url (simulator)));
  test_wait_until (has_ended, simulator);
}

typedef struct
{
  const char *text;
  const char *message;
} Wrong;

static const Wrong wrongs[] = {
  {"x",                                                    "Line 1: it starts with"            },
  {"\n\n<{}",                                              "Line 3: a space is missing"        },
  {"# c\n> {",                                             "Line 2: "                          },
  {"@ 5",                                                  "Line 1: a time such as"            },
  {"@ +5 parsecs",                                         "Line 1: a time such as"            },
  {"! closed x",                                           "Line 1: the close code"            },
  {"! closed 70000",                                       "Line 1: the close code"            },
  {"! refused 99",                                         "Line 1: the HTTP status"           },
  {"! refused 429 x",                                      "Line 1: Retry-After"               },
  {"! exploded",                                           "Line 1: unknown happening"         },
  {"% end",                                                "Line 1: % end without"             },
  {"% repeat 2\n< {}",                                     "Line 3: % end is missing"          },
  {"% repeat x\n% end",                                    "Line 1: % repeat needs"            },
  {"% repeat 100000\n% repeat 100000\n< {}\n% end\n% end", "Line 4: the scenario gets too long"},
  {"% repeat 100000\n% repeat 100000\n% end\n% end",       "Line 3: the scenario gets too long"},
  {"< ${x*99999999999}",                                   "Line 1: the scenario gets too long"},
};

static void
test_wrong (void)
{
  g_autoptr (DgwTestingSimulator) simulator = dgw_testing_simulator_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (dgw_testing_simulator_load_scenario (simulator, wrongs[i].text, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_test_message ("%s", error->message);
      g_assert_true (g_str_has_prefix (error->message, wrongs[i].message));
    }
}

static void
test_transcripts (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "transcripts", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  g_test_summary ("The transcripts of the engine are scenarios");

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autoptr (DgwTestingSimulator) simulator = dgw_testing_simulator_new ();
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *text = NULL;

      if (!g_str_has_suffix (name, ".txt"))
        continue;
      g_test_message ("%s", name);
      g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
      load (simulator, text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dgw/testing/scenario/played", test_played);
  g_test_add_func ("/dgw/testing/scenario/not-as-written", test_not_as_written);
  g_test_add_func ("/dgw/testing/scenario/heartbeats", test_heartbeats);
  g_test_add_func ("/dgw/testing/scenario/gone", test_gone);
  g_test_add_func ("/dgw/testing/scenario/answer", test_answer);
  g_test_add_func ("/dgw/testing/scenario/wrong", test_wrong);
  g_test_add_func ("/dgw/testing/scenario/transcripts", test_transcripts);
  return g_test_run ();
}
