/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "chaos-world.h"

#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

#define TICK_MS    20
#define PATIENCE_S 240
#define MANY       1000000000 /* identifies */
#define INDEX_KEY  "\"simulator_index\":"

/* Of pthreads: the thread sanitizer does not see into GLib's. */
static pthread_mutex_t call_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t  call_cond = PTHREAD_COND_INITIALIZER;

guint
chaos_scale (guint slow,
             guint usual,
             guint large)
{
  if (g_strcmp0 (g_getenv ("DGW_CHAOS"), "large") == 0)
    return large;

  return g_getenv ("DGW_TEST_SLOW") ? slow : usual;
}

/* Wakes the loop for conditions that other threads bring about. */
static gboolean
tick_cb (gpointer user_data)
{
  Patience *self = user_data;

  if (g_get_monotonic_time () > self->limit_us)
    g_error ("waited in vain for: %s", self->condition);

  return G_SOURCE_CONTINUE;
}

void
patience_begin (Patience   *self,
                const char *condition)
{
  self->condition = condition;
  self->limit_us = g_get_monotonic_time () + chaos_scale (3, 1, 3) * PATIENCE_S * G_USEC_PER_SEC;
  self->tick = g_timeout_add (TICK_MS, tick_cb, self);
}

void
patience_end (Patience *self)
{
  g_source_remove (self->tick);
}

static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  if ((level & G_LOG_LEVEL_MASK) > G_LOG_LEVEL_CRITICAL)
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, user_data);
}

static void
ignore_log (const char    *domain,
            GLogLevelFlags level,
            const char    *text,
            gpointer       user_data)
{
}

void
chaos_init (int    *argc,
            char ***argv)
{
  struct rlimit limit;

  g_test_init (argc, argv, NULL);
  /* Servers that talk nonsense are what an operator is warned of. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_log_set_handler ("libsoup", G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_WARNING, ignore_log, NULL);
  g_log_set_handler ("GLib-GIO", G_LOG_LEVEL_DEBUG, ignore_log, NULL);

  /* Hundreds of gateways at once, with four sockets each. */
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

void
chaos_count (guint64     number,
             const char *what)
{
  g_test_message ("counted: %" G_GUINT64_FORMAT " %s", number, what);
}

gboolean
chaos_is_sanitized (void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return TRUE;
#else
  const char *preloaded = g_getenv ("LD_PRELOAD");

  return preloaded != NULL && strstr (preloaded, "valgrind") != NULL;
#endif
}

gboolean
chaos_can_do_tls (void)
{
#if defined(__SANITIZE_THREAD__)
  return FALSE;
#else
  return TRUE;
#endif
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint count = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    count++;

  return count;
}

guint
chaos_count_files (void)
{
  return count_entries ("/proc/self/fd");
}

guint
chaos_count_threads (void)
{
  return count_entries ("/proc/self/task");
}

static void
started_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  dgw_testing_simulator_start_finish (DGW_TESTING_SIMULATOR (source), result, &error);
  g_assert_no_error (error);
  g_main_loop_quit (user_data);
}

static gpointer
run_simulator (gpointer data)
{
  World *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_object_run_dispose (G_OBJECT (self->simulator));
  g_clear_object (&self->simulator);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static char *
get_certificate_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "certificates", name, NULL);
}

static void
set_tls (World *self)
{
  g_autofree char *own_path = get_certificate_path ("localhost.pem");
  g_autofree char *authority_path = get_certificate_path ("authority.pem");
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;

  certificate = g_tls_certificate_new_from_file (own_path, &error);
  g_assert_no_error (error);
  self->authority = g_tls_file_database_new (authority_path, &error);
  g_assert_no_error (error);
  dgw_testing_simulator_set_tls_certificate (self->simulator, certificate);
  /* GIO's GnuTLS reads the default anew for each connection: the system's hundred
   * and more authorities would be most of what a test does. */
  g_tls_backend_set_default_database (g_tls_backend_get_default (), self->authority);
}

