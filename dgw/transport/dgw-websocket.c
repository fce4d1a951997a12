/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-websocket-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/dgw-close-code-private.h"
#include "base/dgw-gateway-error-private.h"
#include "base/dgw-random-private.h"
#include "base/dgw-secret-private.h"
#include "base/dgw-utf8-private.h"
#include "transport/dgw-net-options-private.h"
#include "transport/dgw-websocket-frame-private.h"

/* What an idle connection keeps to read into. */
#define BUFFER_SIZE (32 * 1024)

/* What is read before the context gets a turn. */
#define TURN_BYTES (256 * 1024)

/* Pongs that may wait when the peer takes none. */
#define MAX_UNSENT_PONGS (128 * 1024)

/* Texts that may wait: far more than the send limit lets through while the peer
 * may still be thought alive. */
#define MAX_UNSENT_BYTES (4 * 1024 * 1024)

/* GLib's arrays abort at 4 GiB, and have to grow until then. */
#define MAX_MESSAGE_BYTES (G_GUINT64_CONSTANT (1) << 31)

/* How long a connection may last after our close frame and without an owner. */
#define LINGER_S 5

typedef enum
{
  STATE_OPEN,
  STATE_CLOSING, /* our close frame was sent, or waits to be */
  STATE_ENDED,
} State;

struct _DgwWebsocket
{
  guint                  ref_count; /* the owner, and a callback of ours that runs */
  State                  state;
  gboolean               is_lingering; /* freed; ends by itself */
  gboolean               is_settled;   /* nothing of the handshake is left to read */
  DgwWebsocketHandlers   handlers;     /* NULL when nothing is reported any more */
  gpointer               user_data;
  GIOStream             *stream;
  GSocket               *socket;
  DgwPoller             *poller; /* nullable */
  GPollableInputStream  *input;
  GPollableOutputStream *output;
  GSource               *input_source; /* NULL: watch stands for it */
  DgwPollerWatch        *watch;
  GSource               *output_source; /* NULL: nothing waits */
  gint64                 linger_end_us; /* when is_lingering */
  guint64                max_payload_size;
  gsize                  max_message_size;

  guint8 *buffer; /* received and not looked at yet: from start to end */
  gsize   size;
  gsize   start;
  gsize   end;

  GByteArray *fragments; /* of a message that goes on; NULL: none does */
  gboolean    is_text;   /* that message */
  gsize       n_fragment_bytes;
  gsize       n_ignored_bytes; /* of messages that came too late */
  GByteArray *unsent;
  gsize       n_unsent_bytes; /* of its memory, used since it was wiped */
};

/* The token has been in it; masked, but with the mask beside it. */
static void
wipe_unsent (DgwWebsocket *self)
{
  dgw_secret_wipe (self->unsent->data, self->n_unsent_bytes);
  self->n_unsent_bytes = 0;
}

static DgwWebsocket *
websocket_ref (DgwWebsocket *self)
{
  self->ref_count++;

  return self;
}

static void
websocket_unref (DgwWebsocket *self)
{
  if (--self->ref_count > 0)
    return;

  g_clear_pointer (&self->fragments, g_byte_array_unref);
  wipe_unsent (self);
  g_byte_array_unref (self->unsent);
  g_free (self->buffer);
  /* Its end as such would wait for what TLS has to say. */
  g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_unref (self->stream);
  g_object_unref (self->socket);
  g_free (self);
}

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
stop_reading (DgwWebsocket *self)
{
  drop_source (&self->input_source);
  g_clear_pointer (&self->watch, dgw_poller_unwatch);
}

static void
report_closed (DgwWebsocket *self,
               guint         code,
               const char   *reason,
               const GError *error)
{
  DgwWebsocketHandlers handlers = self->handlers;

  self->handlers = (DgwWebsocketHandlers){NULL, NULL};
  if (handlers.closed != NULL)
    handlers.closed (code, reason, error, self->user_data);
}

/* The connection is over. */
static void
end (DgwWebsocket *self,
     guint         code,
     const char   *reason,
     const GError *error)
{
  self->state = STATE_ENDED;
  stop_reading (self);
  drop_source (&self->output_source);
  if (self->is_lingering)
    {
      self->is_lingering = FALSE;
      dgw_net_socket_cut (self->socket);
      websocket_unref (self);
    }
  else
    {
      report_closed (self, code, reason, error);
    }
}

