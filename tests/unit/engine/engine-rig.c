/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-rig.h"

#include <string.h>

static guint n_warnings;
static guint n_debug_lines;

Rig *
rig_new_with_url (const char *url)
{
  Rig *rig = g_new0 (Rig, 1);

  rig->now_us = 1000 * SECOND;
  rig->options = (DgwEngineOptions){
    .token = g_strdup (RIG_TOKEN),
    .intents = 513,
    .shard_count = 1,
    .compression = DGW_COMPRESSION_NONE,
    .url = g_strdup (url),
    .auto_reconnect = TRUE,
    .use_resume_url = TRUE,
    .large_threshold = 50,
    .os = g_strdup ("linux"),
    .browser = g_strdup ("dgw"),
    .device = g_strdup ("dgw"),
    .connect_timeout_ms = 10000,
    .hello_timeout_ms = 10000,
    .ready_timeout_ms = 30000,
    .resume_timeout_ms = 30000,
    .commands_per_minute = 120,
    .reserved_commands = 3,
  };
  rig->engine = dgw_engine_new (&rig->options, 42);

  return rig;
}

Rig *
rig_new (void)
{
  return rig_new_with_url (RIG_MAIN);
}

void
rig_free (Rig *rig)
{
  dgw_engine_free (rig->engine);
  dgw_engine_options_clear (&rig->options);
  g_free (rig->sent);
  g_free (rig->url);
  g_free (rig->reason);
  g_free (rig->message);
  g_free (rig);
}

void
rig_set_options (Rig *rig)
{
  dgw_engine_set_options (rig->engine, &rig->options);
}

static void
keep (char      **slot,
      const char *text)
{
  g_free (*slot);
  *slot = g_strdup (text);
}

static const char *
get_nick (const GError *error)
{
  g_autoptr (GEnumClass) class = g_type_class_ref (DGW_TYPE_GATEWAY_ERROR);

  if (error->domain != DGW_GATEWAY_ERROR)
    return g_quark_to_string (error->domain);

  return g_enum_get_value (class, error->code)->value_nick;
}

static void
append_sent (GString    *text,
             const char *payload)
{
  g_autoptr (GBytes) bytes = g_bytes_new (payload, strlen (payload) + 1);
  g_autoptr (GBytes) body = g_bytes_new_from_bytes (bytes, 0, strlen (payload));
  g_autoptr (DgwJson) json = dgw_json_new (body);
  DgwJsonView root = dgw_json_get_root (json);
  DgwJsonView data = dgw_json_view_get_member (root, "d");
  gint64      op = dgw_json_view_get_int64 (dgw_json_view_get_member (root, "op"), -1);

  g_string_append_printf (text, "SEND %" G_GINT64_FORMAT, op);
  if (op == 1 && dgw_json_view_get_kind (data) == DGW_JSON_NULL)
    g_string_append (text, " null");
  else if (op == 1)
    g_string_append_printf (text, " %" G_GINT64_FORMAT, dgw_json_view_get_int64 (data, -1));
  else if (op == 6)
    g_string_append_printf (text, " %s %" G_GINT64_FORMAT,
                            dgw_json_view_get_string (dgw_json_view_get_member (data, "session_id")),
                            dgw_json_view_get_int64 (dgw_json_view_get_member (data, "seq"), -1));

  if (op != 2 && op != 6)
    g_assert_null (strstr (payload, RIG_TOKEN));
}

static void
append_error (GString      *text,
              Rig          *rig,
              const char   *verb,
              const GError *error)
{
  g_string_append_printf (text, "%s %s", verb, error ? get_nick (error) : "-");
  keep (&rig->message, error ? error->message : NULL);
  if (error)
    g_assert_null (strstr (error->message, RIG_TOKEN));
}

