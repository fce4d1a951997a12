/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "dgw-player.h"

#include <stdarg.h>

#include "dgw-player-private.h"

#define START_US      (1000 * (gint64)G_USEC_PER_SEC)
#define HIDDEN_ACK_US (10 * G_TIME_SPAN_MILLISECOND)
#define MAX_TICKS     1000
#define UNKNOWN_ID    G_GUINT64_CONSTANT (0xdeadbeef)
#define CLOSE_US      (2 * (gint64)G_USEC_PER_SEC)
#define AFTERMATH_US  (10 * G_TIME_SPAN_MINUTE)

gboolean
dgw_player_fail (DgwPlayer  *self,
                 GError    **error,
                 const char *format,
                 ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, DGW_TRANSCRIPT_ERROR, 0, "%s:%u: %s", self->transcript->name, self->line_number, message);

  return FALSE;
}

static void
action_free (gpointer data)
{
  dgw_action_clear (data);
  g_free (data);
}

DgwPlayer *
dgw_player_new (const DgwTranscript *transcript,
                guint32              seed)
{
  DgwPlayer *self = g_new0 (DgwPlayer, 1);

  self->transcript = transcript;
  self->seed = seed;
  self->now_us = START_US;
  self->hides_beats = TRUE;
  self->ack_us = HIDDEN_ACK_US;
  self->signals = g_ptr_array_new_with_free_func (action_free);
  self->asides = g_ptr_array_new_with_free_func (action_free);
  self->commands = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  dgw_player_init_options (self);

  return self;
}

void
dgw_player_free (DgwPlayer *self)
{
  g_clear_pointer (&self->engine, dgw_engine_free);
  dgw_engine_options_clear (&self->options);
  g_queue_clear_full (&self->acks, g_free);
  g_queue_clear_full (&self->wire, action_free);
  g_ptr_array_unref (self->signals);
  g_ptr_array_unref (self->asides);
  g_hash_table_unref (self->commands);
  g_clear_error (&self->broken);
  g_free (self);
}

void
dgw_player_set_nosy (DgwPlayer *self)
{
  self->nosy = TRUE;
}

void
dgw_player_set_limit (DgwPlayer *self,
                      guint      n_actions)
{
  self->limit = n_actions;
}

guint
dgw_player_get_n_actions (DgwPlayer *self)
{
  return self->n_actions;
}

void
dgw_player_forget_signals (DgwPlayer *self)
{
  g_ptr_array_set_size (self->signals, 0);
  self->n_skipped = 0;
  g_ptr_array_set_size (self->asides, 0);
  self->n_asides_skipped = 0;
}

void
dgw_player_drop_transport (DgwPlayer *self)
{
  g_queue_clear_full (&self->acks, g_free);
  self->connecting = FALSE;
  self->looking_up = FALSE;
}

static gboolean
is_heartbeat (const char *text)
{
  return dgw_transcript_match_json ("{\"op\":1,\"d\":\"*\"}", text, NULL);
}

static void
note (DgwPlayer       *self,
      const DgwAction *action)
{
  gint64 *due_us;

  if (action->kind == DGW_ACTION_SEND && self->ack_us >= 0 && is_heartbeat (action->text))
    {
      due_us = g_new (gint64, 1);
      *due_us = self->now_us + self->ack_us;
      g_queue_push_tail (&self->acks, due_us);
    }
  else if (action->kind == DGW_ACTION_DROP || action->kind == DGW_ACTION_CONNECT)
    {
      dgw_player_drop_transport (self);
    }
  else if (action->kind == DGW_ACTION_COMMAND_DONE &&
           !g_hash_table_remove (self->commands, &action->command.id) && self->broken == NULL)
    {
      dgw_player_fail (self, &self->broken, "command %" G_GUINT64_FORMAT " is done twice", action->command.id);
    }
}

static gboolean
is_strict (DgwActionKind kind)
{
  return kind == DGW_ACTION_SEND || kind == DGW_ACTION_CONNECT || kind == DGW_ACTION_LOOKUP || kind == DGW_ACTION_CLOSE;
}

