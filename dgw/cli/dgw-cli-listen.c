/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "cli/dgw-cli-private.h"

#include <dgw.h>
#include <glib/gi18n.h>
#include <string.h>

#include "cli/dgw-cli-listener-private.h"

#define COMMAND "dgw listen"

/* Far more than the largest bot has. */
#define MAX_SHARDS 65536

typedef struct
{
  char    *url;
  char    *api_url;
  char    *ca_file;
  gboolean allow_insecure;
  gboolean no_intents;
  gboolean standard_intents;
  gboolean all_intents;
  char    *intents;
  char    *compress;
  char    *shard;
  char    *shards;
  char    *status;
  char    *activity;
  int      large_threshold;
  char    *env_token;
  char    *session_file;
  gboolean no_reconnect;
  char   **events;
  gint64   count;
  double   duration;
  gboolean json;
  gboolean pretty;
  gboolean lifecycle;
  gboolean verbose;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->url);
  g_free (words->api_url);
  g_free (words->ca_file);
  g_free (words->intents);
  g_free (words->compress);
  g_free (words->shard);
  g_free (words->shards);
  g_free (words->status);
  g_free (words->activity);
  g_free (words->env_token);
  g_free (words->session_file);
  g_strfreev (words->events);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

/* What the words come to. */
typedef struct
{
  guint          intents;
  DgwCompression compression;
  guint          shard_id;
  guint          shard_count;
  gboolean       is_sharded;
  guint          n_shards; /* 0: automatic */
  DgwPresence   *presence; /* NULL: none */
} Choices;

static void
choices_clear (Choices *choices)
{
  g_clear_object (&choices->presence);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Choices, choices_clear)

static gboolean
parse_words (Words *words,
             int    argc,
             char **argv)
{
  /* clang-format off */
  const GOptionEntry entries[] = {
    {"url", 0, 0, G_OPTION_ARG_STRING, &words->url,
     N_ ("Address of the gateway (default: ask Discord)"), "URL"},
    {"api-url", 0, 0, G_OPTION_ARG_STRING, &words->api_url,
     N_ ("Root of the REST API that is asked for the address"), "URL"},
    {"ca-file", 0, 0, G_OPTION_ARG_FILENAME, &words->ca_file,
     N_ ("Trust the certificate authorities in this file instead of the system's"), "PEM"},
    {"allow-insecure", 0, 0, G_OPTION_ARG_NONE, &words->allow_insecure,
     N_ ("Send the token without TLS to other hosts than this one"), NULL},
    {"no-intents", 0, 0, G_OPTION_ARG_NONE, &words->no_intents,
     N_ ("Ask for no intents"), NULL},
    {"standard-intents", 0, 0, G_OPTION_ARG_NONE, &words->standard_intents,
     N_ ("Ask for all intents that need no approval (default)"), NULL},
    {"all-intents", 0, 0, G_OPTION_ARG_NONE, &words->all_intents,
     N_ ("Ask for all intents, the privileged ones too"), NULL},
    {"intents", 0, 0, G_OPTION_ARG_STRING, &words->intents,
     N_ ("Ask for these intents, such as guilds,guild-messages, or a number"), "LIST"},
    {"compress", 0, 0, G_OPTION_ARG_STRING, &words->compress,
     N_ ("none, zlib-payload, zlib-stream or zstd-stream (default)"), "KIND"},
    {"shard", 0, 0, G_OPTION_ARG_STRING, &words->shard,
     N_ ("Which shard to be, of how many"), "ID:COUNT"},
    {"shards", 0, 0, G_OPTION_ARG_STRING, &words->shards,
     N_ ("Be so many shards, or as many as Discord recommends"), "N|auto"},
    {"status", 0, 0, G_OPTION_ARG_STRING, &words->status,
     N_ ("Be seen as online, idle, dnd or invisible"), "STATUS"},
    {"activity", 0, 0, G_OPTION_ARG_STRING, &words->activity,
     N_ ("Be seen as playing this"), "TEXT"},
    {"large-threshold", 0, 0, G_OPTION_ARG_INT, &words->large_threshold,
     N_ ("Members above which a guild comes without the offline ones, 50 to 250"), "N"},
    {"env-token", 0, 0, G_OPTION_ARG_STRING, &words->env_token,
     N_ ("Environment variable with the bot's token (default: DISCORD_TOKEN)"), "NAME"},
    {"session-file", 0, 0, G_OPTION_ARG_FILENAME, &words->session_file,
     N_ ("Keep the session here, and resume it at the next start"), "FILE"},
    {"no-reconnect", 0, 0, G_OPTION_ARG_NONE, &words->no_reconnect,
     N_ ("End when the connection ends"), NULL},
    {"event", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->events,
     N_ ("Print only this event; may be given several times"), "NAME"},
    {"count", 0, 0, G_OPTION_ARG_INT64, &words->count,
     N_ ("End after printing so many events"), "N"},
    {"duration", 0, 0, G_OPTION_ARG_DOUBLE, &words->duration,
     N_ ("End after so many seconds"), "SECONDS"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &words->json,
     N_ ("Print payloads as they came, a line each (default without a terminal)"), NULL},
    {"pretty", 0, 0, G_OPTION_ARG_NONE, &words->pretty,
     N_ ("Print a summary of each event (default on a terminal)"), NULL},
    {"lifecycle", 0, 0, G_OPTION_ARG_NONE, &words->lifecycle,
     N_ ("Print the life of the connection too, among the events"), NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &words->verbose,
     N_ ("Log what happens, on stderr"), NULL},
    {NULL},
  };
  /* clang-format on */

  *words = (Words){.large_threshold = DGW_CLI_UNSET, .count = DGW_CLI_UNSET, .duration = DGW_CLI_UNSET};
  return dgw_cli_parse (COMMAND, _ ("Prints the events of a bot as they happen, until it is told to end."), entries, argc, argv);
}