static void
append_for_link (GString         *text,
                 Rig             *rig,
                 const DgwAction *action)
{
  switch ((guint)action->kind)
    {
    case DGW_ACTION_LOOKUP:
      g_string_append (text, "LOOKUP");
      break;
    case DGW_ACTION_CONNECT:
      keep (&rig->url, action->url);
      g_string_append_printf (text, "CONNECT %.*s", (int)(strcspn (action->url + strlen ("ws://"), "/?") + strlen ("ws://")), action->url);
      g_assert_null (strstr (action->url, RIG_TOKEN));
      break;
    case DGW_ACTION_SEND:
      keep (&rig->sent, action->text);
      append_sent (text, action->text);
      break;
    case DGW_ACTION_CLOSE:
      keep (&rig->reason, action->close.reason);
      g_string_append_printf (text, "CLOSE %u", action->close.code);
      break;
    case DGW_ACTION_DROP:
      g_string_append (text, "DROP");
      break;
    case DGW_ACTION_WANT_PERMIT:
      g_string_append (text, "WANT_PERMIT");
      break;
    case DGW_ACTION_END_PERMIT:
      g_string_append (text, "END_PERMIT");
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
append_for_application (GString         *text,
                        Rig             *rig,
                        const DgwAction *action)
{
  switch ((guint)action->kind)
    {
    case DGW_ACTION_STATUS:
      g_string_append_printf (text, "STATUS %s", dgw_status_to_string (action->status));
      break;
    case DGW_ACTION_DISPATCH:
      g_string_append_printf (text, "DISPATCH %s %" G_GINT64_FORMAT, action->dispatch.name, action->dispatch.sequence);
      g_assert_cmpint (action->dispatch.received_us, <=, rig->now_us);
      break;
    case DGW_ACTION_SESSION:
      g_string_append_printf (text, "SESSION %s", action->session.id ? action->session.id : "-");
      if (action->session.id == NULL)
        g_assert_cmpint (action->session.sequence, ==, -1);
      break;
    case DGW_ACTION_HELLO:
      g_string_append_printf (text, "HELLO %u", action->interval_ms);
      break;
    case DGW_ACTION_ACKED:
      rig->average_us = action->latency.average_us;
      g_string_append_printf (text, "ACKED %" G_GINT64_FORMAT, action->latency.last_us);
      break;
    case DGW_ACTION_INVALIDATED:
      g_string_append_printf (text, "INVALIDATED %d", action->resumable);
      break;
    case DGW_ACTION_DISCONNECTED:
      keep (&rig->reason, action->end.reason);
      g_string_append_printf (text, "DISCONNECTED %u %d", action->end.code, action->end.will_reconnect);
      break;
    case DGW_ACTION_RECONNECTING:
      rig->due_us = action->retry.due_us;
      rig->delay_us = action->retry.delay_ms * MS;
      g_string_append_printf (text, "RECONNECTING %u", action->retry.attempt);
      break;
    case DGW_ACTION_ERROR:
      append_error (text, rig, "ERROR", action->error);
      break;
    case DGW_ACTION_FAILED:
      append_error (text, rig, "FAILED", action->error);
      break;
    case DGW_ACTION_COMMAND_DONE:
      g_string_append_printf (text, "DONE %" G_GUINT64_FORMAT, action->command.id);
      if (action->command.error)
        append_error (text, rig, "", action->command.error);
      if (action->command.answers)
        g_string_append_printf (text, " x%u", action->command.answers->len);
      break;
    case DGW_ACTION_STOPPED:
      g_string_append (text, "STOPPED");
      break;
    default:
      g_assert_not_reached ();
    }
}

char *
rig_take (Rig *rig)
{
  GString  *text = g_string_new (NULL);
  DgwAction action;

  while (dgw_engine_pop_action (rig->engine, &action))
    {
      if (text->len > 0)
        g_string_append (text, ", ");
      if (DGW_ACTION_IS_FOR_LINK (action.kind))
        append_for_link (text, rig, &action);
      else
        append_for_application (text, rig, &action);
      dgw_action_clear (&action);
    }

  return g_string_free (text, FALSE);
}

static void
clear (Rig *rig)
{
  g_free (rig_take (rig));
}

/* As the link does. */
void
rig_frame (Rig        *rig,
           const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text) + 1);
  g_autoptr (GBytes) body = g_bytes_new_from_bytes (bytes, 0, strlen (text));
  g_autoptr (DgwJson) json = dgw_json_new (body);
  DgwFrame frame;

  dgw_engine_alive (rig->engine, rig->now_us);
  if (dgw_frame_parse (&frame, json, &error))
    dgw_engine_frame (rig->engine, &frame, rig->now_us);
  else
    dgw_engine_bad_payload (rig->engine, error, rig->now_us);
}

void
rig_dispatch (Rig        *rig,
              const char *name,
              gint64      sequence)
{
  g_autofree char *text = g_strdup_printf ("{\"op\":0,\"t\":\"%s\",\"s\":%" G_GINT64_FORMAT ",\"d\":{}}", name, sequence);

  rig_frame (rig, text);
}

void
rig_hello (Rig  *rig,
           guint interval_ms)
{
  g_autofree char *text = g_strdup_printf ("{\"op\":10,\"t\":null,\"s\":null,\"d\":{\"heartbeat_interval\":%u}}", interval_ms);

  rig_frame (rig, text);
}

