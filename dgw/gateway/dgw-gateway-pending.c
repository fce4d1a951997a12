/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "gateway/dgw-gateway-private.h"

/* A command is a task that waits in a table, under the id that the link gives
 * back when it is done with it; a request of several payloads is there under
 * several. What is sent while an open waits for a close is kept here, too: the
 * link would take it for the run that is ending. */

typedef struct
{
  guint64 id;
  guint   opcode;
  char   *text;
  void (*send) (DgwLink    *link,
                guint64     id,
                guint       opcode,
                const char *text);
} Kept;

static void
kept_free (gpointer data)
{
  Kept *self = data;

  g_free (self->text);
  g_free (self);
}

guint64
dgw_gateway_add_command (DgwGateway *self,
                         GTask      *task)
{
  guint64 id = ++self->last_command_id;

  g_hash_table_insert (self->commands, g_memdup2 (&id, sizeof id), g_object_ref (task));
  return id;
}

static void
send_or_keep (GTask *task,
              Kept   command)
{
  DgwGateway *self = g_task_get_source_object (task);

  command.id = dgw_gateway_add_command (self, task);
  if (self->phase == DGW_GATEWAY_OPEN)
    {
      command.send (self->link, command.id, command.opcode, command.text);
      return;
    }

  command.text = g_strdup (command.text);
  g_queue_push_tail (&self->kept_commands, g_memdup2 (&command, sizeof command));
}

void
dgw_gateway_send_command (GTask      *task,
                          guint       opcode,
                          const char *text)
{
  send_or_keep (task, (Kept){.opcode = opcode, .text = (char *)text, .send = dgw_link_send});
}

void
dgw_gateway_send_request (GTask      *task,
                          guint       opcode,
                          const char *text)
{
  send_or_keep (task, (Kept){.opcode = opcode, .text = (char *)text, .send = dgw_link_request});
}

void
dgw_gateway_send_kept_commands (DgwGateway *self)
{
  Kept *command;

  while ((command = g_queue_pop_head (&self->kept_commands)))
    {
      command->send (self->link, command->id, command->opcode, command->text);
      kept_free (command);
    }
}

static gboolean
drop_kept (DgwGateway *self,
           guint64     id)
{
  for (GList *l = self->kept_commands.head; l; l = l->next)
    {
      Kept *command = l->data;

      if (command->id == id)
        {
          g_queue_delete_link (&self->kept_commands, l);
          kept_free (command);
          return TRUE;
        }
    }

  return FALSE;
}

static GTask *
take_command (DgwGateway *self,
              guint64     id)
{
  g_autofree gpointer key = NULL;
  gpointer            task = NULL;

  g_hash_table_steal_extended (self->commands, &id, &key, &task);
  return task;
}

/* What of it still waits is taken back; FALSE: nothing does. */
static gboolean
take_back (DgwGateway *self,
           GTask      *task)
{
  gboolean       waits = FALSE;
  GHashTableIter iter;
  gpointer       id;
  gpointer       pending;

  g_hash_table_iter_init (&iter, self->commands);
  while (g_hash_table_iter_next (&iter, &id, &pending))
    if (pending == task)
      {
        if (!drop_kept (self, *(guint64 *)id))
          dgw_link_cancel_send (self->link, *(guint64 *)id);
        g_hash_table_iter_remove (&iter);
        waits = TRUE;
      }

  return waits;
}

void
dgw_gateway_command_done (DgwGateway   *self,
                          guint64       id,
                          const GError *error,
                          GPtrArray    *answers)
{
  g_autoptr (GTask) task = take_command (self, id);

  if (!task)
    return;

  if (error)
    {
      take_back (self, task);
      dgw_gateway_task_fail (task, g_error_copy (error));
    }
  else if (answers)
    {
      dgw_gateway_take_answers (task, id, answers);
    }
  else
    {
      dgw_gateway_task_succeed (task);
    }
}

static void
end_tasks (GPtrArray *tasks)
{
  for (guint i = 0; i < tasks->len; i++)
    dgw_gateway_task_fail (g_ptr_array_index (tasks, i),
                           g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED,
                                                _ ("The gateway was closed before the command was done. Open it and try again.")));
}

static void
add_once (GPtrArray *tasks,
          GTask     *task)
{
  if (!g_ptr_array_find (tasks, task, NULL))
    g_ptr_array_add (tasks, g_object_ref (task));
}

void
dgw_gateway_end_kept_commands (DgwGateway *self)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
  Kept *command;

  while ((command = g_queue_pop_head (&self->kept_commands)))
    {
      g_autoptr (GTask) task = take_command (self, command->id);

      add_once (tasks, task);
      kept_free (command);
    }
  end_tasks (tasks);
}

static gboolean
is_kept (DgwGateway *self,
         guint64     id)
{
  for (GList *l = self->kept_commands.head; l; l = l->next)
    if (((Kept *)l->data)->id == id)
      return TRUE;

  return FALSE;
}

void
dgw_gateway_end_commands (DgwGateway *self)
{
  g_autoptr (GPtrArray) tasks = NULL;
  GHashTableIter iter;
  gpointer       id;
  gpointer       task;

  if (g_hash_table_size (self->commands) == 0)
    return;

  tasks = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_iter_init (&iter, self->commands);
  while (g_hash_table_iter_next (&iter, &id, &task))
    if (!is_kept (self, *(guint64 *)id))
      {
        add_once (tasks, task);
        g_hash_table_iter_remove (&iter);
      }
  end_tasks (tasks);
}

gboolean
dgw_gateway_command_cancelled (GCancellable *cancellable,
                               gpointer      user_data)
{
  GTask      *task = user_data;
  DgwGateway *self = g_task_get_source_object (task);

  if (take_back (self, task))
    g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/* TRUE: the task has failed, as nothing can be sent now. */
gboolean
dgw_gateway_refuse_command (DgwGateway *self,
                            GTask      *task)
{
  if (self->phase == DGW_GATEWAY_OPEN || self->open_task)
    return FALSE;

  g_task_return_new_error (task, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_NOT_READY, "%s",
                           _ ("The gateway is not open: open it before sending"));

  return TRUE;
}
