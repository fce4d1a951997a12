/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is left of the token in a process that is done with it. The gateway runs in
 * a process of its own, which looks through all its memory that can be written to:
 * the simulator would have copies too. */
#include "gateway-fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define TOKEN_BYTES  72
#define PIECE_BYTES  24
#define MAX_REST     (10 * TOKEN_BYTES / PIECE_BYTES)
#define CHUNK_BYTES  (256 * 1024)
#define MASK         0xa5
#define WIND_DOWN_US (10 * G_USEC_PER_SEC)

/* In the client. */

static guint8 masked[TOKEN_BYTES]; /* the token, not to be found by the search itself */
static guint8 chunk[CHUNK_BYTES + TOKEN_BYTES];

/* In the shape of a real one; the caller wipes it. */
static char *
make_token (void)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  char             *token = g_malloc (TOKEN_BYTES + 1);

  g_assert_cmpint (getrandom (token, TOKEN_BYTES, 0), ==, TOKEN_BYTES);
  for (guint i = 0; i < TOKEN_BYTES; i++)
    token[i] = i == 26 || i == 33 ? '.' : letters[(guchar)token[i] % (sizeof letters - 1)];
  token[TOKEN_BYTES] = '\0';
  for (guint i = 0; i < TOKEN_BYTES; i++)
    masked[i] = (guint8)token[i] ^ MASK;

  return token;
}

static gboolean
is_piece_at (const guint8 *data,
             guint         piece)
{
  for (guint i = 0; i < PIECE_BYTES; i++)
    if ((data[i] ^ MASK) != masked[piece * PIECE_BYTES + i])
      return FALSE;

  return TRUE;
}

/* Any third of the token counts: much of a freed block is overwritten at once. */
static guint
search_chunk (guint64     address,
              gsize       length,
              const char *mapping,
              gboolean    tells)
{
  guint n_found = 0;

  for (gsize i = 0; i + PIECE_BYTES <= length; i++)
    for (guint piece = 0; piece < TOKEN_BYTES / PIECE_BYTES; piece++)
      if ((chunk[i] ^ MASK) == masked[piece * PIECE_BYTES] && is_piece_at (chunk + i, piece))
        {
          n_found++;
          if (tells)
            g_printerr ("# piece %u at %" G_GINT64_MODIFIER "x, in %s\n", piece, address + i, mapping);
        }

  return n_found;
}

static guint
search_mapping (int         memory,
                guint64     start,
                guint64     end,
                const char *mapping,
                gboolean    tells)
{
  const guint64 own_start = GPOINTER_TO_SIZE (chunk), own_end = own_start + sizeof chunk;
  guint         n_found = 0;

  while (start < end)
    {
      gsize   wanted = MIN (end - start, sizeof chunk);
      ssize_t n_read;

      if (start < own_end && own_start < end)
        {
          if (start >= own_start)
            {
              start = own_end;
              continue;
            }
          wanted = MIN (wanted, own_start - start);
        }
      n_read = pread (memory, chunk, wanted, (off_t)start);
      if (n_read <= 0)
        break;
      n_found += search_chunk (start, (gsize)n_read, mapping, tells);
      explicit_bzero (chunk, sizeof chunk);
      /* What lies across the end is seen by the next look. */
      start += (gsize)n_read > PIECE_BYTES && start + (gsize)n_read < end ? (gsize)n_read - PIECE_BYTES + 1 : (gsize)n_read;
    }

  return n_found;
}

static guint
search_memory (gboolean tells)
{
  int   memory = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  FILE *maps = fopen ("/proc/self/maps", "re");
  guint n_found = 0;
  char  line[4096];

  g_assert_cmpint (memory, >=, 0);
  g_assert_nonnull (maps);
  while (fgets (line, sizeof line, maps) != NULL)
    {
      g_auto (GStrv) words = g_strsplit_set (g_strchomp (line), "- ", 4);
      guint64 start = g_ascii_strtoull (words[0], NULL, 16);
      guint64 end = g_ascii_strtoull (words[1], NULL, 16);

      if (g_str_has_prefix (words[2], "rw"))
        n_found += search_mapping (memory, start, end, words[3], tells);
    }
  fclose (maps);
  close (memory);

  return n_found;
}

typedef struct
{
  gboolean is_ready;
  gboolean is_resumed;
} Progress;

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          Progress   *progress)
{
  progress->is_ready |= dgw_event_get_event_type (event) == DGW_EVENT_TYPE_READY;
  progress->is_resumed |= dgw_event_get_event_type (event) == DGW_EVENT_TYPE_RESUMED;
}

