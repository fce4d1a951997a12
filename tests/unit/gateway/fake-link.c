/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fake-link.h"

struct _DgwLink
{
  const DgwLinkHandlers *handlers;
  gpointer               user_data;
};

static DgwLink       *the_link;
static DgwLinkOptions the_options;
static DgwLinkMetrics the_metrics;
static GString       *calls;
static GQueue         ids = G_QUEUE_INIT;

static void
note (const char *format,
      ...) G_GNUC_PRINTF (1, 2);

static void
note (const char *format,
      ...)
{
  va_list args;

  if (!calls)
    calls = g_string_new (NULL);

  va_start (args, format);
  g_string_append_vprintf (calls, format, args);
  va_end (args);
  g_string_append_c (calls, '\n');
}

static void
note_id (guint64 id)
{
  if (id != 0)
    g_queue_push_tail (&ids, g_memdup2 (&id, sizeof id));
}

DgwLink *
fake_link_get (void)
{
  return the_link;
}

const DgwLinkOptions *
fake_link_get_options (void)
{
  return &the_options;
}

void
fake_link_assert_calls (const char *expected)
{
  g_assert_cmpstr (calls ? calls->str : "", ==, expected);
  fake_link_forget_calls ();
}

void
fake_link_forget_calls (void)
{
  if (calls)
    g_string_truncate (calls, 0);
}

char *
fake_link_take_calls (void)
{
  char *text = g_strdup (calls ? calls->str : "");

  if (calls)
    g_string_truncate (calls, 0);

  return text;
}

guint64
fake_link_take_id (void)
{
  g_autofree guint64 *id = g_queue_pop_head (&ids);

  g_assert_nonnull (id);
  return *id;
}

void
fake_link_play (DgwAction action)
{
  g_assert_nonnull (the_link);
  the_link->handlers->action (&action, the_link->user_data);
  dgw_action_clear (&action);
}

void
fake_link_play_status (DgwStatus status)
{
  fake_link_play ((DgwAction){.kind = DGW_ACTION_STATUS, .status = status});
}

void
fake_link_play_dispatch (const char  *name,
                         DgwEventType type,
                         gint64       sequence)
{
  fake_link_play_data (name, type, sequence, "{\"n\":1}");
}

void
fake_link_play_data (const char  *name,
                     DgwEventType type,
                     gint64       sequence,
                     const char  *data)
{
  g_autofree char *text = g_strdup_printf ("{\"op\":0,\"t\":\"%s\",\"s\":%" G_GINT64_FORMAT ",\"d\":%s}",
                                           name, sequence, data);
  DgwAction        action = {.kind = DGW_ACTION_DISPATCH};

  action.dispatch.json = dgw_json_new_copy (text, strlen (text));
  action.dispatch.name = name;
  action.dispatch.type = type;
  action.dispatch.sequence = sequence;
  action.dispatch.received_us = 1234;
  fake_link_play (action);
}

void
fake_link_play_session (const char *id,
                        const char *url)
{
  DgwAction action = {.kind = DGW_ACTION_SESSION};

  action.session.id = g_strdup (id);
  action.session.url = g_strdup (url);
  fake_link_play (action);
}

void
fake_link_play_done (guint64 id,
                     GError *error)
{
  DgwAction action = {.kind = DGW_ACTION_COMMAND_DONE};

  action.command.id = id;
  action.command.error = error;
  fake_link_play (action);
}

void
fake_link_play_stalled (gint64 duration_us)
{
  the_link->handlers->stalled (duration_us, the_link->user_data);
}

void
fake_link_set_metrics (const DgwLinkMetrics *metrics)
{
  the_metrics = *metrics;
}

/* The functions of the link. */

DgwLink *
dgw_link_new (const DgwLinkOptions  *options,
              guint32                seed,
              GMainContext          *context,
              const DgwLinkHandlers *handlers,
              gpointer               user_data)
{
  g_assert_null (the_link);
  the_link = g_new0 (DgwLink, 1);
  the_link->handlers = handlers;
  the_link->user_data = user_data;
  dgw_link_options_copy (options, &the_options);
  note ("new");
  return the_link;
}

void
dgw_link_free (DgwLink *self)
{
  g_queue_clear_full (&ids, g_free);
  g_assert_true (self == the_link);
  g_clear_pointer (&the_link, g_free);
  dgw_link_options_clear (&the_options);
  note ("free");
}

void
dgw_link_set_options (DgwLink              *self,
                      const DgwLinkOptions *options)
{
  dgw_link_options_clear (&the_options);
  dgw_link_options_copy (options, &the_options);
  note ("options");
}

void
dgw_link_set_session (DgwLink              *self,
                      const DgwResumeState *state)
{
  if (state)
    note ("session %s %" G_GINT64_FORMAT " %s", state->session_id, state->sequence,
          state->resume_url ? state->resume_url : "-");
  else
    note ("session none");
}

void
dgw_link_open (DgwLink *self)
{
  note ("open");
}

void
dgw_link_stop (DgwLink    *self,
               DgwStopKind kind,
               guint       code,
               const char *reason)
{
  static const char *const kinds[] = {"close", "suspend", "cancel"};

  note ("%s %u %s", kinds[kind], code, reason ? reason : "-");
}

void
dgw_link_send (DgwLink    *self,
               guint64     id,
               guint       opcode,
               const char *data)
{
  note_id (id);
  note ("send %u %s", opcode, data);
}

void
dgw_link_request (DgwLink    *self,
                  guint64     id,
                  guint       opcode,
                  const char *data)
{
  note_id (id);
  note ("request %u %s", opcode, data);
}

void
dgw_link_cancel_send (DgwLink *self,
                      guint64  id)
{
  note ("cancel-send");
}

void
dgw_link_set_presence (DgwLink    *self,
                       guint64     id,
                       const char *data)
{
  note_id (id);
  note ("presence %s", data ? data : "none");
}

void
dgw_link_probe (DgwLink *self)
{
  note ("probe");
}

void
dgw_link_answer_permit (DgwLink      *self,
                        guint64       serial,
                        const GError *error)
{
  note ("permit %" G_GUINT64_FORMAT " %s", serial, error ? error->message : "granted");
}

void
dgw_link_get_metrics (DgwLink        *self,
                      DgwLinkMetrics *metrics)
{
  *metrics = the_metrics;
}

void
dgw_link_fetch_answer_async (DgwLink            *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  note ("fetch");
  g_task_set_source_tag (task, dgw_link_fetch_answer_async);
  if (the_metrics.payloads == 401)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "no");
  else
    g_task_return_boolean (task, TRUE);
}

gboolean
dgw_link_fetch_answer_finish (GAsyncResult     *result,
                              DgwGatewayAnswer *answer,
                              GError          **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  *answer = (DgwGatewayAnswer){g_strdup ("wss://gateway.example"), 7, 1000, 998, 3600000, 16};
  return TRUE;
}

void
dgw_link_parse_ahead (DgwLink *self,
                      guint    event_type)
{
  note ("parse ahead %u", event_type);
}
