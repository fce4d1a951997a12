/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <dgw-testing.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/dgw-cli-simulator-private.h"

#define COMMAND      "dgw simulate"
#define DEFAULT_RATE 10

typedef struct
{
  int    port;
  double rate;
  gint64 count;
  int    seed;
  char  *scenario;
  char  *cut;
  char  *tls_cert;
  char  *tls_key;
  char  *token;
  char  *profile;
  int    heartbeat_interval_ms;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->scenario);
  g_free (words->cut);
  g_free (words->tls_cert);
  g_free (words->tls_key);
  g_free (words->token);
  g_free (words->profile);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean
parse_words (Words *words,
             int    argc,
             char **argv)
{
  /* clang-format off */
  const GOptionEntry entries[] = {
    {"port", 0, 0, G_OPTION_ARG_INT, &words->port,
     N_ ("Where to listen on 127.0.0.1 (default: any free port)"), "N"},
    {"rate", 0, 0, G_OPTION_ARG_DOUBLE, &words->rate,
     N_ ("Events per second (default: 10, or with a count as fast as they are read)"), "N"},
    {"count", 0, 0, G_OPTION_ARG_INT64, &words->count,
     N_ ("Send so many events, then idle"), "N"},
    {"seed", 0, 0, G_OPTION_ARG_INT, &words->seed,
     N_ ("Choose the events: the same number, the same events"), "N"},
    {"profile", 0, 0, G_OPTION_ARG_STRING, &words->profile,
     N_ ("Kind of events: chat (default) or startup"), "NAME"},
    {"scenario", 0, 0, G_OPTION_ARG_FILENAME, &words->scenario,
     N_ ("Play this file to the clients that connect"), "FILE"},
    {"cut", 0, 0, G_OPTION_ARG_STRING, &words->cut,
     N_ ("Cut connections after so long; HOW is close, reset, half-open or mix"), "HOW:SECONDS"},
    {"tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &words->tls_cert,
     N_ ("Speak TLS, with this certificate"), "PEM"},
    {"tls-key", 0, 0, G_OPTION_ARG_FILENAME, &words->tls_key,
     N_ ("The key of the certificate"), "PEM"},
    {"token", 0, 0, G_OPTION_ARG_STRING, &words->token,
     N_ ("Refuse any other token; a made-up one, since others see it here"), "TEXT"},
    {"heartbeat-interval", 0, 0, G_OPTION_ARG_INT, &words->heartbeat_interval_ms,
     N_ ("Heartbeat interval of HELLO (default: 41250)"), "MS"},
    {NULL},
  };
  /* clang-format on */

  *words = (Words){.rate = DGW_CLI_UNSET, .count = DGW_CLI_UNSET, .heartbeat_interval_ms = 41250};
  return dgw_cli_parse (COMMAND,
                        _ ("Runs a gateway on this machine, without Discord, and prints what its clients do."),
                        entries,
                        argc,
                        argv);
}

static gboolean
check_numbers (const Words *words,
               GError     **error)
{
  if (words->port < 0 || words->port > G_MAXUINT16)
    return dgw_cli_bad_value (error, _ ("--port takes a number up to 65535"));
  if (words->rate != DGW_CLI_UNSET && !(words->rate >= 0 && words->rate <= DGW_CLI_MAX_RATE))
    return dgw_cli_bad_value (error, _ ("--rate takes a number of events per second"));
  if (words->heartbeat_interval_ms < 1)
    return dgw_cli_bad_value (error, _ ("--heartbeat-interval takes a number of milliseconds"));
  if (!words->tls_cert != !words->tls_key)
    return dgw_cli_bad_value (error, _ ("--tls-cert and --tls-key go together"));
  return dgw_cli_check_ends (words->count, DGW_CLI_UNSET, error);
}

static gboolean
parse_profile (const char        *word,
               DgwTestingProfile *profile,
               GError           **error)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TESTING_TYPE_PROFILE);
  const GEnumValue *value = g_enum_get_value_by_nick (klass, word ? word : "chat");

  if (!value)
    return dgw_cli_bad_value (error, _ ("--profile takes chat or startup"));
  *profile = (DgwTestingProfile)value->value;
  return TRUE;
}

/* Leaves the values alone when there is no word. */
static gboolean
parse_cut (const char    *word,
           DgwTestingCut *cut,
           guint         *interval_ms,
           GError       **error)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TESTING_TYPE_CUT);
  g_auto (GStrv) parts = g_strsplit (word ? word : "", ":", 2);
  const GEnumValue *value;
  char             *end = NULL;
  double            seconds;

  if (!word)
    return TRUE;

  value = g_enum_get_value_by_nick (klass, parts[0] ? parts[0] : "");
  seconds = value && parts[1] ? g_ascii_strtod (parts[1], &end) : 0;
  if (!value || value->value == DGW_TESTING_CUT_NONE || !end || *end || !(seconds >= 0.001 && seconds < G_MAXINT / 1000))
    return dgw_cli_bad_value (error, _ ("--cut takes close, reset, half-open or mix, and a number of seconds, as in mix:5"));
  *cut = (DgwTestingCut)value->value;
  *interval_ms = (guint)(seconds * 1000);
  return TRUE;
}