static void
take (DgwPlayer *self,
      DgwAction *action)
{
  DgwAction *copy = g_memdup2 (action, sizeof *action);

  note (self, copy);
  if (copy->kind == DGW_ACTION_SEND && self->hides_beats && is_heartbeat (copy->text))
    action_free (copy);
  else if (is_strict (copy->kind))
    g_queue_push_tail (&self->wire, copy);
  else
    g_ptr_array_add (DGW_ACTION_IS_FOR_LINK (copy->kind) ? self->asides : self->signals, copy);
  self->interrupted = ++self->n_actions == self->limit;
}

/* What an application could do from a handler; without effect by contract. */
static void
be_nosy (DgwPlayer *self)
{
  DgwEngineStats stats;

  dgw_engine_get_stats (self->engine, &stats);
  dgw_engine_get_status (self->engine);
  dgw_engine_cancel_command (self->engine, UNKNOWN_ID, self->now_us);
  if (dgw_engine_get_deadline (self->engine) <= self->now_us)
    dgw_engine_tick (self->engine, self->now_us);
  if (dgw_engine_get_status (self->engine) == DGW_STATUS_READY)
    dgw_engine_set_options (self->engine, &self->options);
}

static void
collect (DgwPlayer *self)
{
  DgwAction action;

  while (!self->interrupted && dgw_engine_pop_action (self->engine, &action))
    {
      take (self, &action);
      if (self->nosy)
        be_nosy (self);
    }
}

gboolean
dgw_player_settle (DgwPlayer *self,
                   GError   **error)
{
  collect (self);
  for (int i = 0; !self->interrupted && dgw_engine_get_deadline (self->engine) <= self->now_us; i++)
    {
      if (i == MAX_TICKS)
        return dgw_player_fail (self, error, "the engine never gets done with its deadline");
      dgw_engine_tick (self->engine, self->now_us);
      collect (self);
    }

  if (self->broken)
    {
      g_propagate_error (error, g_steal_pointer (&self->broken));
      return FALSE;
    }

  return TRUE;
}

static gint64
get_next_event (DgwPlayer *self)
{
  gint64 *ack_us = g_queue_peek_head (&self->acks);
  gint64  deadline_us = dgw_engine_get_deadline (self->engine);

  return ack_us ? MIN (*ack_us, deadline_us) : deadline_us;
}

static gboolean
deliver_ack (DgwPlayer *self,
             GError   **error)
{
  gint64 *due_us = g_queue_peek_head (&self->acks);

  if (due_us == NULL || *due_us > self->now_us)
    return TRUE;

  g_free (g_queue_pop_head (&self->acks));

  return dgw_player_receive (self, "{\"op\":11}", error);
}

gboolean
dgw_player_advance (DgwPlayer *self,
                    gint64     until_us,
                    gboolean   until_wire,
                    GError   **error)
{
  while (!self->interrupted && get_next_event (self) <= until_us)
    {
      self->now_us = MAX (self->now_us, get_next_event (self));
      if (!deliver_ack (self, error) || !dgw_player_settle (self, error))
        return FALSE;
      if (until_wire && self->wire.length > 0)
        return TRUE;
    }
  self->now_us = until_us;
  if (until_wire && !self->interrupted)
    return dgw_player_fail (self, error, "nothing happened in all that time");

  return TRUE;
}

gboolean
dgw_player_check_wire_empty (DgwPlayer *self,
                             GError   **error)
{
  DgwAction       *action = g_queue_peek_head (&self->wire);
  g_autofree char *description = action ? dgw_player_describe (action) : NULL;

  return action == NULL || dgw_player_fail (self, error, "not expected before this line: %s", description);
}

static gboolean
check_log (DgwPlayer *self,
           GError   **error)
{
  g_autofree char *fault = dgw_player_log_find_fault ();

  return fault == NULL || dgw_player_fail (self, error, "%s", fault);
}

/* A line that does something: what the ones before it expected is settled. */
static gboolean
turn_page (DgwPlayer  *self,
           const char *text,
           GError    **error)
{
  gboolean takes_wire = g_str_has_prefix (text, "until") || g_str_has_prefix (text, "opened") ||
                        g_str_has_prefix (text, "refused") || g_str_has_prefix (text, "answer");

  if ((!takes_wire && !dgw_player_check_wire_empty (self, error)) || !check_log (self, error))
    return FALSE;

  dgw_player_forget_signals (self);

  return TRUE;
}