static DgwGateway *
make_client (const char *url,
             const char *api_url,
             const char *authority)
{
  char       *token = make_token ();
  DgwGateway *gateway = dgw_gateway_new (token, DGW_INTENTS_GUILDS);

  explicit_bzero (token, TOKEN_BYTES);
  g_free (token);
  if (*url)
    dgw_gateway_set_url (gateway, url);
  if (*api_url)
    dgw_gateway_set_api_url (gateway, api_url);
  if (*authority)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GTlsDatabase) database = g_tls_file_database_new (authority, &error);

      g_assert_no_error (error);
      dgw_gateway_set_tls_database (gateway, database);
    }

  return gateway;
}

/* Prints how often the token was found while connected, and at the end. */
static int
run_client (char **words)
{
  g_autoptr (DgwGateway) gateway = make_client (words[0], words[1], words[2]);
  g_autoptr (DgwPresence) presence = dgw_presence_new ();
  const guint n_allowed = *words[1] ? MAX_REST : 0;
  Progress    progress = {FALSE, FALSE};
  gint64      end_us;
  guint       n_connected;
  guint       n_left;

  g_signal_connect (gateway, "event", G_CALLBACK (event_cb), &progress);
  open_gateway (gateway);
  /* The server takes the command as the word to cut the connection. */
  dgw_gateway_update_presence_async (gateway, presence, NULL, NULL, NULL);
  WAIT_UNTIL (progress.is_resumed);
  n_connected = search_memory (FALSE);
  close_gateway (gateway);
  g_clear_object (&gateway);

  /* The worker winds down by itself. */
  end_us = g_get_monotonic_time () + WIND_DOWN_US;
  while ((n_left = search_memory (FALSE)) > n_allowed && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, FALSE);
  if (n_left > 0)
    search_memory (TRUE);
  g_print ("%u %u\n", n_connected, n_left);

  return EXIT_SUCCESS;
}

static void
ready_cb (DgwShardManager *manager,
          DgwGateway      *gateway,
          DgwEvent        *event,
          guint           *n_ready)
{
  (*n_ready)++;
}

/* Two shards, with all that is told of the token beside them. */
static int
run_manager (char **words)
{
  char  *token = make_token ();
  guint  n_ready = 0;
  guint  n_connected;
  guint  n_left;
  gint64 end_us;

  g_autoptr (DgwShardManager) manager = dgw_shard_manager_new (token, DGW_INTENTS_GUILDS);
  g_autoptr (DgwFileIdentifyLimiter) limiter = dgw_file_identify_limiter_new (token);
  g_autoptr (DgwFileSessionStore) store = dgw_file_session_store_new ();
  g_auto (Outcome) open = {0};
  g_auto (Outcome) close = {0};

  explicit_bzero (token, TOKEN_BYTES);
  g_free (token);
  dgw_shard_manager_set_url (manager, words[0]);
  dgw_shard_manager_set_shard_count (manager, 2);
  dgw_shard_manager_set_identify_limiter (manager, DGW_IDENTIFY_LIMITER (limiter));
  dgw_shard_manager_set_session_store (manager, DGW_SESSION_STORE (store));
  g_signal_connect (manager, "event::READY", G_CALLBACK (ready_cb), &n_ready);
  dgw_shard_manager_open_async (manager, NULL, outcome_cb, &open);
  WAIT_UNTIL (n_ready > 0);
  n_connected = search_memory (FALSE);
  dgw_shard_manager_close_async (manager, NULL, outcome_cb, &close);
  WAIT_UNTIL (close.is_done && open.is_done);
  outcome_clear (&open);
  outcome_clear (&close);
  g_clear_object (&manager);
  g_clear_object (&limiter);
  g_clear_object (&store);

  end_us = g_get_monotonic_time () + WIND_DOWN_US;
  while ((n_left = search_memory (FALSE)) > 0 && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, FALSE);
  if (n_left > 0)
    search_memory (TRUE);
  g_print ("%u %u\n", n_connected, n_left);

  return EXIT_SUCCESS;
}

/* In the server. */

static const char *program;

static void
command_cb (DgwTestingSimulator *simulator,
            guint                opcode,
            JsonNode            *data,
            gpointer             user_data)
{
  dgw_testing_simulator_drop_clients (simulator);
}

