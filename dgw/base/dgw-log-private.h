/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whom a log line is about; both become fields of it. NULL for no one. The owner keeps
 * the strings alive and unchanged while a log call runs. */
typedef struct
{
  guint       shard_id;
  const char *session_id; /* NULL before the first session */
  const char *secret;     /* in no line, whatever it is part of; nullable */
} DgwLogContext;

/* For the macros below. Any thread; costs next to nothing when the line would be dropped. */
void dgw_log_write (const DgwLogContext *context,
                    GLogLevelFlags       level,
                    const char          *function,
                    const char          *format,
                    ...) G_GNUC_PRINTF (4, 5);

/* What only a developer of an application or of dgw wants to see. */
#define dgw_debug(context, ...) dgw_log_write (context, G_LOG_LEVEL_DEBUG, G_STRFUNC, __VA_ARGS__)

/* What an operator should act on. */
#define dgw_warning(context, ...) dgw_log_write (context, G_LOG_LEVEL_WARNING, G_STRFUNC, __VA_ARGS__)

G_END_DECLS
