/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include <dgw-testing.h>

G_BEGIN_DECLS

typedef enum
{
  TEST_COMPRESSION_NONE,
  TEST_COMPRESSION_PAYLOAD,
  TEST_COMPRESSION_ZLIB,
  TEST_COMPRESSION_ZSTD,
  N_TEST_COMPRESSIONS,
} TestCompression;

typedef struct _TestClient TestClient;

void test_wait_until (gboolean (*condition) (gpointer data),
                      gpointer data);

DgwTestingSimulator *test_simulator_new (const char *first_property,
                                         ...);
void                 test_simulator_start (DgwTestingSimulator *simulator);
void                 test_simulator_stop (DgwTestingSimulator *simulator);

char *test_get (const char *url,
                const char *authorization,
                guint      *status,
                char      **retry_after);

TestClient *test_client_connect (const char *url,
                                 const char *query,
                                 GError    **error);
TestClient *test_client_new (DgwTestingSimulator *simulator,
                             TestCompression      compression);
void        test_client_free (TestClient *client);

void test_client_send (TestClient *client,
                       const char *text);
void test_client_identify (TestClient *client,
                           guint       shard_id,
                           guint       shard_count);
void test_client_resume (TestClient *client,
                         const char *session_id,
                         gint64      sequence);
void test_client_close (TestClient *client,
                        guint       code);

char       *test_client_receive (TestClient *client);
JsonObject *test_client_receive_object (TestClient *client,
                                        gint64      opcode);
gint64      test_client_receive_event (TestClient *client,
                                       const char *name);
char       *test_client_receive_ready (TestClient *client);
guint       test_client_wait_closed (TestClient *client);

gboolean test_client_is_closed (TestClient *client);
guint    test_client_get_n_received (TestClient *client);
guint    test_client_get_n_messages (TestClient *client);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestClient, test_client_free)

G_END_DECLS
