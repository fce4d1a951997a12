/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The server's end of a WebSocket, RFC 6455, over the stream that SoupServer
 * hands over after the upgrade.
 *
 * SoupWebsocketConnection would not do here: it queues without a bound and
 * without telling, refuses several close codes that the service sends, and
 * cannot stop reading, split its writes or send broken frames. It is also what
 * the client uses: a fault of it must not sit on both ends.
 *
 * Everything written goes through one buffer, flushed when the main loop comes
 * round, so that a burst costs one system call. The callbacks may close, drop
 * or free the wire.
 */

#include "config.h"

#include "testing/dgw-testing-wire-private.h"

#include <string.h>
#include <sys/socket.h>

#include "testing/dgw-testing-timer-private.h"

#define READ_SIZE            (16 * 1024)
#define LOW_WATER            (64 * 1024)
#define MAX_INCOMING         (1024 * 1024)
#define MAX_CONTROL          125
#define CLOSE_TIMEOUT_US     (2 * G_USEC_PER_SEC)
#define CLOSE_EMPTY          1005
#define CLOSE_PROTOCOL_ERROR 1002
#define CLOSE_TOO_BIG        1009

typedef enum
{
  WIRE_OPEN,
  WIRE_CLOSING, /* we sent a close frame, the client's answer is awaited */
  WIRE_ENDING,  /* the client sent a close frame, ours is being flushed */
  WIRE_FROZEN,  /* held open, never served again */
  WIRE_CLOSED,
} WireState;

struct _DgwTestingWire
{
  GIOStream                 *stream;
  GPollableInputStream      *input;
  GPollableOutputStream     *output;
  GSocket                   *socket;
  GMainContext              *context;
  const DgwTestingWireFuncs *funcs;
  gpointer                   user_data;
  WireState                  state;
  GSource                   *read_source;
  GSource                   *write_source;
  DgwTestingTimer           *pace_timer;
  DgwTestingTimer           *close_timer;
  GByteArray                *incoming;
  GByteArray                *message;
  DgwTestingFrame            message_kind;
  gboolean                   is_amid_message;
  GByteArray                *outgoing;
  gsize                      sent;
  guint                      write_size;
  guint                      write_delay_ms;
  guint                      frame_size;
  gboolean                   receiving; /* a handler may run the main loop */
  guint                      close_code;
  char                      *close_reason;
};

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
wire_clear (gpointer data)
{
  DgwTestingWire *wire = data;

  g_clear_object (&wire->stream);
  g_clear_object (&wire->socket);
  g_clear_pointer (&wire->context, g_main_context_unref);
  g_clear_pointer (&wire->incoming, g_byte_array_unref);
  g_clear_pointer (&wire->message, g_byte_array_unref);
  g_clear_pointer (&wire->outgoing, g_byte_array_unref);
  g_clear_pointer (&wire->close_reason, g_free);
}

