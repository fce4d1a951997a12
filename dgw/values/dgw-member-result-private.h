/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-json-private.h"
#include "values/dgw-member-result.h"

G_BEGIN_DECLS

/* chunks: GUILD_MEMBERS_CHUNK payloads, an array of DgwJson. */
DgwMemberResult *dgw_member_result_new (GPtrArray *chunks) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
