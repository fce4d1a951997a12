/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport-fixture.h"

static void
maybe_free (Fixture *fixture,
            guint    handler)
{
  if (fixture->free_in == handler)
    g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
}

static void
opened (gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_opened++;
  maybe_free (fixture, IN_OPENED);
}

static void
failed (guint         http_status,
        gint64        retry_after_us,
        const GError *error,
        gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_nonnull (error);
  g_test_message ("failed: %s", error->message);
  fixture->n_failed++;
  fixture->http_status = http_status;
  fixture->retry_after_us = retry_after_us;
  fixture->error = g_error_copy (error);
  maybe_free (fixture, IN_FAILED);
}

static void
message (GBytes  *bytes,
         gboolean is_text,
         gpointer user_data)
{
  Fixture *fixture = user_data;

  /* A binary message is gone when this returns. */
  g_ptr_array_add (fixture->messages, g_bytes_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
  fixture->is_text = is_text;
  maybe_free (fixture, IN_MESSAGE);
}

static void
closed (guint         code,
        const char   *reason,
        const GError *error,
        gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_test_message ("closed: %u %s %s", code, reason, error != NULL ? error->message : "");
  fixture->n_closed++;
  fixture->code = code;
  fixture->reason = g_strdup (reason);
  fixture->error = error != NULL ? g_error_copy (error) : NULL;
  if (fixture->close_code != 0)
    g_assert_true (dgw_soup_transport_close (fixture->transport, fixture->close_code, "unreadable"));
  maybe_free (fixture, IN_CLOSED);
}

static gpointer
owner_ref (gpointer owner)
{
  g_atomic_int_inc ((int *)owner);

  return owner;
}

static void
owner_unref (gpointer owner)
{
  /* The last reference to a TLS connection may go in a thread of GIO's. */
  g_atomic_int_add ((int *)owner, -1);
  g_main_context_wakeup (NULL);
}

void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->options = (DgwNetOptions){
    .user_agent = "DiscordBot (https://example.org, 1)",
    .owner = &fixture->n_owners,
    .owner_ref = owner_ref,
    .owner_unref = owner_unref,
    .poller = dgw_poller_new (NULL),
  };
  fixture->max_message_size = 16 * 1024 * 1024;
  fixture->messages = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  fixture->seen = g_async_queue_new_full (g_free);
}

void
reset (Fixture *fixture)
{
  g_clear_pointer (&fixture->transport, dgw_soup_transport_free);
  g_ptr_array_set_size (fixture->messages, 0);
  g_clear_error (&fixture->error);
  g_clear_pointer (&fixture->reason, g_free);
  fixture->n_opened = fixture->n_failed = fixture->n_closed = fixture->code = 0;
}

void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  reset (fixture);
  g_clear_object (&fixture->options.tls_database);
  g_clear_object (&fixture->options.proxy_resolver);
  /* Nothing of the connection is left, so nobody holds the owner. */
  while (g_atomic_int_get (&fixture->n_owners) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&fixture->options.poller, dgw_poller_free);
  g_ptr_array_unref (fixture->messages);
  g_async_queue_unref (fixture->seen);
}

void
start_url (Fixture    *fixture,
           const char *url)
{
  static const DgwSoupTransportHandlers handlers = {opened, failed, message, closed};
  g_autoptr (GError) error = NULL;

  reset (fixture);
  fixture->transport = dgw_soup_transport_new (&fixture->options, url, fixture->max_message_size, &handlers, fixture, &error);
  g_assert_no_error (error);
}

void
start (Fixture    *fixture,
       RawServer  *server,
       const char *scheme)
{
  g_autofree char *url = raw_server_dup_url (server, scheme, "/?v=10");

  start_url (fixture, url);
}

void
trust_authority (Fixture *fixture)
{
  g_autofree char *path = raw_certificate_path ("authority.pem");
  g_autoptr (GError) error = NULL;

  fixture->options.tls_database = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
}

char *
wait_seen (Fixture *fixture)
{
  char *text;

  while ((text = g_async_queue_try_pop (fixture->seen)) == NULL)
    g_main_context_iteration (NULL, TRUE);

  return text;
}

void
tell (Fixture *fixture,
      char    *text)
{
  g_async_queue_push (fixture->seen, text);
  g_main_context_wakeup (NULL);
}

void
tell_frame (Fixture *fixture,
            RawPeer *peer)
{
  GByteArray *content = NULL;
  int         opcode = raw_peer_receive (peer, &content);

  if (opcode == 8 && content->len >= 2)
    tell (fixture, g_strdup_printf ("8 %u %s", content->data[0] << 8 | content->data[1], content->data + 2));
  else
    tell (fixture, g_strdup_printf ("%d %s", opcode, content != NULL ? (char *)content->data : ""));
  g_clear_pointer (&content, g_byte_array_unref);
}

void
serve_flood (RawPeer *peer,
             gpointer data)
{
  Fixture         *fixture = data;
  g_autofree char *head = raw_peer_accept (peer);

  if (head == NULL)
    return;
  for (guint i = 0; i < 50; i++)
    raw_peer_send (peer, 0x81, "flood", 5);
  for (int opcode = 0; opcode != -1;)
    {
      g_autoptr (GByteArray) content = NULL;

      opcode = raw_peer_receive (peer, &content);
      if (opcode == 8)
        tell (fixture, g_strdup_printf ("8 %u", content->data[0] << 8 | content->data[1]));
    }
  tell (fixture, g_strdup ("end"));
}

int
run_cases (int                argc,
           char             **argv,
           const FixtureCase *cases,
           gsize              n_cases)
{
  g_test_init (&argc, &argv, NULL);
  raw_server_silence_logs ();
  for (gsize i = 0; i < n_cases; i++)
    g_test_add (cases[i].path, Fixture, NULL, fixture_set_up, cases[i].func, fixture_tear_down);

  return g_test_run ();
}