/* FALSE: the socket takes no more. An error shows when reading. */
static gboolean
flush (DgwWebsocket *self)
{
  gsize written = 0;

  while (written < self->unsent->len)
    {
      g_autoptr (GError) error = NULL;
      gssize n = g_pollable_output_stream_write_nonblocking (self->output, self->unsent->data + written,
                                                             self->unsent->len - written, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        break;
      written = n > 0 ? written + (gsize)n : self->unsent->len;
    }
  g_byte_array_remove_range (self->unsent, 0, (guint)written);
  if (self->unsent->len > 0)
    return FALSE;

  wipe_unsent (self);
  /* The peer learns that nothing more will come, be its frame lost or not. */
  if (self->is_lingering)
    g_socket_shutdown (self->socket, FALSE, TRUE, NULL);

  return TRUE;
}

static gboolean
output_cb (GObject *stream,
           gpointer user_data)
{
  DgwWebsocket *self = user_data;

  if (!flush (self))
    return G_SOURCE_CONTINUE;

  g_clear_pointer (&self->output_source, g_source_unref);

  return G_SOURCE_REMOVE;
}

/* 10.3: the mask is not to be predicted. */
static void
send_frame (DgwWebsocket      *self,
            DgwWebsocketOpcode opcode,
            gconstpointer      data,
            gsize              length)
{
  dgw_websocket_append_frame (self->unsent, opcode, data, length, dgw_random_number ());
  self->n_unsent_bytes = MAX (self->n_unsent_bytes, self->unsent->len);
  if (self->output_source != NULL || flush (self))
    return;

  self->output_source = g_pollable_output_stream_create_source (self->output, NULL);
  g_source_set_static_name (self->output_source, "[dgw] websocket output");
  g_source_set_callback (self->output_source, G_SOURCE_FUNC (output_cb), self, NULL);
  g_source_attach (self->output_source, g_main_context_get_thread_default ());
}

static void
send_close (DgwWebsocket *self,
            guint         code,
            const char   *reason)
{
  const gsize reason_size = reason != NULL ? strlen (reason) : 0;
  guint8      content[DGW_WEBSOCKET_MAX_CONTROL];

  content[0] = (guint8)(code >> 8);
  content[1] = (guint8)code;
  if (reason_size > 0)
    memcpy (content + 2, reason, reason_size);
  self->state = STATE_CLOSING;
  send_frame (self, DGW_WEBSOCKET_CLOSE, content, 2 + reason_size);
}

static void
end_for_violation (DgwWebsocket *self)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                                                  _ ("The server sent what is no WebSocket frame"));

  if (self->state == STATE_OPEN)
    send_close (self, SOUP_WEBSOCKET_CLOSE_PROTOCOL_ERROR, NULL);
  end (self, 0, NULL, error);
}

/* What the peer still sends is refused: it may be without end. Takes the error. */
static void
end_with_reset (DgwWebsocket *self,
                GError       *error)
{
  stop_reading (self);
  drop_source (&self->output_source);
  dgw_net_socket_reset (self->socket);
  end (self, 0, NULL, error);
  g_clear_error (&error);
}

static void
end_for_size (DgwWebsocket *self)
{
  end_with_reset (self, dgw_gateway_error_for_size (self->max_payload_size));
}

/* Somebody may still want to close with a code of his own. */
static void
report_bad_text (DgwWebsocket *self)
{
  g_autoptr (GError) error = g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL,
                                                  _ ("A message is no UTF-8"));

  report_closed (self, 0, NULL, error);
}

/* The buffer becomes the text's when there is little else in it, so that a large
 * text is not there twice. */
static GBytes *
take_text (DgwWebsocket *self,
           guint8       *content,
           gsize         length)
{
  guint8 *block = self->buffer;
  gsize   rest = self->end - self->start;
  char   *copy;

  if (length <= BUFFER_SIZE || content < block || content >= block + self->size)
    {
      copy = g_malloc (length + 1);
      memcpy (copy, content, length);
      copy[length] = '\0';

      return g_bytes_new_with_free_func (copy, length, g_free, copy);
    }

  self->size = MAX (rest, BUFFER_SIZE);
  self->buffer = g_malloc (self->size);
  memcpy (self->buffer, block + self->start, rest);
  self->start = 0;
  self->end = rest;
  memmove (block, content, length);
  block = g_realloc (block, length + 1);
  block[length] = '\0';

  return g_bytes_new_with_free_func (block, length, g_free, block);
}

