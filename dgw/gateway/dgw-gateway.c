/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-gateway.h"

#include "gateway/dgw-gateway-private.h"

/**
 * DgwGateway:
 *
 * A connection to Discord's gateway that stays up.
 *
 * Make one with a bot's token, connect to its signals, and open it. It connects,
 * identifies, answers heartbeats, and after a fault connects again and resumes,
 * so that no event is lost. Everything that arrives is emitted as
 * [signal@Gateway::event].
 *
 * ```c
 * static void
 * message_cb (DgwGateway *gateway, DgwEvent *event, gpointer user_data)
 * {
 *   g_print ("%s\n", dgw_event_get_text (event));
 * }
 *
 * int
 * main (void)
 * {
 *   g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
 *   g_autoptr (DgwGateway) gateway =
 *     dgw_gateway_new (g_getenv ("DISCORD_TOKEN"), DGW_INTENTS_NON_PRIVILEGED);
 *
 *   g_signal_connect (gateway, "event::MESSAGE_CREATE", G_CALLBACK (message_cb), NULL);
 *   g_signal_connect_swapped (gateway, "failed", G_CALLBACK (g_main_loop_quit), loop);
 *   dgw_gateway_open_async (gateway, NULL, NULL, NULL);
 *   g_main_loop_run (loop);
 * }
 * ```
 *
 * ## Threads and contexts
 *
 * Networking, decompression and heartbeats run on a thread of the library's own.
 * Signals and notifications are emitted in the thread-default main context of
 * the thread that made the gateway, and methods are to be called from that
 * thread; only references may be taken and dropped in any. Callbacks of methods
 * come in the thread-default context of their call.
 *
 * The application's loop may be blocked for as long as the backlog lasts
 * ([property@Gateway:max-backlog-bytes]): the connection is kept meanwhile.
 *
 * ## The end
 *
 * [method@Gateway.close_async] ends the session: the bot goes offline.
 * [method@Gateway.suspend_async] keeps it, to be resumed later. A gateway whose
 * last reference is dropped only loses its connection; Discord notices after a
 * while.
 *
 * Discord's documentation: [Gateway](https://discord.com/developers/docs/events/gateway).
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (DgwGateway, dgw_gateway, G_TYPE_OBJECT)

GParamSpec *dgw_gateway_properties[DGW_GATEWAY_N_PROPS];

gboolean
dgw_gateway_in_own_thread (DgwGateway *self)
{
  return DGW_IS_GATEWAY (self) && self->owner == g_thread_self ();
}

typedef struct
{
  DgwLink          *link;
  DgwPermit        *permit; /* nullable */
  DgwTimer         *timer;  /* nullable */
  DgwGatewayHandle *handle;
} Leftover;

static gboolean
free_leftover_cb (gpointer user_data)
{
  Leftover *leftover = user_data;

  if (leftover->permit)
    dgw_permit_end (leftover->permit, FALSE);
  if (leftover->timer)
    dgw_timer_free (leftover->timer);
  dgw_link_free (leftover->link);
  dgw_gateway_handle_unref (leftover->handle);
  return G_SOURCE_REMOVE;
}

/* The last reference may be dropped in any thread, a link be freed only in the
 * one where it delivers. */
static void
release_link (DgwGateway *self)
{
  Leftover leftover = {g_steal_pointer (&self->link), g_steal_pointer (&self->permit), g_steal_pointer (&self->keeper.timer), self->handle};

  if (!leftover.link)
    return;

  if (self->owner == g_thread_self ())
    free_leftover_cb (&leftover);
  else
    g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, free_leftover_cb,
                                g_memdup2 (&leftover, sizeof leftover), g_free);
}

static void
dgw_gateway_constructed (GObject *object)
{
  G_OBJECT_CLASS (dgw_gateway_parent_class)->constructed (object);

  dgw_gateway_watch_network (DGW_GATEWAY (object));
}

static void
dgw_gateway_dispose (GObject *object)
{
  DgwGateway *self = DGW_GATEWAY (object);

  dgw_gateway_abandon_store (self);
  release_link (self);
  dgw_gateway_abandon (self);
  dgw_gateway_unwatch_network (self);
  g_clear_object (&self->presence);
  dgw_gateway_drop_events (self);

  G_OBJECT_CLASS (dgw_gateway_parent_class)->dispose (object);
}