static gboolean
load_scenario (DgwTestingSimulator *simulator,
               const char          *path,
               GError             **error)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  if (!dgw_testing_simulator_load_scenario (simulator, text, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  return TRUE;
}

static gboolean
configure (DgwTestingSimulator *simulator,
           const Words         *words,
           GError             **error)
{
  dgw_testing_simulator_set_port (simulator, (guint)words->port);
  g_object_set (simulator,
                "heartbeat-interval", (guint)words->heartbeat_interval_ms,
                "token", words->token,
                NULL);

  if (words->tls_cert)
    {
      g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_files (words->tls_cert, words->tls_key, error);

      if (!certificate)
        return FALSE;
      dgw_testing_simulator_set_tls_certificate (simulator, certificate);
    }
  return !words->scenario || load_scenario (simulator, words->scenario, error);
}

/* For the generator a rate of 0 is "as fast as they are read". */
static void
start_traffic (DgwTestingSimulator *simulator,
               const Words         *words,
               DgwTestingProfile    profile)
{
  double rate = words->rate;

  if (rate == DGW_CLI_UNSET && words->count == DGW_CLI_UNSET)
    rate = words->scenario ? 0 : DEFAULT_RATE;
  if (rate > 0 || words->count > 0)
    dgw_testing_simulator_start_traffic (simulator,
                                         profile,
                                         MAX (rate, 0),
                                         (guint64)MAX (words->count, 0),
                                         (guint)words->seed);
}

static gboolean
start_activity (DgwTestingSimulator *simulator,
                const Words         *words,
                GError             **error)
{
  DgwTestingProfile profile = DGW_TESTING_PROFILE_CHAT;
  DgwTestingCut     cut = DGW_TESTING_CUT_NONE;
  guint             interval_ms = 0;

  if (!parse_profile (words->profile, &profile, error) ||
      !parse_cut (words->cut, &cut, &interval_ms, error))
    return FALSE;

  if (cut != DGW_TESTING_CUT_NONE)
    dgw_testing_simulator_start_cuts (simulator, cut, interval_ms);
  start_traffic (simulator, words, profile);
  return TRUE;
}

/* A simulator must not stand still because nobody reads its log, as where a
 * test was only after the first line: then lines are left out. */
static void
print_line (const char *text)
{
  static guint     n_left_out;
  struct pollfd    fd = {STDOUT_FILENO, POLLOUT, 0};
  g_autofree char *clean = NULL;
  g_autofree char *line = NULL;

  if (poll (&fd, 1, 0) != 1)
    {
      n_left_out++;
      return;
    }

  clean = dgw_cli_clean_text (text);
  line = n_left_out ? g_strdup_printf ("(%u lines left out: nobody read them)\n%s\n", n_left_out, clean)
                    : g_strdup_printf ("%s\n", clean);
  n_left_out = 0;
  /* As much as a pipe that polls as writable surely takes. */
  if (write (STDOUT_FILENO, line, MIN (strlen (line), PIPE_BUF)) < 0)
    n_left_out++;
}

static void
log_cb (DgwTestingSimulator *simulator,
        const char          *line,
        gpointer             user_data)
{
  print_line (line);
}

static void
received_cb (DgwTestingSimulator *simulator,
             guint                opcode,
             JsonNode            *data,
             gpointer             user_data)
{
  if (opcode == DGW_OPCODE_HEARTBEAT)
    print_line ("heartbeat");
}

gboolean
dgw_cli_simulator_start (DgwTestingSimulator *simulator,
                         GError             **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  dgw_testing_simulator_start_async (simulator, NULL, dgw_cli_store_result_cb, &result);
  return dgw_testing_simulator_start_finish (simulator, dgw_cli_wait_for_result (&result), error);
}

static gboolean
stop_cb (int          fd,
         GIOCondition condition,
         gpointer     user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
run (DgwTestingSimulator *simulator,
     int                  stop_fd)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *first = g_strdup_printf ("listening on %s", dgw_testing_simulator_get_url (simulator));

  /* Programs wait for this line: it is not translated. */
  print_line (first);
  g_unix_fd_add (stop_fd, G_IO_IN, stop_cb, loop);
  g_main_loop_run (loop);
}

int
dgw_cli_simulate (int    argc,
                  char **argv)
{
  g_autoptr (DgwTestingSimulator) simulator = dgw_testing_simulator_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Words) words = {0};
  int stop_fd;

  if (!parse_words (&words, argc, argv))
    return DGW_CLI_USAGE;
  if (!check_numbers (&words, &error) ||
      !configure (simulator, &words, &error) ||
      !start_activity (simulator, &words, &error))
    return dgw_cli_usage_error (COMMAND, "%s", error->message);

  stop_fd = dgw_cli_catch_signals ();
  g_signal_connect (simulator, "log", G_CALLBACK (log_cb), NULL);
  g_signal_connect (simulator, "received", G_CALLBACK (received_cb), NULL);
  if (!dgw_cli_simulator_start (simulator, &error))
    {
      dgw_cli_complain ("%s: %s", COMMAND, error->message);
      return DGW_CLI_FAILED;
    }

  run (simulator, stop_fd);
  return DGW_CLI_DONE;
}
