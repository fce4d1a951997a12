/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-log-private.h"
#include "gateway/dgw-gateway-private.h"
#include "gateway/dgw-state-file-private.h"

/* The session store. One operation of it is under way at a time, and each step
 * takes the next that is wanted: what was is cleared and saved first, then a
 * stop may end, then an open may begin. So whoever opens again at once finds
 * what the run before left.
 *
 * What is saved is the session as of the last event whose handlers have
 * returned: a crash brings events again that came after the last save, and
 * loses none. */

#define SAVE_INTERVAL_US G_USEC_PER_SEC
/* A session that nothing happens in is saved again, so that it does not look
 * old. */
#define REFRESH_INTERVAL_US G_TIME_SPAN_MINUTE

/* Whoever has the one of these cannot learn the token, nor use a session with
 * other intents or another shard. */
static char *
make_key (DgwGateway *self)
{
  const DgwEngineOptions *engine = &self->options.engine;
  g_autofree char        *hash = dgw_state_file_hash (engine->token);

  return g_strdup_printf ("%s-%x-%u-%u", hash, engine->intents, engine->shard_id, engine->shard_count);
}

static void
set_key (DgwGateway *self)
{
  g_free (self->keeper.key);
  self->keeper.key = self->keeper.store ? make_key (self) : NULL;
}

static void
step (DgwGateway *self);

static DgwGateway *
take_gateway (gpointer user_data)
{
  DgwGatewayHandle *handle = user_data;
  DgwGateway       *self = g_weak_ref_get (&handle->gateway);

  dgw_gateway_handle_unref (handle);
  return self;
}

