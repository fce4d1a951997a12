/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-net-options-private.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "base/dgw-clean-private.h"
#include "base/dgw-gateway-error.h"

/* Longer than any wait that a server may ask for in earnest. */
#define MAX_RETRY_AFTER_S (24.0 * 60 * 60)

/* As long as libsoup waits for the answer to a close frame. */
#define SILENCE_MS 5000

/* RFC 1035. */
#define MAX_HOST_BYTES 255

/* libsoup 3.2 has no name for it. */
#define TOO_MANY_REQUESTS 429

/* Answers before the answer that are put up with; there is no use for any. */
#define MAX_INFORMATIONAL 10

#define SOCKET_KEY        "dgw-socket"
#define OWNER_KEY         "dgw-owner"
#define INFORMATIONAL_KEY "dgw-informational"

typedef struct
{
  gpointer owner;
  gpointer (*ref) (gpointer owner);
  GDestroyNotify unref;
} Hold;

static void
hold_free (gpointer data)
{
  Hold *self = data;

  self->unref (self->owner);
  g_free (self);
}

/* The owner stays until the object is finalized. A weak reference would tell
 * when it is disposed, and a stream's asynchronous close starts only then. */
static void
hold_owner (GObject *object,
            gpointer owner,
            gpointer (*ref) (gpointer owner),
            GDestroyNotify unref)
{
  Hold *hold;

  if (owner == NULL || g_object_get_data (object, OWNER_KEY) != NULL)
    return;

  hold = g_new (Hold, 1);
  hold->owner = ref (owner);
  hold->ref = ref;
  hold->unref = unref;
  g_object_set_data_full (object, OWNER_KEY, hold, hold_free);
}

/* GLib makes a class under a lock, and asks for the types that it needs, while
 * another thread may register one of these and wait for that lock: neither goes
 * on. So what several threads are the first to use is made before there are any;
 * the classes stay. */
void
dgw_net_prepare (void)
{
  static gsize is_done = 0;

  if (!g_once_init_enter (&is_done))
    return;

  {
    const GType types[] = {
      G_TYPE_SOCKET_ADDRESS,
      G_TYPE_INET_SOCKET_ADDRESS,
      G_TYPE_UNIX_SOCKET_ADDRESS,
      G_TYPE_PROXY_ADDRESS,
      G_TYPE_NETWORK_ADDRESS,
      G_TYPE_SOCKET,
      G_TYPE_SOCKET_CLIENT,
      G_TYPE_TCP_CONNECTION,
      G_TYPE_UNIX_CONNECTION,
      G_TYPE_DBUS_CONNECTION,
      SOUP_TYPE_SESSION,
      SOUP_TYPE_MESSAGE,
      SOUP_TYPE_WEBSOCKET_CONNECTION,
    };

    for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
      g_type_class_ref (types[i]);
  }
  g_once_init_leave (&is_done, TRUE);
}

SoupSession *
dgw_net_session_new (const DgwNetOptions *options)
{
  SoupSession *session = soup_session_new_with_options ("timeout", 0,
                                                        "idle-timeout", 0,
                                                        "user-agent", options->user_agent,
                                                        NULL);

  if (options->tls_database != NULL)
    soup_session_set_tls_database (session, options->tls_database);
  if (options->tls_interaction != NULL)
    soup_session_set_tls_interaction (session, options->tls_interaction);
  if (options->proxy_resolver != NULL || options->is_direct)
    soup_session_set_proxy_resolver (session, options->proxy_resolver);
  hold_owner (G_OBJECT (session), options->owner, options->owner_ref, options->owner_unref);

  return session;
}

static void
network_event_cb (SoupMessage       *message,
                  GSocketClientEvent event,
                  GIOStream         *stream,
                  gpointer           user_data)
{
  Hold    *hold;
  GSocket *socket;

  if (event != G_SOCKET_CLIENT_CONNECTED || !G_IS_SOCKET_CONNECTION (stream))
    return;

  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));
  g_object_set_data_full (G_OBJECT (message), SOCKET_KEY, g_object_ref (socket), g_object_unref);
  hold = g_object_get_data (G_OBJECT (message), OWNER_KEY);
  if (hold != NULL)
    hold_owner (G_OBJECT (stream), hold->owner, hold->ref, hold->unref);
}

/* libsoup reads the next one at once: a server that sends them without end would
 * keep the context from everything else, time limits among it. */
static void
informational_cb (SoupMessage *message,
                  gpointer     user_data)
{
  guint n_before = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (message), INFORMATIONAL_KEY));

  g_object_set_data (G_OBJECT (message), INFORMATIONAL_KEY, GUINT_TO_POINTER (n_before + 1));
  if (n_before >= MAX_INFORMATIONAL)
    dgw_net_socket_cut (dgw_net_message_get_socket (message));
}

SoupMessage *
dgw_net_message_new (const DgwNetOptions *options,
                     const char          *address,
                     GError             **error)
{
  static const char *const schemes[] = {"ws", "wss", "http", "https", NULL};
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  SoupMessage *message;

  if (uri == NULL || !g_strv_contains (schemes, g_uri_get_scheme (uri)) || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      g_set_error (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED,
                   _ ("“%s” is not an address that can be connected to"), address);
      return NULL;
    }

  message = soup_message_new_from_uri (SOUP_METHOD_GET, uri);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  hold_owner (G_OBJECT (message), options->owner, options->owner_ref, options->owner_unref);
  g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), NULL);
  g_signal_connect (message, "got-informational", G_CALLBACK (informational_cb), NULL);

  return message;
}