/* content is followed by what came next, or by nothing that matters. */
static void
deliver (DgwWebsocket *self,
         guint8       *content,
         gsize         length,
         gboolean      is_text)
{
  g_autoptr (GBytes) message = NULL;

  if (is_text && !dgw_utf8_is_valid ((const char *)content, length))
    {
      report_bad_text (self);
      return;
    }

  message = is_text ? take_text (self, content, length) : g_bytes_new_static (content, length);
  self->handlers.message (message, is_text, self->user_data);
}

static void
take_fragment (DgwWebsocket             *self,
               const DgwWebsocketHeader *header,
               const guint8             *content)
{
  g_autoptr (GByteArray) message = NULL;

  if (self->fragments == NULL)
    {
      /* Of this size so that it has data, be they all empty. */
      self->fragments = g_byte_array_sized_new (1);
      self->is_text = header->opcode == DGW_WEBSOCKET_TEXT;
    }
  g_byte_array_append (self->fragments, content, (guint)header->length);
  /* An empty fragment counts too, lest there is no end to them. */
  self->n_fragment_bytes += MAX ((gsize)header->length, 1);
  if (!header->is_final)
    return;

  message = g_steal_pointer (&self->fragments);
  self->n_fragment_bytes = 0;
  deliver (self, message->data, message->len, self->is_text);
}

static void
take_data (DgwWebsocket             *self,
           const DgwWebsocketHeader *header,
           guint8                   *content)
{
  const gboolean goes_on = header->opcode == DGW_WEBSOCKET_CONTINUATION;

  if (goes_on != (self->fragments != NULL))
    end_for_violation (self);
  else if (goes_on || !header->is_final)
    take_fragment (self, header, content);
  else
    deliver (self, content, header->length, header->opcode == DGW_WEBSOCKET_TEXT);
}

static void
take_ping (DgwWebsocket *self,
           const guint8 *content,
           gsize         length)
{
  if (self->unsent->len > MAX_UNSENT_PONGS)
    end_with_reset (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                                               _ ("The server sends pings without end and reads no answer")));
  else
    send_frame (self, DGW_WEBSOCKET_PONG, content, length);
}

static void
take_close (DgwWebsocket *self,
            const guint8 *content,
            gsize         length)
{
  const int        code = dgw_websocket_close_code (content, length);
  g_autofree char *reason = NULL;

  if (code < 0)
    {
      end_for_violation (self);
      return;
    }

  if (length > 2 && g_utf8_validate_len ((const char *)content + 2, length - 2, NULL))
    reason = g_strndup ((const char *)content + 2, length - 2);
  if (self->state == STATE_OPEN)
    send_frame (self, DGW_WEBSOCKET_CLOSE, content, MIN (length, 2));
  end (self, (guint)code, reason, NULL);
}

/* Nobody wants it any more, and the peer is not to go on without end. */
static void
ignore (DgwWebsocket *self,
        gsize         length)
{
  self->n_ignored_bytes += length + 1;
  if (self->n_ignored_bytes > self->max_message_size)
    end_with_reset (self, NULL);
}

static void
take_frame (DgwWebsocket             *self,
            const DgwWebsocketHeader *header,
            guint8                   *content)
{
  if (header->opcode == DGW_WEBSOCKET_CLOSE)
    take_close (self, content, header->length);
  else if (self->state != STATE_OPEN || self->handlers.message == NULL)
    ignore (self, header->length);
  else if (header->opcode == DGW_WEBSOCKET_PING)
    take_ping (self, content, header->length);
  else if (header->opcode != DGW_WEBSOCKET_PONG)
    take_data (self, header, content);
}

/* Before any of it is kept. */
static gboolean
is_too_large (DgwWebsocket             *self,
              const DgwWebsocketHeader *header)
{
  return !DGW_WEBSOCKET_IS_CONTROL (header->opcode) &&
         (header->length > self->max_message_size ||
          self->n_fragment_bytes > self->max_message_size - header->length);
}

