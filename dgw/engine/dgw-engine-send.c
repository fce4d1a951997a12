/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "dgw-protocol-table-private.h"
#include "engine/dgw-engine-internal-private.h"

/* Theory of operation.
 *
 * Commands wait in order until there is a live session and the send limit lets
 * them pass, or they have waited for too long; they survive a reconnect, as what
 * is in the queue was never given to a socket. A presence is no command but a
 * state: only the newest counts, so it has one slot instead of a place in the
 * queue, a limit of its own, and goes along with every identify.
 *
 * https://discord.com/developers/docs/events/gateway#rate-limiting */

/* What a bot that never set a presence shows; takes a presence back. */
#define NO_PRESENCE "{\"since\":null,\"activities\":[],\"status\":\"online\",\"afk\":false}"

void
dgw_engine_command_free (DgwCommand *command)
{
  g_clear_pointer (&command->request, dgw_request_free);
  g_strfreev (command->kinds);
  g_free (command->text);
  g_free (command);
}

void
dgw_engine_push_done (DgwEngine *self,
                      guint64    id,
                      GError    *error)
{
  DgwAction *action;

  if (id == 0)
    {
      g_clear_error (&error);
      return;
    }

  action = dgw_engine_push (self, DGW_ACTION_COMMAND_DONE);
  action->command.id = id;
  action->command.error = error;
}

void
dgw_engine_send (DgwEngine *self,
                 char      *text)
{
  dgw_rate_limit_sent (&self->sends, self->now_us);
  dgw_engine_push (self, DGW_ACTION_SEND)->text = text;
}

/* Discord closes with 4001 for any other; opcodes 1, 2 and 6 are the engine's. */
gboolean
dgw_engine_is_command (guint opcode)
{
  return opcode == DGW_OPCODE_PRESENCE_UPDATE ||
         opcode == DGW_OPCODE_VOICE_STATE_UPDATE ||
         opcode == DGW_OPCODE_REQUEST_GUILD_MEMBERS ||
         opcode == DGW_OPCODE_REQUEST_SOUNDBOARD_SOUNDS ||
         opcode == DGW_OPCODE_REQUEST_CHANNEL_INFO;
}

/* The payload, or NULL when the command is done with an error already. */
static char *
write_command (DgwEngine  *self,
               guint64     id,
               guint       opcode,
               const char *data)
{
  g_autofree char *text = NULL;
  gsize            length;

  if (!dgw_engine_is_command (opcode))
    {
      dgw_engine_push_done (self, id,
                            g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL,
                                         _ ("Opcode %u is not one that an application sends"), opcode));
      return NULL;
    }

  text = dgw_frame_write_command (opcode, data);
  length = strlen (text);
  if (length <= DGW_LIMIT_PAYLOAD_BYTES)
    return g_steal_pointer (&text);

  dgw_engine_push_done (self, id,
                        g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE,
                                     _ ("The payload has %" G_GSIZE_FORMAT " bytes, %d are allowed. Nothing was sent; split it."),
                                     length, DGW_LIMIT_PAYLOAD_BYTES));

  return NULL;
}

static gboolean
has_presence_to_send (DgwEngine *self)
{
  return self->presence.text != NULL;
}

static gint64
get_presence_due (DgwEngine *self)
{
  if (!has_presence_to_send (self))
    return G_MAXINT64;

  return MAX (dgw_rate_limit_next_slot_us (&self->sends, DGW_RATE_LIMIT_COMMAND, self->now_us),
              dgw_rate_limit_next_slot_us (&self->presences, DGW_RATE_LIMIT_COMMAND, self->now_us));
}

static gint64
get_hold (DgwEngine        *self,
          const DgwCommand *command)
{
  return dgw_holds_get (&self->holds, (const char *const *)command->kinds);
}

/* When the first of them may be sent. */
static gint64
get_commands_due (DgwEngine *self)
{
  gint64 hold_us = G_MAXINT64;

  for (GList *l = self->commands.head; l && hold_us > self->now_us; l = l->next)
    hold_us = MIN (hold_us, get_hold (self, l->data));
  if (hold_us == G_MAXINT64)
    return G_MAXINT64;

  return MAX (hold_us, dgw_rate_limit_next_slot_us (&self->sends, DGW_RATE_LIMIT_COMMAND, self->now_us));
}

/* Only while the session is live. */
gint64
dgw_engine_get_send_due (DgwEngine *self)
{
  return MIN (get_presence_due (self), get_commands_due (self));
}

static void
finish_presence (DgwEngine *self)
{
  g_clear_pointer (&self->presence.text, g_free);
  for (guint i = 0; i < self->presence.ids->len; i++)
    dgw_engine_push_done (self, g_array_index (self->presence.ids, guint64, i), NULL);
  g_array_set_size (self->presence.ids, 0);
}

