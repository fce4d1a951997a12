/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

#define DGW_TYPE_SESSION (dgw_session_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_session_get_type (void) G_GNUC_CONST;

DGW_AVAILABLE_IN_0_1
DgwSession *dgw_session_new (const char *id,
                             gint64      sequence,
                             const char *resume_url,
                             guint       shard_id,
                             guint       shard_count) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwSession *dgw_session_from_variant (GVariant *variant) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwSession *dgw_session_ref (DgwSession *self);

DGW_AVAILABLE_IN_0_1
void dgw_session_unref (DgwSession *self);

DGW_AVAILABLE_IN_0_1
gboolean dgw_session_equal (DgwSession *self,
                            DgwSession *other);

DGW_AVAILABLE_IN_0_1
const char *dgw_session_get_id (DgwSession *self);

DGW_AVAILABLE_IN_0_1
gint64 dgw_session_get_sequence (DgwSession *self);

DGW_AVAILABLE_IN_0_1
const char *dgw_session_get_resume_url (DgwSession *self);

DGW_AVAILABLE_IN_0_1
guint dgw_session_get_shard_id (DgwSession *self);

DGW_AVAILABLE_IN_0_1
guint dgw_session_get_shard_count (DgwSession *self);

DGW_AVAILABLE_IN_0_1
GVariant *dgw_session_to_variant (DgwSession *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwSession, dgw_session_unref)

G_END_DECLS
