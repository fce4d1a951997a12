/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A server that answers the upgrade and then sends a recorded session with bytes
 * changed, or what no server should: the gateway neither crashes nor spins nor
 * grows, and does what its application asks. */
#include "config.h"

#include "chaos-world.h"

#include <malloc.h>
#include <string.h>

#include "raw-server.h"

#define N_AT_ONCE   150
#define MAX_MESSAGE (1024 * 1024)
#define MAX_KEPT    (4 * 1024 * 1024)
#define MAX_GROWTH  (96 * 1024 * 1024)
#define HELLO       "{\"op\":10,\"s\":null,\"t\":null,\"d\":{\"heartbeat_interval\":500}}"
#define INVALID     "{\"op\":9,\"s\":null,\"t\":null,\"d\":false}"

static gsize
get_peak (void)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  return g_ascii_strtoull (strstr (text, "VmHWM:") + strlen ("VmHWM:"), NULL, 10) * 1024;
}

static gsize
get_used (void)
{
  const struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

static DgwGateway *
make_gateway (RawServer     *server,
              DgwCompression compression)
{
  g_autofree char *url = g_strdup_printf ("ws://127.0.0.1:%u", raw_server_get_port (server));
  g_autoptr (GObject) limiter = g_object_new (DGW_TYPE_LOCAL_IDENTIFY_LIMITER, "window", 1, NULL);
  guint timeout_ms = chaos_scale (8000, 1000, 1000);

  return g_object_new (DGW_TYPE_GATEWAY, "token", "token.of.test", "intents", 1, "url", url, "compression", compression,
                       "use-resume-url", FALSE, "hello-timeout", timeout_ms, "ready-timeout", timeout_ms,
                       "max-payload-size", (guint64)MAX_MESSAGE, "identify-limiter", limiter, NULL);
}

/* What the simulator sends, from behind the answer to the upgrade. */
static GBytes *
record (DgwCompression compression)
{
  static const char end_of_head[] = "\r\n\r\n";
  World            *world = world_new (FALSE, "port", 0, NULL);
  FaultDoor        *door = fault_proxy_add_door (world->proxy);
  DgwGateway       *gateway = world_make_gateway (world, door, compression);
  Account           account = {.name = "recording"};
  g_autoptr (GBytes) all = NULL;
  const char *data;
  gsize       size;
  gsize       start;

  world_start_traffic (world, 0, 5);
  account_watch (&account, gateway);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  WAIT_UNTIL (account.next == 5);
  all = fault_door_dup_downstream (door);
  data = g_bytes_get_data (all, &size);
  start = g_strstr_len (data, (gssize)size, end_of_head) + strlen (end_of_head) - data;
  account_unwatch (&account, gateway);
  gateway_finish (gateway);
  world_free (world);

  return g_bytes_new (data + start, size - start);
}

typedef struct
{
  GBytes *session;
  GRand  *random;
  GMutex  mutex;
} Fuzz;

static void
mutate (GByteArray *bytes,
        GRand      *random)
{
  const guint32 n_changes = 1 + g_rand_int (random) % 8;

  for (guint i = 0; i < n_changes && bytes->len > 16; i++)
    {
      guint  at = g_rand_int (random) % bytes->len;
      guint  wanted = 1 + g_rand_int (random) % 32;
      guint  length = MIN (wanted, bytes->len - at);
      guint8 byte = (guint8)g_rand_int (random);

      switch (g_rand_int (random) % 6)
        {
        case 0:
          bytes->data[at] ^= (guint8)(1 << (byte % 8));
          break;
        case 1:
          bytes->data[at] = byte;
          break;
        case 2:
          g_byte_array_remove_range (bytes, at, length);
          break;
        case 3:
          {
            g_autofree guint8 *copy = g_memdup2 (bytes->data + at, length);

            g_byte_array_append (bytes, copy, length);
          }
          break;
        case 4:
          bytes->data[at] = byte % 2 ? 0xff : 0x00;
          break;
        default:
          /* In the head of the first frame, where each bit means something. */
          bytes->data[at % 4] ^= (guint8)(1 << (byte % 8));
          break;
        }
    }
}

/* HELLO, and mostly a good one: nothing else is read before. */
static gsize
get_hello_size (GBytes *session)
{
  const guint8 *data = g_bytes_get_data (session, NULL);

  return data[1] == 126 ? 4 + (gsize)data[2] * 256 + data[3] : 2 + (gsize)data[1];
}

static void
serve_mutated (RawPeer *peer,
               gpointer user_data)
{
  Fuzz         *fuzz = user_data;
  const guint8 *session = g_bytes_get_data (fuzz->session, NULL);
  gsize         n_hello = get_hello_size (fuzz->session);
  g_autoptr (GByteArray) hello = g_byte_array_new ();
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  g_autoptr (GByteArray) identify = NULL;
  g_autofree char *head = raw_peer_accept (peer);
  gboolean         is_reset;

  g_byte_array_append (hello, session, n_hello);
  g_byte_array_append (rest, session + n_hello, g_bytes_get_size (fuzz->session) - n_hello);
  g_mutex_lock (&fuzz->mutex);
  if (g_rand_int (fuzz->random) % 8 == 0)
    mutate (hello, fuzz->random);
  mutate (rest, fuzz->random);
  is_reset = g_rand_boolean (fuzz->random);
  g_mutex_unlock (&fuzz->mutex);
  if (head == NULL || !raw_peer_write (peer, hello->data, hello->len) || raw_peer_receive (peer, &identify) < 0 ||
      !raw_peer_write (peer, rest->data, rest->len))
    return;

  if (is_reset)
    raw_peer_reset (peer);
}

/* One gateway after the other in each place; each is done at its first end. */
typedef struct
{
  DgwGateway *gateway;
  Account     account;
} Place;

static gboolean
is_batch_done (Place *places,
               guint  n_places)
{
  for (guint i = 0; i < n_places; i++)
    if (places[i].account.n_disconnected == 0)
      return FALSE;

  return TRUE;
}

static void
gone_cb (gpointer user_data,
         GObject *where)
{
  (*(guint *)user_data)++;
}

static guint64
run_batch (Fuzz          *fuzz,
           DgwCompression compression)
{
  RawServer *server = raw_server_new (NULL, serve_mutated, fuzz);
  Place      places[N_AT_ONCE] = {{NULL}};
  guint64    n_events = 0;
  guint      n_gone = 0;

  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      places[i].gateway = make_gateway (server, compression);
      places[i].account = (Account){.name = "fuzzed", .is_lax = TRUE};
      account_watch (&places[i].account, places[i].gateway);
      dgw_gateway_open_async (places[i].gateway, NULL, NULL, NULL);
    }
  WAIT_UNTIL (is_batch_done (places, N_AT_ONCE));
  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      n_events += places[i].account.n_events;
      account_unwatch (&places[i].account, places[i].gateway);
      g_object_weak_ref (G_OBJECT (places[i].gateway), gone_cb, &n_gone);
      dgw_gateway_close_async (places[i].gateway, NULL, NULL, NULL);
      g_object_unref (places[i].gateway);
    }
  WAIT_UNTIL (n_gone == N_AT_ONCE);
  raw_server_free (server);

  return n_events;
}

