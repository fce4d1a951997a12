/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "values/dgw-member-query.h"

G_BEGIN_DECLS

/* What Discord would refuse, with G_IO_ERROR_INVALID_ARGUMENT. intents: those
 * of the gateway that asks. */
gboolean dgw_member_query_check (DgwMemberQuery *self,
                                 guint           intents,
                                 GError        **error);
/* The data of opcode 8. */
char *dgw_member_query_to_json (DgwMemberQuery *self,
                                const char     *nonce) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
