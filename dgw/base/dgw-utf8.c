/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-utf8-private.h"

#include <string.h>

#define BLOCK_SIZE 64
#define LOW_BITS   G_GUINT64_CONSTANT (0x0101010101010101)
#define HIGH_BITS  G_GUINT64_CONSTANT (0x8080808080808080)

/* Leaves out of each byte the high bit, unless the byte is 0 or above 0x7f
 * (or follows a 0, which is as good: the byte-wise look finds out). */
static inline guint64
get_suspects (const char *text)
{
  guint64 word;

  memcpy (&word, text, sizeof word);

  return ((word - LOW_BITS) | word) & HIGH_BITS;
}

/* One branch for all of a block. */
static inline guint64
get_block_suspects (const char *text)
{
  guint64 suspects = 0;

  for (guint i = 0; i < BLOCK_SIZE; i += 8)
    suspects |= get_suspects (text + i);

  return suspects;
}

static const char *
skip_ascii (const char *text,
            const char *end)
{
  while (end - text >= BLOCK_SIZE && get_block_suspects (text) == 0)
    text += BLOCK_SIZE;
  while (end - text >= 8 && get_suspects (text) == 0)
    text += 8;
  while (text<end && * text> 0 && (guchar)*text < 0x80)
    text++;

  return text;
}

/* Length of the valid sequence of two to four bytes at bytes, or 0. */
static gsize
get_sequence_length (const guchar *bytes,
                     gsize         left)
{
  static const guint32 lead_bits[] = {0, 0, 0x1f, 0x0f, 0x0f};
  static const guint32 smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  gsize                length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3
                                                                        : 2;
  guint32              character = bytes[0] & lead_bits[length];

  if (bytes[0] < 0xc0 || left < length)
    return 0;

  for (gsize i = 1; i < length; i++)
    {
      if ((bytes[i] & 0xc0) != 0x80)
        return 0;
      character = character << 6 | (bytes[i] & 0x3f);
    }

  /* Overlong forms, surrogates and what is past the end of Unicode. */
  return character >= smallest[length] && character <= 0x10ffff && character >> 11 != 0x1b ? length : 0;
}

gboolean
dgw_utf8_is_valid (const char *text,
                   gsize       length)
{
  const char *end = text + length;

  while (TRUE)
    {
      gsize sequence_length;

      text = skip_ascii (text, end);
      if (text == end)
        return TRUE;

      do
        {
          sequence_length = get_sequence_length ((const guchar *)text, (gsize)(end - text));
          if (sequence_length == 0)
            return FALSE;
          text += sequence_length;
        }
      while (text < end && (guchar)*text >= 0x80);
    }
}
