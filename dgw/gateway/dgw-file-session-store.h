/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "gateway/dgw-session-store.h"

G_BEGIN_DECLS

#define DGW_TYPE_FILE_SESSION_STORE (dgw_file_session_store_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwFileSessionStore, dgw_file_session_store, DGW, FILE_SESSION_STORE, GObject)

DGW_AVAILABLE_IN_0_1
DgwFileSessionStore *dgw_file_session_store_new (void) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwFileSessionStore *dgw_file_session_store_new_for_file (const char *file) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
const char *dgw_file_session_store_get_folder (DgwFileSessionStore *self);

DGW_AVAILABLE_IN_0_1
const char *dgw_file_session_store_get_file (DgwFileSessionStore *self);

DGW_AVAILABLE_IN_0_1
guint dgw_file_session_store_get_max_age (DgwFileSessionStore *self);

G_END_DECLS
