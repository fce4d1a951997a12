/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an idle gateway holds: the growth of resident memory from the 10th to
 * the 100th gateway of a process, divided by 90. */
#include "config.h"

#include <dgw.h>
#include <stdio.h>
#include <unistd.h>

#define FIRST 10
#define LAST  100

static gint64
resident_bytes (void)
{
  g_autofree char *text = NULL;
  long             pages;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) || sscanf (text, "%*d %ld", &pages) != 1)
    g_error ("cannot read /proc/self/statm");
  return (gint64)pages * sysconf (_SC_PAGESIZE);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *opened = user_data;
  g_autoptr (GError) error = NULL;

  if (!dgw_gateway_open_finish (DGW_GATEWAY (source), result, &error))
    g_error ("%s", error->message);
  *opened = TRUE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GPtrArray) gateways = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 first = 0;

  if (argc != 2)
    g_error ("usage: bench-idle URL");

  for (guint i = 0; i < LAST; i++)
    {
      DgwGateway *gateway = dgw_gateway_new ("bench", DGW_INTENTS_NONE);
      gboolean    opened = FALSE;

      g_object_set (gateway, "url", argv[1], "compression", DGW_COMPRESSION_ZLIB_STREAM, NULL);
      g_ptr_array_add (gateways, gateway);
      dgw_gateway_open_async (gateway, NULL, opened_cb, &opened);
      while (!opened)
        g_main_context_iteration (NULL, TRUE);
      if (i + 1 == FIRST)
        first = resident_bytes ();
    }

  g_print ("%.1f\n", (double)(resident_bytes () - first) / (LAST - FIRST) / 1024);
  return 0;
}
