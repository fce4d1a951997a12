/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-list-chain-private.h"

struct _DgwListChain
{
  GObject parent_instance;

  GType      item_type;
  GPtrArray *lists; /* of GListModel */
  guint     *ends;  /* for each list: the position after its last item */
};

static void dgw_list_chain_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DgwListChain, dgw_list_chain, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, dgw_list_chain_iface_init))

static void
dgw_list_chain_finalize (GObject *object)
{
  DgwListChain *self = DGW_LIST_CHAIN (object);

  g_ptr_array_unref (self->lists);
  g_free (self->ends);

  G_OBJECT_CLASS (dgw_list_chain_parent_class)->finalize (object);
}

static GType
dgw_list_chain_get_item_type (GListModel *model)
{
  return DGW_LIST_CHAIN (model)->item_type;
}

static guint
dgw_list_chain_get_n_items (GListModel *model)
{
  DgwListChain *self = DGW_LIST_CHAIN (model);

  return self->lists->len > 0 ? self->ends[self->lists->len - 1] : 0;
}

/* The first list that ends after the position. */
static guint
find_list (DgwListChain *self,
           guint         position)
{
  guint low = 0;
  guint high = self->lists->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (self->ends[middle] <= position)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static gpointer
dgw_list_chain_get_item (GListModel *model,
                         guint       position)
{
  DgwListChain *self = DGW_LIST_CHAIN (model);
  guint         index = find_list (self, position);
  guint         start = index > 0 ? self->ends[index - 1] : 0;

  if (index == self->lists->len)
    return NULL;

  return g_list_model_get_item (g_ptr_array_index (self->lists, index), position - start);
}

static void
dgw_list_chain_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = dgw_list_chain_get_item_type;
  iface->get_n_items = dgw_list_chain_get_n_items;
  iface->get_item = dgw_list_chain_get_item;
}

static void
dgw_list_chain_class_init (DgwListChainClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dgw_list_chain_finalize;
}

static void
dgw_list_chain_init (DgwListChain *self)
{
}

DgwListChain *
dgw_list_chain_new (GType      item_type,
                    GPtrArray *lists)
{
  DgwListChain *self = g_object_new (DGW_TYPE_LIST_CHAIN, NULL);
  guint         end = 0;

  self->item_type = item_type;
  self->lists = lists;
  self->ends = g_new (guint, lists->len);
  for (guint i = 0; i < lists->len; i++)
    self->ends[i] = end += g_list_model_get_n_items (g_ptr_array_index (lists, i));

  return self;
}
