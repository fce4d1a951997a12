/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw-testing.h>
#include <dgw.h>

G_BEGIN_DECLS

/* Waits for what handlers bring about; the harness ends a test that waits in vain. */
#define WAIT_UNTIL(condition)                                                \
  G_STMT_START                                                               \
  {                                                                          \
    while (!(condition))                                                     \
      g_main_context_iteration (g_main_context_get_thread_default (), TRUE); \
  }                                                                          \
  G_STMT_END

/* What came of an operation. */
typedef struct
{
  gboolean      is_done;
  GAsyncResult *result;
} Outcome;

void outcome_clear (Outcome *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* A GAsyncReadyCallback for an Outcome. */
void outcome_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data);

/* What a gateway told, one line each: "event READY 1", "status ready",
 * "disconnected 4000 yes" and so on. */
typedef struct
{
  GString *text;
  guint    n_events;
} Record;

void record_start (Record     *self,
                   DgwGateway *gateway);
void record_clear (Record *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Record, record_clear)
gboolean record_has (Record     *self,
                     const char *line);

DgwTestingSimulator *start_simulator (void);
/* It may run in another thread's context by then: nothing is waited for. */
void stop_simulator (DgwTestingSimulator *simulator);

DgwGateway *make_gateway (DgwTestingSimulator *simulator);

void     open_gateway (DgwGateway *gateway);
void     close_gateway (DgwGateway *gateway);
GError  *fail_to_open (DgwGateway *gateway);
gboolean has_closed (DgwTestingSimulator *simulator,
                     guint                code);

G_END_DECLS
