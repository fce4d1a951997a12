/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A raw client for the tests of the simulator: libsoup, zlib, libzstd and
 * json-glib, and nothing of this project.
 */

#include "testing/test-client-private.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define PATIENCE_S 30
#define STEP       (64 * 1024)

struct _TestClient
{
  SoupSession             *session;
  SoupWebsocketConnection *connection;
  TestCompression          compression;
  z_stream                 zlib;
  ZSTD_DCtx               *zstd;
  GByteArray              *pending;
  GQueue                   payloads;
  guint                    n_messages;
  gboolean                 is_closed;
  GError                  *error;
};

static gboolean
give_up_cb (gpointer user_data)
{
  g_error ("The condition did not come true within %d s", PATIENCE_S);
  return G_SOURCE_REMOVE;
}

void
test_wait_until (gboolean (*condition) (gpointer data), gpointer data)
{
  GMainContext *context = g_main_context_get_thread_default ();
  GSource      *source = g_timeout_source_new_seconds (PATIENCE_S);

  g_source_set_callback (source, give_up_cb, NULL, NULL);
  g_source_attach (source, context);
  while (!condition (data))
    g_main_context_iteration (context, TRUE);
  g_source_destroy (source);
  g_source_unref (source);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **)data != NULL;
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

void
test_simulator_start (DgwTestingSimulator *simulator)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  dgw_testing_simulator_start_async (simulator, NULL, result_cb, &result);
  test_wait_until (has_result, &result);
  dgw_testing_simulator_start_finish (simulator, result, &error);
  g_assert_no_error (error);
}

void
test_simulator_stop (DgwTestingSimulator *simulator)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  dgw_testing_simulator_stop_async (simulator, NULL, result_cb, &result);
  test_wait_until (has_result, &result);
  dgw_testing_simulator_stop_finish (simulator, result, &error);
  g_assert_no_error (error);
}

DgwTestingSimulator *
test_simulator_new (const char *first_property, ...)
{
  DgwTestingSimulator *simulator = dgw_testing_simulator_new ();
  va_list              args;

  va_start (args, first_property);
  g_object_set_valist (G_OBJECT (simulator), first_property, args);
  va_end (args);
  test_simulator_start (simulator);
  return simulator;
}

static gboolean
accept_cb (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags errors, gpointer user_data)
{
  return TRUE;
}

char *
test_get (const char *url, const char *authorization, guint *status, char **retry_after)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_cb), NULL);
  if (authorization != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", authorization);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  test_wait_until (has_result, &result);
  body = soup_session_send_and_read_finish (session, result, &error);
  g_assert_no_error (error);
  *status = soup_message_get_status (message);
  if (retry_after != NULL)
    *retry_after = g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After"));
  return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static void
take_payload (TestClient *client, const void *data, gsize size)
{
  g_queue_push_tail (&client->payloads, g_strndup (data, size));
}

static void
inflate_all (TestClient *client, const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize used = 0;

  client->zlib.next_in = (Bytef *)data;
  client->zlib.avail_in = size;
  do
    {
      int result;

      g_byte_array_set_size (out, used + STEP);
      client->zlib.next_out = out->data + used;
      client->zlib.avail_out = STEP;
      result = inflate (&client->zlib, Z_SYNC_FLUSH);
      g_assert_true (result == Z_OK || result == Z_BUF_ERROR || result == Z_STREAM_END);
      used = out->len - client->zlib.avail_out;
    }
  while (client->zlib.avail_out == 0);
  g_assert_cmpuint (client->zlib.avail_in, ==, 0);
  take_payload (client, out->data, used);
}

static void
decompress_all (TestClient *client, const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  ZSTD_inBuffer in = {data, size, 0};
  gsize         used = 0;
  gboolean      is_full;

  do
    {
      ZSTD_outBuffer buffer;
      gsize          result;

      g_byte_array_set_size (out, used + STEP);
      buffer = (ZSTD_outBuffer){out->data + used, STEP, 0};
      result = ZSTD_decompressStream (client->zstd, &buffer, &in);
      g_assert_false (ZSTD_isError (result));
      /* CMP-08: a payload does not end the frame. */
      g_assert_cmpuint (result, >, 0);
      used += buffer.pos;
      is_full = buffer.pos == STEP;
    }
  while (is_full);
  g_assert_cmpuint (in.pos, ==, in.size);
  take_payload (client, out->data, used);
}

static void
take_zlib_part (TestClient *client, const guint8 *data, gsize size)
{
  static const guint8 suffix[] = {0, 0, 0xff, 0xff};

  g_byte_array_append (client->pending, data, size);
  if (client->pending->len < sizeof suffix ||
      memcmp (client->pending->data + client->pending->len - sizeof suffix, suffix, sizeof suffix) != 0)
    return;

  inflate_all (client, client->pending->data, client->pending->len);
  g_byte_array_set_size (client->pending, 0);
}

static void
message_cb (SoupWebsocketConnection *connection, int type, GBytes *bytes, gpointer user_data)
{
  TestClient   *client = user_data;
  gsize         size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  client->n_messages++;
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    {
      take_payload (client, data, size);
      return;
    }

  g_assert_cmpint (client->compression, !=, TEST_COMPRESSION_NONE);
  if (client->compression == TEST_COMPRESSION_PAYLOAD)
    {
      inflateReset (&client->zlib);
      inflate_all (client, data, size);
    }
  else if (client->compression == TEST_COMPRESSION_ZLIB)
    take_zlib_part (client, data, size);
  else
    decompress_all (client, data, size);
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer user_data)
{
  TestClient *client = user_data;

  client->is_closed = TRUE;
}

TestClient *
test_client_connect (const char *url, const char *query, GError **error)
{
  g_autofree char *uri = g_strdup_printf ("http%s/%s", strchr (url, ':') - (g_str_has_prefix (url, "wss") ? 1 : 0), query);
  TestClient      *client = g_new0 (TestClient, 1);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr (GAsyncResult) result = NULL;

  g_queue_init (&client->payloads);
  client->pending = g_byte_array_new ();
  client->zstd = ZSTD_createDCtx ();
  inflateInit (&client->zlib);
  client->session = soup_session_new ();
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_cb), NULL);
  soup_session_websocket_connect_async (
    client->session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  test_wait_until (has_result, &result);
  client->connection = soup_session_websocket_connect_finish (client->session, result, error);
  if (client->connection == NULL)
    {
      test_client_free (client);
      return NULL;
    }

  soup_websocket_connection_set_max_incoming_payload_size (client->connection, 0);
  g_signal_connect (client->connection, "message", G_CALLBACK (message_cb), client);
  g_signal_connect (client->connection, "closed", G_CALLBACK (closed_cb), client);
  return client;
}

