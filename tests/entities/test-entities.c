/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dgw-testing.h>
#include <string.h>

#include "entity-checks.h"

/* Every payload of a file goes through a socket to the handlers of `event` and of
 * the typed signal, in this order, and there every field is read. */

/* So many are on the way at once. */
#define N_AT_ONCE 64

typedef struct
{
  char *what;
  char *event;
  char *data;
} Payload;

typedef struct
{
  GArray     *payloads;
  guint       n_heard;  /* of which `event` came */
  guint       n_typed;  /* of which the typed signal came */
  gboolean    is_alone; /* nobody listens to `event` */
  gboolean    is_due;   /* the typed signal of the last */
  gpointer    entity;   /* what the typed signal must have; the event's */
  GHashTable *signals;  /* names of those that came */
  Check       check;
} Run;

static const char *payload_path;

static void
payload_clear (gpointer data)
{
  Payload *self = data;

  g_free (self->what);
  g_free (self->event);
  g_free (self->data);
}

static GArray *
load_payloads (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, &error);
  g_autoptr (GDataInputStream) reader = NULL;
  GArray *payloads = g_array_new (FALSE, FALSE, sizeof (Payload));
  char   *line;

  g_assert_no_error (error);
  reader = g_data_input_stream_new (G_INPUT_STREAM (stream));
  g_array_set_clear_func (payloads, payload_clear);

  while ((line = g_data_input_stream_read_line (reader, NULL, NULL, &error)) != NULL)
    {
      g_auto (GStrv) cells = g_strsplit (line, "\t", 3);
      Payload payload = {g_strdup (cells[0]), g_strdup (cells[1]), g_strdup (cells[2])};

      g_array_append_val (payloads, payload);
      g_free (line);
    }
  g_assert_no_error (error);

  return payloads;
}

static const Payload *
get_payload (Run *run)
{
  g_assert_cmpuint (run->n_heard, >, 0);

  return &g_array_index (run->payloads, Payload, run->n_heard - 1);
}

/* json-glib 1.6 reads them otherwise than they are written, or not at all. */
static gboolean
is_odd (const Payload *payload)
{
  return strstr (payload->what, " odd-") != NULL;
}

/* data: NULL when the event has none. */
static const Payload *
begin_payload (Run     *run,
               gpointer data)
{
  const Payload *payload;

  if (run->is_due)
    check_fail (&run->check, "the typed signal did not come");
  run->n_heard++;
  g_assert_cmpuint (run->n_heard, <=, run->payloads->len);

  payload = get_payload (run);
  run->check.what = payload->what;
  run->entity = data;
  run->is_due = payload->data[0] == '{' || strcmp (payload->event, "RESUMED") == 0;

  return payload;
}

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          gpointer    user_data)
{
  Run             *run = user_data;
  const gboolean   is_bare = strcmp (dgw_event_get_name (event), "RESUMED") == 0;
  const Payload   *payload = begin_payload (run, is_bare ? (gpointer)event : (gpointer)dgw_event_get_entity (event));
  g_autofree char *tail = NULL;

  tail = g_strdup_printf ("\"d\":%s}", payload->data);
  g_assert_cmpstr (dgw_event_get_name (event), ==, payload->event);
  g_assert_true (g_str_has_suffix (dgw_event_get_text (event), tail));
  if (run->is_due && run->entity == NULL)
    check_fail (&run->check, "the event has no data");
  if (!run->is_due && run->entity != NULL)
    check_fail (&run->check, "the event has data");
}

static void
check_data (Run            *run,
            const EventRow *row,
            gpointer        data)
{
  const Payload *payload = get_payload (run);
  g_autoptr (JsonNode) json = NULL;
  g_autoptr (GError) error = NULL;

  if (!is_odd (payload))
    {
      json = json_from_string (payload->data, &error);
      g_assert_no_error (error);
    }

  run->check.guild = json != NULL ? check_get_string (json_node_get_object (json), row->guild_key) : NULL;
  row->check (&run->check, data, json != NULL ? json_node_get_object (json) : NULL, 0);
}

static const EventRow *
find_event (const char *name)
{
  for (guint i = 0; i < entity_n_events; i++)
    if (strcmp (entity_events[i].name, name) == 0)
      return &entity_events[i];

  g_assert_not_reached ();
}

static void
typed_cb (DgwGateway *gateway,
          gpointer    data,
          gpointer    user_data)
{
  Run                         *run = user_data;
  const EventRow              *row;
  const GSignalInvocationHint *hint = g_signal_get_invocation_hint (gateway);
  const char                  *signal = g_signal_name (hint->signal_id);

  if (run->is_alone)
    begin_payload (run, data);
  row = find_event (get_payload (run)->event);
  run->n_typed++;
  run->check.n_others++;
  g_hash_table_add (run->signals, (gpointer)row->name);
  if (!run->is_due)
    check_fail (&run->check, "%s came out of turn", signal);
  run->is_due = FALSE;
  if (strcmp (signal, row->signal) != 0)
    check_fail (&run->check, "%s came in place of %s", signal, row->signal);
  if (data != run->entity)
    check_fail (&run->check, "%s has other data than the event", signal);

  if (row->check != NULL)
    check_data (run, row, data);
}

