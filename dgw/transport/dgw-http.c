/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-http-private.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "base/dgw-secret-private.h"

#define CHUNK_BYTES (16 * 1024)

/* RFC 6585, which libsoup has no name for. */
#define TOO_MANY_REQUESTS 429

/* Lives until the pending call is back, which may be after the owner has freed
 * it. Everything runs in the thread and the thread-default context of get(). */
struct _DgwHttp
{
  DgwHttpFunc   func; /* NULL: nobody waits any more */
  gpointer      user_data;
  SoupSession  *session;
  SoupMessage  *message;
  GCancellable *cancellable;
  GInputStream *stream;
  GByteArray   *body;
  gboolean      is_done; /* no call is pending */
};

static void
destroy (DgwHttp *self)
{
  g_clear_object (&self->session);
  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_free (self);
}

/* The owner is told and has to free, or it is gone and the request goes now.
 * Takes the error. */
static void
finish (DgwHttp *self,
        GError  *failure)
{
  g_autoptr (GError) error = failure;
  g_autoptr (GBytes) body = NULL;
  guint  status = dgw_net_message_get_status (self->message);
  gint64 retry_after_us = dgw_net_message_get_retry_after (self->message);

  self->is_done = TRUE;
  if (self->func == NULL)
    {
      destroy (self);
      return;
    }

  if (error == NULL)
    body = g_byte_array_free_to_bytes (g_steal_pointer (&self->body));
  self->func (status, retry_after_us, body, error, self->user_data);
}

static GError *
error_for_status (DgwHttp *self)
{
  g_autofree char *text = dgw_net_message_describe_status (self->message);
  guint            status = dgw_net_message_get_status (self->message);
  DgwGatewayError  code = DGW_GATEWAY_ERROR_FAILED;

  if (status == 0)
    return g_error_new (DGW_GATEWAY_ERROR, code, _ ("The proxy answered with %s"), text);
  if (status == SOUP_STATUS_UNAUTHORIZED)
    return g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED,
                        _ ("Discord refuses the token (%s). Take the bot's token from the developer portal."), text);
  if (status == TOO_MANY_REQUESTS)
    code = DGW_GATEWAY_ERROR_RATE_LIMITED;

  return g_error_new (DGW_GATEWAY_ERROR, code, _ ("Discord was asked for the gateway's address and answered with %s"), text);
}

/* Takes the error and gives it back. */
static GError *
prefixed (DgwHttp *self,
          GError  *error)
{
  dgw_net_message_explain (self->message, &error);
  g_prefix_error (&error, "%s", _ ("Cannot ask Discord for the gateway's address: "));

  return error;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  DgwHttp *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (chunk == NULL)
    finish (self, prefixed (self, g_steal_pointer (&error)));
  else if (g_bytes_get_size (chunk) == 0)
    finish (self, NULL);
  else if (self->body->len + g_bytes_get_size (chunk) > DGW_HTTP_MAX_BODY_BYTES)
    finish (self, g_error_new (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE,
                               _ ("The answer about the gateway's address is larger than %d bytes. Check that the API address is right."),
                               DGW_HTTP_MAX_BODY_BYTES));
  else
    {
      g_byte_array_append (self->body, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
      g_input_stream_read_bytes_async (self->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT, self->cancellable, read_cb, self);
    }
}

static void
send_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  DgwHttp *self = user_data;
  g_autoptr (GError) error = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->stream == NULL)
    finish (self, prefixed (self, g_steal_pointer (&error)));
  else if (soup_message_get_status (self->message) != SOUP_STATUS_OK || dgw_net_message_get_status (self->message) == 0)
    finish (self, error_for_status (self));
  else
    g_input_stream_read_bytes_async (self->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT, self->cancellable, read_cb, self);
}

/* A line break would end the header, and libsoup takes that for a mistake of
 * ours. */
static gboolean
is_header_text (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return FALSE;

  return TRUE;
}

DgwHttp *
dgw_http_get (const DgwNetOptions *options,
              const char          *address,
              const char          *token,
              DgwHttpFunc          func,
              gpointer             user_data,
              GError             **error)
{
  g_autoptr (DgwSecret) authorization = g_strconcat ("Bot ", token, NULL);
  g_autoptr (SoupMessage) message = NULL;
  DgwHttp *self;

  if (!is_header_text (authorization))
    {
      g_set_error_literal (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED,
                           _ ("The token has a line break or another control character in it. Copy it anew from the developer portal."));
      return NULL;
    }
  message = dgw_net_message_new (options, address, error);
  if (message == NULL)
    return NULL;

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", authorization);
  soup_message_headers_append (soup_message_get_request_headers (message), "Accept", "application/json");

  self = g_new0 (DgwHttp, 1);
  self->func = func;
  self->user_data = user_data;
  self->message = g_steal_pointer (&message);
  self->cancellable = g_cancellable_new ();
  self->body = g_byte_array_new ();
  self->session = dgw_net_session_new (options);
  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT, self->cancellable, send_cb, self);

  return self;
}

void
dgw_http_free (DgwHttp *self)
{
  GSocket *socket = dgw_net_message_get_socket (self->message);

  if (self->is_done)
    {
      destroy (self);
      return;
    }

  self->func = NULL;
  /* libsoup 3.6.5 finishes a request twice, and goes on with freed memory, when
   * it is cancelled between the head of the answer and our callback. */
  if (socket != NULL)
    dgw_net_socket_cut (socket);
  else
    g_cancellable_cancel (self->cancellable);
}
