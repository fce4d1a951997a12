/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Small private files: mode 0600, replaced as a whole, never through a symbolic
 * link, and read only when they are regular files of this user that nobody else
 * can write to. All of these block: they are for the worker for files. Errors are
 * G_FILE_ERROR. */

typedef enum
{
  DGW_STATE_FILE_NONE = 0,
  DGW_STATE_FILE_DURABLE = 1 << 0, /* there after a loss of power, too */
} DgwStateFileFlags;

/* Makes the folder and those above it, with mode 0700. */
gboolean dgw_state_file_make_folder (const char *path,
                                     GError    **error);
/* NULL without an error: there is no such file, or none to be trusted. */
char    *dgw_state_file_read (const char *path,
                              GError    **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean dgw_state_file_write (const char       *path,
                               const char       *text,
                               DgwStateFileFlags flags,
                               GError          **error);
/* TRUE also when there was none. */
gboolean dgw_state_file_remove (const char *path,
                                GError    **error);

/* Waits for nobody: -1 without an error while another process has the lock.
 * Closing the descriptor, or the end of the process, gives it back. */
int dgw_state_file_lock (const char *path,
                         GError    **error) G_GNUC_WARN_UNUSED_RESULT;

/* The name for a secret: 32 hexadecimal digits that do not lead back to it. */
char *dgw_state_file_hash (const char *secret) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
