/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>

G_BEGIN_DECLS

/* What `info` and `check` are told: where to ask, and how to answer. */
typedef struct
{
  char    *api_url;
  char    *ca_file;
  char    *env_token;
  gboolean json;
} DgwCliRemote;

void dgw_cli_remote_clear (DgwCliRemote *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DgwCliRemote, dgw_cli_remote_clear)

/* Parses the command's words and makes a gateway that is ready to open. NULL
 * after a line on stderr: a usage error. */
DgwGateway *dgw_cli_remote_parse (DgwCliRemote *self,
                                  const char   *command,
                                  const char   *summary,
                                  int           argc,
                                  char        **argv) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for an operation of the gateway on the default main context. */
DgwGatewayInfo *dgw_cli_remote_fetch_info (DgwGateway *gateway,
                                           GError    **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        dgw_cli_remote_open (DgwGateway *gateway,
                                     GError    **error);
void            dgw_cli_remote_close (DgwGateway *gateway);

G_END_DECLS
