/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-pack.h"

#include <string.h>

#include "deflater.h"
#include "sim-session.h"
#include "sim-world.h"

/* Payloads that short are not compressed, where the choice is the server's. */
#define LEAST_COMPRESSED 100

struct _SimPack
{
  DgwCompression compression;
  Deflater      *deflater; /* NULL: not needed yet */
};

SimPack *
sim_pack_new (DgwCompression compression)
{
  SimPack *self = g_new0 (SimPack, 1);

  self->compression = compression;

  return self;
}

void
sim_pack_free (SimPack *self)
{
  g_clear_pointer (&self->deflater, deflater_free);
  g_free (self);
}

/* Takes the data, which have room for the NUL. */
static GBytes *
make_bytes (guint8 *data,
            gsize   length)
{
  data[length] = '\0';

  return g_bytes_new_with_free_func (data, length, g_free, data);
}

static GBytes *
copy_bytes (const guint8 *data,
            gsize         length)
{
  guint8 *copy = g_malloc (length + 1);

  memcpy (copy, data, length);

  return make_bytes (copy, length);
}

static void
send_bytes (SimConn   *conn,
            GBytes    *bytes,
            gboolean   is_text,
            SimMeaning meaning)
{
  sim_conn_send (conn, SIM_TO_CLIENT, &(SimParcel){.bytes = bytes, .is_text = is_text, .meaning = meaning});
}

static gboolean
is_to_garble (SimConn          *conn,
              const SimMeaning *meaning)
{
  SimEvent *event =
    meaning->says == SIM_SAYS_EVENT ? sim_session_get_event (meaning->session, meaning->sequence) : NULL;

  if (sim_world_strikes (conn->world, SIM_FAULT_GARBLE))
    return TRUE;

  return event != NULL && event->is_garbled && conn->world->faults.rates[SIM_FAULT_GARBLE] > 0;
}

/* Damage that can be noticed: what is still good JSON nobody can tell from what
 * was meant. */
static void
garble_text (SimWorld *world,
             guint8   *data,
             gsize    *length)
{
  if (sim_rand_chance (&world->rand, 0.5))
    data[sim_rand_below (&world->rand, (guint)*length)] = 0xff;
  else
    *length -= 1 + sim_rand_below (&world->rand, (guint)*length - 1);

  /* The cut may leave a whole object that ends with the inner brace. */
  if (*length > 0 && data[*length - 1] == '}')
    data[*length - 1] = ',';
}

static void
send_text (SimConn          *conn,
           const char       *text,
           const SimMeaning *meaning,
           gboolean          is_garbled)
{
  gsize      length = strlen (text);
  guint8    *data = (guint8 *)g_strndup (text, length);
  SimMeaning actual = *meaning;

  if (is_garbled)
    {
      garble_text (conn->world, data, &length);
      actual = (SimMeaning){.says = SIM_SAYS_BROKEN};
    }

  send_bytes (conn, make_bytes (data, length), TRUE, actual);
}

/* Block type 3, for deflate and zstd alike, or no magic number. */
static void
garble_packed (guint8 *data,
               gsize   length)
{
  memset (data, 0xff, MIN (length, 4));
}

/* Stream compressions go on over the limits of messages. */
static void
send_parts (SimPack          *self,
            SimConn          *conn,
            const guint8     *data,
            gsize             length,
            const SimMeaning *meaning)
{
  gsize at = 0;

  while (self->compression == DGW_COMPRESSION_ZLIB_STREAM && length - at > 1 &&
         sim_world_strikes (conn->world, SIM_FAULT_FRAGMENT))
    {
      gsize part = 1 + sim_rand_below (&conn->world->rand, (guint)(length - at - 1));

      send_bytes (conn, copy_bytes (data + at, part), FALSE, (SimMeaning){.says = SIM_SAYS_PART});
      at += part;
    }
  send_bytes (conn, copy_bytes (data + at, length - at), FALSE, *meaning);
}

static void
send_packed (SimPack          *self,
             SimConn          *conn,
             const char       *text,
             const SimMeaning *meaning,
             gboolean          is_garbled)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree guint8 *data = NULL;
  SimMeaning         actual = *meaning;
  gsize              length;

  if (self->deflater == NULL)
    self->deflater = deflater_new (self->compression);
  bytes = deflater_push (self->deflater, text, strlen (text));
  length = g_bytes_get_size (bytes);
  data = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  if (is_garbled)
    {
      garble_packed (data, length);
      actual = (SimMeaning){.says = SIM_SAYS_BROKEN};
      send_bytes (conn, copy_bytes (data, length), FALSE, actual);
      return;
    }

  send_parts (self, conn, data, length, &actual);
}

void
sim_pack_send (SimPack          *self,
               SimConn          *conn,
               const char       *text,
               const SimMeaning *meaning)
{
  gboolean is_garbled = is_to_garble (conn, meaning);
  gboolean is_short = self->compression == DGW_COMPRESSION_ZLIB_PAYLOAD && strlen (text) < LEAST_COMPRESSED;

  if (self->compression == DGW_COMPRESSION_NONE || is_short)
    send_text (conn, text, meaning, is_garbled);
  else
    send_packed (self, conn, text, meaning, is_garbled);
}