static void
dgw_gateway_finalize (GObject *object)
{
  DgwGateway *self = DGW_GATEWAY (object);

  dgw_link_options_clear (&self->options);
  dgw_gateway_clear_state (self);
  dgw_gateway_clear_bot (self);
  dgw_gateway_clear_spares (self);
  g_clear_pointer (&self->stop_tasks, g_ptr_array_unref);
  g_clear_pointer (&self->commands, g_hash_table_unref);
  g_clear_pointer (&self->handle, dgw_gateway_handle_unref);
  g_clear_pointer (&self->context, g_main_context_unref);

  G_OBJECT_CLASS (dgw_gateway_parent_class)->finalize (object);
}

static void
dgw_gateway_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  DgwGateway *self = DGW_GATEWAY (object);

  g_return_if_fail (dgw_gateway_in_own_thread (self));

  if (prop_id < DGW_GATEWAY_N_OPTIONS)
    {
      dgw_gateway_get_option (self, prop_id, value);
      return;
    }

  switch (prop_id)
    {
    case DGW_GATEWAY_PROP_PRESENCE:
      g_value_set_object (value, dgw_gateway_get_presence (self));
      break;
    case DGW_GATEWAY_PROP_SESSION:
      g_value_take_boxed (value, dgw_gateway_dup_session (self));
      break;
    case DGW_GATEWAY_PROP_SESSION_STORE:
      g_value_set_object (value, dgw_gateway_get_session_store (self));
      break;
    case DGW_GATEWAY_PROP_USER:
      g_value_set_object (value, dgw_gateway_get_user (self));
      break;
    default:
      dgw_gateway_get_state (self, prop_id, value);
    }
}

static void
dgw_gateway_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  DgwGateway *self = DGW_GATEWAY (object);

  g_return_if_fail (dgw_gateway_in_own_thread (self));

  if (prop_id < DGW_GATEWAY_N_OPTIONS)
    {
      dgw_gateway_set_option (self, prop_id, value);
      return;
    }

  switch (prop_id)
    {
    case DGW_GATEWAY_PROP_TOKEN:
      dgw_gateway_set_token (self, g_value_get_string (value));
      break;
    case DGW_GATEWAY_PROP_PRESENCE:
      dgw_gateway_set_presence (self, g_value_get_object (value));
      break;
    case DGW_GATEWAY_PROP_SESSION:
      dgw_gateway_set_session (self, g_value_get_boxed (value));
      break;
    case DGW_GATEWAY_PROP_SESSION_STORE:
      dgw_gateway_set_session_store (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_gateway_class_init (DgwGatewayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = dgw_gateway_constructed;
  object_class->dispose = dgw_gateway_dispose;
  object_class->finalize = dgw_gateway_finalize;
  object_class->get_property = dgw_gateway_get_property;
  object_class->set_property = dgw_gateway_set_property;

  dgw_gateway_install_options (object_class);
  dgw_gateway_install_presence (object_class);
  dgw_gateway_install_session (object_class);
  dgw_gateway_install_user (object_class);
  dgw_gateway_install_store (object_class);
  dgw_gateway_install_state (object_class);
  dgw_gateway_install_signals (object_class);
  dgw_gateway_install_event_signals (object_class);
}

static void
dgw_gateway_init (DgwGateway *self)
{
  self->owner = g_thread_self ();
  self->context = g_main_context_ref_thread_default ();
  self->handle = dgw_gateway_handle_new (self);
  self->stop_tasks = g_ptr_array_new_with_free_func (g_object_unref);
  self->commands = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  g_queue_init (&self->held);
  g_queue_init (&self->kept_commands);
  g_queue_init (&self->probes);
  g_queue_init (&self->waits);
  dgw_gateway_init_options (self);
  dgw_gateway_init_state (self);
  dgw_gateway_init_bot (self);
}

/**
 * dgw_gateway_new:
 * @token: a bot's token, with or without `Bot ` in front
 * @intents: which events to get, bits of [flags@Intents]
 *
 * Makes a gateway that is not connected yet. Its signals will come in the
 * thread-default main context of this call.
 *
 * Returns: (transfer full): a gateway
 *
 * Since: 0.1
 */
DgwGateway *
dgw_gateway_new (const char *token,
                 guint       intents)
{
  DgwGateway *self;

  g_return_val_if_fail (token != NULL, NULL);

  self = g_object_new (DGW_TYPE_GATEWAY, "intents", intents, NULL);
  /* Not as a property, which would leave a copy in freed memory. */
  dgw_gateway_set_token (self, token);

  return self;
}
