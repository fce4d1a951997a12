/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "socket-pair.h"
#include "fuzz.h"
#include "transport/dgw-websocket-frame-private.h"
#include "transport/dgw-websocket-private.h"

/* What a server sends after the handshake. The first byte says how it is cut into
 * pieces, the second how large a message may be, the third after how many pieces
 * the client closes. A reader of our own, which has it all at once, tells what has
 * to come out, as text:
 *
 *   T text   B bytes (in hexadecimal)   C code   E (an error)
 */

#define UNIT 64

static GMainContext *context;
static GUri         *uri;

void
fuzz_target_init (void)
{
  fuzz_write_no_log ();
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  uri = g_uri_parse ("ws://127.0.0.1/", G_URI_FLAGS_NONE, NULL);
}

static void
append_message (GString      *output,
                const guint8 *data,
                gsize         size,
                gboolean      is_text)
{
  g_string_append (output, is_text ? "T " : "B ");
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (output, "%02x", data[i]);
  g_string_append_c (output, '\n');
}

static void
message_cb (GBytes  *message,
            gboolean is_text,
            gpointer user_data)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (message, &size);

  if (is_text)
    g_assert_cmpint (data[size], ==, '\0');
  append_message (user_data, data, size, is_text);
}

static void
closed_cb (guint         code,
           const char   *reason,
           const GError *error,
           gpointer      user_data)
{
  g_assert_true (reason == NULL || g_utf8_validate (reason, -1, NULL));
  if (error != NULL)
    g_string_append (user_data, "E\n");
  else
    g_string_append_printf (user_data, "C %u\n", code);
}

static const DgwWebsocketHandlers handlers = {message_cb, closed_cb};

static void
act (DgwWebsocket *websocket)
{
  dgw_websocket_send_text (websocket, "{\"op\":1,\"d\":null}");
  dgw_websocket_close (websocket, 4000, "It is enough");
  g_assert_false (dgw_websocket_send_text (websocket, "{}"));
}

/* Closes when so many bytes are read. */
static char *
read_in_pieces (const FuzzInput *input,
                gsize            piece,
                gsize            close_at,
                guint64          max_payload_size)
{
  g_auto (FuzzSocket) socket = {0};
  GString                 *output = g_string_new (NULL);
  SoupWebsocketConnection *connection;
  DgwWebsocket            *websocket;

  fuzz_socket_init (&socket);
  connection = soup_websocket_connection_new (socket.stream, uri, SOUP_WEBSOCKET_CONNECTION_CLIENT, NULL, NULL, NULL);
  websocket = dgw_websocket_new (connection, socket.socket, NULL, max_payload_size, &handlers, output);
  g_assert_nonnull (websocket);

  for (gsize at = 0; at < input->size; at += piece)
    {
      if (at == close_at)
        act (websocket);
      fuzz_socket_write (&socket, input->data + at, MIN (piece, input->size - at));
    }
  fuzz_socket_shut (&socket);
  dgw_websocket_free (websocket);

  return g_string_free (output, FALSE);
}

typedef struct
{
  GString    *output;
  GByteArray *message;
  guint       opcode; /* of the message that goes on; 0: none does */
  gsize       n_bytes;
  gsize       n_ignored_bytes;
  gsize       max_size;
  gsize       close_at;
} Reference;

/* FALSE: it was the last. */
static gboolean
take_message (Reference *self)
{
  const gboolean is_text = self->opcode == DGW_WEBSOCKET_TEXT;
  const gboolean is_good = !is_text || g_utf8_validate_len ((const char *)self->message->data, self->message->len, NULL);

  if (is_good)
    append_message (self->output, self->message->data, self->message->len, is_text);
  else
    g_string_append (self->output, "E\n");
  g_byte_array_set_size (self->message, 0);
  self->opcode = 0;
  self->n_bytes = 0;

  return is_good;
}

static gboolean
fail (Reference *self)
{
  g_string_append (self->output, "E\n");

  return FALSE;
}

