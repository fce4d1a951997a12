/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event counts as handed on once its line is written (or it is none that is
 * printed); only then may the session file know of it. So the sequence saved
 * is kept here: the gateway's own would count what came in after the end. */
#include "config.h"

#include "cli/dgw-cli-listener-private.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "cli/dgw-cli-private.h"
#include "cli/dgw-cli-session-file-private.h"

/* Three seconds is what a signal may take: a line begun can take half of one,
 * then a close two. */
#define MAX_STOP_MS 2300

typedef struct
{
  DgwGateway                  *gateway;
  DgwShardManager             *manager; /* NULL without --shards; the gateway is the shards' model then */
  const DgwCliListenerOptions *options;
  DgwCliOutput                *output;
  DgwCliSessionFile           *session_file; /* NULL without --session-file */
  GMainLoop                   *loop;
  guint                        signal_id;
  guint                        timer_id;
  gint64                       n_printed;
  DgwSession                  *session;    /* the gateway's newest */
  char                        *session_id; /* of the events handed on, NULL before the first READY */
  gint64                       sequence;   /* of the last one handed on */
  gboolean                     advanced;   /* by an event that this process handed on */
  gboolean                     talks;      /* progress for people, on stderr */
  gboolean                     error_is_news;
  gboolean                     stopping;
  gboolean                     asked_to_stop; /* by a signal */
  int                          exit_status;
} Listener;

static gboolean
quit_cb (gpointer user_data)
{
  Listener *self = user_data;

  self->timer_id = 0;
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static void
ended_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Listener *self = user_data;

  g_main_loop_quit (self->loop);
}

/* A clean end: with a session file the session is kept for the next start. */
static void
stop (Listener *self)
{
  if (self->stopping)
    return;

  self->stopping = TRUE;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  self->timer_id = g_timeout_add (MAX_STOP_MS, quit_cb, self);
  dgw_cli_output_end_soon (self->output);

  if (self->manager)
    dgw_shard_manager_close_async (self->manager, NULL, ended_cb, self);
  else if (self->session_file && self->session_id)
    dgw_gateway_suspend_async (self->gateway, NULL, ended_cb, self);
  else
    dgw_gateway_close_async (self->gateway, NULL, ended_cb, self);
}

/* A line could not be written. */
static void
stop_for_output (Listener *self)
{
  const char *failure = dgw_cli_output_get_failure (self->output);

  if (failure && self->exit_status == DGW_CLI_DONE)
    {
      /* TRANSLATORS: the first %s is a command such as “dgw listen”, the second the system's words. */
      dgw_cli_complain (_ ("%s: cannot write to the output: %s"), self->options->command, failure);
      self->exit_status = DGW_CLI_FAILED;
    }
  stop (self);
}