World *
world_new (gboolean    has_tls,
           const char *first_property,
           ...)
{
  World  *self = g_new0 (World, 1);
  va_list arguments;

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  va_start (arguments, first_property);
  self->simulator = DGW_TESTING_SIMULATOR (g_object_new_valist (DGW_TESTING_TYPE_SIMULATOR, first_property, arguments));
  va_end (arguments);
  g_object_set (self->simulator, "session-start-total", MANY, "session-start-remaining", MANY, NULL);
  if (has_tls)
    set_tls (self);

  /* It starts in this thread, and its context is run by another afterwards. */
  g_main_context_push_thread_default (self->context);
  dgw_testing_simulator_start_async (self->simulator, NULL, started_cb, self->loop);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  self->proxy = fault_proxy_new (dgw_testing_simulator_get_port (self->simulator));
  self->thread = g_thread_new ("simulator", run_simulator, self);

  return self;
}

void
world_free (World *self)
{
  fault_proxy_free (self->proxy);
  while (!g_main_loop_is_running (self->loop))
    g_thread_yield ();
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_clear_object (&self->authority);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

typedef struct
{
  World    *world;
  WorldFunc func;
  gpointer  user_data;
  gboolean  is_done;
} Call;

static gboolean
call_cb (gpointer user_data)
{
  World *world;
  Call  *call = user_data;

  pthread_mutex_lock (&call_mutex);
  world = call->world;
  call->func (world->simulator, call->user_data);
  call->is_done = TRUE;
  pthread_cond_broadcast (&call_cond);
  pthread_mutex_unlock (&call_mutex);

  return G_SOURCE_REMOVE;
}

void
world_call (World    *self,
            WorldFunc func,
            gpointer  user_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Call call;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, call_cb, &call, NULL);
  pthread_mutex_lock (&call_mutex);
  call = (Call){self, func, user_data, FALSE};
  g_source_attach (source, self->context);
  while (!call.is_done)
    pthread_cond_wait (&call_cond, &call_mutex);
  pthread_mutex_unlock (&call_mutex);
}

typedef struct
{
  double      rate;
  guint64     count;
  const char *counter;
  guint       value;
} Wish;

static void
start_traffic (DgwTestingSimulator *simulator,
               gpointer             user_data)
{
  Wish *wish = user_data;

  dgw_testing_simulator_start_traffic (simulator, DGW_TESTING_PROFILE_CHAT, wish->rate, wish->count, 1);
}

void
world_start_traffic (World  *self,
                     double  rate,
                     guint64 count)
{
  world_call (self, start_traffic, &(Wish){.rate = rate, .count = count});
}

static void
get_counter (DgwTestingSimulator *simulator,
             gpointer             user_data)
{
  Wish *wish = user_data;

  g_object_get (simulator, wish->counter, &wish->value, NULL);
}

guint
world_get (World      *self,
           const char *counter)
{
  Wish wish = {.counter = counter};

  world_call (self, get_counter, &wish);
  return wish.value;
}

DgwGateway *
world_make_gateway (World         *self,
                    FaultDoor     *door,
                    DgwCompression compression)
{
  const char      *scheme = self->authority != NULL ? "wss" : "ws";
  const char      *api_scheme = self->authority != NULL ? "https" : "http";
  g_autofree char *url = g_strdup_printf ("%s://127.0.0.1:%u", scheme, fault_door_get_port (door));
  g_autofree char *api_url = g_strdup_printf ("%s://127.0.0.1:%u/api/v10", api_scheme, fault_door_get_port (door));
  g_autoptr (GObject) limiter = g_object_new (DGW_TYPE_LOCAL_IDENTIFY_LIMITER, "window", 1, NULL);

  return g_object_new (DGW_TYPE_GATEWAY, "token", "token.of.test", "intents", 1, "url", url, "api-url", api_url, "compression", compression,
                       "use-resume-url", FALSE, "tls-database", self->authority, "identify-limiter", limiter, NULL);
}