static void
wire_unref (DgwTestingWire *wire)
{
  g_rc_box_release_full (wire, wire_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingWire, wire_unref)

/* The end: no source is left, TCP is closed, the owner is told once. */
static void
finish (DgwTestingWire *wire)
{
  if (wire->state == WIRE_CLOSED)
    return;

  wire->state = WIRE_CLOSED;
  clear_source (&wire->read_source);
  clear_source (&wire->write_source);
  g_clear_pointer (&wire->pace_timer, dgw_testing_timer_free);
  g_clear_pointer (&wire->close_timer, dgw_testing_timer_free);
  /* Closing the socket itself: a TLS close would wait for the peer. */
  g_socket_close (wire->socket, NULL);
  if (wire->funcs != NULL)
    wire->funcs->closed (wire->close_code, wire->close_reason, wire->user_data);
}

static void write_some (DgwTestingWire *wire);

static gboolean
writable_cb (GObject *stream, gpointer user_data)
{
  g_autoptr (DgwTestingWire) wire = g_rc_box_acquire (user_data);

  write_some (wire);
  return G_SOURCE_CONTINUE;
}

static void
pace_cb (gpointer user_data)
{
  g_autoptr (DgwTestingWire) wire = g_rc_box_acquire (user_data);

  write_some (wire);
}

static void
want_write (DgwTestingWire *wire)
{
  if (wire->write_source != NULL || wire->state == WIRE_CLOSED || wire->state == WIRE_FROZEN ||
      dgw_testing_timer_is_running (wire->pace_timer))
    return;

  wire->write_source = g_pollable_output_stream_create_source (wire->output, NULL);
  g_source_set_static_name (wire->write_source, "[dgw-testing] wire write");
  g_source_set_callback (wire->write_source, G_SOURCE_FUNC (writable_cb), wire, NULL);
  g_source_attach (wire->write_source, wire->context);
}

static void
forget_sent (DgwTestingWire *wire)
{
  if (wire->sent == wire->outgoing->len)
    {
      g_byte_array_set_size (wire->outgoing, 0);
      wire->sent = 0;
    }
  else if (wire->sent > wire->outgoing->len / 2)
    {
      g_byte_array_remove_range (wire->outgoing, 0, wire->sent);
      wire->sent = 0;
    }
}

static void
after_write (DgwTestingWire *wire)
{
  if (wire->write_size > 0 && wire->sent < wire->outgoing->len)
    {
      clear_source (&wire->write_source);
      dgw_testing_timer_start (wire->pace_timer, wire->write_delay_ms * G_TIME_SPAN_MILLISECOND);
    }
  forget_sent (wire);
  if (wire->outgoing->len == 0)
    clear_source (&wire->write_source);
  if (wire->state == WIRE_ENDING && wire->outgoing->len == 0)
    finish (wire);
  else if (wire->state == WIRE_OPEN && wire->funcs != NULL && dgw_testing_wire_get_pending (wire) < LOW_WATER)
    wire->funcs->drained (wire->user_data);

  if (wire->outgoing->len > 0)
    want_write (wire);
}

static void
write_some (DgwTestingWire *wire)
{
  g_autoptr (GError) error = NULL;
  gsize  size = wire->outgoing->len - wire->sent;
  gssize written;

  if (wire->state == WIRE_CLOSED || wire->state == WIRE_FROZEN || size == 0)
    return;

  if (wire->write_size > 0)
    size = MIN (size, wire->write_size);
  written = g_pollable_output_stream_write_nonblocking (
    wire->output, wire->outgoing->data + wire->sent, size, NULL, &error);
  if (written < 0)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        want_write (wire);
      else
        finish (wire);
      return;
    }

  wire->sent += written;
  after_write (wire);
}

static void
append_frame (DgwTestingWire *wire, guint8 first, const void *data, gsize size)
{
  guint8 header[10] = {first};
  gsize  header_size = 2;

  if (size < 126)
    {
      header[1] = size;
    }
  else if (size <= G_MAXUINT16)
    {
      guint16 length = GUINT16_TO_BE ((guint16)size);

      header[1] = 126;
      memcpy (header + 2, &length, sizeof length);
      header_size = 4;
    }
  else
    {
      guint64 length = GUINT64_TO_BE ((guint64)size);

      header[1] = 127;
      memcpy (header + 2, &length, sizeof length);
      header_size = 10;
    }

  g_byte_array_append (wire->outgoing, header, header_size);
  g_byte_array_append (wire->outgoing, data, size);
}

static void
end_with_close (DgwTestingWire *wire, WireState state, guint code, const char *reason)
{
  guint8  body[MAX_CONTROL];
  gsize   size = 0;
  guint16 code_be = GUINT16_TO_BE ((guint16)code);

  if (code != 0 && code != CLOSE_EMPTY)
    {
      memcpy (body, &code_be, sizeof code_be);
      size = sizeof code_be;
      if (reason != NULL)
        {
          gsize length = MIN (strlen (reason), sizeof body - size);

          memcpy (body + size, reason, length);
          size += length;
        }
    }

  append_frame (wire, 0x80 | DGW_TESTING_FRAME_CLOSE, body, size);
  wire->state = state;
  dgw_testing_timer_start (wire->close_timer, CLOSE_TIMEOUT_US);
  want_write (wire);
}

static void
handle_close (DgwTestingWire *wire, const guint8 *data, gsize size)
{
  wire->close_code = size >= 2 ? (guint)(data[0] << 8 | data[1]) : CLOSE_EMPTY;
  if (size > 2)
    wire->close_reason = g_utf8_make_valid ((const char *)data + 2, size - 2);

  if (wire->state == WIRE_CLOSING)
    finish (wire);
  else
    end_with_close (wire, WIRE_ENDING, wire->close_code, NULL);
}

static void
handle_data (DgwTestingWire *wire, guint8 first, const guint8 *data, gsize size)
{
  if ((first & 0x0f) != DGW_TESTING_FRAME_CONTINUATION)
    {
      g_byte_array_set_size (wire->message, 0);
      wire->message_kind = first & 0x0f;
    }
  g_byte_array_append (wire->message, data, size);
  wire->is_amid_message = (first & 0x80) == 0;
  if (wire->is_amid_message || wire->state != WIRE_OPEN || wire->funcs == NULL)
    return;

  /* The text is handed on with a NUL behind it. */
  g_byte_array_append (wire->message, (const guint8 *)"", 1);
  wire->funcs->message (wire->message_kind, (const char *)wire->message->data, wire->message->len - 1, wire->user_data);
  g_byte_array_set_size (wire->message, 0);
}

