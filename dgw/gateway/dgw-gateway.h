/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include <json-glib/json-glib.h>

#include "dgw-entity-types.h"

#include "base/dgw-status.h"
#include "base/dgw-types.h"
#include "dgw-entity-types.h"
#include "gateway/dgw-gateway-info.h"
#include "gateway/dgw-guild-arrival.h"
#include "gateway/dgw-identify-limiter.h"
#include "gateway/dgw-session-store.h"
#include "values/dgw-entity.h"
#include "values/dgw-event.h"
#include "values/dgw-member-query.h"
#include "values/dgw-member-result.h"
#include "values/dgw-metrics.h"
#include "values/dgw-presence.h"
#include "values/dgw-session.h"
#include "values/dgw-voice-state-flags.h"

G_BEGIN_DECLS

#define DGW_TYPE_GATEWAY (dgw_gateway_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwGateway, dgw_gateway, DGW, GATEWAY, GObject)

DGW_AVAILABLE_IN_0_1
DgwGateway *dgw_gateway_new (const char *token,
                             guint       intents) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
void dgw_gateway_open_async (DgwGateway         *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_open_finish (DgwGateway   *self,
                                  GAsyncResult *result,
                                  GError      **error);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_close_async (DgwGateway         *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_close_finish (DgwGateway   *self,
                                   GAsyncResult *result,
                                   GError      **error);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_close_with_code_async (DgwGateway         *self,
                                        guint               code,
                                        const char         *reason,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_close_with_code_finish (DgwGateway   *self,
                                             GAsyncResult *result,
                                             GError      **error);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_suspend_async (DgwGateway         *self,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);

DGW_AVAILABLE_IN_0_1
DgwSession *dgw_gateway_suspend_finish (DgwGateway   *self,
                                        GAsyncResult *result,
                                        GError      **error) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
void dgw_gateway_send_async (DgwGateway         *self,
                             guint               opcode,
                             JsonNode           *data,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_send_finish (DgwGateway   *self,
                                  GAsyncResult *result,
                                  GError      **error);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_update_presence_async (DgwGateway         *self,
                                        DgwPresence        *presence,
                                        GCancellable       *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_update_presence_finish (DgwGateway   *self,
                                             GAsyncResult *result,
                                             GError      **error);

/**
 * DgwEventFilter:
 * @event: an event
 * @user_data: what was given with the function
 *
 * Says whether an event is the one that is waited for, see
 * [method@Gateway.wait_for_event_async].
 *
 * Returns: `TRUE` if it is
 *
 * Since: 0.1
 */
typedef gboolean (*DgwEventFilter) (DgwEvent *event,
                                    gpointer  user_data);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_wait_for_event_async (DgwGateway         *self,
                                       const char         *name,
                                       DgwEventFilter      filter,
                                       gpointer            filter_data,
                                       GDestroyNotify      filter_destroy,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data);

DGW_AVAILABLE_IN_0_1
DgwEvent *dgw_gateway_wait_for_event_finish (DgwGateway   *self,
                                             GAsyncResult *result,
                                             GError      **error) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
void dgw_gateway_probe_async (DgwGateway         *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gint64 dgw_gateway_probe_finish (DgwGateway   *self,
                                 GAsyncResult *result,
                                 GError      **error);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_update_voice_state_async (DgwGateway         *self,
                                           const char         *guild_id,
                                           const char         *channel_id,
                                           DgwVoiceStateFlags  flags,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_update_voice_state_finish (DgwGateway   *self,
                                                GAsyncResult *result,
                                                GError      **error);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_request_guild_members_async (DgwGateway         *self,
                                              DgwMemberQuery     *query,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);

DGW_AVAILABLE_IN_0_1
DgwMemberResult *dgw_gateway_request_guild_members_finish (DgwGateway   *self,
                                                           GAsyncResult *result,
                                                           GError      **error) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
void dgw_gateway_request_soundboard_sounds_async (DgwGateway         *self,
                                                  const char *const  *guild_ids,
                                                  GCancellable       *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer            user_data);

DGW_AVAILABLE_IN_0_1
GListModel *dgw_gateway_request_soundboard_sounds_finish (DgwGateway   *self,
                                                          GAsyncResult *result,
                                                          GError      **error) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
void dgw_gateway_request_channel_info_async (DgwGateway         *self,
                                             const char         *guild_id,
                                             const char *const  *fields,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);

DGW_AVAILABLE_IN_0_1
DgwChannelInfoEvent *dgw_gateway_request_channel_info_finish (DgwGateway   *self,
                                                              GAsyncResult *result,
                                                              GError      **error) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
void dgw_gateway_fetch_info_async (DgwGateway         *self,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data);

DGW_AVAILABLE_IN_0_1
DgwGatewayInfo *dgw_gateway_fetch_info_finish (DgwGateway   *self,
                                               GAsyncResult *result,
                                               GError      **error) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwSession *dgw_gateway_dup_session (DgwGateway *self) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_session (DgwGateway *self,
                              DgwSession *session);

DGW_AVAILABLE_IN_0_1
DgwMetrics *dgw_gateway_dup_metrics (DgwGateway *self) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwStatus dgw_gateway_get_status (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_gateway_get_latency (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_gateway_get_average_latency (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
const char *dgw_gateway_get_session_id (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
const char *dgw_gateway_get_resume_url (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_gateway_get_sequence (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
DgwUser *dgw_gateway_get_user (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
DgwGuildArrival dgw_gateway_get_guild_arrival (DgwGateway *self,
                                               const char *guild_id);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_reconnect_attempts (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_gateway_get_next_retry (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
const GError *dgw_gateway_get_last_error (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_get_network_available (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_intents (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_intents (DgwGateway *self,
                              guint       intents);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_shard_id (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_shard_id (DgwGateway *self,
                               guint       shard_id);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_shard_count (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_shard_count (DgwGateway *self,
                                  guint       shard_count);

DGW_AVAILABLE_IN_0_1
DgwCompression dgw_gateway_get_compression (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_compression (DgwGateway    *self,
                                  DgwCompression compression);

DGW_AVAILABLE_IN_0_1
const char *dgw_gateway_get_url (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_url (DgwGateway *self,
                          const char *url);

DGW_AVAILABLE_IN_0_1
const char *dgw_gateway_get_api_url (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_api_url (DgwGateway *self,
                              const char *api_url);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_get_allow_insecure (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_allow_insecure (DgwGateway *self,
                                     gboolean    allow_insecure);

DGW_AVAILABLE_IN_0_1
DgwPresence *dgw_gateway_get_presence (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_presence (DgwGateway  *self,
                               DgwPresence *presence);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_get_auto_reconnect (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_auto_reconnect (DgwGateway *self,
                                     gboolean    auto_reconnect);

DGW_AVAILABLE_IN_0_1
gboolean dgw_gateway_get_use_resume_url (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_use_resume_url (DgwGateway *self,
                                     gboolean    use_resume_url);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_large_threshold (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_large_threshold (DgwGateway *self,
                                      guint       large_threshold);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_capabilities (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_capabilities (DgwGateway *self,
                                   guint       capabilities);

DGW_AVAILABLE_IN_0_1
const char *dgw_gateway_get_os (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_os (DgwGateway *self,
                         const char *os);

DGW_AVAILABLE_IN_0_1
const char *dgw_gateway_get_browser (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_browser (DgwGateway *self,
                              const char *browser);

DGW_AVAILABLE_IN_0_1
const char *dgw_gateway_get_device (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_device (DgwGateway *self,
                             const char *device);

DGW_AVAILABLE_IN_0_1
const char *dgw_gateway_get_user_agent (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_user_agent (DgwGateway *self,
                                 const char *user_agent);

DGW_AVAILABLE_IN_0_1
GTlsInteraction *dgw_gateway_get_tls_interaction (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_tls_interaction (DgwGateway      *self,
                                      GTlsInteraction *tls_interaction);

DGW_AVAILABLE_IN_0_1
GTlsDatabase *dgw_gateway_get_tls_database (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_tls_database (DgwGateway   *self,
                                   GTlsDatabase *tls_database);

DGW_AVAILABLE_IN_0_1
GProxyResolver *dgw_gateway_get_proxy_resolver (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_proxy_resolver (DgwGateway     *self,
                                     GProxyResolver *proxy_resolver);

DGW_AVAILABLE_IN_0_1
DgwSessionStore *dgw_gateway_get_session_store (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_session_store (DgwGateway      *self,
                                    DgwSessionStore *session_store);

DGW_AVAILABLE_IN_0_1
DgwIdentifyLimiter *dgw_gateway_get_identify_limiter (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_identify_limiter (DgwGateway         *self,
                                       DgwIdentifyLimiter *identify_limiter);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_connect_timeout (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_connect_timeout (DgwGateway *self,
                                      guint       connect_timeout);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_hello_timeout (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_hello_timeout (DgwGateway *self,
                                    guint       hello_timeout);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_ready_timeout (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_ready_timeout (DgwGateway *self,
                                    guint       ready_timeout);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_resume_timeout (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_resume_timeout (DgwGateway *self,
                                     guint       resume_timeout);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_commands_per_minute (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_commands_per_minute (DgwGateway *self,
                                          guint       commands_per_minute);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_reserved_commands (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_reserved_commands (DgwGateway *self,
                                        guint       reserved_commands);

DGW_AVAILABLE_IN_0_1
guint64 dgw_gateway_get_max_payload_size (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_max_payload_size (DgwGateway *self,
                                       guint64     max_payload_size);

DGW_AVAILABLE_IN_0_1
guint64 dgw_gateway_get_max_backlog_bytes (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_max_backlog_bytes (DgwGateway *self,
                                        guint64     max_backlog_bytes);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_max_backlog_events (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_max_backlog_events (DgwGateway *self,
                                         guint       max_backlog_events);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_deaf_timeout (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_deaf_timeout (DgwGateway *self,
                                   guint       deaf_timeout);

DGW_AVAILABLE_IN_0_1
guint dgw_gateway_get_command_timeout (DgwGateway *self);

DGW_AVAILABLE_IN_0_1
void dgw_gateway_set_command_timeout (DgwGateway *self,
                                      guint       command_timeout);

G_END_DECLS
