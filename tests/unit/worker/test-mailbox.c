/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-mailbox-private.h"

/* What is sent: a counter that is checked for order, freed by taking it out. */
typedef struct
{
  guint *value;
} Letter;

typedef struct
{
  GMainContext *context;
  DgwMailbox   *mailbox;
  guint         next; /* expected value */
  guint         n_drained;
  guint         n_late;
  gint64        waited_us;
  guint         close_at;
  guint         recurse_at;
  guint         slow_at;
} Fixture;

static gint n_alive; /* letters that are not freed; atomic */

static void
letter_clear (Letter *self)
{
  if (self->value == NULL)
    return;

  g_clear_pointer (&self->value, g_free);
  g_atomic_int_add (&n_alive, -1);
}

static GArray *
batch_new (guint first,
           guint n)
{
  GArray *batch = g_array_new (FALSE, FALSE, sizeof (Letter));

  g_array_set_clear_func (batch, (GDestroyNotify)letter_clear);
  for (guint i = 0; i < n; i++)
    {
      Letter letter = {g_new (guint, 1)};

      *letter.value = first + i;
      g_array_append_val (batch, letter);
    }
  g_atomic_int_add (&n_alive, (int)n);

  return batch;
}

static DgwMailboxLoad
push (DgwMailbox *mailbox,
      guint       first,
      guint       n)
{
  return dgw_mailbox_push (mailbox, batch_new (first, n), (DgwMailboxLoad){10 * n, n}, NULL);
}

/* Stands for a handler that takes its time; no sleep could be shorter than it. */
static void
spin_until (gint64 due_us)
{
  while (g_get_monotonic_time () < due_us)
    continue;
}

static void
deliver (gpointer element,
         gpointer user_data)
{
  Fixture *fixture = user_data;
  Letter  *letter = element;

  g_assert_cmpuint (*letter->value, ==, fixture->next);
  fixture->next++;
  letter_clear (letter);
  if (fixture->next == fixture->slow_at)
    spin_until (g_get_monotonic_time () + DGW_MAILBOX_LATE_US + 1000);
  if (fixture->next == fixture->recurse_at)
    {
      while (g_main_context_iteration (fixture->context, FALSE))
        continue;
    }
  if (fixture->next == fixture->close_at && fixture->mailbox != NULL)
    {
      dgw_mailbox_close (fixture->mailbox);
      g_clear_pointer (&fixture->mailbox, dgw_mailbox_unref);
    }
}

static void
late (gint64   waited_us,
      gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_late++;
  fixture->waited_us = waited_us;
}

static void
drained (gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_drained++;
}

static const DgwMailboxFuncs funcs = {deliver, late, drained, FALSE};

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->context = g_main_context_new ();
  fixture->mailbox = dgw_mailbox_new (fixture->context, sizeof (guint), &funcs, fixture);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  if (fixture->mailbox != NULL)
    {
      dgw_mailbox_close (fixture->mailbox);
      dgw_mailbox_unref (fixture->mailbox);
    }
  g_assert_cmpint (g_atomic_int_get (&n_alive), ==, 0);
  g_main_context_unref (fixture->context);
}

static void
run_until_idle (Fixture *fixture)
{
  while (g_main_context_iteration (fixture->context, FALSE))
    continue;
}

static void
test_order (Fixture      *fixture,
            gconstpointer data)
{
  g_test_summary ("Batches come out element by element, in order, and the load goes back to nothing");
  push (fixture->mailbox, 0, 3);
  g_assert_cmpuint (push (fixture->mailbox, 3, 1).events, ==, 4);
  g_assert_cmpuint (dgw_mailbox_get_load (fixture->mailbox).bytes, ==, 40);
  g_assert_cmpuint (fixture->next, ==, 0);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->next, ==, 4);
  g_assert_cmpuint (dgw_mailbox_get_load (fixture->mailbox).events, ==, 0);
  g_assert_cmpuint (dgw_mailbox_get_load (fixture->mailbox).bytes, ==, 0);
  push (fixture->mailbox, 4, 1);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->next, ==, 5);
}

static gboolean
redraw_cb (gpointer user_data)
{
  guint *n_redraws = user_data;

  (*n_redraws)++;

  return G_SOURCE_CONTINUE;
}

