/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-gateway-private.h"

/* The source that watches the cancellable is the task's data. The source holds
 * the task, so it has to go when the task returns. */

GTask *
dgw_gateway_task_new (DgwGateway         *self,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data,
                      gpointer            source_tag)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  return task;
}

/* A cancellable may be cancelled from any thread; the source brings it here.
 * Methods are called in the gateway's thread only, so the task's context is one
 * of this thread. */
void
dgw_gateway_task_watch (GTask                 *task,
                        GCancellableSourceFunc cancelled)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  GSource      *source;

  if (!cancellable)
    return;

  source = g_cancellable_source_new (cancellable);
  g_source_set_static_name (source, "dgw_gateway_task_watch");
  g_source_set_callback (source, G_SOURCE_FUNC (cancelled), g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
  g_task_set_task_data (task, source, (GDestroyNotify)g_source_unref);
}

void
dgw_gateway_task_unwatch (GTask *task)
{
  GSource *source = g_task_get_task_data (task);

  if (source)
    g_source_destroy (source);
}

void
dgw_gateway_task_succeed (GTask *task)
{
  dgw_gateway_task_unwatch (task);
  g_task_return_boolean (task, TRUE);
}

void
dgw_gateway_task_fail (GTask  *task,
                       GError *error)
{
  dgw_gateway_task_unwatch (task);
  g_task_return_error (task, error);
}

static void
clear_handle (gpointer data)
{
  DgwGatewayHandle *handle = data;

  g_weak_ref_clear (&handle->gateway);
}

DgwGatewayHandle *
dgw_gateway_handle_new (DgwGateway *self)
{
  DgwGatewayHandle *handle = g_atomic_rc_box_new0 (DgwGatewayHandle);

  g_weak_ref_init (&handle->gateway, self);
  return handle;
}

DgwGatewayHandle *
dgw_gateway_handle_ref (DgwGatewayHandle *handle)
{
  return g_atomic_rc_box_acquire (handle);
}

void
dgw_gateway_handle_unref (DgwGatewayHandle *handle)
{
  g_atomic_rc_box_release_full (handle, clear_handle);
}
