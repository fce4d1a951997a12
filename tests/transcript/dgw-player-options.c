/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "dgw-player-private.h"

void
dgw_player_init_options (DgwPlayer *self)
{
  self->options = (DgwEngineOptions){
    .token = g_strdup ("SECRET.TOKEN"),
    .shard_count = 1,
    .url = g_strdup ("wss://gateway.example"),
    .auto_reconnect = TRUE,
    .use_resume_url = TRUE,
    .os = g_strdup ("linux"),
    .browser = g_strdup ("dgw"),
    .device = g_strdup ("dgw"),
    .connect_timeout_ms = 10000,
    .hello_timeout_ms = 10000,
    .ready_timeout_ms = 30000,
    .resume_timeout_ms = 30000,
    .large_threshold = 50,
    .commands_per_minute = 120,
    .reserved_commands = 3,
  };
}

typedef enum
{
  OPTION_STRING,
  OPTION_NUMBER,
  OPTION_MS,
  OPTION_BOOLEAN,
} OptionKind;

typedef struct
{
  const char *name;
  OptionKind  kind;
  gsize       offset;
} Option;

#define OPTION(name, kind, field)                         \
  {                                                       \
    name, kind, G_STRUCT_OFFSET (DgwEngineOptions, field) \
  }

static const Option options[] = {
  OPTION ("token", OPTION_STRING, token),
  OPTION ("intents", OPTION_NUMBER, intents),
  OPTION ("url", OPTION_STRING, url),
  OPTION ("first-url", OPTION_STRING, first_url),
  OPTION ("os", OPTION_STRING, os),
  OPTION ("allow-insecure", OPTION_BOOLEAN, allow_insecure),
  OPTION ("auto-reconnect", OPTION_BOOLEAN, auto_reconnect),
  OPTION ("use-resume-url", OPTION_BOOLEAN, use_resume_url),
  OPTION ("large-threshold", OPTION_NUMBER, large_threshold),
  OPTION ("capabilities", OPTION_NUMBER, capabilities),
  OPTION ("connect-timeout", OPTION_MS, connect_timeout_ms),
  OPTION ("hello-timeout", OPTION_MS, hello_timeout_ms),
  OPTION ("ready-timeout", OPTION_MS, ready_timeout_ms),
  OPTION ("resume-timeout", OPTION_MS, resume_timeout_ms),
  OPTION ("deaf-timeout", OPTION_MS, deaf_timeout_ms),
  OPTION ("command-timeout", OPTION_MS, command_timeout_ms),
  OPTION ("commands-per-minute", OPTION_NUMBER, commands_per_minute),
  OPTION ("reserved-commands", OPTION_NUMBER, reserved_commands),
};

static gboolean
set_plain (DgwPlayer    *self,
           const Option *option,
           const char   *value)
{
  gpointer field = G_STRUCT_MEMBER_P (&self->options, option->offset);
  gint64   time_us;

  switch (option->kind)
    {
    case OPTION_STRING:
      g_free (*(char **)field);
      *(char **)field = g_str_equal (value, "none") ? NULL : g_strdup (value);
      return TRUE;
    case OPTION_NUMBER:
      *(guint *)field = (guint)g_ascii_strtoull (value, NULL, 10);
      return TRUE;
    case OPTION_MS:
      if (!dgw_transcript_parse_time (value, &time_us))
        return FALSE;
      *(guint *)field = (guint)(time_us / G_TIME_SPAN_MILLISECOND);
      return TRUE;
    case OPTION_BOOLEAN:
    default:
      *(gboolean *)field = g_str_equal (value, "yes");
      return g_str_equal (value, "yes") || g_str_equal (value, "no");
    }
}

static gboolean
set_shard (DgwPlayer  *self,
           const char *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 2);

  if (g_strv_length (words) != 2)
    return FALSE;

  self->options.shard_id = (guint)g_ascii_strtoull (words[0], NULL, 10);
  self->options.shard_count = (guint)g_ascii_strtoull (words[1], NULL, 10);

  return TRUE;
}

static gboolean
set_compression (DgwPlayer  *self,
                 const char *value)
{
  g_autoptr (GEnumClass) class = g_type_class_ref (DGW_TYPE_COMPRESSION);
  GEnumValue *compression = g_enum_get_value_by_nick (class, value);

  if (compression)
    self->options.compression = (DgwCompression)compression->value;

  return compression != NULL;
}

static gboolean
set_permits (DgwPlayer  *self,
             const char *value)
{
  self->options.external_permits = g_str_equal (value, "external");

  return self->options.external_permits || g_str_equal (value, "own");
}

static gboolean
set_ack (DgwPlayer  *self,
         const char *value)
{
  self->hides_beats = FALSE;

  return dgw_transcript_parse_time (value, &self->ack_us);
}

static gboolean
set_beats (DgwPlayer  *self,
           const char *value)
{
  self->hides_beats = FALSE;
  self->ack_us = -1;

  return g_str_equal (value, "strict");
}

static const struct
{
  const char *name;
  gboolean (*set) (DgwPlayer  *self,
                   const char *value);
} special[] = {
  {"shard",       set_shard      },
  {"compression", set_compression},
  {"permits",     set_permits    },
  {"ack",         set_ack        },
  {"beats",       set_beats      },
};

static gboolean
set_by_name (DgwPlayer  *self,
             const char *name,
             const char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_strcmp0 (options[i].name, name) == 0)
      return set_plain (self, &options[i], value);
  for (gsize i = 0; i < G_N_ELEMENTS (special); i++)
    if (g_strcmp0 (special[i].name, name) == 0)
      return special[i].set (self, value);

  return FALSE;
}

gboolean
dgw_player_set_session (DgwPlayer  *self,
                        const char *text,
                        GError    **error)
{
  g_autofree char *id = dgw_transcript_take_word (&text);
  g_autofree char *sequence = dgw_transcript_take_word (&text);
  g_autofree char *url = dgw_transcript_take_word (&text);
  g_auto (DgwResumeState) state = DGW_RESUME_STATE_INIT;

  if (g_strcmp0 (id, "none") == 0)
    {
      dgw_engine_set_session (self->engine, NULL);
      return TRUE;
    }
  if (sequence == NULL)
    return dgw_player_fail (self, error, "a session has an id and a sequence");

  dgw_resume_state_set (&state, id, url, g_ascii_strtoll (sequence, NULL, 10));
  dgw_engine_set_session (self->engine, &state);

  return TRUE;
}

gboolean
dgw_player_set_option (DgwPlayer  *self,
                       const char *text,
                       GError    **error)
{
  g_autofree char *name = dgw_transcript_take_word (&text);

  if (g_strcmp0 (name, "session") == 0)
    {
      if (self->engine == NULL)
        self->engine = dgw_engine_new (&self->options, self->seed);
      return dgw_player_set_session (self, text, error);
    }

  return set_by_name (self, name, text) || dgw_player_fail (self, error, "no option “%s” of value “%s”", name, text);
}