static void
connect_handlers (DgwGateway *gateway,
                  Run        *run)
{
  for (guint i = 0; i < entity_n_events; i++)
    {
      g_autofree char *detailed = g_strconcat ("event::", entity_events[i].name, NULL);

      g_signal_connect (gateway, entity_events[i].signal, G_CALLBACK (typed_cb), run);
      if (!run->is_alone)
        g_signal_connect (gateway, detailed, G_CALLBACK (event_cb), run);
    }
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *place;
}

static DgwTestingSimulator *
start_simulator (void)
{
  DgwTestingSimulator *simulator = dgw_testing_simulator_new ();
  g_autoptr (GAsyncResult) started = NULL;
  g_autoptr (GError) error = NULL;

  dgw_testing_simulator_start_async (simulator, NULL, result_cb, &started);
  dgw_testing_simulator_start_finish (simulator, wait_for (&started), &error);
  g_assert_no_error (error);

  return simulator;
}

static DgwGateway *
open_gateway (DgwTestingSimulator *simulator)
{
  DgwGateway *gateway = dgw_gateway_new ("Bot token.of.test", DGW_INTENTS_ALL);
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GError) error = NULL;

  dgw_gateway_set_url (gateway, dgw_testing_simulator_get_url (simulator));
  dgw_gateway_open_async (gateway, NULL, result_cb, &opened);
  dgw_gateway_open_finish (gateway, wait_for (&opened), &error);
  g_assert_no_error (error);

  return gateway;
}

static void
close_both (DgwGateway          *gateway,
            DgwTestingSimulator *simulator)
{
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GAsyncResult) stopped = NULL;
  g_autoptr (GError) error = NULL;

  dgw_gateway_close_async (gateway, NULL, result_cb, &closed);
  dgw_gateway_close_finish (gateway, wait_for (&closed), &error);
  g_assert_no_error (error);
  dgw_testing_simulator_stop_async (simulator, NULL, result_cb, &stopped);
  wait_for (&stopped);
}

static void
send_all (DgwTestingSimulator *simulator,
          Run                 *run)
{
  for (guint i = 0; i < run->payloads->len; i++)
    {
      const Payload *payload = &g_array_index (run->payloads, Payload, i);

      dgw_testing_simulator_dispatch_text (simulator, payload->event, payload->data);
      while (run->n_heard + N_AT_ONCE <= i)
        g_main_context_iteration (NULL, TRUE);
    }
  while (run->n_heard < run->payloads->len)
    g_main_context_iteration (NULL, TRUE);
}

static void
report (Run *run)
{
  const Check *check = &run->check;

  g_test_message ("payloads: %u, typed signals: %u, of %u kinds", run->payloads->len, run->n_typed,
                  g_hash_table_size (run->signals));
  g_test_message ("fields: %u getters with a property each, of %u classes", check->n_rows,
                  g_hash_table_size (check->classes));
  g_test_message ("checks: %" G_GUINT64_FORMAT " (getters %" G_GUINT64_FORMAT ", properties %" G_GUINT64_FORMAT
                  ", keys, lists and texts %" G_GUINT64_FORMAT ")",
                  check->n_getters + check->n_properties + check->n_others, check->n_getters, check->n_properties,
                  check->n_others);
  g_test_message ("left out, since json-glib cannot read the text: %" G_GUINT64_FORMAT, check->n_left_out);
  g_test_message ("left out, since READY without a session is a protocol error: its session_id of a wrong kind");
  g_test_message ("failures: %u", check->n_failures);
}

static void
run_payloads (Run *run)
{
  g_autoptr (DgwTestingSimulator) simulator = start_simulator ();
  g_autoptr (DgwGateway) gateway = open_gateway (simulator);

  check_init (&run->check, entity_rows, entity_n_rows);
  run->signals = g_hash_table_new (g_str_hash, g_str_equal);
  connect_handlers (gateway, run);
  send_all (simulator, run);
  close_both (gateway, simulator);

  g_assert_false (run->is_due);
  g_assert_cmpuint (g_hash_table_size (run->signals), ==, entity_n_events);
}

static void
run_clear (Run *run)
{
  check_clear (&run->check);
  g_hash_table_unref (run->signals);
  g_array_unref (run->payloads);
}

static void
test_fields (void)
{
  Run run = {.payloads = load_payloads (payload_path)};

  g_test_summary ("EVT-08, EVT-09: each field of each object, through the socket, by getter and property as json-glib reads it");
  run_payloads (&run);
  check_is_complete (&run.check);
  report (&run);
  g_assert_cmpuint (run.check.n_failures, ==, 0);
  run_clear (&run);
}

/* Then the data is made for the typed signal alone. */
static void
test_alone (void)
{
  Run run = {.payloads = load_payloads (payload_path), .is_alone = TRUE};

  g_test_summary ("A typed signal comes with the same data when nobody listens to the event");
  for (guint i = run.payloads->len; i > 0; i--)
    {
      const Payload *payload = &g_array_index (run.payloads, Payload, i - 1);

      if (strcmp (payload->what, "event all") != 0 && strcmp (payload->event, "RESUMED") != 0)
        g_array_remove_index (run.payloads, i - 1);
    }

  run_payloads (&run);
  g_assert_cmpuint (run.check.n_failures, ==, 0);
  run_clear (&run);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Odd addresses in READY are warned about, as they should be. */
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR);
  g_assert_cmpint (argc, ==, 2);
  payload_path = argv[1];
  g_test_add_func ("/dgw/entities/fields", test_fields);
  g_test_add_func ("/dgw/entities/alone", test_alone);

  return g_test_run ();
}
