/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "transport/dgw-websocket-frame-private.h"

#include <string.h>

#define FINAL_BIT     0x80
#define RESERVED_BITS 0x70
#define OPCODE_BITS   0x0f
#define MASK_BIT      0x80
#define LENGTH_BITS   0x7f

/* In place of a length: it follows in so many bytes. */
#define LENGTH_IN_2 126
#define LENGTH_IN_8 127

#define MASK_SIZE 4

static guint64
read_number (const guint8 *data,
             gsize         size)
{
  guint64 number = 0;

  for (gsize i = 0; i < size; i++)
    number = number << 8 | data[i];

  return number;
}

static gboolean
is_opcode (guint8 opcode)
{
  return opcode <= DGW_WEBSOCKET_BINARY || (opcode >= DGW_WEBSOCKET_CLOSE && opcode <= DGW_WEBSOCKET_PONG);
}

/* A server masks nothing, and no extension is agreed on that could use the
 * reserved bits. */
static gboolean
is_start_allowed (const guint8 *data)
{
  const guint8 opcode = data[0] & OPCODE_BITS;

  if ((data[0] & RESERVED_BITS) != 0 || (data[1] & MASK_BIT) != 0 || !is_opcode (opcode))
    return FALSE;

  return !DGW_WEBSOCKET_IS_CONTROL (opcode) ||
         ((data[0] & FINAL_BIT) != 0 && data[1] <= DGW_WEBSOCKET_MAX_CONTROL);
}

DgwWebsocketHeaderState
dgw_websocket_header_parse (DgwWebsocketHeader *header,
                            const guint8       *data,
                            gsize               length)
{
  gsize extra = 0;

  if (length < 2)
    return DGW_WEBSOCKET_HEADER_CUT;
  if (!is_start_allowed (data))
    return DGW_WEBSOCKET_HEADER_BAD;

  header->length = data[1] & LENGTH_BITS;
  if (header->length == LENGTH_IN_2)
    extra = 2;
  else if (header->length == LENGTH_IN_8)
    extra = 8;

  header->size = 2 + extra;
  if (length < header->size)
    return DGW_WEBSOCKET_HEADER_CUT;

  if (extra > 0)
    header->length = read_number (data + 2, extra);
  header->is_final = (data[0] & FINAL_BIT) != 0;
  header->opcode = data[0] & OPCODE_BITS;

  /* The highest bit has to be 0. */
  return header->length <= G_MAXINT64 ? DGW_WEBSOCKET_HEADER_COMPLETE : DGW_WEBSOCKET_HEADER_BAD;
}

static void
append_number (GByteArray *output,
               guint64     number,
               guint       size)
{
  for (guint shift = size * 8; shift > 0; shift -= 8)
    {
      const guint8 byte = (guint8)(number >> (shift - 8));

      g_byte_array_append (output, &byte, 1);
    }
}

void
dgw_websocket_append_frame (GByteArray        *output,
                            DgwWebsocketOpcode opcode,
                            gconstpointer      data,
                            gsize              length,
                            guint32            mask)
{
  guint8  key[MASK_SIZE];
  guint8 *content;

  append_number (output, FINAL_BIT | (guint)opcode, 1);
  if (length < LENGTH_IN_2)
    {
      append_number (output, MASK_BIT | length, 1);
    }
  else if (length <= G_MAXUINT16)
    {
      append_number (output, MASK_BIT | LENGTH_IN_2, 1);
      append_number (output, length, 2);
    }
  else
    {
      append_number (output, MASK_BIT | LENGTH_IN_8, 1);
      append_number (output, length, 8);
    }

  memcpy (key, &mask, sizeof key);
  g_byte_array_append (output, key, sizeof key);
  if (length == 0)
    return;

  g_byte_array_append (output, data, (guint)length);
  content = output->data + output->len - length;
  for (gsize i = 0; i < length; i++)
    content[i] ^= key[i % MASK_SIZE];
}

int
dgw_websocket_close_code (const guint8 *data,
                          gsize         length)
{
  int code;

  if (length == 0)
    return 0;
  if (length == 1)
    return -1;

  code = (int)read_number (data, 2);

  /* 7.4: those below 1000 mean nothing; these three stand for what is no frame. */
  return code < 1000 || code == 1005 || code == 1006 || code == 1015 ? -1 : code;
}
