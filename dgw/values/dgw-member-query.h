/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

#define DGW_TYPE_MEMBER_QUERY (dgw_member_query_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwMemberQuery, dgw_member_query, DGW, MEMBER_QUERY, GObject)

DGW_AVAILABLE_IN_0_1
DgwMemberQuery *dgw_member_query_new (const char *guild_id) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwMemberQuery *dgw_member_query_new_for_all (const char *guild_id) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwMemberQuery *dgw_member_query_new_for_prefix (const char *guild_id,
                                                 const char *prefix,
                                                 guint       limit) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwMemberQuery *dgw_member_query_new_for_users (const char        *guild_id,
                                                const char *const *user_ids) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
const char *dgw_member_query_get_guild_id (DgwMemberQuery *self);

DGW_AVAILABLE_IN_0_1
void dgw_member_query_set_guild_id (DgwMemberQuery *self,
                                    const char     *guild_id);

DGW_AVAILABLE_IN_0_1
const char *dgw_member_query_get_query (DgwMemberQuery *self);

DGW_AVAILABLE_IN_0_1
void dgw_member_query_set_query (DgwMemberQuery *self,
                                 const char     *query);

DGW_AVAILABLE_IN_0_1
const char *const *dgw_member_query_get_user_ids (DgwMemberQuery *self);

DGW_AVAILABLE_IN_0_1
void dgw_member_query_set_user_ids (DgwMemberQuery    *self,
                                    const char *const *user_ids);

DGW_AVAILABLE_IN_0_1
guint dgw_member_query_get_limit (DgwMemberQuery *self);

DGW_AVAILABLE_IN_0_1
void dgw_member_query_set_limit (DgwMemberQuery *self,
                                 guint           limit);

DGW_AVAILABLE_IN_0_1
gboolean dgw_member_query_get_presences (DgwMemberQuery *self);

DGW_AVAILABLE_IN_0_1
void dgw_member_query_set_presences (DgwMemberQuery *self,
                                     gboolean        presences);

DGW_AVAILABLE_IN_0_1
const char *dgw_member_query_get_nonce (DgwMemberQuery *self);

DGW_AVAILABLE_IN_0_1
void dgw_member_query_set_nonce (DgwMemberQuery *self,
                                 const char     *nonce);

G_END_DECLS
