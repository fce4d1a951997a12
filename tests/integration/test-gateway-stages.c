/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

#include <string.h>

/* Connecting may fail at any stage. Whichever it was, the open goes on by
 * itself, and says why meanwhile. The stages are tried at once: each costs the
 * delay before the second attempt. */

/* Names that end so are this test's: what they stand for is in `addresses`. */
#define DOMAIN ".dgw.test"

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver
{
  GResolver parent_instance;

  GMutex      mutex; /* a worker asks */
  GHashTable *addresses;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static GList *
look_up (TestResolver *self,
         const char   *name,
         GError      **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  const char *address = g_hash_table_lookup (self->addresses, name);

  if (address != NULL)
    return g_list_append (NULL, g_inet_address_new_from_string (address));

  g_set_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "%s is no name", name);

  return NULL;
}

static void
free_addresses (gpointer addresses)
{
  g_list_free_full (addresses, g_object_unref);
}

static void
test_resolver_lookup_by_name_with_flags_async (GResolver               *resolver,
                                               const char              *name,
                                               GResolverNameLookupFlags flags,
                                               GCancellable            *cancellable,
                                               GAsyncReadyCallback      callback,
                                               gpointer                 user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GError *error = NULL;
  GList  *addresses = flags == G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY ? NULL : look_up (TEST_RESOLVER (resolver), name, &error);

  if (addresses != NULL)
    g_task_return_pointer (task, addresses, free_addresses);
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "there is no such address");
}

