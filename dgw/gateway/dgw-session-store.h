/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"
#include "values/dgw-session.h"

G_BEGIN_DECLS

#define DGW_TYPE_SESSION_STORE (dgw_session_store_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_INTERFACE (DgwSessionStore, dgw_session_store, DGW, SESSION_STORE, GObject)

/**
 * DgwSessionStoreInterface:
 * @parent_iface: the parent interface
 * @load: gets a session; see [vfunc@SessionStore.load]
 * @save: keeps a session; see [vfunc@SessionStore.save]
 * @clear: forgets a session; see [vfunc@SessionStore.clear]
 *
 * What a session store has to implement.
 *
 * Since: 0.1
 */
struct _DgwSessionStoreInterface
{
  GTypeInterface parent_iface;

  /**
   * DgwSessionStoreInterface::load:
   * @self: a store
   * @key: whose session
   * @task: to be returned a value with the session, or `NULL` without one
   *
   * Gets the session that was saved last for a key.
   *
   * The task is returned with [method@Gio.Task.return_value], now or later: the
   * value is a [struct@Session], or none when there is no session or it is too
   * old.
   *
   * Since: 0.1
   */
  void (*load) (DgwSessionStore *self,
                const char      *key,
                GTask           *task);

  /**
   * DgwSessionStoreInterface::save:
   * @self: a store
   * @key: whose session
   * @session: the session
   * @task: to be returned `TRUE`, or an error
   *
   * Keeps a session, in the place of an earlier one with the same key.
   *
   * Since: 0.1
   */
  void (*save) (DgwSessionStore *self,
                const char      *key,
                DgwSession      *session,
                GTask           *task);

  /**
   * DgwSessionStoreInterface::clear:
   * @self: a store
   * @key: whose session
   * @task: to be returned `TRUE`, also when there was none, or an error
   *
   * Forgets a session.
   *
   * Since: 0.1
   */
  void (*clear) (DgwSessionStore *self,
                 const char      *key,
                 GTask           *task);

  /*< private >*/
  gpointer padding[8];
};

DGW_AVAILABLE_IN_0_1
void dgw_session_store_load_async (DgwSessionStore    *self,
                                   const char         *key,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);

DGW_AVAILABLE_IN_0_1
DgwSession *dgw_session_store_load_finish (DgwSessionStore *self,
                                           GAsyncResult    *result,
                                           GError         **error) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
void dgw_session_store_save_async (DgwSessionStore    *self,
                                   const char         *key,
                                   DgwSession         *session,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_session_store_save_finish (DgwSessionStore *self,
                                        GAsyncResult    *result,
                                        GError         **error);

DGW_AVAILABLE_IN_0_1
void dgw_session_store_clear_async (DgwSessionStore    *self,
                                    const char         *key,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_session_store_clear_finish (DgwSessionStore *self,
                                         GAsyncResult    *result,
                                         GError         **error);

G_END_DECLS
