/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The floor that a client on libsoup cannot go below: libsoup's WebSocket and
 * the decompression, nothing parsed. Prints the CPU time per payload. */
#include "config.h"

#include <libsoup/soup.h>
#include <zlib.h>
#include <zstd.h>

#include "bench-cpu-private.h"

typedef struct
{
  GMainLoop               *loop;
  SoupWebsocketConnection *connection;
  const char              *compress;
  z_stream                 zlib;
  ZSTD_DCtx               *zstd;
  guint8                  *buffer;
  gsize                    size;
  guint                    n_messages; /* since READY */
  guint                    wanted;
  gint64                   start_us;
} Floor;

#define BUFFER_SIZE (16 * 1024 * 1024)

static void
inflate_message (Floor  *self,
                 GBytes *message)
{
  gsize         length;
  gconstpointer data = g_bytes_get_data (message, &length);

  self->size = length;
  if (g_str_equal (self->compress, "zlib-stream"))
    {
      self->zlib.next_in = (Bytef *)data;
      self->zlib.avail_in = (uInt)length;
      self->zlib.next_out = self->buffer;
      self->zlib.avail_out = BUFFER_SIZE;
      inflate (&self->zlib, Z_SYNC_FLUSH);
      self->size = BUFFER_SIZE - self->zlib.avail_out;
    }
  else if (g_str_equal (self->compress, "zstd-stream"))
    {
      ZSTD_inBuffer  in = {data, length, 0};
      ZSTD_outBuffer out = {self->buffer, BUFFER_SIZE, 0};

      ZSTD_decompressStream (self->zstd, &out, &in);
      self->size = out.pos;
    }
}

static void
message_cb (SoupWebsocketConnection *connection,
            int                      type,
            GBytes                  *message,
            Floor                   *self)
{
  inflate_message (self, message);

  if (self->n_messages == 0)
    {
      soup_websocket_connection_send_text (connection,
                                           "{\"op\":2,\"d\":{\"token\":\"bench\",\"intents\":53608447,"
                                           "\"properties\":{\"os\":\"linux\",\"browser\":\"floor\",\"device\":\"floor\"}}}");
    }
  /* The first two are HELLO and READY. */
  if (++self->n_messages == 3)
    self->start_us = bench_cpu_us ();
  if (self->n_messages == self->wanted + 2)
    g_main_loop_quit (self->loop);
}

static void
connected_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Floor *self = user_data;
  g_autoptr (GError) error = NULL;

  self->connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (!self->connection)
    g_error ("%s", error->message);
  soup_websocket_connection_set_max_incoming_payload_size (self->connection, 0);
  g_signal_connect (self->connection, "message", G_CALLBACK (message_cb), self);
}

int
main (int    argc,
      char **argv)
{
  Floor floor = {0};
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *url = NULL;

  if (argc != 4)
    g_error ("usage: bench-floor URL none|zlib-stream|zstd-stream EVENTS");

  floor.compress = argv[2];
  floor.wanted = (guint)g_ascii_strtoull (argv[3], NULL, 10);
  floor.buffer = g_malloc (BUFFER_SIZE);
  floor.zstd = ZSTD_createDCtx ();
  floor.loop = g_main_loop_new (NULL, FALSE);
  inflateInit (&floor.zlib);

  url = g_str_equal (floor.compress, "none") ? g_strdup_printf ("%s/?v=10&encoding=json", argv[1])
                                             : g_strdup_printf ("%s/?v=10&encoding=json&compress=%s", argv[1], floor.compress);
  message = soup_message_new ("GET", url);
  soup_session_websocket_connect_async (session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL, connected_cb, &floor);
  g_main_loop_run (floor.loop);

  g_print ("%.3f\n", (double)(bench_cpu_us () - floor.start_us) / floor.wanted);

  g_clear_object (&floor.connection);
  inflateEnd (&floor.zlib);
  ZSTD_freeDCtx (floor.zstd);
  g_free (floor.buffer);
  g_main_loop_unref (floor.loop);
  return 0;
}