static gboolean
take_close (Reference    *self,
            const guint8 *data,
            gsize         size)
{
  const guint code = size >= 2 ? (guint)data[0] << 8 | data[1] : 0;

  if (size == 1 || (size >= 2 && (code < 1000 || code == 1005 || code == 1006 || code == 1015)))
    return fail (self);

  g_string_append_printf (self->output, "C %u\n", code);

  return FALSE;
}

/* Before its close frame the peer may send on for a while. */
static gboolean
ignore_frame (Reference *self,
              gsize      size)
{
  self->n_ignored_bytes += size + 1;
  if (self->n_ignored_bytes <= self->max_size)
    return TRUE;

  g_string_append (self->output, "C 0\n");

  return FALSE;
}

static gboolean
take_frame (Reference    *self,
            guint8        first,
            const guint8 *data,
            gsize         size,
            gboolean      is_closing)
{
  const guint opcode = first & 15;

  if (opcode == DGW_WEBSOCKET_CLOSE)
    return take_close (self, data, size);
  if (is_closing)
    return ignore_frame (self, size);
  if (opcode > DGW_WEBSOCKET_CLOSE)
    return TRUE;
  if ((opcode == 0) != (self->opcode != 0))
    return fail (self);

  self->opcode = opcode != 0 ? opcode : self->opcode;
  self->n_bytes += MAX (size, 1);
  g_byte_array_append (self->message, data, (guint)size);

  return (first & 0x80) == 0 || take_message (self);
}

static gboolean
is_bad (const guint8 *data)
{
  const guint opcode = data[0] & 15;

  return (data[0] & 0x70) != 0 || data[1] >= 0x80 || (opcode > 2 && opcode < 8) || opcode > 10 ||
         (opcode >= 8 && ((data[0] & 0x80) == 0 || data[1] > 125));
}

static gboolean
read_all (Reference    *self,
          const guint8 *data,
          gsize         size)
{
  const guint8 *start = data;
  gsize         wide;
  guint64       length;

  for (; size >= 2; data += length, size -= length)
    {
      const guint8 first = data[0];

      if (is_bad (data))
        return fail (self);
      length = data[1];
      wide = length < 126 ? 0 : length == 126 ? 2
                                              : 8;
      if (size < 2 + wide)
        return TRUE;
      for (gsize i = 0; i < wide; i++)
        length = (i == 0 ? 0 : length << 8) | data[2 + i];
      data += 2 + wide;
      size -= 2 + wide;
      if (length > G_MAXINT64 || ((first & 15) < 8 && length + self->n_bytes > self->max_size))
        return fail (self);
      if (length > size)
        return TRUE;
      if (!take_frame (self, first, data, length, (gsize)(data + length - start) > self->close_at))
        return FALSE;
    }

  return TRUE;
}

static char *
read_at_once (const FuzzInput *input,
              gsize            close_at,
              guint64          max_payload_size)
{
  Reference reference = {
    .output = g_string_new (NULL),
    .message = g_byte_array_new (),
    .max_size = max_payload_size + max_payload_size / 8 + 1024,
    .close_at = close_at,
  };

  if (read_all (&reference, input->data, input->size))
    g_string_append (reference.output, "C 0\n");
  g_byte_array_unref (reference.message);

  return g_string_free (reference.output, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput        input = {data, size};
  const guint8     pieces = fuzz_take_byte (&input);
  const gsize      piece = pieces > 0 ? pieces : MAX (size, 1);
  const guint64    max_payload_size = (guint64)fuzz_take_byte (&input) * UNIT;
  const guint8     n_pieces = fuzz_take_byte (&input);
  const gsize      close_at = n_pieces > 0 && n_pieces * piece < input.size ? n_pieces * piece : G_MAXSIZE;
  g_autofree char *expected = read_at_once (&input, close_at, max_payload_size);
  g_autofree char *got = read_in_pieces (&input, piece, close_at, max_payload_size);

  g_assert_cmpstr (got, ==, expected);

  return 0;
}