static gboolean
choose_intents (const Words *words,
                guint       *intents,
                GError     **error)
{
  int n_chosen = words->no_intents + words->standard_intents + words->all_intents + (words->intents != NULL);

  if (n_chosen > 1)
    return dgw_cli_bad_value (error, _ ("choose one way to give the intents"));

  *intents = DGW_INTENTS_NON_PRIVILEGED;
  if (words->no_intents)
    *intents = DGW_INTENTS_NONE;
  if (words->all_intents)
    *intents = DGW_INTENTS_ALL;
  return !words->intents || dgw_intents_from_string (words->intents, intents, error);
}

static gboolean
choose_compression (const Words    *words,
                    DgwCompression *compression,
                    GError        **error)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_COMPRESSION);
  const GEnumValue *value = g_enum_get_value_by_nick (klass, words->compress ? words->compress : "zstd-stream");

  if (!value)
    return dgw_cli_bad_value (error, _ ("“%s” is no compression"), words->compress);
  *compression = (DgwCompression)value->value;
  return TRUE;
}

static gboolean
choose_shard (const Words *words,
              guint       *id,
              guint       *count,
              GError     **error)
{
  g_auto (GStrv) parts = g_strsplit (words->shard ? words->shard : "0:1", ":", 2);
  /* 64-bit, so that the least count cannot wrap. */
  guint64 first, second;

  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, G_MAXINT32, &first, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, first + 1, G_MAXINT32, &second, NULL))
    return dgw_cli_bad_value (error, _ ("“%s” is no shard; the first of four is 0:4"), words->shard);
  *id = (guint)first;
  *count = (guint)second;
  return TRUE;
}

static gboolean
choose_shards (const Words *words,
               Choices     *choices,
               GError     **error)
{
  guint64 number = 0;

  choices->is_sharded = words->shards != NULL;
  if (!choices->is_sharded)
    return TRUE;
  if (words->shard)
    return dgw_cli_bad_value (error, _ ("--shard and --shards do not go together"));
  if (words->session_file)
    return dgw_cli_bad_value (error, _ ("--session-file and --shards do not go together"));
  if (g_str_equal (words->shards, "auto"))
    return !words->url || dgw_cli_bad_value (error, _ ("with --url, say how many --shards"));
  if (!g_ascii_string_to_unsigned (words->shards, 10, 1, MAX_SHARDS, &number, NULL))
    return dgw_cli_bad_value (error, _ ("--shards takes a number from 1 to %u, or “auto”"), MAX_SHARDS);

  choices->n_shards = (guint)number;
  return TRUE;
}

/* NULL if none was asked for. */
static gboolean
choose_presence (const Words  *words,
                 DgwPresence **presence,
                 GError      **error)
{
  static const char *const statuses[] = {"online", "idle", "dnd", "invisible", NULL};

  if (words->status && !g_strv_contains (statuses, words->status))
    return dgw_cli_bad_value (error, _ ("“%s” is no status"), words->status);
  if (!words->status && !words->activity)
    return TRUE;

  *presence = dgw_presence_new ();
  if (words->status)
    dgw_presence_set_status (*presence, words->status);
  if (words->activity)
    {
      g_autoptr (DgwPresenceActivity) activity = dgw_presence_activity_new_playing (words->activity);

      dgw_presence_add_activity (*presence, activity);
    }
  return TRUE;
}

