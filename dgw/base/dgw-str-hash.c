/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-str-hash-private.h"

#include <string.h>
#include <sys/random.h>

#define WORD_BYTES 8

/* https://www.aumasson.jp/siphash/siphash.pdf, with the counts of rounds that hash tables use. */
#define ROUNDS       1
#define FINAL_ROUNDS 3

static inline guint64
rotate (guint64 word,
        guint   n_bits)
{
  return word << n_bits | word >> (64 - n_bits);
}

static void
mix (guint64 v[4],
     guint   n_rounds)
{
  while (n_rounds-- > 0)
    {
      v[0] += v[1];
      v[1] = rotate (v[1], 13) ^ v[0];
      v[0] = rotate (v[0], 32);
      v[2] += v[3];
      v[3] = rotate (v[3], 16) ^ v[2];
      v[0] += v[3];
      v[3] = rotate (v[3], 21) ^ v[0];
      v[2] += v[1];
      v[1] = rotate (v[1], 17) ^ v[2];
      v[2] = rotate (v[2], 32);
    }
}

static void
take_word (guint64 v[4],
           guint64 word)
{
  v[3] ^= word;
  mix (v, ROUNDS);
  v[0] ^= word;
}

guint64
dgw_sip_hash (const char   *data,
              gsize         length,
              const guint64 key[2])
{
  guint64 v[4] = {
    key[0] ^ G_GUINT64_CONSTANT (0x736f6d6570736575),
    key[1] ^ G_GUINT64_CONSTANT (0x646f72616e646f6d),
    key[0] ^ G_GUINT64_CONSTANT (0x6c7967656e657261),
    key[1] ^ G_GUINT64_CONSTANT (0x7465646279746573),
  };
  guint64 last = (guint64)length << 56;
  guint64 word;

  for (; length >= WORD_BYTES; data += WORD_BYTES, length -= WORD_BYTES)
    {
      memcpy (&word, data, WORD_BYTES);
      take_word (v, GUINT64_FROM_LE (word));
    }
  for (gsize i = 0; i < length; i++)
    last |= (guint64)(guchar)data[i] << (8 * i);
  take_word (v, last);

  v[2] ^= 0xff;
  mix (v, FINAL_ROUNDS);

  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

guint
dgw_str_hash (gconstpointer string)
{
  static guint64 key[2];
  static gsize   is_ready = 0;

  if (g_once_init_enter (&is_ready))
    {
      /* Not GLib's numbers: whoever sees some of those can compute the others. */
      if (getrandom (key, sizeof key, 0) != sizeof key)
        key[0] = (guint64)g_get_monotonic_time ();
      g_once_init_leave (&is_ready, 1);
    }

  return (guint)dgw_sip_hash (string, strlen (string), key);
}
