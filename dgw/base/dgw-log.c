/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-log-private.h"

#include "base/dgw-clean-private.h"

void
dgw_log_write (const DgwLogContext *context, GLogLevelFlags level, const char *function, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  g_autofree char *session_id = NULL;
  char             shard[16] = "";
  va_list          args;

  if (g_log_writer_default_would_drop (level, G_LOG_DOMAIN))
    return;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clean = dgw_clean_text (text, context ? context->secret : NULL);

  if (context == NULL)
    {
      g_log_structured (G_LOG_DOMAIN, level, "CODE_FUNC", function, "MESSAGE", "%s", clean);
      return;
    }

  session_id = dgw_clean_text (context->session_id, context->secret);
  g_snprintf (shard, sizeof shard, "%u", context->shard_id);
  g_log_structured (G_LOG_DOMAIN,
                    level,
                    "CODE_FUNC",
                    function,
                    "DGW_SHARD_ID",
                    shard,
                    "DGW_SESSION_ID",
                    session_id ? session_id : "",
                    "MESSAGE",
                    "[shard %s] %s",
                    shard,
                    clean);
}