static gboolean
play_line (DgwPlayer               *self,
           const DgwTranscriptLine *line,
           GError                 **error)
{
  switch (line->kind)
    {
    case ':':
      return dgw_player_set_option (self, line->text, error);
    case '>':
      return dgw_player_expect_send (self, line->text, error);
    case '=':
      return dgw_player_expect (self, line->text, error);
    case '<':
      return turn_page (self, "", error) && dgw_player_receive (self, line->text, error);
    case '@':
      return turn_page (self, line->text, error) && dgw_player_pass_time (self, line->text, error);
    case '!':
      return turn_page (self, line->text, error) && dgw_player_do_peer (self, line->text, error);
    case '*':
      return turn_page (self, "", error) && dgw_player_do_application (self, line->text, error);
    default:
      return dgw_player_fail (self, error, "not a line");
    }
}

static void
ensure_engine (DgwPlayer *self)
{
  if (self->engine == NULL)
    {
      self->engine = dgw_engine_new (&self->options, self->seed);
      dgw_player_log_reset (self->options.token);
    }
}

gboolean
dgw_player_play (DgwPlayer *self,
                 GError   **error)
{
  GPtrArray *lines = self->transcript->lines;

  for (guint i = 0; i < lines->len && !self->interrupted; i++)
    {
      const DgwTranscriptLine *line = g_ptr_array_index (lines, i);

      self->line_number = line->number;
      if (line->kind != ':')
        ensure_engine (self);
      if (!play_line (self, line, error) && !self->interrupted)
        return FALSE;
      if (self->interrupted)
        g_clear_error (error);
    }

  return self->interrupted || (dgw_player_check_wire_empty (self, error) && check_log (self, error));
}

static guint
count_signals (DgwPlayer    *self,
               DgwActionKind kind)
{
  guint n_signals = 0;

  for (guint i = 0; i < self->signals->len; i++)
    if (((DgwAction *)g_ptr_array_index (self->signals, i))->kind == kind)
      n_signals++;

  return n_signals;
}

static gboolean
check_stopped (DgwPlayer *self,
               gboolean   was_idle,
               GError   **error)
{
  if (!was_idle && count_signals (self, DGW_ACTION_STOPPED) + count_signals (self, DGW_ACTION_FAILED) == 0)
    return dgw_player_fail (self, error, "stopping did not come to an end in time");
  if (dgw_engine_get_status (self->engine) != DGW_STATUS_UNCONNECTED)
    return dgw_player_fail (self, error, "stopped, but not unconnected");
  if (dgw_engine_get_deadline (self->engine) != G_MAXINT64)
    return dgw_player_fail (self, error, "stopped, but with a deadline");
  if (g_hash_table_size (self->commands) > 0)
    return dgw_player_fail (self, error, "stopped, but a command has no answer");

  return TRUE;
}

static gboolean
check_restarts (DgwPlayer *self,
                GError   **error)
{
  DgwAction *action;

  dgw_player_forget_signals (self);
  dgw_engine_start (self->engine, self->now_us);
  if (!dgw_player_settle (self, error))
    return FALSE;

  action = g_queue_peek_head (&self->wire);
  if (action == NULL && count_signals (self, DGW_ACTION_DISCONNECTED) == 0)
    return dgw_player_fail (self, error, "could not be started again");

  return TRUE;
}

gboolean
dgw_player_stop (DgwPlayer  *self,
                 DgwStopKind kind,
                 GError    **error)
{
  gboolean was_idle = dgw_engine_get_status (self->engine) == DGW_STATUS_UNCONNECTED;

  self->interrupted = FALSE;
  self->limit = 0;
  collect (self);
  dgw_player_forget_signals (self);

  dgw_engine_stop (self->engine, kind, kind == DGW_STOP_CLOSE ? 1000 : 4000, NULL, self->now_us);
  dgw_player_drop_transport (self);
  if (!dgw_player_settle (self, error) || !dgw_player_advance (self, self->now_us + CLOSE_US, FALSE, error))
    return FALSE;
  if (!check_stopped (self, was_idle, error))
    return FALSE;

  g_queue_clear_full (&self->wire, action_free);
  if (!dgw_player_advance (self, self->now_us + AFTERMATH_US, FALSE, error) || !dgw_player_check_wire_empty (self, error))
    return FALSE;

  return check_restarts (self, error);
}