GSocket *
dgw_net_message_get_socket (SoupMessage *message)
{
  return g_object_get_data (G_OBJECT (message), SOCKET_KEY);
}

void
dgw_net_socket_cut (GSocket *socket)
{
  /* A close alone would let TLS wait for a peer that may be dead. */
  if (socket != NULL && g_socket_is_connected (socket))
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

void
dgw_net_socket_reset (GSocket *socket)
{
  static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

  setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  g_socket_close (socket, NULL);
}

void
dgw_net_socket_limit_wait (GSocket *socket)
{
  if (socket != NULL && g_socket_is_connected (socket))
    g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, SILENCE_MS, NULL);
}

guint
dgw_net_message_get_status (SoupMessage *message)
{
  const char *scheme = g_uri_get_scheme (soup_message_get_uri (message));
  gboolean    is_tls = g_strcmp0 (scheme, "wss") == 0 || g_strcmp0 (scheme, "https") == 0;

  /* What came without TLS came from a proxy that would not let us through; its
   * 401 says nothing about the token. */
  if (is_tls && soup_message_get_tls_peer_certificate (message) == NULL)
    return 0;

  return soup_message_get_status (message);
}

gint64
dgw_net_message_get_retry_after (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char         *value = soup_message_headers_get_one (headers, "Retry-After");
  g_autoptr (GDateTime) date = NULL;
  char  *end;
  double seconds;

  if (value == NULL || dgw_net_message_get_status (message) == 0)
    return -1;

  seconds = g_ascii_strtod (value, &end);
  if (end == value)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

      date = soup_date_time_new_from_http_string (value);
      if (date == NULL)
        return -1;
      seconds = (double)g_date_time_difference (date, now) / G_USEC_PER_SEC;
    }
  /* Not a number fails every comparison. */
  if (!(seconds >= 0))
    return 0;

  return (gint64)(MIN (seconds, MAX_RETRY_AFTER_S) * G_USEC_PER_SEC);
}

/* Which server it leads to. The rest is left out: a path may repeat what the
 * request had in it, and a part of a token cannot be told from other words. */
static char *
describe_target (SoupMessage *message,
                 const char  *location)
{
  const GUriFlags flags = G_URI_FLAGS_NON_DNS | G_URI_FLAGS_PARSE_RELAXED;
  g_autoptr (GUri) uri = g_uri_parse_relative (soup_message_get_uri (message), location, flags, NULL);
  g_autofree char *target = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || strlen (g_uri_get_host (uri)) > MAX_HOST_BYTES)
    return g_strdup ("?");

  target = g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri), g_uri_get_port (uri), "", NULL, NULL);

  return dgw_clean_text (target, NULL);
}

/* What to do about it, to be put behind; nothing when that is not known. */
static const char *
advise (guint status)
{
  if (status == SOUP_STATUS_FORBIDDEN)
    return _ ("; Discord or a proxy bars this address: look at the network");
  if (status == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED)
    return _ ("; the proxy wants a user name and a password");
  if (status == TOO_MANY_REQUESTS)
    return _ ("; it was asked too often: wait");
  if (SOUP_STATUS_IS_SERVER_ERROR (status))
    return _ ("; Discord has trouble: see its status page");

  return "";
}

char *
dgw_net_message_describe_status (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint               status = soup_message_get_status (message);
  const char         *location = soup_message_headers_get_one (headers, "Location");

  if (SOUP_STATUS_IS_REDIRECTION (status) && location != NULL)
    {
      g_autofree char *target = describe_target (message, location);

      return g_strdup_printf (_ ("HTTP %u, a redirect to “%s” that is not followed; perhaps this network wants a login first"), status, target);
    }
  if (SOUP_STATUS_IS_SUCCESSFUL (status) && g_strcmp0 (soup_message_headers_get_content_type (headers, NULL), "text/html") == 0)
    return g_strdup_printf (_ ("HTTP %u and a web page; perhaps this network wants a login first"), status);

  /* The server's own phrase may be anything. */
  return g_strdup_printf ("HTTP %u (%s)%s", status, soup_status_get_phrase (status), advise (status));
}

void
dgw_net_message_explain (SoupMessage *message,
                         GError     **error)
{
  static const struct
  {
    GTlsCertificateFlags flag;
    const char          *text;
  } reasons[] = {
    {G_TLS_CERTIFICATE_UNKNOWN_CA,    N_ ("signed by an authority that is not trusted")},
    {G_TLS_CERTIFICATE_BAD_IDENTITY,  N_ ("made out to another host")                  },
    {G_TLS_CERTIFICATE_NOT_ACTIVATED, N_ ("not valid yet; is the clock right?")        },
    {G_TLS_CERTIFICATE_EXPIRED,       N_ ("expired; is the clock right?")              },
    {G_TLS_CERTIFICATE_REVOKED,       N_ ("revoked")                                   },
    {G_TLS_CERTIFICATE_INSECURE,      N_ ("insecurely signed")                         },
  };
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);

  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES))
    /* TRANSLATORS: what the system says follows. */
    g_prefix_error (error, "%s", _ ("each connection is an open file, and this process may open no more (raise RLIMIT_NOFILE): "));
  if (!g_error_matches (*error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (flags & reasons[i].flag)
      {
        /* TRANSLATORS: the host and why its certificate is refused, and then what TLS says. */
        g_prefix_error (error, _ ("the certificate of “%s” is %s: "),
                        g_uri_get_host (soup_message_get_uri (message)), _ (reasons[i].text));
        return;
      }
}
