/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/dgw-redact-private.h"
#include "base/dgw-secret-private.h"
#include "base/dgw-set-private.h"
#include "engine/dgw-address-private.h"
#include "gateway/dgw-gateway-private.h"

/* All plain options in one table: a row says where the value lives in
 * DgwLinkOptions and what it may be. Access through GObject and the accessors
 * share the generic functions here. Each change goes to the link at once; the
 * link and the engine know from when on it counts. */

#define MIB G_GUINT64_CONSTANT (0x100000)

#define DGW_DEFAULT_USER_AGENT "DiscordBot (https://github.com/dgw/dgw, " DGW_VERSION_S ")"

typedef enum
{
  KIND_UINT,
  KIND_UINT64,
  KIND_BOOLEAN,
  KIND_ENUM, /* DgwCompression */
  KIND_STRING,
  KIND_OBJECT,
} OptionKind;

enum
{
  DROPS_SESSION = 1 << 0,
  DEFAULTS = 1 << 1, /* NULL stands for the default */
  HEADER = 1 << 2,   /* goes into a header of HTTP */
};

typedef struct
{
  const char *name;
  OptionKind  kind;
  guint       flags;
  gsize       offset;
  guint64     min;
  guint64     max;
  guint64     number; /* default */
  const char *text;   /* default */
  GType (*get_type) (void);
} Option;

#define FIELD(field) G_STRUCT_OFFSET (DgwLinkOptions, field)

#define NUMBER(name, kind, field, min, max, number, flags)         \
  {                                                                \
    name, kind, flags, FIELD (field), min, max, number, NULL, NULL \
  }
#define UINT(name, field, min, max, number, flags) \
  NUMBER (name, KIND_UINT, field, min, max, number, flags)
#define UINT64(name, field, min, max, number) \
  NUMBER (name, KIND_UINT64, field, min, max, number, 0)
#define BOOLEAN(name, field, number) \
  NUMBER (name, KIND_BOOLEAN, field, 0, 1, number, 0)
#define STRING(name, field, text, flags)                         \
  {                                                              \
    name, KIND_STRING, flags, FIELD (field), 0, 0, 0, text, NULL \
  }
#define OBJECT(name, field, get_type)                            \
  {                                                              \
    name, KIND_OBJECT, 0, FIELD (field), 0, 0, 0, NULL, get_type \
  }

