/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives a fuzz target every file of the folders named on the command line, so
 * that what fuzzing once found stays found in every build. */
#include "config.h"

#include "fuzz.h"

#include <gio/gio.h>

static void
run_file (gconstpointer data)
{
  g_autofree char    *contents = NULL;
  g_autofree uint8_t *exact = NULL;
  gsize               length = 0;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (data, &contents, &length, &error);
  g_assert_no_error (error);
  /* A copy of the exact size, so that reading past the end is noticed. */
  exact = g_memdup2 (contents, length);
  LLVMFuzzerTestOneInput (exact, length);
}

static void
run_empty (void)
{
  LLVMFuzzerTestOneInput ((const uint8_t *)"", 0);
}

static void
add_folder (const char *folder)
{
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;

  while (files && (name = g_dir_read_name (files)))
    {
      g_autofree char *test = g_strconcat ("/dgw/fuzz/", name, NULL);

      g_test_add_data_func_full (test, g_build_filename (folder, name, NULL), run_file, g_free);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LLVMFuzzerInitialize (&argc, &argv);
  g_test_add_func ("/dgw/fuzz/empty", run_empty);
  for (int i = 1; i < argc; i++)
    add_folder (argv[i]);

  return g_test_run ();
}
