/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every line goes out with its own write: a reader sees it at once. stdout may
 * be a pipe that nobody reads, so the descriptor is polled before each piece,
 * and a piece is no larger than what a pipe with room takes without blocking. */
#include "config.h"

#include "cli/dgw-cli-output-private.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/dgw-cli-summary-private.h"

/* What a line begun may still take when the program is asked to end. */
#define GRACE_US (G_USEC_PER_SEC / 2)

struct _DgwCliOutput
{
  gboolean     pretty;
  gboolean     colour;
  gboolean     over;
  int          stop_fd;
  gint64       deadline_us; /* G_MAXINT64: none */
  JsonBuilder *lifecycle;
  GString     *line;
  void (*waiting) (gpointer user_data);
  gpointer waiting_data;
};

DgwCliOutput *
dgw_cli_output_new (DgwCliFormat format,
                    int          stop_fd)
{
  DgwCliOutput *self = g_new0 (DgwCliOutput, 1);
  const char   *no_color = g_getenv ("NO_COLOR");
  gboolean      terminal = isatty (STDOUT_FILENO);

  self->pretty = format == DGW_CLI_FORMAT_PRETTY || (format == DGW_CLI_FORMAT_AUTO && terminal);
  self->colour = self->pretty && terminal && !(no_color && *no_color);
  self->stop_fd = stop_fd;
  self->deadline_us = G_MAXINT64;
  self->line = g_string_sized_new (4096);
  return self;
}

void
dgw_cli_output_free (DgwCliOutput *self)
{
  g_clear_object (&self->lifecycle);
  g_string_free (self->line, TRUE);
  g_free (self);
}

void
dgw_cli_output_set_waiting_func (DgwCliOutput *self,
                                 void (*waiting) (gpointer user_data),
                                 gpointer user_data)
{
  self->waiting = waiting;
  self->waiting_data = user_data;
}

void
dgw_cli_output_end_soon (DgwCliOutput *self)
{
  self->deadline_us = MIN (self->deadline_us, g_get_monotonic_time () + GRACE_US);
}

gboolean
dgw_cli_output_is_pretty (DgwCliOutput *self)
{
  return self->pretty;
}

gboolean
dgw_cli_output_is_over (DgwCliOutput *self)
{
  return self->over;
}

/* Whether stdout takes a piece now. FALSE ends the output. */
static gboolean
wait_for_reader (DgwCliOutput *self)
{
  while (TRUE)
    {
      struct pollfd fds[] = {
        {STDOUT_FILENO, POLLOUT, 0},
        {self->stop_fd, POLLIN,  0},
      };
      gboolean stopping = self->deadline_us != G_MAXINT64;

      /* Once a stop was asked for, only time counts. */
      if (poll (fds, stopping ? 1 : 2, stopping ? 50 : 1000) < 0 && errno != EINTR)
        return FALSE;
      if (fds[0].revents & POLLOUT)
        return TRUE;
      if (fds[0].revents & (POLLERR | POLLHUP | POLLNVAL))
        return FALSE;
      if (!stopping && (fds[1].revents & POLLIN))
        self->deadline_us = g_get_monotonic_time () + GRACE_US;
      if (stopping && g_get_monotonic_time () >= self->deadline_us)
        return FALSE;
      if (self->waiting)
        self->waiting (self->waiting_data);
    }
}

static gboolean
write_line (DgwCliOutput *self,
            const char   *text,
            gsize         length)
{
  while (length > 0 && !self->over)
    {
      gssize written;

      if (!wait_for_reader (self))
        {
          self->over = TRUE;
          break;
        }
      written = write (STDOUT_FILENO, text, MIN (length, PIPE_BUF));
      if (written < 0 && errno != EINTR && errno != EAGAIN)
        self->over = TRUE;
      if (written > 0)
        {
          text += written;
          length -= (gsize)written;
        }
    }
  return !self->over;
}

/* Line breaks stand only between the tokens of JSON, never inside a string, so
 * taking them out changes nothing. */
static void
append_on_one_line (GString    *line,
                    const char *text,
                    gsize       length)
{
  const char *end = text + length;

  while (text < end)
    {
      gsize run = strcspn (text, "\r\n");

      run = MIN (run, (gsize)(end - text));
      g_string_append_len (line, text, (gssize)run);
      text += run + 1;
    }
}

gboolean
dgw_cli_output_event (DgwCliOutput *self,
                      DgwEvent     *event)
{
  g_string_truncate (self->line, 0);
  if (self->pretty)
    {
      dgw_cli_summary_append (self->line, event, self->colour);
    }
  else
    {
      const char *text = dgw_event_get_text (event);

      append_on_one_line (self->line, text, strlen (text));
    }
  g_string_append_c (self->line, '\n');

  return write_line (self, self->line->str, self->line->len);
}

JsonBuilder *
dgw_cli_output_begin_lifecycle (DgwCliOutput *self,
                                const char   *kind)
{
  g_clear_object (&self->lifecycle);
  self->lifecycle = json_builder_new ();
  json_builder_begin_object (self->lifecycle);
  json_builder_set_member_name (self->lifecycle, "lifecycle");
  json_builder_add_string_value (self->lifecycle, kind);
  return self->lifecycle;
}

void
dgw_cli_output_end_lifecycle (DgwCliOutput *self)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (self->lifecycle);
  root = json_builder_get_root (self->lifecycle);
  text = json_to_string (root, FALSE);
  g_clear_object (&self->lifecycle);

  g_string_truncate (self->line, 0);
  if (self->pretty)
    dgw_cli_summary_append_lifecycle (self->line, root, self->colour);
  else
    g_string_append (self->line, text);
  g_string_append_c (self->line, '\n');
  write_line (self, self->line->str, self->line->len);
}
