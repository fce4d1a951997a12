/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server on loopback that does exactly what the test says, byte by byte: for
 * what a decent server such as the simulator cannot do. Each connection is
 * served by a function in a thread of its own, with blocking calls. */
typedef struct _RawServer RawServer;

typedef struct
{
  RawServer     *server;
  GIOStream     *stream;
  GSocket       *socket;
  GInputStream  *input;
  GOutputStream *output;
  guint          number; /* of the connection, from 0 */
} RawPeer;

typedef void (*RawServe) (RawPeer *peer,
                          gpointer user_data);

/* certificate: a file of tests/certificates, NULL for no TLS. */
RawServer *raw_server_new (const char *certificate,
                           RawServe    serve,
                           gpointer    user_data);
/* Cuts what is still served and waits for its threads. */
void  raw_server_free (RawServer *self);
guint raw_server_get_port (RawServer *self);
char *raw_server_dup_url (RawServer  *self,
                          const char *scheme,
                          const char *path);
guint raw_server_count_connections (RawServer *self);

/* For the serving threads. Reads give up when the connection ends. */
char    *raw_peer_read_head (RawPeer *self); /* of an HTTP request; NULL at the end */
gboolean raw_peer_read (RawPeer *self,
                        gpointer data,
                        gsize    length);
gboolean raw_peer_write (RawPeer      *self,
                         gconstpointer data,
                         gssize        length); /* -1: a string */
/* Reads the upgrade request and answers it; gives the request. */
char *raw_peer_accept (RawPeer *self);
/* One frame; first is FIN, RSV and opcode. */
void raw_peer_send (RawPeer      *self,
                    guint8        first,
                    gconstpointer data,
                    gssize        length);
void raw_peer_send_close (RawPeer    *self,
                          guint       code,
                          const char *reason);
/* The opcode of the next frame, its content with a NUL past the end; -1: the
 * connection is over. */
int raw_peer_receive (RawPeer     *self,
                      GByteArray **content);
/* Reads until the other side ends the connection: FALSE when that was a reset. */
gboolean raw_peer_wait_end (RawPeer *self);
void     raw_peer_reset (RawPeer *self);
/* Passes bytes on both ways until one side ends. */
void raw_peer_relay (RawPeer *self,
                     guint    port);

/* libsoup and GIO tell of every frame, and quote it. */
void raw_server_silence_logs (void);

/* A file of tests/certificates. */
char *raw_certificate_path (const char *name);

G_END_DECLS
