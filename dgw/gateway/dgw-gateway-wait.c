/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "gateway/dgw-gateway-private.h"

/* Waiting for one event. A wait is a handler of `event` like any other, so that
 * the event is built and emitted although nobody else listens. The filter may do
 * anything: the handler keeps the wait alive. */

typedef struct
{
  GTask         *task; /* NULL: over */
  gulong         handler;
  DgwEventFilter filter; /* nullable */
  gpointer       filter_data;
  GDestroyNotify filter_destroy; /* nullable */
} Wait;

static void
wait_clear (gpointer data)
{
  Wait *self = data;

  if (self->filter_destroy)
    self->filter_destroy (self->filter_data);
}

static void
wait_unref (gpointer  data,
            GClosure *closure)
{
  g_rc_box_release_full (data, wait_clear);
}

/* The wait goes with its handler, unless that runs. */
static GTask *
take_task (DgwGateway *self,
           Wait       *wait)
{
  GTask *task = g_steal_pointer (&wait->task);

  g_queue_remove (&self->waits, wait);
  g_signal_handler_disconnect (self, wait->handler);

  return task;
}

static void
event_cb (DgwGateway *self,
          DgwEvent   *event,
          gpointer    user_data)
{
  Wait *wait = g_rc_box_acquire (user_data);
  g_autoptr (GTask) task = NULL;

  /* The filter may have closed the gateway, and with it ended the wait. */
  if (wait->task && (wait->filter == NULL || wait->filter (event, wait->filter_data)) && wait->task)
    task = take_task (self, wait);
  if (task)
    {
      dgw_gateway_task_unwatch (task);
      g_task_return_pointer (task, g_object_ref (event), g_object_unref);
    }
  g_rc_box_release_full (wait, wait_clear);
}

/* error NULL: the application ended the gateway. */
void
dgw_gateway_end_waits (DgwGateway   *self,
                       const GError *error)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) closed = g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED,
                                                   _ ("The gateway was closed before the event came"));

  /* Callbacks may begin to wait again. */
  while (!g_queue_is_empty (&self->waits))
    g_ptr_array_add (tasks, take_task (self, g_queue_peek_head (&self->waits)));
  for (guint i = 0; i < tasks->len; i++)
    dgw_gateway_task_fail (g_ptr_array_index (tasks, i), g_error_copy (error ? error : closed));
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  DgwGateway *self = g_task_get_source_object (user_data);

  for (GList *l = self->waits.head; l != NULL; l = l->next)
    {
      Wait *wait = l->data;

      if (wait->task == user_data)
        {
          g_autoptr (GTask) task = take_task (self, wait);

          g_task_return_error_if_cancelled (task);
          break;
        }
    }

  return G_SOURCE_REMOVE;
}

/**
 * dgw_gateway_wait_for_event_async:
 * @self: a gateway
 * @name: the name on the wire, such as `MESSAGE_CREATE`
 * @filter: (nullable) (scope notified) (closure filter_data) (destroy filter_destroy): says which
 *   of these events it is, or `NULL` for the first
 * @filter_data: for @filter
 * @filter_destroy: frees @filter_data
 * @cancellable: (nullable): stops the wait
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Waits for an event: the next one of a name that a filter accepts.
 *
 * @filter is called with each event of the name, among the handlers of
 * [signal@Gateway::event] and in their context, until it returns `TRUE`. The
 * wait lasts through lost connections, and may begin before the gateway is open.
 * To wait for so long only, cancel it.
 *
 * Errors: `DGW_GATEWAY_ERROR_CLOSED` when the gateway is closed or suspended;
 * what makes it fail for good, see [signal@Gateway::failed];
 * `G_IO_ERROR_CANCELLED`.
 *
 * Since: 0.1
 */
void
dgw_gateway_wait_for_event_async (DgwGateway         *self,
                                  const char         *name,
                                  DgwEventFilter      filter,
                                  gpointer            filter_data,
                                  GDestroyNotify      filter_destroy,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *signal = NULL;
  Wait            *wait;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (name != NULL && *name != '\0');
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  wait = g_rc_box_new0 (Wait);
  wait->filter = filter;
  wait->filter_data = filter_data;
  wait->filter_destroy = filter_destroy;
  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_wait_for_event_async);
  if (g_task_return_error_if_cancelled (task))
    {
      g_rc_box_release_full (wait, wait_clear);
      return;
    }

  dgw_gateway_task_watch (task, cancelled_cb);
  wait->task = g_steal_pointer (&task);
  g_queue_push_tail (&self->waits, wait);
  signal = g_strconcat ("event::", name, NULL);
  wait->handler = g_signal_connect_data (self, signal, G_CALLBACK (event_cb), wait, wait_unref, 0);
  /* Whether anybody wants this event is known for some time. */
  self->n_events_to_look = 0;
}

/**
 * dgw_gateway_wait_for_event_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets what [method@Gateway.wait_for_event_async] waited for.
 *
 * Returns: (transfer full): the event, or `NULL` with an error
 *
 * Since: 0.1
 */
DgwEvent *
dgw_gateway_wait_for_event_finish (DgwGateway   *self,
                                   GAsyncResult *result,
                                   GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_wait_for_event_async, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