/* clang-format off */
static const Option options[DGW_GATEWAY_N_OPTIONS] = {
  [DGW_GATEWAY_PROP_INTENTS] = UINT ("intents", engine.intents, 0, G_MAXUINT, 0, DROPS_SESSION),
  [DGW_GATEWAY_PROP_SHARD_ID] = UINT ("shard-id", engine.shard_id, 0, G_MAXUINT, 0, DROPS_SESSION),
  [DGW_GATEWAY_PROP_SHARD_COUNT] = UINT ("shard-count", engine.shard_count, 1, G_MAXUINT, 1, DROPS_SESSION),
  [DGW_GATEWAY_PROP_COMPRESSION] = NUMBER ("compression", KIND_ENUM, engine.compression, DGW_COMPRESSION_NONE, DGW_COMPRESSION_ZSTD_STREAM, DGW_COMPRESSION_ZSTD_STREAM, 0),
  [DGW_GATEWAY_PROP_URL] = STRING ("url", engine.url, NULL, 0),
  [DGW_GATEWAY_PROP_API_URL] = STRING ("api-url", api_url, DGW_DEFAULT_API_URL, DEFAULTS),
  [DGW_GATEWAY_PROP_ALLOW_INSECURE] = BOOLEAN ("allow-insecure", engine.allow_insecure, FALSE),
  [DGW_GATEWAY_PROP_AUTO_RECONNECT] = BOOLEAN ("auto-reconnect", engine.auto_reconnect, TRUE),
  [DGW_GATEWAY_PROP_USE_RESUME_URL] = BOOLEAN ("use-resume-url", engine.use_resume_url, TRUE),
  [DGW_GATEWAY_PROP_LARGE_THRESHOLD] = UINT ("large-threshold", engine.large_threshold, 50, 250, 50, 0),
  [DGW_GATEWAY_PROP_CAPABILITIES] = UINT ("capabilities", engine.capabilities, 0, G_MAXUINT, 0, 0),
  [DGW_GATEWAY_PROP_OS] = STRING ("os", engine.os, "linux", DEFAULTS),
  [DGW_GATEWAY_PROP_BROWSER] = STRING ("browser", engine.browser, "dgw", DEFAULTS),
  [DGW_GATEWAY_PROP_DEVICE] = STRING ("device", engine.device, "dgw", DEFAULTS),
  [DGW_GATEWAY_PROP_USER_AGENT] = STRING ("user-agent", user_agent, DGW_DEFAULT_USER_AGENT, DEFAULTS | HEADER),
  [DGW_GATEWAY_PROP_TLS_DATABASE] = OBJECT ("tls-database", tls_database, g_tls_database_get_type),
  [DGW_GATEWAY_PROP_TLS_INTERACTION] = OBJECT ("tls-interaction", tls_interaction, g_tls_interaction_get_type),
  [DGW_GATEWAY_PROP_PROXY_RESOLVER] = OBJECT ("proxy-resolver", proxy_resolver, g_proxy_resolver_get_type),
  [DGW_GATEWAY_PROP_IDENTIFY_LIMITER] = OBJECT ("identify-limiter", identify_limiter, dgw_identify_limiter_get_type),
  [DGW_GATEWAY_PROP_CONNECT_TIMEOUT] = UINT ("connect-timeout", engine.connect_timeout_ms, 1, G_MAXUINT, 10000, 0),
  [DGW_GATEWAY_PROP_HELLO_TIMEOUT] = UINT ("hello-timeout", engine.hello_timeout_ms, 1, G_MAXUINT, 10000, 0),
  [DGW_GATEWAY_PROP_READY_TIMEOUT] = UINT ("ready-timeout", engine.ready_timeout_ms, 1, G_MAXUINT, 30000, 0),
  [DGW_GATEWAY_PROP_RESUME_TIMEOUT] = UINT ("resume-timeout", engine.resume_timeout_ms, 1, G_MAXUINT, 30000, 0),
  [DGW_GATEWAY_PROP_DEAF_TIMEOUT] = UINT ("deaf-timeout", engine.deaf_timeout_ms, 0, G_MAXUINT, 0, 0),
  [DGW_GATEWAY_PROP_COMMAND_TIMEOUT] = UINT ("command-timeout", engine.command_timeout_ms, 0, G_MAXUINT, 0, 0),
  [DGW_GATEWAY_PROP_COMMANDS_PER_MINUTE] = UINT ("commands-per-minute", engine.commands_per_minute, 0, G_MAXUINT, 120, 0),
  [DGW_GATEWAY_PROP_RESERVED_COMMANDS] = UINT ("reserved-commands", engine.reserved_commands, 0, G_MAXUINT, 3, 0),
  [DGW_GATEWAY_PROP_MAX_PAYLOAD_SIZE] = UINT64 ("max-payload-size", max_payload_size, 1, G_MAXUINT64, 256 * MIB),
  [DGW_GATEWAY_PROP_MAX_BACKLOG_BYTES] = UINT64 ("max-backlog-bytes", max_backlog_bytes, 1, G_MAXUINT64, 64 * MIB),
  [DGW_GATEWAY_PROP_MAX_BACKLOG_EVENTS] = UINT ("max-backlog-events", max_backlog_events, 1, G_MAXUINT, 100000, 0),
};
/* clang-format on */

static gpointer
get_field (DgwGateway   *self,
           const Option *option)
{
  return G_STRUCT_MEMBER_P (&self->options, option->offset);
}

