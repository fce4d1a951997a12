/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Made from dgw/schema/protocol.toml and events.toml by dgw/schema/generate.py: edit those instead. */
#include "config.h"

#include "dgw-protocol-table-private.h"

static const DgwCloseCodeInfo close_codes[] = {
  {DGW_CLOSE_CODE_TOO_LOUD, "too-loud", FALSE, FALSE, DGW_GATEWAY_ERROR_PROTOCOL},
};

static const DgwIntentName intent_names[] = {
  {"ROOMS",      DGW_INTENTS_ROOMS,      TRUE },
  {"WHISPERS",   DGW_INTENTS_WHISPERS,   TRUE },
  {"CHAMBERS",   DGW_INTENTS_ROOMS,      FALSE},
  {"NONE",       DGW_INTENTS_NONE,       FALSE},
  {"PRIVILEGED", DGW_INTENTS_PRIVILEGED, FALSE},
};

/* NULL for a code that the schema lacks. */
const DgwCloseCodeInfo *
dgw_close_code_info (guint code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (close_codes); i++)
    if (close_codes[i].code == code)
      return &close_codes[i];

  return NULL;
}

/* The canonical names come first, in the order of their bits. */
const DgwIntentName *
dgw_intent_names (gsize *n_names)
{
  *n_names = G_N_ELEMENTS (intent_names);

  return intent_names;
}
