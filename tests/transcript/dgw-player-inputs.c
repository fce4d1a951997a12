/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-gateway-error.h"
#include "dgw-player-private.h"

#define LONGEST_US (10 * G_TIME_SPAN_MINUTE)

static DgwJson *
make_json (const char *text)
{
  gsize length = strlen (text);
  g_autoptr (GBytes) bytes = NULL;
  char *copy = g_strdup (text);

  /* The NUL is past the end of the bytes, as a document wants it. */
  bytes = g_bytes_new_with_free_func (copy, length, g_free, copy);

  return dgw_json_new (bytes);
}

gboolean
dgw_player_receive (DgwPlayer  *self,
                    const char *text,
                    GError    **error)
{
  g_autoptr (DgwJson) json = make_json (text);
  g_autoptr (GError) problem = NULL;
  DgwFrame frame;

  dgw_engine_alive (self->engine, self->now_us);
  if (dgw_frame_parse (&frame, json, &problem))
    dgw_engine_frame (self->engine, &frame, self->now_us);
  else
    dgw_engine_bad_payload (self->engine, problem, self->now_us);

  return dgw_player_settle (self, error);
}

static gboolean
pass_until (DgwPlayer  *self,
            const char *what,
            GError    **error)
{
  gint64     start_us = self->now_us;
  DgwAction *action;

  if (self->wire.length == 0 && !dgw_player_advance (self, self->now_us + LONGEST_US, TRUE, error))
    return FALSE;

  self->elapsed_us = self->now_us - start_us;
  action = g_queue_peek_head (&self->wire);
  if (self->interrupted || (g_str_equal (what, "send") && action->kind == DGW_ACTION_SEND) ||
      (g_str_equal (what, "close") && action->kind == DGW_ACTION_CLOSE) ||
      (g_str_equal (what, "connect") && (action->kind == DGW_ACTION_CONNECT || action->kind == DGW_ACTION_LOOKUP)))
    return TRUE;

  return dgw_player_fail (self, error, "waited for %s, there came %s", what, dgw_player_action_name (action));
}

gboolean
dgw_player_pass_time (DgwPlayer  *self,
                      const char *text,
                      GError    **error)
{
  g_autofree char *word = dgw_transcript_take_word (&text);
  gint64           time_us;

  if (g_strcmp0 (word, "until") == 0)
    return pass_until (self, text, error);

  if (g_strcmp0 (word, "jump") == 0 && dgw_transcript_parse_time (text, &time_us))
    {
      self->now_us += time_us;
      g_queue_clear_full (&self->acks, g_free);
      if (dgw_engine_get_deadline (self->engine) <= self->now_us)
        dgw_engine_tick (self->engine, self->now_us);
      return dgw_player_settle (self, error);
    }

  if (dgw_transcript_parse_time (word, &time_us))
    return dgw_player_advance (self, self->now_us + time_us, FALSE, error);

  return dgw_player_fail (self, error, "not a time");
}

/* The attempt that the next line decides was either asserted or is next. */
static gboolean
take_attempt (DgwPlayer    *self,
              DgwActionKind kind,
              gboolean     *asserted,
              GError      **error)
{
  DgwAction *action = g_queue_peek_head (&self->wire);

  if (action && action->kind == kind)
    {
      g_queue_pop_head (&self->wire);
      dgw_action_clear (action);
      g_free (action);
      *asserted = TRUE;
    }
  if (!*asserted || self->wire.length > 0)
    return dgw_player_fail (self, error, "there is no such attempt");

  *asserted = FALSE;

  return TRUE;
}

static gboolean
do_opened (DgwPlayer  *self,
           const char *text,
           GError    **error)
{
  if (!take_attempt (self, DGW_ACTION_CONNECT, &self->connecting, error))
    return FALSE;

  dgw_engine_opened (self->engine, self->now_us);

  return TRUE;
}

static guint
take_status (const char **text,
             gint64      *retry_after_us)
{
  g_autofree char *status = dgw_transcript_take_word (text);

  if (!dgw_transcript_parse_time (*text, retry_after_us))
    *retry_after_us = -1;

  return status ? (guint)g_ascii_strtoull (status, NULL, 10) : 0;
}

static GError *
make_http_error (guint status)
{
  if (status == 0)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Connection refused");

  return g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "HTTP status %u", status);
}

