/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "fake-link.h"
#include "gateway/dgw-gateway-info-private.h"

/* A limiter as an application may write one. */

#define TEST_TYPE_LIMITER (test_limiter_get_type ())
G_DECLARE_FINAL_TYPE (TestLimiter, test_limiter, TEST, LIMITER, GObject)

struct _TestLimiter
{
  GObject parent_instance;

  GThread   *thread;
  GPtrArray *tasks;
  GString   *calls;
};

static void
test_limiter_acquire (DgwIdentifyLimiter *limiter,
                      guint               shard_id,
                      GTask              *task)
{
  TestLimiter *self = TEST_LIMITER (limiter);

  g_assert_true (self->thread == g_thread_self ());
  g_ptr_array_add (self->tasks, g_object_ref (task));
  g_string_append_printf (self->calls, "acquire %u\n", shard_id);
}

static void
test_limiter_release (DgwIdentifyLimiter *limiter,
                      guint               shard_id)
{
  g_string_append_printf (TEST_LIMITER (limiter)->calls, "release %u\n", shard_id);
}

static void
test_limiter_update (DgwIdentifyLimiter *limiter,
                     DgwGatewayInfo     *info)
{
  g_string_append_printf (TEST_LIMITER (limiter)->calls, "update %u %u\n", dgw_gateway_info_get_remaining (info),
                          dgw_gateway_info_get_max_concurrency (info));
}

static void
limiter_init (DgwIdentifyLimiterInterface *iface)
{
  iface->acquire = test_limiter_acquire;
  iface->release = test_limiter_release;
  iface->update = test_limiter_update;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestLimiter, test_limiter, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DGW_TYPE_IDENTIFY_LIMITER, limiter_init))

static void
test_limiter_finalize (GObject *object)
{
  TestLimiter *self = TEST_LIMITER (object);

  g_ptr_array_unref (self->tasks);
  g_string_free (self->calls, TRUE);

  G_OBJECT_CLASS (test_limiter_parent_class)->finalize (object);
}

static void
test_limiter_class_init (TestLimiterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_limiter_finalize;
}

static void
test_limiter_init (TestLimiter *self)
{
  self->thread = g_thread_self ();
  self->tasks = g_ptr_array_new_with_free_func (g_object_unref);
  self->calls = g_string_new (NULL);
}

static void
assert_calls (TestLimiter *self,
              const char  *expected)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (self->calls->str, ==, expected);
  g_string_truncate (self->calls, 0);
}

