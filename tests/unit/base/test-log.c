/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-log-private.h"

typedef struct
{
  GHashTable    *fields;
  GLogLevelFlags level;
  guint          n_lines;
} Captured;

static GLogWriterOutput
capture_writer (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  Captured *captured = user_data;

  captured->level = level;
  captured->n_lines++;
  g_hash_table_remove_all (captured->fields);
  for (gsize i = 0; i < n_fields; i++)
    g_hash_table_insert (captured->fields, g_strdup (fields[i].key), g_strdup (fields[i].value));

  return G_LOG_WRITER_HANDLED;
}

static Captured captured;

static const char *
field (const char *key)
{
  return g_hash_table_lookup (captured.fields, key);
}

static void
test_fields (void)
{
  DgwLogContext context = {.shard_id = 7, .session_id = "abc"};

  g_test_summary ("A line has the domain, the shard and the session as fields");
  dgw_warning (&context, "number %d", 5);
  g_assert_cmpstr (field ("GLIB_DOMAIN"), ==, "Dgw");
  g_assert_cmpstr (field ("PRIORITY"), ==, "4");
  g_assert_cmpstr (field ("DGW_SHARD_ID"), ==, "7");
  g_assert_cmpstr (field ("DGW_SESSION_ID"), ==, "abc");
  g_assert_cmpstr (field ("MESSAGE"), ==, "[shard 7] number 5");
  g_assert_cmpstr (field ("CODE_FUNC"), ==, "test_fields");
  g_assert_cmpint (captured.level, ==, G_LOG_LEVEL_WARNING);
}

static void
test_no_context (void)
{
  DgwLogContext context = {.shard_id = 0, .session_id = NULL};

  g_test_summary ("Without a context, or a session, there are no such fields or empty ones");
  dgw_warning (NULL, "%s", "plain");
  g_assert_cmpstr (field ("MESSAGE"), ==, "plain");
  g_assert_null (field ("DGW_SHARD_ID"));
  dgw_warning (&context, "%s", "early");
  g_assert_cmpstr (field ("DGW_SESSION_ID"), ==, "");
  g_assert_cmpstr (field ("DGW_SHARD_ID"), ==, "0");
}

static void
test_no_token (void)
{
  g_test_summary ("A token never gets into a line");
  dgw_warning (NULL, "Bot %s", "MTA1NDM0NTY3ODkwMTIzNDU2.GaBcDe.0123456789abcdefghijklmnopqrst");
  g_assert_cmpstr (field ("MESSAGE"), ==, "Bot [redacted]");
}

/* Security: LOG-TOKEN, LOG-LINES */
static void
test_secret (void)
{
  DgwLogContext context = {.session_id = "my-secret\n", .secret = "my-secret"};

  g_test_summary ("The secret of the context is in no field, whatever it looks like, and a line is one line");
  dgw_warning (&context, "the server said “%s”", "my-secret\nDgw-WARNING: \033[1mall is well\xe2\x80\xae");
  g_assert_cmpstr (field ("MESSAGE"), ==, "[shard 0] the server said “[redacted] Dgw-WARNING:  [1mall is well ”");
  g_assert_cmpstr (field ("DGW_SESSION_ID"), ==, "[redacted] ");
}

static void
test_dropped (void)
{
  guint before = captured.n_lines;

  g_test_summary ("Debug lines are made only when someone wants them");
  g_log_set_debug_enabled (FALSE);
  dgw_debug (NULL, "unseen");
  g_assert_cmpuint (captured.n_lines, ==, before);
  g_log_set_debug_enabled (TRUE);
  dgw_debug (NULL, "seen");
  g_assert_cmpuint (captured.n_lines, ==, before + 1);
  g_assert_cmpint (captured.level, ==, G_LOG_LEVEL_DEBUG);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  captured.fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_log_set_writer_func (capture_writer, &captured, NULL);
  g_test_add_func ("/dgw/base/log/fields", test_fields);
  g_test_add_func ("/dgw/base/log/no-context", test_no_context);
  g_test_add_func ("/dgw/base/log/no-token", test_no_token);
  g_test_add_func ("/dgw/base/log/security/secret", test_secret);
  g_test_add_func ("/dgw/base/log/dropped", test_dropped);

  result = g_test_run ();
  g_hash_table_unref (captured.fields);

  return result;
}