static void
changed (DgwGateway    *self,
         DgwGatewayProp prop)
{
  if (options[prop].flags & DROPS_SESSION && self->session_origin == DGW_SESSION_OWN)
    self->session_origin = DGW_SESSION_OUTDATED;
  if (self->link)
    dgw_link_set_options (self->link, &self->options);

  g_object_notify_by_pspec (G_OBJECT (self), dgw_gateway_properties[prop]);
}

void
dgw_gateway_set_number (DgwGateway    *self,
                        DgwGatewayProp prop,
                        guint64        number)
{
  const Option *option = &options[prop];
  gpointer      field = get_field (self, option);

  if (option->kind == KIND_UINT64)
    {
      if (*(guint64 *)field == number)
        return;
      *(guint64 *)field = number;
    }
  else
    {
      if (*(guint *)field == number)
        return;
      *(guint *)field = (guint)number;
    }

  changed (self, prop);
}

static gboolean
is_header_value (const char *text)
{
  for (const char *c = text; *c; c++)
    if (!g_ascii_isprint (*c))
      return FALSE;

  return TRUE;
}

void
dgw_gateway_set_text (DgwGateway    *self,
                      DgwGatewayProp prop,
                      const char    *text)
{
  const Option *option = &options[prop];

  if (!text && option->flags & DEFAULTS)
    text = option->text;

  g_return_if_fail (text == NULL || g_utf8_validate (text, -1, NULL));
  g_return_if_fail (text == NULL || !(option->flags & HEADER) || is_header_value (text));

  if (dgw_set_str (get_field (self, option), text))
    changed (self, prop);
}

void
dgw_gateway_set_object (DgwGateway    *self,
                        DgwGatewayProp prop,
                        gpointer       object)
{
  if (g_set_object ((GObject **)get_field (self, &options[prop]), object))
    changed (self, prop);
}

void
dgw_gateway_get_option (DgwGateway    *self,
                        DgwGatewayProp prop,
                        GValue        *value)
{
  const Option *option = &options[prop];
  gpointer      field = get_field (self, option);

  switch (option->kind)
    {
    case KIND_UINT:
      g_value_set_uint (value, *(guint *)field);
      break;
    case KIND_UINT64:
      g_value_set_uint64 (value, *(guint64 *)field);
      break;
    case KIND_BOOLEAN:
      g_value_set_boolean (value, *(gboolean *)field);
      break;
    case KIND_ENUM:
      g_value_set_enum (value, *(int *)field);
      break;
    case KIND_STRING:
      g_value_set_string (value, *(char **)field);
      break;
    case KIND_OBJECT:
      g_value_set_object (value, *(GObject **)field);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
dgw_gateway_set_option (DgwGateway    *self,
                        DgwGatewayProp prop,
                        const GValue  *value)
{
  switch (options[prop].kind)
    {
    case KIND_UINT:
      dgw_gateway_set_number (self, prop, g_value_get_uint (value));
      break;
    case KIND_UINT64:
      dgw_gateway_set_number (self, prop, g_value_get_uint64 (value));
      break;
    case KIND_BOOLEAN:
      dgw_gateway_set_number (self, prop, (guint)g_value_get_boolean (value));
      break;
    case KIND_ENUM:
      dgw_gateway_set_number (self, prop, (guint)g_value_get_enum (value));
      break;
    case KIND_STRING:
      dgw_gateway_set_text (self, prop, g_value_get_string (value));
      break;
    case KIND_OBJECT:
      dgw_gateway_set_object (self, prop, g_value_get_object (value));
      break;
    default:
      g_assert_not_reached ();
    }
}

void
dgw_gateway_init_options (DgwGateway *self)
{
  for (guint prop = DGW_GATEWAY_PROP_0 + 1; prop < DGW_GATEWAY_N_OPTIONS; prop++)
    {
      const Option *option = &options[prop];
      gpointer      field = get_field (self, option);

      if (option->kind == KIND_UINT64)
        *(guint64 *)field = option->number;
      else if (option->kind == KIND_STRING)
        *(char **)field = g_strdup (option->text);
      else if (option->kind != KIND_OBJECT)
        *(guint *)field = (guint)option->number;
    }
  self->options.permit_funcs = dgw_gateway_get_permit_funcs ();
}

/* What is left of the token is what identify sends. */
void
dgw_gateway_set_token (DgwGateway *self,
                       const char *token)
{
  g_autoptr (DgwSecret) stripped = token ? g_strchug (g_strdup (token)) : NULL;

  dgw_secret_free (self->options.engine.token);
  self->options.engine.token = stripped ? g_strstrip (g_strdup (dgw_token_bare (stripped))) : NULL;
}

/* The messages must not quote the token. */
static gboolean
check_token (const char *token,
             GError    **error)
{
  if (!token || !*token)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("The gateway has no token: make it with that of a bot"));
      return FALSE;
    }

  if (!is_header_value (token) || strchr (token, ' '))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("The token has characters that no token has: copy it anew from the developer portal"));
      return FALSE;
    }

  return TRUE;
}

