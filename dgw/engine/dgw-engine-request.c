/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "dgw-protocol-table-private.h"
#include "engine/dgw-engine-internal-private.h"

/* Theory of operation.
 *
 * Opcodes 8, 31 and 43 are answered with dispatches. Such a command is sent as
 * any other and then waits here until its answer is whole. The dispatches go on
 * to the application all the same, and before COMMAND_DONE.
 *
 * The server forgets its answer with the session, not with the connection: what
 * waits survives a resume, and is sent again after an identify. While there is
 * no session its time does not run. Too soon is answered with RATE_LIMITED
 * instead: then this guild (opcode 8) or opcode is held back, and what was
 * refused goes to the head of the queue again.
 *
 * https://discord.com/developers/docs/events/gateway-events#request-guild-members
 * https://discord.com/developers/docs/events/gateway-events#rate-limited */

#define ANSWER_US     (30 * G_USEC_PER_SEC)
#define MAX_LIMITED   5
#define RETRY_SECONDS 5.0
#define MAX_RETRY_US  G_TIME_SPAN_DAY

/* Discord takes one request for all members of a guild in this time:
 * https://discord.com/developers/docs/events/gateway-events#request-guild-members */
#define ALL_MEMBERS_US (DGW_LIMIT_ALL_MEMBERS_WINDOW_MS * G_TIME_SPAN_MILLISECOND + DGW_RATE_LIMIT_MARGIN_US)

static gint64
get_due (const DgwCommand *command)
{
  return command->request->heard_us + ANSWER_US;
}

/* What came in time moves the due time of one request: the common one is
 * looked at again when it has come. */
static void
find_answer_due (DgwEngine *self)
{
  self->answer_due_us = G_MAXINT64;
  for (GList *l = self->requests.head; l; l = l->next)
    self->answer_due_us = MIN (self->answer_due_us, get_due (l->data));
}

/* Counts a request for all members of a guild, or one that was refused not. */
static void
count_all_members (DgwEngine        *self,
                   const DgwCommand *command,
                   gboolean          is_refused)
{
  g_autofree char *kind = NULL;

  if (!dgw_request_is_for_all_members (command->request) || dgw_request_get_guild_id (command->request) == NULL)
    return;

  kind = dgw_request_make_all_members_kind (dgw_request_get_guild_id (command->request));
  if (is_refused)
    dgw_holds_drop (&self->holds, kind);
  else
    dgw_holds_set (&self->holds, kind, self->now_us + ALL_MEMBERS_US, self->now_us);
}

void
dgw_engine_request_sent (DgwEngine  *self,
                         DgwCommand *command)
{
  count_all_members (self, command, FALSE);

  command->request->heard_us = self->now_us;
  self->answer_due_us = MIN (self->answer_due_us, get_due (command));
  g_queue_push_tail (&self->requests, command);
}

static void
take_out (DgwEngine *self,
          GList     *link)
{
  g_queue_delete_link (&self->requests, link);
  if (g_queue_is_empty (&self->requests))
    self->answer_due_us = G_MAXINT64;
}

static void
push_answered (DgwEngine  *self,
               DgwCommand *command)
{
  DgwAction *action;

  if (command->id == 0)
    return;

  action = dgw_engine_push (self, DGW_ACTION_COMMAND_DONE);
  action->command.id = command->id;
  action->command.answers = dgw_collector_steal (&command->request->collector);
}

/* The oldest that wants it: answers come in the order of the requests. */
static void
take_answer (DgwEngine      *self,
             const DgwFrame *frame)
{
  for (GList *l = self->requests.head; l; l = l->next)
    {
      DgwCommand *command = l->data;

      if (!dgw_request_take (command->request, frame->type, frame->json))
        continue;

      command->request->heard_us = self->now_us;
      if (dgw_collector_is_complete (&command->request->collector))
        {
          take_out (self, l);
          push_answered (self, command);
          dgw_engine_command_free (command);
        }
      return;
    }
}

static GError *
new_limited_error (guint opcode)
{
  return g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_RATE_LIMITED,
                      _ ("Discord refused opcode %u as too frequent %d times. Try again later, and less often."),
                      opcode, MAX_LIMITED);
}

static void
retry (DgwEngine  *self,
       DgwCommand *command)
{
  if (++command->request->n_limited < MAX_LIMITED)
    {
      g_queue_push_head (&self->commands, command);
      return;
    }

  dgw_engine_push_done (self, command->id, new_limited_error (command->request->opcode));
  dgw_engine_command_free (command);
}

