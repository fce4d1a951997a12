/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-gateway-error.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-clean-private.h"
#include "base/dgw-gateway-error-private.h"
#include "base/dgw-intents.h"
#include "dgw-protocol-table-private.h"

G_DEFINE_ENUM_TYPE (DgwGatewayError,
                    dgw_gateway_error,
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_NOT_READY, "not-ready"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_ALREADY_OPEN, "already-open"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED, "authentication-failed"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_INVALID_SHARD, "invalid-shard"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_SHARDING_REQUIRED, "sharding-required"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_INVALID_API_VERSION, "invalid-api-version"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_INVALID_INTENTS, "invalid-intents"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_DISALLOWED_INTENTS, "disallowed-intents"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_SESSION_INVALIDATED, "session-invalidated"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_RATE_LIMITED, "rate-limited"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_PROTOCOL, "protocol"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_SESSION_START_LIMIT, "session-start-limit"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_RECONNECT_REQUESTED, "reconnect-requested"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_HEARTBEAT_LOST, "heartbeat-lost"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_TIMED_OUT, "timed-out"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE, "payload-too-large"),
                    G_DEFINE_ENUM_VALUE (DGW_GATEWAY_ERROR_DECOMPRESSION, "decompression"))

/**
 * dgw_gateway_error_quark:
 *
 * The domain of the errors that dgw itself decides on.
 *
 * Errors of GIO, TLS and libsoup keep their own domains.
 *
 * Returns: the quark
 *
 * Since: 0.1
 */
GQuark
dgw_gateway_error_quark (void)
{
  return g_quark_from_static_string ("dgw-gateway-error-quark");
}

/* What happened and what to do about it, as phrases that a sentence is made of. */
typedef struct
{
  guint       code;
  const char *happened;
  const char *advice;
} CloseMessage;

static const CloseMessage close_messages[] = {
  {DGW_CLOSE_CODE_UNKNOWN_ERROR,
   N_ ("Discord had an error of its own and closed the connection"),
   N_ ("Connect again.")                                                                           },
  {DGW_CLOSE_CODE_UNKNOWN_OPCODE,
   N_ ("Discord did not understand the opcode or the data of a payload"),
   N_ ("Check what the application sends.")                                                        },
  {DGW_CLOSE_CODE_DECODE_ERROR,
   N_ ("Discord could not read a payload, or it was larger than 4096 bytes"),
   N_ ("Check what the application sends.")                                                        },
  {DGW_CLOSE_CODE_NOT_AUTHENTICATED,
   N_ ("Discord ended the session"),
   N_ ("Start a new session; if that fails, check the intents of the bot in the developer portal.")},
  {DGW_CLOSE_CODE_AUTHENTICATION_FAILED,
   N_ ("Discord refused the token"),
   N_ ("Copy the token of the bot from the developer portal; it changes when it is reset.")        },
  {DGW_CLOSE_CODE_ALREADY_AUTHENTICATED,
   N_ ("Discord was asked to identify twice on one connection"),
   N_ ("Connect again.")                                                                           },
  {DGW_CLOSE_CODE_INVALID_SEQ,
   N_ ("Discord could not resume the session from this sequence number"),
   N_ ("Start a new session.")                                                                     },
  {DGW_CLOSE_CODE_RATE_LIMITED,
   N_ ("Too much was sent to Discord in too short a time"),
   N_ ("Send less often, then connect again.")                                                     },
  {DGW_CLOSE_CODE_SESSION_TIMED_OUT,
   N_ ("The session was away for too long"),
   N_ ("Start a new session.")                                                                     },
  {DGW_CLOSE_CODE_INVALID_SHARD,
   N_ ("Discord refused the shard id or the shard count"),
   N_ ("Use an id below the count, and a count that Discord recommends.")                          },
  {DGW_CLOSE_CODE_SHARDING_REQUIRED,
   N_ ("The bot is in too many guilds for this number of shards"),
   N_ ("Use more shards.")                                                                         },
  {DGW_CLOSE_CODE_INVALID_API_VERSION,
   N_ ("Discord no longer speaks this version of the gateway protocol"),
   N_ ("Update the library.")                                                                      },
  {DGW_CLOSE_CODE_INVALID_INTENTS,
   N_ ("Discord does not know one of the intents"),
   N_ ("Check the bits of the intents.")                                                           },
  {DGW_CLOSE_CODE_DISALLOWED_INTENTS,
   N_ ("The bot may not use one of the privileged intents"),
   N_ ("Switch it on in the developer portal, on the page of the bot, or ask for other intents.")  },
};

static const CloseMessage lost_message = {
  .happened = N_ ("The connection to Discord was lost"),
  .advice = N_ ("Check the network, then connect again."),
};

static const CloseMessage other_message = {
  .happened = N_ ("Discord closed the connection"),
  .advice = N_ ("Connect again."),
};

static gboolean
is_without_code (guint code)
{
  return code == 0 || code == DGW_CLOSE_CODE_NO_STATUS || code == DGW_CLOSE_CODE_ABNORMAL;
}

static const CloseMessage *
find_message (guint code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (close_messages); i++)
    if (close_messages[i].code == code)
      return &close_messages[i];

  return is_without_code (code) ? &lost_message : &other_message;
}

/* The peer's text goes to terminals and logs. */
static char *
clean_reason (const char *reason)
{
  return g_strstrip (dgw_clean_text (reason ? reason : "", NULL));
}

GError *
dgw_gateway_error_for_close (guint code, const char *reason)
{
  const DgwCloseCodeInfo *info = dgw_close_code_info (code);
  const CloseMessage     *message = find_message (code);
  DgwGatewayError         error_code = info ? info->error : DGW_GATEWAY_ERROR_CLOSED;
  const char             *happened = _ (message->happened);
  const char             *advice = _ (message->advice);
  g_autofree char        *clean = clean_reason (reason);

  if (is_without_code (code))
    /* Translators: what happened, then what to do: "The connection to Discord was lost without a close code. Check ..." */
    return g_error_new (DGW_GATEWAY_ERROR, (int)error_code, _ ("%s without a close code. %s"), happened, advice);

  if (*clean == '\0')
    /* Translators: what happened, the close code, what to do: "Discord refused the token (close code 4004). Copy ..." */
    return g_error_new (DGW_GATEWAY_ERROR, (int)error_code, _ ("%s (close code %u). %s"), happened, code, advice);

  /* Translators: as before, with Discord's own words after the close code */
  return g_error_new (DGW_GATEWAY_ERROR,
                      (int)error_code,
                      _ ("%s (close code %u, “%s”). %s"),
                      happened,
                      code,
                      clean,
                      advice);
}

GError *
dgw_gateway_error_for_size (guint64 limit)
{
  return g_error_new (DGW_GATEWAY_ERROR,
                      DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE,
                      _ ("A payload is larger than %" G_GUINT64_FORMAT " bytes, the limit of max-payload-size"),
                      limit);
}

void
dgw_gateway_error_name_intents (GError *error, guint code, guint intents)
{
  g_autofree char *names = dgw_intents_to_string (intents & DGW_INTENTS_PRIVILEGED);
  char            *message;

  if (code != DGW_CLOSE_CODE_DISALLOWED_INTENTS || (intents & DGW_INTENTS_PRIVILEGED) == 0)
    return;

  /* Translators: first a whole message, then names such as GUILD_MEMBERS,MESSAGE_CONTENT */
  message = g_strdup_printf (_ ("%s Privileged among the intents asked for: %s."), error->message, names);
  g_free (error->message);
  error->message = message;
}
