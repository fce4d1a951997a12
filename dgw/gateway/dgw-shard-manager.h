/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "gateway/dgw-gateway.h"
#include "gateway/dgw-identify-limiter.h"
#include "gateway/dgw-session-store.h"

G_BEGIN_DECLS

#define DGW_TYPE_SHARD_MANAGER (dgw_shard_manager_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwShardManager, dgw_shard_manager, DGW, SHARD_MANAGER, GObject)

DGW_AVAILABLE_IN_0_1
DgwShardManager *dgw_shard_manager_new (const char *token,
                                        guint       intents) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_open_async (DgwShardManager    *self,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_shard_manager_open_finish (DgwShardManager *self,
                                        GAsyncResult    *result,
                                        GError         **error);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_close_async (DgwShardManager    *self,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_shard_manager_close_finish (DgwShardManager *self,
                                         GAsyncResult    *result,
                                         GError         **error);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_suspend_async (DgwShardManager    *self,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);

DGW_AVAILABLE_IN_0_1
GPtrArray *dgw_shard_manager_suspend_finish (DgwShardManager *self,
                                             GAsyncResult    *result,
                                             GError         **error);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_open_shard_async (DgwShardManager    *self,
                                         guint               shard_id,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_shard_manager_open_shard_finish (DgwShardManager *self,
                                              GAsyncResult    *result,
                                              GError         **error);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_resume_shard_async (DgwShardManager    *self,
                                           DgwSession         *session,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_shard_manager_resume_shard_finish (DgwShardManager *self,
                                                GAsyncResult    *result,
                                                GError         **error);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_close_shard_async (DgwShardManager    *self,
                                          guint               shard_id,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_shard_manager_close_shard_finish (DgwShardManager *self,
                                               GAsyncResult    *result,
                                               GError         **error);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_reshard_async (DgwShardManager    *self,
                                      guint               shard_count,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_shard_manager_reshard_finish (DgwShardManager *self,
                                           GAsyncResult    *result,
                                           GError         **error);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_update_presence_async (DgwShardManager    *self,
                                              DgwPresence        *presence,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_shard_manager_update_presence_finish (DgwShardManager *self,
                                                   GAsyncResult    *result,
                                                   GError         **error);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_request_soundboard_sounds_async (DgwShardManager    *self,
                                                        const char *const  *guild_ids,
                                                        GCancellable       *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer            user_data);

DGW_AVAILABLE_IN_0_1
GListModel *dgw_shard_manager_request_soundboard_sounds_finish (DgwShardManager *self,
                                                                GAsyncResult    *result,
                                                                GError         **error) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwPresence *dgw_shard_manager_get_presence (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_presence (DgwShardManager *self,
                                     DgwPresence     *presence);

DGW_AVAILABLE_IN_0_1
DgwGateway *dgw_shard_manager_get_shard (DgwShardManager *self,
                                         guint            shard_id);

DGW_AVAILABLE_IN_0_1
DgwGateway *dgw_shard_manager_get_shard_for_guild (DgwShardManager *self,
                                                   const char      *guild_id);

DGW_AVAILABLE_IN_0_1
DgwMetrics *dgw_shard_manager_dup_metrics (DgwShardManager *self) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwStatus dgw_shard_manager_get_status (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_shard_manager_get_latency (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
guint dgw_shard_manager_get_intents (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_intents (DgwShardManager *self,
                                    guint            intents);

DGW_AVAILABLE_IN_0_1
guint dgw_shard_manager_get_shard_count (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_shard_count (DgwShardManager *self,
                                        guint            shard_count);

DGW_AVAILABLE_IN_0_1
GVariant *dgw_shard_manager_get_shard_ids (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_shard_ids (DgwShardManager *self,
                                      GVariant        *shard_ids);

DGW_AVAILABLE_IN_0_1
gboolean dgw_shard_manager_get_auto_scale (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_auto_scale (DgwShardManager *self,
                                       gboolean         auto_scale);

DGW_AVAILABLE_IN_0_1
guint dgw_shard_manager_get_split_count (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_split_count (DgwShardManager *self,
                                        guint            split_count);

DGW_AVAILABLE_IN_0_1
const char *dgw_shard_manager_get_url (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_url (DgwShardManager *self,
                                const char      *url);

DGW_AVAILABLE_IN_0_1
const char *dgw_shard_manager_get_api_url (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_api_url (DgwShardManager *self,
                                    const char      *api_url);

DGW_AVAILABLE_IN_0_1
DgwCompression dgw_shard_manager_get_compression (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_compression (DgwShardManager *self,
                                        DgwCompression   compression);

DGW_AVAILABLE_IN_0_1
DgwIdentifyLimiter *dgw_shard_manager_get_identify_limiter (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_identify_limiter (DgwShardManager    *self,
                                             DgwIdentifyLimiter *identify_limiter);

DGW_AVAILABLE_IN_0_1
DgwSessionStore *dgw_shard_manager_get_session_store (DgwShardManager *self);

DGW_AVAILABLE_IN_0_1
void dgw_shard_manager_set_session_store (DgwShardManager *self,
                                          DgwSessionStore *session_store);

G_END_DECLS
