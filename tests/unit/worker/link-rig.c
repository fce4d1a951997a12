/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "link-rig.h"

#include "raw-server.h"

static void
add_line (LinkRig *self,
          char    *line)
{
  g_test_message ("%s", line);
  g_ptr_array_add (self->lines, line);
}

static void
take_dispatch (LinkRig   *self,
               DgwAction *action)
{
  self->n_dispatches++;
  if (action->dispatch.sequence >= 0)
    {
      g_assert_cmpint (action->dispatch.sequence, >, self->sequence);
      self->sequence = action->dispatch.sequence;
    }
  if (self->lines->len < 1000)
    add_line (self, g_strdup_printf ("dispatch %s", action->dispatch.name));
  if (self->on_dispatch != NULL)
    self->on_dispatch (action, self);
}

static void
take_session (LinkRig   *self,
              DgwAction *action)
{
  dgw_resume_state_set (&self->session, action->session.id, action->session.url, action->session.sequence);
  /* A new session counts anew. */
  if (action->session.sequence < self->sequence)
    self->sequence = -1;
}

static void
take_action (DgwAction *action,
             gpointer   user_data)
{
  LinkRig *self = user_data;

  switch ((int)action->kind)
    {
    case DGW_ACTION_STATUS:
      self->status = action->status;
      add_line (self, g_strdup_printf ("status %s", dgw_status_to_string (action->status)));
      break;
    case DGW_ACTION_DISPATCH:
      take_dispatch (self, action);
      break;
    case DGW_ACTION_SESSION:
      take_session (self, action);
      break;
    case DGW_ACTION_ACKED:
      self->n_acked++;
      break;
    case DGW_ACTION_DISCONNECTED:
      self->n_disconnected++;
      /* Its own action follows, perhaps in the next slice: nobody is to take the
       * old status for the one after the reconnect. */
      self->status = DGW_STATUS_DISCONNECTED;
      self->close_code = action->end.code;
      add_line (self, g_strdup_printf ("disconnected %u %s", action->end.code, action->end.will_reconnect ? "will-reconnect" : "for good"));
      break;
    case DGW_ACTION_ERROR:
      g_clear_error (&self->error);
      self->error = g_steal_pointer (&action->error);
      add_line (self, g_strdup_printf ("error %s", self->error != NULL ? self->error->message : "none"));
      break;
    case DGW_ACTION_FAILED:
      self->failure = g_error_copy (action->error);
      add_line (self, g_strdup_printf ("failed %s", self->failure->message));
      break;
    case DGW_ACTION_COMMAND_DONE:
      g_assert_no_error (action->command.error);
      self->command_done = action->command.id;
      break;
    case DGW_ACTION_STOPPED:
      self->n_stopped++;
      add_line (self, g_strdup ("stopped"));
      break;
    default:
      break;
    }
  if (self->free_at == (int)action->kind)
    g_clear_pointer (&self->link, dgw_link_free);
}

static void
take_stall (gint64   duration_us,
            gpointer user_data)
{
  LinkRig *self = user_data;

  self->n_stalled++;
  self->stalled_us = duration_us;
}

static void
client_disconnected_cb (DgwTestingSimulator *simulator,
                        guint                code,
                        const char          *reason,
                        LinkRig             *self)
{
  self->peer_code = code;
}

static void
command_cb (DgwTestingSimulator *simulator,
            guint                opcode,
            JsonNode            *data,
            LinkRig             *self)
{
  self->n_commands++;
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  gboolean *is_done = user_data;
  g_autoptr (GError) error = NULL;

  dgw_testing_simulator_start_finish (DGW_TESTING_SIMULATOR (source), result, &error);
  g_assert_no_error (error);
  *is_done = TRUE;
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  gboolean *is_done = user_data;

  dgw_testing_simulator_stop_finish (DGW_TESTING_SIMULATOR (source), result, NULL);
  *is_done = TRUE;
}

static void
start_simulator (LinkRig *self)
{
  gboolean is_done = FALSE;

  dgw_testing_simulator_start_async (self->simulator, NULL, started_cb, &is_done);
  LINK_RIG_WAIT (is_done);
  g_free (self->options.api_url);
  self->options.api_url = g_strdup (dgw_testing_simulator_get_api_url (self->simulator));
}