static GList *
test_resolver_lookup_by_name_with_flags_finish (GResolver    *resolver,
                                                GAsyncResult *result,
                                                GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_lookup_by_name_async (GResolver          *resolver,
                                    const char         *name,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data)
{
  test_resolver_lookup_by_name_with_flags_async (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback, user_data);
}

static void
test_resolver_finalize (GObject *object)
{
  TestResolver *self = TEST_RESOLVER (object);

  g_hash_table_unref (self->addresses);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (test_resolver_parent_class)->finalize (object);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_resolver_finalize;
  resolver_class->lookup_by_name_async = test_resolver_lookup_by_name_async;
  resolver_class->lookup_by_name_finish = test_resolver_lookup_by_name_with_flags_finish;
  resolver_class->lookup_by_name_with_flags_async = test_resolver_lookup_by_name_with_flags_async;
  resolver_class->lookup_by_name_with_flags_finish = test_resolver_lookup_by_name_with_flags_finish;
}

static void
test_resolver_init (TestResolver *self)
{
  g_mutex_init (&self->mutex);
  self->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
name_is (const char *name,
         const char *address)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  TestResolver *self = TEST_RESOLVER (resolver);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_hash_table_insert (self->addresses, g_strdup (name), g_strdup (address));
}

typedef struct _Attempt Attempt;

typedef struct
{
  const char *name;
  const char *host; /* NULL: the simulator's address as it is */
  void (*spoil) (Attempt *attempt);
  void (*mend) (Attempt *attempt);
} Stage;

struct _Attempt
{
  const Stage         *stage;
  DgwTestingSimulator *simulator;
  DgwGateway          *gateway;
  Record               record;
  Outcome              open;
};

static void
spoil_nothing (Attempt *self)
{
}

static void
mend_name (Attempt *self)
{
  name_is ("unknown" DOMAIN, "127.0.0.1");
}

/* Nobody listens there. */
static void
spoil_tcp (Attempt *self)
{
  name_is ("elsewhere" DOMAIN, "127.0.0.2");
}

static void
mend_tcp (Attempt *self)
{
  name_is ("elsewhere" DOMAIN, "127.0.0.1");
}

static void
spoil_tls (Attempt *self)
{
  g_autoptr (GString) url = g_string_new (dgw_gateway_get_url (self->gateway));

  g_string_replace (url, "ws://", "wss://", 1);
  dgw_gateway_set_url (self->gateway, url->str);
  dgw_gateway_set_connect_timeout (self->gateway, 200);
}

static void
mend_url (Attempt *self)
{
  dgw_gateway_set_connect_timeout (self->gateway, 10000);
  dgw_gateway_set_url (self->gateway, dgw_testing_simulator_get_url (self->simulator));
}

static void
spoil_403 (Attempt *self)
{
  dgw_testing_simulator_fail_upgrades (self->simulator, 403, 1, NULL);
}

static void
spoil_502 (Attempt *self)
{
  dgw_testing_simulator_fail_upgrades (self->simulator, 502, 1, NULL);
}

static void
spoil_lookup (Attempt *self)
{
  dgw_gateway_set_url (self->gateway, NULL);
  dgw_testing_simulator_fail_requests (self->simulator, 500, 1, NULL);
}

static void
spoil_upgrade (Attempt *self)
{
  g_object_set (self->simulator, "hold-upgrade", TRUE, NULL);
  dgw_gateway_set_connect_timeout (self->gateway, 50);
}

static void
mend_upgrade (Attempt *self)
{
  g_object_set (self->simulator, "hold-upgrade", FALSE, NULL);
  dgw_gateway_set_connect_timeout (self->gateway, 10000);
}

static void
spoil_hello (Attempt *self)
{
  g_object_set (self->simulator, "hold-hello", TRUE, NULL);
  dgw_gateway_set_hello_timeout (self->gateway, 50);
}

static void
mend_hello (Attempt *self)
{
  g_object_set (self->simulator, "hold-hello", FALSE, NULL);
  dgw_gateway_set_hello_timeout (self->gateway, 10000);
}

static const Stage stages[] = {
  {"the name is unknown",       "unknown",   spoil_nothing, mend_name    },
  {"nobody takes TCP",          "elsewhere", spoil_tcp,     mend_tcp     },
  {"it is no TLS",              NULL,        spoil_tls,     mend_url     },
  {"the lookup is refused",     NULL,        spoil_lookup,  spoil_nothing},
  {"the upgrade is refused",    NULL,        spoil_403,     spoil_nothing},
  {"a proxy has no server",     NULL,        spoil_502,     spoil_nothing},
  {"the upgrade has no answer", NULL,        spoil_upgrade, mend_upgrade },
  {"HELLO does not come",       NULL,        spoil_hello,   mend_hello   },
};

static void
set_host (Attempt    *self,
          const char *host)
{
  g_autofree char *url = NULL;

  url = g_strdup_printf ("ws://%s" DOMAIN ":%u", host, dgw_testing_simulator_get_port (self->simulator));
  dgw_gateway_set_allow_insecure (self->gateway, TRUE);
  dgw_gateway_set_url (self->gateway, url);
}

static void
reconnecting_cb (DgwGateway *gateway,
                 guint       attempt,
                 guint       delay_ms,
                 gpointer    user_data)
{
  Attempt *self = user_data;

  if (attempt > 1)
    return;

  g_test_message ("%s: %s", self->stage->name, dgw_gateway_get_last_error (gateway)->message);
  g_assert_true (g_str_has_prefix (self->record.text->str, "status connecting\n"));
  g_assert_true (g_str_has_suffix (self->record.text->str, " yes\nreconnecting 1\n"));
  g_assert_false (record_has (&self->record, "ready"));
  g_assert_false (self->open.is_done);
  self->stage->mend (self);
}

static void
begin (Attempt     *self,
       const Stage *stage)
{
  self->stage = stage;
  self->simulator = start_simulator ();
  self->gateway = make_gateway (self->simulator);
  record_start (&self->record, self->gateway);
  g_signal_connect (self->gateway, "reconnecting", G_CALLBACK (reconnecting_cb), self);
  if (stage->host != NULL)
    set_host (self, stage->host);
  stage->spoil (self);
  dgw_gateway_open_async (self->gateway, NULL, outcome_cb, &self->open);
}

static void
finish (Attempt *self)
{
  g_autoptr (GError) error = NULL;

  WAIT_UNTIL (self->open.is_done);
  dgw_gateway_open_finish (self->gateway, self->open.result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (dgw_gateway_get_status (self->gateway), ==, DGW_STATUS_READY);
  g_assert_null (dgw_gateway_get_last_error (self->gateway));
  g_assert_false (record_has (&self->record, "failed\n"));
  g_assert_cmpuint (dgw_testing_simulator_get_n_identifies (self->simulator), ==, 1);
  close_gateway (self->gateway);
  outcome_clear (&self->open);
  g_assert_finalize_object (self->gateway);
  stop_simulator (self->simulator);
  record_clear (&self->record);
}

static void
test_stages (void)
{
  Attempt attempts[G_N_ELEMENTS (stages)] = {{NULL}};

  g_test_summary ("CON-16, peers B3, B4, B5: wherever connecting fails, it is tried again until it works");
  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    begin (&attempts[i], &stages[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    finish (&attempts[i]);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GResolver) resolver = NULL;

  g_test_init (&argc, &argv, NULL);
  resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  g_resolver_set_default (resolver);

  g_test_add_func ("/dgw/integration/gateway-stages/all", test_stages);

  return g_test_run ();
}