static gboolean
do_refused (DgwPlayer  *self,
            const char *text,
            GError    **error)
{
  gint64 retry_after_us;
  guint  status = take_status (&text, &retry_after_us);
  g_autoptr (GError) problem = make_http_error (status);

  if (!take_attempt (self, DGW_ACTION_CONNECT, &self->connecting, error))
    return FALSE;

  dgw_engine_connect_failed (self->engine, status, retry_after_us, problem, self->now_us);

  return TRUE;
}

static gboolean
do_answer (DgwPlayer  *self,
           const char *text,
           GError    **error)
{
  g_auto (DgwGatewayAnswer) answer = {0};
  g_autoptr (GError) problem = NULL;
  gint64 retry_after_us = -1;
  guint  status = 200;

  if (!take_attempt (self, DGW_ACTION_LOOKUP, &self->looking_up, error))
    return FALSE;

  if (*text == '{' || *text == '<')
    {
      g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

      dgw_gateway_answer_parse (&answer, body, &problem);
    }
  else
    {
      status = take_status (&text, &retry_after_us);
      problem = make_http_error (status);
    }
  dgw_engine_looked_up (self->engine,
                        problem ? NULL : &answer,
                        status,
                        retry_after_us,
                        problem,
                        self->now_us);

  return TRUE;
}

static gboolean
do_closed (DgwPlayer  *self,
           const char *text,
           GError    **error)
{
  g_autofree char *code = dgw_transcript_take_word (&text);

  dgw_player_drop_transport (self);
  dgw_engine_closed (self->engine, code ? (guint)g_ascii_strtoull (code, NULL, 10) : 0, text, NULL, self->now_us);

  return TRUE;
}

static gboolean
do_error (DgwPlayer  *self,
          const char *text,
          GError    **error)
{
  g_autoptr (GError) problem = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "Connection reset");

  dgw_player_drop_transport (self);
  dgw_engine_closed (self->engine, 0, NULL, problem, self->now_us);

  return TRUE;
}

static gboolean
do_alive (DgwPlayer  *self,
          const char *text,
          GError    **error)
{
  dgw_engine_alive (self->engine, self->now_us);

  return TRUE;
}

static gboolean
do_garbage (DgwPlayer  *self,
            const char *text,
            GError    **error)
{
  DgwGatewayError code = g_str_equal (text, "too-large") ? DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE : DGW_GATEWAY_ERROR_DECOMPRESSION;
  g_autoptr (GError) problem = g_error_new_literal (DGW_GATEWAY_ERROR, (int)code, "Bad payload");

  dgw_engine_alive (self->engine, self->now_us);
  dgw_engine_bad_payload (self->engine, problem, self->now_us);

  return TRUE;
}

static gboolean
do_start (DgwPlayer  *self,
          const char *text,
          GError    **error)
{
  dgw_engine_start (self->engine, self->now_us);

  return TRUE;
}

static gboolean
do_stop (DgwPlayer  *self,
         const char *text,
         GError    **error)
{
  g_autofree char *how = dgw_transcript_take_word (&text);
  g_autofree char *code = dgw_transcript_take_word (&text);
  DgwStopKind      kind = DGW_STOP_CLOSE;
  guint            default_code = 1000;

  if (g_strcmp0 (how, "close") != 0)
    {
      kind = g_strcmp0 (how, "suspend") == 0 ? DGW_STOP_SUSPEND : DGW_STOP_CANCEL;
      default_code = 4000;
    }
  dgw_engine_stop (self->engine,
                   kind,
                   code ? (guint)g_ascii_strtoull (code, NULL, 10) : default_code,
                   *text ? text : NULL,
                   self->now_us);

  return TRUE;
}

static guint64
take_id (DgwPlayer   *self,
         const char **text)
{
  g_autofree char *word = dgw_transcript_take_word (text);
  guint64          id = word ? g_ascii_strtoull (word, NULL, 10) : 0;

  if (id != 0)
    g_hash_table_add (self->commands, g_memdup2 (&id, sizeof id));

  return id;
}

static gboolean
do_command (DgwPlayer  *self,
            const char *text,
            GError    **error)
{
  guint64          id = take_id (self, &text);
  g_autofree char *opcode = dgw_transcript_take_word (&text);

  if (opcode == NULL || *text == '\0')
    return dgw_player_fail (self, error, "a command has an id, an opcode and data");

  dgw_engine_command (self->engine, id, (guint)g_ascii_strtoull (opcode, NULL, 10), text, self->now_us);

  return TRUE;
}