/* Answers the oldest request. */
static void
grant (TestLimiter *self)
{
  g_task_return_boolean (g_ptr_array_index (self->tasks, 0), TRUE);
  g_ptr_array_remove_index (self->tasks, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

typedef struct
{
  TestLimiter *limiter;
  DgwGateway  *gateway;
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->limiter = g_object_new (TEST_TYPE_LIMITER, NULL);
  self->gateway = dgw_gateway_new ("token-of-test", 1);
  dgw_gateway_set_url (self->gateway, "ws://127.0.0.1:1");
  dgw_gateway_set_shard_count (self->gateway, 8);
  dgw_gateway_set_shard_id (self->gateway, 7);
  dgw_gateway_set_identify_limiter (self->gateway, DGW_IDENTIFY_LIMITER (self->limiter));
  dgw_gateway_open_async (self->gateway, NULL, NULL, NULL);
  fake_link_assert_calls ("new\nsession none\nopen\n");
  g_assert_true (fake_link_get_options ()->identify_limiter == G_OBJECT (self->limiter));
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  if (self->gateway)
    {
      dgw_gateway_close_async (self->gateway, NULL, NULL, NULL);
      fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_finalize_object (self->gateway);
      fake_link_assert_calls ("close 1000 -\nfree\n");
    }
  g_assert_finalize_object (self->limiter);
}

static void
play (DgwActionKind kind,
      guint64       serial,
      gboolean      is_used)
{
  DgwAction action = {.kind = kind};

  action.permit.serial = serial;
  action.permit.is_used = is_used;
  fake_link_play (action);
}

static void
test_used (Fixture      *self,
           gconstpointer data)
{
  g_test_summary ("ID-13: an application's limiter is asked in its context; a slot that was used is not given back");
  play (DGW_ACTION_WANT_PERMIT, 3, FALSE);
  assert_calls (self->limiter, "acquire 7\n");
  fake_link_assert_calls ("");
  grant (self->limiter);
  fake_link_assert_calls ("permit 3 granted\n");
  play (DGW_ACTION_END_PERMIT, 3, TRUE);
  assert_calls (self->limiter, "");
}

static void
test_unused (Fixture      *self,
             gconstpointer data)
{
  g_test_summary ("ID-13: the connection dies between the slot and the identify");
  play (DGW_ACTION_WANT_PERMIT, 3, FALSE);
  grant (self->limiter);
  fake_link_assert_calls ("permit 3 granted\n");
  play (DGW_ACTION_END_PERMIT, 3, FALSE);
  assert_calls (self->limiter, "acquire 7\nrelease 7\n");
}

static void
test_unwanted (Fixture      *self,
               gconstpointer data)
{
  GTask *first;

  g_test_summary ("ID-13: the connection dies while it waits; a slot that comes all the same is given back");
  play (DGW_ACTION_WANT_PERMIT, 3, FALSE);
  first = g_ptr_array_index (self->limiter->tasks, 0);
  g_assert_false (g_cancellable_is_cancelled (g_task_get_cancellable (first)));
  play (DGW_ACTION_END_PERMIT, 3, FALSE);
  g_assert_true (g_cancellable_is_cancelled (g_task_get_cancellable (first)));
  play (DGW_ACTION_WANT_PERMIT, 4, FALSE);
  grant (self->limiter);
  fake_link_assert_calls ("");
  assert_calls (self->limiter, "acquire 7\nacquire 7\nrelease 7\n");
  grant (self->limiter);
  fake_link_assert_calls ("permit 4 granted\n");
  play (DGW_ACTION_END_PERMIT, 4, TRUE);
}

static void
test_refused (Fixture      *self,
              gconstpointer data)
{
  g_test_summary ("ID-13: a limiter that fails ends the attempt, and has nothing to take back");
  play (DGW_ACTION_WANT_PERMIT, 3, FALSE);
  g_task_return_new_error (g_ptr_array_index (self->limiter->tasks, 0), G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, "gone");
  g_ptr_array_set_size (self->limiter->tasks, 0);
  assert_calls (self->limiter, "acquire 7\n");
  fake_link_assert_calls ("permit 3 gone\n");
  play (DGW_ACTION_END_PERMIT, 3, FALSE);
  assert_calls (self->limiter, "");
}

static void
test_update (Fixture      *self,
             gconstpointer data)
{
  DgwAction action = {.kind = DGW_ACTION_ANSWER};

  g_test_summary ("ID-15: what Discord allows reaches an application's limiter");
  action.answer = g_new0 (DgwGatewayAnswer, 1);
  *action.answer = (DgwGatewayAnswer){g_strdup ("wss://gateway.example"), 7, 1000, 998, 3600000, 16};
  fake_link_play (action);
  assert_calls (self->limiter, "update 998 16\n");
}

static void
test_disposed (Fixture      *self,
               gconstpointer data)
{
  g_test_summary ("ID-13: a gateway that goes away while it waits leaves no slot behind");
  play (DGW_ACTION_WANT_PERMIT, 3, FALSE);
  dgw_gateway_close_async (self->gateway, NULL, NULL, NULL);
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STOPPED});
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&self->gateway));
  grant (self->limiter);
  assert_calls (self->limiter, "acquire 7\nrelease 7\n");
  fake_link_assert_calls ("close 1000 -\nfree\n");
}

static void
test_without (Fixture      *self,
              gconstpointer data)
{
  g_test_summary ("A limiter that was taken away in the meantime keeps nobody waiting");
  dgw_gateway_set_identify_limiter (self->gateway, NULL);
  fake_link_assert_calls ("options\n");
  play (DGW_ACTION_WANT_PERMIT, 3, FALSE);
  fake_link_assert_calls ("permit 3 granted\n");
  play (DGW_ACTION_END_PERMIT, 3, TRUE);
  assert_calls (self->limiter, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dgw/gateway/permit/used", Fixture, NULL, set_up, test_used, tear_down);
  g_test_add ("/dgw/gateway/permit/unused", Fixture, NULL, set_up, test_unused, tear_down);
  g_test_add ("/dgw/gateway/permit/unwanted", Fixture, NULL, set_up, test_unwanted, tear_down);
  g_test_add ("/dgw/gateway/permit/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/dgw/gateway/permit/update", Fixture, NULL, set_up, test_update, tear_down);
  g_test_add ("/dgw/gateway/permit/disposed", Fixture, NULL, set_up, test_disposed, tear_down);
  g_test_add ("/dgw/gateway/permit/without", Fixture, NULL, set_up, test_without, tear_down);

  return g_test_run ();
}
