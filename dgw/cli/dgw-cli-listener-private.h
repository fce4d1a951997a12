/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>

#include "cli/dgw-cli-output-private.h"

G_BEGIN_DECLS

typedef struct
{
  const char  *command; /* for complaints */
  DgwCliFormat format;
  char       **events;       /* (nullable): only these are printed */
  gint64       count;        /* 0: no end */
  double       duration;     /* seconds, 0: no end */
  gboolean     lifecycle;    /* lines about the connection among the events */
  const char  *session_path; /* (nullable) */
  const char  *session_owner;
  int          stop_fd; /* from dgw_cli_catch_signals() */
} DgwCliListenerOptions;

/* Opens the gateway and prints what comes until one of the ends; returns the
 * exit status. With a manager, opens its shards instead, each set up as the
 * gateway is. */
int dgw_cli_listener_run (DgwGateway                  *gateway,
                          DgwShardManager             *manager,
                          const DgwCliListenerOptions *options);

G_END_DECLS
