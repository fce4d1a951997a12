/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One dispatch, shared by the sessions that get it: the text before and the
 * text behind the sequence, which is each session's own.
 */

#include "config.h"

#include "testing/dgw-testing-event-private.h"

#include <gio/gio.h>
#include <string.h>

#include "testing/dgw-testing-json-private.h"

struct _DgwTestingEvent
{
  char    *head;
  char    *tail;
  gboolean is_replayed;
};

static DgwTestingEvent *
event_new (char *head, char *tail)
{
  DgwTestingEvent *event = g_rc_box_new0 (DgwTestingEvent);

  event->head = head;
  event->tail = tail;
  event->is_replayed = TRUE;
  return event;
}

static void
event_clear (gpointer data)
{
  DgwTestingEvent *event = data;

  g_free (event->head);
  g_free (event->tail);
}

DgwTestingEvent *
dgw_testing_event_ref (DgwTestingEvent *event)
{
  return g_rc_box_acquire (event);
}

void
dgw_testing_event_unref (DgwTestingEvent *event)
{
  g_rc_box_release_full (event, event_clear);
}

guint64
dgw_testing_event_get_guild (DgwTestingEvent *event)
{
  static const char member[] = "\"guild_id\":\"";
  const char       *found = strstr (event->tail, member);

  if (found == NULL)
    found = strstr (event->head, member);

  return found != NULL ? g_ascii_strtoull (found + strlen (member), NULL, 10) : 0;
}

/* @data is the text of `d`, taken as it is. */
DgwTestingEvent *
dgw_testing_event_new (const char *name, const char *data)
{
  GString *head = g_string_new ("{\"t\":");

  dgw_testing_json_append_string (head, name);
  g_string_append (head, ",\"s\":");
  return event_new (g_string_free (head, FALSE), g_strconcat (",\"op\":0,\"d\":", data, "}", NULL));
}

/* A whole payload, of which only the sequence is replaced. */
DgwTestingEvent *
dgw_testing_event_new_payload (const char *text, GError **error)
{
  g_autofree char *compact = dgw_testing_json_compact (text, -1);
  gsize            start, end;

  if (!dgw_testing_json_find (compact, "s", &start, &end))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The payload has no sequence, \"s\"");
      return NULL;
    }

  return event_new (g_strndup (compact, start), g_strdup (compact + end));
}

/* RESUMED ends one replay and has no place in the next. */
DgwTestingEvent *
dgw_testing_event_new_resumed (void)
{
  DgwTestingEvent *event = dgw_testing_event_new ("RESUMED", "{\"_trace\":[\"[\\\"dgw-testing\\\",{\\\"micros\\\":0}]\"]}");

  event->is_replayed = FALSE;
  return event;
}

gboolean
dgw_testing_event_is_replayed (DgwTestingEvent *event)
{
  return event->is_replayed;
}

void
dgw_testing_event_append (DgwTestingEvent *event, gint64 sequence, GString *out)
{
  g_string_append (out, event->head);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, sequence);
  g_string_append (out, event->tail);
}