static void
take_frames (DgwWebsocket *self)
{
  while (self->state != STATE_ENDED)
    {
      guint8            *data = self->buffer + self->start;
      const gsize        length = self->end - self->start;
      DgwWebsocketHeader header;

      switch (dgw_websocket_header_parse (&header, data, length))
        {
        case DGW_WEBSOCKET_HEADER_CUT:
          return;
        case DGW_WEBSOCKET_HEADER_BAD:
          end_for_violation (self);
          return;
        case DGW_WEBSOCKET_HEADER_COMPLETE:
        default:
          break;
        }

      if (is_too_large (self, &header))
        {
          end_for_size (self);
          return;
        }
      if (length - header.size < header.length)
        return;

      self->start += header.size + header.length;
      take_frame (self, &header, data + header.size);
    }
}

/* Room behind what has been received. A frame that is larger than the buffer
 * makes it grow as it comes, not as it claims. */
static void
make_room (DgwWebsocket *self)
{
  if (self->start == self->end)
    {
      self->start = self->end = 0;
      if (self->size > BUFFER_SIZE)
        {
          self->size = BUFFER_SIZE;
          self->buffer = g_realloc (self->buffer, self->size);
        }
    }
  if (self->end < self->size)
    return;

  if (self->start > 0)
    {
      memmove (self->buffer, self->buffer + self->start, self->end - self->start);
      self->end -= self->start;
      self->start = 0;
    }
  else
    {
      self->size *= 2;
      self->buffer = g_realloc (self->buffer, self->size);
    }
}

static gboolean
input_cb (GObject *stream,
          gpointer user_data);

static void
start_reading (DgwWebsocket *self)
{
  stop_reading (self);
  self->input_source = g_pollable_input_stream_create_source (self->input, NULL);
  g_source_set_static_name (self->input_source, "[dgw] websocket input");
  g_source_set_callback (self->input_source, G_SOURCE_FUNC (input_cb), self, NULL);
  g_source_attach (self->input_source, g_main_context_get_thread_default ());
}

static gboolean
ready_cb (gpointer user_data);

/* What came behind the handshake is in a buffer of libsoup's stream, and a source
 * that is made before it is empty looks at nothing else. From now on what comes
 * shows at the socket: whoever reads, TLS as well, reads until that has no more. */
static void
settle (DgwWebsocket *self)
{
  if (self->is_settled)
    return;

  self->is_settled = TRUE;
  stop_reading (self);
  if (self->poller != NULL && !self->is_lingering)
    self->watch = dgw_poller_watch (self->poller, g_socket_get_fd (self->socket), ready_cb, self);
  if (self->watch == NULL)
    start_reading (self);
}

/* TRUE: there may be more than the socket tells of. */
static gboolean
read_some (DgwWebsocket *self)
{
  gsize n_bytes = 0;

  while (self->state != STATE_ENDED && n_bytes < TURN_BYTES)
    {
      g_autoptr (GError) error = NULL;
      gssize n;

      make_room (self);
      n = g_pollable_input_stream_read_nonblocking (self->input, self->buffer + self->end,
                                                    self->size - self->end, NULL, &error);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          settle (self);
          return FALSE;
        }
      /* Many a peer ends TLS without a word. */
      if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF))
        g_clear_error (&error);
      if (n <= 0)
        {
          end (self, 0, NULL, error);
          break;
        }

      self->end += (gsize)n;
      n_bytes += (gsize)n;
      take_frames (self);
    }

  return self->state != STATE_ENDED;
}

static gboolean
ready_cb (gpointer user_data)
{
  DgwWebsocket *self = websocket_ref (user_data);
  gboolean      has_more = read_some (self);

  websocket_unref (self);

  return has_more;
}

static gboolean
input_cb (GObject *stream,
          gpointer user_data)
{
  DgwWebsocket *self = websocket_ref (user_data);

  if (self->is_lingering && g_get_monotonic_time () > self->linger_end_us)
    end (self, 0, NULL, NULL);
  read_some (self);
  websocket_unref (self);

  /* Whatever ends it has destroyed the source. */
  return G_SOURCE_CONTINUE;
}

