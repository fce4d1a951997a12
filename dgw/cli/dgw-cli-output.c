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

#include "cli/dgw-cli-private.h"
#include "cli/dgw-cli-summary-private.h"

/* What a line begun may still take when the program is asked to end. */
#define GRACE_US (G_USEC_PER_SEC / 2)

struct _DgwCliOutput
{
  gboolean    pretty;
  gboolean    colour;
  gboolean    escapes; /* JSON goes to a terminal */
  gboolean    over;
  const char *failure; /* NULL: none */
  int         stop_fd;
  gint64      deadline_us; /* G_MAXINT64: none */
  GString    *line;
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
  self->escapes = !self->pretty && terminal;
  self->stop_fd = stop_fd;
  self->deadline_us = G_MAXINT64;
  self->line = g_string_sized_new (4096);
  return self;
}

void
dgw_cli_output_free (DgwCliOutput *self)
{
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

const char *
dgw_cli_output_get_failure (DgwCliOutput *self)
{
  return self->failure;
}

/* Whether a write goes through at once, or fails at once. FALSE: nobody reads,
 * and the time for it is up. */
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
        return TRUE;
      if (fds[0].revents)
        return TRUE;
      if (!stopping && (fds[1].revents & POLLIN))
        self->deadline_us = g_get_monotonic_time () + GRACE_US;
      if (stopping && g_get_monotonic_time () >= self->deadline_us)
        return FALSE;
      if (self->waiting)
        self->waiting (self->waiting_data);
    }
}

static void
end_by_errno (DgwCliOutput *self,
              int           number)
{
  self->over = TRUE;
  /* A reader that has seen enough, such as head, is no failure. */
  if (number != EPIPE)
    self->failure = g_strerror (number);
}

static gboolean
write_line (DgwCliOutput *self)
{
  const char *text;
  gsize       length;

  if (self->escapes)
    dgw_cli_escape_json (self->line);
  g_string_append_c (self->line, '\n');
  text = self->line->str;
  length = self->line->len;

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
        end_by_errno (self, errno);
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
  return write_line (self);
}

/* "lifecycle" first, for people who read it. */
static JsonNode *
make_lifecycle_node (const char *kind,
                     GVariant   *members)
{
  g_autoptr (JsonNode) rest = json_gvariant_serialize (members);
  g_autoptr (JsonObject) line = json_object_new ();
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  json_object_set_string_member (line, "lifecycle", kind);
  json_object_iter_init_ordered (&iter, json_node_get_object (rest));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (line, name, json_node_ref (value));

  return json_node_init_object (json_node_alloc (), line);
}

gboolean
dgw_cli_output_lifecycle (DgwCliOutput *self,
                          const char   *kind,
                          GVariant     *members)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (members);
  g_autoptr (JsonNode) node = make_lifecycle_node (kind, owned);

  g_string_truncate (self->line, 0);
  if (self->pretty)
    {
      dgw_cli_summary_append_lifecycle (self->line, node, self->colour);
    }
  else
    {
      g_autofree char *text = dgw_cli_json_to_text (node);

      g_string_append (self->line, text);
    }
  return write_line (self);
}
