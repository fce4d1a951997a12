/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Two ends of a stream within the process, as fast as a socket can be: one is the
 * code's that is looked at, with a GSocket and a stream, the other a descriptor
 * that never waits. */
typedef struct
{
  GSocket   *socket;
  GIOStream *stream;
  int        fd;
} FuzzSocket;

void fuzz_socket_init (FuzzSocket *self);
void fuzz_socket_clear (FuzzSocket *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FuzzSocket, fuzz_socket_clear)

/* Sends, and lets the other end do what there is to do. */
void fuzz_socket_write (FuzzSocket   *self,
                        const guint8 *data,
                        gsize         size);
/* Nothing more will come. */
void fuzz_socket_shut (FuzzSocket *self);
/* Appends what has come from the other end. */
void fuzz_socket_read (FuzzSocket *self,
                       GByteArray *output);

G_END_DECLS