static void
complain (DgwGateway   *self,
          const char   *what,
          const GError *error)
{
  DgwLogContext context = {self->options.engine.shard_id, self->snapshot.session.session_id};

  if (!self->keeper.has_complained)
    dgw_warning (&context, "%s: %s", what, error->message);
  self->keeper.has_complained = TRUE;
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (DgwGateway) self = take_gateway (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (DgwSession) session = dgw_session_store_load_finish (DGW_SESSION_STORE (source), result, &error);
  g_autofree char *key = NULL;

  if (!self)
    return;

  self->keeper.is_busy = FALSE;
  if (error)
    complain (self, "The session could not be loaded, a new one is started", error);

  /* What was set in the meantime counts more. */
  key = make_key (self);
  if (session && !self->keeper.wants_open && self->open_task && !self->snapshot.session.session_id &&
      g_strcmp0 (self->keeper.key, key) == 0)
    dgw_gateway_set_session (self, session);
  if (!self->keeper.wants_open && self->open_task && self->phase == DGW_GATEWAY_IDLE)
    dgw_gateway_begin (self);
  step (self);
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (DgwGateway) self = take_gateway (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_saved = dgw_session_store_save_finish (DGW_SESSION_STORE (source), result, &error);

  if (!self)
    return;

  self->keeper.is_busy = FALSE;
  if (is_saved)
    self->keeper.has_complained = FALSE;
  else
    complain (self, "The session could not be saved, so the next start may miss events", error);
  step (self);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (DgwGateway) self = take_gateway (user_data);
  g_autoptr (GError) error = NULL;

  if (!dgw_session_store_clear_finish (DGW_SESSION_STORE (source), result, &error) && self)
    complain (self, "The session could not be cleared", error);
  if (!self)
    return;

  self->keeper.is_busy = FALSE;
  step (self);
}

static void
clear (DgwGateway *self)
{
  g_autofree char *key = g_steal_pointer (&self->keeper.clear_key);

  self->keeper.is_busy = TRUE;
  dgw_session_store_clear_async (self->keeper.store, key, NULL, cleared_cb, dgw_gateway_handle_ref (self->handle));
}

static void
save (DgwGateway *self)
{
  g_autoptr (DgwSession) session = dgw_gateway_dup_session (self);

  self->keeper.is_dirty = FALSE;
  if (!session)
    return;

  self->keeper.is_busy = TRUE;
  self->keeper.saved_us = g_get_monotonic_time ();
  dgw_session_store_save_async (self->keeper.store, self->keeper.key, session, NULL, saved_cb,
                                dgw_gateway_handle_ref (self->handle));
}

/* Another store takes its place only here, when the one before has all it was
 * to get. */
static void
open_store (DgwGateway *self)
{
  self->keeper.wants_open = FALSE;
  /* The key of a session that is there is the one it was saved with. */
  if (g_set_object (&self->keeper.store, self->session_store) || !self->snapshot.session.session_id)
    set_key (self);
  self->keeper.saved_us = 0;

  if (!self->keeper.store || self->snapshot.session.session_id)
    {
      dgw_gateway_begin (self);
      return;
    }

  self->keeper.is_busy = TRUE;
  dgw_session_store_load_async (self->keeper.store, self->keeper.key, NULL, loaded_cb,
                                dgw_gateway_handle_ref (self->handle));
}

static gboolean
is_save_due (DgwGateway *self)
{
  if (self->keeper.wants_stop)
    return TRUE;

  if (self->keeper.is_ahead)
    return FALSE;

  return self->keeper.sleeping.hold.lock || g_get_monotonic_time () - self->keeper.saved_us >= SAVE_INTERVAL_US;
}

static void
due_cb (gpointer user_data)
{
  DgwGatewayHandle *handle = user_data;
  g_autoptr (DgwGateway) self = g_weak_ref_get (&handle->gateway);

  if (self)
    step (self);
}

static void
wait_for_save (DgwGateway *self)
{
  if (!self->keeper.timer)
    self->keeper.timer = dgw_timer_new (self->context, due_cb, self->handle);
  dgw_timer_set (self->keeper.timer, self->keeper.saved_us + SAVE_INTERVAL_US);
}

static void
step (DgwGateway *self)
{
  if (self->keeper.is_busy)
    return;

  if (self->keeper.clear_key)
    clear (self);
  else if (self->keeper.is_dirty && is_save_due (self))
    save (self);
  else if (self->keeper.is_dirty)
    wait_for_save (self);

  if (self->keeper.is_busy)
    return;

  if (!self->keeper.is_dirty)
    dgw_action_clear (&self->keeper.sleeping);
  if (self->keeper.wants_stop)
    {
      self->keeper.wants_stop = FALSE;
      dgw_gateway_stopped (self);
    }
  else if (self->keeper.wants_open)
    {
      open_store (self);
    }
}

/* Begins at once, or when the session is loaded. */
void
dgw_gateway_open_store (DgwGateway *self)
{
  self->keeper.wants_open = TRUE;
  step (self);
}

/* An open that waits for its session is given up. */
void
dgw_gateway_leave_store (DgwGateway *self)
{
  self->keeper.wants_open = FALSE;
}

/* TRUE if there is something to wait for; dgw_gateway_stopped() is called again
 * then. */
gboolean
dgw_gateway_flush_store (DgwGateway *self)
{
  if (!self->keeper.store || (!self->keeper.is_busy && !self->keeper.is_dirty && !self->keeper.clear_key))
    return FALSE;

  self->keeper.wants_stop = TRUE;
  step (self);
  return TRUE;
}

static void
make_dirty (DgwGateway *self)
{
  if (self->keeper.is_dirty || !self->keeper.store)
    return;

  self->keeper.is_dirty = TRUE;
  step (self);
}

/* The host sleeps when all that was handled until now is saved. */
void
dgw_gateway_sleep_in_store (DgwGateway *self,
                            DgwAction  *action)
{
  dgw_action_clear (&self->keeper.sleeping);
  self->keeper.sleeping = *action;
  *action = (DgwAction){.kind = DGW_ACTION_SLEEPING};
  step (self);
}

/* The session is there no more. */
void
dgw_gateway_forget_in_store (DgwGateway *self)
{
  self->keeper.is_dirty = FALSE;
  if (!self->keeper.store)
    return;

  g_free (self->keeper.clear_key);
  self->keeper.clear_key = g_strdup (self->keeper.key);
  step (self);
}

/* The session is another one; it may be of other intents. */
void
dgw_gateway_begin_in_store (DgwGateway *self)
{
  if (self->keeper.store)
    set_key (self);
}

/* A handler is about to run. It may run the main loop, and then others come to
 * their end before it. */
void
dgw_gateway_enter_in_store (DgwGateway *self)
{
  self->keeper.depth++;
}

/* Its handlers have returned. */
void
dgw_gateway_advance_in_store (DgwGateway *self)
{
  self->keeper.depth--;
  self->keeper.is_ahead = self->keeper.depth > 0;
  if (self->keeper.is_ahead)
    return;

  make_dirty (self);
  if (self->keeper.sleeping.hold.lock)
    step (self);
}

void
dgw_gateway_refresh_in_store (DgwGateway *self)
{
  if (self->keeper.store && g_get_monotonic_time () - self->keeper.saved_us >= REFRESH_INTERVAL_US)
    make_dirty (self);
}

/* The last act, of which nobody hears. */
void
dgw_gateway_abandon_store (DgwGateway *self)
{
  g_autoptr (DgwSession) session = NULL;

  if (self->keeper.store && self->keeper.is_dirty && self->owner == g_thread_self ())
    session = dgw_gateway_dup_session (self);
  if (session)
    dgw_session_store_save_async (self->keeper.store, self->keeper.key, session, NULL, NULL, NULL);
  dgw_action_clear (&self->keeper.sleeping);

  g_clear_object (&self->keeper.store);
  g_clear_object (&self->session_store);
  g_clear_pointer (&self->keeper.key, g_free);
  g_clear_pointer (&self->keeper.clear_key, g_free);
}

void
dgw_gateway_install_store (GObjectClass *object_class)
{
  /**
   * DgwGateway:session-store: (getter get_session_store) (setter set_session_store)
   *
   * Where the session is kept beyond the life of the process; `NULL` for
   * nowhere. Applies at the next open.
   *
   * At the open the session is loaded, unless [property@Gateway:session] has
   * one, and resumed. It is saved as events are handled, once a second at most,
   * and at a suspend, which is done when it is saved; an event counts when its
   * handlers have returned. A session that ends is cleared. What the store
   * fails to do is logged, and does not keep the gateway from working.
   *
   * Since: 0.1
   */
  dgw_gateway_properties[DGW_GATEWAY_PROP_SESSION_STORE] =
    g_param_spec_object ("session-store", NULL, NULL, DGW_TYPE_SESSION_STORE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, DGW_GATEWAY_PROP_SESSION_STORE,
                                   dgw_gateway_properties[DGW_GATEWAY_PROP_SESSION_STORE]);
}

/**
 * dgw_gateway_get_session_store: (get-property session-store)
 * @self: a gateway
 *
 * Gets where the session is kept beyond the life of the process.
 *
 * Returns: (transfer none) (nullable): the store, owned by the gateway, or
 *   `NULL` for nowhere
 *
 * Since: 0.1
 */
DgwSessionStore *
dgw_gateway_get_session_store (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->session_store;
}

/**
 * dgw_gateway_set_session_store: (set-property session-store)
 * @self: a gateway
 * @session_store: (nullable): the store, or `NULL` for nowhere
 *
 * Sets where the session is kept beyond the life of the process. Applies at the
 * next open.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_session_store (DgwGateway      *self,
                               DgwSessionStore *session_store)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (session_store == NULL || DGW_IS_SESSION_STORE (session_store));

  if (g_set_object (&self->session_store, session_store))
    g_object_notify_by_pspec (G_OBJECT (self), dgw_gateway_properties[DGW_GATEWAY_PROP_SESSION_STORE]);
}
