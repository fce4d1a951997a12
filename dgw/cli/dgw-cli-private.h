/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A number that was not given on the command line; nobody means this one. */
#define DGW_CLI_UNSET G_MININT

typedef enum
{
  DGW_CLI_DONE = 0,
  DGW_CLI_FAILED = 1,
  DGW_CLI_USAGE = 2,
} DgwCliStatus;

int dgw_cli_check (int argc, char **argv);
int dgw_cli_demo (int argc, char **argv);
int dgw_cli_info (int argc, char **argv);
int dgw_cli_listen (int argc, char **argv);
int dgw_cli_simulate (int argc, char **argv);

/* Parses the words of a command and refuses left-over ones. On a mistake one
 * line on stderr has said what it is. */
gboolean dgw_cli_parse (const char         *command,
                        const char         *summary,
                        const GOptionEntry *entries,
                        int                 argc,
                        char              **argv);

/* FALSE when one of the words is a token; a line on stderr has said so then.
 * entries: NULL when there are no options yet. */
gboolean dgw_cli_refuse_tokens (const char         *command,
                                const GOptionEntry *entries,
                                int                 argc,
                                char              **argv);

/* One line on stderr about a wrong command line; returns DGW_CLI_USAGE. */
int dgw_cli_usage_error (const char *command,
                         const char *format,
                         ...) G_GNUC_PRINTF (2, 3);

/* One line on stderr. */
void dgw_cli_complain (const char *format,
                       ...) G_GNUC_PRINTF (1, 2);

/* Fit for a terminal: what is not harmless is a space. */
char    *dgw_cli_clean_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;
gboolean dgw_cli_is_harmless (gunichar character);
/* The same JSON, fit for a terminal. */
void dgw_cli_escape_json (GString *line);

/* Whether something in it looks like a bot's token. */
gboolean dgw_cli_has_token (const char *word);

/* Overwrites a token and frees it. NULL is allowed. */
void dgw_cli_token_free (char *token);

typedef char DgwCliToken;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwCliToken, dgw_cli_token_free)

/* The token from the environment variable, or asked for on a terminal. NULL
 * after a line on stderr when there is none. */
char *dgw_cli_get_token (const char *command,
                         const char *variable) G_GNUC_WARN_UNUSED_RESULT;

/* Trusts the authorities in this file alone; NULL: those of the system. */
gboolean dgw_cli_set_ca_file (DgwGateway *gateway,
                              const char *path,
                              GError    **error);

/* Sets G_OPTION_ERROR_BAD_VALUE; returns FALSE. */
gboolean dgw_cli_bad_value (GError    **error,
                            const char *format,
                            ...) G_GNUC_PRINTF (2, 3);

/* Whether --count and --duration make sense, where they are given. */
gboolean dgw_cli_check_ends (gint64   count,
                             double   duration,
                             GError **error);

/* Makes SIGINT and SIGTERM readable on a descriptor instead of ending the
 * process, in every thread that is started later: a write that waits for a
 * slow reader can then wait for them as well. -1 with errno on failure. */
int dgw_cli_catch_signals (void);

/* Takes one of them off the descriptor, and returns its number. */
int dgw_cli_read_signal (int fd);

/* Compact text of a node. */
char *dgw_cli_json_to_text (JsonNode *node) G_GNUC_WARN_UNUSED_RESULT;

/* For an operation of which nothing else waits: the callback keeps its result
 * in the GAsyncResult pointer that is its user data, and the other iterates
 * the default main context until it is there. */
void          dgw_cli_store_result_cb (GObject      *source,
                                       GAsyncResult *result,
                                       gpointer      slot);
GAsyncResult *dgw_cli_wait_for_result (GAsyncResult **slot);

/* A line on stdout in UTF-8, whatever the locale: JSON knows nothing else. */
void dgw_cli_print_json (JsonNode *node);

/* A title for people, padded to a column of this width, and what belongs to it. */
void dgw_cli_print_field (const char *title,
                          guint       width,
                          const char *text);

G_END_DECLS
