/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "fake-link.h"

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  (*(guint *)user_data)++;
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  dgw_gateway_open_finish (DGW_GATEWAY (source), result, user_data);
}

static void
assert_open_error (DgwGateway *gateway,
                   GQuark      domain,
                   int         code,
                   const char *says)
{
  g_autoptr (GError) error = NULL;

  dgw_gateway_open_async (gateway, NULL, opened_cb, &error);
  while (!error)
    g_main_context_iteration (NULL, TRUE);

  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
}

static void
test_defaults (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);

  g_assert_cmpuint (dgw_gateway_get_intents (gateway), ==, 0);
  g_assert_cmpuint (dgw_gateway_get_shard_id (gateway), ==, 0);
  g_assert_cmpuint (dgw_gateway_get_shard_count (gateway), ==, 1);
  g_assert_cmpint (dgw_gateway_get_compression (gateway), ==, DGW_COMPRESSION_ZSTD_STREAM);
  g_assert_null (dgw_gateway_get_url (gateway));
  g_assert_cmpstr (dgw_gateway_get_api_url (gateway), ==, "https://discord.com/api/v10");
  g_assert_false (dgw_gateway_get_allow_insecure (gateway));
  g_assert_null (dgw_gateway_get_presence (gateway));
  g_assert_true (dgw_gateway_get_auto_reconnect (gateway));
  g_assert_true (dgw_gateway_get_use_resume_url (gateway));
  g_assert_cmpuint (dgw_gateway_get_large_threshold (gateway), ==, 50);
  g_assert_cmpuint (dgw_gateway_get_capabilities (gateway), ==, 0);
  g_assert_cmpstr (dgw_gateway_get_os (gateway), ==, "linux");
  g_assert_cmpstr (dgw_gateway_get_browser (gateway), ==, "dgw");
  g_assert_cmpstr (dgw_gateway_get_device (gateway), ==, "dgw");
  g_assert_true (g_str_has_prefix (dgw_gateway_get_user_agent (gateway), "DiscordBot (https://"));
  g_assert_true (g_str_has_suffix (dgw_gateway_get_user_agent (gateway), ", " DGW_VERSION_S ")"));
  g_assert_null (dgw_gateway_get_tls_database (gateway));
  g_assert_null (dgw_gateway_get_tls_interaction (gateway));
  g_assert_null (dgw_gateway_get_proxy_resolver (gateway));
  g_assert_null (dgw_gateway_get_identify_limiter (gateway));
  g_assert_null (dgw_gateway_get_session_store (gateway));
  g_assert_cmpuint (dgw_gateway_get_connect_timeout (gateway), ==, 10000);
  g_assert_cmpuint (dgw_gateway_get_hello_timeout (gateway), ==, 10000);
  g_assert_cmpuint (dgw_gateway_get_ready_timeout (gateway), ==, 30000);
  g_assert_cmpuint (dgw_gateway_get_resume_timeout (gateway), ==, 30000);
  g_assert_cmpuint (dgw_gateway_get_commands_per_minute (gateway), ==, 120);
  g_assert_cmpuint (dgw_gateway_get_reserved_commands (gateway), ==, 3);
  g_assert_cmpuint (dgw_gateway_get_max_payload_size (gateway), ==, 256 * 1024 * 1024);
  g_assert_cmpuint (dgw_gateway_get_max_backlog_bytes (gateway), ==, 64 * 1024 * 1024);
  g_assert_cmpuint (dgw_gateway_get_max_backlog_events (gateway), ==, 100000);
  g_assert_cmpuint (dgw_gateway_get_deaf_timeout (gateway), ==, 0);
  g_assert_cmpuint (dgw_gateway_get_command_timeout (gateway), ==, 0);
  g_assert_cmpint (dgw_gateway_get_status (gateway), ==, DGW_STATUS_UNCONNECTED);
  g_assert_cmpint (dgw_gateway_get_latency (gateway), ==, -1);
  g_assert_cmpint (dgw_gateway_get_average_latency (gateway), ==, -1);
  g_assert_null (dgw_gateway_get_session_id (gateway));
  g_assert_null (dgw_gateway_get_resume_url (gateway));
  g_assert_cmpint (dgw_gateway_get_sequence (gateway), ==, -1);
  g_assert_cmpuint (dgw_gateway_get_reconnect_attempts (gateway), ==, 0);
  g_assert_cmpint (dgw_gateway_get_next_retry (gateway), ==, -1);
  g_assert_null (dgw_gateway_get_last_error (gateway));
  g_assert_null (dgw_gateway_dup_session (gateway));
  g_assert_null (fake_link_get ());
}

