/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw.h>

#include "fake-link.h"

G_BEGIN_DECLS

/* What one call came to. */
typedef struct
{
  guint       n_done;
  gboolean    succeeded;
  DgwSession *session;
  GError     *error;
} Outcome;

void outcome_clear (Outcome *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* For Outcomes. */
void opened_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data);
void closed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data);
void closed_with_code_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data);
void suspended_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data);
/* A handler that must not be called. */
G_NORETURN void fail_cb (DgwGateway *gateway,
                         gpointer    argument,
                         gpointer    user_data);

/* All that is due. */
void iterate (void);

/* With a token and an address. */
DgwGateway *make_gateway (void);
DgwGateway *make_ready_gateway (void);
/* Takes the gateway, the last one. */
void assert_gone (DgwGateway *gateway);

/* What the link tells. */
void play_ready (void);
void play_stopped (void);

G_END_DECLS
