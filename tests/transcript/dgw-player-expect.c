/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "dgw-player-private.h"

static DgwAction *
take_wire (DgwPlayer    *self,
           DgwActionKind kind,
           GError      **error)
{
  DgwAction       *action = g_queue_peek_head (&self->wire);
  g_autofree char *description = action ? dgw_player_describe (action) : g_strdup ("nothing");

  if (action == NULL || action->kind != kind)
    {
      dgw_player_fail (self, error, "the client does this instead: %s", description);
      return NULL;
    }

  return g_queue_pop_head (&self->wire);
}

static void
finish_with (DgwAction *action)
{
  dgw_action_clear (action);
  g_free (action);
}

gboolean
dgw_player_expect_send (DgwPlayer  *self,
                        const char *pattern,
                        GError    **error)
{
  DgwAction *action = take_wire (self, DGW_ACTION_SEND, error);
  g_autoptr (GError) mismatch = NULL;
  gboolean matches;

  if (action == NULL)
    return FALSE;

  matches = dgw_transcript_match_json (pattern, action->text, &mismatch);
  finish_with (action);

  return matches || dgw_player_fail (self, error, "%s", mismatch->message);
}

/* With a query it is the whole address, else the start of one. */
static gboolean
is_address (const char *url,
            const char *text)
{
  return strchr (text, '?') ? g_str_equal (url, text) : g_str_has_prefix (url, text);
}

static gboolean
expect_connect (DgwPlayer  *self,
                const char *text,
                GError    **error)
{
  DgwAction *action = take_wire (self, DGW_ACTION_CONNECT, error);
  gboolean   matches;

  if (action == NULL)
    return FALSE;

  matches = is_address (action->url, text) || dgw_player_fail (self, error, "it connects to %s", action->url);
  finish_with (action);
  self->connecting = TRUE;

  return matches;
}

static gboolean
expect_lookup (DgwPlayer  *self,
               const char *text,
               GError    **error)
{
  DgwAction *action = take_wire (self, DGW_ACTION_LOOKUP, error);

  if (action == NULL)
    return FALSE;

  finish_with (action);
  self->looking_up = TRUE;

  return TRUE;
}

static gboolean
expect_close (DgwPlayer  *self,
              const char *text,
              GError    **error)
{
  DgwAction *action = take_wire (self, DGW_ACTION_CLOSE, error);
  guint      code;

  if (action == NULL)
    return FALSE;

  code = action->close.code;
  finish_with (action);

  return *text == '\0' || g_ascii_strtoull (text, NULL, 10) == code ||
         dgw_player_fail (self, error, "it closes with %u", code);
}

static gboolean
expect_state (DgwPlayer  *self,
              const char *text,
              GError    **error)
{
  const char *status = dgw_status_to_string (dgw_engine_get_status (self->engine));

  return g_str_equal (status, text) || dgw_player_fail (self, error, "the status is %s", status);
}

static gboolean
expect_deadline (DgwPlayer  *self,
                 const char *text,
                 GError    **error)
{
  gint64 deadline_us = dgw_engine_get_deadline (self->engine);
  gint64 left_us = deadline_us - self->now_us;
  gint64 least_us, most_us;

  if (deadline_us == G_MAXINT64)
    return g_str_equal (text, "none") || dgw_player_fail (self, error, "there is no deadline");
  if (!dgw_transcript_parse_range (text, &least_us, &most_us) || left_us < least_us || left_us > most_us)
    return dgw_player_fail (self, error, "the deadline is in %" G_GINT64_FORMAT "us", left_us);

  return TRUE;
}

static gboolean
expect_elapsed (DgwPlayer  *self,
                const char *text,
                GError    **error)
{
  gint64 least_us, most_us;

  if (!dgw_transcript_parse_range (text, &least_us, &most_us) || self->elapsed_us < least_us || self->elapsed_us > most_us)
    return dgw_player_fail (self, error, "it took %" G_GINT64_FORMAT "us", self->elapsed_us);

  return TRUE;
}

static char *
describe_all (GPtrArray *actions,
              guint      from)
{
  GString *text = g_string_new ("there is");

  for (guint i = from; i < actions->len; i++)
    {
      g_autofree char *description = dgw_player_describe (g_ptr_array_index (actions, i));

      g_string_append_printf (text, " [%s]", description);
    }

  return g_string_free (text, FALSE);
}

static gboolean
find (DgwPlayer  *self,
      GPtrArray  *actions,
      guint      *n_skipped,
      const char *text,
      GError    **error)
{
  g_autofree char *name = dgw_transcript_take_word (&text);
  g_autoptr (GError) mismatch = NULL;
  g_autofree char *description = NULL;

  for (guint i = *n_skipped; name && i < actions->len; i++)
    {
      g_clear_error (&mismatch);
      if (dgw_player_match_signal (self, g_ptr_array_index (actions, i), name, text, &mismatch))
        {
          *n_skipped = i + 1;
          return TRUE;
        }
    }

  description = describe_all (actions, *n_skipped);

  return dgw_player_fail (self, error, "no %s, %s %s", name, description, mismatch ? mismatch->message : "");
}

static gboolean
expect_signal (DgwPlayer  *self,
               const char *text,
               GError    **error)
{
  return find (self, self->signals, &self->n_skipped, text, error);
}

static gboolean
has_any (DgwPlayer  *self,
         GPtrArray  *actions,
         const char *name,
         const char *arguments)
{
  for (guint i = 0; i < actions->len; i++)
    if (dgw_player_match_signal (self, g_ptr_array_index (actions, i), name, arguments, NULL))
      return TRUE;

  return FALSE;
}