/* Every property's default of GObject is what a new gateway has. */
static void
test_pspec_defaults (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);
  g_autofree GParamSpec **pspecs = NULL;
  guint                   n_pspecs = 0;

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (gateway), &n_pspecs);
  g_assert_cmpuint (n_pspecs, ==, 45);
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_assert_cmpuint (pspecs[i]->flags & G_PARAM_STATIC_STRINGS, ==, G_PARAM_STATIC_STRINGS);
      if (!(pspecs[i]->flags & G_PARAM_READABLE) || g_str_equal (pspecs[i]->name, "network-available"))
        continue;
      if (pspecs[i]->flags & G_PARAM_WRITABLE)
        g_assert_true (pspecs[i]->flags & G_PARAM_EXPLICIT_NOTIFY);

      g_object_get_property (G_OBJECT (gateway), pspecs[i]->name, &value);
      if (!g_param_value_defaults (pspecs[i], &value))
        g_error ("%s does not start with its default", pspecs[i]->name);
    }
}

/* Another value than the one a property has. */
static void
change (GParamSpec *pspec,
        GValue     *value)
{
  if (G_VALUE_HOLDS_UINT (value))
    g_value_set_uint (value, g_value_get_uint (value) + 1);
  else if (G_VALUE_HOLDS_UINT64 (value))
    g_value_set_uint64 (value, g_value_get_uint64 (value) + 1);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, !g_value_get_boolean (value));
  else if (G_VALUE_HOLDS_ENUM (value))
    g_value_set_enum (value, DGW_COMPRESSION_NONE);
  else if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, "changed");
  else if (G_VALUE_HOLDS (value, DGW_TYPE_PRESENCE))
    g_value_take_object (value, dgw_presence_new ());
  else if (G_VALUE_HOLDS (value, G_TYPE_PROXY_RESOLVER))
    g_value_take_object (value, g_simple_proxy_resolver_new (NULL, NULL));
  else if (G_VALUE_HOLDS (value, DGW_TYPE_IDENTIFY_LIMITER))
    g_value_take_object (value, dgw_local_identify_limiter_new (1));
  else if (G_VALUE_HOLDS (value, DGW_TYPE_SESSION_STORE))
    g_value_take_object (value, dgw_file_session_store_new ());
  else if (G_VALUE_HOLDS (value, DGW_TYPE_SESSION))
    g_value_take_boxed (value, dgw_session_new ("S", 1, NULL, 0, 1));
  else if (G_VALUE_HOLDS (value, G_TYPE_TLS_INTERACTION))
    g_value_take_object (value, g_object_new (G_TYPE_TLS_INTERACTION, NULL));
  else if (G_VALUE_HOLDS (value, G_TYPE_TLS_DATABASE))
    g_value_take_object (value, g_tls_backend_get_default_database (g_tls_backend_get_default ()));
  else
    g_error ("%s: what now?", pspec->name);
}

