/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-gateway-error.h"
#include "dgw-player-private.h"

typedef gboolean (*Matcher) (const DgwAction *action,
                             const char      *first,
                             const char      *second);

static gboolean
is_in_range (gint64      value_us,
             const char *range)
{
  gint64 least_us, most_us;

  return range == NULL ||
         (dgw_transcript_parse_range (range, &least_us, &most_us) && value_us >= least_us && value_us <= most_us);
}

static gboolean
is_number (guint64     value,
           const char *text)
{
  return text == NULL || g_str_equal (text, "*") || g_ascii_strtoull (text, NULL, 10) == value;
}

static gboolean
is_truth (gboolean    value,
          const char *text)
{
  return text == NULL || g_str_equal (text, value ? "true" : "false");
}

static gboolean
is_error (const GError *error,
          const char   *nick)
{
  g_autoptr (GEnumClass) class = g_type_class_ref (DGW_TYPE_GATEWAY_ERROR);
  GEnumValue *value;

  if (nick == NULL)
    return TRUE;
  if (error == NULL)
    return g_str_equal (nick, "none");
  if (error->domain != DGW_GATEWAY_ERROR)
    return g_str_equal (nick, "other");

  value = g_enum_get_value (class, error->code);

  return value && g_str_equal (value->value_nick, nick);
}

static gboolean
match_nothing (const DgwAction *action,
               const char      *first,
               const char      *second)
{
  return TRUE;
}

static gboolean
match_status (const DgwAction *action,
              const char      *first,
              const char      *second)
{
  return first == NULL || g_str_equal (dgw_status_to_string (action->status), first);
}

static gboolean
match_hello (const DgwAction *action,
             const char      *first,
             const char      *second)
{
  return is_number (action->interval_ms, first);
}

static gboolean
match_acked (const DgwAction *action,
             const char      *first,
             const char      *second)
{
  return is_in_range (action->latency.last_us, first);
}

static gboolean
match_session (const DgwAction *action,
               const char      *first,
               const char      *second)
{
  if (first == NULL)
    return TRUE;
  if (g_str_equal (first, "none"))
    return action->session.id == NULL && action->session.url == NULL && action->session.sequence == -1;

  return g_strcmp0 (action->session.id, first) == 0 &&
         (second == NULL || (action->session.url && g_str_has_prefix (action->session.url, second)));
}

static gboolean
match_invalidated (const DgwAction *action,
                   const char      *first,
                   const char      *second)
{
  return is_truth (action->resumable, first);
}

static gboolean
match_disconnected (const DgwAction *action,
                    const char      *first,
                    const char      *second)
{
  return is_number (action->end.code, first) && is_truth (action->end.will_reconnect, second);
}

static gboolean
match_reconnecting (const DgwAction *action,
                    const char      *first,
                    const char      *second)
{
  return is_number (action->retry.attempt, first) &&
         is_in_range (action->retry.delay_ms * G_TIME_SPAN_MILLISECOND, second);
}

static gboolean
match_error (const DgwAction *action,
             const char      *first,
             const char      *second)
{
  return is_error (action->error, first);
}

static gboolean
match_done (const DgwAction *action,
            const char      *first,
            const char      *second)
{
  return is_number (action->command.id, first) &&
         (second ? is_error (action->command.error, second) : action->command.error == NULL && action->command.answers == NULL);
}

static gboolean
match_answered (const DgwAction *action,
                const char      *first,
                const char      *second)
{
  return is_number (action->command.id, first) && action->command.answers && is_number (action->command.answers->len, second);
}

static const struct
{
  DgwActionKind kind;
  const char   *name;
  Matcher       matches;
} signals[] = {
  {DGW_ACTION_LOOKUP,       "lookup",              match_nothing     },
  {DGW_ACTION_CONNECT,      "connect",             match_nothing     },
  {DGW_ACTION_SEND,         "send",                match_nothing     },
  {DGW_ACTION_CLOSE,        "close",               match_nothing     },
  {DGW_ACTION_DROP,         "drop",                match_nothing     },
  {DGW_ACTION_WANT_PERMIT,  "permit-wanted",       match_nothing     },
  {DGW_ACTION_END_PERMIT,   "permit-ended",        match_nothing     },
  {DGW_ACTION_STATUS,       "status",              match_status      },
  {DGW_ACTION_SESSION,      "session",             match_session     },
  {DGW_ACTION_HELLO,        "hello",               match_hello       },
  {DGW_ACTION_ACKED,        "heartbeat-acked",     match_acked       },
  {DGW_ACTION_INVALIDATED,  "session-invalidated", match_invalidated },
  {DGW_ACTION_DISCONNECTED, "disconnected",        match_disconnected},
  {DGW_ACTION_RECONNECTING, "reconnecting",        match_reconnecting},
  {DGW_ACTION_ERROR,        "error",               match_error       },
  {DGW_ACTION_FAILED,       "failed",              match_error       },
  {DGW_ACTION_COMMAND_DONE, "done",                match_done        },
  {DGW_ACTION_COMMAND_DONE, "answered",            match_answered    },
  {DGW_ACTION_STOPPED,      "stopped",             match_nothing     },
};

