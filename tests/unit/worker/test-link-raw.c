/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "base/dgw-gateway-error.h"
#include "link-rig.h"
#include "raw-server.h"

/* How a connection ends that was READY. */
typedef struct
{
  const char *what;
  const char *bytes; /* NULL: a reset */
  gsize       length;
  guint       code;    /* as told by the link, when the peer decides it */
  gboolean    endless; /* the bytes again and again */
} End;

#define BYTES(text) (text), sizeof (text) - 1

/* A fragment of a message that does not begin nor end with it. */
static const char fragment[10 + 65536 + 1] = {0x00, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0};

static const End ends[] = {
  {"SUP-05: EOF",   BYTES (""),          0                                                             },
  {"SUP-05: reset", NULL,                0,                                                              0},
  {"SUP-04: empty close",               BYTES ("\x88\x00"),              0                                           },
  {"SUP-06: 1012",               BYTES ("\x88\x02\x03\xf4"),                     1012},
  {"SUP-05: 1006 in a frame",               BYTES ("\x88\x02\x03\xee"),          0                                },
  {"SUP-09: text that is no UTF-8",               BYTES ("\x81\x02\xc3\x28"),    4000},
  {"masked frame",               BYTES ("\x81\x81\x01\x02\x03\x04\x05"),                     0                                     },
  {"CMP-07: binary that is no zlib",               BYTES ("\x82\x08\xff\xff\xff\xff\x00\x00\xff\xff"),   4000},
  {"JSON that is none",               BYTES ("\x81\x03{\"a"),                4000                                                                              },
  {"SUP-02: a message without an end",               BYTES (fragment), 4000,TRUE},
  {"JSON that is no object",           BYTES ("\x81\x02[]"),                              4000                                                                                                                  },
};

typedef struct
{
  const End *end;
  char      *first[2]; /* payload of each connection; read after the connection */
  int        n_first;  /* atomic: how many are there */
} Script;

/* The payload that follows HELLO. */
static gboolean
take_first (RawPeer *peer,
            Script  *script)
{
  g_autoptr (GByteArray) content = NULL;

  while (raw_peer_receive (peer, &content) == 1)
    {
      if (strstr ((char *)content->data, "\"op\":1,") == NULL)
        {
          script->first[peer->number] = g_strdup ((char *)content->data);
          g_atomic_int_inc (&script->n_first);
          return TRUE;
        }
      g_clear_pointer (&content, g_byte_array_unref);
    }

  return FALSE;
}