/* The index stands at the end of the payload. */
static gboolean
find_index (DgwEvent *event,
            guint64  *index)
{
  const char *text = dgw_event_get_text (event);
  gsize       length = strlen (text);
  const char *key = g_strrstr (text + (length > 64 ? length - 64 : 0), INDEX_KEY);

  if (key == NULL)
    return FALSE;

  *index = g_ascii_strtoull (key + strlen (INDEX_KEY), NULL, 10);
  return TRUE;
}

static void
find_fault (Account    *self,
            const char *what,
            guint64     found,
            guint64     wanted)
{
  self->n_wrong++;
  if (!self->is_lax)
    g_error ("%s: %s %" G_GUINT64_FORMAT " where %" G_GUINT64_FORMAT " was due; %u READY, %u RESUMED, %u disconnects",
             self->name ? self->name : "?", what, found, wanted, self->n_ready, self->n_resumed, self->n_disconnected);
}

static void
event_cb (DgwGateway *gateway,
          DgwEvent   *event,
          gpointer    user_data)
{
  Account *self = user_data;
  guint64  index = 0;

  if (dgw_event_get_event_type (event) == DGW_EVENT_TYPE_READY)
    {
      self->n_ready++;
      self->next = 0;
      self->sequence = 0;
      self->live_since_us = g_get_monotonic_time ();
    }
  else if (dgw_event_get_event_type (event) == DGW_EVENT_TYPE_RESUMED)
    {
      self->n_resumed++;
      self->live_since_us = g_get_monotonic_time ();
    }
  if (dgw_event_get_sequence (event) <= self->sequence)
    find_fault (self, "sequence", dgw_event_get_sequence (event), self->sequence + 1);
  self->sequence = dgw_event_get_sequence (event);
  if (!find_index (event, &index))
    return;

  if (index != self->next)
    find_fault (self, "event", index, self->next);
  self->next = index + 1;
  self->n_events++;
}

static void
disconnected_cb (DgwGateway *gateway,
                 guint       code,
                 const char *reason,
                 gboolean    will_reconnect,
                 gpointer    user_data)
{
  Account *self = user_data;

  if (g_test_verbose ())
    g_test_message ("%s: disconnected, %u %s", self->name, code, reason);
  self->n_disconnected++;
  self->live_since_us = 0;
}

static void
reconnecting_cb (DgwGateway *gateway,
                 guint       attempt,
                 guint       delay_ms,
                 gpointer    user_data)
{
  Account *self = user_data;

  self->n_reconnecting++;
}

static void
failed_cb (DgwGateway *gateway,
           GError     *error,
           gpointer    user_data)
{
  Account *self = user_data;

  self->n_failed++;
}

void
account_watch (Account    *self,
               DgwGateway *gateway)
{
  g_signal_connect (gateway, "event", G_CALLBACK (event_cb), self);
  g_signal_connect (gateway, "disconnected", G_CALLBACK (disconnected_cb), self);
  g_signal_connect (gateway, "reconnecting", G_CALLBACK (reconnecting_cb), self);
  g_signal_connect (gateway, "failed", G_CALLBACK (failed_cb), self);
}

void
account_unwatch (Account    *self,
                 DgwGateway *gateway)
{
  g_signal_handlers_disconnect_by_data (gateway, self);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean *is_closed = user_data;

  dgw_gateway_close_finish (DGW_GATEWAY (source), result, &error);
  g_assert_no_error (error);
  *is_closed = TRUE;
}

void
gateway_finish (DgwGateway *gateway)
{
  gboolean is_closed = FALSE;
  gpointer watched = gateway;

  dgw_gateway_close_async (gateway, NULL, closed_cb, &is_closed);
  WAIT_UNTIL (is_closed);
  g_object_add_weak_pointer (G_OBJECT (gateway), &watched);
  g_object_unref (gateway);
  WAIT_UNTIL (watched == NULL);
}