static void
test_mutated (void)
{
  const guint n_batches = chaos_scale (1, 1, 5);
  Fuzz        fuzz = {.random = g_rand_new_with_seed (1)};
  gsize       used = 0;
  guint64     n_events = 0;

  g_test_summary ("CMP-07: sessions with changed bytes end, and nothing else happens");
  g_mutex_init (&fuzz.mutex);
  for (DgwCompression compression = DGW_COMPRESSION_NONE; compression <= DGW_COMPRESSION_ZSTD_STREAM; compression++)
    {
      fuzz.session = record (compression);
      for (guint i = 0; i < n_batches; i++)
        {
          n_events += run_batch (&fuzz, compression);
          used = used == 0 ? get_used () : used;
          if (g_test_verbose ())
            g_test_message ("%zu KiB in use, %u files, %u threads", get_used () / 1024, chaos_count_files (), chaos_count_threads ());
        }
      g_clear_pointer (&fuzz.session, g_bytes_unref);
    }
  /* The last connections are let go of on their worker. */
  if (!chaos_is_sanitized ())
    WAIT_UNTIL (get_used () <= used + MAX_KEPT);
  g_test_message ("%" G_GUINT64_FORMAT " events were still readable; memory in use %zu to %zu KiB", n_events, used / 1024, get_used () / 1024);
  chaos_count ((guint64)n_batches * N_AT_ONCE * 4, "sessions with changed bytes");
  g_rand_free (fuzz.random);
  g_mutex_clear (&fuzz.mutex);
}