static gboolean
expect_no (DgwPlayer  *self,
           const char *text,
           GError    **error)
{
  g_autofree char *name = dgw_transcript_take_word (&text);

  if (name == NULL || has_any (self, self->signals, name, text) || has_any (self, self->asides, name, text))
    return dgw_player_fail (self, error, "there is one");

  return TRUE;
}

static gboolean
expect_drop (DgwPlayer  *self,
             const char *text,
             GError    **error)
{
  return find (self, self->asides, &self->n_asides_skipped, "drop", error);
}

static gboolean
expect_permit (DgwPlayer  *self,
               const char *text,
               GError    **error)
{
  return find (self,
               self->asides,
               &self->n_asides_skipped,
               g_str_equal (text, "wanted") ? "permit-wanted" : "permit-ended",
               error);
}

static gboolean
expect_quiet (DgwPlayer  *self,
              const char *text,
              GError    **error)
{
  g_autofree char *description = NULL;

  if (!dgw_player_check_wire_empty (self, error))
    return FALSE;
  if (self->n_skipped == self->signals->len)
    return TRUE;

  description = describe_all (self->signals, self->n_skipped);

  return dgw_player_fail (self, error, "%s", description);
}

static gboolean
expect_warning (DgwPlayer  *self,
                const char *text,
                GError    **error)
{
  g_autofree char *fault = NULL;

  if (dgw_player_log_take_warning (text))
    return TRUE;

  fault = dgw_player_log_find_fault ();

  return dgw_player_fail (self, error, "no such warning; %s", fault ? fault : "there is none at all");
}

static const struct
{
  const char *name;
  gsize       offset;
} stats_fields[] = {
  {"connects",                   G_STRUCT_OFFSET (DgwEngineStats, connects)                             },
  {"identifies",                 G_STRUCT_OFFSET (DgwEngineStats, identifies)                           },
  {"resumes-tried",              G_STRUCT_OFFSET (DgwEngineStats, resumes_tried)                        },
  {"resumes-won",                G_STRUCT_OFFSET (DgwEngineStats, resumes_won)                          },
  {"replayed-events",            G_STRUCT_OFFSET (DgwEngineStats, replayed_events)                      },
  {"skipped-events",             G_STRUCT_OFFSET (DgwEngineStats, skipped_events)                       },
  {"reconnects-connect-failed",  G_STRUCT_OFFSET (DgwEngineStats, reconnects[DGW_CAUSE_CONNECT_FAILED]) },
  {"reconnects-closed",          G_STRUCT_OFFSET (DgwEngineStats, reconnects[DGW_CAUSE_CLOSED])         },
  {"reconnects-requested",       G_STRUCT_OFFSET (DgwEngineStats, reconnects[DGW_CAUSE_REQUESTED])      },
  {"reconnects-invalid-session", G_STRUCT_OFFSET (DgwEngineStats, reconnects[DGW_CAUSE_INVALID_SESSION])},
  {"reconnects-heartbeat-lost",  G_STRUCT_OFFSET (DgwEngineStats, reconnects[DGW_CAUSE_HEARTBEAT_LOST]) },
  {"reconnects-timed-out",       G_STRUCT_OFFSET (DgwEngineStats, reconnects[DGW_CAUSE_TIMED_OUT])      },
  {"reconnects-bad-payload",     G_STRUCT_OFFSET (DgwEngineStats, reconnects[DGW_CAUSE_BAD_PAYLOAD])    },
  {"reconnects-backlog",         G_STRUCT_OFFSET (DgwEngineStats, reconnects[DGW_CAUSE_BACKLOG])        },
  {"reconnects-deaf",            G_STRUCT_OFFSET (DgwEngineStats, reconnects[DGW_CAUSE_DEAF])           },
};

static gboolean
expect_stats (DgwPlayer  *self,
              const char *text,
              GError    **error)
{
  g_autofree char *name = dgw_transcript_take_word (&text);
  DgwEngineStats   stats;

  dgw_engine_get_stats (self->engine, &stats);
  for (gsize i = 0; i < G_N_ELEMENTS (stats_fields); i++)
    {
      guint64 value = G_STRUCT_MEMBER (guint64, &stats, stats_fields[i].offset);

      if (g_strcmp0 (stats_fields[i].name, name) == 0)
        return value == g_ascii_strtoull (text, NULL, 10) ||
               dgw_player_fail (self, error, "%s is %" G_GUINT64_FORMAT, name, value);
    }

  return dgw_player_fail (self, error, "nothing of that name is counted");
}

static const struct
{
  const char *name;
  gboolean (*check) (DgwPlayer  *self,
                     const char *text,
                     GError    **error);
} expectations[] = {
  {"connect",  expect_connect },
  {"lookup",   expect_lookup  },
  {"close",    expect_close   },
  {"drop",     expect_drop    },
  {"permit",   expect_permit  },
  {"state",    expect_state   },
  {"deadline", expect_deadline},
  {"elapsed",  expect_elapsed },
  {"signal",   expect_signal  },
  {"no",       expect_no      },
  {"quiet",    expect_quiet   },
  {"warning",  expect_warning },
  {"stats",    expect_stats   },
};

gboolean
dgw_player_expect (DgwPlayer  *self,
                   const char *text,
                   GError    **error)
{
  g_autofree char *name = dgw_transcript_take_word (&text);

  for (gsize i = 0; i < G_N_ELEMENTS (expectations); i++)
    if (g_strcmp0 (expectations[i].name, name) == 0)
      return expectations[i].check (self, text, error);

  return dgw_player_fail (self, error, "nobody can expect this");
}