static void
send_presence (DgwEngine *self)
{
  dgw_rate_limit_sent (&self->presences, self->now_us);
  dgw_engine_send (self, g_steal_pointer (&self->presence.text));
  finish_presence (self);
}

/* In order, but those that are held back let the others pass. */
static DgwCommand *
take_next (DgwEngine *self)
{
  for (GList *l = self->commands.head; l; l = l->next)
    if (get_hold (self, l->data) <= self->now_us)
      {
        DgwCommand *command = l->data;

        g_queue_delete_link (&self->commands, l);
        return command;
      }

  return NULL;
}

static void
send_command (DgwEngine  *self,
              DgwCommand *command)
{
  dgw_engine_send (self, g_strdup (command->text));
  if (command->request)
    {
      dgw_engine_request_sent (self, command);
    }
  else
    {
      dgw_engine_push_done (self, command->id, NULL);
      dgw_engine_command_free (command);
    }
}

/* In any phase: what waits for a session waits as well. */
gint64
dgw_engine_get_expiry_due (DgwEngine *self)
{
  gint64 oldest_us = G_MAXINT64;

  if (self->options.command_timeout_ms == 0 || g_queue_is_empty (&self->commands))
    return G_MAXINT64;

  for (GList *l = self->commands.head; l; l = l->next)
    oldest_us = MIN (oldest_us, ((DgwCommand *)l->data)->given_us);

  return oldest_us + (gint64)self->options.command_timeout_ms * G_TIME_SPAN_MILLISECOND;
}

static GError *
new_expired_error (DgwEngine *self)
{
  return g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT,
                      _ ("The command could not be sent for %u ms and was dropped. Send it again if it still matters."),
                      self->options.command_timeout_ms);
}

/* A request that is to be sent again counts from the call as well: whoever made
 * it relies on nothing being sent later. */
void
dgw_engine_expire_commands (DgwEngine *self)
{
  gint64 timeout_us = (gint64)self->options.command_timeout_ms * G_TIME_SPAN_MILLISECOND;
  GList *next;

  if (dgw_engine_get_expiry_due (self) > self->now_us)
    return;

  for (GList *l = self->commands.head; l; l = next)
    {
      DgwCommand *command = l->data;

      next = l->next;
      if (command->given_us + timeout_us > self->now_us)
        continue;

      g_queue_delete_link (&self->commands, l);
      dgw_engine_push_done (self, command->id, new_expired_error (self));
      dgw_engine_command_free (command);
    }
}

/* Presence first: it is a state, and not in the order of the commands. */
void
dgw_engine_flush (DgwEngine *self)
{
  DgwCommand *command;

  dgw_engine_expire_commands (self);
  if (has_presence_to_send (self) && get_presence_due (self) <= self->now_us)
    send_presence (self);

  while (dgw_rate_limit_can_send (&self->sends, DGW_RATE_LIMIT_COMMAND, self->now_us) && (command = take_next (self)))
    send_command (self, command);
}

/* An identify that carries the newest presence has gone out. */
void
dgw_engine_presence_identified (DgwEngine *self)
{
  finish_presence (self);
}

/* A new session without the presence: it has to be sent again. */
void
dgw_engine_presence_renew (DgwEngine *self)
{
  if (self->presence.data && self->presence.text == NULL)
    self->presence.text = dgw_frame_write_command (DGW_OPCODE_PRESENCE_UPDATE, self->presence.data);
}

GError *
dgw_engine_error_closed (void)
{
  return g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED,
                              _ ("The gateway was closed before this was done. Open it and try again."));
}

/* The engine ends: nothing may wait for ever. */
void
dgw_engine_fail_commands (DgwEngine *self)
{
  DgwCommand *command;

  while ((command = g_queue_pop_head (&self->commands)))
    {
      dgw_engine_push_done (self, command->id, dgw_engine_error_closed ());
      dgw_engine_command_free (command);
    }
  dgw_engine_fail_requests (self);

  for (guint i = 0; i < self->presence.ids->len; i++)
    dgw_engine_push_done (self, g_array_index (self->presence.ids, guint64, i), dgw_engine_error_closed ());
  g_array_set_size (self->presence.ids, 0);
}

static int
compare_id (gconstpointer a,
            gconstpointer b)
{
  const DgwCommand *command = a;
  const guint64    *id = b;

  return command->id != *id;
}

/* Out of the queue, and let go. */
gboolean
dgw_engine_drop_command (GQueue *queue,
                         guint64 id)
{
  GList *link = g_queue_find_custom (queue, &id, compare_id);

  if (link == NULL)
    return FALSE;

  dgw_engine_command_free (link->data);
  g_queue_delete_link (queue, link);

  return TRUE;
}

