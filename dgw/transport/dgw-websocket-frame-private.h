/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The frames of RFC 6455, section 5, as a client reads and writes them. */

typedef enum
{
  DGW_WEBSOCKET_CONTINUATION = 0x0,
  DGW_WEBSOCKET_TEXT = 0x1,
  DGW_WEBSOCKET_BINARY = 0x2,
  DGW_WEBSOCKET_CLOSE = 0x8,
  DGW_WEBSOCKET_PING = 0x9,
  DGW_WEBSOCKET_PONG = 0xa,
} DgwWebsocketOpcode;

#define DGW_WEBSOCKET_IS_CONTROL(opcode) ((opcode) >= DGW_WEBSOCKET_CLOSE)

/* 5.5: a control frame carries no more. */
#define DGW_WEBSOCKET_MAX_CONTROL 125

typedef struct
{
  gboolean           is_final;
  DgwWebsocketOpcode opcode;
  gsize              size;   /* of the header itself */
  guint64            length; /* of what follows it */
} DgwWebsocketHeader;

typedef enum
{
  DGW_WEBSOCKET_HEADER_COMPLETE,
  DGW_WEBSOCKET_HEADER_CUT, /* more bytes are needed */
  DGW_WEBSOCKET_HEADER_BAD, /* no server may send that */
} DgwWebsocketHeaderState;

DgwWebsocketHeaderState dgw_websocket_header_parse (DgwWebsocketHeader *header,
                                                    const guint8       *data,
                                                    gsize               length);

/* Appends a whole message as one frame, masked. */
void dgw_websocket_append_frame (GByteArray        *output,
                                 DgwWebsocketOpcode opcode,
                                 gconstpointer      data,
                                 gsize              length,
                                 guint32            mask);

/* The code of a close frame's content: 0 when there is none, -1 when it is none
 * that an endpoint may send. */
int dgw_websocket_close_code (const guint8 *data,
                              gsize         length);

G_END_DECLS