static void
serve_script (RawPeer *peer,
              gpointer data)
{
  Script          *script = data;
  g_autofree char *head = raw_peer_accept (peer);
  g_autoptr (GByteArray) beat = NULL;

  g_assert_cmpuint (peer->number, <, 2);
  raw_peer_send (peer, 0x81, "{\"op\":10,\"d\":{\"heartbeat_interval\":40000}}", -1);
  if (!take_first (peer, script))
    return;

  if (peer->number == 1)
    {
      raw_peer_send (peer, 0x81, "{\"op\":0,\"t\":\"RESUMED\",\"s\":2,\"d\":null}", -1);
      raw_peer_wait_end (peer);
      return;
    }

  raw_peer_send (peer, 0x81, "{\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":{\"session_id\":\"x\",\"user\":{\"id\":\"1\"}}}", -1);
  /* A reset throws away what was not read yet: the answer tells that READY was. */
  raw_peer_send (peer, 0x81, "{\"op\":1,\"d\":null}", -1);
  if (raw_peer_receive (peer, &beat) != 1)
    return;

  if (script->end->endless)
    raw_peer_send (peer, 0x01, "", 0);
  if (script->end->bytes == NULL)
    raw_peer_reset (peer);
  else if (raw_peer_write (peer, script->end->bytes, (gssize)script->end->length) && script->end->length > 0)
    {
      while (script->end->endless && raw_peer_write (peer, script->end->bytes, (gssize)script->end->length))
        ;
      raw_peer_wait_end (peer);
    }
}

static void
test_ends (LinkRig      *rig,
           gconstpointer data)
{
  Script     script = {data};
  RawServer *server = raw_server_new (NULL, serve_script, &script);

  g_test_summary ("One resume follows, on a new connection, whatever ended the old one");
  g_test_message ("%s", script.end->what);
  rig->options.engine.url = raw_server_dup_url (server, "ws", "/");
  rig->options.max_payload_size = 1024 * 1024;
  link_rig_get_ready (rig);
  LINK_RIG_WAIT (rig->n_disconnected == 1);
  LINK_RIG_WAIT (rig->status == DGW_STATUS_READY);
  if (script.end->code >= 4000)
    g_assert_cmpuint (rig->close_code, >=, 4000);
  else
    g_assert_cmpuint (rig->close_code, ==, script.end->code);
  g_assert_cmpint (g_atomic_int_get (&script.n_first), ==, 2);
  g_assert_nonnull (strstr (script.first[0], "\"op\":2,"));
  g_assert_nonnull (strstr (script.first[1], "\"op\":6,"));

  g_clear_pointer (&rig->link, dgw_link_free);
  raw_server_free (server);
  g_free (script.first[0]);
  g_free (script.first[1]);
}

/* Counts the payloads that are plain text. */
static void
serve_texts (RawPeer *peer,
             gpointer data)
{
  static const char *const payloads[] = {
    "{\"op\":10,\"d\":{\"heartbeat_interval\":40000}}",
    "{\"op\":0,\"t\":\"READY\",\"s\":1,\"d\":{\"session_id\":\"x\",\"user\":{\"id\":\"1\"}}}",
    "{\"op\":1,\"d\":null}",
  };
  int             *n_texts = data; /* atomic */
  g_autofree char *head = raw_peer_accept (peer);

  for (gsize i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      g_autoptr (GByteArray) content = NULL;
      int opcode;

      raw_peer_send (peer, 0x81, payloads[i], -1);
      if (i == 1)
        continue;
      opcode = raw_peer_receive (peer, &content);
      if (opcode == 1 && g_str_has_prefix ((char *)content->data, "{\"op\":"))
        g_atomic_int_inc (n_texts);
    }
  raw_peer_wait_end (peer);
}

static void
test_texts (LinkRig      *rig,
            gconstpointer data)
{
  static const DgwCompression compressions[] = {
    DGW_COMPRESSION_NONE,
    DGW_COMPRESSION_ZLIB_PAYLOAD,
    DGW_COMPRESSION_ZLIB_STREAM,
    DGW_COMPRESSION_ZSTD_STREAM,
  };

  g_test_summary ("SND-05: whatever compresses what comes in, what goes out is plain text");
  for (gsize i = 0; i < G_N_ELEMENTS (compressions); i++)
    {
      int        n_texts = 0;
      RawServer *server = raw_server_new (NULL, serve_texts, &n_texts);

      g_free (rig->options.engine.url);
      rig->options.engine.url = raw_server_dup_url (server, "ws", "/");
      rig->options.engine.compression = compressions[i];
      link_rig_get_ready (rig);
      while (g_atomic_int_get (&n_texts) < 2)
        g_thread_yield ();

      g_clear_pointer (&rig->link, dgw_link_free);
      rig->status = DGW_STATUS_UNCONNECTED;
      rig->sequence = 0;
      raw_server_free (server);
    }
}

static void
serve_portal (RawPeer *peer,
              gpointer data)
{
  g_autofree char *head = raw_peer_read_head (peer);

  raw_peer_write (peer, data, -1);
}

static void
test_portals (LinkRig      *rig,
              gconstpointer data)
{
  static const struct
  {
    const char *answer;
    const char *text; /* in last-error */
  } portals[] = {
    {"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n",   "redirect"},
    {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<html>Login!", ""        },
    {"HTTP/1.1 511 Network Authentication Required\r\nContent-Length: 0\r\n\r\n",            "511"     },
    {"no HTTP at all\r\n\r\n",                                                               ""        },
  };

  g_test_summary ("CON-16: a captive portal in the way of REST or of the upgrade is an error that is retried, never final");
  for (guint i = 0; i < 2 * G_N_ELEMENTS (portals); i++)
    {
      RawServer *server = raw_server_new (NULL, serve_portal, (gpointer)portals[i / 2].answer);

      g_clear_pointer (&rig->options.engine.url, g_free);
      g_free (rig->options.api_url);
      rig->options.api_url = raw_server_dup_url (server, "http", "/api");
      if (i % 2 == 1)
        rig->options.engine.url = raw_server_dup_url (server, "ws", "/");
      link_rig_open (rig);
      LINK_RIG_WAIT (rig->n_disconnected == i + 1 && rig->status == DGW_STATUS_DISCONNECTED);
      g_assert_nonnull (rig->error);
      g_assert_nonnull (strstr (rig->error->message, portals[i / 2].text));
      g_assert_null (rig->failure);
      g_clear_pointer (&rig->link, dgw_link_free);
      rig->status = DGW_STATUS_UNCONNECTED;
      raw_server_free (server);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  raw_server_silence_logs ();
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strdup_printf ("/dgw/worker/link-raw/ends/%zu", i);

      g_test_add (path, LinkRig, &ends[i], link_rig_set_up, test_ends, link_rig_tear_down);
    }
  g_test_add ("/dgw/worker/link-raw/texts", LinkRig, NULL, link_rig_set_up, test_texts, link_rig_tear_down);
  g_test_add ("/dgw/worker/link-raw/portals", LinkRig, NULL, link_rig_set_up, test_portals, link_rig_tear_down);

  return g_test_run ();
}
