/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "raw-server.h"

#include <string.h>
#include <sys/socket.h>

#define WEBSOCKET_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

struct _RawServer
{
  GSocketListener *listener;
  GCancellable    *cancellable;
  GTlsCertificate *certificate;
  GThread         *thread;
  RawServe         serve;
  gpointer         user_data;
  guint            port;
  int              n_connections; /* atomic */
  GPtrArray       *peers;         /* of the accepting thread, of GThread */
};

char *
raw_certificate_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "certificates", name, NULL);
}

static void
ignore_log (const char    *domain,
            GLogLevelFlags level,
            const char    *text,
            gpointer       data)
{
}

void
raw_server_silence_logs (void)
{
  g_log_set_handler ("libsoup", G_LOG_LEVEL_DEBUG, ignore_log, NULL);
  g_log_set_handler ("GLib-GIO", G_LOG_LEVEL_DEBUG, ignore_log, NULL);
}

static GIOStream *
wrap_tls (RawServer *self,
          GIOStream *stream)
{
  GIOStream *tls = g_tls_server_connection_new (stream, self->certificate, NULL);

  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  g_tls_connection_handshake (G_TLS_CONNECTION (tls), self->cancellable, NULL);

  return tls;
}

static gpointer
serve_peer (gpointer data)
{
  RawPeer   *peer = data;
  RawServer *self = peer->server;

  if (self->certificate != NULL)
    {
      g_autoptr (GIOStream) plain = peer->stream;

      peer->stream = wrap_tls (self, plain);
    }
  peer->input = g_io_stream_get_input_stream (peer->stream);
  peer->output = g_io_stream_get_output_stream (peer->stream);
  self->serve (peer, self->user_data);

  g_io_stream_close (peer->stream, NULL, NULL);
  g_object_unref (peer->socket);
  g_object_unref (peer->stream);
  g_free (peer);

  return NULL;
}

static gpointer
accept_peers (gpointer data)
{
  RawServer *self = data;

  for (guint number = 0;; number++)
    {
      GSocketConnection *connection = g_socket_listener_accept (self->listener, NULL, self->cancellable, NULL);
      RawPeer           *peer;

      if (connection == NULL)
        return NULL;

      peer = g_new0 (RawPeer, 1);
      peer->server = self;
      peer->number = number;
      peer->socket = g_object_ref (g_socket_connection_get_socket (connection));
      peer->stream = G_IO_STREAM (connection);
      g_atomic_int_inc (&self->n_connections);
      g_ptr_array_add (self->peers, g_thread_new ("raw-peer", serve_peer, peer));
    }
}

RawServer *
raw_server_new (const char *certificate,
                RawServe    serve,
                gpointer    user_data)
{
  RawServer *self = g_new0 (RawServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  self->listener = g_socket_listener_new ();
  self->cancellable = g_cancellable_new ();
  self->peers = g_ptr_array_new ();
  self->serve = serve;
  self->user_data = user_data;
  if (certificate != NULL)
    {
      g_autofree char *path = raw_certificate_path (certificate);

      self->certificate = g_tls_certificate_new_from_file (path, &error);
      g_assert_no_error (error);
    }
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->thread = g_thread_new ("raw-server", accept_peers, self);

  return self;
}

void
raw_server_free (RawServer *self)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  for (guint i = 0; i < self->peers->len; i++)
    g_thread_join (g_ptr_array_index (self->peers, i));
  g_ptr_array_unref (self->peers);
  g_object_unref (self->listener);
  g_object_unref (self->cancellable);
  g_clear_object (&self->certificate);
  g_free (self);
}

guint
raw_server_get_port (RawServer *self)
{
  return self->port;
}

char *
raw_server_dup_url (RawServer  *self,
                    const char *scheme,
                    const char *path)
{
  return g_strdup_printf ("%s://localhost:%u%s", scheme, self->port, path);
}

guint
raw_server_count_connections (RawServer *self)
{
  return g_atomic_int_get (&self->n_connections);
}

gboolean
raw_peer_read (RawPeer *self,
               gpointer data,
               gsize    length)
{
  gsize n = 0;

  return g_input_stream_read_all (self->input, data, length, &n, self->server->cancellable, NULL) && n == length;
}

char *
raw_peer_read_head (RawPeer *self)
{
  g_autoptr (GString) head = g_string_new (NULL);
  char byte;

  while (strstr (head->str, "\r\n\r\n") == NULL)
    {
      if (!raw_peer_read (self, &byte, 1))
        return NULL;
      g_string_append_c (head, byte);
    }

  return g_strdup (head->str);
}

gboolean
raw_peer_write (RawPeer      *self,
                gconstpointer data,
                gssize        length)
{
  gsize size = length < 0 ? strlen (data) : (gsize)length;

  return g_output_stream_write_all (self->output, data, size, NULL, self->server->cancellable, NULL);
}

