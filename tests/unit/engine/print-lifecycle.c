/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-engine-table-private.h"

/* Prints the diagram that doc/lifecycle.md embeds. */
int
main (void)
{
  g_autofree char *text = dgw_engine_table_to_mermaid ();

  g_print ("%s", text);

  return 0;
}