/* Whoever asks a second time does not want to wait for the close. */
static gboolean
signal_cb (int          fd,
           GIOCondition condition,
           gpointer     user_data)
{
  Listener *self = user_data;

  dgw_cli_read_signal (fd);
  if (self->asked_to_stop)
    g_main_loop_quit (self->loop);
  self->asked_to_stop = TRUE;
  stop (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
duration_cb (gpointer user_data)
{
  Listener *self = user_data;

  self->timer_id = 0;
  stop (self);
  return G_SOURCE_REMOVE;
}

static gboolean
is_wanted (Listener *self,
           DgwEvent *event)
{
  char **events = self->options->events;

  return !events || g_strv_contains ((const char *const *)events, dgw_event_get_name (event));
}

/* READY begins a session, whose sequence starts anew. */
static void
begin_session (Listener *self,
               DgwEvent *event)
{
  g_autoptr (JsonNode) data = dgw_event_dup_json (event);
  JsonObject *object = data && JSON_NODE_HOLDS_OBJECT (data) ? json_node_get_object (data) : NULL;

  g_free (self->session_id);
  self->session_id = object ? g_strdup (json_object_get_string_member_with_default (object, "session_id", NULL)) : NULL;
  self->sequence = -1;
}

static void
note_session (Listener *self)
{
  /* Before that the old file is as good, and may be the only one that is. */
  if (!self->session_file || !self->session || !self->advanced || self->sequence < 1)
    return;
  if (g_strcmp0 (dgw_session_get_id (self->session), self->session_id) == 0)
    dgw_cli_session_file_note (self->session_file, self->session, self->sequence);
}

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          Listener   *self)
{
  gboolean wanted = is_wanted (self, event);

  /* Nothing may be handed on behind an event that was not. */
  if (dgw_cli_output_is_over (self->output) ||
      (self->options->count > 0 && self->n_printed >= self->options->count))
    return;

  if (wanted && !dgw_cli_output_event (self->output, event))
    {
      stop_for_output (self);
      return;
    }

  if (dgw_event_get_event_type (event) == DGW_EVENT_TYPE_READY)
    begin_session (self, event);
  self->sequence = MAX (self->sequence, dgw_event_get_sequence (event));
  self->advanced = TRUE;
  note_session (self);

  if (wanted && ++self->n_printed == self->options->count)
    stop (self);
}

static void
session_cb (DgwGateway *gateway,
            GParamSpec *pspec,
            Listener   *self)
{
  g_clear_pointer (&self->session, dgw_session_unref);
  self->session = dgw_gateway_dup_session (gateway);
  note_session (self);
}

static GVariant *
add_shard (DgwGateway *gateway,
           GVariant   *members)
{
  g_autoptr (GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE_VARDICT);
  GVariantIter iter;
  GVariant    *member;

  g_variant_builder_add (builder, "{sv}", "shard", g_variant_new_uint32 (dgw_gateway_get_shard_id (gateway)));
  g_variant_iter_init (&iter, members);
  while ((member = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_variant_builder_add_value (builder, member);
      g_variant_unref (member);
    }

  return g_variant_ref_sink (g_variant_builder_end (builder));
}

/* Always takes the members. */
static void
print_lifecycle (Listener   *self,
                 DgwGateway *gateway,
                 const char *kind,
                 GVariant   *members)
{
  g_autoptr (GVariant) given = g_variant_ref_sink (members);
  g_autoptr (GVariant) owned = self->manager ? add_shard (gateway, given) : g_variant_ref (given);

  if (self->options->lifecycle && !dgw_cli_output_is_over (self->output) &&
      !dgw_cli_output_lifecycle (self->output, kind, owned))
    stop_for_output (self);
}

static void
status_cb (DgwGateway *gateway,
           GParamSpec *pspec,
           Listener   *self)
{
  DgwStatus status = dgw_gateway_get_status (gateway);

  print_lifecycle (self, gateway, "status", g_variant_new_parsed ("{'status': <%s>}", dgw_status_to_string (status)));
  if (self->manager)
    return;
  if (self->talks && status == DGW_STATUS_CONNECTING)
    dgw_cli_complain (_ ("Connecting…"));
  if (self->talks && status == DGW_STATUS_READY)
    dgw_cli_complain (_ ("Ready. Ctrl+C ends."));
}

static void
disconnected_cb (DgwGateway *gateway,
                 guint       code,
                 const char *reason,
                 gboolean    will_reconnect,
                 Listener   *self)
{
  print_lifecycle (self,
                   gateway,
                   "disconnected",
                   g_variant_new_parsed ("{'code': <%u>, 'reason': <%s>, 'will_reconnect': <%b>}",
                                         code,
                                         reason ? reason : "",
                                         will_reconnect));
}

static void
reconnecting_cb (DgwGateway *gateway,
                 guint       attempt,
                 guint       delay_ms,
                 Listener   *self)
{
  print_lifecycle (self,
                   gateway,
                   "reconnecting",
                   g_variant_new_parsed ("{'attempt': <%u>, 'delay_ms': <%u>}", attempt, delay_ms));
  /* Not when the error comes: if it is final, “failed” tells it. */
  if (self->talks && self->error_is_news)
    dgw_cli_complain ("%s", dgw_gateway_get_last_error (gateway)->message);
  self->error_is_news = FALSE;
  if (self->talks)
    dgw_cli_complain (_ ("Connecting again in %.1f s (attempt %u)."), delay_ms / 1000.0, attempt);
}

static void
acked_cb (DgwGateway *gateway,
          gint64      latency_us,
          Listener   *self)
{
  print_lifecycle (self, gateway, "latency", g_variant_new_parsed ("{'latency_us': <%x>}", latency_us));
}

static void
invalidated_cb (DgwGateway *gateway,
                gboolean    resumable,
                Listener   *self)
{
  print_lifecycle (self, gateway, "session-invalidated", g_variant_new_parsed ("{'resumable': <%b>}", resumable));
}

static const char *
error_nick (const GError *error)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_GATEWAY_ERROR);
  const GEnumValue *value = NULL;

  if (error->domain == DGW_GATEWAY_ERROR)
    value = g_enum_get_value (klass, error->code);
  return value ? value->value_nick : "failed";
}

