/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-session-store.h"

/**
 * DgwSessionStore:
 *
 * Keeps sessions beyond the life of a process, so that the next one resumes
 * them and misses no event.
 *
 * A gateway that has one ([property@Gateway:session-store]) loads its session
 * when it is opened, saves it while it runs and when it is suspended, and
 * clears it when it ends. [class@FileSessionStore] keeps sessions in files; an
 * application can implement its own.
 *
 * A session belongs to a token, to intents and to a shard. Gateways make a
 * *key* of all that: ASCII letters, digits and hyphens, at most 80, from which
 * the token cannot be learnt. To a store it is only a name.
 *
 * Implementations are called in the context of the gateway and get a
 * [class@Gio.Task] to return, now or later, so that they can be written in any
 * language:
 *
 * ```python
 * class Store(GObject.Object, Dgw.SessionStore):
 *     def do_load(self, key, task):
 *         task.return_value(self.sessions.get(key))
 * ```
 *
 * With a session and the token, anyone can take over the connection: a store
 * has to keep what it is given private.
 *
 * Discord's documentation: [Resuming](https://discord.com/developers/docs/events/gateway#resuming).
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (DgwSessionStore, dgw_session_store, G_TYPE_OBJECT)

static void
dgw_session_store_default_init (DgwSessionStoreInterface *iface)
{
}

/**
 * dgw_session_store_load_async:
 * @self: a store
 * @key: whose session
 * @cancellable: (nullable): gives up
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Gets the session that was saved last for a key.
 *
 * Errors: `G_IO_ERROR_CANCELLED`; and those of the implementation. That there
 * is no session is none.
 *
 * Since: 0.1
 */
void
dgw_session_store_load_async (DgwSessionStore    *self,
                              const char         *key,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  DgwSessionStoreInterface *iface;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (DGW_IS_SESSION_STORE (self));
  g_return_if_fail (key != NULL && *key != '\0');
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  iface = DGW_SESSION_STORE_GET_IFACE (self);
  g_return_if_fail (iface->load != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_session_store_load_async);
  iface->load (self, key, task);
}

/**
 * dgw_session_store_load_finish:
 * @self: a store
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets what [method@SessionStore.load_async] found.
 *
 * Returns: (transfer full) (nullable): the session, or `NULL` when there is
 *   none; with an error, too
 *
 * Since: 0.1
 */
DgwSession *
dgw_session_store_load_finish (DgwSessionStore *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_return_val_if_fail (DGW_IS_SESSION_STORE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_session_store_load_async, NULL);

  if (!g_task_propagate_value (G_TASK (result), &value, error))
    return NULL;

  return G_VALUE_HOLDS (&value, DGW_TYPE_SESSION) ? g_value_dup_boxed (&value) : NULL;
}

/**
 * dgw_session_store_save_async:
 * @self: a store
 * @key: whose session
 * @session: the session
 * @cancellable: (nullable): gives up
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Keeps a session, in the place of an earlier one with the same key.
 *
 * Errors: `G_IO_ERROR_CANCELLED`; and those of the implementation.
 *
 * Since: 0.1
 */
void
dgw_session_store_save_async (DgwSessionStore    *self,
                              const char         *key,
                              DgwSession         *session,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  DgwSessionStoreInterface *iface;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (DGW_IS_SESSION_STORE (self));
  g_return_if_fail (key != NULL && *key != '\0');
  g_return_if_fail (session != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  iface = DGW_SESSION_STORE_GET_IFACE (self);
  g_return_if_fail (iface->save != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_session_store_save_async);
  iface->save (self, key, session, task);
}

/**
 * dgw_session_store_save_finish:
 * @self: a store
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@SessionStore.save_async] went.
 *
 * Returns: `TRUE` if the session is kept
 *
 * Since: 0.1
 */
gboolean
dgw_session_store_save_finish (DgwSessionStore *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (DGW_IS_SESSION_STORE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_session_store_save_async, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * dgw_session_store_clear_async:
 * @self: a store
 * @key: whose session
 * @cancellable: (nullable): gives up
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Forgets a session.
 *
 * Errors: `G_IO_ERROR_CANCELLED`; and those of the implementation. That there
 * is no session is none.
 *
 * Since: 0.1
 */
void
dgw_session_store_clear_async (DgwSessionStore    *self,
                               const char         *key,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  DgwSessionStoreInterface *iface;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (DGW_IS_SESSION_STORE (self));
  g_return_if_fail (key != NULL && *key != '\0');
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  iface = DGW_SESSION_STORE_GET_IFACE (self);
  g_return_if_fail (iface->clear != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, dgw_session_store_clear_async);
  iface->clear (self, key, task);
}

/**
 * dgw_session_store_clear_finish:
 * @self: a store
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@SessionStore.clear_async] went.
 *
 * Returns: `TRUE` if the session is forgotten
 *
 * Since: 0.1
 */
gboolean
dgw_session_store_clear_finish (DgwSessionStore *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (DGW_IS_SESSION_STORE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_session_store_clear_async, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