gboolean
dgw_gateway_check_api_options (DgwGateway *self,
                               GError    **error)
{
  return check_token (self->options.engine.token, error) &&
         dgw_address_check (self->options.api_url, self->options.engine.allow_insecure, error);
}

gboolean
dgw_gateway_check_options (DgwGateway *self,
                           GError    **error)
{
  const DgwEngineOptions *engine = &self->options.engine;

  if (engine->shard_id >= engine->shard_count)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("Shard %u does not exist: there are %u, counted from 0. Set an id below the count."), engine->shard_id, engine->shard_count);
      return FALSE;
    }

  if (engine->commands_per_minute > 0 && engine->reserved_commands >= engine->commands_per_minute)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("Of %u commands per minute %u are reserved: nothing could be sent. Reserve fewer."),
                   engine->commands_per_minute, engine->reserved_commands);
      return FALSE;
    }

  if (!engine->url)
    return dgw_gateway_check_api_options (self, error);

  return check_token (engine->token, error) &&
         dgw_address_check (engine->url, engine->allow_insecure, error);
}

static GParamSpec *
create_pspec (const Option *option)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const char       *name = option->name;

  switch (option->kind)
    {
    case KIND_UINT:
      return g_param_spec_uint (name, NULL, NULL, (guint)option->min, (guint)option->max, (guint)option->number, flags);
    case KIND_UINT64:
      return g_param_spec_uint64 (name, NULL, NULL, option->min, option->max, option->number, flags);
    case KIND_BOOLEAN:
      return g_param_spec_boolean (name, NULL, NULL, (gboolean)option->number, flags);
    case KIND_ENUM:
      return g_param_spec_enum (name, NULL, NULL, DGW_TYPE_COMPRESSION, (int)option->number, flags);
    case KIND_STRING:
      return g_param_spec_string (name, NULL, NULL, option->text, flags);
    case KIND_OBJECT:
      return g_param_spec_object (name, NULL, NULL, option->get_type (), flags);
    default:
      g_assert_not_reached ();
    }
}

/**
 * DgwGateway:token:
 *
 * The bot's token, with or without `Bot ` in front. It cannot be read again and
 * is in no log and no error.
 *
 * Since: 0.1
 */

void
dgw_gateway_install_options (GObjectClass *object_class)
{
  for (guint prop = DGW_GATEWAY_PROP_0 + 1; prop < DGW_GATEWAY_N_OPTIONS; prop++)
    {
      dgw_gateway_properties[prop] = create_pspec (&options[prop]);
      g_object_class_install_property (object_class, prop, dgw_gateway_properties[prop]);
    }

  dgw_gateway_properties[DGW_GATEWAY_PROP_TOKEN] =
    g_param_spec_string ("token", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, DGW_GATEWAY_PROP_TOKEN,
                                   dgw_gateway_properties[DGW_GATEWAY_PROP_TOKEN]);
}