static void
handle_frame (DgwTestingWire *wire, guint8 first, guint8 *data, gsize size)
{
  switch (first & 0x0f)
    {
    case DGW_TESTING_FRAME_CONTINUATION:
    case DGW_TESTING_FRAME_TEXT:
    case DGW_TESTING_FRAME_BINARY:
      handle_data (wire, first, data, size);
      break;
    case DGW_TESTING_FRAME_CLOSE:
      handle_close (wire, data, size);
      break;
    case DGW_TESTING_FRAME_PING:
      dgw_testing_wire_send (wire, DGW_TESTING_FRAME_PONG, data, size);
      break;
    case DGW_TESTING_FRAME_PONG:
      break;
    default:
      dgw_testing_wire_close (wire, CLOSE_PROTOCOL_ERROR, "Unknown frame");
      break;
    }
}

/* RFC 6455, sections 5.1, 5.4 and 5.5: a client masks everything it sends, control
 * frames are short and whole, and a message is not begun before the last has ended. */
static gboolean
is_frame_good (DgwTestingWire *wire, const guint8 *data, guint64 size)
{
  DgwTestingFrame kind = data[0] & 0x0f;

  if ((data[1] & 0x80) == 0 || (data[0] & 0x70) != 0)
    return FALSE;
  if (kind >= DGW_TESTING_FRAME_CLOSE)
    return (data[0] & 0x80) != 0 && size <= MAX_CONTROL;

  return (kind == DGW_TESTING_FRAME_CONTINUATION) == wire->is_amid_message && size + wire->message->len <= MAX_INCOMING;
}

/* One frame at the head of what has come; FALSE when it is not complete. */
static gboolean
take_frame (DgwTestingWire *wire)
{
  guint8 *data = wire->incoming->data;
  gsize   available = wire->incoming->len;
  guint64 size;
  gsize   header = 2;
  guint8 *mask;

  if (available < 2)
    return FALSE;

  size = data[1] & 0x7f;
  if (size >= 126)
    {
      gsize wide = size == 126 ? 2 : 8;

      if (available < 2 + wide)
        return FALSE;
      size = 0;
      for (gsize i = 0; i < wide; i++)
        size = size << 8 | data[2 + i];
      header += wide;
    }
  if (size > MAX_INCOMING || !is_frame_good (wire, data, size))
    {
      dgw_testing_wire_close (wire, size > MAX_INCOMING ? CLOSE_TOO_BIG : CLOSE_PROTOCOL_ERROR, "Bad frame");
      g_byte_array_set_size (wire->incoming, 0);
      return FALSE;
    }
  mask = data + header;
  header += 4;
  if (available < header + size)
    return FALSE;

  for (gsize i = 0; i < size; i++)
    data[header + i] ^= mask[i % 4];
  handle_frame (wire, data[0], data + header, size);
  if (wire->incoming->len > 0)
    g_byte_array_remove_range (wire->incoming, 0, header + size);
  return wire->state == WIRE_OPEN || wire->state == WIRE_CLOSING;
}

/* Takes in what has come by now. */
void
dgw_testing_wire_receive (DgwTestingWire *wire)
{
  g_autoptr (DgwTestingWire) guard = g_rc_box_acquire (wire);

  if (wire->receiving)
    return;

  wire->receiving = TRUE;
  while (wire->state == WIRE_OPEN || wire->state == WIRE_CLOSING)
    {
      g_autoptr (GError) error = NULL;
      guint8 buffer[READ_SIZE];
      gssize size = g_pollable_input_stream_read_nonblocking (wire->input, buffer, sizeof buffer, NULL, &error);

      if (size < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        break;
      if (size <= 0)
        finish (wire);
      else
        g_byte_array_append (wire->incoming, buffer, size);
      while (size > 0 && take_frame (wire))
        continue;
    }
  wire->receiving = FALSE;
}

static gboolean
readable_cb (GObject *stream, gpointer user_data)
{
  DgwTestingWire *wire = user_data;

  if (wire->state == WIRE_ENDING)
    clear_source (&wire->read_source);
  else
    dgw_testing_wire_receive (wire);

  return G_SOURCE_CONTINUE;
}

static void
close_timeout_cb (gpointer user_data)
{
  g_autoptr (DgwTestingWire) wire = g_rc_box_acquire (user_data);

  finish (wire);
}

DgwTestingWire *
dgw_testing_wire_new (GIOStream                 *stream,
                      GSocket                   *socket,
                      const DgwTestingWireFuncs *funcs,
                      gpointer                   user_data)
{
  DgwTestingWire *wire = g_rc_box_new0 (DgwTestingWire);

  wire->stream = g_object_ref (stream);
  wire->socket = g_object_ref (socket);
  wire->context = g_main_context_ref_thread_default ();
  wire->input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (stream));
  wire->output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (stream));
  wire->funcs = funcs;
  wire->user_data = user_data;
  wire->incoming = g_byte_array_new ();
  wire->message = g_byte_array_new ();
  wire->outgoing = g_byte_array_new ();
  wire->pace_timer = dgw_testing_timer_new (wire->context, "[dgw-testing] wire pace", pace_cb, wire);
  wire->close_timer = dgw_testing_timer_new (wire->context, "[dgw-testing] wire close", close_timeout_cb, wire);
  wire->read_source = g_pollable_input_stream_create_source (wire->input, NULL);
  g_source_set_static_name (wire->read_source, "[dgw-testing] wire read");
  g_source_set_callback (wire->read_source, G_SOURCE_FUNC (readable_cb), wire, NULL);
  g_source_attach (wire->read_source, wire->context);
  return wire;
}