static gboolean
do_request (DgwPlayer  *self,
            const char *text,
            GError    **error)
{
  guint64          id = take_id (self, &text);
  g_autofree char *opcode = dgw_transcript_take_word (&text);

  if (opcode == NULL || *text == '\0')
    return dgw_player_fail (self, error, "a request has an id, an opcode and data");

  dgw_engine_request (self->engine, id, (guint)g_ascii_strtoull (opcode, NULL, 10), text, self->now_us);

  return TRUE;
}

static gboolean
do_cancel (DgwPlayer  *self,
           const char *text,
           GError    **error)
{
  dgw_engine_cancel_command (self->engine, g_ascii_strtoull (text, NULL, 10), self->now_us);

  return TRUE;
}

static gboolean
do_presence (DgwPlayer  *self,
             const char *text,
             GError    **error)
{
  guint64 id = take_id (self, &text);

  dgw_engine_set_presence (self->engine, id, g_str_equal (text, "none") ? NULL : text, self->now_us);

  return TRUE;
}

static gboolean
do_permit (DgwPlayer  *self,
           const char *text,
           GError    **error)
{
  g_autoptr (GError) problem = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "No slot today");

  if (g_str_equal (text, "denied"))
    dgw_engine_permit_denied (self->engine, problem, self->now_us);
  else
    dgw_engine_permit_granted (self->engine, self->now_us);

  return TRUE;
}

static gboolean
do_hold (DgwPlayer  *self,
         const char *text,
         GError    **error)
{
  dgw_engine_hold (self->engine, self->now_us);

  return TRUE;
}

static gboolean
do_release (DgwPlayer  *self,
            const char *text,
            GError    **error)
{
  dgw_engine_release (self->engine, self->now_us);

  return TRUE;
}

static gboolean
do_set (DgwPlayer  *self,
        const char *text,
        GError    **error)
{
  if (!dgw_player_set_option (self, text, error))
    return FALSE;

  dgw_engine_set_options (self->engine, &self->options);

  return TRUE;
}

static gboolean
do_network (DgwPlayer  *self,
            const char *text,
            GError    **error)
{
  DgwNetwork network = DGW_NETWORK_AVAILABLE;

  if (g_str_equal (text, "unavailable"))
    network = DGW_NETWORK_UNAVAILABLE;
  else if (g_str_equal (text, "portal"))
    network = DGW_NETWORK_PORTAL;
  dgw_engine_set_network (self->engine, network, FALSE, self->now_us);

  return TRUE;
}

static gboolean
do_woke (DgwPlayer  *self,
         const char *text,
         GError    **error)
{
  gint64 slept_us;

  if (!dgw_transcript_parse_time (text, &slept_us))
    return dgw_player_fail (self, error, "a sleep has a duration");

  dgw_engine_woke (self->engine, slept_us, self->now_us);

  return TRUE;
}

typedef struct
{
  const char *name;
  gboolean (*run) (DgwPlayer  *self,
                   const char *text,
                   GError    **error);
} Verb;

static const Verb peer_verbs[] = {
  {"opened",  do_opened },
  {"refused", do_refused},
  {"answer",  do_answer },
  {"closed",  do_closed },
  {"error",   do_error  },
  {"alive",   do_alive  },
  {"garbage", do_garbage},
};

static const Verb application_verbs[] = {
  {"start",    do_start              },
  {"stop",     do_stop               },
  {"command",  do_command            },
  {"request",  do_request            },
  {"cancel",   do_cancel             },
  {"presence", do_presence           },
  {"permit",   do_permit             },
  {"hold",     do_hold               },
  {"release",  do_release            },
  {"session",  dgw_player_set_session},
  {"set",      do_set                },
  {"network",  do_network            },
  {"woke",     do_woke               },
};

static gboolean
run_verb (DgwPlayer  *self,
          const Verb *verbs,
          gsize       n_verbs,
          const char *text,
          GError    **error)
{
  g_autofree char *name = dgw_transcript_take_word (&text);

  for (gsize i = 0; i < n_verbs; i++)
    if (g_strcmp0 (verbs[i].name, name) == 0)
      return verbs[i].run (self, text, error) && dgw_player_settle (self, error);

  return dgw_player_fail (self, error, "no such thing: %s", name);
}

gboolean
dgw_player_do_peer (DgwPlayer  *self,
                    const char *text,
                    GError    **error)
{
  return run_verb (self, peer_verbs, G_N_ELEMENTS (peer_verbs), text, error);
}

gboolean
dgw_player_do_application (DgwPlayer  *self,
                           const char *text,
                           GError    **error)
{
  return run_verb (self, application_verbs, G_N_ELEMENTS (application_verbs), text, error);
}