const char *
dgw_player_action_name (const DgwAction *action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    if (signals[i].kind == action->kind)
      return signals[i].name;

  return "dispatch";
}

/* The signal's name of a wire name. */
static char *
get_signal_name (const DgwAction *action)
{
  char *name = g_ascii_strdown (action->dispatch.name ? action->dispatch.name : "", -1);

  return g_strdelimit (name, "_", '-');
}

static gboolean
match_dispatch (const DgwAction *action,
                const char      *name,
                const char      *arguments,
                GError         **error)
{
  g_autofree char *actual_name = get_signal_name (action);
  g_autofree char *sequence = dgw_transcript_take_word (&arguments);
  g_autofree char *whole = NULL;

  if (!g_str_equal (actual_name, name))
    return FALSE;
  if (sequence && g_str_equal (sequence, "-") && action->dispatch.sequence != -1)
    return FALSE;
  if (sequence && !g_str_equal (sequence, "-") && !g_str_equal (sequence, "*") &&
      g_ascii_strtoll (sequence, NULL, 10) != action->dispatch.sequence)
    return FALSE;
  if (*arguments == '\0')
    return TRUE;

  whole = g_strdup_printf ("{\"d\":%s,\"...\":\"*\"}", arguments);

  return dgw_transcript_match_json (whole, dgw_json_get_text (action->dispatch.json, NULL), error);
}

gboolean
dgw_player_match_signal (DgwPlayer       *self,
                         const DgwAction *action,
                         const char      *name,
                         const char      *arguments,
                         GError         **error)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (action->kind == DGW_ACTION_DISPATCH)
    return match_dispatch (action, name, arguments, error);

  first = dgw_transcript_take_word (&arguments);
  second = dgw_transcript_take_word (&arguments);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    if (signals[i].kind == action->kind && g_str_equal (signals[i].name, name))
      return signals[i].matches (action, first, second);

  return FALSE;
}

static char *
describe_error (const DgwAction *action)
{
  return g_strdup_printf ("%s “%s”", dgw_player_action_name (action), action->error ? action->error->message : "none");
}

char *
dgw_player_describe (const DgwAction *action)
{
  switch (action->kind)
    {
    case DGW_ACTION_CONNECT:
      return g_strdup_printf ("connect %s", action->url);
    case DGW_ACTION_SEND:
      return g_strdup_printf ("send %s", action->text);
    case DGW_ACTION_CLOSE:
      return g_strdup_printf ("close %u %s", action->close.code, action->close.reason);
    case DGW_ACTION_STATUS:
      return g_strdup_printf ("status %s", dgw_status_to_string (action->status));
    case DGW_ACTION_DISPATCH:
      return g_strdup_printf ("dispatch %s %" G_GINT64_FORMAT, action->dispatch.name, action->dispatch.sequence);
    case DGW_ACTION_DISCONNECTED:
      return g_strdup_printf ("disconnected %u %s", action->end.code, action->end.will_reconnect ? "true" : "false");
    case DGW_ACTION_RECONNECTING:
      return g_strdup_printf ("reconnecting %u %ums", action->retry.attempt, action->retry.delay_ms);
    case DGW_ACTION_SESSION:
      return g_strdup_printf ("session %s %s %" G_GINT64_FORMAT, action->session.id, action->session.url, action->session.sequence);
    case DGW_ACTION_COMMAND_DONE:
      return g_strdup_printf ("%s %" G_GUINT64_FORMAT " %s",
                              action->command.answers ? "answered" : "done",
                              action->command.id,
                              action->command.error ? action->command.error->message : "");
    case DGW_ACTION_ACKED:
      return g_strdup_printf ("heartbeat-acked %" G_GINT64_FORMAT "us", action->latency.last_us);
    case DGW_ACTION_ERROR:
    case DGW_ACTION_FAILED:
      return describe_error (action);
    case DGW_ACTION_LOOKUP:
    case DGW_ACTION_DROP:
    case DGW_ACTION_WANT_PERMIT:
    case DGW_ACTION_END_PERMIT:
    case DGW_ACTION_HELLO:
    case DGW_ACTION_INVALIDATED:
    case DGW_ACTION_ANSWER:
    case DGW_ACTION_SLEEPING:
    case DGW_ACTION_RESCHEDULED:
    case DGW_ACTION_STOPPED:
    default:
      return g_strdup (dgw_player_action_name (action));
    }
}
