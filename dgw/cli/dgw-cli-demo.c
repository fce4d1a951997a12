/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <dgw-testing.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "cli/dgw-cli-listener-private.h"
#include "cli/dgw-cli-simulator-private.h"

#define COMMAND "dgw demo"

typedef struct
{
  gint64   count;
  double   duration;
  double   rate;
  gboolean json;
} Words;

static gboolean
parse_words (Words *words,
             int    argc,
             char **argv)
{
  /* clang-format off */
  const GOptionEntry entries[] = {
    {"count", 0, 0, G_OPTION_ARG_INT64, &words->count,
     N_ ("End after so many events"), "N"},
    {"duration", 0, 0, G_OPTION_ARG_DOUBLE, &words->duration,
     N_ ("End after so many seconds"), "SECONDS"},
    {"rate", 0, 0, G_OPTION_ARG_DOUBLE, &words->rate,
     N_ ("Events per second (default: 4)"), "N"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &words->json,
     N_ ("Print payloads instead of a summary of each event"), NULL},
    {NULL},
  };
  /* clang-format on */

  *words = (Words){.count = DGW_CLI_UNSET, .duration = DGW_CLI_UNSET, .rate = 4};
  return dgw_cli_parse (COMMAND,
                        _ ("Runs a simulated gateway and listens to it: needs neither a token nor a network."),
                        entries,
                        argc,
                        argv);
}

int
dgw_cli_demo (int    argc,
              char **argv)
{
  g_autoptr (DgwTestingSimulator) simulator = dgw_testing_simulator_new ();
  g_autoptr (DgwGateway) gateway = NULL;
  g_autoptr (GProxyResolver) direct = NULL;
  g_autoptr (GError) error = NULL;
  Words words;
  int   stop_fd;

  if (!parse_words (&words, argc, argv))
    return DGW_CLI_USAGE;
  if (!dgw_cli_check_ends (words.count, words.duration, &error))
    return dgw_cli_usage_error (COMMAND, "%s", error->message);
  if (!(words.rate > 0 && words.rate <= DGW_CLI_MAX_RATE))
    return dgw_cli_usage_error (COMMAND, _ ("--rate takes a number of events per second"));

  stop_fd = dgw_cli_catch_signals ();
  if (!dgw_cli_simulator_start (simulator, &error))
    {
      dgw_cli_complain ("%s: %s", COMMAND, error->message);
      return DGW_CLI_FAILED;
    }
  dgw_testing_simulator_start_traffic (simulator, DGW_TESTING_PROFILE_CHAT, words.rate, 0, 1);

  gateway = dgw_gateway_new ("demo", DGW_INTENTS_ALL);
  dgw_gateway_set_api_url (gateway, dgw_testing_simulator_get_api_url (simulator));
  /* No proxy reaches into this process. */
  direct = g_simple_proxy_resolver_new (NULL, NULL);
  dgw_gateway_set_proxy_resolver (gateway, direct);
  dgw_cli_complain (_ ("A simulated gateway on this machine; the events are made up."));

  return dgw_cli_listener_run (gateway, NULL,
                               &(DgwCliListenerOptions){
                                 .command = COMMAND,
                                 .format = words.json ? DGW_CLI_FORMAT_JSON : DGW_CLI_FORMAT_PRETTY,
                                 .count = MAX (words.count, 0),
                                 .duration = MAX (words.duration, 0),
                                 .stop_fd = stop_fd,
                               });
}