static gboolean
choose (const Words *words,
        Choices     *choices,
        GError     **error)
{
  if (words->large_threshold != DGW_CLI_UNSET && (words->large_threshold < 50 || words->large_threshold > 250))
    return dgw_cli_bad_value (error, _ ("--large-threshold takes 50 to 250"));
  if (words->events && g_strv_contains ((const char *const *)words->events, ""))
    return dgw_cli_bad_value (error, _ ("--event takes the name of an event"));
  if (words->session_file && !*words->session_file)
    return dgw_cli_bad_value (error, _ ("--session-file takes the name of a file"));
  if (words->json && words->pretty)
    return dgw_cli_bad_value (error, _ ("--json and --pretty do not go together"));

  return dgw_cli_check_ends (words->count, words->duration, error) &&
         choose_intents (words, &choices->intents, error) &&
         choose_compression (words, &choices->compression, error) &&
         choose_shard (words, &choices->shard_id, &choices->shard_count, error) &&
         choose_shards (words, choices, error) &&
         choose_presence (words, &choices->presence, error);
}

static DgwCliFormat
choose_format (const Words *words)
{
  if (words->json)
    return DGW_CLI_FORMAT_JSON;
  return words->pretty ? DGW_CLI_FORMAT_PRETTY : DGW_CLI_FORMAT_AUTO;
}

/* Reads as on the wire: message-create and Message_Create are MESSAGE_CREATE. */
static void
normalize_events (char **events)
{
  for (guint i = 0; events && events[i]; i++)
    {
      for (char *c = events[i]; *c; c++)
        *c = *c == '-' ? '_' : g_ascii_toupper (*c);
    }
}

static DgwGateway *
make_gateway (const Words   *words,
              const Choices *choices,
              const char    *token,
              GError       **error)
{
  g_autoptr (DgwGateway) gateway = dgw_gateway_new (token, choices->intents);

  if (!dgw_cli_set_ca_file (gateway, words->ca_file, error))
    return NULL;

  g_object_set (gateway,
                "url", words->url,
                "allow-insecure", words->allow_insecure,
                "compression", choices->compression,
                "shard-count", choices->shard_count,
                "shard-id", choices->shard_id,
                "presence", choices->presence,
                "auto-reconnect", !words->no_reconnect,
                NULL);
  if (words->api_url)
    dgw_gateway_set_api_url (gateway, words->api_url);
  if (words->large_threshold != DGW_CLI_UNSET)
    dgw_gateway_set_large_threshold (gateway, (guint)words->large_threshold);
  return g_steal_pointer (&gateway);
}

/* NULL without --shards. */
static DgwShardManager *
make_manager (const Words   *words,
              const Choices *choices,
              const char    *token)
{
  DgwShardManager *manager;

  if (!choices->is_sharded)
    return NULL;

  manager = dgw_shard_manager_new (token, choices->intents);
  dgw_shard_manager_set_shard_count (manager, choices->n_shards);
  dgw_shard_manager_set_compression (manager, choices->compression);
  dgw_shard_manager_set_url (manager, words->url);
  if (words->api_url)
    dgw_shard_manager_set_api_url (manager, words->api_url);
  return manager;
}

/* Only the same bot, with the same intents, can go on with a session. The
 * token is the same with and without what HTTP wants in front of it. */
static char *
make_session_owner (const Choices *choices,
                    const char    *token)
{
  const char *bare = g_str_has_prefix (token, "Bot ") ? token + strlen ("Bot ") : token;

  return g_strdup_printf ("%s\n%u\n%u:%u", bare, choices->intents, choices->shard_id, choices->shard_count);
}

int
dgw_cli_listen (int    argc,
                char **argv)
{
  g_auto (Words) words = {0};
  g_auto (Choices) choices = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (DgwGateway) gateway = NULL;
  g_autoptr (DgwShardManager) manager = NULL;
  g_autoptr (DgwCliToken) token = NULL;
  g_autoptr (DgwCliToken) owner = NULL;
  int stop_fd;

  if (!parse_words (&words, argc, argv))
    return DGW_CLI_USAGE;
  if (!choose (&words, &choices, &error))
    return dgw_cli_usage_error (COMMAND, "%s", error->message);

  token = dgw_cli_get_token (COMMAND, words.env_token);
  if (!token)
    return DGW_CLI_USAGE;
  if (words.verbose)
    g_log_set_debug_enabled (TRUE);
  stop_fd = dgw_cli_catch_signals ();
  gateway = make_gateway (&words, &choices, token, &error);
  if (!gateway)
    return dgw_cli_usage_error (COMMAND, "%s", error->message);

  manager = make_manager (&words, &choices, token);
  normalize_events (words.events);
  owner = make_session_owner (&choices, token);

  return dgw_cli_listener_run (gateway, manager,
                               &(DgwCliListenerOptions){
                                 .command = COMMAND,
                                 .format = choose_format (&words),
                                 .events = words.events,
                                 .count = MAX (words.count, 0),
                                 .duration = MAX (words.duration, 0),
                                 .lifecycle = words.lifecycle,
                                 .session_path = words.session_file,
                                 .session_owner = owner,
                                 .stop_fd = stop_fd,
                               });
}