void
rig_ready (Rig        *rig,
           const char *session_id,
           gint64      sequence)
{
  g_autofree char *text = g_strdup_printf ("{\"op\":0,\"t\":\"READY\",\"s\":%" G_GINT64_FORMAT ",\"d\":{\"v\":10,\"session_id\":\"%s\","
                                           "\"resume_gateway_url\":\"" RIG_RESUME "\",\"guilds\":[]}}",
                                           sequence, session_id);

  rig_frame (rig, text);
}

void
rig_resumed (Rig   *rig,
             gint64 sequence)
{
  rig_dispatch (rig, "RESUMED", sequence);
}

void
rig_ack (Rig *rig)
{
  rig_frame (rig, "{\"op\":11}");
}

void
rig_closed (Rig  *rig,
            guint code)
{
  dgw_engine_closed (rig->engine, code, "so it goes", NULL, rig->now_us);
}

void
rig_connect_failed (Rig  *rig,
                    guint http_status)
{
  g_autoptr (GError) error = g_error_new_literal (g_quark_from_static_string ("network"), 1, "Connection refused");

  dgw_engine_connect_failed (rig->engine, http_status, -1, error, rig->now_us);
}

void
rig_answer (Rig        *rig,
            const char *url,
            guint       remaining)
{
  DgwGatewayAnswer answer = {
    .url = (char *)url,
    .shards = 1,
    .total = 1000,
    .remaining = remaining,
    .reset_after_ms = 3600 * 1000,
    .max_concurrency = 1,
  };

  dgw_engine_looked_up (rig->engine, &answer, 200, -1, NULL, rig->now_us);
}

void
rig_advance (Rig   *rig,
             gint64 duration_us)
{
  gint64 end_us = rig->now_us + duration_us;

  while (dgw_engine_get_deadline (rig->engine) <= end_us)
    rig_tick (rig);

  rig->now_us = end_us;
}

void
rig_jump (Rig   *rig,
          gint64 duration_us)
{
  rig->now_us += duration_us;
  dgw_engine_tick (rig->engine, rig->now_us);
}

void
rig_tick (Rig *rig)
{
  gint64 deadline_us = dgw_engine_get_deadline (rig->engine);

  g_assert_cmpint (deadline_us, !=, G_MAXINT64);
  rig->now_us = MAX (rig->now_us, deadline_us);
  dgw_engine_tick (rig->engine, rig->now_us);
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), >, rig->now_us);
}

void
rig_go_live (Rig *rig)
{
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  rig_ready (rig, "S1", 1);
  clear (rig);
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_READY);
}

void
rig_go_stable (Rig *rig)
{
  rig_go_live (rig);
  for (gint64 sequence = 2; sequence <= 5; sequence++)
    rig_dispatch (rig, "MESSAGE_CREATE", sequence);
  rig_advance (rig, 2 * SECOND);
  rig_ack (rig);
  clear (rig);
}

void
rig_reconnect (Rig *rig)
{
  g_assert_cmpint (dgw_engine_get_status (rig->engine), ==, DGW_STATUS_DISCONNECTED);
  rig_tick (rig);
  dgw_engine_opened (rig->engine, rig->now_us);
  clear (rig);
}

void
rig_identify_again (Rig        *rig,
                    const char *session_id)
{
  rig_reconnect (rig);
  rig_hello (rig, 40000);
  if (dgw_engine_get_status (rig->engine) == DGW_STATUS_IDENTIFYING)
    rig_advance (rig, 5 * SECOND);
  rig_ready (rig, session_id, 1);
  clear (rig);
}

guint
rig_take_warnings (void)
{
  guint n = n_warnings;

  n_warnings = 0;

  return n;
}

guint
rig_take_debug_lines (void)
{
  guint n = n_debug_lines;

  n_debug_lines = 0;

  return n;
}

static GLogWriterOutput
write_log_cb (GLogLevelFlags   level,
              const GLogField *fields,
              gsize            n_fields,
              gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].length < 0)
      g_assert_null (strstr (fields[i].value, RIG_TOKEN));

  if (level & G_LOG_LEVEL_DEBUG)
    n_debug_lines++;
  if (level & G_LOG_LEVEL_WARNING)
    n_warnings++;
  if (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR))
    return g_log_writer_default (level, fields, n_fields, user_data);

  return G_LOG_WRITER_HANDLED;
}

void
rig_init (void)
{
  /* Debug lines are what could give the token away. */
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_log_set_writer_func (write_log_cb, NULL, NULL);
}
