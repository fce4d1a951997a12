/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-frame-private.h"

#include <string.h>

#include "codec/dgw-json-writer-private.h"

#define FRAME_BYTES 512

/* Any character may become an escape. */
#define ESCAPED_BYTES(string) (6 * strlen (string))

/* Where a secret goes in, n_bytes has to do: a buffer that grows leaves copies behind. */
static GString *
begin_frame (DgwOpcode opcode,
             gsize     n_bytes)
{
  GString *text = g_string_sized_new (FRAME_BYTES + n_bytes);

  g_string_append_printf (text, "{\"op\":%u,\"d\":", (guint)opcode);

  return text;
}

static char *
end_frame (GString *text)
{
  g_string_append_c (text, '}');

  return g_string_free (text, FALSE);
}

/* key: with what separates it from what stands before. */
static void
append_string_member (GString    *text,
                      const char *key,
                      const char *string)
{
  g_string_append (text, key);
  dgw_json_append_string (text, string);
}

static void
append_nonzero_member (GString    *text,
                       const char *key,
                       guint       number)
{
  if (number != 0)
    g_string_append_printf (text, "%s%u", key, number);
}

char *
dgw_frame_write_heartbeat (gint64 sequence)
{
  GString *text = begin_frame (DGW_OPCODE_HEARTBEAT, 0);

  if (sequence < 0)
    g_string_append (text, "null");
  else
    g_string_append_printf (text, "%" G_GINT64_FORMAT, sequence);

  return end_frame (text);
}

char *
dgw_frame_write_identify (const DgwIdentify *identify)
{
  gsize n_bytes = ESCAPED_BYTES (identify->token) + ESCAPED_BYTES (identify->os) + ESCAPED_BYTES (identify->browser) +
                  ESCAPED_BYTES (identify->device) + (identify->presence != NULL ? strlen (identify->presence) : 0);
  GString *text = begin_frame (DGW_OPCODE_IDENTIFY, n_bytes);

  append_string_member (text, "{\"token\":", identify->token);
  g_string_append_printf (text, ",\"intents\":%u", identify->intents);
  append_string_member (text, ",\"properties\":{\"os\":", identify->os);
  append_string_member (text, ",\"browser\":", identify->browser);
  append_string_member (text, ",\"device\":", identify->device);
  g_string_append_c (text, '}');
  if (identify->compress)
    g_string_append (text, ",\"compress\":true");
  append_nonzero_member (text, ",\"large_threshold\":", identify->large_threshold);
  /* One shard is what a bot has that names none. */
  if (identify->shard_count > 1)
    g_string_append_printf (text, ",\"shard\":[%u,%u]", identify->shard_id, identify->shard_count);
  if (identify->presence != NULL)
    g_string_append_printf (text, ",\"presence\":%s", identify->presence);
  append_nonzero_member (text, ",\"capabilities\":", identify->capabilities);
  g_string_append_c (text, '}');

  return end_frame (text);
}

char *
dgw_frame_write_resume (const char *token,
                        const char *session_id,
                        gint64      sequence)
{
  GString *text = begin_frame (DGW_OPCODE_RESUME, ESCAPED_BYTES (token) + ESCAPED_BYTES (session_id));

  append_string_member (text, "{\"token\":", token);
  append_string_member (text, ",\"session_id\":", session_id);
  g_string_append_printf (text, ",\"seq\":%" G_GINT64_FORMAT "}", sequence);

  return end_frame (text);
}

char *
dgw_frame_write_command (guint       opcode,
                         const char *data)
{
  GString *text = begin_frame (opcode, 0);

  g_string_append (text, data);

  return end_frame (text);
}