static gint64
read_retry_us (DgwJsonView data)
{
  double seconds = dgw_json_view_get_double (dgw_json_view_get_member (data, "retry_after"), RETRY_SECONDS);

  return (gint64)CLAMP (seconds * G_USEC_PER_SEC, 0, (double)MAX_RETRY_US);
}

static void
hold_back (DgwEngine  *self,
           guint       opcode,
           DgwJsonView data)
{
  gboolean         is_by_guild = opcode == DGW_OPCODE_REQUEST_GUILD_MEMBERS;
  DgwJsonView      meta = dgw_json_view_get_member (data, "meta");
  const char      *guild_id = dgw_json_view_get_string (dgw_json_view_get_member (meta, "guild_id"));
  g_autofree char *kind = dgw_request_make_kind (opcode, is_by_guild ? guild_id : NULL);

  dgw_debug (DGW_ENGINE_LOG (self), "rate limited: %s", kind);
  dgw_holds_set (&self->holds, kind, self->now_us + read_retry_us (data), self->now_us);
}

static void
take_refusal (DgwEngine      *self,
              const DgwFrame *frame)
{
  DgwJsonView data = dgw_json_get_data (frame->json);
  DgwJsonView meta = dgw_json_view_get_member (data, "meta");
  gint64      opcode = dgw_json_view_get_int64 (dgw_json_view_get_member (data, "opcode"), -1);

  if (opcode < 0 || opcode > G_MAXUINT || !dgw_engine_is_command ((guint)opcode))
    return;

  hold_back (self, (guint)opcode, data);
  for (GList *l = self->requests.head; l; l = l->next)
    {
      DgwCommand *command = l->data;

      if (!dgw_request_is_meant (command->request, (guint)opcode, meta))
        continue;

      take_out (self, l);
      count_all_members (self, command, TRUE);
      retry (self, command);
      return;
    }
}

/* The data of an event are parsed on the worker only where they matter here. */
void
dgw_engine_take_answer (DgwEngine      *self,
                        const DgwFrame *frame)
{
  if (frame->type == DGW_EVENT_TYPE_RATE_LIMITED)
    take_refusal (self, frame);
  else if (!g_queue_is_empty (&self->requests) && dgw_request_is_answer (frame->type))
    take_answer (self, frame);
}

/* There is a new session, which knows nothing of them. */
void
dgw_engine_repeat_requests (DgwEngine *self)
{
  DgwCommand *command;

  while ((command = g_queue_pop_tail (&self->requests)))
    {
      dgw_collector_reset (&command->request->collector);
      g_queue_push_head (&self->commands, command);
    }
  self->answer_due_us = G_MAXINT64;
}

void
dgw_engine_requests_live (DgwEngine *self)
{
  for (GList *l = self->requests.head; l; l = l->next)
    ((DgwCommand *)l->data)->request->heard_us = self->now_us;

  find_answer_due (self);
}

gboolean
dgw_engine_drop_request (DgwEngine *self,
                         guint64    id)
{
  if (!dgw_engine_drop_command (&self->requests, id))
    return FALSE;

  find_answer_due (self);

  return TRUE;
}

void
dgw_engine_fail_requests (DgwEngine *self)
{
  DgwCommand *command;

  while ((command = g_queue_pop_head (&self->requests)))
    {
      dgw_engine_push_done (self, command->id, dgw_engine_error_closed ());
      dgw_engine_command_free (command);
    }
  self->answer_due_us = G_MAXINT64;
}

static GError *
new_overdue_error (guint opcode)
{
  return g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT,
                      _ ("Discord did not answer opcode %u for %d s. Check that the bot is in the guild, or try again."),
                      opcode, (int)(ANSWER_US / G_USEC_PER_SEC));
}

void
dgw_engine_on_answer_due (DgwEngine         *self,
                          const DgwStimulus *stimulus)
{
  GList *next;

  for (GList *l = self->requests.head; l; l = next)
    {
      DgwCommand *command = l->data;

      next = l->next;
      if (get_due (command) > self->now_us)
        continue;

      g_queue_delete_link (&self->requests, l);
      dgw_engine_push_done (self, command->id, new_overdue_error (command->request->opcode));
      dgw_engine_command_free (command);
    }
  find_answer_due (self);
}