typedef enum
{
  RESET_BEFORE_ANSWER,
  RESET_IN_ANSWER,
  RESET_BEFORE_HELLO,
  RESET_AFTER_HELLO,
  RESET_AFTER_IDENTIFY,
  INVALID_FOR_EVER,
  GREETINGS_FOR_EVER,
  N_LOOPS,
} Loop;

static void
serve_loop (RawPeer *peer,
            gpointer user_data)
{
  const Loop       loop = GPOINTER_TO_UINT (user_data);
  g_autofree char *head = NULL;
  g_autoptr (GByteArray) content = NULL;

  if (loop == RESET_BEFORE_ANSWER)
    {
      raw_peer_reset (peer);
      return;
    }
  if (loop == RESET_IN_ANSWER)
    {
      head = raw_peer_read_head (peer);
      raw_peer_write (peer, "HTTP/1.1 101 Swi", -1);
      raw_peer_reset (peer);
      return;
    }
  head = raw_peer_accept (peer);
  if (loop > RESET_BEFORE_HELLO)
    raw_peer_send (peer, 0x81, HELLO, -1);
  if (loop == RESET_AFTER_IDENTIFY)
    raw_peer_receive (peer, &content);
  if (loop == INVALID_FOR_EVER)
    {
      raw_peer_receive (peer, &content);
      raw_peer_send (peer, 0x81, INVALID, -1);
      raw_peer_wait_end (peer);
    }
  else
    raw_peer_reset (peer);
}

typedef struct
{
  RawServer  *server;
  DgwGateway *gateway;
  Account     account;
  gint64      start_us;
  gint64      waited_ms; /* all that it said it would */
} Spinner;

static void
waiting_cb (DgwGateway *gateway,
            guint       attempt,
            guint       delay_ms,
            gpointer    user_data)
{
  Spinner *self = user_data;

  /* The last wait is not over yet. */
  if (attempt > 1)
    g_assert_cmpuint (delay_ms, >=, 490);
  self->waited_ms += delay_ms;
}

static gboolean
have_all_tried (Spinner *spinners,
                guint    n_tries)
{
  for (guint i = 0; i < N_LOOPS; i++)
    if (spinners[i].account.n_disconnected < n_tries)
      return FALSE;

  return TRUE;
}

static void
test_spin (void)
{
  const guint n_tries = chaos_scale (2, 2, 5);
  Spinner     spinners[N_LOOPS] = {{NULL}};

  g_test_summary ("BO-02: a server that resets in any state, or refuses each session, is not hammered");
  for (guint i = 0; i < N_LOOPS; i++)
    {
      spinners[i].server = raw_server_new (NULL, serve_loop, GUINT_TO_POINTER (i));
      spinners[i].gateway = make_gateway (spinners[i].server, DGW_COMPRESSION_NONE);
      spinners[i].account = (Account){.name = "spinning"};
      account_watch (&spinners[i].account, spinners[i].gateway);
      g_signal_connect (spinners[i].gateway, "reconnecting", G_CALLBACK (waiting_cb), &spinners[i]);
      dgw_gateway_open_async (spinners[i].gateway, NULL, NULL, NULL);
    }
  WAIT_UNTIL (have_all_tried (spinners, n_tries));
  for (guint i = 0; i < N_LOOPS; i++)
    {
      Spinner *self = &spinners[i];

      /* libsoup may try a request that was reset once more. */
      g_assert_cmpuint (raw_server_count_connections (self->server), <=, 2 * (self->account.n_reconnecting + 1));
      g_assert_cmpint (self->waited_ms, >=, 490 * (gint64)(n_tries - 1));
      account_unwatch (&self->account, self->gateway);
      g_signal_handlers_disconnect_by_data (self->gateway, self);
      gateway_finish (self->gateway);
      raw_server_free (self->server);
    }
  chaos_count ((guint64)n_tries * N_LOOPS, "disconnects");
}

typedef struct
{
  const char *name;
  guint8      first; /* of the frame */
  const char *content;
  gssize      length; /* -1: a string */
} Flood;