static void
test_notify (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);
  g_autofree GParamSpec **pspecs = NULL;
  guint                   n_pspecs = 0;

  g_test_summary ("Every writable property notifies once for a change and not for the same value again");
  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (gateway), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;
      g_auto (GValue) again = G_VALUE_INIT;
      g_autofree char *signal = g_strconcat ("notify::", pspecs[i]->name, NULL);
      guint            n_notified = 0;

      if ((pspecs[i]->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE)
        continue;

      g_signal_connect (gateway, signal, G_CALLBACK (count_cb), &n_notified);
      g_object_get_property (G_OBJECT (gateway), pspecs[i]->name, &value);
      g_object_set_property (G_OBJECT (gateway), pspecs[i]->name, &value);
      g_assert_cmpuint (n_notified, ==, 0);

      change (pspecs[i], &value);
      g_object_set_property (G_OBJECT (gateway), pspecs[i]->name, &value);
      g_object_set_property (G_OBJECT (gateway), pspecs[i]->name, &value);
      if (n_notified != 1)
        g_error ("%s notified %u times", pspecs[i]->name, n_notified);

      g_object_get_property (G_OBJECT (gateway), pspecs[i]->name, &again);
      if (!G_VALUE_HOLDS (&value, DGW_TYPE_SESSION))
        g_assert_cmpint (g_param_values_cmp (pspecs[i], &value, &again), ==, 0);
      g_signal_handlers_disconnect_by_data (gateway, &n_notified);
    }
}

static void
test_push (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("Bot  secret\n", 5);

  g_test_summary ("Options reach the link when it is made, and each later change");
  dgw_gateway_set_url (gateway, "ws://127.0.0.1:1");
  fake_link_assert_calls ("");
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("new\nsession none\nopen\n");
  g_assert_cmpstr (fake_link_get_options ()->engine.token, ==, "secret");
  g_assert_cmpuint (fake_link_get_options ()->engine.intents, ==, 5);

  dgw_gateway_set_intents (gateway, 5);
  fake_link_assert_calls ("");
  dgw_gateway_set_intents (gateway, 1u << 31);
  fake_link_assert_calls ("options\n");
  g_assert_cmpuint (fake_link_get_options ()->engine.intents, ==, 1u << 31);
  dgw_gateway_set_max_payload_size (gateway, G_MAXUINT64);
  fake_link_assert_calls ("options\n");
  g_assert_cmpuint (fake_link_get_options ()->max_payload_size, ==, G_MAXUINT64);

  dgw_gateway_close_async (gateway, NULL, NULL, NULL);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&gateway));
  fake_link_assert_calls ("close 1000 -\nfree\n");
}

static void
test_string_defaults (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);

  g_test_summary ("NULL sets a string's default, where there is one");
  g_object_set (gateway, "os", "hurd", "api-url", "https://x.example", "user-agent", "x", "url", "wss://y", NULL);
  g_object_set (gateway, "os", NULL, "api-url", NULL, "user-agent", NULL, "url", NULL, NULL);
  g_assert_cmpstr (dgw_gateway_get_os (gateway), ==, "linux");
  g_assert_cmpstr (dgw_gateway_get_api_url (gateway), ==, "https://discord.com/api/v10");
  g_assert_true (g_str_has_prefix (dgw_gateway_get_user_agent (gateway), "DiscordBot ("));
  g_assert_null (dgw_gateway_get_url (gateway));
}

static void
test_token (void)
{
  GParamSpec *pspec = NULL;

  g_test_summary ("ID-14: the token can be set once and not read");
  pspec = g_object_class_find_property (g_type_class_peek (DGW_TYPE_GATEWAY), "token");
  g_assert_nonnull (pspec);
  g_assert_false (pspec->flags & G_PARAM_READABLE);
  g_assert_true (pspec->flags & G_PARAM_CONSTRUCT_ONLY);
}

static void
test_bad_token (void)
{
  static const char *const tokens[] = {"", "Bot ", " Bot  ", "  ", "se cret", "sec\nret", "s\xc3\xa9"};

  g_test_summary ("ID-14: a token that cannot be one fails the open, and is not in the message");
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      g_autoptr (DgwGateway) gateway = dgw_gateway_new (tokens[i], 0);

      assert_open_error (gateway, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "token");
    }

  {
    g_autoptr (DgwGateway) gateway = g_object_new (DGW_TYPE_GATEWAY, NULL);

    assert_open_error (gateway, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "token");
  }
  g_assert_null (fake_link_get ());
}