/* What cannot be compressed gets a little longer, and whoever decompresses it is
 * exact. */
static gsize
get_max_message_size (guint64 max_payload_size)
{
  const guint64 limit = MIN (max_payload_size, MAX_MESSAGE_BYTES);

  return (gsize)MIN (limit + limit / 8 + 1024, MAX_MESSAGE_BYTES);
}

/* libsoup gives out no stream but in a connection, which reads from it, and closes
 * it at its own end: but not while it is busy. Takes the connection. */
static GIOStream *
take_stream (SoupWebsocketConnection *connection)
{
  g_autoptr (GIOStream) stream = g_object_ref (soup_websocket_connection_get_io_stream (connection));
  gboolean is_busy = g_io_stream_set_pending (stream, NULL);

  g_object_unref (connection);
  if (is_busy)
    g_io_stream_clear_pending (stream);
  if (g_io_stream_is_closed (stream) ||
      g_main_context_find_source_by_user_data (g_main_context_get_thread_default (), connection) != NULL)
    return NULL;

  return g_steal_pointer (&stream);
}

DgwWebsocket *
dgw_websocket_new (SoupWebsocketConnection    *connection,
                   GSocket                    *socket,
                   DgwPoller                  *poller,
                   guint64                     max_payload_size,
                   const DgwWebsocketHandlers *handlers,
                   gpointer                    user_data)
{
  GIOStream    *stream = take_stream (connection);
  DgwWebsocket *self;

  if (stream == NULL)
    return NULL;

  self = g_new0 (DgwWebsocket, 1);
  self->ref_count = 1;
  self->handlers = *handlers;
  self->user_data = user_data;
  self->stream = stream;
  self->socket = g_object_ref (socket);
  self->poller = poller;
  self->input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream));
  self->output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream));
  self->max_payload_size = max_payload_size;
  self->max_message_size = get_max_message_size (max_payload_size);
  self->size = BUFFER_SIZE;
  self->buffer = g_malloc (self->size);
  self->unsent = g_byte_array_new ();
  start_reading (self);

  return self;
}

/* The socket limits a silence, and tells that to sources that are made after it
 * was set; a peer that sends on is cut by what it sends. */
static void
linger (DgwWebsocket *self)
{
  self->is_lingering = TRUE;
  self->linger_end_us = g_get_monotonic_time () + LINGER_S * G_USEC_PER_SEC;
  g_socket_set_timeout (self->socket, LINGER_S);
  dgw_net_socket_limit_wait (self->socket);
  start_reading (self);
  flush (self);
}

void
dgw_websocket_free (DgwWebsocket *self)
{
  self->handlers = (DgwWebsocketHandlers){NULL, NULL};
  if (self->state == STATE_CLOSING)
    {
      linger (self);
      return;
    }

  self->state = STATE_ENDED;
  stop_reading (self);
  drop_source (&self->output_source);
  dgw_net_socket_cut (self->socket);
  websocket_unref (self);
}

gboolean
dgw_websocket_send_text (DgwWebsocket *self,
                         const char   *text)
{
  if (self->state != STATE_OPEN || self->handlers.message == NULL)
    return FALSE;

  /* Reading finds the end. */
  if (self->unsent->len > MAX_UNSENT_BYTES)
    {
      dgw_net_socket_cut (self->socket);
      return FALSE;
    }

  send_frame (self, DGW_WEBSOCKET_TEXT, text, strlen (text));

  return TRUE;
}

/* As much of the reason as a close frame takes, cut between characters. */
static char *
fit_reason (const char *reason)
{
  const char *last;

  if (reason == NULL || strlen (reason) <= DGW_CLOSE_REASON_MAX_BYTES)
    return g_strdup (reason);

  last = g_utf8_find_prev_char (reason, reason + DGW_CLOSE_REASON_MAX_BYTES + 1);

  return g_strndup (reason, last - reason);
}

gboolean
dgw_websocket_close (DgwWebsocket *self,
                     guint         code,
                     const char   *reason)
{
  g_autofree char *text = fit_reason (reason);

  if (self->state != STATE_OPEN)
    return FALSE;

  send_close (self, code, text);

  return TRUE;
}