static void
test_slices (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (GSource) redraw = g_idle_source_new ();
  guint n_redraws = 0;

  g_test_summary ("A burst is cut into slices, and what is left waits for a source of GTK's redraw priority");
  push (fixture->mailbox, 0, 5000);
  g_assert_true (g_main_context_iteration (fixture->context, FALSE));
  g_assert_cmpuint (fixture->next, >, 0);
  g_assert_cmpuint (fixture->next, <=, 1000);

  g_source_set_callback (redraw, redraw_cb, &n_redraws, NULL);
  g_source_set_priority (redraw, G_PRIORITY_HIGH_IDLE + 20);
  g_source_attach (redraw, fixture->context);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (n_redraws, ==, 10);
  g_assert_cmpuint (fixture->next, <=, 1000);
  g_source_destroy (redraw);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->next, ==, 5000);

  g_test_message ("Fresh traffic after a backlog comes at the default priority again");
  push (fixture->mailbox, 5000, 1);
  g_clear_pointer (&redraw, g_source_unref);
  redraw = g_idle_source_new ();
  g_source_set_callback (redraw, redraw_cb, &n_redraws, NULL);
  g_source_attach (redraw, fixture->context);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (fixture->next, ==, 5001);
  g_source_destroy (redraw);
}

static void
test_urgent (Fixture      *fixture,
             gconstpointer data)
{
  const DgwMailboxFuncs urgent = {.deliver = deliver, .is_urgent = TRUE};
  DgwMailbox           *mailbox = dgw_mailbox_new (fixture->context, 0, &urgent, fixture);
  g_autoptr (GSource) busy = g_idle_source_new ();
  guint n_turns = 0;

  g_test_summary ("What is urgent is not put off by sources that are always ready");
  g_source_set_callback (busy, redraw_cb, &n_turns, NULL);
  g_source_set_priority (busy, G_PRIORITY_DEFAULT);
  g_source_attach (busy, fixture->context);
  push (mailbox, 0, 5000);
  for (guint i = 0; i < 100000 && fixture->next < 5000; i++)
    g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (fixture->next, ==, 5000);
  g_source_destroy (busy);
  dgw_mailbox_close (mailbox);
  dgw_mailbox_unref (mailbox);
}

static void
test_closed_by_handler (Fixture      *fixture,
                        gconstpointer data)
{
  DgwMailbox *producer = dgw_mailbox_ref (fixture->mailbox);

  g_test_summary ("DIS-07: a handler may close the mailbox: nothing more comes, all that waits is freed");
  fixture->close_at = 3;
  push (producer, 0, 5);
  push (producer, 5, 5);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->next, ==, 3);
  g_assert_cmpint (n_alive, ==, 0);

  push (producer, 10, 5);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->next, ==, 3);
  g_assert_cmpint (n_alive, ==, 0);
  dgw_mailbox_unref (producer);
}

static void
test_nested (Fixture      *fixture,
             gconstpointer data)
{
  g_test_summary ("A handler that runs the context gets the rest delivered, in order and once");
  fixture->recurse_at = 2;
  push (fixture->mailbox, 0, 3);
  push (fixture->mailbox, 3, 2);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->next, ==, 5);
  g_assert_cmpuint (dgw_mailbox_get_load (fixture->mailbox).events, ==, 0);

  fixture->recurse_at = 7;
  fixture->close_at = 9;
  push (fixture->mailbox, 5, 6);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->next, ==, 9);
}

static void
test_watch (Fixture      *fixture,
            gconstpointer data)
{
  g_test_summary ("The mark is told of once, in the consumer's context, also when it was reached before");
  push (fixture->mailbox, 0, 2);
  push (fixture->mailbox, 2, 2);
  dgw_mailbox_watch (fixture->mailbox, (DgwMailboxLoad){1000, 0});
  g_assert_cmpuint (fixture->n_drained, ==, 0);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->n_drained, ==, 1);

  push (fixture->mailbox, 4, 1);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->n_drained, ==, 1);

  dgw_mailbox_watch (fixture->mailbox, (DgwMailboxLoad){0, 0});
  g_assert_cmpuint (fixture->n_drained, ==, 1);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->n_drained, ==, 2);
}

static void
test_late (Fixture      *fixture,
           gconstpointer data)
{
  g_test_summary ("A handler of over a second makes the next element late, and only that one");
  fixture->slow_at = 1;
  push (fixture->mailbox, 0, 3);
  run_until_idle (fixture);
  g_assert_cmpuint (fixture->next, ==, 3);
  g_assert_cmpuint (fixture->n_late, ==, 1);
  g_assert_cmpint (fixture->waited_us, >, DGW_MAILBOX_LATE_US);
}

