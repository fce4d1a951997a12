/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-poller-private.h"

#include <sys/socket.h>
#include <unistd.h>

#define N_ENDS 100

typedef struct
{
  GMainContext *context;
  DgwPoller    *poller;
  guint         n_calls;
} Fixture;

typedef struct _End End;

/* A socket that the other one of a pair writes to. */
struct _End
{
  Fixture        *fixture;
  int             fds[2];
  DgwPollerWatch *watch;
  guint           n_calls;
  gboolean        keeps;         /* reads nothing */
  gboolean        is_unfinished; /* what it answers */
  End            *victim;        /* whose watch it ends; NULL: none */
};

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->context = g_main_context_new ();
  fixture->poller = dgw_poller_new (fixture->context);
  g_assert_nonnull (fixture->poller);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  dgw_poller_free (fixture->poller);
  g_main_context_unref (fixture->context);
}

static gboolean
ready_cb (gpointer user_data)
{
  End *end = user_data;
  char byte;

  end->n_calls++;
  end->fixture->n_calls++;
  if (!end->keeps)
    (void)!recv (end->fds[0], &byte, 1, MSG_DONTWAIT);
  if (end->victim != NULL)
    g_clear_pointer (&end->victim->watch, dgw_poller_unwatch);

  return end->is_unfinished;
}

static void
end_open (End     *end,
          Fixture *fixture)
{
  *end = (End){.fixture = fixture};
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end->fds), ==, 0);
  end->watch = dgw_poller_watch (fixture->poller, end->fds[0], ready_cb, end);
  g_assert_nonnull (end->watch);
}

static void
end_close (End *end)
{
  g_clear_pointer (&end->watch, dgw_poller_unwatch);
  close (end->fds[0]);
  if (end->fds[1] >= 0)
    close (end->fds[1]);
}

static void
end_write (End *end)
{
  g_assert_cmpint (write (end->fds[1], "x", 1), ==, 1);
}

static gboolean
turn (Fixture *fixture)
{
  return g_main_context_iteration (fixture->context, FALSE);
}

static void
test_many (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree End *ends = g_new0 (End, N_ENDS);

  g_test_summary ("Of many descriptors those that have something are called, and only those");
  for (guint i = 0; i < N_ENDS; i++)
    end_open (&ends[i], fixture);
  g_assert_false (turn (fixture));
  end_write (&ends[7]);
  g_assert_true (turn (fixture));
  g_assert_cmpuint (fixture->n_calls, ==, 1);
  g_assert_cmpuint (ends[7].n_calls, ==, 1);
  g_assert_false (turn (fixture));

  for (guint i = 0; i < N_ENDS; i++)
    end_write (&ends[i]);
  while (turn (fixture))
    continue;
  g_assert_cmpuint (fixture->n_calls, ==, N_ENDS + 1);

  g_test_message ("The end of the peer is something to read, too");
  close (ends[3].fds[1]);
  ends[3].fds[1] = -1;
  g_assert_true (turn (fixture));
  g_assert_cmpuint (ends[3].n_calls, ==, 2);
  for (guint i = 0; i < N_ENDS; i++)
    end_close (&ends[i]);
}

static void
test_unfinished (Fixture      *fixture,
                 gconstpointer data)
{
  End end;

  g_test_summary ("One that is not finished is called again at each turn, and once at a turn");
  end_open (&end, fixture);
  end.is_unfinished = TRUE;
  end_write (&end);
  g_assert_true (turn (fixture));
  g_assert_true (turn (fixture));
  g_assert_cmpuint (end.n_calls, ==, 2);

  end.keeps = TRUE;
  end_write (&end);
  g_assert_true (turn (fixture));
  g_assert_cmpuint (end.n_calls, ==, 3);

  end.keeps = FALSE;
  end.is_unfinished = FALSE;
  g_assert_true (turn (fixture));
  g_assert_cmpuint (end.n_calls, ==, 4);
  g_assert_false (turn (fixture));

  g_test_message ("Nor is it when its watch has ended");
  end.is_unfinished = TRUE;
  end_write (&end);
  g_assert_true (turn (fixture));
  g_clear_pointer (&end.watch, dgw_poller_unwatch);
  g_assert_false (turn (fixture));
  end_close (&end);
}

static void
test_ended_meanwhile (Fixture      *fixture,
                      gconstpointer data)
{
  End ends[2];

  g_test_summary ("A function may end its own watch, and that of one that is ready as well");
  for (guint i = 0; i < 2; i++)
    {
      end_open (&ends[i], fixture);
      ends[i].is_unfinished = TRUE;
      ends[i].victim = &ends[1 - i];
      end_write (&ends[i]);
    }
  g_assert_true (turn (fixture));
  g_assert_cmpuint (fixture->n_calls, ==, 1);

  for (guint i = 0; i < 2; i++)
    ends[i].victim = &ends[i];
  g_assert_true (turn (fixture));
  g_assert_cmpuint (fixture->n_calls, ==, 2);
  g_assert_false (turn (fixture));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (ends[i].watch);
      end_close (&ends[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dgw/transport/poller/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/dgw/transport/poller/unfinished", Fixture, NULL, set_up, test_unfinished, tear_down);
  g_test_add ("/dgw/transport/poller/ended-meanwhile", Fixture, NULL, set_up, test_ended_meanwhile, tear_down);

  return g_test_run ();
}