static void
print_error (Listener     *self,
             DgwGateway   *gateway,
             const char   *kind,
             const GError *error)
{
  print_lifecycle (self,
                   gateway,
                   kind,
                   g_variant_new_parsed ("{'error': <%s>, 'message': <%s>}", error_nick (error), error->message));
}

static void
last_error_cb (DgwGateway *gateway,
               GParamSpec *pspec,
               Listener   *self)
{
  const GError *error = dgw_gateway_get_last_error (gateway);

  self->error_is_news = error != NULL;
  if (error)
    print_error (self, gateway, "error", error);
}

static void
failed_cb (DgwGateway *gateway,
           GError     *error,
           Listener   *self)
{
  print_error (self, gateway, "failed", error);
  if (self->session_file)
    dgw_cli_session_file_remove (self->session_file);

  if (self->exit_status == DGW_CLI_DONE)
    dgw_cli_complain ("%s: %s", self->options->command, error->message);
  self->exit_status = DGW_CLI_FAILED;
  if (self->manager)
    stop (self);
  else
    g_main_loop_quit (self->loop);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Listener *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dgw_gateway_open_finish (self->gateway, result, &error) ||
      self->stopping || self->exit_status != DGW_CLI_DONE)
    return;

  /* It did not even begin, or “failed” would have been first: the address is no good. */
  self->exit_status = dgw_cli_usage_error (self->options->command, "%s", error->message);
  g_main_loop_quit (self->loop);
}

static void
waiting_cb (gpointer user_data)
{
  Listener *self = user_data;

  if (self->session_file)
    dgw_cli_session_file_save_if_due (self->session_file);
}

static void
load_session (Listener *self)
{
  g_autoptr (DgwSession) session = NULL;

  if (!self->options->session_path)
    return;

  self->session_file = dgw_cli_session_file_new (self->options->session_path, self->options->session_owner);
  session = dgw_cli_session_file_load (self->session_file);
  if (!session)
    return;

  self->session_id = g_strdup (dgw_session_get_id (session));
  self->sequence = dgw_session_get_sequence (session);
  dgw_gateway_set_session (self->gateway, session);
}

static void
disconnect_signals (Listener *self)
{
  g_signal_handlers_disconnect_by_data (self->gateway, self);
  if (self->manager == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->manager, self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->manager)); i++)
    {
      g_autoptr (DgwGateway) gateway = g_list_model_get_item (G_LIST_MODEL (self->manager), i);

      g_signal_handlers_disconnect_by_data (gateway, self);
    }
}

