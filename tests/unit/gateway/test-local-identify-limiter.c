/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "gateway/dgw-gateway-info-private.h"

#define HOUR_MS (60 * 60 * 1000)

/* What came of one wait. */
typedef struct
{
  gboolean is_done;
  gboolean is_granted;
  GError  *error;
} Wait;

static void
acquired_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  Wait *self = user_data;

  self->is_granted = dgw_identify_limiter_acquire_finish (DGW_IDENTIFY_LIMITER (source), result, &self->error);
  self->is_done = TRUE;
}

static void
acquire (DgwLocalIdentifyLimiter *limiter,
         guint                    shard_id,
         GCancellable            *cancellable,
         Wait                    *wait)
{
  *wait = (Wait){FALSE};
  dgw_identify_limiter_acquire_async (DGW_IDENTIFY_LIMITER (limiter), shard_id, cancellable, acquired_cb, wait);
}

static void
wait_for_grant (Wait *wait)
{
  while (!wait->is_done)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  g_assert_no_error (wait->error);
  g_assert_true (wait->is_granted);
}

static DgwLocalIdentifyLimiter *
make_limiter (guint max_concurrency)
{
  return g_object_new (DGW_TYPE_LOCAL_IDENTIFY_LIMITER, "max-concurrency", max_concurrency, "window", HOUR_MS, NULL);
}

static void
update (DgwLocalIdentifyLimiter *limiter,
        guint                    remaining,
        guint                    max_concurrency)
{
  const DgwGatewayAnswer answer = {(char *)"wss://gateway.example", 1, 1000, remaining, HOUR_MS, max_concurrency};
  g_autoptr (DgwGatewayInfo) info = dgw_gateway_info_new (&answer);

  dgw_identify_limiter_update (DGW_IDENTIFY_LIMITER (limiter), info);
}

/* The limiter does one thing after the other, so this one's slot tells that all
 * before it were looked at. */
static void
assert_waits (DgwLocalIdentifyLimiter *limiter,
              guint                    free_shard,
              Wait                    *wait)
{
  Wait probe;

  acquire (limiter, free_shard, NULL, &probe);
  wait_for_grant (&probe);
  g_assert_false (wait->is_done);
}

static void
test_properties (void)
{
  g_autoptr (DgwLocalIdentifyLimiter) limiter = dgw_local_identify_limiter_new (16);
  guint max_concurrency;
  guint window;

  g_object_get (limiter, "max-concurrency", &max_concurrency, "window", &window, NULL);
  g_assert_cmpuint (max_concurrency, ==, 16);
  g_assert_cmpuint (window, ==, 5000);
}

static void
test_release (void)
{
  g_autoptr (DgwLocalIdentifyLimiter) limiter = make_limiter (2);
  Wait first;
  Wait second;

  g_test_summary ("ID-09, ID-13: the second of a bucket waits, until the slot of the first is given back");
  acquire (limiter, 0, NULL, &first);
  wait_for_grant (&first);
  acquire (limiter, 2, NULL, &second);
  assert_waits (limiter, 1, &second);
  dgw_identify_limiter_release (DGW_IDENTIFY_LIMITER (limiter), 0);
  wait_for_grant (&second);
}

static void
test_cancel (void)
{
  g_autoptr (DgwLocalIdentifyLimiter) limiter = make_limiter (2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Wait waits[3];

  g_test_summary ("ID-13: whoever gives up is not in the way of those behind");
  acquire (limiter, 0, NULL, &waits[0]);
  acquire (limiter, 0, cancellable, &waits[1]);
  acquire (limiter, 0, NULL, &waits[2]);
  assert_waits (limiter, 1, &waits[1]);
  g_cancellable_cancel (cancellable);
  while (!waits[1].is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (waits[1].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&waits[1].error);
  g_assert_false (waits[2].is_done);
  dgw_identify_limiter_release (DGW_IDENTIFY_LIMITER (limiter), 0);
  wait_for_grant (&waits[2]);

  acquire (limiter, 0, cancellable, &waits[1]);
  while (!waits[1].is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (waits[1].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&waits[1].error);
}

static void
test_update (void)
{
  g_autoptr (DgwLocalIdentifyLimiter) limiter = make_limiter (0);
  Wait waits[3];

  g_test_summary ("ID-08, ID-15: concurrency and remaining come from Discord");
  acquire (limiter, 0, NULL, &waits[0]);
  wait_for_grant (&waits[0]);
  acquire (limiter, 1, NULL, &waits[1]);
  update (limiter, 1, 16);
  wait_for_grant (&waits[1]);
  acquire (limiter, 2, NULL, &waits[2]);
  update (limiter, 1000, 1);
  g_assert_false (waits[2].is_done);
  dgw_identify_limiter_release (DGW_IDENTIFY_LIMITER (limiter), 1);
  dgw_identify_limiter_release (DGW_IDENTIFY_LIMITER (limiter), 0);
  wait_for_grant (&waits[2]);
}

typedef struct
{
  DgwLocalIdentifyLimiter *limiter;
  guint                    shard_id;
} Shard;

static gpointer
acquire_in_thread (gpointer data)
{
  const Shard *shard = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  Wait wait;

  g_main_context_push_thread_default (context);
  acquire (shard->limiter, shard->shard_id, NULL, &wait);
  wait_for_grant (&wait);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_threads (void)
{
  DgwLocalIdentifyLimiter *limiter = make_limiter (8);
  GThread                 *threads[8];
  Shard                    shards[8];

  g_test_summary ("ID-13: one limiter for gateways in several threads; each callback comes in its own");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      shards[i] = (Shard){limiter, i};
      threads[i] = g_thread_new ("acquire", acquire_in_thread, &shards[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_object_unref (limiter);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/gateway/local-identify-limiter/properties", test_properties);
  g_test_add_func ("/dgw/gateway/local-identify-limiter/release", test_release);
  g_test_add_func ("/dgw/gateway/local-identify-limiter/cancel", test_cancel);
  g_test_add_func ("/dgw/gateway/local-identify-limiter/update", test_update);
  g_test_add_func ("/dgw/gateway/local-identify-limiter/threads", test_threads);

  return g_test_run ();
}