char *
raw_peer_accept (RawPeer *self)
{
  g_autofree char *head = raw_peer_read_head (self);
  g_autofree char *answer = NULL;
  g_autofree char *accept = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  const char *key;
  guint8      digest[20];
  gsize       length = sizeof digest;

  if (head == NULL)
    return NULL;

  key = strstr (head, "Sec-WebSocket-Key: ");
  g_assert_nonnull (key);
  key += strlen ("Sec-WebSocket-Key: ");
  g_checksum_update (checksum, (const guchar *)key, strcspn (key, "\r"));
  g_checksum_update (checksum, (const guchar *)WEBSOCKET_GUID, -1);
  g_checksum_get_digest (checksum, digest, &length);
  accept = g_base64_encode (digest, length);
  answer = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Accept: %s\r\n\r\n",
                            accept);
  raw_peer_write (self, answer, -1);

  return g_steal_pointer (&head);
}

void
raw_peer_send (RawPeer      *self,
               guint8        first,
               gconstpointer data,
               gssize        length)
{
  guint64 size = length < 0 ? strlen (data) : (guint64)length;
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  guint8  head[10] = {first};
  guint16 size16 = GUINT16_TO_BE (size);
  guint64 size64 = GUINT64_TO_BE (size);

  head[1] = size < 126 ? size : size <= G_MAXUINT16 ? 126
                                                    : 127;
  if (head[1] == 126)
    memcpy (head + 2, &size16, sizeof size16);
  else if (head[1] == 127)
    memcpy (head + 2, &size64, sizeof size64);
  g_byte_array_append (frame, head, head[1] < 126 ? 2 : head[1] == 126 ? 4
                                                                       : 10);
  g_byte_array_append (frame, data, size);
  raw_peer_write (self, frame->data, frame->len);
}

void
raw_peer_send_close (RawPeer    *self,
                     guint       code,
                     const char *reason)
{
  g_autofree char *content = g_strdup_printf ("..%s", reason);

  content[0] = (char)(code >> 8);
  content[1] = (char)(code & 0xff);
  raw_peer_send (self, 0x88, content, 2 + strlen (reason));
}

int
raw_peer_receive (RawPeer     *self,
                  GByteArray **content)
{
  guint8  head[2];
  guint8  mask[4];
  guint16 size16;
  gsize   size;

  if (!raw_peer_read (self, head, sizeof head))
    return -1;

  g_assert_true (head[1] & 0x80);
  size = head[1] & 0x7f;
  g_assert_cmpuint (size, <, 127);
  if (size == 126)
    {
      if (!raw_peer_read (self, &size16, sizeof size16))
        return -1;
      size = GUINT16_FROM_BE (size16);
    }
  *content = g_byte_array_sized_new (size + 1);
  g_byte_array_set_size (*content, size + 1);
  if (!raw_peer_read (self, mask, sizeof mask) || !raw_peer_read (self, (*content)->data, size))
    {
      g_clear_pointer (content, g_byte_array_unref);
      return -1;
    }
  for (gsize i = 0; i < size; i++)
    (*content)->data[i] ^= mask[i % 4];
  (*content)->data[size] = '\0';
  g_byte_array_set_size (*content, size);

  return head[0] & 0x0f;
}

gboolean
raw_peer_wait_end (RawPeer *self)
{
  char   buffer[4096];
  gssize n;

  do
    n = g_input_stream_read (self->input, buffer, sizeof buffer, self->server->cancellable, NULL);
  while (n > 0);

  return n == 0;
}

void
raw_peer_reset (RawPeer *self)
{
  struct linger at_once = {1, 0};

  setsockopt (g_socket_get_fd (self->socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  g_socket_close (self->socket, NULL);
}

typedef struct
{
  GInputStream  *from;
  GOutputStream *to;
  GSocket       *to_socket;
  GCancellable  *cancellable;
} Pipe;

static gpointer
pump_bytes (gpointer data)
{
  Pipe *pipe = data;

  g_output_stream_splice (pipe->to, pipe->from, G_OUTPUT_STREAM_SPLICE_NONE, pipe->cancellable, NULL);
  g_socket_shutdown (pipe->to_socket, FALSE, TRUE, NULL);

  return NULL;
}

void
raw_peer_relay (RawPeer *self,
                guint    port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) far = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  GSocket *far_socket;
  Pipe     back;
  Pipe     forth;
  GThread *thread;

  g_assert_nonnull (far);
  far_socket = g_socket_connection_get_socket (far);
  back = (Pipe){g_io_stream_get_input_stream (G_IO_STREAM (far)), self->output, self->socket, self->server->cancellable};
  forth = (Pipe){self->input, g_io_stream_get_output_stream (G_IO_STREAM (far)), far_socket, self->server->cancellable};
  thread = g_thread_new ("raw-relay", pump_bytes, &back);
  pump_bytes (&forth);
  g_thread_join (thread);
}
