/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_TESTING_INSIDE) && !defined(DGW_TESTING_COMPILATION)
#error "Only <dgw-testing.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "testing/dgw-testing-types.h"

G_BEGIN_DECLS

#define DGW_TESTING_TYPE_SIMULATOR (dgw_testing_simulator_get_type ())

DGW_TESTING_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwTestingSimulator, dgw_testing_simulator, DGW_TESTING, SIMULATOR, GObject)

DGW_TESTING_AVAILABLE_IN_0_1
DgwTestingSimulator *dgw_testing_simulator_new (void) G_GNUC_WARN_UNUSED_RESULT;

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_start_async (DgwTestingSimulator *self,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);

DGW_TESTING_AVAILABLE_IN_0_1
gboolean dgw_testing_simulator_start_finish (DgwTestingSimulator *self,
                                             GAsyncResult        *result,
                                             GError             **error);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_stop_async (DgwTestingSimulator *self,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data);

DGW_TESTING_AVAILABLE_IN_0_1
gboolean dgw_testing_simulator_stop_finish (DgwTestingSimulator *self,
                                            GAsyncResult        *result,
                                            GError             **error);

DGW_TESTING_AVAILABLE_IN_0_1
guint dgw_testing_simulator_get_port (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_set_port (DgwTestingSimulator *self,
                                     guint                port);

DGW_TESTING_AVAILABLE_IN_0_1
const char *dgw_testing_simulator_get_url (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
const char *dgw_testing_simulator_get_resume_url (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
const char *dgw_testing_simulator_get_api_url (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
GTlsCertificate *dgw_testing_simulator_get_tls_certificate (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_set_tls_certificate (DgwTestingSimulator *self,
                                                GTlsCertificate     *certificate);

DGW_TESTING_AVAILABLE_IN_0_1
gboolean dgw_testing_simulator_get_accept_connections (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_set_accept_connections (DgwTestingSimulator *self,
                                                   gboolean             accept_connections);

DGW_TESTING_AVAILABLE_IN_0_1
gboolean dgw_testing_simulator_get_accept_resume_connections (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_set_accept_resume_connections (DgwTestingSimulator *self,
                                                          gboolean             accept_connections);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_dispatch (DgwTestingSimulator *self,
                                     const char          *name,
                                     JsonNode            *data);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_dispatch_text (DgwTestingSimulator *self,
                                          const char          *name,
                                          const char          *data);

DGW_TESTING_AVAILABLE_IN_0_1
gboolean dgw_testing_simulator_dispatch_payload (DgwTestingSimulator *self,
                                                 const char          *text,
                                                 GError             **error);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_send (DgwTestingSimulator *self,
                                 const char          *text);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_send_garbage (DgwTestingSimulator *self,
                                         GBytes              *garbage);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_send_message (DgwTestingSimulator *self,
                                         GBytes              *message);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_send_bytes (DgwTestingSimulator *self,
                                       GBytes              *bytes);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_request_heartbeat (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_request_reconnect (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_invalidate_sessions (DgwTestingSimulator *self,
                                                gboolean             resumable);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_forget_sessions (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_close_clients (DgwTestingSimulator *self,
                                          guint                code,
                                          const char          *reason);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_drop_clients (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_cut_clients (DgwTestingSimulator *self,
                                        DgwTestingCut        cut);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_start_cuts (DgwTestingSimulator *self,
                                       DgwTestingCut        cut,
                                       guint                interval_ms);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_fail_requests (DgwTestingSimulator *self,
                                          guint                status,
                                          guint                count,
                                          const char          *retry_after);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_fail_upgrades (DgwTestingSimulator *self,
                                          guint                status,
                                          guint                count,
                                          const char          *retry_after);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_start_traffic (DgwTestingSimulator *self,
                                          DgwTestingProfile    profile,
                                          double               rate,
                                          guint64              count,
                                          guint                seed);

DGW_TESTING_AVAILABLE_IN_0_1
void dgw_testing_simulator_stop_traffic (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
gboolean dgw_testing_simulator_load_scenario (DgwTestingSimulator *self,
                                              const char          *text,
                                              GError             **error);

DGW_TESTING_AVAILABLE_IN_0_1
gboolean dgw_testing_simulator_get_scenario_finished (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
const char *dgw_testing_simulator_get_scenario_failure (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
JsonNode *dgw_testing_simulator_dup_last_identify (DgwTestingSimulator *self) G_GNUC_WARN_UNUSED_RESULT;

DGW_TESTING_AVAILABLE_IN_0_1
JsonNode *dgw_testing_simulator_dup_last_resume (DgwTestingSimulator *self) G_GNUC_WARN_UNUSED_RESULT;

DGW_TESTING_AVAILABLE_IN_0_1
const char *dgw_testing_simulator_get_request_header (DgwTestingSimulator *self,
                                                      const char          *name);

DGW_TESTING_AVAILABLE_IN_0_1
const char *dgw_testing_simulator_get_upgrade_header (DgwTestingSimulator *self,
                                                      const char          *name);

DGW_TESTING_AVAILABLE_IN_0_1
guint dgw_testing_simulator_get_n_clients (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
guint dgw_testing_simulator_get_n_sessions (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
guint dgw_testing_simulator_get_n_connections (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
guint dgw_testing_simulator_get_n_identifies (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
guint dgw_testing_simulator_get_n_resumes (DgwTestingSimulator *self);

DGW_TESTING_AVAILABLE_IN_0_1
guint dgw_testing_simulator_get_n_requests (DgwTestingSimulator *self);

G_END_DECLS
