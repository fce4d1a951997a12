/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>

G_BEGIN_DECLS

/* The session of one listener on disk, so that the next start resumes it. */
typedef struct _DgwCliSessionFile DgwCliSessionFile;

/* owner: what the session belongs to (token, intents, shard); only its hash is
 * kept, and a file with another one counts as foreign. */
DgwCliSessionFile *dgw_cli_session_file_new (const char *path,
                                             const char *owner) G_GNUC_WARN_UNUSED_RESULT;
/* Saves what is due. */
void dgw_cli_session_file_free (DgwCliSessionFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwCliSessionFile, dgw_cli_session_file_free)

/* NULL when there is none, or none of ours. */
DgwSession *dgw_cli_session_file_load (DgwCliSessionFile *self) G_GNUC_WARN_UNUSED_RESULT;

/* Notes the session as of an event that was handed on. It is written at most
 * once a second, by dgw_cli_session_file_save_if_due() or a timer. */
void dgw_cli_session_file_note (DgwCliSessionFile *self,
                                DgwSession        *session,
                                gint64             sequence);
void dgw_cli_session_file_save_if_due (DgwCliSessionFile *self);
void dgw_cli_session_file_save (DgwCliSessionFile *self);

/* The session has ended for good. */
void dgw_cli_session_file_remove (DgwCliSessionFile *self);

G_END_DECLS