static const Flood floods[] = {
  {"pings",                   0x89, "",                                                              0 },
  {"long pings",              0x89, "0123456789012345678901234567890123456789012345678901234567890", 60},
  {"pongs",                   0x8a, "",                                                              0 },
  {"empty texts",             0x81, "",                                                              0 },
  {"empty parts of a text",   0x00, "",                                                              0 },
  {"heartbeat requests",      0x81, "{\"op\":1,\"d\":null}",                                         -1},
  {"acknowledgements",        0x81, "{\"op\":11}",                                                   -1},
  {"greetings",               0x81, HELLO,                                                           -1},
  {"unknown opcodes",         0x81, "{\"op\":77,\"d\":{}}",                                          -1},
  {"orders to reconnect",     0x81, "{\"op\":7,\"d\":null}",                                         -1},
  {"refusals of the session", 0x81, INVALID,                                                         -1},
  {"events",                  0x81, "{\"op\":0,\"s\":1,\"t\":\"OF_FLOOD\",\"d\":{}}",                -1},
};

/* It never reads: whatever the client answers stays with the client. */
static void
serve_flood (RawPeer *peer,
             gpointer user_data)
{
  const Flood     *flood = user_data;
  g_autofree char *head = raw_peer_accept (peer);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize    length = flood->length < 0 ? strlen (flood->content) : (gsize)flood->length;
  guint8   frame[2] = {flood->first, (guint8)length};
  gboolean goes_on = head != NULL;

  g_assert_cmpuint (length, <, 126);
  for (guint i = 0; i < 1000; i++)
    {
      g_byte_array_append (bytes, frame, sizeof frame);
      g_byte_array_append (bytes, (const guint8 *)flood->content, length);
    }
  if (goes_on)
    raw_peer_send (peer, 0x81, HELLO, -1);
  if (goes_on && flood->first == 0x00)
    raw_peer_send (peer, 0x01, "{", 1);
  while (goes_on)
    goes_on = raw_peer_write (peer, bytes->data, bytes->len);
}

typedef struct
{
  RawServer  *server;
  DgwGateway *gateway;
  Account     account;
  guint64     n_bytes;
  gboolean    is_over;
} Flooded;

static gboolean
has_drunk_all (Flooded *flooded,
               guint64  n_bytes)
{
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      g_autoptr (DgwMetrics) metrics = dgw_gateway_dup_metrics (flooded[i].gateway);

      if (dgw_metrics_get_bytes_in (metrics) < n_bytes && flooded[i].account.n_disconnected == 0)
        return FALSE;
    }

  return TRUE;
}

static void
test_floods (void)
{
  const guint64 n_bytes = chaos_scale (50, 500, 20000) * 1000;
  Flooded       flooded[G_N_ELEMENTS (floods)] = {{NULL}};
  gsize         before = get_peak ();

  g_test_summary ("A flood of anything neither fills memory nor keeps a close from being done");
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      flooded[i].server = raw_server_new (NULL, serve_flood, (gpointer)&floods[i]);
      flooded[i].gateway = make_gateway (flooded[i].server, DGW_COMPRESSION_NONE);
      flooded[i].account = (Account){.name = floods[i].name, .is_lax = TRUE};
      account_watch (&flooded[i].account, flooded[i].gateway);
      dgw_gateway_open_async (flooded[i].gateway, NULL, NULL, NULL);
    }
  WAIT_UNTIL (has_drunk_all (flooded, n_bytes));
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      account_unwatch (&flooded[i].account, flooded[i].gateway);
      gateway_finish (flooded[i].gateway);
      raw_server_free (flooded[i].server);
    }
  g_test_message ("peak %zu to %zu KiB", before / 1024, get_peak () / 1024);
  if (!chaos_is_sanitized ())
    g_assert_cmpuint (get_peak (), <=, before + MAX_GROWTH);
  chaos_count (G_N_ELEMENTS (floods), "floods");
}

int
main (int    argc,
      char **argv)
{
  chaos_init (&argc, &argv);
  g_test_add_func ("/dgw/chaos/wire-fuzz/mutated", test_mutated);
  g_test_add_func ("/dgw/chaos/wire-fuzz/spin", test_spin);
  g_test_add_func ("/dgw/chaos/wire-fuzz/floods", test_floods);

  return g_test_run ();
}
