/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-frame-private.h"
#include "engine/dgw-collector-private.h"

G_BEGIN_DECLS

/* What a command waits for that the gateway answers with dispatches: opcode 8
 * with chunks of one nonce, 31 with one document for each guild, 43 with one. */
typedef struct
{
  DgwJson     *json; /* the payload's data */
  guint        opcode;
  DgwCollector collector;
  gint64       heard_us;  /* sent, or the newest answer */
  guint        n_limited; /* how often the answer was that it is too soon */
} DgwRequest;

/* NULL for an opcode that has no answer. data: JSON text. */
DgwRequest *dgw_request_new (guint       opcode,
                             const char *data) G_GNUC_WARN_UNUSED_RESULT;
void        dgw_request_free (DgwRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwRequest, dgw_request_free)

/* Whether the event is one that answers some request. */
gboolean dgw_request_is_answer (DgwEventType type);
/* TRUE: the document was for this one and is kept. */
gboolean dgw_request_take (DgwRequest  *self,
                           DgwEventType type,
                           DgwJson     *json);
/* Whether it may be this one that the gateway did not carry out, going by what
 * the refusal says of it. */
gboolean dgw_request_is_meant (DgwRequest *self,
                               guint       opcode,
                               DgwJsonView meta);

gboolean dgw_request_is_for_all_members (DgwRequest *self);

/* Kinds for DgwHolds: of a guild, guild_id NULL for the whole opcode; and of
 * requests for all members of a guild. */
char *dgw_request_make_kind (guint       opcode,
                             const char *guild_id) G_GNUC_WARN_UNUSED_RESULT;
char *dgw_request_make_all_members_kind (const char *guild_id) G_GNUC_WARN_UNUSED_RESULT;
/* All that it is of. */
char      **dgw_request_dup_kinds (DgwRequest *self) G_GNUC_WARN_UNUSED_RESULT;
const char *dgw_request_get_guild_id (DgwRequest *self); /* NULL: several */

G_END_DECLS