static void
stop_simulator (LinkRig *self)
{
  gboolean is_done = FALSE;

  dgw_testing_simulator_stop_async (self->simulator, NULL, stopped_cb, &is_done);
  LINK_RIG_WAIT (is_done);
}

void
link_rig_set_up (LinkRig      *self,
                 gconstpointer data)
{
  self->options = (DgwLinkOptions){
    .engine = {
               .token = g_strdup ("token"),
               .intents = 1,
               .shard_count = 1,
               .compression = DGW_COMPRESSION_ZLIB_STREAM,
               .auto_reconnect = TRUE,
               .use_resume_url = TRUE,
               .large_threshold = 50,
               .os = g_strdup ("linux"),
               .browser = g_strdup ("dgw"),
               .device = g_strdup ("dgw"),
               .connect_timeout_ms = 10000,
               .hello_timeout_ms = 10000,
               .ready_timeout_ms = 30000,
               .resume_timeout_ms = 30000,
               .commands_per_minute = 120,
               .reserved_commands = 3,
               },
    .user_agent = g_strdup ("DiscordBot (https://example.org, 1)"),
    .max_payload_size = 256 * 1024 * 1024,
    .max_backlog_bytes = 64 * 1024 * 1024,
    .max_backlog_events = 100000,
  };
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->session.sequence = -1;
  self->sequence = -1;
  self->free_at = -1;
  self->peer_code = 1;
  self->simulator = dgw_testing_simulator_new ();
  g_signal_connect (self->simulator, "client-disconnected", G_CALLBACK (client_disconnected_cb), self);
  g_signal_connect (self->simulator, "command", G_CALLBACK (command_cb), self);
  start_simulator (self);
}

static gboolean
has_worker (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *task;

  while ((task = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", task, "comm", NULL);
      g_autofree char *name = NULL;

      if (g_file_get_contents (path, &name, NULL, NULL) && g_str_equal (g_strchomp (name), "dgw-worker"))
        return TRUE;
    }

  return FALSE;
}

void
link_rig_tear_down (LinkRig      *self,
                    gconstpointer data)
{
  g_clear_pointer (&self->link, dgw_link_free);
  stop_simulator (self);
  g_assert_finalize_object (self->simulator);
  /* DIS-07: whatever the link was doing, its thread winds down by itself. */
  while (has_worker ())
    g_main_context_iteration (NULL, FALSE);
  g_clear_pointer (&self->context, g_main_context_unref);
  dgw_link_options_clear (&self->options);
  g_ptr_array_unref (self->lines);
  dgw_resume_state_clear (&self->session);
  g_clear_error (&self->error);
  g_clear_error (&self->failure);
}

void
link_rig_open (LinkRig *self)
{
  static const DgwLinkHandlers handlers = {take_action, take_stall};

  self->link = dgw_link_new (&self->options, 1, self->context != NULL ? self->context : g_main_context_default (), &handlers, self);
  dgw_link_open (self->link);
}

void
link_rig_get_ready (LinkRig *self)
{
  link_rig_open (self);
  LINK_RIG_WAIT (self->status == DGW_STATUS_READY);
}

void
link_rig_use_tls (LinkRig *self)
{
  g_autofree char *path = raw_certificate_path ("localhost.pem");
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  stop_simulator (self);
  dgw_testing_simulator_set_tls_certificate (self->simulator, certificate);
  start_simulator (self);
}

void
link_rig_trust_authority (LinkRig *self)
{
  g_autofree char *path = raw_certificate_path ("authority.pem");
  g_autoptr (GError) error = NULL;

  self->options.tls_database = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
}

guint
link_rig_count_lines (LinkRig    *self,
                      const char *line)
{
  guint n = 0;

  for (guint i = 0; i < self->lines->len; i++)
    n += g_str_equal (g_ptr_array_index (self->lines, i), line);

  return n;
}

void
link_rig_dispatch (LinkRig *self,
                   guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *data = g_strdup_printf ("{\"n\":%u}", i);

      dgw_testing_simulator_dispatch_text (self->simulator, "TEST", data);
    }
}

int
link_rig_read_number (DgwAction *action)
{
  DgwJsonView data = dgw_json_get_data (action->dispatch.json);

  return (int)dgw_json_view_get_int64 (dgw_json_view_get_member (data, "n"), -1);
}
