/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever can be read of the objects, and whatever they log: the token is in none of it. */
#include "gateway-fixture.h"

#include <string.h>

/* Not in the shape of a token, so that nothing but the value itself gives it away. */
#define TOKEN "only-this-process-knows"

static guint n_lines;

static GLogWriterOutput
writer (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  n_lines++;
  for (gsize i = 0; i < n_fields; i++)
    {
      const char *text = fields[i].value;
      gsize       length = fields[i].length < 0 ? strlen (text) : (gsize)fields[i].length;

      /* What the simulator was told to say, it logs. */
      if (!g_str_has_prefix (text, "client "))
        g_assert_null (g_strstr_len (text, (gssize)length, TOKEN));
    }

  return G_LOG_WRITER_HANDLED;
}

static void
assert_value_is_silent (const GValue *value)
{
  g_autofree char *text = g_strdup_value_contents (value);

  g_assert_null (strstr (text, TOKEN));
  if (G_VALUE_HOLDS (value, DGW_TYPE_SESSION) && g_value_get_boxed (value))
    {
      g_autoptr (GVariant) variant = g_variant_ref_sink (dgw_session_to_variant (g_value_get_boxed (value)));
      g_autofree char *printed = g_variant_print (variant, TRUE);

      g_assert_null (strstr (printed, TOKEN));
    }
}

static void
assert_object_is_silent (gpointer object)
{
  guint                   n_properties;
  g_autofree GParamSpec **properties = g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n_properties);

  for (guint i = 0; i < n_properties; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      if (!(properties[i]->flags & G_PARAM_READABLE))
        continue;
      g_object_get_property (object, properties[i]->name, &value);
      assert_value_is_silent (&value);
    }
}

static void
assert_gateway_is_silent (DgwGateway *gateway)
{
  g_autoptr (DgwMetrics) metrics = dgw_gateway_dup_metrics (gateway);
  g_autoptr (GVariant) variant = g_variant_ref_sink (dgw_metrics_to_variant (metrics));
  g_autofree char *printed = g_variant_print (variant, TRUE);

  assert_object_is_silent (gateway);
  g_assert_null (strstr (printed, TOKEN));
}

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          gpointer    user_data)
{
  assert_object_is_silent (event);
}

static void
disconnected_cb (DgwGateway *gateway,
                 guint       code,
                 const char *reason,
                 gboolean    will_reconnect,
                 gpointer    user_data)
{
  g_assert_null (strstr (reason, TOKEN));
}

/* Security: PROP-TOKEN, LOG-TOKEN */
static void
test_gateway (void)
{
  DgwTestingSimulator *simulator = start_simulator ();
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("Bot " TOKEN, DGW_INTENTS_GUILDS);
  g_auto (Record) record = {0};

  g_test_summary ("ID-14: no property, value, signal or log line of a gateway's life has the token");
  dgw_gateway_set_url (gateway, dgw_testing_simulator_get_url (simulator));
  dgw_gateway_set_api_url (gateway, dgw_testing_simulator_get_api_url (simulator));
  record_start (&record, gateway);
  g_signal_connect (gateway, "event", G_CALLBACK (event_cb), NULL);
  g_signal_connect (gateway, "disconnected", G_CALLBACK (disconnected_cb), NULL);
  assert_gateway_is_silent (gateway);
  open_gateway (gateway);
  assert_gateway_is_silent (gateway);

  dgw_testing_simulator_close_clients (simulator, 4000, "is it " TOKEN "?");
  WAIT_UNTIL (record_has (&record, "event RESUMED"));
  assert_gateway_is_silent (gateway);
  close_gateway (gateway);
  assert_gateway_is_silent (gateway);

  g_object_set (simulator, "token", "another", NULL);
  g_clear_error (&(GError *){fail_to_open (gateway)});
  g_assert_null (strstr (dgw_gateway_get_last_error (gateway)->message, TOKEN));
  assert_gateway_is_silent (gateway);
  g_assert_cmpuint (n_lines, >, 5);
  stop_simulator (simulator);
}

/* Security: PROP-TOKEN */
static void
test_others (void)
{
  g_autoptr (DgwShardManager) manager = dgw_shard_manager_new (TOKEN, DGW_INTENTS_GUILDS);
  g_autoptr (DgwFileIdentifyLimiter) limiter = dgw_file_identify_limiter_new (TOKEN);

  g_test_summary ("Nor have the other objects that were told of it");
  assert_object_is_silent (manager);
  assert_object_is_silent (limiter);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (writer, NULL, NULL);
  g_log_set_debug_enabled (TRUE);
  g_test_add_func ("/dgw/integration/security-reads/security/gateway", test_gateway);
  g_test_add_func ("/dgw/integration/security-reads/security/others", test_others);

  return g_test_run ();
}
