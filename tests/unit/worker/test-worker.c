/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-worker-private.h"

/* What the worker tells the test's thread; the queue's own lock makes it safe. */
static GAsyncQueue *answers;

static gpointer
next_answer (void)
{
  return g_async_queue_pop (answers);
}

static void
answer (gpointer data)
{
  g_async_queue_push (answers, data);
}

static void
answer_with_thread (gpointer data)
{
  answer (g_thread_self ());
}

static void
test_shared (void)
{
  DgwWorker *one, *two;
  gpointer   thread;

  g_test_summary ("Users share one worker where there may be only one, and it is a thread of its own");
  dgw_worker_set_limit (1);
  one = dgw_worker_acquire ();
  two = dgw_worker_acquire ();
  dgw_worker_set_limit (0);
  g_assert_true (one == two);
  dgw_worker_post (one, answer_with_thread, NULL, NULL);
  thread = next_answer ();
  g_assert_true (thread != g_thread_self ());
  dgw_worker_unref (one);
  dgw_worker_post (two, answer_with_thread, NULL, NULL);
  g_assert_true (next_answer () == thread);
  dgw_worker_unref (two);
}

static guint
count_distinct (DgwWorker **workers,
                guint       n)
{
  g_autoptr (GHashTable) set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n; i++)
    g_hash_table_add (set, workers[i]);

  return g_hash_table_size (set);
}

static void
test_spread (void)
{
  DgwWorker *workers[9];

  g_test_summary ("SHD-09: connections are spread evenly, and a place that gets free is the next one taken");
  dgw_worker_set_limit (3);
  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    workers[i] = dgw_worker_acquire ();
  for (guint i = 0; i < G_N_ELEMENTS (workers); i += 3)
    g_assert_cmpuint (count_distinct (workers + i, 3), ==, 3);
  for (guint i = 0; i < 4; i++)
    {
      DgwWorker *left = workers[4];

      dgw_worker_unref (workers[4]);
      workers[4] = dgw_worker_acquire ();
      g_assert_true (workers[4] == left);
    }
  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    dgw_worker_unref (workers[i]);
  dgw_worker_set_limit (0);
}

static void
test_processors (void)
{
  const guint            n_processors = g_get_num_processors ();
  const guint            n_workers = 2 * n_processors + 1;
  g_autofree DgwWorker **workers = g_new (DgwWorker *, n_workers);

  g_test_summary ("SHD-09: as many threads as there are processors, and one for a gateway alone");
  for (guint i = 0; i < n_workers; i++)
    {
      workers[i] = dgw_worker_acquire ();
      g_assert_cmpuint (count_distinct (workers, i + 1), ==, MIN (i + 1, n_processors));
    }
  for (guint i = 0; i < n_workers; i++)
    dgw_worker_unref (workers[i]);
}

static void
test_order (void)
{
  DgwWorker *worker = dgw_worker_acquire ();

  g_test_summary ("Posts run in their order, each with its data freed after it");
  for (guint i = 1; i <= 1000; i++)
    dgw_worker_post (worker, answer, GUINT_TO_POINTER (2 * i), NULL);
  dgw_worker_post (worker, answer, GUINT_TO_POINTER (1), answer);
  for (guint i = 1; i <= 1000; i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (next_answer ()), ==, 2 * i);
  g_assert_cmpuint (GPOINTER_TO_UINT (next_answer ()), ==, 1);
  g_assert_cmpuint (GPOINTER_TO_UINT (next_answer ()), ==, 1);
  dgw_worker_unref (worker);
}

static void
watch_thread (gpointer data)
{
  static GPrivate farewell = G_PRIVATE_INIT (answer);

  g_private_set (&farewell, data);
}

static void
test_ends (void)
{
  DgwWorker *worker;

  g_test_summary ("DIS-07: the thread ends with its last user, and a later user gets a new one");
  for (guint i = 1; i <= 20; i++)
    {
      worker = dgw_worker_acquire ();
      dgw_worker_post (worker, watch_thread, GUINT_TO_POINTER (i), NULL);
      dgw_worker_unref (worker);
      g_assert_cmpuint (GPOINTER_TO_UINT (next_answer ()), ==, i);
    }
}

static void
unref_on_worker (gpointer data)
{
  dgw_worker_unref (data);
}

static void
test_unref_on_worker (void)
{
  DgwWorker *worker = dgw_worker_acquire ();

  g_test_summary ("The last user may leave on the worker itself");
  dgw_worker_post (worker, watch_thread, GUINT_TO_POINTER (5), NULL);
  dgw_worker_post (worker, unref_on_worker, dgw_worker_ref (worker), NULL);
  dgw_worker_unref (worker);
  g_assert_cmpuint (GPOINTER_TO_UINT (next_answer ()), ==, 5);
}

typedef struct
{
  DgwWorker        *worker;
  DgwWorkerResident residents[2];
  guint             n_sleeps;
} House;

static void
before_sleep (gpointer user_data)
{
  House *house = user_data;

  if (++house->n_sleeps == G_N_ELEMENTS (house->residents))
    answer (house);
}

static void
move_in (gpointer data)
{
  House *house = data;

  for (guint i = 0; i < G_N_ELEMENTS (house->residents); i++)
    {
      house->residents[i].before_sleep = before_sleep;
      house->residents[i].user_data = house;
      dgw_worker_add (house->worker, &house->residents[i]);
      dgw_worker_await_sleep (house->worker, &house->residents[i]);
      dgw_worker_await_sleep (house->worker, &house->residents[i]);
    }
}

static void
move_out (gpointer data)
{
  House *house = data;

  for (guint i = 0; i < G_N_ELEMENTS (house->residents); i++)
    dgw_worker_remove (house->worker, &house->residents[i]);
  answer (house);
}

static void
test_residents (void)
{
  House house = {.worker = dgw_worker_acquire ()};

  g_test_summary ("Residents are told before the worker sleeps");
  dgw_worker_post (house.worker, move_in, &house, NULL);
  next_answer ();
  dgw_worker_post (house.worker, move_out, &house, NULL);
  next_answer ();
  dgw_worker_unref (house.worker);
}

static gpointer
use_worker (gpointer data)
{
  for (guint i = 0; i < 200; i++)
    {
      DgwWorker *worker = dgw_worker_acquire ();

      dgw_worker_post (worker, answer, worker, NULL);
      dgw_worker_unref (worker);
    }

  return NULL;
}

static void
test_many_threads (void)
{
  GThread *threads[4];

  g_test_summary ("Many threads may take and leave the worker at once");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("user", use_worker, NULL);
  for (guint i = 0; i < 200 * G_N_ELEMENTS (threads); i++)
    next_answer ();
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  answers = g_async_queue_new ();
  g_test_add_func ("/dgw/worker/worker/shared", test_shared);
  g_test_add_func ("/dgw/worker/worker/spread", test_spread);
  g_test_add_func ("/dgw/worker/worker/processors", test_processors);
  g_test_add_func ("/dgw/worker/worker/order", test_order);
  g_test_add_func ("/dgw/worker/worker/ends", test_ends);
  g_test_add_func ("/dgw/worker/worker/unref-on-worker", test_unref_on_worker);
  g_test_add_func ("/dgw/worker/worker/residents", test_residents);
  g_test_add_func ("/dgw/worker/worker/many-threads", test_many_threads);

  return g_test_run ();
}
