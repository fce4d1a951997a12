/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _DgwTestingWire DgwTestingWire;

/**
 * DgwTestingFrame:
 *
 * The opcodes of WebSocket frames, RFC 6455, section 5.2.
 */
typedef enum
{
  DGW_TESTING_FRAME_CONTINUATION = 0x0,
  DGW_TESTING_FRAME_TEXT = 0x1,
  DGW_TESTING_FRAME_BINARY = 0x2,
  DGW_TESTING_FRAME_CLOSE = 0x8,
  DGW_TESTING_FRAME_PING = 0x9,
  DGW_TESTING_FRAME_PONG = 0xa,
} DgwTestingFrame;

typedef struct
{
  void (*message) (DgwTestingFrame kind, const char *data, gsize size, gpointer user_data);
  /* Once, when no byte will come any more; the code is the client's, 0 without a close frame. */
  void (*closed) (guint code, const char *reason, gpointer user_data);
  /* The queue has become short: room for more. */
  void (*drained) (gpointer user_data);
} DgwTestingWireFuncs;

DgwTestingWire *dgw_testing_wire_new (GIOStream                 *stream,
                                      GSocket                   *socket,
                                      const DgwTestingWireFuncs *funcs,
                                      gpointer                   user_data) G_GNUC_WARN_UNUSED_RESULT;
void            dgw_testing_wire_free (DgwTestingWire *wire);

void dgw_testing_wire_set_pace (DgwTestingWire *wire,
                                guint           write_size,
                                guint           delay_ms);

void dgw_testing_wire_set_frame_size (DgwTestingWire *wire,
                                      guint           frame_size);

void dgw_testing_wire_send (DgwTestingWire *wire,
                            DgwTestingFrame kind,
                            const void     *data,
                            gsize           size);

void dgw_testing_wire_send_bytes (DgwTestingWire *wire,
                                  const void     *data,
                                  gsize           size);

void dgw_testing_wire_flush (DgwTestingWire *wire);

void dgw_testing_wire_receive (DgwTestingWire *wire);

gsize dgw_testing_wire_get_pending (DgwTestingWire *wire);

void dgw_testing_wire_close (DgwTestingWire *wire,
                             guint           code,
                             const char     *reason);

void dgw_testing_wire_drop (DgwTestingWire *wire);

void dgw_testing_wire_reset (DgwTestingWire *wire);

void dgw_testing_wire_freeze (DgwTestingWire *wire);

G_END_DECLS
