/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>

G_BEGIN_DECLS

/* The lines on stdout: JSON for programs, or coloured text for people. */
typedef struct _DgwCliOutput DgwCliOutput;

typedef enum
{
  DGW_CLI_FORMAT_AUTO, /* PRETTY on a terminal, else JSON */
  DGW_CLI_FORMAT_JSON,
  DGW_CLI_FORMAT_PRETTY,
} DgwCliFormat;

/* While the reader of stdout does not read, a line waits for it, and for
 * stop_fd: some time after that is readable, or when the reader has gone, the
 * output is over and no line is taken any more. */
DgwCliOutput *dgw_cli_output_new (DgwCliFormat format,
                                  int          stop_fd) G_GNUC_WARN_UNUSED_RESULT;
void          dgw_cli_output_free (DgwCliOutput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwCliOutput, dgw_cli_output_free)

/* Runs about once a second while a line waits. */
void dgw_cli_output_set_waiting_func (DgwCliOutput *self,
                                      void (*waiting) (gpointer user_data),
                                      gpointer user_data);
/* From now on a reader that does not read is waited for only briefly. */
void     dgw_cli_output_end_soon (DgwCliOutput *self);
gboolean dgw_cli_output_is_pretty (DgwCliOutput *self);
gboolean dgw_cli_output_is_over (DgwCliOutput *self);

/* Why it is over, if that is a failure: a full disk, not a reader that went
 * away, nor one that did not read in time. */
const char *dgw_cli_output_get_failure (DgwCliOutput *self);

/* FALSE when the line was not written as a whole: then the output is over. */
gboolean dgw_cli_output_event (DgwCliOutput *self,
                               DgwEvent     *event);
/* members: a dictionary a{sv}, taken when floating. */
gboolean dgw_cli_output_lifecycle (DgwCliOutput *self,
                                   const char   *kind,
                                   GVariant     *members);

G_END_DECLS