static void
listener_clear (Listener *self)
{
  disconnect_signals (self);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_handle_id (&self->signal_id, g_source_remove);
  g_clear_pointer (&self->session_file, dgw_cli_session_file_free);
  g_clear_pointer (&self->session, dgw_session_unref);
  g_clear_pointer (&self->session_id, g_free);
  g_clear_pointer (&self->output, dgw_cli_output_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

static void
connect_signals (Listener   *self,
                 DgwGateway *gateway)
{
  g_signal_connect (gateway, "event", G_CALLBACK (event_cb), self);
  g_signal_connect (gateway, "notify::status", G_CALLBACK (status_cb), self);
  g_signal_connect (gateway, "notify::last-error", G_CALLBACK (last_error_cb), self);
  g_signal_connect (gateway, "disconnected", G_CALLBACK (disconnected_cb), self);
  g_signal_connect (gateway, "reconnecting", G_CALLBACK (reconnecting_cb), self);
  g_signal_connect (gateway, "heartbeat-acked", G_CALLBACK (acked_cb), self);
  g_signal_connect (gateway, "session-invalidated", G_CALLBACK (invalidated_cb), self);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), self);
}

static void
added_cb (DgwShardManager *manager,
          DgwGateway      *gateway,
          Listener        *self)
{
  g_object_set (gateway,
                "tls-database", dgw_gateway_get_tls_database (self->gateway),
                "allow-insecure", dgw_gateway_get_allow_insecure (self->gateway),
                "presence", dgw_gateway_get_presence (self->gateway),
                "large-threshold", dgw_gateway_get_large_threshold (self->gateway),
                "auto-reconnect", dgw_gateway_get_auto_reconnect (self->gateway),
                NULL);
  connect_signals (self, gateway);
}

static void
all_opened_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Listener *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dgw_shard_manager_open_finish (self->manager, result, &error))
    {
      if (self->talks)
        dgw_cli_complain (_ ("Ready. Ctrl+C ends."));
      return;
    }
  if (self->stopping || self->exit_status != DGW_CLI_DONE)
    return;

  /* Not what a shard says for itself: the token is wrong, or the address no good. */
  dgw_cli_complain ("%s: %s", self->options->command, error->message);
  self->exit_status = error->domain == DGW_GATEWAY_ERROR ? DGW_CLI_FAILED : DGW_CLI_USAGE;
  stop (self);
}

static void
start (Listener *self)
{
  if (self->manager)
    {
      g_signal_connect (self->manager, "shard-added", G_CALLBACK (added_cb), self);
      if (self->talks)
        dgw_cli_complain (_ ("Connecting…"));
      dgw_shard_manager_open_async (self->manager, NULL, all_opened_cb, self);
      return;
    }

  load_session (self);
  connect_signals (self, self->gateway);
  g_signal_connect (self->gateway, "notify::session", G_CALLBACK (session_cb), self);
  session_cb (self->gateway, NULL, self);
  dgw_gateway_open_async (self->gateway, NULL, opened_cb, self);
}

int
dgw_cli_listener_run (DgwGateway                  *gateway,
                      DgwShardManager             *manager,
                      const DgwCliListenerOptions *options)
{
  Listener self = {
    .gateway = gateway,
    .manager = manager,
    .options = options,
    .sequence = -1,
  };

  self.loop = g_main_loop_new (NULL, FALSE);
  self.output = dgw_cli_output_new (options->format, options->stop_fd);
  self.talks = isatty (STDERR_FILENO) || dgw_cli_output_is_pretty (self.output);
  dgw_cli_output_set_waiting_func (self.output, waiting_cb, &self);
  /* Ahead of events, which come at the default priority. */
  self.signal_id = g_unix_fd_add_full (G_PRIORITY_HIGH, options->stop_fd, G_IO_IN, signal_cb, &self, NULL);
  if (options->duration > 0)
    self.timer_id = g_timeout_add ((guint)(options->duration * 1000), duration_cb, &self);

  start (&self);
  g_main_loop_run (self.loop);

  listener_clear (&self);
  return self.exit_status;
}