static void
test_note (Fixture      *fixture,
           gconstpointer data)
{
  guint sent = 7;
  guint note = 1;

  g_test_summary ("The newest note can be read before what came with it is delivered");
  dgw_mailbox_get_note (fixture->mailbox, &note);
  g_assert_cmpuint (note, ==, 0);
  dgw_mailbox_push (fixture->mailbox, batch_new (0, 1), (DgwMailboxLoad){1, 1}, &sent);
  dgw_mailbox_get_note (fixture->mailbox, &note);
  g_assert_cmpuint (note, ==, 7);
  g_assert_cmpuint (fixture->next, ==, 0);
}

static void
test_turns (Fixture      *fixture,
            gconstpointer data)
{
  Fixture others[2] = {{.context = fixture->context}, {.context = fixture->context}};

  g_test_summary ("The mailboxes of a context take turns; those that wait share a slice");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    others[i].mailbox = dgw_mailbox_new (fixture->context, sizeof (guint), &funcs, &others[i]);
  push (fixture->mailbox, 0, 5000);
  push (others[0].mailbox, 0, 10);
  push (others[1].mailbox, 0, 10);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (fixture->next, >, 0);
  g_assert_cmpuint (fixture->next + others[0].next + others[1].next, <=, 1000);
  for (guint i = 0; i < 5 && others[1].next < 10; i++)
    g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (others[0].next, ==, 10);
  g_assert_cmpuint (others[1].next, ==, 10);
  g_assert_cmpuint (fixture->next, <, 5000);

  g_test_message ("One that is closed lets the others go on");
  dgw_mailbox_close (fixture->mailbox);
  g_clear_pointer (&fixture->mailbox, dgw_mailbox_unref);
  push (others[0].mailbox, 10, 1);
  push (others[1].mailbox, 10, 1);
  g_assert_true (g_main_context_iteration (fixture->context, FALSE));
  g_assert_cmpuint (others[0].next + others[1].next, ==, 22);
  g_assert_false (g_main_context_iteration (fixture->context, FALSE));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      dgw_mailbox_close (others[i].mailbox);
      dgw_mailbox_unref (others[i].mailbox);
    }
}

#define N_THREADED 20000

static gpointer
produce (gpointer data)
{
  DgwMailbox *mailbox = data;
  guint       value = 0;

  while (value < N_THREADED)
    {
      guint n = MIN (1 + value % 100, N_THREADED - value);

      dgw_mailbox_push (mailbox, batch_new (value, n), (DgwMailboxLoad){n, n}, &value);
      value += n;
      if (value % 7 == 0)
        dgw_mailbox_watch (mailbox, (DgwMailboxLoad){50, 50});
    }
  dgw_mailbox_unref (mailbox);

  return NULL;
}

static void
test_threads (Fixture      *fixture,
              gconstpointer data)
{
  GThread *thread = g_thread_new ("producer", produce, dgw_mailbox_ref (fixture->mailbox));
  guint    note;

  g_test_summary ("Nothing is lost, doubled or out of order between two threads, and no wake-up is missed");
  while (fixture->next < N_THREADED)
    {
      g_main_context_iteration (fixture->context, TRUE);
      dgw_mailbox_get_note (fixture->mailbox, &note);
      g_assert_cmpuint (note, <=, N_THREADED);
    }
  g_thread_join (thread);
}

static void
test_threads_close (Fixture      *fixture,
                    gconstpointer data)
{
  GThread *thread = g_thread_new ("producer", produce, dgw_mailbox_ref (fixture->mailbox));

  g_test_summary ("DIS-07: the consumer may go while another thread pushes");
  fixture->close_at = N_THREADED / 10;
  while (fixture->mailbox != NULL)
    g_main_context_iteration (fixture->context, TRUE);
  g_thread_join (thread);
  g_assert_cmpuint (fixture->next, ==, N_THREADED / 10);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } cases[] = {
    {"/dgw/worker/mailbox/order",             test_order            },
    {"/dgw/worker/mailbox/slices",            test_slices           },
    {"/dgw/worker/mailbox/urgent",            test_urgent           },
    {"/dgw/worker/mailbox/closed-by-handler", test_closed_by_handler},
    {"/dgw/worker/mailbox/nested",            test_nested           },
    {"/dgw/worker/mailbox/watch",             test_watch            },
    {"/dgw/worker/mailbox/late",              test_late             },
    {"/dgw/worker/mailbox/note",              test_note             },
    {"/dgw/worker/mailbox/turns",             test_turns            },
    {"/dgw/worker/mailbox/threads",           test_threads          },
    {"/dgw/worker/mailbox/threads-close",     test_threads_close    },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].func, tear_down);

  return g_test_run ();
}
