/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One session: it lives on while its client is away, numbers its events and
 * keeps the newest of them for a replay.
 *
 * Events are not trimmed when a heartbeat says that they have arrived: a client
 * that was killed comes back with an older sequence than it last told.
 */

#include "config.h"

#include "testing/dgw-testing-session-private.h"

typedef struct
{
  DgwTestingEvent   *event; /* or NULL: generated */
  DgwTestingTraffic *traffic;
  guint64            index;
} Entry;

struct _DgwTestingSession
{
  char              *id;
  guint              shard_id;
  guint              shard_count;
  gint64             sequence; /* of the newest event */
  gint64             sent;     /* newest that went to the present client */
  gint64             resumed;  /* of the newest RESUMED */
  GArray            *log;      /* the last one has `sequence` */
  gsize              trimmed;  /* entries at the head of `log` that are gone */
  gpointer           peer;
  gint64             detached_at_us;
  GPtrArray         *traffics; /* all that entries of the log come from */
  DgwTestingTraffic *traffic;
  guint64            next_index;
  gint64             traffic_start_us;
};

DgwTestingSession *
dgw_testing_session_new (const char *id, guint shard_id, guint shard_count)
{
  DgwTestingSession *session = g_rc_box_new0 (DgwTestingSession);

  session->id = g_strdup (id);
  session->shard_id = shard_id;
  session->shard_count = shard_count;
  session->log = g_array_new (FALSE, FALSE, sizeof (Entry));
  session->traffics = g_ptr_array_new_with_free_func ((GDestroyNotify)dgw_testing_traffic_unref);
  return session;
}

static Entry *
get_entry (DgwTestingSession *session, gint64 sequence)
{
  return &g_array_index (session->log, Entry, session->log->len - 1 - (session->sequence - sequence));
}

static void
session_clear (gpointer data)
{
  DgwTestingSession *session = data;

  session->peer = NULL;
  dgw_testing_session_trim (session, 0);
  g_array_unref (session->log);
  g_ptr_array_unref (session->traffics);
  g_free (session->id);
}

DgwTestingSession *
dgw_testing_session_ref (DgwTestingSession *session)
{
  return g_rc_box_acquire (session);
}

void
dgw_testing_session_unref (DgwTestingSession *session)
{
  g_rc_box_release_full (session, session_clear);
}

const char *
dgw_testing_session_get_id (DgwTestingSession *session)
{
  return session->id;
}

guint
dgw_testing_session_get_shard_id (DgwTestingSession *session)
{
  return session->shard_id;
}

/* 0 when the client told no shard. */
guint
dgw_testing_session_get_shard_count (DgwTestingSession *session)
{
  return session->shard_count;
}

gint64
dgw_testing_session_get_sequence (DgwTestingSession *session)
{
  return session->sequence;
}

gsize
dgw_testing_session_get_unsent (DgwTestingSession *session)
{
  return session->sequence - session->sent;
}

static void
append_entry (DgwTestingSession *session, Entry entry)
{
  g_array_append_val (session->log, entry);
  session->sequence++;
}

void
dgw_testing_session_append (DgwTestingSession *session, DgwTestingEvent *event)
{
  append_entry (session, (Entry){.event = dgw_testing_event_ref (event)});
  if (!dgw_testing_event_is_replayed (event))
    session->resumed = session->sequence;
}

/* Keeps the newest @limit events, and those that the present client has not got. */
void
dgw_testing_session_trim (DgwTestingSession *session, guint limit)
{
  gsize n_kept = MAX (limit, session->peer != NULL ? dgw_testing_session_get_unsent (session) : 0);

  while (session->log->len - session->trimmed > n_kept)
    {
      Entry *entry = &g_array_index (session->log, Entry, session->trimmed);

      g_clear_pointer (&entry->event, dgw_testing_event_unref);
      session->trimmed++;
    }
  if (session->trimmed > 1024 && session->trimmed > session->log->len / 2)
    {
      g_array_remove_range (session->log, 0, session->trimmed);
      session->trimmed = 0;
    }
}

/* The generator's clock starts here; NULL stops it. */
void
dgw_testing_session_set_traffic (DgwTestingSession *session, DgwTestingTraffic *traffic)
{
  session->traffic = traffic;
  if (traffic != NULL)
    g_ptr_array_add (session->traffics, dgw_testing_traffic_ref (traffic));
  session->next_index = 0;
  session->traffic_start_us = g_get_monotonic_time ();
}

static void
append_generated (DgwTestingSession *session)
{
  append_entry (session, (Entry){.traffic = session->traffic, .index = session->next_index++});
}

/* Whether the generator has events to give, now or later. */
gboolean
dgw_testing_session_has_traffic_left (DgwTestingSession *session)
{
  guint64 count;

  if (session->traffic == NULL)
    return FALSE;

  count = dgw_testing_traffic_get_count (session->traffic);
  return count == 0 || session->next_index < count;
}

/* Adds one event of traffic without a rate; FALSE when there is none. */
gboolean
dgw_testing_session_generate (DgwTestingSession *session)
{
  if (!dgw_testing_session_has_traffic_left (session) || dgw_testing_traffic_get_rate (session->traffic) > 0)
    return FALSE;

  append_generated (session);
  return TRUE;
}

/* Adds the events of traffic with a rate that are due, at most @limit. */
void
dgw_testing_session_generate_due (DgwTestingSession *session, guint limit)
{
  gint64  elapsed_us = g_get_monotonic_time () - session->traffic_start_us;
  guint64 due;

  if (session->traffic == NULL)
    return;

  due = dgw_testing_traffic_get_rate (session->traffic) * elapsed_us / G_USEC_PER_SEC;
  while (limit-- > 0 && session->next_index < due && dgw_testing_session_has_traffic_left (session))
    append_generated (session);
}

/* Whether a client that has @sequence can get all that came after it. */
gboolean
dgw_testing_session_can_replay (DgwTestingSession *session, gint64 sequence)
{
  gint64 n_kept = session->log->len - session->trimmed;

  return sequence >= 0 && sequence <= session->sequence && session->sequence - sequence <= n_kept;
}

/* What comes next is the event after @sequence. */
void
dgw_testing_session_rewind (DgwTestingSession *session, gint64 sequence)
{
  session->sent = sequence;
}

/* Writes the next payload to @out; FALSE when all has been sent. */
gboolean
dgw_testing_session_render_next (DgwTestingSession *session, GString *out)
{
  while (session->sent < session->sequence)
    {
      gint64 sequence = ++session->sent;
      Entry *entry = get_entry (session, sequence);

      if (entry->event == NULL)
        dgw_testing_traffic_append (entry->traffic, entry->index, sequence, out);
      else if (dgw_testing_event_is_replayed (entry->event) || sequence == session->resumed)
        dgw_testing_event_append (entry->event, sequence, out);
      else
        continue;
      return TRUE;
    }

  return FALSE;
}

gpointer
dgw_testing_session_get_peer (DgwTestingSession *session)
{
  return session->peer;
}

void
dgw_testing_session_set_peer (DgwTestingSession *session, gpointer peer)
{
  session->peer = peer;
  session->detached_at_us = g_get_monotonic_time ();
}

gboolean
dgw_testing_session_is_expired (DgwTestingSession *session, gint64 timeout_us)
{
  return session->peer == NULL && g_get_monotonic_time () - session->detached_at_us > timeout_us;
}