static gboolean
remove_waiting (DgwEngine *self,
                guint64    id)
{
  if (dgw_engine_drop_command (&self->commands, id) || dgw_engine_drop_request (self, id))
    return TRUE;

  for (guint i = 0; i < self->presence.ids->len; i++)
    if (g_array_index (self->presence.ids, guint64, i) == id)
      {
        g_array_remove_index (self->presence.ids, i);
        return TRUE;
      }

  return FALSE;
}

/* A presence stays what it was set to, only the waiting for it ends. */
void
dgw_engine_cancel (DgwEngine *self,
                   guint64    id)
{
  if (id != 0 && remove_waiting (self, id))
    dgw_engine_push_done (self, id,
                          g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED, _ ("The command was cancelled")));
}

static DgwCommand *
command_new (const DgwStimulus *stimulus,
             char              *text,
             gint64             now_us)
{
  DgwCommand *self = g_new0 (DgwCommand, 1);

  self->id = stimulus->id;
  self->given_us = now_us;
  self->text = text;
  if (stimulus->wants_answer)
    self->request = dgw_request_new (stimulus->code, stimulus->text);

  if (self->request)
    {
      self->kinds = dgw_request_dup_kinds (self->request);
    }
  else
    {
      self->kinds = g_new0 (char *, 2);
      self->kinds[0] = dgw_request_make_kind (stimulus->code, NULL);
    }

  return self;
}

void
dgw_engine_on_command (DgwEngine         *self,
                       const DgwStimulus *stimulus)
{
  g_autofree char *text = write_command (self, stimulus->id, stimulus->code, stimulus->text);

  if (text == NULL)
    return;

  if (g_queue_get_length (&self->commands) >= DGW_ENGINE_MAX_COMMANDS)
    {
      dgw_engine_push_done (self, stimulus->id,
                            g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_RATE_LIMITED,
                                         _ ("%d commands wait to be sent already. Send less often, or wait for each to be sent."),
                                         DGW_ENGINE_MAX_COMMANDS));
      return;
    }

  g_queue_push_tail (&self->commands, command_new (stimulus, g_steal_pointer (&text), self->now_us));
}

void
dgw_engine_on_command_live (DgwEngine         *self,
                            const DgwStimulus *stimulus)
{
  dgw_engine_on_command (self, stimulus);
  dgw_engine_flush (self);
}

void
dgw_engine_on_command_idle (DgwEngine         *self,
                            const DgwStimulus *stimulus)
{
  dgw_engine_push_done (self, stimulus->id,
                        g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY,
                                             _ ("The gateway is not open. Open it, then try again.")));
}

void
dgw_engine_on_command_closing (DgwEngine         *self,
                               const DgwStimulus *stimulus)
{
  dgw_engine_push_done (self, stimulus->id, dgw_engine_error_closed ());
}

/* The old presence stays when the new one cannot be sent. */
static gboolean
store_presence (DgwEngine         *self,
                const DgwStimulus *stimulus)
{
  gboolean         changes = stimulus->text || self->presence.data;
  g_autofree char *text = write_command (self, stimulus->id, DGW_OPCODE_PRESENCE_UPDATE, stimulus->text ? stimulus->text : NO_PRESENCE);

  if (text == NULL)
    return FALSE;

  g_free (self->presence.data);
  self->presence.data = g_strdup (stimulus->text);
  if (changes)
    {
      g_free (self->presence.text);
      self->presence.text = g_steal_pointer (&text);
    }

  return TRUE;
}

/* Kept for the next identify, or to be sent after the next resume. */
void
dgw_engine_on_presence_idle (DgwEngine         *self,
                             const DgwStimulus *stimulus)
{
  if (store_presence (self, stimulus))
    dgw_engine_push_done (self, stimulus->id, NULL);
}

void
dgw_engine_on_presence (DgwEngine         *self,
                        const DgwStimulus *stimulus)
{
  if (!store_presence (self, stimulus))
    return;

  if (!has_presence_to_send (self))
    dgw_engine_push_done (self, stimulus->id, NULL);
  else if (stimulus->id != 0)
    g_array_append_val (self->presence.ids, stimulus->id);
}

void
dgw_engine_on_presence_live (DgwEngine         *self,
                             const DgwStimulus *stimulus)
{
  dgw_engine_on_presence (self, stimulus);
  dgw_engine_flush (self);
}

void
dgw_engine_on_send_due (DgwEngine         *self,
                        const DgwStimulus *stimulus)
{
  dgw_engine_flush (self);
}
