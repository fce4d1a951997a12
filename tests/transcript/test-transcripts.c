/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "dgw-player.h"
#include "dgw-transcript.h"

#define N_SEEDS    5
#define FIRST_SEED 1
/* How much is replayed to reach the moments to stop at: all moments of a short
 * transcript, some of a long one. */
#define MAX_ACTIONS 5000

static void
test_play (gconstpointer data)
{
  const DgwTranscript *transcript = data;

  g_test_summary (transcript->proves);
  for (guint32 seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++)
    {
      g_autoptr (DgwPlayer) player = dgw_player_new (transcript, seed);
      g_autoptr (GError) error = NULL;

      dgw_player_play (player, &error);
      g_assert_no_error (error);
    }
}

static void
test_nosy (gconstpointer data)
{
  const DgwTranscript *transcript = data;
  g_autoptr (DgwPlayer) player = dgw_player_new (transcript, FIRST_SEED);
  g_autoptr (GError) error = NULL;

  g_test_summary ("ENV-11: calls from within any action that ask or change nothing have no effect");
  dgw_player_set_nosy (player);
  dgw_player_play (player, &error);
  g_assert_no_error (error);
}

static guint
count_actions (const DgwTranscript *transcript)
{
  g_autoptr (DgwPlayer) player = dgw_player_new (transcript, FIRST_SEED);
  g_autoptr (GError) error = NULL;

  dgw_player_play (player, &error);
  g_assert_no_error (error);

  return dgw_player_get_n_actions (player);
}

static void
stop_at (const DgwTranscript *transcript,
         guint                n_actions,
         DgwStopKind          kind)
{
  g_autoptr (DgwPlayer) player = dgw_player_new (transcript, FIRST_SEED);
  g_autoptr (GError) error = NULL;

  dgw_player_set_limit (player, n_actions);
  if (dgw_player_play (player, &error))
    dgw_player_stop (player, kind, &error);
  if (error)
    g_test_message ("stopped in way %d after %u actions", (int)kind, n_actions);
  g_assert_no_error (error);
}

/* With actions still queued. */
static void
free_at (const DgwTranscript *transcript,
         guint                n_actions)
{
  g_autoptr (DgwPlayer) player = dgw_player_new (transcript, FIRST_SEED);

  dgw_player_set_limit (player, n_actions);
  dgw_player_play (player, NULL);
}

static void
test_stop (gconstpointer data)
{
  const DgwTranscript *transcript = data;
  guint                n_actions = count_actions (transcript);
  guint                step = 1 + n_actions * n_actions / 2 / MAX_ACTIONS;

  g_test_summary ("DIS-05, DIS-07, ENV-11, SND-07: stopped or let go at any moment, nothing is left and nothing goes out");
  for (guint i = 1; i <= n_actions; i += step)
    {
      stop_at (transcript, i, DGW_STOP_CLOSE);
      stop_at (transcript, i, DGW_STOP_SUSPEND);
      stop_at (transcript, i, DGW_STOP_CANCEL);
      free_at (transcript, i);
    }
}

static void
add_tests (const char          *mode,
           const DgwTranscript *transcript,
           GTestDataFunc        func)
{
  g_autofree char *name = g_strndup (transcript->name, strlen (transcript->name) - strlen (".txt"));
  g_autofree char *path = g_strdup_printf ("/dgw/transcript/%s/%s", name, mode);

  g_test_add_data_func (path, transcript, func);
}

static GPtrArray *
load_all (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "transcripts", NULL);
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray  *transcripts = g_ptr_array_new_with_free_func ((GDestroyNotify)dgw_transcript_free);
  const char *name;

  dir = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (!g_str_has_suffix (name, ".txt"))
        continue;
      g_ptr_array_add (transcripts, dgw_transcript_load (path, &error));
      g_assert_no_error (error);
    }

  return transcripts;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GPtrArray) transcripts = NULL;

  /* The log is part of what is tested, debug lines too: no token may be in it. */
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_test_init (&argc, &argv, NULL);
  dgw_player_listen_to_logs ();

  transcripts = load_all ();
  g_assert_cmpuint (transcripts->len, >, 0);
  for (guint i = 0; i < transcripts->len; i++)
    {
      const DgwTranscript *transcript = g_ptr_array_index (transcripts, i);

      add_tests ("play", transcript, test_play);
      add_tests ("nosy", transcript, test_nosy);
      add_tests ("stop", transcript, test_stop);
    }

  return g_test_run ();
}