static void
test_shards (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);

  g_test_summary ("SHD-01: a shard id that is not less than the count fails the open");
  dgw_gateway_set_shard_id (gateway, 1);
  assert_open_error (gateway, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Shard 1");
}

static void
test_reserve (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);

  dgw_gateway_set_commands_per_minute (gateway, 3);
  assert_open_error (gateway, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "3");
}

static void
test_addresses (void)
{
  static const char *const bad[] = {"ws://gateway.example", "http://127.0.0.1", "gateway.example", "", "::"};

  g_test_summary ("CON-11: the token goes over TLS, or to this host, or where allow-insecure says");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);

      if (i == 1)
        continue; /* whether http is an address for a WebSocket is not for the gateway to say */
      dgw_gateway_set_url (gateway, bad[i]);
      assert_open_error (gateway, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED, "");
    }

  {
    g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);

    dgw_gateway_set_api_url (gateway, "http://discord.example/api");
    assert_open_error (gateway, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED, "");
  }
  g_assert_null (fake_link_get ());
}

static void
test_wrong_arguments (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);

  g_test_summary ("ID-05: large-threshold is 50 to 250; other wrong values are refused, too");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_set_large_threshold*");
  dgw_gateway_set_large_threshold (gateway, 49);
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_set_large_threshold*");
  dgw_gateway_set_large_threshold (gateway, 251);
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_set_shard_count*");
  dgw_gateway_set_shard_count (gateway, 0);
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_set_compression*");
  dgw_gateway_set_compression (gateway, 4);
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*is_header_value*");
  dgw_gateway_set_user_agent (gateway, "x\r\ny");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*utf8*");
  dgw_gateway_set_os (gateway, "\xff");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_new*");
  g_assert_null (dgw_gateway_new (NULL, 0));
  g_test_assert_expected_messages ();

  g_assert_cmpuint (dgw_gateway_get_large_threshold (gateway), ==, 50);
  dgw_gateway_set_large_threshold (gateway, 250);
  g_assert_cmpuint (dgw_gateway_get_large_threshold (gateway), ==, 250);
}

static gpointer
other_thread (gpointer data)
{
  DgwGateway *gateway = data;

  dgw_gateway_set_intents (gateway, 1);
  dgw_gateway_get_status (gateway);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  g_object_set (gateway, "intents", 1, NULL);
  g_object_ref (gateway);
  g_object_unref (gateway);

  return NULL;
}

static void
test_other_thread (void)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new ("t", 0);

  g_test_summary ("A method called in another thread is a critical and does nothing; references may be taken");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_set_intents*in_own_thread*");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_get_status*in_own_thread*");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_open_async*in_own_thread*");
  g_test_expect_message ("Dgw", G_LOG_LEVEL_CRITICAL, "*dgw_gateway_set_property*in_own_thread*");
  g_thread_join (g_thread_new ("other", other_thread, gateway));
  g_test_assert_expected_messages ();

  g_assert_cmpuint (dgw_gateway_get_intents (gateway), ==, 0);
  g_assert_null (fake_link_get ());
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/gateway/options/defaults", test_defaults);
  g_test_add_func ("/dgw/gateway/options/pspec-defaults", test_pspec_defaults);
  g_test_add_func ("/dgw/gateway/options/notify", test_notify);
  g_test_add_func ("/dgw/gateway/options/push", test_push);
  g_test_add_func ("/dgw/gateway/options/string-defaults", test_string_defaults);
  g_test_add_func ("/dgw/gateway/options/token", test_token);
  g_test_add_func ("/dgw/gateway/options/bad-token", test_bad_token);
  g_test_add_func ("/dgw/gateway/options/shards", test_shards);
  g_test_add_func ("/dgw/gateway/options/reserve", test_reserve);
  g_test_add_func ("/dgw/gateway/options/addresses", test_addresses);
  g_test_add_func ("/dgw/gateway/options/wrong-arguments", test_wrong_arguments);
  g_test_add_func ("/dgw/gateway/options/other-thread", test_other_thread);

  return g_test_run ();
}
