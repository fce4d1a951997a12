/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

/* What runs a fuzz target where there is no libFuzzer: every file of the
 * folders given, then mutations of them, for DGW_FUZZ_SECONDS. The same mutations
 * in every run, so that a failure comes again. */

#define N_MUTATIONS     500 /* at least */
#define DEFAULT_SECONDS "5"
#define MAX_SIZE        16384

static GPtrArray  *inputs;
static GByteArray *current;
static char       *failure_path;
static char       *seconds;
static guint64     n_executions;

/* Written where the test runs, as a failure's first clue. */
static void
dump_current_cb (int signal_number)
{
  signal (signal_number, SIG_DFL);
  g_file_set_contents (failure_path, (const char *)current->data, current->len, NULL);
  raise (signal_number);
}

static void
run_current (void)
{
  /* Exactly as long as the input, so that a read past its end is seen. */
  g_autofree guint8 *copy = g_memdup2 (current->data, current->len);

  LLVMFuzzerTestOneInput (copy, current->len);
  n_executions++;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
load_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      char            *data;
      gsize            size;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        continue;
      g_assert_true (g_file_get_contents (path, &data, &size, NULL));
      g_ptr_array_add (inputs, g_byte_array_new_take ((guint8 *)data, size));
    }
}

static guint
pick (GRand *rand,
      guint  below)
{
  return below > 0 ? (guint)g_rand_int_range (rand, 0, (gint32)below) : 0;
}

static void
insert_bytes (guint         at,
              const guint8 *bytes,
              guint         size)
{
  guint tail = current->len - at;

  g_byte_array_set_size (current, current->len + size);
  memmove (current->data + at + size, current->data + at, tail);
  memcpy (current->data + at, bytes, size);
}

static void
insert_token (GRand *rand)
{
  static const struct
  {
    const char *bytes;
    guint       size;
  } tokens[] = {
#define TOKEN(text) {text, sizeof text - 1}
    TOKEN ("\\u0000"),
    TOKEN ("\\ud83d"),
    TOKEN ("\\ude00"),
    TOKEN ("\""),
    TOKEN ("\\"),
    TOKEN ("{"),
    TOKEN ("}"),
    TOKEN ("[["),
    TOKEN ("null"),
    TOKEN ("\"op\":"),
    TOKEN ("\"s\":"),
    TOKEN ("\"t\":"),
    TOKEN ("\"d\":"),
    TOKEN ("18446744073709551616"),
    TOKEN ("-1e999"),
    TOKEN ("\xf0\x9f\x98\x80"),
    TOKEN ("\xed\xa0\x80"),
    TOKEN ("\x00"),
    TOKEN ("\x00\x00\xff\xff"),
    TOKEN ("\x28\xb5\x2f\xfd"),
#undef TOKEN
  };
  guint i = pick (rand, G_N_ELEMENTS (tokens));

  insert_bytes (pick (rand, current->len + 1), (const guint8 *)tokens[i].bytes, tokens[i].size);
}

static void
insert_other (GRand *rand)
{
  const GByteArray *other = inputs->pdata[pick (rand, inputs->len)];
  guint             start = pick (rand, other->len);
  guint             size = pick (rand, MIN (other->len - start, 256) + 1);

  insert_bytes (pick (rand, current->len + 1), other->data + start, size);
}

static void
mutate (GRand *rand)
{
  guint at = pick (rand, current->len);

  switch (pick (rand, 6))
    {
    case 0:
      if (current->len > 0)
        current->data[at] ^= (guint8)(1 << pick (rand, 8));
      break;
    case 1:
      if (current->len > 0)
        current->data[at] = (guint8)pick (rand, 256);
      break;
    case 2:
      if (current->len > 0)
        g_byte_array_remove_range (current, at, 1 + pick (rand, MIN (current->len - at, 32)));
      break;
    case 3:
      g_byte_array_set_size (current, at);
      break;
    case 4:
      insert_token (rand);
      break;
    default:
      insert_other (rand);
      break;
    }
}

static void
test_corpus (void)
{
  for (guint i = 0; i < inputs->len; i++)
    {
      const GByteArray *input = inputs->pdata[i];

      g_byte_array_set_size (current, 0);
      g_byte_array_append (current, input->data, input->len);
      run_current ();
    }
}

static void
test_mutations (void)
{
  gint64 end_us = g_get_monotonic_time () + g_ascii_strtoll (seconds, NULL, 10) * G_USEC_PER_SEC;
  GRand *rand = g_rand_new_with_seed (20260227);

  for (guint i = 0; i < N_MUTATIONS || g_get_monotonic_time () < end_us; i++)
    {
      const GByteArray *input = inputs->pdata[pick (rand, inputs->len)];
      guint             n_changes = 1 + pick (rand, 6);

      g_byte_array_set_size (current, 0);
      g_byte_array_append (current, input->data, input->len);
      for (guint change = 0; change < n_changes; change++)
        mutate (rand);
      g_byte_array_set_size (current, MIN (current->len, MAX_SIZE));
      run_current ();
    }
  g_rand_free (rand);
}

/* How the failure is looked into, once more and alone. */
static int
replay (const char *path)
{
  char *data;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  g_byte_array_append (current, (const guint8 *)data, (guint)size);
  g_free (data);
  run_current ();

  return 0;
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_get_current_dir ();
  g_autofree char *name = g_path_get_basename (argv[0]);
  g_autofree char *file = g_strconcat (name, "-failure.bin", NULL);
  int              status;

  g_test_init (&argc, &argv, NULL);
  seconds = g_strdup (g_getenv ("DGW_FUZZ_SECONDS"));
  seconds = seconds != NULL ? seconds : g_strdup (DEFAULT_SECONDS);
  failure_path = g_build_filename (folder, file, NULL);
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify)g_byte_array_unref);
  current = g_byte_array_new ();
  if (argc == 2 && g_file_test (argv[1], G_FILE_TEST_IS_REGULAR))
    {
      LLVMFuzzerInitialize (&argc, &argv);
      return replay (argv[1]);
    }

  for (int i = 1; i < argc; i++)
    load_folder (argv[i]);
  g_assert_cmpuint (inputs->len, >, 0);
  LLVMFuzzerInitialize (&argc, &argv);
  signal (SIGABRT, dump_current_cb);
  signal (SIGTRAP, dump_current_cb);
  signal (SIGSEGV, dump_current_cb);

  g_test_add_func ("/dgw/fuzz/corpus", test_corpus);
  g_test_add_func ("/dgw/fuzz/mutations", test_mutations);
  status = g_test_run ();
  g_print ("# counted: %" G_GUINT64_FORMAT " fuzz executions\n", n_executions);

  g_ptr_array_unref (inputs);
  g_byte_array_unref (current);
  g_free (failure_path);
  g_free (seconds);

  return status;
}
