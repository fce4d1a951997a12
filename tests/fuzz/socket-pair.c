/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "socket-pair.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void
iterate (void)
{
  while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
    continue;
}

void
fuzz_socket_init (FuzzSocket *self)
{
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  self->socket = g_socket_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  self->stream = G_IO_STREAM (g_socket_connection_factory_create_connection (self->socket));
  self->fd = fds[1];
}

void
fuzz_socket_clear (FuzzSocket *self)
{
  if (self->socket == NULL)
    return;

  close (self->fd);
  iterate ();
  g_clear_object (&self->stream);
  g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
}

void
fuzz_socket_write (FuzzSocket   *self,
                   const guint8 *data,
                   gsize         size)
{
  gsize at = 0;

  while (at < size)
    {
      const ssize_t n = send (self->fd, data + at, size - at, MSG_NOSIGNAL);

      /* What nobody reads any more stays unsent. */
      if (n <= 0)
        break;
      at += (gsize)n;
      iterate ();
    }
}

void
fuzz_socket_shut (FuzzSocket *self)
{
  shutdown (self->fd, SHUT_WR);
  iterate ();
}

void
fuzz_socket_read (FuzzSocket *self,
                  GByteArray *output)
{
  guint8  buffer[4096];
  ssize_t n;

  while ((n = recv (self->fd, buffer, sizeof buffer, 0)) > 0)
    g_byte_array_append (output, buffer, (guint)n);
}
