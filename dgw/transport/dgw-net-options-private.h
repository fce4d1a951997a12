/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "transport/dgw-poller-private.h"

G_BEGIN_DECLS

/* How this library talks to the network. Borrowed for the time of a call. */
typedef struct
{
  const char     *user_agent;
  GTlsDatabase   *tls_database;   /* NULL: the system's */
  GProxyResolver *proxy_resolver; /* NULL: the default */
  gboolean        is_direct;      /* nobody's proxy is asked, but for proxy_resolver */

  /* Who runs the context that connections live in: a reference is held until
   * nothing of a connection is left, which takes longer than the owner of a
   * transport or of a request is interested in it. */
  gpointer owner;
  gpointer (*owner_ref) (gpointer owner);
  GDestroyNotify owner_unref;

  DgwPoller *poller; /* the owner's; NULL: each connection has a source of its own */

  GTlsInteraction *tls_interaction; /* nullable: asked for a certificate of our own */
} DgwNetOptions;

/* To be called before there is a thread that connects. */
void dgw_net_prepare (void);

/* A session for the calling thread and its thread-default context: no limits
 * of its own (deadlines are the engine's), no cookies. */
SoupSession *dgw_net_session_new (const DgwNetOptions *options) G_GNUC_WARN_UNUSED_RESULT;

/* A GET that follows no redirect. NULL with an error when the address is none. */
SoupMessage *dgw_net_message_new (const DgwNetOptions *options,
                                  const char          *address,
                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* The socket that the message goes over; NULL while there is none. */
GSocket *dgw_net_message_get_socket (SoupMessage *message);

/* Ends all that waits for the socket (nullable), without a word to the peer. */
void dgw_net_socket_cut (GSocket *socket);
/* The same, and what the peer still sends is refused: else it would wait for a
 * minute until it learns that nobody reads that. */
void dgw_net_socket_reset (GSocket *socket);
/* Cuts it by itself when the peer is silent for some seconds. */
void dgw_net_socket_limit_wait (GSocket *socket);

/* The HTTP status that the gateway's side answered with: 0 when there was no
 * answer or when it was the proxy's. */
guint dgw_net_message_get_status (SoupMessage *message);

/* Retry-After as microseconds from now, -1 without one. */
gint64 dgw_net_message_get_retry_after (SoupMessage *message);

/* "HTTP 503 (Service Unavailable)" and, for a redirect, where it leads. */
char *dgw_net_message_describe_status (SoupMessage *message) G_GNUC_WARN_UNUSED_RESULT;

/* Adds to a refused certificate's error what is wrong with it, and where the
 * message was going; and to that of a lack of descriptors what to do. */
void dgw_net_message_explain (SoupMessage *message,
                              GError     **error);

G_END_DECLS
