/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-list-chain-private.h"

static GListModel *
make_chain (const guint *sizes,
            guint        n_sizes)
{
  GPtrArray *lists = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_sizes; i++)
    {
      GListStore *store = g_list_store_new (G_TYPE_CANCELLABLE);

      for (guint j = 0; j < sizes[i]; j++)
        {
          g_autoptr (GCancellable) item = g_cancellable_new ();

          g_list_store_append (store, item);
        }
      g_ptr_array_add (lists, store);
    }

  return G_LIST_MODEL (dgw_list_chain_new (G_TYPE_CANCELLABLE, lists));
}

static void
test_items (void)
{
  const guint sizes[] = {0, 3, 0, 0, 1, 1000, 0, 2, 0};
  GListModel *chain = make_chain (sizes, G_N_ELEMENTS (sizes));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  g_test_summary ("GM-07: every item of every list once, empty lists too");
  g_assert_cmpuint (g_list_model_get_n_items (chain), ==, 1006);
  g_assert_true (g_list_model_get_item_type (chain) == G_TYPE_CANCELLABLE);
  for (guint i = 0; i < 1006; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (chain, i);
      g_autoptr (GObject) again = g_list_model_get_item (chain, i);

      g_assert_true (item == again);
      g_assert_true (g_hash_table_add (seen, item));
    }
  g_assert_null (g_list_model_get_item (chain, 1006));
  g_assert_null (g_list_model_get_item (chain, G_MAXUINT));
  g_assert_finalize_object (chain);
}

static void
test_empty (void)
{
  const guint sizes[] = {0, 0};
  GListModel *none = make_chain (NULL, 0);
  GListModel *empty = make_chain (sizes, 2);

  g_test_summary ("No list, and empty ones");
  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
  g_assert_null (g_list_model_get_item (none, 0));
  g_assert_cmpuint (g_list_model_get_n_items (empty), ==, 0);
  g_assert_null (g_list_model_get_item (empty, 0));
  g_assert_finalize_object (none);
  g_assert_finalize_object (empty);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/values/list-chain/items", test_items);
  g_test_add_func ("/dgw/values/list-chain/empty", test_empty);

  return g_test_run ();
}
