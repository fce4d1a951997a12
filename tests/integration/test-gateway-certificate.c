/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gateway-fixture.h"

/* A server that wants a certificate of the client. */

static GTlsCertificate *
load_certificate (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "certificates", name, NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return certificate;
}

#define TEST_TYPE_INTERACTION (test_interaction_get_type ())
G_DECLARE_FINAL_TYPE (TestInteraction, test_interaction, TEST, INTERACTION, GTlsInteraction)

struct _TestInteraction
{
  GTlsInteraction parent_instance;

  GThread *thread; /* that it was asked in */
};

G_DEFINE_FINAL_TYPE (TestInteraction, test_interaction, G_TYPE_TLS_INTERACTION)

static GTlsInteractionResult
test_interaction_request_certificate (GTlsInteraction            *interaction,
                                      GTlsConnection             *connection,
                                      GTlsCertificateRequestFlags flags,
                                      GCancellable               *cancellable,
                                      GError                    **error)
{
  g_autoptr (GTlsCertificate) certificate = load_certificate ("elsewhere.pem");

  TEST_INTERACTION (interaction)->thread = g_thread_self ();
  g_tls_connection_set_certificate (connection, certificate);
  return G_TLS_INTERACTION_HANDLED;
}

static void
test_interaction_class_init (TestInteractionClass *klass)
{
  G_TLS_INTERACTION_CLASS (klass)->request_certificate = test_interaction_request_certificate;
}

static void
test_interaction_init (TestInteraction *self)
{
}

typedef struct
{
  GTlsCertificate *shown;
  guint            n_done;
} Server;

static gboolean
accept_cb (GTlsConnection      *connection,
           GTlsCertificate     *certificate,
           GTlsCertificateFlags errors,
           gpointer             user_data)
{
  Server *server = user_data;

  g_set_object (&server->shown, certificate);
  return TRUE;
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Server *server = user_data;

  g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL);
  server->n_done++;
  g_object_unref (source);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *stream,
             GObject           *source,
             gpointer           user_data)
{
  g_autoptr (GTlsCertificate) own = load_certificate ("localhost.pem");
  GIOStream *connection = g_tls_server_connection_new (G_IO_STREAM (stream), own, NULL);

  g_object_set (connection, "authentication-mode", G_TLS_AUTHENTICATION_REQUIRED, NULL);
  g_signal_connect (connection, "accept-certificate", G_CALLBACK (accept_cb), user_data);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (connection), G_PRIORITY_DEFAULT, NULL, done_cb, user_data);
  return TRUE;
}

static void
test_asked (void)
{
  Server server = {0};
  g_autoptr (GSocketService) service = g_socket_service_new ();
  guint            port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *url = g_strdup_printf ("wss://localhost:%u", port);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "certificates", "authority.pem", NULL);
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (path, NULL);
  g_autoptr (TestInteraction) interaction = g_object_new (TEST_TYPE_INTERACTION, NULL);
  g_autoptr (GTlsCertificate) ours = load_certificate ("elsewhere.pem");
  DgwGateway *gateway = dgw_gateway_new ("token.of.test", 0);

  g_test_summary ("CON-11: a server that wants a certificate gets the application's, which is asked in its own thread");
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), &server);
  dgw_gateway_set_url (gateway, url);
  dgw_gateway_set_tls_database (gateway, database);
  dgw_gateway_set_tls_interaction (gateway, G_TLS_INTERACTION (interaction));
  g_assert_true (dgw_gateway_get_tls_interaction (gateway) == G_TLS_INTERACTION (interaction));
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  WAIT_UNTIL (server.shown != NULL && server.n_done > 0);
  g_assert_true (g_tls_certificate_is_same (server.shown, ours));
  g_assert_true (interaction->thread == g_thread_self ());
  close_gateway (gateway);
  g_assert_finalize_object (gateway);
  g_socket_service_stop (service);
  g_clear_object (&server.shown);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_test_add_func ("/dgw/gateway/certificate/asked", test_asked);

  return g_test_run ();
}
