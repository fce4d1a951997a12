/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-worker-fetch-private.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-clean-private.h"
#include "base/dgw-gateway-error.h"
#include "worker/dgw-lookup-private.h"
#include "worker/dgw-timer-private.h"

/* Made in the caller's thread, then the worker's, all but the count. */
typedef struct
{
  int            ref_count; /* atomic */
  DgwWorker     *worker;
  DgwLinkOptions options;
  GTask         *task; /* NULL: returned */
  DgwHttp       *http;
  DgwTimer      *timer;
  gulong         cancelled_id;
} Fetch;

/* What crosses to the caller's thread. GTask takes care of that; the flag is
 * for the sanitizer, which does not see what GLib orders. */
typedef struct
{
  DgwGatewayAnswer answer;
  int              is_handed_over; /* atomic */
} Found;

static void
fetch_unref (gpointer data)
{
  Fetch *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  dgw_link_options_clear (&self->options);
  dgw_worker_unref (self->worker);
  g_free (self);
}

static gpointer
fetch_ref (Fetch *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

static void
found_free (gpointer data)
{
  Found *self = data;

  if (g_atomic_int_get (&self->is_handed_over))
    dgw_gateway_answer_clear (&self->answer);
  g_free (self);
}

/* Returns the one or the other; takes both. */
static void
finish (Fetch  *self,
        Found  *found,
        GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (self->cancelled_id != 0)
    g_cancellable_disconnect (g_task_get_cancellable (task), self->cancelled_id);
  g_clear_pointer (&self->http, dgw_http_free);
  g_clear_pointer (&self->timer, dgw_timer_free);
  if (error != NULL)
    {
      g_task_return_error (task, dgw_clean_error (error, self->options.engine.token));
      g_error_free (error);
    }
  else
    {
      g_atomic_int_set (&found->is_handed_over, TRUE);
      g_task_return_pointer (task, found, found_free);
    }
  fetch_unref (self);
}

static void
answered_cb (guint         status,
             gint64        retry_after_us,
             GBytes       *body,
             const GError *error,
             gpointer      user_data)
{
  g_autofree Found *found = g_new0 (Found, 1);
  GError           *local = NULL;

  if (body == NULL)
    finish (user_data, NULL, g_error_copy (error));
  else if (dgw_gateway_answer_parse (&found->answer, body, &local))
    finish (user_data, g_steal_pointer (&found), NULL);
  else
    finish (user_data, NULL, local);
}

static void
timed_out_cb (gpointer user_data)
{
  Fetch *self = user_data;

  finish (self, NULL,
          g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT,
                       _ ("Discord did not tell the gateway's address within %u ms. Check the network, or allow more time to connect."),
                       self->options.engine.connect_timeout_ms));
}

static void
cancel_on_worker (gpointer data)
{
  Fetch  *self = data;
  GError *error = NULL;

  if (self->task == NULL)
    return;

  g_cancellable_set_error_if_cancelled (g_task_get_cancellable (self->task), &error);
  finish (self, NULL, error);
}

/* Runs in whatever thread cancels. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Fetch *self = user_data;

  dgw_worker_post (self->worker, cancel_on_worker, fetch_ref (self), fetch_unref);
}

static void
start_on_worker (gpointer data)
{
  Fetch        *self = data;
  GCancellable *cancellable = g_task_get_cancellable (self->task);
  GError       *error = NULL;

  self->timer = dgw_timer_new (dgw_worker_get_context (self->worker), timed_out_cb, self);
  dgw_timer_set (self->timer, g_get_monotonic_time () + self->options.engine.connect_timeout_ms * (gint64)1000);
  if (cancellable != NULL)
    self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), fetch_ref (self), fetch_unref);
  self->http = dgw_lookup_start (&self->options, self->worker, answered_cb, self, &error);
  if (self->http == NULL)
    finish (self, NULL, error);
}

void
dgw_worker_fetch_async (DgwWorker            *worker,
                        const DgwLinkOptions *options,
                        GCancellable         *cancellable,
                        GAsyncReadyCallback   callback,
                        gpointer              user_data)
{
  Fetch *self = g_new0 (Fetch, 1);

  self->ref_count = 1;
  self->worker = dgw_worker_ref (worker);
  dgw_link_options_copy (options, &self->options);
  self->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, dgw_worker_fetch_async);
  dgw_worker_post (worker, start_on_worker, self, NULL);
}

gboolean
dgw_worker_fetch_finish (GAsyncResult     *result,
                         DgwGatewayAnswer *answer,
                         GError          **error)
{
  g_autofree Found *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, dgw_worker_fetch_async), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found == NULL || !g_atomic_int_get (&found->is_handed_over))
    return FALSE;

  *answer = found->answer;

  return TRUE;
}