TestClient *
test_client_new (DgwTestingSimulator *simulator, TestCompression compression)
{
  static const char *const queries[N_TEST_COMPRESSIONS] = {
    [TEST_COMPRESSION_NONE] = "?v=10&encoding=json",
    [TEST_COMPRESSION_PAYLOAD] = "?v=10&encoding=json",
    [TEST_COMPRESSION_ZLIB] = "?v=10&encoding=json&compress=zlib-stream",
    [TEST_COMPRESSION_ZSTD] = "?v=10&encoding=json&compress=zstd-stream",
  };
  g_autoptr (GError) error = NULL;
  TestClient *client = test_client_connect (dgw_testing_simulator_get_url (simulator), queries[compression], &error);

  g_assert_no_error (error);
  client->compression = compression;
  return client;
}

void
test_client_free (TestClient *client)
{
  if (client->connection != NULL)
    g_signal_handlers_disconnect_by_data (client->connection, client);
  g_clear_object (&client->connection);
  g_clear_object (&client->session);
  g_queue_clear_full (&client->payloads, g_free);
  g_byte_array_unref (client->pending);
  inflateEnd (&client->zlib);
  ZSTD_freeDCtx (client->zstd);
  g_free (client);
}

void
test_client_send (TestClient *client, const char *text)
{
  if (soup_websocket_connection_get_state (client->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (client->connection, text);
}

void
test_client_identify (TestClient *client, guint shard_id, guint shard_count)
{
  g_autofree char *shard = shard_count > 0 ? g_strdup_printf (",\"shard\":[%u,%u]", shard_id, shard_count) : g_strdup ("");
  g_autofree char *text = g_strdup_printf (
    "{\"op\":2,\"d\":{\"token\":\"secret\",\"intents\":513,\"properties\":{\"os\":\"linux\"}%s%s}}",
    client->compression == TEST_COMPRESSION_PAYLOAD ? ",\"compress\":true" : "",
    shard);

  test_client_send (client, text);
}

void
test_client_resume (TestClient *client, const char *session_id, gint64 sequence)
{
  g_autofree char *text = g_strdup_printf (
    "{\"op\":6,\"d\":{\"token\":\"secret\",\"session_id\":\"%s\",\"seq\":%" G_GINT64_FORMAT "}}", session_id, sequence);

  test_client_send (client, text);
}

void
test_client_close (TestClient *client, guint code)
{
  soup_websocket_connection_close (client->connection, code, NULL);
  test_client_wait_closed (client);
}

static gboolean
has_payload_or_end (gpointer data)
{
  TestClient *client = data;

  return !g_queue_is_empty (&client->payloads) || client->is_closed;
}

/* The next payload, NULL when the connection has ended. */
char *
test_client_receive (TestClient *client)
{
  test_wait_until (has_payload_or_end, client);
  return g_queue_pop_head (&client->payloads);
}

/* The next payload, which must have this opcode. */
JsonObject *
test_client_receive_object (TestClient *client, gint64 opcode)
{
  g_autofree char *text = test_client_receive (client);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;

  g_assert_nonnull (text);
  root = json_from_string (text, NULL);
  g_assert_nonnull (root);
  object = json_node_dup_object (root);
  g_assert_cmpint (json_object_get_int_member (object, "op"), ==, opcode);
  return object;
}

/* The sequence of the next payload, which must be this dispatch. */
gint64
test_client_receive_event (TestClient *client, const char *name)
{
  g_autoptr (JsonObject) object = test_client_receive_object (client, 0);

  g_assert_cmpstr (json_object_get_string_member (object, "t"), ==, name);
  return json_object_get_int_member (object, "s");
}

/* HELLO, identify, READY; returns the session. */
char *
test_client_receive_ready (TestClient *client)
{
  g_autoptr (JsonObject) hello = test_client_receive_object (client, 10);
  g_autoptr (JsonObject) ready = NULL;
  JsonObject *data;

  test_client_identify (client, 0, 0);
  ready = test_client_receive_object (client, 0);
  g_assert_cmpstr (json_object_get_string_member (ready, "t"), ==, "READY");
  data = json_object_get_object_member (ready, "d");
  return g_strdup (json_object_get_string_member (data, "session_id"));
}

static gboolean
is_closed (gpointer data)
{
  return ((TestClient *)data)->is_closed;
}

guint
test_client_wait_closed (TestClient *client)
{
  test_wait_until (is_closed, client);
  return soup_websocket_connection_get_close_code (client->connection);
}

gboolean
test_client_is_closed (TestClient *client)
{
  return client->is_closed;
}

guint
test_client_get_n_received (TestClient *client)
{
  return g_queue_get_length (&client->payloads);
}

guint
test_client_get_n_messages (TestClient *client)
{
  return client->n_messages;
}