static DgwTestingSimulator *
start_server (gboolean is_secure)
{
  DgwTestingSimulator *simulator = dgw_testing_simulator_new ();
  g_auto (Outcome) start = {0};
  g_autoptr (GError) error = NULL;

  if (is_secure)
    {
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "certificates", "localhost.pem", NULL);
      g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);

      g_assert_no_error (error);
      g_object_set (simulator, "tls-certificate", certificate, NULL);
    }
  g_signal_connect (simulator, "command", G_CALLBACK (command_cb), NULL);
  dgw_testing_simulator_start_async (simulator, NULL, outcome_cb, &start);
  WAIT_UNTIL (start.is_done);
  g_assert_true (dgw_testing_simulator_start_finish (simulator, start.result, &error));

  return simulator;
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_all (inner);
    }
  remove (path);
}

/* Without what makes the allocator overwrite what is freed. */
static char *
run_in_process (const char *mode,
                const char *url,
                const char *api_url,
                const char *authority)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *state = g_dir_make_tmp ("dgw-memory-XXXXXX", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Outcome) outcome = {0};
  char *output = NULL;

  g_subprocess_launcher_setenv (launcher, "G_DEBUG", "fatal-criticals", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "MALLOC_PERTURB_");
  g_subprocess_launcher_unsetenv (launcher, "G_SLICE");
  g_subprocess_launcher_setenv (launcher, "XDG_STATE_HOME", state, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, program, mode, url, api_url, authority, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, outcome_cb, &outcome);
  WAIT_UNTIL (outcome.is_done);
  g_subprocess_communicate_utf8_finish (process, outcome.result, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  remove_all (state);

  return output;
}

static gboolean
is_possible (void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  g_test_skip ("a sanitizer's memory cannot be looked through");
  return FALSE;
#else
  return TRUE;
#endif
}

static void
look (const char *mode,
      gboolean    is_secure,
      gboolean    asks,
      guint      *n_connected,
      guint      *n_left)
{
  DgwTestingSimulator *simulator = start_server (is_secure);
  g_autofree char     *authority = g_test_build_filename (G_TEST_DIST, "certificates", "authority.pem", NULL);
  g_autofree char     *output = NULL;

  output = run_in_process (mode, asks ? "" : dgw_testing_simulator_get_url (simulator),
                           asks ? dgw_testing_simulator_get_api_url (simulator) : "",
                           is_secure ? authority : "");
  g_test_message ("pieces of the token while connected, and at the end: %s", output);
  g_assert_cmpint (sscanf (output, "%u %u", n_connected, n_left), ==, 2);
  stop_simulator (simulator);
}

/* Security: MEM-WIPED */
static void
test_gone (gconstpointer data)
{
  guint n_connected;
  guint n_left;

  g_test_summary ("After an identify, a resume, a close and the last unref nothing of the token is left in the memory");
  if (!is_possible ())
    return;

  look ("--client", GPOINTER_TO_INT (data), FALSE, &n_connected, &n_left);
  /* A search that finds nothing here would find nothing there. */
  g_assert_cmpuint (n_connected, >, 0);
  g_assert_cmpuint (n_left, ==, 0);
}

/* Security: MEM-WIPED */
static void
test_manager (void)
{
  guint n_connected;
  guint n_left;

  g_test_summary ("Nor of a manager's, with its shards, the limiter and the store that are named after the token");
  if (!is_possible ())
    return;

  look ("--manager", FALSE, FALSE, &n_connected, &n_left);
  g_assert_cmpuint (n_connected, >, 0);
  g_assert_cmpuint (n_left, ==, 0);
}

/* Security: MEM-REST */
static void
test_rest (void)
{
  guint n_connected;
  guint n_left;

  g_test_summary ("What libsoup copied to ask for the address is not ours to wipe; it is little");
  if (!is_possible ())
    return;

  look ("--client", FALSE, TRUE, &n_connected, &n_left);
  g_assert_cmpuint (n_connected, >, 0);
  g_assert_cmpuint (n_left, <=, MAX_REST);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--client") == 0)
    return run_client (argv + 2);

  if (argc == 5 && strcmp (argv[1], "--manager") == 0)
    return run_manager (argv + 2);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/dgw/integration/security-memory/security/plain", GINT_TO_POINTER (FALSE), test_gone);
  g_test_add_data_func ("/dgw/integration/security-memory/security/tls", GINT_TO_POINTER (TRUE), test_gone);
  g_test_add_func ("/dgw/integration/security-memory/security/manager", test_manager);
  g_test_add_func ("/dgw/integration/security-memory/security/rest", test_rest);

  return g_test_run ();
}