/* Closes TCP if it is open; no callback comes any more. */
void
dgw_testing_wire_free (DgwTestingWire *wire)
{
  wire->funcs = NULL;
  finish (wire);
  wire_unref (wire);
}

/* At most @write_size bytes a write, @delay_ms between two; 0: no limit. */
void
dgw_testing_wire_set_pace (DgwTestingWire *wire, guint write_size, guint delay_ms)
{
  wire->write_size = write_size;
  wire->write_delay_ms = delay_ms;
}

/* Splits messages into frames of at most this size; 0: one frame each. */
void
dgw_testing_wire_set_frame_size (DgwTestingWire *wire, guint frame_size)
{
  wire->frame_size = frame_size;
}

void
dgw_testing_wire_send (DgwTestingWire *wire, DgwTestingFrame kind, const void *data, gsize size)
{
  const guint8 *bytes = data;
  gboolean      whole = wire->frame_size == 0 || kind >= DGW_TESTING_FRAME_CLOSE;
  gsize         part = whole ? size : MIN (size, wire->frame_size);
  guint8        first = kind;

  if (wire->state != WIRE_OPEN)
    return;

  while (part < size)
    {
      append_frame (wire, first, bytes, part);
      first = DGW_TESTING_FRAME_CONTINUATION;
      bytes += part;
      size -= part;
      part = MIN (size, wire->frame_size);
    }
  append_frame (wire, 0x80 | first, bytes, size);
  want_write (wire);
}

/* Puts bytes on the stream that need not be a frame. */
void
dgw_testing_wire_send_bytes (DgwTestingWire *wire, const void *data, gsize size)
{
  if (wire->state != WIRE_OPEN)
    return;

  g_byte_array_append (wire->outgoing, data, size);
  want_write (wire);
}

/* Writes at once what the socket takes. */
void
dgw_testing_wire_flush (DgwTestingWire *wire)
{
  g_autoptr (DgwTestingWire) guard = g_rc_box_acquire (wire);

  if (wire->write_size == 0)
    write_some (wire);
}

gsize
dgw_testing_wire_get_pending (DgwTestingWire *wire)
{
  return wire->outgoing->len - wire->sent;
}

/* Sends a close frame and waits, for 2 s, for the client's. */
void
dgw_testing_wire_close (DgwTestingWire *wire, guint code, const char *reason)
{
  if (wire->state == WIRE_OPEN)
    end_with_close (wire, WIRE_CLOSING, code, reason);
}

/* Ends TCP without a close frame, after what is queued. */
void
dgw_testing_wire_drop (DgwTestingWire *wire)
{
  g_autoptr (DgwTestingWire) guard = g_rc_box_acquire (wire);

  if (wire->state == WIRE_OPEN)
    {
      wire->write_size = 0;
      wire->state = WIRE_CLOSING;
      write_some (wire);
    }
  finish (wire);
}

/* Ends TCP by a reset. */
void
dgw_testing_wire_reset (DgwTestingWire *wire)
{
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  g_autoptr (DgwTestingWire) guard = g_rc_box_acquire (wire);

  setsockopt (g_socket_get_fd (wire->socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  finish (wire);
}

/* Leaves TCP open and never touches it again: a half-open connection. */
void
dgw_testing_wire_freeze (DgwTestingWire *wire)
{
  if (wire->state == WIRE_CLOSED)
    return;

  wire->state = WIRE_FROZEN;
  clear_source (&wire->read_source);
  clear_source (&wire->write_source);
  dgw_testing_timer_stop (wire->pace_timer);
  dgw_testing_timer_stop (wire->close_timer);
}
