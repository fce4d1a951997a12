/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  DGW_TESTING_STEP_SEND,
  DGW_TESTING_STEP_AWAIT,
  DGW_TESTING_STEP_WAIT,
  DGW_TESTING_STEP_OPENED,
  DGW_TESTING_STEP_REFUSED,
  DGW_TESTING_STEP_CLOSED,
  DGW_TESTING_STEP_ERROR,
  DGW_TESTING_STEP_ALIVE,
  DGW_TESTING_STEP_GARBAGE,
  DGW_TESTING_STEP_ANSWER,
} DgwTestingStepKind;

typedef struct
{
  DgwTestingStepKind kind;
  guint              line;
  char              *text;   /* payload, reason or body */
  JsonNode          *json;   /* of what is awaited */
  guint              number; /* close code or HTTP status, 0: none */
  gint64             time_us;
  gboolean           is_done; /* by the player: it came before its turn */
} DgwTestingStep;

GPtrArray *dgw_testing_script_parse (const char *text,
                                     gboolean   *acknowledges,
                                     GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
